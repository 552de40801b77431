"""Who is in which group and holds which role, in three values, through any nesting; and the path that shows it.

Nested members count, roles held through groups count, assignments at the scope of a unit don't (FACTS.md 3.3.5). A group
that the tenant doesn't hold, or whose members could not be read, leaves everybody's membership unknown.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from perca.model import TENANT_SCOPE, GroupId, IpRange, NotRead, ObjectId, RoleId, Tenant, UserId, is_guid
from perca.policy.addresses import Addresses
from perca.policy.answer import Answer, No, Unknown, Yes


@dataclass(frozen=True, slots=True)
class Membership:
    """The people of a group, or the holders of a role, through any nesting."""

    people: Mapping[ObjectId, Yes]
    """Who certainly is one, with the way that leads there."""
    unsettled: frozenset[ObjectId]
    """Who may or may not be one while a write is settling."""
    unknown: Mapping[str, str]
    """Why anybody might be one: a sentence for each thing that isn't known, by its id."""
    settling: Unknown
    otherwise: Answer
    """The answer for anybody else: No, or Unknown where `unknown` says why."""

    def answer(self, user: UserId, held: bool) -> Answer:
        """Whether the person is one; somebody whom the tenant doesn't hold (`held`) is never certainly not one."""
        person = ObjectId(user)
        certain = self.people.get(person)
        if certain is not None:
            return certain
        if person in self.unsettled:
            return self.settling
        if held or self.unknown:
            return self.otherwise
        return Unknown((f"person `{user}` is not in the data",))


class View:
    """A tenant with its group closures and its address ranges worked out once."""

    def __init__(self, tenant: Tenant) -> None:
        self.tenant = tenant
        self._memberships: dict[GroupId, Membership] = {}
        self._known: dict[GroupId, bool] = {}
        self._holders: dict[RoleId, Membership] = {}
        self._addresses: dict[int, Addresses] = {}

    def share(self, kin: View) -> None:
        """Takes over what kin knows of people and groups, and goes on sharing it, where both tenants hold the very same ones."""
        one, two = kin.tenant, self.tenant
        if one.users is two.users and one.groups is two.groups:
            self._memberships = kin._memberships
            self._known = kin._known
            if one.role_assignments is two.role_assignments:
                self._holders = kin._holders
            if "_user_ids" in vars(kin):
                vars(self)["_user_ids"] = kin._user_ids

    def addresses(self, ranges: tuple[IpRange, ...]) -> Addresses:
        """The addresses of ranges that the tenant holds, put in order once."""
        # INVARIANT: what was made of ranges holds these very ranges, so their id is never another's.
        found = self._addresses.get(id(ranges))
        if found is None:
            found = self._addresses[id(ranges)] = Addresses(ranges)
        return found

    def membership(self, group: GroupId) -> Membership:
        """The group's people through any nesting; groups that contain each other are no problem."""
        found = self._memberships.get(group)
        if found is None:
            name = self._name(group)
            settling, no = f"membership of {name} is still settling", f"not a member of {name}"
            found = _membership(*self._close((group,), "member of "), settling, no)
            self._memberships[group] = found
        return found

    def holders(self, role: RoleId) -> Membership:
        """Who holds the built-in role actively at the scope of the tenant, by themselves or through a group."""
        found = self._holders.get(role)
        if found is None:
            found = self._holders[role] = self._held(role)
        return found

    def is_known(self, group: GroupId) -> bool:
        """Whether everybody's membership is known: all that is in it is held and read, and nothing of it is settling."""
        found = self._known.get(group)
        if found is None:
            found = self._known[group] = self._is_known(group)
        return found

    def _is_known(self, root: GroupId) -> bool:
        seen, waiting = {root}, [root]
        while waiting:
            held = self.tenant.groups.get(waiting.pop())
            if held is None or isinstance(held.members, NotRead) or held.unsettled:
                return False
            within = set(map(GroupId, held.members.difference(self.tenant.users))) - seen
            seen |= within
            waiting.extend(within)
        return True

    def in_group(self, user: UserId, group: GroupId) -> Answer:
        """Whether the person is a direct or nested member."""
        return self.membership(group).answer(user, user in self.tenant.users)

    def has_role(self, user: UserId, role: RoleId) -> Answer:
        """Whether the person holds the built-in role actively at the scope of the tenant."""
        return self.holders(role).answer(user, user in self.tenant.users)

    @cached_property
    def _user_ids(self) -> frozenset[ObjectId]:
        return frozenset(map(ObjectId, self.tenant.users))

    def _name(self, group: str) -> str:
        held = self.tenant.groups.get(GroupId(group))
        return f"`{(held.display_name if held is not None else '') or group}`"

    def _held(self, role: RoleId) -> Membership:
        settling = f"whether role `{role}` is held is still settling"
        no = f"does not hold role `{role}` at tenant scope"
        assignments = self.tenant.role_assignments
        if isinstance(assignments, NotRead):
            return _membership({}, set(), {"": f"role assignments: {assignments.why}"}, settling, no)
        if not is_guid(role):
            return _membership({}, set(), {role: f"role `{role}` is not an id"}, settling, no)
        principals = [a.principal for a in assignments if a.role == role and a.scope == TENANT_SCOPE]
        users = self.tenant.users
        groups = [GroupId(p) for p in principals if UserId(p) not in users]
        people, unsettled, unknown = self._close(groups, f"holds role `{role}` as member of ")
        people |= {p: Yes((f"holds role `{role}`",)) for p in principals if UserId(p) in users}
        return _membership(people, unsettled, unknown, settling, no)

    def _close(
        self, roots: Iterable[GroupId], said: str
    ) -> tuple[dict[ObjectId, Yes], set[ObjectId], dict[str, str]]:
        """Who is certainly and who perhaps within one of the groups, and what isn't known.

        Breadth first, so that the way to each person is a shortest one; sorted, so that it is always the same.
        """
        people: dict[ObjectId, Yes] = {}
        unsettled: set[ObjectId] = set()
        unknown: dict[str, str] = {}
        seen: set[GroupId] = set()
        waiting = deque((root, f"{said}{self._name(root)}") for root in roots)
        while waiting:
            group, way = waiting.popleft()
            if group in seen:
                continue
            seen.add(group)
            held = self.tenant.groups.get(group)
            if held is None:
                unknown[group] = f"group `{group}` is not in the data"
                continue
            # Something in it that is no person may bring anybody with it.
            unsettled |= held.unsettled if held.unsettled <= self._user_ids else self._user_ids
            if isinstance(held.members, NotRead):
                unknown[group] = f"members of group {self._name(group)}: {held.members.why}"
                continue
            certain = held.members - held.unsettled
            direct, because = certain & self._user_ids, Yes((way,))
            for person in direct:
                people.setdefault(person, because)
            waiting.extend((GroupId(g), f"{way} › {self._name(g)}") for g in sorted(certain - direct))
        return people, unsettled, unknown


def _membership(
    people: Mapping[ObjectId, Yes],
    unsettled: set[ObjectId],
    unknown: Mapping[str, str],
    settling: str,
    no: str,
) -> Membership:
    otherwise = Unknown(tuple(unknown.values())) if unknown else No((no,))
    return Membership(people, frozenset(unsettled - people.keys()), unknown, Unknown((settling,)), otherwise)
