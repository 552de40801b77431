"""What policies name and the tenant doesn't have, or has empty: people, groups, applications, places, strengths.

Certain only where the list was read as a whole, or the service said of the one thing that it doesn't exist (404). Where a list isn't there at
all, that is told once, as not assessed. Source: FACTS.md 3.3: an id that is gone stays in the policy, and silently means nobody.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from perca.findings.finding import Finding, Kind, Severity, finding
from perca.model import (
    MFA_TRUSTED_IPS,
    ApplicationCondition,
    ConditionalAccessPolicy,
    CountryNamedLocation,
    GroupId,
    IpNamedLocation,
    NamedLocation,
    PolicyId,
    PolicyState,
    StrengthControl,
    Tenant,
    UserCondition,
    fold,
)
from perca.policy import rulebook
from perca.policy.admin_tools import APPS
from perca.policy.app_groups import GROUPS
from perca.policy.strengths import BUILT_IN

_MICROSOFTS = frozenset(app for each in GROUPS.values() for app in each.inside | each.outside) | APPS
"""Applications of Microsoft's that a tenant may use without an object of its own."""


@dataclass(frozen=True, slots=True)
class Named:
    """A list of the tenant, how `missing` calls it, and what a policy names of it."""

    what: str
    path: tuple[str, ...]
    held: Callable[[Tenant], Iterable[str]]
    ids: Callable[[ConditionalAccessPolicy], Iterable[str]]


def _users(policy: ConditionalAccessPolicy) -> Iterator[str]:
    if isinstance(policy.users, UserCondition):
        yield from (*policy.users.include.users, *policy.users.exclude.users)


def _groups(policy: ConditionalAccessPolicy) -> Iterator[str]:
    if isinstance(policy.users, UserCondition):
        yield from (*policy.users.include.groups, *policy.users.exclude.groups)


def _applications(policy: ConditionalAccessPolicy) -> Iterator[str]:
    if isinstance(policy.applications, ApplicationCondition):
        sides = (policy.applications.include, policy.applications.exclude)
        yield from (app for side in sides for app in side.apps if app not in _MICROSOFTS)


def _places(policy: ConditionalAccessPolicy) -> Iterator[str]:
    if policy.locations is not None:
        named = (*policy.locations.include.locations, *policy.locations.exclude.locations)
        yield from (place for place in named if place != MFA_TRUSTED_IPS)


def _strengths(policy: ConditionalAccessPolicy) -> Iterator[str]:
    controls = () if policy.grant is None else policy.grant.controls
    named = (each.strength for each in controls if isinstance(each, StrengthControl))
    yield from (each for each in named if each not in BUILT_IN)


LISTS = (
    Named("person", ("users",), lambda tenant: tenant.users, _users),
    Named("group", ("groups",), lambda tenant: tenant.groups, _groups),
    Named("application", ("serviceprincipals",), lambda tenant: tenant.applications, _applications),
    Named("named location", ("namedlocations",), lambda tenant: tenant.named_locations, _places),
    Named(
        "authentication strength",
        ("authenticationstrength", "authenticationstrengths"),
        lambda tenant: tenant.strengths,
        _strengths,
    ),
)


def dangling(tenant: Tenant) -> Iterator[Finding]:
    """What policies name that isn't there, and what is there and empty."""
    policies = [each for each in tenant.policies if each.state is not PolicyState.DISABLED]
    for each in LISTS:
        yield from _not_held(tenant, policies, each)
    yield from _empty(tenant, policies)


def _not_held(tenant: Tenant, policies: list[ConditionalAccessPolicy], asked: Named) -> Iterator[Finding]:
    held = frozenset(asked.held(tenant))
    naming = _naming(policies, asked.ids)
    absent = {id: by for id, by in naming.items() if id not in held}
    why = _unread(tenant, asked, held)
    unsure: list[PolicyId] = []
    for id, by in absent.items():
        if why is None or _is_gone(tenant, asked, id):
            yield finding(
                Kind.DANGLING, Severity.LOW, asked.what, id, policies=by, named=(f"{asked.what} {id}",)
            )
        else:
            unsure += by
    if unsure:
        fact = f"whether each {asked.what} that policies name exists: {why}"
        yield finding(
            Kind.DANGLING, Severity.LOW, asked.what, policies=tuple(dict.fromkeys(unsure)), missing=(fact,)
        )


def _naming(
    policies: Iterable[ConditionalAccessPolicy], ids: Callable[[ConditionalAccessPolicy], Iterable[str]]
) -> Mapping[str, tuple[PolicyId, ...]]:
    found: dict[str, dict[PolicyId, None]] = {}
    for policy in policies:
        for id in ids(policy):
            found.setdefault(id, {})[policy.id] = None
    return {id: tuple(by) for id, by in found.items()}


def _unread(tenant: Tenant, asked: Named, held: frozenset[str]) -> str | None:
    """Why the list may lack something; None where it was read as a whole."""
    for gap in tenant.missing:
        parts = _parts(gap.what)
        if any(part in asked.path for part in parts[-2:]) and parts[0] != "groups":
            return f"{gap.what} could not be read: {gap.why}"
        if parts == list(asked.path):
            return f"{gap.what} could not be read: {gap.why}"
        if parts[0] == asked.path[0] == "groups" and len(parts) == 2 and not _is_404(gap.why):
            return f"{gap.what} could not be read: {gap.why}"
    return None if held else "the data holds none"


def _parts(what: str) -> list[str]:
    parts = [part for part in fold(what).partition("?")[0].split("/") if part]
    return (parts[1:] if parts[:1] in (["v1.0"], ["beta"]) else parts) or [""]


def _is_gone(tenant: Tenant, asked: Named, id: str) -> bool:
    """Whether the service said of that one that it doesn't exist."""
    return any(_parts(gap.what) == [asked.path[0], id] and _is_404(gap.why) for gap in tenant.missing)


def _is_404(why: str) -> bool:
    return why.startswith("404")


def _empty(tenant: Tenant, policies: list[ConditionalAccessPolicy]) -> Iterator[Finding]:
    book = rulebook(tenant)
    for id, by in _naming(policies, _groups).items():
        group = tenant.groups.get(GroupId(id))
        if group is None:
            continue
        within = book.membership(group.id)
        if not within.people and not within.unsettled and not within.unknown:
            name = group.display_name or id
            yield finding(Kind.EMPTY_GROUP, Severity.LOW, id, policies=by, named=(name,))
    for id, by in _naming(policies, _places).items():
        place = next((each for key, each in tenant.named_locations.items() if key == id), None)
        if place is not None and _is_nowhere(place):
            name = place.display_name or id
            yield finding(Kind.EMPTY_PLACE, Severity.LOW, id, policies=by, named=(name,))


def _is_nowhere(place: NamedLocation) -> bool:
    match place:
        case IpNamedLocation(ranges=(), unrecognised=()):
            return True
        case CountryNamedLocation(unrecognised=(), include_unknown=False):
            return not place.countries
    return False
