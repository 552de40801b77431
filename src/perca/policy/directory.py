"""Who is in which group and holds which role, in three values, through any nesting; and the path that shows it.

Nested members count, roles held through groups count, assignments at the scope of a unit don't (FACTS.md 3.3.5). A group
that the tenant doesn't hold, or whose members could not be read, leaves everybody's membership unknown.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from perca.model import TENANT_SCOPE, Group, GroupId, NotRead, ObjectId, RoleId, Tenant, UserId, is_guid
from perca.policy.answer import Answer, No, Unknown, Yes


@dataclass(frozen=True, slots=True)
class Membership:
    """A group's people with nesting: `people` certainly, `unsettled` perhaps; `unknown` says why anybody might be one."""

    people: frozenset[ObjectId]
    unsettled: frozenset[ObjectId]
    unknown: tuple[str, ...]

    def answer(self, user: UserId, name: str, held: bool) -> Answer:
        """Whether the person is a member; somebody the tenant doesn't hold is never certainly not one."""
        person = ObjectId(user)
        if person in self.people:
            return Yes((f"member of `{name}`",))
        if person in self.unsettled:
            return Unknown((f"membership of `{name}` is still settling",))
        if self.unknown:
            return Unknown(self.unknown)
        if not held:
            return Unknown((f"person `{user}` is not in the data",))
        return No((f"not a member of `{name}`",))


class View:
    """A tenant with its group closures worked out once; built by `rules.view_of`."""

    def __init__(self, tenant: Tenant) -> None:
        self.tenant = tenant
        self._memberships: dict[GroupId, Membership] = {}
        self._roles: dict[RoleId, Membership] = {}

    def membership(self, group: GroupId) -> Membership:
        """The group's people through any nesting; groups that contain each other are no problem."""
        if group not in self._memberships:
            self._memberships[group] = self._close((group,))
        return self._memberships[group]

    def in_group(self, user: UserId, group: GroupId) -> Answer:
        """Whether the person is a direct or nested member."""
        known = self.tenant.groups.get(group)
        name = (known.display_name if known else "") or group
        return self.membership(group).answer(user, name, user in self.tenant.users)

    def has_role(self, user: UserId, role: RoleId) -> Answer:
        """Whether the person holds the built-in role actively at the scope of the tenant, by themselves or through a group."""
        if role not in self._roles:
            self._roles[role] = self._holders(role)
        answer = self._roles[role].answer(user, role, user in self.tenant.users)
        match answer:
            case Yes():
                return Yes((f"holds role `{role}`",))
            case No():
                return No((f"does not hold role `{role}` at tenant scope",))
        return answer

    def nested_groups(self, group: GroupId) -> tuple[Group | GroupId, ...]:
        """The group and all groups within it, for comparing what two tenants say of it; unknown ones as their ids."""
        found: dict[GroupId, Group | GroupId] = {}
        waiting = [group]
        while waiting:
            current = waiting.pop()
            if current in found:
                continue
            held = self.tenant.groups.get(current)
            found[current] = held if held is not None else current
            if held is not None and not isinstance(held.members, NotRead):
                waiting.extend(g for g in map(GroupId, held.members) if g in self.tenant.groups)
        return tuple(found[key] for key in sorted(found))

    def groups_among(self, principals: Iterable[ObjectId]) -> tuple[GroupId, ...]:
        """Those of the principals that aren't people of the tenant: groups, as far as anybody knows."""
        return tuple(GroupId(each) for each in principals if each not in self._user_ids)

    def path(self, user: UserId, group: GroupId) -> tuple[str, ...]:
        """The names of the groups from `group` down to one that holds the person directly; empty if none certainly does."""
        waiting: list[tuple[GroupId, ...]] = [(group,)]
        seen: set[GroupId] = set()
        while waiting:
            trail = waiting.pop(0)
            held = self.tenant.groups.get(trail[-1])
            if held is None or isinstance(held.members, NotRead) or trail[-1] in seen:
                continue
            seen.add(trail[-1])
            if ObjectId(user) in held.members:
                return tuple(self.tenant.groups[step].display_name or step for step in trail)
            inner = sorted(g for g in map(GroupId, held.members) if g in self.tenant.groups)
            waiting.extend((*trail, group) for group in inner)
        return ()

    @cached_property
    def _user_ids(self) -> frozenset[ObjectId]:
        return frozenset(ObjectId(user) for user in self.tenant.users)

    def _holders(self, role: RoleId) -> Membership:
        assignments = self.tenant.role_assignments
        if isinstance(assignments, NotRead):
            return Membership(frozenset(), frozenset(), (f"role assignments: {assignments.why}",))
        if not is_guid(role):
            return Membership(frozenset(), frozenset(), (f"role `{role}` is not an id",))
        principals = tuple(a.principal for a in assignments if a.role == role and a.scope == TENANT_SCOPE)
        people = frozenset(p for p in principals if p in self._user_ids)
        held = self._close(tuple(GroupId(p) for p in principals if p not in self._user_ids))
        return Membership(held.people | people, held.unsettled, held.unknown)

    def _close(self, roots: tuple[GroupId, ...]) -> Membership:
        people: set[ObjectId] = set()
        unsettled: set[ObjectId] = set()
        unknown: dict[str, None] = {}
        seen: set[GroupId] = set()
        waiting = list(roots)
        while waiting:
            group = waiting.pop()
            if group in seen:
                continue
            seen.add(group)
            held = self.tenant.groups.get(group)
            if held is None:
                unknown[f"group `{group}` is not in the data"] = None
                continue
            unsettled |= held.unsettled
            if isinstance(held.members, NotRead):
                unknown[f"members of group `{held.display_name or group}`: {held.members.why}"] = None
                continue
            direct = held.members & self._user_ids
            people |= direct
            waiting.extend(GroupId(member) for member in held.members - direct)
        people -= unsettled
        return Membership(frozenset(people), frozenset(unsettled), tuple(unknown))
