"""The steps of a migration as data: what each does, what it waits for, how it is undone, how it would be seen done.

`forward` is the order that never opens a gap, `backward` its mirror: per-user MFA is back and read back before the policy goes off.
A step that asks for a change leaves it open; a later step that sees it settles it (`settles`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import assert_never

from perca.migrate.change import (
    Change,
    GroupCreated,
    GroupDeleted,
    MembersChanged,
    PolicyCreated,
    PolicyDeleted,
    PolicyStateChanged,
    StatesSet,
)
from perca.model import (
    ApplicationCondition,
    ApplicationScope,
    BuiltIn,
    ConditionalAccessPolicy,
    Grant,
    GroupId,
    Operator,
    PerUserState,
    PolicyId,
    PolicyState,
    UserCondition,
    UserId,
    UserScope,
)

GROUP = GroupId("the-group-of-the-plan")
"""Stands for the group until it exists."""
POLICY = PolicyId("the-policy-of-the-plan")
"""Stands for the policy until it exists."""


def the_policy(
    name: str,
    emergency: tuple[UserId, ...],
    group: GroupId = GROUP,
    state: PolicyState = PolicyState.REPORT_ONLY,
) -> ConditionalAccessPolicy:
    """The one policy of the goal `group`: its members, all resources, all client types, require MFA."""
    return ConditionalAccessPolicy(
        id=POLICY,
        display_name=name,
        state=state,
        users=UserCondition(UserScope(groups=(group,)), UserScope(users=emergency)),
        applications=ApplicationCondition(ApplicationScope(everything=True)),
        grant=Grant(Operator.OR, (BuiltIn.MFA,)),
    )


@dataclass(frozen=True, slots=True)
class CreateGroup:
    """Create the security group, without owners and empty."""

    name: str


@dataclass(frozen=True, slots=True)
class AddMembers:
    """Make people members of the group."""

    people: tuple[UserId, ...]


@dataclass(frozen=True, slots=True)
class CreatePolicy:
    """Create the policy, in report-only."""

    policy: ConditionalAccessPolicy


@dataclass(frozen=True, slots=True)
class CheckPolicy:
    """Read the policy back, compare its meaning with the plan, and ask What-If about one person."""

    person: UserId


@dataclass(frozen=True, slots=True)
class SetPolicy:
    """Change the policy's state."""

    state: PolicyState


@dataclass(frozen=True, slots=True)
class SeePolicyAct:
    """Find a row of the sign-in log, newer than the change, in which this policy applied to this person; then soak."""

    person: UserId


@dataclass(frozen=True, slots=True)
class SetStates:
    """Write per-user MFA states."""

    states: Mapping[UserId, PerUserState]


@dataclass(frozen=True, slots=True)
class ReadStates:
    """Read per-user MFA states back."""

    states: Mapping[UserId, PerUserState]


@dataclass(frozen=True, slots=True)
class RemoveMembers:
    """Take people out of the group."""

    people: tuple[UserId, ...]


@dataclass(frozen=True, slots=True)
class DeletePolicy:
    """Delete the policy."""


@dataclass(frozen=True, slots=True)
class DeleteGroup:
    """Delete the group."""


Action = (
    CreateGroup
    | AddMembers
    | CreatePolicy
    | CheckPolicy
    | SetPolicy
    | SeePolicyAct
    | SetStates
    | ReadStates
    | RemoveMembers
    | DeletePolicy
    | DeleteGroup
)


@dataclass(frozen=True, slots=True)
class Step:
    """One step; `settles` are the steps whose change is known to have arrived once this one is seen."""

    id: str
    wave: int | None
    action: Action
    settles: tuple[str, ...] = ()

    @property
    def kind(self) -> str:
        """The action's name, in Graph's spelling of words."""
        name = type(self.action).__name__
        return name[0].lower() + name[1:]


def change(action: Action) -> Change | None:
    """What the step changes; None for one that only looks."""
    match action:
        case CreateGroup(name):
            return GroupCreated(GROUP, name)
        case AddMembers(people):
            return MembersChanged(GROUP, frozenset(people), members=True)
        case CreatePolicy(policy):
            return PolicyCreated(policy)
        case SetPolicy(state):
            return PolicyStateChanged(POLICY, state)
        case SetStates(states):
            return StatesSet(states)
        case RemoveMembers(people):
            return MembersChanged(GROUP, frozenset(people), members=False)
        case DeletePolicy():
            return PolicyDeleted(POLICY)
        case DeleteGroup():
            return GroupDeleted(GROUP)
        case CheckPolicy() | SeePolicyAct() | ReadStates():
            return None
        case _:
            assert_never(action)


Wave = Mapping[UserId, PerUserState]
"""The people of a wave with the states they are in beforehand, in the order in which they become members."""


def forward(name: str, waves: tuple[Wave, ...], emergency: tuple[UserId, ...]) -> tuple[Step, ...]:
    """The steps of the goal `group`. The last person of each wave is the one whose sign-in shows that the policy acts."""
    policy = the_policy(name, emergency)
    steps = [Step("group", None, CreateGroup(name))]
    for number, wave in enumerate(waves, start=1):
        people = tuple(wave)
        last = people[-1]
        members, seen, off = f"members:{number}", f"seen:{number}", f"disable:{number}"
        steps.append(Step(members, number, AddMembers(people), settles=("group",) if number == 1 else ()))
        waits = [members]
        if number == 1:
            steps.append(Step("policy", None, CreatePolicy(policy)))
            steps.append(Step("check", None, CheckPolicy(last), settles=("policy",)))
            steps.append(Step("on", None, SetPolicy(PolicyState.ENABLED)))
            waits.append("on")
        steps.append(Step(seen, number, SeePolicyAct(last), settles=tuple(waits)))
        disabled = MappingProxyType(dict.fromkeys(people, PerUserState.DISABLED))
        steps.append(Step(off, number, SetStates(disabled)))
        steps.append(Step(f"read:{number}", number, ReadStates(disabled), settles=(off,)))
    return tuple(steps)


def backward(waves: tuple[Wave, ...], only: tuple[int, ...] | None = None) -> tuple[Step, ...]:
    """The way back, mirrored: waves last to first, then the policy, then the group. `only` restores some waves and no more."""
    steps: list[Step] = []
    for number in range(len(waves), 0, -1):
        if only is not None and number not in only:
            continue
        wave = waves[number - 1]
        back = f"restore:{number}"
        steps.append(Step(back, number, SetStates(wave)))
        steps.append(Step(f"restored:{number}", number, ReadStates(wave), settles=(back,)))
        if only is not None:
            steps.append(Step(f"leave:{number}", number, RemoveMembers(tuple(wave))))
    if only is None:
        steps.append(Step("off", None, SetPolicy(PolicyState.DISABLED)))
        steps.append(Step("delete-policy", None, DeletePolicy(), settles=("off",)))
        steps.append(Step("delete-group", None, DeleteGroup(), settles=("delete-policy",)))
    return tuple(steps)
