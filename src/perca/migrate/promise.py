"""What must be true just before a step is taken: the tenant is read again, and the promise proved for the world in which the write is
under way.

Forward, nobody concerned may need less than in the snapshot, and the policy must mean what the plan says. On the way back the
measure is the tenant as it would be without us: what others have changed meanwhile can't keep a migration from being taken
back. Emergency accounts must get in; on the way back, no fewer of them than before the step. Somebody whose account is
certainly gone is owed nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from perca.errors import NotAssessed, Refused
from perca.migrate.change import world
from perca.migrate.course import APPLY, ROLLBACK, Course
from perca.migrate.current import Made, differing, read_current
from perca.migrate.directory import Account, Directory
from perca.migrate.guard import Refusal, refused
from perca.migrate.plan import Plan
from perca.migrate.safe import StateProof
from perca.migrate.steps import (
    POLICY,
    AddMembers,
    CheckPolicy,
    DeleteGroup,
    DeletePolicy,
    ReadStates,
    RemoveMembers,
    SetPolicy,
    SetStates,
    Step,
    change,
    the_policy,
)
from perca.migrate.verify import verify
from perca.model import NotRead, ObjectId, Tenant, UserId
from perca.prove import Proof, never_weaker


@dataclass(frozen=True, slots=True)
class Promise:
    """The promise of one plan about one tenant."""

    plan: Plan
    before: Tenant
    directory: Directory

    async def keep(self, run: str, step: Step, course: Course, made: Made) -> int:
        """Proves that the step may be taken; returns how many combinations were proved.

        Raises Refused with a person and a sign-in when it would break the promise, at the latest once all writes have arrived;
        NotAssessed when that hangs on what can't be read.
        """
        emergency = self.plan.options.emergency
        known = world(self.before, course.written_states())
        if run == ROLLBACK and isinstance(step.action, SetPolicy):
            await self._check_others(made)
        now = await read_current(self.directory, known, made, self._states_to_read(step), emergency)
        steps = [each for each in course.still_open(step) if not _waits_for_ids(each, made)]
        after = _opened(now, steps)
        reference = self.before if run == APPLY else self._without_us(now, course)
        proof = await self._proof(reference, after)
        if proof is not None and proof.holds is None:
            arrived = await self._proof(reference, _opened(now, steps, settled=True))
            proof = arrived if arrived is not None and arrived.holds is False else proof
        locked_out = refused(after, emergency)
        if run == ROLLBACK and locked_out:
            already = refused(_opened(now, [each for each in steps if each != step]), emergency)
            locked_out = {person: why for person, why in locked_out.items() if person not in already}
        self._check(run, step, proof, tuple(locked_out.values()))
        if run == APPLY and "check" in course.seen(APPLY):
            self._check_policy(step, now, made)
        return 0 if proof is None else proof.combinations

    async def at_the_end(self, made: Made) -> int:
        """Proves, once everything is written and seen, that the tenant is what the plan promised; returns how many combinations.

        Raises Refused when it isn't, NotAssessed when nobody can know.
        """
        emergency = self.plan.options.emergency
        people = [p for p in (*self.plan.concerned, *emergency) if p in self.before.users]
        now = await read_current(self.directory, self.before, made, people, emergency)
        found = verify(self.plan, self.before, now)
        gone = await departed(self.directory, found.doubted)
        if gone:
            users = {id: user for id, user in now.users.items() if id not in gone}
            found = verify(self.plan, self.before, replace(now, users=users))
        if found.holds is not True:
            message = f"everything is written, and yet: {found.differences[0]}"
            hint = "look at it with `perca verify`; then `perca resume`, or `perca rollback`"
            raise Refused(message, hint) if found.holds is False else NotAssessed(message, hint)
        return found.always.combinations + found.weaker.combinations

    def _states_to_read(self, step: Step) -> list[UserId]:
        match step.action:
            case SetStates(states):
                people: Collection[UserId] = (*states, *self.plan.options.emergency)
            case SetPolicy() | DeletePolicy() | DeleteGroup():
                people = (*self.plan.concerned, *self.plan.options.emergency)
            case RemoveMembers(members):
                people = (*members, *self.plan.options.emergency)
            case _:
                people = self.plan.options.emergency
        return [person for person in dict.fromkeys(people) if person in self.before.users]

    def _check_policy(self, step: Step, now: Tenant, made: Made) -> None:
        """Refused unless the policy means what the plan says: it will act on the people whom the step is about."""
        held = next((policy for policy in now.policies if policy.id == POLICY), None)
        if held is None or made.policy is None:
            raise Refused(
                f"step `{step.id}` is not taken: the plan's policy is gone",
                "`perca rollback` restores per-user MFA",
            )
        parts = differing(held, the_policy(self.plan.name, self.plan.options.emergency))
        if parts:
            raise Refused(
                f"step `{step.id}` is not taken: the policy was changed and isn't the plan's: {', '.join(parts)}",
                "change it back and `perca resume`; or `perca rollback`, and make a new plan",
            )

    async def _check_others(self, made: Made) -> None:
        """Refused while the group holds somebody whom the plan didn't put there: the policy may be all that they have."""
        members = NotRead("no group") if made.group is None else await self.directory.members(made.group)
        if isinstance(members, NotRead):
            return
        ours = frozenset(map(ObjectId, (*self.plan.moved, *self.plan.options.emergency)))
        others = [UserId(each) for each in sorted(members - ours)]
        if others:
            held = self.before.users.get(others[0])
            name = others[0] if held is None else held.user_principal_name
            more = f" and {len(others) - 1} more" if len(others) > 1 else ""
            raise Refused(
                f"step `off` is not taken: `{name}`{more} in the group came by others, and would lose MFA with the policy",
                "take them out of the group, protected otherwise where they need it, then `perca resume`",
            )

    def _without_us(self, now: Tenant, course: Course) -> Tenant:
        """The tenant as it would be had we done nothing: without our policy, and those whose state we wrote as they were.

        The group stays: a policy of somebody else's may have come to rely on it, and then it isn't ours to empty.
        """
        users = dict(now.users)
        for number, wave in enumerate(self.plan.waves, start=1):
            if f"disable:{number}" in course.asked(APPLY):
                for person, state in wave.items():
                    if person in users:
                        users[person] = replace(users[person], per_user_mfa=state)
        return replace(
            now,
            users=users,
            policies=tuple(policy for policy in now.policies if policy.id != POLICY),
        )

    async def _proof(self, reference: Tenant, after: Tenant) -> Proof | None:
        """The proof about everybody concerned who is still there; None where that is nobody."""
        people = [p for p in self.plan.concerned if p in reference.users and p in after.users]
        if not people:
            return None
        proof = never_weaker(reference, after, people)
        doubted = (*proof.failing_people, *proof.unassessed_people)
        gone = await departed(self.directory, doubted)
        if not gone:
            return proof
        people = [person for person in people if person not in gone]
        return never_weaker(reference, after, people) if people else None

    def _check(self, run: str, step: Step, proof: Proof | None, locked_out: Sequence[Refusal]) -> None:
        """Refused for what is certain, NotAssessed for what nobody knows; what is certain is told first."""
        weaker = proof is not None and proof.holds is False
        told = [(each.certain, f"after step `{step.id}`: {each.words}") for each in locked_out]
        if proof is not None and proof.holds is not True:
            words = StateProof(step.id, (), proof, ()).words(self.before) + _witness_words(proof)
            told.append((weaker, words))
        if not told:
            return
        certain, message = max(told, key=lambda each: each[0])
        message = f"step `{step.id}` is not taken: {message}"
        if not certain:
            back = "" if run == ROLLBACK else "; or `perca rollback`"
            raise NotAssessed(
                message, f"it hangs on what isn't known just now: `perca resume` tries again{back}"
            )
        raise Refused(
            message,
            "what stands in the way was changed by others: undo that, then `perca resume`"
            if run == ROLLBACK
            else "the tenant has changed since the plan was made; `perca rollback`, or a new plan",
        )


def is_proved(run: str, step: Step) -> bool:
    """Whether a step is taken only on a proof.

    Looking needs none. Nor does giving somebody the per-user state back that they had: whichever of the two they have meanwhile is
    what they have now, or what they had, so nobody is worse off than both; and this way out must be open whatever else is broken.
    """
    match step.action:
        case CheckPolicy() | ReadStates():
            return False
        case SetStates():
            return run == APPLY
        case _:
            return True


async def departed(directory: Directory, people: Sequence[UserId]) -> frozenset[UserId]:
    """Those of the people whose accounts are certainly gone."""
    accounts = await directory.accounts(people) if people else {}
    return frozenset(person for person, account in accounts.items() if account is Account.GONE)


def _opened(now: Tenant, steps: Sequence[Step], *, settled: bool = False) -> Tenant:
    """The tenant while these writes are under way; `settled` for the moment when all have arrived, which is sure to come."""
    made = [change(step.action) for step in steps]
    return world(now, [(each, settled) for each in made if each is not None])


def _waits_for_ids(step: Step, made: Made) -> bool:
    """Whether the step's change can't have begun, since what it changes isn't there."""
    match step.action:
        case AddMembers() | RemoveMembers():
            return made.group is None
        case SetPolicy() | DeletePolicy():
            return made.policy is None
        case _:
            return False


def _witness_words(proof: Proof) -> str:
    if not proof.witnesses:
        return ""
    witness = proof.witnesses[0].sign_in
    return f" (for example {witness.client}, resource {witness.app}, from {witness.address})"
