"""The tenant as it is just now, as far as the plan's promise hangs on it: read again before every write.

Policies, locations, strengths, Security Defaults, the members of every group that a policy names, the plan's group, the per-user
states of the people concerned and the emergency accounts are read; everything else is the snapshot's. Roles among it: the plan's
policy names none and is compared with the plan, so no change of roles can take its cover away (docs/safety.md). The plan's own group
and policy go by the plan's names for them (`GROUP`, `POLICY`), so that the world read and the world proved beforehand speak of the
same things.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import TypeVar

from perca.migrate.directory import Account, Directory
from perca.migrate.steps import GROUP, POLICY
from perca.model import (
    ApplicationCondition,
    ApplicationScope,
    ConditionalAccessPolicy,
    Group,
    GroupId,
    NotRead,
    ObjectId,
    PolicyId,
    PolicyState,
    Tenant,
    User,
    UserCondition,
    UserId,
    UserScope,
)
from perca.wire import parse_named_location, parse_policy, parse_strength

Id = TypeVar("Id", bound=str)


@dataclass(frozen=True, slots=True)
class Made:
    """The ids of what the plan has made so far."""

    group: GroupId | None = None
    policy: PolicyId | None = None


async def read_current(
    directory: Directory, before: Tenant, made: Made, people: Sequence[UserId], emergency: Sequence[UserId]
) -> Tenant:
    """The tenant just now; `people` are those whose per-user state is read again, `emergency` those whose accounts are."""
    policies = tuple(_known_as_planned(parse_policy(each), made) for each in await directory.policies())
    places = [parse_named_location(each) for each in await directory.named_locations()]
    strengths = [parse_strength(each) for each in await directory.strengths()]
    states = await directory.per_user_states(people)
    users = dict(before.users)
    for person in people:
        if person in users:
            state = states.get(person, NotRead("no answer came back"))
            users[person] = replace(users[person], per_user_mfa=state)
    groups = {**before.groups, **await _groups(directory, before, _named_groups(policies))}
    if made.group is not None:
        members, nested = await _members(directory, before, made.group)
        groups |= await _groups(directory, before, nested)
        groups[GROUP] = Group(GROUP, "the plan's group", members)
    return replace(
        before,
        users=_with_accounts(users, await directory.accounts(emergency)),
        groups=groups,
        policies=policies,
        named_locations={place.id: place for place in places},
        strengths={strength.id: strength for strength in strengths},
        security_defaults=await directory.security_defaults(),
    )


def _with_accounts(
    users: Mapping[UserId, User], accounts: Mapping[UserId, Account | NotRead]
) -> dict[UserId, User]:
    """The people with these accounts as they were read: one that is gone isn't among them."""
    now = dict(users)
    for person, account in accounts.items():
        if account is Account.GONE:
            now.pop(person, None)
        elif person in now:
            enabled = None if isinstance(account, NotRead) else account is Account.ACTIVE
            now[person] = replace(now[person], account_enabled=enabled)
    return now


def _named_groups(policies: Iterable[ConditionalAccessPolicy]) -> tuple[GroupId, ...]:
    """The groups that policies name, but for the plan's own."""
    named = (
        group
        for policy in policies
        if isinstance(policy.users, UserCondition)
        for scope in (policy.users.include, policy.users.exclude)
        for group in scope.groups
        if group != GROUP
    )
    return tuple(dict.fromkeys(named))


async def _groups(directory: Directory, before: Tenant, named: Iterable[GroupId]) -> dict[GroupId, Group]:
    """These groups and all that are nested in them, as they are now."""
    found: dict[GroupId, Group] = {}
    waiting = list(named)
    while waiting:
        group = waiting.pop()
        if group not in found:
            members, nested = await _members(directory, before, group)
            waiting.extend(nested)
            held = before.groups.get(group)
            found[group] = Group(group, members=members) if held is None else replace(held, members=members)
    return found


async def _members(
    directory: Directory, before: Tenant, group: GroupId
) -> tuple[frozenset[ObjectId] | NotRead, frozenset[GroupId]]:
    """A group's direct members, and those of them that are groups. Whoever came after the snapshot is left out if no group."""
    members = await directory.members(group)
    if isinstance(members, NotRead):
        return members, frozenset()
    people = frozenset(ObjectId(user) for user in before.users)
    nested = frozenset(each for each in map(GroupId, members - people) if each in before.groups)
    newcomers = members - people - frozenset(map(ObjectId, nested))
    if newcomers:
        told = await directory.member_groups(group)
        if isinstance(told, NotRead):
            return told, frozenset()
        nested = told
    return (members & people) | frozenset(map(ObjectId, nested)), nested


def _known_as_planned(policy: ConditionalAccessPolicy, made: Made) -> ConditionalAccessPolicy:
    if made.group is not None:
        policy = renamed(policy, made.group, GROUP)
    return replace(policy, id=POLICY) if policy.id == made.policy else policy


def renamed(policy: ConditionalAccessPolicy, old: GroupId, new: GroupId) -> ConditionalAccessPolicy:
    """The policy with one group's id in place of another's."""
    if not isinstance(policy.users, UserCondition):
        return policy

    def side(scope: UserScope) -> UserScope:
        return replace(scope, groups=tuple(new if each == old else each for each in scope.groups))

    return replace(policy, users=UserCondition(side(policy.users.include), side(policy.users.exclude)))


def same_meaning(one: ConditionalAccessPolicy, other: ConditionalAccessPolicy) -> bool:
    """Whether two policies mean the same, whatever their ids, states and spellings."""
    return not differing(one, other)


def differing(one: ConditionalAccessPolicy, other: ConditionalAccessPolicy) -> tuple[str, ...]:
    """The parts in which two policies don't mean the same, in words."""
    one, other = _meaning(one), _meaning(other)
    return tuple(
        part.name.replace("_", " ")
        for part in fields(ConditionalAccessPolicy)
        if getattr(one, part.name) != getattr(other, part.name)
    )


def _meaning(policy: ConditionalAccessPolicy) -> ConditionalAccessPolicy:
    """The policy without what doesn't matter: ids, names, state, and in which order people and resources are listed."""
    users, resources = policy.users, policy.applications
    if isinstance(users, UserCondition):
        users = UserCondition(_whom(users.include), _whom(users.exclude))
    if isinstance(resources, ApplicationCondition):
        resources = ApplicationCondition(_what(resources.include), _what(resources.exclude))
    policy = replace(policy, users=users, applications=resources)
    return replace(policy, id=POLICY, display_name="", state=PolicyState.DISABLED, kept="{}", settled=True)


def _whom(scope: UserScope) -> UserScope:
    return replace(scope, users=_set(scope.users), groups=_set(scope.groups), roles=_set(scope.roles))


def _what(scope: ApplicationScope) -> ApplicationScope:
    return replace(scope, apps=_set(scope.apps))


def _set(ids: tuple[Id, ...]) -> tuple[Id, ...]:
    return tuple(sorted(set(ids)))
