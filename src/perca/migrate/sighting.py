"""Seeing that the policy acts: a row of the sign-in log, newer than the change, in which it was enforced; then the soak.

Reading a setting back shows what was written, not what the sign-in service does. The row's id is the evidence, and stands in the journal.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from perca.errors import NotAssessed
from perca.migrate.course import APPLY, Course
from perca.migrate.directory import Account, Directory, SignInRow
from perca.migrate.plan import Plan
from perca.migrate.steps import Step
from perca.model import NotRead, PolicyId, Tenant, UserId
from perca.ports import Clock

PATIENCE = 3 * 86_400
"""Seconds after which a change that was asked for and isn't seen to act ends the run."""
READINGS = 4
"""Readings of the log that may fail in a row."""
ACTS = ("success", "failure")
"""Results of a policy that was enforced: what it asks for was met, or was asked for and not met (FACTS.md section 6.2)."""


class Canary(Protocol):
    """Whoever has a person sign in, so that the log can show what happened."""

    async def sign_in(self, person: UserId) -> None:
        """Has the person sign in once, or asks that somebody does; says nothing about how it ended."""
        ...


@dataclass(frozen=True, slots=True)
class Sightings:
    """Where and how a plan's policy is seen to act. `soak` are the seconds to wait after it was."""

    plan: Plan
    before: Tenant
    directory: Directory
    clock: Clock
    canary: Canary
    course: Course
    soak: float

    async def see(self, run: str, step: Step, policy: PolicyId) -> dict[str, object]:
        """Waits for the evidence, then soaks. NotAssessed when none comes, or the log can't be read."""
        person = await self.whose_sign_in(step.wave or 1)
        since = self.course.asked_last(run, step.settles or (step.id,))
        waited, pause, failed = 0.0, 60.0, 0
        while True:
            await self.canary.sign_in(person)
            rows = await self.directory.sign_ins(since=since, people=[person])
            if isinstance(rows, NotRead):
                failed += 1
                if failed == READINGS:
                    raise self._unseen(person, rows.why, "the sign-in log must be readable")
            else:
                failed = 0
                row = _enforced(rows, policy, since)
                if row is not None:
                    await self.clock.sleep(self.soak)
                    return {"row": row.id, "rowAt": row.at.isoformat(), "person": person, "soak": self.soak}
            if waited >= PATIENCE:
                raise self._unseen(person, "no such sign-in in the log", "have them sign in")
            await self.clock.sleep(pause)
            waited += pause
            pause = min(pause * 2, 3600.0)

    async def whose_sign_in(self, wave: int) -> UserId:
        """The person of the wave whom we added last, and who can sign in: where they are in, so are those before them.

        Not somebody who was a member already: of them a sign-in shows nothing about the others. They count only where nobody else does.
        """
        noted = self.course.asked(APPLY).get(f"members:{wave}", {})
        already = frozenset(noted.get("already", ()))
        people = reversed(tuple(self.plan.waves[wave - 1]))
        for person in sorted(people, key=lambda each: each in already):
            account = (await self.directory.accounts([person])).get(person)
            if account not in (Account.BLOCKED, Account.GONE):
                return person
        raise NotAssessed(
            f"nobody of wave {wave} can sign in, so the policy can't be seen to act on it",
            "unblock one of its accounts, then `perca resume`; or `perca rollback`",
        )

    def _unseen(self, person: UserId, why: str, hint: str) -> NotAssessed:
        held = self.before.users.get(person)
        name = held.user_principal_name if held is not None else person
        return NotAssessed(
            f"the policy was not seen to act on `{name}`: {why}", f"{hint}, then `perca resume`"
        )


def _enforced(rows: Iterable[SignInRow], policy: PolicyId, since: datetime) -> SignInRow | None:
    """A row, newer than the moment, in which the policy was enforced."""
    return next((row for row in rows if row.at > since and row.applied.get(policy) in ACTS), None)
