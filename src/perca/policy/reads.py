"""Two tenants side by side: for whom does a rule that they share look at the same facts in both?

What is unknown about such a rule is then one unknown and not two, and cancels. INVARIANT: all data of a tenant that a condition
looks at is compared here; a condition that isn't listed is never the same. A condition of which something wasn't understood or read
might look at anything, so for it everything is compared: places, settings, resources, roles, strengths (for policies that nobody
read), and of each person the account and the groups. Unknown groups can only hold groups that both tenants hold: one that is new holds nothing in the other. What is still
settling is never the same twice, for it may arrive between two looks.
"""

from __future__ import annotations

from collections.abc import Set
from dataclasses import replace
from functools import cached_property
from operator import attrgetter

from perca.model import (
    SETTLING,
    ExternalKind,
    GroupId,
    LocationCondition,
    NotRead,
    ObjectId,
    PerUserMfa,
    PerUserState,
    Tenant,
    User,
    UserId,
    UserScope,
    is_guid,
)
from perca.policy.actions import UserActions
from perca.policy.administrators import ROLES, Administrator, narrower
from perca.policy.applications import Applications
from perca.policy.applications import looked_at as resources_seen
from perca.policy.channels import ClientApps, Platforms
from perca.policy.contexts import Contexts
from perca.policy.coordinates import Principal
from perca.policy.devices import DeviceFilter
from perca.policy.directory import Membership, View
from perca.policy.flows import Flows
from perca.policy.locations import Locations
from perca.policy.mandatory_mfa import Perhaps, Person, Portals
from perca.policy.outside import facts_of
from perca.policy.per_user import (
    AskedAtModernClients,
    AtResource,
    AtUserAction,
    CutOffFromLegacy,
    LegacyClientWithPassword,
    ModernClient,
    OutsideTrustedIps,
)
from perca.policy.risks import Risk
from perca.policy.rule import Condition, Rule, Unmodelled
from perca.policy.security_defaults import (
    SYNCHRONISATION,
    AzureManagement,
    Discretion,
    LegacyClient,
    MayBeOn,
    Protected,
    ToResource,
)
from perca.policy.sights import looked_at, trusted_ips
from perca.policy.strength_reach import AskedForStrength
from perca.policy.unread import unread_places
from perca.policy.users import Users, is_agent
from perca.policy.workloads import Workloads

People = frozenset[UserId]
NOBODY: People = frozenset()
_STATE = attrgetter("per_user_mfa")


class SideBySide:
    """Two tenants and some people whom both hold."""

    def __init__(self, before: View, after: View, people: People) -> None:
        self.before = before
        self.after = after
        self.people = people

    def same(self, rule: Rule, twin: Rule) -> People:
        """The people for whom the two rules are one: the same demand under conditions that look at the same facts."""
        if not _asks_the_same(rule, twin):
            return NOBODY
        different: set[UserId] = set()
        for condition in rule.conditions:
            found = self._different(condition)
            if found is self.people:
                return NOBODY
            different |= found
        return self.people - different if different else self.people

    def _different(self, condition: Condition) -> People:
        """The people for whom the condition might look at different facts."""
        one, two = self.before.tenant, self.after.tenant
        match condition:
            case (
                ClientApps()
                | Platforms()
                | Flows()
                | DeviceFilter()
                | Risk()
                | UserActions()
                | Contexts()
                | AtResource()
                | AtUserAction()
                | ModernClient()
                | LegacyClientWithPassword()
                | LegacyClient()
                | ToResource()
                | AzureManagement()
                | Person()
                | Portals()
            ):
                return NOBODY
            case AskedAtModernClients():
                return self._states
            case AskedForStrength():
                return self._accounts
            case CutOffFromLegacy():
                return self._states | self._registrations
            case OutsideTrustedIps():
                return self._all_if(trusted_ips(one.mfa_settings) != trusted_ips(two.mfa_settings))
            case Applications(resources):
                return self._all_if(
                    resources_seen(resources, self.before) != resources_seen(resources, self.after)
                )
            case Locations(places):
                return self._all_if(_places(places, one) != _places(places, two))
            case Users(whom):
                return self._by_scope(whom.include) | self._by_scope(whom.exclude) | self._agents
            case Workloads(asked, whom):
                found = self._anything if asked.unrecognised else self._agents
                return found | self._by_scope(whom.include) | self._by_scope(whom.exclude)
            case MayBeOn(why):
                return self._all_if(why == SETTLING)
            case Protected():
                return self._by_scope(UserScope(roles=(SYNCHRONISATION,)))
            case Administrator():
                return self._by_scope(UserScope(roles=tuple(ROLES))) | self._narrower
            case Perhaps(phase):
                return self._all_if(not phase.lasts(one.taken_at, two.taken_at))
            case Unmodelled() | Discretion():
                return self._anything
        return self.people

    def _all_if(self, different: bool) -> People:
        return self.people if different else NOBODY

    def _by_scope(self, scope: UserScope) -> People:
        found = NOBODY
        for group in scope.groups:
            if not (self._one_directory and self.before.is_known(group)):
                one = self.before.membership(group)
                found |= self._within(one, one if self._one_directory else self.after.membership(group))
        for role in scope.roles:
            found |= self._within(self.before.holders(role), self.after.holders(role))
        for kinds in scope.externals:
            found |= self._from_outside
            if ExternalKind.DIRECT_CONNECT in kinds.kinds:
                found |= self._all_if(self.before.tenant.cross_tenant != self.after.tenant.cross_tenant)
        if scope.unrecognised or not all(map(is_guid, scope.roles)):
            found |= self._anything
        return found

    @cached_property
    def _one_directory(self) -> bool:
        """Whether both hold the very same people and groups, so that nothing differs of a group of which all is known."""
        one, two = self.before.tenant, self.after.tenant
        return one.groups is two.groups and one.users is two.users

    def _within(self, one: Membership, two: Membership) -> People:
        """For whom a group, or a role, might not be the same."""
        if one.unknown != two.unknown:
            return self.people
        moved = () if one is two else one.people.keys() ^ two.people.keys()
        changed = _among(self.people, frozenset(moved), one.unsettled | two.unsettled)
        return changed | self._moved if one.unknown else changed

    @cached_property
    def _anything(self) -> People:
        """For whom a condition that may look at anything might look at something different."""
        if _everything(self.before.tenant) != _everything(self.after.tenant):
            return self.people
        return self._moved | self._accounts

    @cached_property
    def _narrower(self) -> People:
        """Whose administrators' roles at narrower scopes than the tenant might not be the same."""
        one, two = narrower(self.before), narrower(self.after)
        if one != two:
            return self.people
        groups = (
            GroupId(each.principal) for each in one if UserId(each.principal) not in self.before.tenant.users
        )
        return self._by_scope(UserScope(groups=tuple(groups)))

    @cached_property
    def _moved(self) -> People:
        """Whose place in the groups that both tenants hold might not be the same."""
        found = NOBODY
        for group in self.before.tenant.groups.keys() & self.after.tenant.groups.keys():
            one, two = self.before.membership(group), self.after.membership(group)
            if one.unknown != two.unknown:
                return self.people
            found |= _among(self.people, one.people.keys() ^ two.people.keys(), one.unsettled | two.unsettled)
        return found

    @cached_property
    def _accounts(self) -> People:
        """Whose account isn't the same, apart from per-user MFA, at which no policy looks."""
        return frozenset(p for p, was, now in self._changed_users if _account(was) != _account(now))

    @cached_property
    def _from_outside(self) -> People:
        """Whose account doesn't show the same kind of guest, or of none."""
        return frozenset(p for p, was, now in self._changed_users if facts_of(was) != facts_of(now))

    @cached_property
    def _agents(self) -> People:
        """Whose account is an agent's in one of them only."""
        one, two = self.before, self.after
        changed = (p for p, _, _ in self._changed_users)
        return frozenset(p for p in changed if is_agent(one, Principal(p)) != is_agent(two, Principal(p)))

    @cached_property
    def _changed_users(self) -> tuple[tuple[UserId, User | None, User | None], ...]:
        """The people of whom the two hold something different, and what."""
        one, two = self.before.tenant.users, self.after.tenant.users
        if one is two:
            return ()
        pairs = ((person, one.get(person), two.get(person)) for person in self.people)
        return tuple(each for each in pairs if each[1] is not each[2] and each[1] != each[2])

    @cached_property
    def _states(self) -> People:
        one, two = self.before.tenant.users, self.after.tenant.users
        if one is two:
            if NotRead not in set(map(type, map(_STATE, one.values()))):
                return NOBODY
            unsettled = (user.id for user in one.values() if user.per_user_mfa == SETTLING)
            return self.people.intersection(unsettled)
        found = []
        for person in self.people:
            before, after = one.get(person), two.get(person)
            was = _state(before)
            now = was if after is before else _state(after)
            is_one = was is now and not isinstance(was, NotRead)
            if not is_one and (was != now or SETTLING in (was, now)):
                found.append(person)
        return frozenset(found)

    @cached_property
    def _registrations(self) -> People:
        one, two = self.before.tenant.registrations, self.after.tenant.registrations
        if one is two:
            return NOBODY
        return frozenset(p for p in self.people if one.get(p) != two.get(p))


def _asks_the_same(rule: Rule, twin: Rule) -> bool:
    """Whether both ask for the same under the same conditions; a name and a session's lifetime are no part of that."""
    return (rule.conditions, rule.clauses, rule.enforced) == (twin.conditions, twin.clauses, twin.enforced)


def _among(people: People, *changed: Set[ObjectId]) -> People:
    return frozenset(UserId(each) for some in changed for each in some) & people


def _account(user: User | None) -> User | None:
    return None if user is None else replace(user, per_user_mfa=PerUserState.DISABLED)


def _state(user: User | None) -> PerUserMfa | None:
    return None if user is None else user.per_user_mfa


def _everything(tenant: Tenant) -> object:
    directory = (tenant.applications, tenant.role_assignments, tenant.strengths, tenant.cross_tenant)
    return (*_all_places(tenant), *directory)


def _all_places(tenant: Tenant) -> tuple[object, ...]:
    return (tenant.named_locations, unread_places(tenant), tenant.mfa_settings)


def _places(condition: LocationCondition, tenant: Tenant) -> object:
    """The places that the condition looks at; all, where who knows which."""
    if condition.include.unrecognised or condition.exclude.unrecognised:
        return _all_places(tenant)
    return looked_at(condition, tenant)
