"""Changes to a tenant as values: what each does to the model, once settled and while it may or may not have happened.

A change that is still open leaves both possibilities: a policy isn't certain to act, a member isn't certain to be one, a per-user
state isn't known. So a proof about the open world covers every moment at which the write, or any part of it, arrives.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from perca.model import (
    SETTLING,
    ConditionalAccessPolicy,
    Group,
    GroupId,
    NotRead,
    ObjectId,
    PerUserState,
    PolicyId,
    PolicyState,
    Tenant,
    UserId,
)


@dataclass(frozen=True, slots=True)
class GroupCreated:
    """A new, empty group."""

    group: GroupId
    name: str

    def on(self, tenant: Tenant, settled: bool) -> Tenant:
        """The tenant with the group; nobody refers to it yet, so settling makes no difference."""
        if self.group in tenant.groups:
            return tenant
        return replace(tenant, groups={**tenant.groups, self.group: Group(self.group, self.name)})


@dataclass(frozen=True, slots=True)
class MembersChanged:
    """People become members of a group, or cease to be."""

    group: GroupId
    people: frozenset[UserId]
    members: bool

    def on(self, tenant: Tenant, settled: bool) -> Tenant:
        """The tenant with these people in or out of the group; while open, perhaps."""
        group = tenant.groups.get(self.group)
        if group is None or isinstance(group.members, NotRead):
            return tenant
        people = frozenset(ObjectId(person) for person in self.people)
        members = group.members | people if self.members else group.members - people
        if settled:
            changed = replace(group, members=members, unsettled=group.unsettled - people)
        else:
            changed = replace(group, unsettled=group.unsettled | people)
        return replace(tenant, groups={**tenant.groups, self.group: changed})


@dataclass(frozen=True, slots=True)
class PolicyCreated:
    """A new policy in some state."""

    policy: ConditionalAccessPolicy

    def on(self, tenant: Tenant, settled: bool) -> Tenant:
        """The tenant with the policy; while open it isn't certain to act."""
        others = tuple(policy for policy in tenant.policies if policy.id != self.policy.id)
        return replace(tenant, policies=(*others, replace(self.policy, settled=settled)))


@dataclass(frozen=True, slots=True)
class PolicyStateChanged:
    """A policy is turned on, off, or to report-only."""

    policy: PolicyId
    state: PolicyState

    def on(self, tenant: Tenant, settled: bool) -> Tenant:
        """The tenant with the policy in its new state; while open, a policy that is or was on may or may not act."""
        return replace(tenant, policies=tuple(self._changed(each, settled) for each in tenant.policies))

    def _changed(self, policy: ConditionalAccessPolicy, settled: bool) -> ConditionalAccessPolicy:
        if policy.id != self.policy:
            return policy
        if settled:
            return replace(policy, state=self.state, settled=True)
        acts = PolicyState.ENABLED in (policy.state, self.state)
        return replace(policy, state=PolicyState.ENABLED if acts else self.state, settled=not acts)


@dataclass(frozen=True, slots=True)
class PolicyDeleted:
    """A policy goes away."""

    policy: PolicyId

    def on(self, tenant: Tenant, settled: bool) -> Tenant:
        """The tenant without the policy; while open it may still act."""
        if settled:
            return replace(tenant, policies=tuple(p for p in tenant.policies if p.id != self.policy))
        return PolicyStateChanged(self.policy, PolicyState.DISABLED).on(tenant, settled=False)


@dataclass(frozen=True, slots=True)
class GroupDeleted:
    """A group goes away; a policy that still names it then names an id that nobody holds."""

    group: GroupId

    def on(self, tenant: Tenant, settled: bool) -> Tenant:
        """The tenant without the group."""
        return replace(tenant, groups={key: g for key, g in tenant.groups.items() if key != self.group})


@dataclass(frozen=True, slots=True)
class StatesSet:
    """People's per-user MFA states are written.

    Where the service may make `enforced` of `enabled`, the weaker of the two is assumed: whatever it asks for, the other asks for.
    """

    states: Mapping[UserId, PerUserState]

    def on(self, tenant: Tenant, settled: bool) -> Tenant:
        """The tenant with the new states; while open a state that differs isn't known."""
        users = dict(tenant.users)
        for person, state in self.states.items():
            held = users.get(person)
            if held is not None and held.per_user_mfa != state:
                users[person] = replace(held, per_user_mfa=state if settled else SETTLING)
        return replace(tenant, users=users)


Change = (
    GroupCreated
    | MembersChanged
    | PolicyCreated
    | PolicyStateChanged
    | PolicyDeleted
    | GroupDeleted
    | StatesSet
)


def world(tenant: Tenant, changes: Iterable[tuple[Change, bool]]) -> Tenant:
    """The tenant after the changes in their order; each comes with whether it is settled."""
    for change, settled in changes:
        tenant = change.on(tenant, settled)
    return tenant
