"""Carrying a plan out, taking it back, and going on after a crash: one loop over steps, asked and seen in the journal.

Before each write the tenant is read again and the promise proved for the world in which this write is under way; if it no longer
holds, the run stops and says for whom. `asked` is on the disk before the request goes out, `seen` only after its effect was read
back. Every write can be repeated without harm, so a run that died anywhere goes on from its journal.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from perca.errors import BadInput, NotAssessed, Refused, RemoteFailed
from perca.migrate.change import Change, StatesSet, world
from perca.migrate.current import Made, read_current, renamed, same_meaning
from perca.migrate.directory import Directory
from perca.migrate.guard import locked_out
from perca.migrate.journal import Journal
from perca.migrate.plan import Plan
from perca.migrate.safe import StateProof
from perca.migrate.steps import (
    GROUP,
    AddMembers,
    CheckPolicy,
    CreateGroup,
    CreatePolicy,
    DeleteGroup,
    DeletePolicy,
    ReadStates,
    RemoveMembers,
    SeePolicyAct,
    SetPolicy,
    SetStates,
    Step,
    change,
)
from perca.model import (
    ConditionalAccessPolicy,
    GroupId,
    NotRead,
    ObjectId,
    PerUserState,
    PolicyId,
    PolicyState,
    Tenant,
    UserId,
)
from perca.ports import Clock, Faults, NoFaults
from perca.prove import Proof, never_weaker
from perca.wire import emit_policy, parse_policy

APPLY = "apply"
ROLLBACK = "rollback"
PATIENCE = 3 * 86_400
"""Seconds after which a change that was asked for and isn't seen to act ends the run."""
TRIES = 4
GROUP_DESCRIPTION = "made by Perca: its members need MFA by the policy of the same name; nobody owns it"


class Canary(Protocol):
    """Whoever has a person sign in, so that the log can show what happened."""

    async def sign_in(self, person: UserId) -> None:
        """Has the person sign in once, or asks that somebody does; says nothing about how it ended."""
        ...


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a run ended: whether all its steps are done, how many of each kind, and what differs from the plan."""

    done: bool
    steps: dict[str, int]
    differences: tuple[str, ...]
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
        """Goes forward, up to and with the given wave. Raises Refused when a need no longer holds or it was rolled back."""
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
        only = None if wave is None else (wave,)
        asked = self._asked(APPLY)
        if not asked:
            raise BadInput("nothing of this plan was carried out", "there is nothing to take back")
        back = list(steps if steps is not None else _undone(self.plan.undo(only), asked))
        self._begin(ROLLBACK, waves=wave)
        return await self._walk(ROLLBACK, back, everything=True)

    async def resume(self) -> Outcome:
        """Goes on with whatever the journal says was under way."""
        began = [record for record in self.journal.records if record.event == "began"]
        if not began:
            raise BadInput("the journal says of no run that it began", "`perca apply` begins one")
        last = began[-1]
        waves = last.detail.get("waves")
        if last.run == ROLLBACK:
            return await self.rollback(wave=waves)
        return await self.apply(wave=waves)

    def _begin(self, run: str, waves: int | None) -> None:
        for record in self.journal.records:
            if record.event == "began" and record.detail.get("plan") != self.plan.digest():
                raise BadInput("the journal belongs to another plan", "give each plan a journal of its own")
        self.journal.write(run, "began", plan=self.plan.digest(), tenant=self.plan.tenant_id, waves=waves)

    def _asked(self, run: str) -> set[str]:
        return {
            record.step for record in self.journal.records if record.run == run and record.event == "asked"
        }

    def _seen(self, run: str) -> dict[str, Mapping[str, Any]]:
        records = self.journal.records
        return {
            record.step: record.detail for record in records if record.run == run and record.event == "seen"
        }

    async def _walk(self, run: str, steps: Sequence[Step], everything: bool) -> Outcome:
        combinations = 0
        for step in steps:
            if step.id in self._seen(run):
                continue
            self.progress(step.id)
            self.faults.at(f"{step.kind}:before")
            if self.checked and not isinstance(step.action, CheckPolicy | ReadStates):
                combinations += await self._prove(run, step)
            if step.id not in self._asked(run):
                self.journal.write(run, "asked", step.id)
            self.faults.at(f"{step.kind}:asked")
            detail = await self._do(run, step)
            self.faults.at(f"{step.kind}:after")
            self.journal.write(run, "seen", step.id, **detail)
            self.faults.at(f"{step.kind}:seen")
            if self.between is not None:
                await self.between(step)
        if everything:
            self.journal.write(run, "ended")
        return self._outcome(run, steps, everything, combinations)

    def _outcome(self, run: str, steps: Sequence[Step], done: bool, combinations: int) -> Outcome:
        seen = self._seen(run)
        counts: dict[str, int] = {}
        for step in steps:
            counts[step.kind] = counts.get(step.kind, 0) + 1
        differences = [line for detail in seen.values() for line in detail.get("differences", ())]
        evidence = [str(detail["row"]) for detail in seen.values() if "row" in detail]
        return Outcome(done, counts, tuple(differences), combinations, tuple(evidence))

    # What must still be true

    def _made(self) -> Made:
        details = self._seen(APPLY)
        group = details.get("group", {}).get("id")
        policy = details.get("policy", {}).get("id")
        return Made(None if group is None else GroupId(group), None if policy is None else PolicyId(policy))

    async def _prove(self, run: str, step: Step) -> int:
        """Proves the promise for the world in which this step's write is under way; returns the combinations proved."""
        made = await self._find_made()
        known = world(self.before, self._written_states())
        now = await read_current(self.directory, known, made, self._states_to_read(step))
        open_changes = [
            (each, False)
            for other in self._open(run, step)
            if (each := change(other.action)) is not None and not _waits_for_ids(other, made)
        ]
        after = world(now, open_changes)
        people = [person for person in self.plan.concerned if person in self.before.users]
        proof = never_weaker(self.before, after, people)
        state = StateProof(step.id, (), proof, locked_out(after, self.plan.options.emergency))
        if not state.holds:
            words = state.words(self.before)
            why = _witness_words(proof)
            message = f"step `{step.id}` is not taken: {words}{why}"
            if proof.holds is None and not state.locked_out:
                raise NotAssessed(
                    message, "what the plan needs can't be read just now; `perca resume` tries again"
                )
            raise Refused(
                message, "the tenant has changed since the plan was made; `perca rollback`, or a new plan"
            )
        return proof.combinations

    def _written_states(self) -> list[tuple[Change, bool]]:
        """The per-user states that were written and read back so far: what is known of people who aren't read again."""
        order = {
            record.step: place for place, record in enumerate(self.journal.records) if record.event == "seen"
        }
        steps = [*self.plan.steps(), *self.plan.undo()]
        done = sorted(
            (s for s in steps if isinstance(s.action, ReadStates) and s.id in order),
            key=lambda s: order[s.id],
        )
        return [(StatesSet(s.action.states), True) for s in done if isinstance(s.action, ReadStates)]

    def _states_to_read(self, step: Step) -> list[UserId]:
        people = self.plan.concerned
        if isinstance(step.action, SetStates):
            people = (*step.action.states, *self.plan.options.emergency)
        elif not isinstance(step.action, SetPolicy | DeletePolicy):
            people = self.plan.options.emergency
        return [person for person in dict.fromkeys(people) if person in self.before.users]

    def _open(self, run: str, step: Step) -> list[Step]:
        """The steps whose change may not have arrived yet, this one among them, in the order in which they were asked for."""
        undone = {
            settled
            for back in self.plan.undo()
            if back.id in self._seen(ROLLBACK)
            for settled in _undoes(back)
        }
        open_steps: list[Step] = []
        for name, steps in ((APPLY, self.plan.steps()), (ROLLBACK, self.plan.undo())):
            settled = {s for each in steps if each.id in self._seen(name) for s in each.settles}
            open_steps += [s for s in steps if s.id in self._asked(name) - settled - undone]
        return open_steps if step in open_steps else [*open_steps, step]

    async def _find_made(self) -> Made:
        """What the plan has made, found by name where a crash came between making it and writing its id down."""
        made = self._made()
        asked = self._asked(APPLY)
        group = made.group
        if group is None and "group" in asked:
            group = await self.directory.find_group(self.plan.nickname)
        policy = made.policy
        if policy is None and "policy" in asked:
            policy = await self._find_policy()
        return Made(group, policy)

    async def _find_policy(self) -> PolicyId | None:
        for each in await self.directory.policies():
            parsed = parse_policy(each)
            if parsed.display_name == self.plan.name:
                return parsed.id
        return None

    # Deeds: each can be repeated, and returns what was seen

    async def _do(self, run: str, step: Step) -> dict[str, object]:
        match step.action:
            case CreateGroup(name):
                found = await self.directory.find_group(self.plan.nickname)
                group = found or await self.directory.create_group(
                    name, self.plan.nickname, GROUP_DESCRIPTION
                )
                return {"id": group}
            case AddMembers(people):
                return await self._members(people, inside=True)
            case RemoveMembers(people):
                return await self._members(people, inside=False)
            case CreatePolicy(policy):
                return {"id": await self._find_policy() or await self._create_policy(policy)}
            case CheckPolicy(person):
                return await self._check_policy(person)
            case SetPolicy(state):
                return await self._set_policy(state)
            case SeePolicyAct(person):
                return await self._see_policy_act(run, step, person)
            case SetStates(states):
                failed = await self.directory.set_per_user_states(states)
                return {"failed": dict(failed)} if failed else {}
            case ReadStates(states):
                return await self._read_states(states)
            case DeletePolicy():
                made = await self._find_made()
                if made.policy is not None:
                    await self.directory.delete_policy(made.policy)
                return {}
            case DeleteGroup():
                made = await self._find_made()
                if made.group is not None:
                    await self.directory.delete_group(made.group)
                return {}

    async def _group(self) -> GroupId:
        made = await self._find_made()
        if made.group is None:
            raise Refused("the plan's group is gone", "`perca rollback` restores per-user MFA")
        return made.group

    async def _policy(self) -> PolicyId:
        made = await self._find_made()
        if made.policy is None:
            raise Refused("the plan's policy is gone", "`perca rollback` restores per-user MFA")
        return made.policy

    async def _members(self, people: tuple[UserId, ...], inside: bool) -> dict[str, object]:
        group = await self._group()
        if inside:
            await self.directory.add_members(group, people)
        else:
            await self.directory.remove_members(group, people)
        for _ in range(TRIES):
            members = await self.directory.members(group)
            if not isinstance(members, NotRead) and all((ObjectId(p) in members) is inside for p in people):
                return {"people": len(people)}
            await self.clock.sleep(30)
        raise NotAssessed(
            "the group's members can't be read back as they were written", "`perca resume` tries again"
        )

    async def _create_policy(self, planned: ConditionalAccessPolicy) -> PolicyId:
        policy = renamed(planned, GROUP, await self._group())
        body = {key: value for key, value in emit_policy(policy).items() if key != "id"}
        return await self.directory.create_policy(body)

    async def _check_policy(self, person: UserId) -> dict[str, object]:
        group, policy = await self._group(), await self._policy()
        read = await self.directory.policy(policy)
        planned = next(s.action.policy for s in self.plan.steps() if isinstance(s.action, CreatePolicy))
        if read is None or not same_meaning(parse_policy(read), renamed(planned, GROUP, group)):
            raise Refused(
                "the policy that the tenant holds doesn't mean what the plan says",
                "`perca rollback` deletes it",
            )
        for _ in range(TRIES):
            try:
                answers = await self.directory.what_if(_question(person))
            except (NotAssessed, RemoteFailed) as refused:
                return {"whatIf": f"not asked: {refused.message}"}
            if any(
                str(each.get("id", "")).casefold() == policy and each.get("policyApplies") for each in answers
            ):
                return {"whatIf": "applies"}
            await self.clock.sleep(300)
        raise Refused(
            "What-If says that the policy wouldn't apply to a member of the group",
            "`perca rollback` deletes it",
        )

    async def _set_policy(self, state: PolicyState) -> dict[str, object]:
        made = await self._find_made()
        if made.policy is None:
            if state is PolicyState.ENABLED:
                raise Refused("the plan's policy is gone", "`perca rollback` restores per-user MFA")
            return {}
        await self.directory.set_policy_state(made.policy, state)
        for _ in range(TRIES):
            read = await self.directory.policy(made.policy)
            if read is not None and parse_policy(read).state is state:
                return {"state": str(state)}
            await self.clock.sleep(30)
        raise NotAssessed(
            "the policy's state can't be read back as it was written", "`perca resume` tries again"
        )

    async def _see_policy_act(self, run: str, step: Step, person: UserId) -> dict[str, object]:
        policy = await self._policy()
        since = max(
            datetime.fromisoformat(record.at)
            for record in self.journal.records
            if record.run == run and record.event == "asked" and record.step in (step.settles or (step.id,))
        )
        waited = 0.0
        pause = 60.0
        while True:
            await self.canary.sign_in(person)
            rows = await self.directory.sign_ins(since=since, people=[person])
            for row in [] if isinstance(rows, NotRead) else rows:
                if row.at > since and row.applied.get(policy) in ("success", "failure"):
                    await self.clock.sleep(self.plan.options.soak if self.soak is None else self.soak)
                    return {"row": row.id, "rowAt": row.at.isoformat()}
            if waited >= PATIENCE:
                why = rows.why if isinstance(rows, NotRead) else "no such sign-in in the log"
                raise NotAssessed(
                    f"the policy was not seen to act: {why}", "have a member sign in, then `perca resume`"
                )
            await self.clock.sleep(pause)
            waited += pause
            pause = min(pause * 2, 3600.0)

    async def _read_states(self, states: Mapping[UserId, PerUserState]) -> dict[str, object]:
        left: Mapping[UserId, PerUserState] = states
        read: Mapping[UserId, PerUserState | NotRead] = {}
        for attempt in range(TRIES):
            read = await self.directory.per_user_states(list(left))
            left = {p: s for p, s in left.items() if not _as_written(read.get(p, NotRead("no answer")), s)}
            if not left:
                return {"people": len(states)}
            if attempt < TRIES - 1:
                await self.clock.sleep(30 * 2**attempt)
                await self.directory.set_per_user_states(left)
        person = next(iter(left))
        name = self.before.users[person].user_principal_name if person in self.before.users else person
        raise NotAssessed(
            f"the per-user MFA state of `{name}` and {len(left) - 1} others is {read.get(person)}, not {left[person]}",
            "`perca resume` tries again",
        )


def _as_written(read: PerUserState | NotRead, written: PerUserState) -> bool:
    """Whether a state reads as it was written; the service makes `enforced` of `enabled` for somebody registered."""
    return read == written or (written is PerUserState.ENABLED and read is PerUserState.ENFORCED)


def _question(person: UserId) -> dict[str, Any]:
    return {
        "signInIdentity": {"@odata.type": "#microsoft.graph.userSignIn", "userId": person},
        "signInContext": {
            "@odata.type": "#microsoft.graph.applicationContext",
            "includeApplications": ["00000002-0000-0ff1-ce00-000000000000"],
        },
        "signInConditions": {"clientAppType": "browser", "devicePlatform": "windows"},
    }


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


def _waits_for_ids(step: Step, made: Made) -> bool:
    """Whether the step's change can't have begun, since what it changes isn't there."""
    match step.action:
        case AddMembers() | RemoveMembers():
            return made.group is None
        case SetPolicy() | DeletePolicy():
            return made.policy is None
        case _:
            return False


def _undone(back: Iterable[Step], asked: set[str]) -> list[Step]:
    """The steps back that have something to take back, given the steps that were asked for."""
    kept = []
    for step in back:
        match step.action:
            case SetStates() | ReadStates():
                needed = f"disable:{step.wave}" in asked
            case RemoveMembers():
                needed = f"members:{step.wave}" in asked
            case SetPolicy():
                needed = "on" in asked
            case DeletePolicy():
                needed = "policy" in asked
            case _:
                needed = "group" in asked
        if needed:
            kept.append(step)
    return kept


def _witness_words(proof: Proof) -> str:
    if not proof.witnesses:
        return ""
    witness = proof.witnesses[0].sign_in
    return f" (for example {witness.client}, resource {witness.app}, from {witness.address})"
