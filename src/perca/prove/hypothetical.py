"""People who don't exist: what a tenant would be with somebody in it who is of some kind and has joined some groups and roles.

Only for questions about whoever may come: the tenant's own people stay out of the groups here, for nobody asks about them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum

from perca.model import (
    ConditionalAccessPolicy,
    Group,
    GroupId,
    NotRead,
    ObjectId,
    PerUserState,
    RoleAssignment,
    RoleId,
    Tenant,
    User,
    UserCondition,
    UserId,
    UserScope,
)


class Sort(Enum):
    """The kinds of accounts that a directory may hold."""

    MEMBER = ("Member", "", "")
    INTERNAL_GUEST = ("Guest", "", "")
    COLLABORATION_GUEST = ("Guest", "Invitation", "#EXT#")
    COLLABORATION_MEMBER = ("Member", "Invitation", "#EXT#")


Join = GroupId | RoleId
"""A group of which somebody becomes a direct member, or a role that is given to them."""


@dataclass(frozen=True, slots=True)
class Somebody:
    """A person that may be: of a kind, or the one whom policies name by an id; with what they have joined, and no per-user MFA."""

    sort: Sort = Sort.MEMBER
    named: UserId | None = None
    joined: frozenset[Join] = frozenset()

    def joining(self, *more: Join) -> Somebody:
        """The same person with more memberships."""
        return replace(self, joined=self.joined | frozenset(more))

    @property
    def alone(self) -> Somebody:
        """The same person with no membership."""
        return replace(self, joined=frozenset())


def with_people(tenant: Tenant, people: Sequence[Somebody]) -> tuple[Tenant, tuple[UserId, ...]]:
    """The tenant with these people and nobody else, and their ids in order.

    A group holds those who joined it and the groups that it is known to hold; one that nobody read, those who joined it.
    """
    ids = tuple(UserId(f"0a0a0a0a-0000-4000-8000-{number:012x}") for number in range(len(people)))
    users = {id: _user(id, each) for id, each in zip(ids, people, strict=True)}
    aliases: dict[UserId, list[UserId]] = {}
    joined: dict[str, list[ObjectId]] = {}
    for id, each in zip(ids, people, strict=True):
        if each.named is not None:
            aliases.setdefault(each.named, []).append(id)
        for join in each.joined:
            joined.setdefault(join, []).append(ObjectId(id))
    groups = {group: _group(tenant, group, joined.get(group, ())) for group in groups_of(tenant)}
    roles = {role for _, scope in scopes(tenant) for role in scope.roles} | {
        RoleId(each) for each in joined if each not in groups
    }
    assignments = tuple(RoleAssignment(user, role) for role in sorted(roles) for user in joined.get(role, ()))
    policies = tuple(_aliased(policy, aliases) for policy in tenant.policies)
    made = replace(tenant, users=users, groups=groups, role_assignments=assignments, policies=policies)
    return made, ids


def scopes(tenant: Tenant) -> Iterable[tuple[ConditionalAccessPolicy, UserScope]]:
    """Both sides of the users condition of each policy that was understood."""
    for policy in tenant.policies:
        if isinstance(policy.users, UserCondition):
            yield policy, policy.users.include
            yield policy, policy.users.exclude


def groups_of(tenant: Tenant) -> tuple[GroupId, ...]:
    """The groups that the tenant holds, and those that policies name."""
    named = (group for _, scope in scopes(tenant) for group in scope.groups)
    return tuple(dict.fromkeys((*tenant.groups, *named)))


def _user(id: UserId, who: Somebody) -> User:
    kind, creation, mark = who.sort.value
    return User(
        id,
        f"whoever{mark}@{id}",
        per_user_mfa=PerUserState.DISABLED,
        account_enabled=True,
        user_type=kind,
        creation_type=creation,
    )


def _group(tenant: Tenant, group: GroupId, joined: Iterable[ObjectId]) -> Group:
    held = tenant.groups.get(group, Group(group))
    inner: frozenset[ObjectId] = frozenset()
    if not isinstance(held.members, NotRead):
        inner = frozenset(each for each in held.members if GroupId(each) in tenant.groups)
    return replace(held, members=inner | frozenset(joined), unsettled=frozenset())


def _aliased(
    policy: ConditionalAccessPolicy, aliases: Mapping[UserId, Sequence[UserId]]
) -> ConditionalAccessPolicy:
    if not isinstance(policy.users, UserCondition):
        return policy
    include, exclude = (_scope(each, aliases) for each in (policy.users.include, policy.users.exclude))
    return replace(policy, users=replace(policy.users, include=include, exclude=exclude))


def _scope(scope: UserScope, aliases: Mapping[UserId, Sequence[UserId]]) -> UserScope:
    return replace(
        scope, users=tuple(alias for user in scope.users for alias in (user, *aliases.get(user, ())))
    )
