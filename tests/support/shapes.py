"""What shapes a random tenant and its raw sign-ins hold: counted, so that no comparison passes for want of a shape.

A shape counts only where an enabled policy has it and the sign-ins hold a value that it is about.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import combinations

from perca.model import (
    GRAPH,
    UNKNOWN_COUNTRY,
    ApplicationScope,
    BuiltIn,
    CompliantNetworkLocation,
    ConditionalAccessPolicy,
    CountryNamedLocation,
    Filter,
    GroupId,
    IpNamedLocation,
    IpRange,
    LocationCondition,
    LocationScope,
    PerUserState,
    PolicyState,
    Scopes,
    StrengthControl,
    Tenant,
    TermsOfUse,
    Unrecognised,
    UserScope,
)
from perca.policy import Channel, Coordinate, Network, Target
from support import whole_names as names
from support.brute import Raw
from support.whole_filters import complement

Policy = ConditionalAccessPolicy


def shapes(tenant: Tenant, raw: Raw) -> frozenset[str]:
    """The names of the shapes that are there."""
    live = [each for each in tenant.policies if each.state is PolicyState.ENABLED]
    return frozenset(name for name, is_there in SHAPES.items() if is_there(tenant, live, raw))


def _complementary(tenant: Tenant, live: list[Policy], raw: Raw) -> bool:
    chosen = [each.device for each in live if each.device is not None]
    return _several(raw, Coordinate.DEVICE) and any(_opposite(*pair) for pair in combinations(chosen, 2))


def _opposite(one: Filter, two: Filter) -> bool:
    if one.mode is two.mode:
        return one.expression == complement(two.expression)
    return one.expression == two.expression


def _trusted_in_blocked(tenant: Tenant, live: list[Policy], raw: Raw) -> bool:
    """Some raw sign-in comes from a blocked country and from a trusted range that the block leaves out."""
    for each in live:
        if each.locations is not None and each.grant is not None and BuiltIn.BLOCK in each.grant.controls:
            lands = _countries(tenant, each.locations.include)
            ranges = _ranges(tenant, each.locations.exclude)
            if any(at.country in lands and _within(at, ranges) for at in _networks(raw)):
                return True
    return False


def _countries(tenant: Tenant, scope: LocationScope) -> frozenset[str]:
    held = [tenant.named_locations.get(each) for each in scope.locations]
    return frozenset(c for place in held if isinstance(place, CountryNamedLocation) for c in place.countries)


def _ranges(tenant: Tenant, scope: LocationScope) -> list[IpRange]:
    named = tenant.named_locations if scope.all_trusted else scope.locations
    held = [tenant.named_locations.get(each) for each in named]
    return [r for p in held if isinstance(p, IpNamedLocation) and p.is_trusted for r in p.ranges]


def _within(at: Network, ranges: list[IpRange]) -> bool:
    return at.address is not None and any(each.holds(at.address) for each in ranges)


def _unknown_country(tenant: Tenant, live: list[Policy], raw: Raw) -> bool:
    named = any(_countries(tenant, side) for each in live for side in _sides(each.locations))
    return named and any(at.country == UNKNOWN_COUNTRY for at in _networks(raw))


def _compliant_network(tenant: Tenant, live: list[Policy], raw: Raw) -> bool:
    named = any(names.GSA in side.locations for each in live for side in _sides(each.locations))
    held = isinstance(tenant.named_locations.get(names.GSA), CompliantNetworkLocation)
    return named and held and {at.compliant for at in _networks(raw)} == {False, True}


def _corpnet(tenant: Tenant, live: list[Policy], raw: Raw) -> bool:
    trusted = tenant.mfa_settings.trust_federated_intranet is True
    return trusted and {at.inside_corpnet for at in _networks(raw)} == {False, True}


def _overlapping(tenant: Tenant, live: list[Policy], raw: Raw) -> bool:
    """Three named ranges or more, of which two overlap at some raw address, and policies that look at places."""
    held = [p for p in tenant.named_locations.values() if isinstance(p, IpNamedLocation) and p.ranges]
    looked = any(each.locations is not None for each in live)
    at_once = (sum(_within(at, list(place.ranges)) for place in held) for at in _networks(raw))
    return looked and len(held) >= 3 and max(at_once) >= 2


def _guests(tenant: Tenant, live: list[Policy], raw: Raw) -> bool:
    return any(each.tenants is not None for scope in _people(live) for each in scope.externals)


def _strangers(tenant: Tenant, live: list[Policy], raw: Raw) -> bool:
    return any(each.user is None for each in raw.principals)


def _nested(tenant: Tenant, live: list[Policy], raw: Raw) -> bool:
    named = {group for scope in _people(live) for group in scope.groups}
    held = [tenant.groups[each].members for each in named if each in tenant.groups]
    return any(GroupId(m) in tenant.groups for some in held if isinstance(some, frozenset) for m in some)


def _unit_role(tenant: Tenant, live: list[Policy], raw: Raw) -> bool:
    if not isinstance(tenant.role_assignments, tuple):
        return False
    named = {role for scope in _people(live) for role in scope.roles}
    return any(each.role in named and each.scope == names.UNIT for each in tenant.role_assignments)


def _context(tenant: Tenant, live: list[Policy], raw: Raw) -> bool:
    return any(each & set(raw.values[Coordinate.CONTEXT]) for each in (a.contexts for a in _whats(live)))


def _action(tenant: Tenant, live: list[Policy], raw: Raw) -> bool:
    asked = {each.action for each in _targets(raw)}
    return any(each.actions & asked for each in _whats(live))


def _app_group(tenant: Tenant, live: list[Policy], raw: Raw) -> bool:
    return any(scope.groups for scope in _resources(live))


def _app_filter(tenant: Tenant, live: list[Policy], raw: Raw) -> bool:
    return any(scope.filter is not None for scope in _resources(live))


def _baseline(tenant: Tenant, live: list[Policy], raw: Raw) -> bool:
    leaks = any(each.include.everything and each.exclude != ApplicationScope() for each in _whats(live))
    return leaks and any(each.app == GRAPH and each.scopes is not Scopes.MORE for each in _targets(raw))


def _audiences(tenant: Tenant, live: list[Policy], raw: Raw) -> bool:
    return any(each.audiences for each in _targets(raw))


def _flow(tenant: Tenant, live: list[Policy], raw: Raw) -> bool:
    asked = {each.flow for each in raw.values[Coordinate.CHANNEL] if isinstance(each, Channel)}
    return any(each.flows.flows & asked for each in live)


def _insider(tenant: Tenant, live: list[Policy], raw: Raw) -> bool:
    return _several(raw, Coordinate.INSIDER_RISK) and any(each.insider_risk.levels for each in live)


def _strength(tenant: Tenant, live: list[Policy], raw: Raw) -> bool:
    return any(isinstance(control, StrengthControl) for control in _controls(live))


def _terms(tenant: Tenant, live: list[Policy], raw: Raw) -> bool:
    return any(isinstance(control, TermsOfUse) for control in _controls(live))


def _report_only(tenant: Tenant, live: list[Policy], raw: Raw) -> bool:
    return any(each.state is PolicyState.REPORT_ONLY for each in tenant.policies)


def _session_only(tenant: Tenant, live: list[Policy], raw: Raw) -> bool:
    return any(each.grant is None for each in live)


def _per_user(tenant: Tenant, live: list[Policy], raw: Raw) -> bool:
    states = {tenant.users[each.user].per_user_mfa for each in raw.principals if each.user is not None}
    return {PerUserState.ENABLED, PerUserState.ENFORCED} <= states


def _defaults(tenant: Tenant, live: list[Policy], raw: Raw) -> bool:
    return tenant.security_defaults is True


def _mandatory(tenant: Tenant, live: list[Policy], raw: Raw) -> bool:
    return any(each.app in (names.PORTAL, names.AZURE) for each in _targets(raw))


SHAPES: dict[str, Callable[[Tenant, list[Policy], Raw], bool]] = {
    "complementary device filters": _complementary,
    "a trusted range inside a blocked country": _trusted_in_blocked,
    "guests by type and tenant": _guests,
    "strangers": _strangers,
    "a nested group": _nested,
    "a role at a unit": _unit_role,
    "an authentication context": _context,
    "a user action": _action,
    "an app group": _app_group,
    "an app filter": _app_filter,
    "baseline scopes": _baseline,
    "several resources at once": _audiences,
    "an authentication flow": _flow,
    "insider risk": _insider,
    "the compliant network": _compliant_network,
    "the federated intranet": _corpnet,
    "overlapping ranges": _overlapping,
    "an unknown country": _unknown_country,
    "an authentication strength": _strength,
    "terms of use": _terms,
    "report-only": _report_only,
    "a session control alone": _session_only,
    "per-user MFA": _per_user,
    "an admin portal": _mandatory,
}
RARER: dict[str, Callable[[Tenant, list[Policy], Raw], bool]] = {"Security Defaults": _defaults}
"""No policy is on where Security Defaults are, so these tenants hold little else."""


def _several(raw: Raw, coordinate: Coordinate) -> bool:
    return len(raw.values[coordinate]) > 1


def _networks(raw: Raw) -> Iterator[Network]:
    return (each for each in raw.values[Coordinate.NETWORK] if isinstance(each, Network))


def _targets(raw: Raw) -> Iterator[Target]:
    return (each for each in raw.values[Coordinate.TARGET] if isinstance(each, Target))


def _sides(condition: LocationCondition | None) -> tuple[LocationScope, ...]:
    return () if condition is None else (condition.include, condition.exclude)


def _people(live: list[Policy]) -> Iterator[UserScope]:
    for each in live:
        if not isinstance(each.users, Unrecognised):
            yield from (each.users.include, each.users.exclude)


def _whats(live: list[Policy]) -> Iterator:
    return (each.applications for each in live if not isinstance(each.applications, Unrecognised))


def _resources(live: list[Policy]) -> Iterator[ApplicationScope]:
    return (side for each in _whats(live) for side in (each.include, each.exclude))


def _controls(live: list[Policy]) -> Iterator[object]:
    return (control for each in live if each.grant is not None for control in each.grant.controls)
