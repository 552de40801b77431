"""Carrying single steps out, and seeing their effect: each deed can be repeated without harm, and returns what was seen.

What a deed returns stands in the journal. Nothing here decides whether a step may be taken: that is `promise`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from perca.errors import NotAssessed, Refused, RemoteFailed
from perca.migrate.course import APPLY, Course
from perca.migrate.current import Made, renamed, same_meaning
from perca.migrate.directory import Directory
from perca.migrate.plan import Plan
from perca.migrate.promise import departed
from perca.migrate.sighting import Sightings
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
from perca.ports import Clock
from perca.wire import emit_policy, parse_policy

T = TypeVar("T")
TRIES = 4
GROUP_DESCRIPTION = "made by Perca: its members need MFA by the policy of the same name; nobody owns it"

Detail = dict[str, object]


@dataclass(frozen=True, slots=True)
class Deeds:
    """The deeds of one plan in one tenant. `rewrite` writes per-user states again, if that may still be done."""

    plan: Plan
    before: Tenant
    directory: Directory
    clock: Clock
    course: Course
    sightings: Sightings
    rewrite: Callable[[str, Step], Awaitable[None]]

    async def note(self, step: Step) -> Detail:
        """What has to be known of the time before the step: that nobody else made what it makes, who was a member already."""
        match step.action:
            case CreateGroup():
                await self._no_group()
            case CreatePolicy():
                await self._no_policy()
            case AddMembers(people):
                already = await self._members()
                return {"already": sorted(person for person in people if ObjectId(person) in already)}
        return {}

    async def do(self, run: str, step: Step, again: bool) -> Detail:
        """Carries the step out; `again` says that it was asked for before, by a run that may have died on it."""
        match step.action:
            case CreateGroup(name):
                return {"id": await self._make_group(name, again)}
            case AddMembers(people):
                return await self._add(people)
            case RemoveMembers(people):
                return await self._remove(people)
            case CreatePolicy(policy):
                return {"id": await self._make_policy(policy, again)}
            case CheckPolicy():
                return await self._check_policy(await self.sightings.whose_sign_in(1))
            case SetPolicy(state):
                return await self._set_policy(state)
            case SeePolicyAct():
                return await self.sightings.see(run, step, await self._policy())
            case SetStates(states):
                failed = await self.directory.set_per_user_states(states)
                return {"failed": dict(failed)} if failed else {}
            case ReadStates(states):
                return await self._read_states(run, step, states)
            case DeletePolicy():
                made = await self.made()
                if made.policy is not None:
                    await self.directory.delete_policy(made.policy)
                return {}
            case DeleteGroup():
                made = await self.made()
                if made.group is not None:
                    await self.directory.delete_group(made.group)
                return {}

    # What the plan has made

    async def made(self) -> Made:
        """The ids of what the plan has made, found by name where a crash came between making it and writing its id down."""
        made, asked = self.course.made(), self.course.asked(APPLY)
        group, policy = made.group, made.policy
        if group is None and "group" in asked:
            group = await self.directory.find_group(self.plan.nickname)
        if policy is None and "policy" in asked:
            policy = await self._find_policy()
        return Made(group, policy)

    async def group(self) -> GroupId:
        """The plan's group; Refused when there is none."""
        made = await self.made()
        if made.group is None:
            raise Refused("the plan's group is gone", "`perca rollback` restores per-user MFA")
        return made.group

    async def _find_policy(self) -> PolicyId | None:
        parsed = [parse_policy(each) for each in await self.directory.policies()]
        found = [policy.id for policy in parsed if policy.display_name == self.plan.name]
        if len(found) > 1:
            raise Refused(
                f"{len(found)} policies are called `{self.plan.name}`", "rename those that aren't the plan's"
            )
        return found[0] if found else None

    async def _no_group(self) -> None:
        """INVARIANT: a group that somebody else's run made is never taken for ours: two runs of one plan would undo each other.

        So this is looked at before the step is written down as asked for: what the journal says was asked for is ours.
        """
        if await self.directory.find_group(self.plan.nickname) is not None:
            raise Refused(
                f"the plan's group `{self.plan.nickname}` is there, and this journal didn't make it",
                "go on with the journal of the run that did (--journal), or make a new plan",
            )

    async def _no_policy(self) -> None:
        if await self._find_policy() is not None:
            raise Refused(
                f"a policy is called `{self.plan.name}`, and this plan didn't make it",
                "rename or delete it, then `perca resume`",
            )

    async def _make_group(self, name: str, again: bool) -> GroupId:
        found = await self._look(lambda: self.directory.find_group(self.plan.nickname)) if again else None
        if found is not None:
            return found
        return await self.directory.create_group(name, self.plan.nickname, GROUP_DESCRIPTION)

    async def _make_policy(self, planned: ConditionalAccessPolicy, again: bool) -> PolicyId:
        found = await self._look(self._find_policy) if again else None
        if found is not None:
            return found
        policy = renamed(planned, GROUP, await self.group())
        body = {key: value for key, value in emit_policy(policy).items() if key != "id"}
        return await self.directory.create_policy(body)

    async def _look(self, find: Callable[[], Awaitable[T | None]]) -> T | None:
        """What is found; it may have been made just now, and lists are late: looked for again."""
        for _ in range(TRIES - 1):
            found = await find()
            if found is not None:
                return found
            await self.clock.sleep(30)
        return await find()

    # Members

    async def _add(self, people: tuple[UserId, ...]) -> Detail:
        group = await self.group()
        gone: frozenset[UserId] = frozenset()
        try:
            await self.directory.add_members(group, people)
        except (NotAssessed, Refused):
            gone = await departed(self.directory, people)
            if not gone:
                raise
            await self.directory.add_members(group, [person for person in people if person not in gone])
        await self._read_members(group, [person for person in people if person not in gone], inside=True)
        return {"people": len(people) - len(gone), **self._left(gone)}

    async def _remove(self, people: tuple[UserId, ...]) -> Detail:
        group = await self.group()
        unread = isinstance(await self.directory.members(group), NotRead)
        if unread and await self.directory.find_group(self.plan.nickname) is None:
            return {"people": 0, "group": "gone"}
        await self.directory.remove_members(group, people)
        await self._read_members(group, people, inside=False)
        return {"people": len(people)}

    async def _members(self) -> frozenset[ObjectId]:
        """The group's members; a new group may be late. NotAssessed when they can't be read."""
        group = await self.group()
        for _ in range(TRIES):
            members = await self.directory.members(group)
            if not isinstance(members, NotRead):
                return members
            await self.clock.sleep(30)
        raise NotAssessed("the group's members can't be read", "`perca resume` tries again")

    async def _read_members(self, group: GroupId, people: Sequence[UserId], *, inside: bool) -> None:
        for _ in range(TRIES):
            members = await self.directory.members(group)
            if not isinstance(members, NotRead) and all((ObjectId(p) in members) is inside for p in people):
                return
            await self.clock.sleep(30)
        raise NotAssessed(
            "the group's members can't be read back as they were written", "`perca resume` tries again"
        )

    def _left(self, gone: Iterable[UserId]) -> Detail:
        """What the journal says of people who are no longer there."""
        names = sorted(
            self.before.users[p].user_principal_name if p in self.before.users else p for p in gone
        )
        return {"left": names} if names else {}

    # The policy

    async def _check_policy(self, person: UserId) -> Detail:
        group, policy = await self.group(), await self._policy()
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
                str(each.get("id", "")).casefold() == policy and each.get("policyApplies") is True
                for each in answers
            ):
                return {"whatIf": "applies"}
            await self.clock.sleep(300)
        raise Refused(
            "What-If says that the policy wouldn't apply to a member of the group",
            "`perca rollback` deletes it",
        )

    async def _policy(self) -> PolicyId:
        made = await self.made()
        if made.policy is None:
            raise Refused("the plan's policy is gone", "`perca rollback` restores per-user MFA")
        return made.policy

    async def _set_policy(self, state: PolicyState) -> Detail:
        made = await self.made()
        off = state is not PolicyState.ENABLED
        if made.policy is None or (off and await self.directory.policy(made.policy) is None):
            if off:
                return {"state": "gone"}
            raise Refused("the plan's policy is gone", "`perca rollback` restores per-user MFA")
        await self.directory.set_policy_state(made.policy, state)
        for _ in range(TRIES):
            read = await self.directory.policy(made.policy)
            if read is not None and parse_policy(read).state is state:
                return {"state": str(state)}
            await self.clock.sleep(30)
        raise NotAssessed(
            "the policy's state can't be read back as it was written", "`perca resume` tries again"
        )

    # Per-user states

    async def _read_states(self, run: str, step: Step, states: Mapping[UserId, PerUserState]) -> Detail:
        left, gone = dict(states), frozenset[UserId]()
        read: Mapping[UserId, PerUserState | NotRead] = {}
        for attempt in range(TRIES):
            read = await self.directory.per_user_states(list(left))
            left = {p: s for p, s in left.items() if not _as_written(read.get(p, NotRead("no answer")), s)}
            gone |= await departed(
                self.directory, [p for p in left if not isinstance(read.get(p), PerUserState)]
            )
            left = {p: s for p, s in left.items() if p not in gone}
            if not left:
                return {"people": len(states) - len(gone), **self._left(gone)}
            if attempt < TRIES - 1:
                await self.clock.sleep(30 * 2**attempt)
                await self.rewrite(run, Step(step.settles[0], step.wave, SetStates(left)))
        person, more = next(iter(left)), len(left) - 1
        others = f" and {more} more" if more else ""
        raise NotAssessed(
            f"the per-user MFA state of `{self._name(person)}`{others} is {read.get(person)}, not {left[person]}",
            "`perca resume` tries again",
        )

    def _name(self, person: UserId) -> str:
        held = self.before.users.get(person)
        return held.user_principal_name if held is not None else person


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
