"""How far a plan has come, as its journal says: what was asked and seen, what was made, what may still be settling.

Pure: records in, answers out. `asked` without `seen` is a write of which nobody knows whether it arrived.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from perca.migrate.change import Change, StatesSet
from perca.migrate.current import Made
from perca.migrate.journal import Record
from perca.migrate.plan import Plan
from perca.migrate.steps import (
    DeleteGroup,
    DeletePolicy,
    ReadStates,
    RemoveMembers,
    SetPolicy,
    SetStates,
    Step,
)
from perca.model import GroupId, PolicyId

APPLY = "apply"
ROLLBACK = "rollback"


@dataclass(frozen=True, slots=True)
class Course:
    """A plan and the records of its journal; those may grow."""

    plan: Plan
    records: Sequence[Record]

    def asked(self, run: str) -> dict[str, Mapping[str, Any]]:
        """What was noted down of each step of such a run when it was asked for, first to last."""
        return self._details(run, "asked")

    def seen(self, run: str) -> dict[str, Mapping[str, Any]]:
        """What was seen of each step of such a run, first to last."""
        return self._details(run, "seen")

    def _details(self, run: str, event: str) -> dict[str, Mapping[str, Any]]:
        return {r.step: r.detail for r in self.records if r.run == run and r.event == event}

    def began(self) -> list[Record]:
        """Where each run of the plan began."""
        return [record for record in self.records if record.event == "began"]

    def made(self) -> Made:
        """The ids of what was made, as far as they were written down."""
        seen = self.seen(APPLY)
        group, policy = seen.get("group", {}).get("id"), seen.get("policy", {}).get("id")
        return Made(None if group is None else GroupId(group), None if policy is None else PolicyId(policy))

    def asked_last(self, run: str, steps: Iterable[str]) -> datetime:
        """When the last of these steps was asked for."""
        wanted = frozenset(steps)
        asked = (r for r in self.records if r.run == run and r.event == "asked" and r.step in wanted)
        return max(datetime.fromisoformat(record.at) for record in asked)

    def restored_last(self) -> datetime | None:
        """When per-user MFA was last seen to be back."""
        restored = {step.id for step in self.plan.undo() if isinstance(step.action, ReadStates)}
        seen = (r for r in self.records if r.run == ROLLBACK and r.event == "seen" and r.step in restored)
        return max((datetime.fromisoformat(record.at) for record in seen), default=None)

    def written_states(self) -> list[tuple[Change, bool]]:
        """The per-user states that were written and read back so far: what is known of people who aren't read again."""
        read = {s.id: s.action for s in (*self.plan.steps(), *self.plan.undo())}
        seen = [r.step for r in self.records if r.event == "seen"]
        actions = [read[step] for step in seen if step in read]
        return [(StatesSet(action.states), True) for action in actions if isinstance(action, ReadStates)]

    def still_open(self, step: Step) -> list[Step]:
        """The steps whose change may not have arrived yet, in the order in which they were asked for; `step` among them."""
        seen_back = self.seen(ROLLBACK)
        undone = {each for back in self.plan.undo() if back.id in seen_back for each in _undoes(back)}
        found: list[Step] = []
        for run, steps in ((APPLY, self.plan.steps()), (ROLLBACK, self.plan.undo())):
            seen, asked = self.seen(run), self.asked(run)
            settled = {s for each in steps if each.id in seen for s in each.settles}
            found += [s for s in steps if s.id in asked and s.id not in settled | undone]
        return found if step in found else [*found, step]

    def to_undo(self, only: tuple[int, ...] | None = None) -> list[Step]:
        """The steps back that have something to take back, given what was asked for."""
        asked = self.asked(APPLY)
        return [step for step in self.plan.undo(only) if _answers_to(step) in asked]


def _undoes(back: Step) -> tuple[str, ...]:
    """The forward steps whose change is gone for certain once this step back is seen."""
    match back.action:
        case ReadStates():
            return (f"disable:{back.wave}",)
        case DeletePolicy():
            return ("policy", "on")
        case DeleteGroup():
            return ("group",)
        case _:
            return ()


def _answers_to(back: Step) -> str:
    """The forward step that this step back is there for."""
    match back.action:
        case SetStates() | ReadStates():
            return f"disable:{back.wave}"
        case RemoveMembers():
            return f"members:{back.wave}"
        case SetPolicy():
            return "on"
        case DeletePolicy():
            return "policy"
        case _:
            return "group"
