"""The smallest change of one policy that closes a gap: an exclusion dropped, clients added, a policy turned on, MFA required; or a policy
for exactly those people.

A repair is offered only when it is proved: MFA is required at all sign-ins of the gap, nothing anywhere is asked for less, and no
lock-out of the worst kind is found that wasn't there before. Where one of the three isn't certain there is no repair.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from perca.findings.finding import Finding, Kind, Remedy, Severity
from perca.findings.lockouts import lockouts
from perca.findings.misses import TRUSTED, Miss, Way
from perca.findings.near_misses import looking_like_cover
from perca.model import (
    ApplicationCondition,
    ApplicationScope,
    BuiltIn,
    ClientAppCondition,
    ConditionalAccessPolicy,
    ExternalKind,
    ExternalScope,
    Grant,
    Operator,
    PolicyId,
    PolicyState,
    Tenant,
    UserCondition,
    UserId,
    UserScope,
)
from perca.prove import Inquiry, Verdict, never_weaker
from perca.prove.walk import BudgetSpent
from perca.prove.within import asks_no_less, covers_region
from perca.space import Universe, at_user_actions

MOST_PEOPLE = 1_000
"""A new policy names at most so many people by id."""
MOST_REPAIRED = 20
"""So many gaps get a repair, the worst first: each is proved anew."""
Candidate = tuple[Remedy, ConditionalAccessPolicy]
REQUIRE_MFA = Grant(Operator.OR, (BuiltIn.MFA,))


@dataclass(frozen=True)
class Repairs:
    """What repairs are held against: the tenant as it is, the question that found the gaps, the emergency accounts."""

    tenant: Tenant
    asked: Inquiry[Verdict]
    emergency: tuple[UserId, ...] = ()

    def repaired(self, gap: Finding) -> Finding:
        """The gap with the first repair that is proved, or as it is."""
        if gap.kind is not Kind.GAP or not gap.assessed:
            return gap
        for remedy, policy in candidates(self.tenant, gap):
            if self.is_proved(gap, policy):
                return replace(gap, repair=policy, remedy=remedy)
        return gap

    def is_proved(self, gap: Finding, policy: ConditionalAccessPolicy) -> bool:
        """Whether the policy, in the place of the tenant's own or beside them, closes the gap, weakens nothing and locks nobody out."""
        after = changed(self.tenant, policy)
        if not all(covers_region(self.asked, region, after, policy.id) for region in gap.regions):
            return False
        return self._weakens_nothing(after, policy) and not self._worst(after) - self._before

    def _weakens_nothing(self, after: Tenant, policy: ConditionalAccessPolicy) -> bool:
        """Proved of everybody in the directory for the tenant as a whole; of people from outside, of whom nothing that is unknown
        cancels between two tenants, for the policy by itself."""
        everybody = _where(
            policy, replace(self.asked.universe, people=tuple(self.tenant.users), strangers=())
        )
        outside = _where(policy, replace(self.asked.universe, people=()))
        if never_weaker(self.tenant, after, universe=everybody).holds is not True:
            return False
        try:
            new = not policy.id or not outside.strangers
            return new or asks_no_less(self.tenant, after, policy.id, outside)
        except BudgetSpent:
            return False

    @cached_property
    def _before(self) -> frozenset[str]:
        return self._worst(self.tenant)

    def _worst(self, tenant: Tenant) -> frozenset[str]:
        if not tenant.users:
            return frozenset()
        found = lockouts(tenant, self.emergency)
        return frozenset(each.id for each in found if each.severity is Severity.HIGH)


def _where(policy: ConditionalAccessPolicy, over: Universe) -> Universe:
    """Where the policy may ask: at user actions, or at resources. Whether one on all resources reaches user actions, too, no repair
    changes: it asks for no less there if it does so at resources."""
    on_actions = (
        isinstance(policy.applications, ApplicationCondition) and policy.applications.is_about_actions
    )
    return at_user_actions(over) if on_actions else over


def changed(tenant: Tenant, policy: ConditionalAccessPolicy) -> Tenant:
    """The tenant with the policy in place of its own of that id; one without an id is new."""
    if not policy.id:
        return replace(tenant, policies=(*tenant.policies, policy))
    policies = tuple(policy if each.id == policy.id else each for each in tenant.policies)
    return replace(tenant, policies=policies)


def candidates(tenant: Tenant, gap: Finding) -> Iterator[Candidate]:
    """Policies that may close it, the smallest change first; none of them proved."""
    held = {policy.id: policy for policy in tenant.policies}
    for miss in gap.because:
        policy = held.get(PolicyId(miss.rule))
        if policy is not None:
            yield from _without(policy, miss, gap)
    for id, kind in looking_like_cover(tenant, gap):
        if kind in (Kind.REPORT_ONLY, Kind.TURNED_OFF):
            yield Remedy.TURN_ON, replace(held[id], state=PolicyState.ENABLED)
        else:
            yield from _requiring(held[id])
    if len(gap.people) <= MOST_PEOPLE:
        kinds = {each.kind for region in gap.regions for each in region.strangers}
        yield Remedy.NEW_POLICY, _new(gap.people, frozenset(kind for kind in kinds if kind is not None))


def _without(policy: ConditionalAccessPolicy, miss: Miss, gap: Finding) -> Iterator[Candidate]:
    out = frozenset(miss.entries)
    match miss.way, policy:
        case (
            Way.EXCLUDES_GROUP | Way.EXCLUDES_ROLE | Way.EXCLUDES_PERSON | Way.EXCLUDES_EXTERNALS,
            ConditionalAccessPolicy(users=UserCondition() as users),
        ):
            left = _scope_without(users.exclude, miss, frozenset(gap.people))
            yield Remedy.DROP_EXCLUSION, replace(policy, users=replace(users, exclude=left))
        case Way.EXCLUDES_PLATFORM, ConditionalAccessPolicy(platforms=platforms) if platforms is not None:
            kept = frozenset(each for each in platforms.exclude if each not in out)
            yield Remedy.DROP_EXCLUSION, replace(policy, platforms=replace(platforms, exclude=kept))
        case Way.EXCLUDES_PLACE, ConditionalAccessPolicy(locations=places) if places is not None:
            left_out = replace(
                places.exclude,
                all_trusted=places.exclude.all_trusted and TRUSTED not in out,
                locations=tuple(each for each in places.exclude.locations if each not in out),
            )
            yield Remedy.DROP_EXCLUSION, replace(policy, locations=replace(places, exclude=left_out))
        case Way.EXCLUDES_RESOURCE, ConditionalAccessPolicy(applications=ApplicationCondition() as resources):
            some = replace(
                resources.exclude,
                apps=tuple(each for each in resources.exclude.apps if each not in out),
                groups=frozenset(each for each in resources.exclude.groups if each not in out),
                filter=None if "filter" in out else resources.exclude.filter,
            )
            yield Remedy.DROP_EXCLUSION, replace(policy, applications=replace(resources, exclude=some))
        case Way.ONLY_CLIENTS, _:
            yield Remedy.ALL_CLIENTS, replace(policy, client_apps=ClientAppCondition())


def _scope_without(scope: UserScope, miss: Miss, people: frozenset[UserId]) -> UserScope:
    out = frozenset(miss.entries)
    match miss.way:
        case Way.EXCLUDES_GROUP:
            return replace(scope, groups=tuple(each for each in scope.groups if each not in out))
        case Way.EXCLUDES_ROLE:
            return replace(scope, roles=tuple(each for each in scope.roles if each not in out))
        case Way.EXCLUDES_EXTERNALS:
            return replace(
                scope, externals=tuple(e for e in scope.externals if "+".join(sorted(e.kinds)) not in out)
            )
    return replace(scope, users=tuple(each for each in scope.users if each not in people))


def _requiring(policy: ConditionalAccessPolicy) -> Iterator[Candidate]:
    """MFA in place of the choice; where that would ask for less, all of what stands there and MFA."""
    if policy.grant is not None:
        yield Remedy.REQUIRE_MFA, replace(policy, grant=REQUIRE_MFA)
        controls = tuple(dict.fromkeys((BuiltIn.MFA, *policy.grant.controls)))
        if policy.grant.operator is not Operator.OR or len(policy.grant.controls) == 1:
            yield Remedy.REQUIRE_MFA, replace(policy, grant=Grant(Operator.AND, controls))


def _new(people: Iterable[UserId], kinds: frozenset[ExternalKind]) -> ConditionalAccessPolicy:
    externals = (ExternalScope(kinds),) if kinds else ()
    return ConditionalAccessPolicy(
        id=PolicyId(""),
        display_name="Require MFA of people without cover",
        state=PolicyState.ENABLED,
        users=UserCondition(UserScope(users=tuple(people), externals=externals)),
        applications=ApplicationCondition(ApplicationScope(everything=True)),
        grant=REQUIRE_MFA,
    )
