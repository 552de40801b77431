"""The people of a question as numbers, in one tenant: who is in a group, holds a role, is on a list or shares a fact of the account.

Sets of people are arrays of numbers, in order. What `policy` says of somebody is asked in a small tenant that holds a few of the people
and everything else as it is (`sampled`). LAW: there `policy` says of each of them what it says in the whole tenant.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping
from copy import copy
from dataclasses import replace
from functools import cached_property, partial
from itertools import count, repeat

import numpy as np

from perca.model import (
    TENANT_SCOPE,
    Group,
    GroupId,
    NotRead,
    ObjectId,
    RoleAssignment,
    RoleId,
    Tenant,
    User,
    UserId,
)
from perca.policy import Rulebook, rulebook
from perca.space.facts import Account, Facts
from perca.space.partition import Numbers

_NOBODY: Numbers = np.zeros(0, np.intp)


class Roster:
    """The people of a question, numbered as they come, in one tenant.

    `alone` are those whom the tenant doesn't hold, and who come a second time: they are in no set.
    """

    def __init__(self, tenant: Tenant, people: tuple[UserId, ...]) -> None:
        self.tenant = tenant
        self.people = people
        users = tenant.users
        self._numbers: dict[str, int] = dict(zip(people, count(), strict=False))
        if not all(map(users.__contains__, people)):
            self._numbers = {each: n for each, n in self._numbers.items() if UserId(each) in users}
        self.alone: Numbers = _NOBODY
        if len(self._numbers) < len(people):
            alone = (n for n, each in enumerate(people) if self._numbers.get(each) != n)
            self.alone = np.fromiter(alone, np.intp)
        self._direct: dict[GroupId, tuple[Numbers, tuple[GroupId, ...]]] = {}
        self._within: dict[tuple[GroupId, ...], tuple[Numbers, Numbers]] = {}
        self._shared: dict[Account, list[Numbers]] = {}
        self._among: dict[frozenset[UserId], Numbers] = {}

    def sets(self, facts: Facts) -> Iterator[Numbers]:
        """The sets of people that the facts tell from others; none is empty."""
        found: list[Numbers] = []
        for group in facts.groups:
            found.extend(self.within((group,)))
        for role in facts.roles:
            found.extend(self._holders(role))
        found.extend(map(self.numbered, facts.lists))
        for account in facts.accounts:
            found.extend(self._alike(account))
        return (each for each in found if len(each))

    def among(self, only: frozenset[UserId] | None) -> Iterator[Numbers]:
        """The set that tells these people from all others; of the two sides the smaller one."""
        if only is not None:
            found = self._among.get(only)
            if found is None:
                few = only if 2 * len(only) < len(self.people) else self._everybody - only
                found = self._among[only] = self.numbered(few)
            yield found

    @cached_property
    def _everybody(self) -> frozenset[UserId]:
        return frozenset(self.people)

    def numbered(self, ids: Iterable[str]) -> Numbers:
        """Those of them who are people of the question, as numbers."""
        numbers = (self._numbers[each] for each in ids if each in self._numbers)
        return np.unique(np.fromiter(numbers, np.intp))

    def direct(self, group: GroupId) -> tuple[Numbers, tuple[GroupId, ...]]:
        """The group's own members for certain: people, and what isn't of the tenant's people, in order."""
        found = self._direct.get(group)
        if found is None:
            found = self._direct[group] = self._members(self.tenant.groups.get(group))
        return found

    def _members(self, group: Group | None) -> tuple[Numbers, tuple[GroupId, ...]]:
        if group is None or isinstance(group.members, NotRead):
            return _NOBODY, ()
        certain = group.members - group.unsettled if group.unsettled else group.members
        numbers = np.fromiter(map(self._numbers.get, certain, repeat(-1)), np.intp, len(certain))
        numbers.sort()
        asked = numbers[np.searchsorted(numbers, 0) :]
        if len(asked) == len(numbers):
            return numbers, ()
        users, rest = self.tenant.users, certain.difference(self._numbers)
        return asked, tuple(GroupId(each) for each in sorted(rest) if UserId(each) not in users)

    def within(self, roots: tuple[GroupId, ...]) -> tuple[Numbers, Numbers]:
        """Who certainly is in one of the groups through any nesting, and who may come by a write that is settling."""
        found = self._within.get(roots)
        if found is None:
            certain: list[Numbers] = []
            unsettled: set[ObjectId] = set()
            for group in self._reached(roots):
                certain.append(self.direct(group)[0])
                unsettled |= self.tenant.groups[group].unsettled
            found = self._within[roots] = (self._union(certain), self.numbered(unsettled))
        return found

    def _reached(self, roots: tuple[GroupId, ...]) -> Iterator[GroupId]:
        """The groups within groups, each once, that the tenant holds."""
        seen: set[GroupId] = set()
        waiting = [*roots]
        while waiting:
            group = waiting.pop()
            if group not in seen and group in self.tenant.groups:
                seen.add(group)
                yield group
                waiting.extend(self.direct(group)[1])

    def _holders(self, role: RoleId) -> Iterator[Numbers]:
        assignments = self.tenant.role_assignments
        if isinstance(assignments, NotRead):
            return
        held = [a.principal for a in assignments if a.role == role and a.scope == TENANT_SCOPE]
        yield self.numbered(held)
        yield from self.within(tuple(dict.fromkeys(map(GroupId, held))))

    def _alike(self, account: Account) -> list[Numbers]:
        """The people of each value of the fact but the commonest."""
        found = self._shared.get(account)
        if found is None:
            codes, number = self._codes(account)
            sizes = np.bincount(codes, minlength=number or 1)
            commonest = int(sizes.argmax())
            few = np.flatnonzero(codes != commonest)
            order = few[np.argsort(codes[few], kind="stable")]
            sizes[commonest] = 0
            parts = np.split(order, np.cumsum(sizes)[:-1])
            found = self._shared[account] = [part for part in parts if len(part)]
        return found

    def _codes(self, account: Account) -> tuple[Numbers, int]:
        """The value of the fact for each of the people, as a number, and how many there are."""
        numbers: defaultdict[Hashable, int] = defaultdict(count().__next__)
        held = [user for user in self._users if user is not None]
        if len(held) == len(self.people):
            facts: Iterable[Hashable] = map(partial(account, self.tenant), held)
        else:
            facts = (None if user is None else account(self.tenant, user) for user in self._users)
        return np.fromiter(map(numbers.__getitem__, facts), np.intp, len(self.people)), len(numbers)

    @cached_property
    def _users(self) -> list[User | None]:
        return list(map(self.tenant.users.get, self.people))

    def _union(self, sets: list[Numbers]) -> Numbers:
        if len(sets) < 2:
            return sets[0] if sets else _NOBODY
        seen = np.zeros(len(self.people), bool)
        for each in sets:
            seen[each] = True
        return np.flatnonzero(seen)

    def sampled(self, numbers: Iterable[int]) -> Rulebook:
        """The tenant with these people only; groups and roles keep what else they hold."""
        users = self.tenant.users
        few = frozenset(ObjectId(self.people[n]) for n in numbers)
        mine, others = self._assignments
        roles = (*others, *(each for person in few for each in mine.get(person, ())))
        unread = self.tenant.role_assignments
        return Rulebook(
            replace(
                self.tenant,
                users={UserId(each): users[UserId(each)] for each in few},
                groups=_Sampled(self, few),
                role_assignments=unread if isinstance(unread, NotRead) else roles,
            )
        )

    @cached_property
    def _assignments(self) -> tuple[dict[ObjectId, list[RoleAssignment]], list[RoleAssignment]]:
        """Roles assigned to people, by person, and those assigned to anything else."""
        mine: dict[ObjectId, list[RoleAssignment]] = {}
        others: list[RoleAssignment] = []
        held = self.tenant.role_assignments
        for each in () if isinstance(held, NotRead) else held:
            is_person = UserId(each.principal) in self.tenant.users
            (mine.setdefault(each.principal, []) if is_person else others).append(each)
        return mine, others


def roster(tenant: Tenant, people: tuple[UserId, ...]) -> Roster:
    """These people in the tenant; the same object as long as the same people are asked about. It lives in the tenant."""
    held: Roster | None = vars(tenant).get("_roster")
    if held is None or (held.people is not people and held.people != people):
        held = vars(tenant)["_roster"] = Roster(tenant, people)
    return held


def share(tenant: Tenant, kin: Tenant) -> None:
    """Gives the tenant what is known of kin's people, where both hold the very same ones: as rules see them, and as numbers."""
    rulebook(tenant).share(rulebook(kin))
    held: Roster | None = vars(kin).get("_roster")
    same = all(getattr(tenant, each) is getattr(kin, each) for each in _LOOKED_AT)
    if held is not None and same:
        mine = vars(tenant)["_roster"] = copy(held)
        mine.tenant = tenant


_LOOKED_AT = ("users", "groups", "role_assignments", "registrations")
"""All that a roster looks at of its tenant; what `policy` says in a sample is asked of the tenant itself."""


class _Sampled(Mapping[GroupId, Group]):
    """A tenant's groups, with a few of its people only."""

    def __init__(self, roster: Roster, few: frozenset[ObjectId]) -> None:
        self._roster = roster
        self._few = few

    def __getitem__(self, key: GroupId) -> Group:
        roster, group = self._roster, self._roster.tenant.groups[key]
        unsettled = frozenset(
            each for each in group.unsettled if each in self._few or UserId(each) not in roster.tenant.users
        )
        if isinstance(group.members, NotRead):
            return replace(group, unsettled=unsettled)
        others = frozenset(map(ObjectId, roster.direct(key)[1]))
        return replace(group, members=group.members & self._few | others, unsettled=unsettled)

    def __len__(self) -> int:
        return len(self._roster.tenant.groups)

    def __iter__(self) -> Iterator[GroupId]:
        return iter(self._roster.tenant.groups)
