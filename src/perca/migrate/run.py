"""Carrying a plan out, taking it back, and going on after a crash: one loop over steps, asked and seen in the journal.

Before each write the tenant is read again and the promise proved for the world in which this write is under way; if it no longer
holds, the run stops and says for whom. `asked` is on the disk before the request goes out, `seen` only after its effect was read
back. Every write can be repeated without harm, so a run that died anywhere goes on from its journal.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from perca.errors import BadInput, Refused
from perca.migrate.course import APPLY, ROLLBACK, Course
from perca.migrate.deeds import Deeds
from perca.migrate.directory import Directory
from perca.migrate.journal import Journal
from perca.migrate.plan import Plan
from perca.migrate.promise import Promise, is_proved
from perca.migrate.sighting import Canary, Sightings
from perca.migrate.steps import DeletePolicy, RemoveMembers, SetPolicy, SetStates, Step
from perca.model import Tenant
from perca.ports import Clock, Faults, NoFaults

SETTLING = 900.0
"""Seconds that per-user MFA gets to act, once it was read back, before what stood in for it is taken away."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a run ended: whether all its steps are done, how many of each kind, and what differs from the plan."""

    done: bool
    steps: dict[str, int]
    differences: tuple[str, ...]
    """People of the plan whose accounts are gone."""
    combinations: int
    """How many combinations were proved before writes, all states together."""
    evidence: tuple[str, ...]
    """Ids of the log rows in which the policy was seen to act."""


@dataclass
class Run:
    """One run of a plan against a tenant. `checked=False` is for tests of wrong orders alone: nothing is proved before writes."""

    plan: Plan
    before: Tenant
    directory: Directory
    journal: Journal
    clock: Clock
    canary: Canary
    faults: Faults = field(default_factory=NoFaults)
    progress: Callable[[str], None] = lambda line: None
    checked: bool = True
    between: Callable[[Step], Any] | None = None
    """Called, and awaited, after each step: where the prober looks."""
    soak: float | None = None
    """Seconds to wait after the policy was seen to act; None for the plan's."""

    async def apply(self, *, wave: int | None = None, steps: Sequence[Step] | None = None) -> Outcome:
        """Goes forward, up to and with the given wave; done only when the promise is proved at the end.

        Raises Refused when a need no longer holds or the plan was rolled back, NotAssessed when nobody can know.
        """
        if any(record.run == ROLLBACK for record in self.journal.records):
            raise Refused(
                "this plan is being, or was, rolled back",
                "`perca resume` finishes that; make a new plan to go on",
            )
        forward = list(steps if steps is not None else self.plan.steps())
        chosen = [step for step in forward if wave is None or step.wave is None or step.wave <= wave]
        self._begin(APPLY, waves=wave)
        return await self._walk(APPLY, chosen, everything=len(chosen) == len(forward))

    async def rollback(self, *, wave: int | None = None, steps: Sequence[Step] | None = None) -> Outcome:
        """Goes back over what was asked for: everything, or one wave."""
        back = list(steps if steps is not None else self._course.to_undo(None if wave is None else (wave,)))
        if not back:
            what = "of this plan" if wave is None else f"of wave {wave}"
            raise BadInput(f"nothing {what} was carried out", "there is nothing to take back")
        self._begin(ROLLBACK, waves=wave)
        return await self._walk(ROLLBACK, back, everything=True)

    async def resume(self) -> Outcome:
        """Goes on with whatever the journal says was under way."""
        began = self._course.began()
        if not began:
            raise BadInput("the journal says of no run that it began", "`perca apply` begins one")
        wave = began[-1].detail.get("waves")
        return await (self.rollback(wave=wave) if began[-1].run == ROLLBACK else self.apply(wave=wave))

    def _begin(self, run: str, waves: int | None) -> None:
        digest = self.plan.digest()
        if any(record.detail.get("plan") != digest for record in self._course.began()):
            raise BadInput("the journal belongs to another plan", "give each plan a journal of its own")
        self.journal.write(run, "began", plan=digest, tenant=self.plan.tenant_id, waves=waves)

    @property
    def _course(self) -> Course:
        return Course(self.plan, self.journal.records)

    @property
    def _promise(self) -> Promise:
        return Promise(self.plan, self.before, self.directory)

    @property
    def _deeds(self) -> Deeds:
        soak = self.plan.options.soak if self.soak is None else self.soak
        place = (self.plan, self.before, self.directory, self.clock)
        sightings = Sightings(*place, self.canary, self._course, soak)
        return Deeds(*place, self._course, sightings, self._rewrite)

    async def _walk(self, run: str, steps: Sequence[Step], everything: bool) -> Outcome:
        combinations = 0
        for step in steps:
            if step.id in self._course.seen(run):
                continue
            self.progress(step.id)
            self.faults.at(f"{step.kind}:before")
            combinations += await self._prove(run, step)
            again = step.id in self._course.asked(run)
            if not again:
                self.journal.write(run, "asked", step.id, **await self._deeds.note(step))
            self.faults.at(f"{step.kind}:asked")
            detail = await self._deeds.do(run, step, again)
            self.faults.at(f"{step.kind}:after")
            self.journal.write(run, "seen", step.id, **detail)
            self.faults.at(f"{step.kind}:seen")
            if self.between is not None:
                await self.between(step)
        if run == APPLY and everything and self.checked:
            combinations += await self._promise.at_the_end(await self._deeds.made())
        if everything:
            self.journal.write(run, "ended")
        return self._outcome(run, steps, everything, combinations)

    async def _prove(self, run: str, step: Step) -> int:
        """Proves that the step may be taken, where it needs that; returns how many combinations were proved."""
        if run == ROLLBACK:
            await self._settle(step)
        if not (self.checked and is_proved(run, step)):
            return 0
        return await self._promise.keep(run, step, self._course, await self._deeds.made())

    async def _settle(self, step: Step) -> None:
        """Waits, before protection by the policy goes, until per-user MFA has been back for a while."""
        restored = self._course.restored_last()
        if restored is None or not isinstance(step.action, SetPolicy | DeletePolicy | RemoveMembers):
            return
        since = max(0.0, (self.clock.now() - restored).total_seconds())
        if since < SETTLING:
            await self.clock.sleep(SETTLING - since)

    async def _rewrite(self, run: str, step: Step) -> None:
        """Writes per-user states once more; a run that was away for days proves first that it still may."""
        assert isinstance(step.action, SetStates)
        await self._prove(run, step)
        await self.directory.set_per_user_states(step.action.states)

    def _outcome(self, run: str, steps: Sequence[Step], done: bool, combinations: int) -> Outcome:
        seen = self._course.seen(run)
        counts: dict[str, int] = {}
        for step in steps:
            counts[step.kind] = counts.get(step.kind, 0) + 1
        left = dict.fromkeys(name for detail in seen.values() for name in detail.get("left", ()))
        evidence = tuple(str(detail["row"]) for detail in seen.values() if "row" in detail)
        return Outcome(done, counts, tuple(map(_gone, left)), combinations, evidence)


def _gone(name: str) -> str:
    return f"{name}: is no longer in the tenant; should the account be restored, look at its per-user MFA"
