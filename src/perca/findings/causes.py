"""Gaps: sign-ins of some people at which nothing requires MFA, each with what makes it: the exclusion, the narrow condition, or nobody's policy.

Regions that have the same cause are one finding, so that its id hangs on the cause alone. What isn't assessed is a finding, too, and names
the policies on which it hangs and what isn't known.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import reduce
from operator import or_

from perca.findings.finding import Finding, Kind, Severity, finding
from perca.findings.misses import Miss, Way, misses_at, misses_of_people, telling
from perca.model import PolicyId, Tenant, UserId
from perca.policy import Coordinate, Principal, rulebook
from perca.policy.conditional_access import PROVIDER
from perca.policy.per_user import SOURCE as PER_USER
from perca.policy.security_defaults import SYNCHRONISATION
from perca.prove import Inquiry, Verdict
from perca.prove.regions import Region, Regions, Side

NOBODY = "noPolicyIsAboutThem"
"""What a gap is about that no policy comes near."""
Parts = Iterator[tuple[tuple[Miss, ...], Region[Verdict]]]


def by_cause(
    asked: Inquiry[Verdict], tenant: Tenant, failing: Regions[Verdict], unclear: Regions[Verdict]
) -> Iterator[Finding]:
    """The gaps that these regions are, the largest first; and one that says so where there are more sign-ins than the regions hold."""
    causes: dict[tuple[str, ...], list[tuple[tuple[Miss, ...], Region[Verdict]]]] = {}
    for region in failing.regions:
        for misses, part in _parts(asked, tenant, region):
            about = tuple(sorted({token for miss in misses for token in miss.about})) or (NOBODY,)
            causes.setdefault(about, []).append((misses, part))
    for about, found in causes.items():
        yield _gap(tenant, about, found)
    yield from _unclear(tenant, unclear)
    if failing.rest:
        yield finding(Kind.MORE_GAPS, Severity.HIGH)
    if unclear.rest:
        yield finding(Kind.MORE_GAPS, Severity.HIGH, missing=("more than can be listed",))


def _gap(
    tenant: Tenant, about: tuple[str, ...], found: list[tuple[tuple[Miss, ...], Region[Verdict]]]
) -> Finding:
    regions = tuple(sorted((region for _, region in found), key=lambda each: -each.combinations))
    because = tuple(dict.fromkeys(miss for misses, _ in found for miss in misses))
    people = _in_order(tenant, (person for region in regions for person in region.people))
    return finding(
        Kind.GAP,
        _severity(tenant, people, regions),
        *about,
        people=people,
        witness=regions[0].witness,
        policies=_policies(tenant, {miss.rule for miss in because}),
        regions=regions,
        because=_one_each(because),
    )


def _one_each(misses: tuple[Miss, ...]) -> tuple[Miss, ...]:
    """Each miss once, whatever the ways into its groups."""
    first: dict[tuple[str, ...], Miss] = {}
    for miss in misses:
        first.setdefault(tuple(miss.about), miss)
    return tuple(first.values())


def _unclear(tenant: Tenant, unclear: Regions[Verdict]) -> Iterator[Finding]:
    """What isn't assessed, by the rules on which it hangs."""
    hanging: dict[tuple[str, ...], list[Region[Verdict]]] = {}
    for region in unclear.regions:
        rules = [each.rule for each in region.witness.decision.rules if each.result == "unknown"]
        may = {rule.source.id for rule in rules if rule.enforced and rule.clauses}
        hanging.setdefault(tuple(sorted(may)), []).append(region)
    for about, regions in hanging.items():
        facts = (fact for region in regions for fact in region.witness.decision.missing)
        people = _in_order(tenant, (person for region in regions for person in region.people))
        yield finding(
            Kind.GAP,
            _severity(tenant, people, regions),
            *about,
            people=people,
            witness=regions[0].witness,
            policies=_policies(tenant, set(about)),
            regions=tuple(regions),
            missing=tuple(dict.fromkeys(facts)) or ("whether the policies that may apply do",),
        )


def _parts(asked: Inquiry[Verdict], tenant: Tenant, region: Region[Verdict]) -> Parts:
    """The region, cut by what makes it a gap for each of its people."""
    near = _Near(asked, tenant, region)
    by_cause: dict[tuple[Miss, ...], list[Principal]] = {}
    for value in region.sides[Coordinate.PRINCIPAL].values:
        assert isinstance(value, Principal)
        by_cause.setdefault(_one_each(near.misses(value)), []).append(value)
    for misses, who in by_cause.items():
        yield misses, region if len(by_cause) == 1 else _narrowed(asked, region, who)


def _narrowed(asked: Inquiry[Verdict], region: Region[Verdict], who: list[Principal]) -> Region[Verdict]:
    """The part of the region that these people have."""
    side = region.sides[Coordinate.PRINCIPAL]
    part = Side(tuple(who), (), len(who), side.of)
    shown = replace(region.witness.sign_in, user=who[0].user, external=who[0].external)
    return Region(
        region.label,
        asked.confirm(shown, region.label),
        {**region.sides, Coordinate.PRINCIPAL: part},
        region.combinations // side.weight * len(who),
    )


class _Near:
    """The rules that miss the region on one coordinate alone, and why; of those that miss it otherwise, only for whom they may apply."""

    def __init__(self, asked: Inquiry[Verdict], tenant: Tenant, region: Region[Verdict]) -> None:
        book = rulebook(tenant)
        held = {policy.id: policy for policy in tenant.policies}
        chosen = frozenset(region.sides[Coordinate.PRINCIPAL].values)
        self._about = {
            value: each.may
            for each in asked.space.axes[0].classes
            for value in each.values
            if value in chosen
        }
        self._elsewhere: list[tuple[int, tuple[Miss, ...]]] = []
        self._people: list[Mapping[UserId, Miss]] = []
        alive = _alive(asked, region)
        for position, column in enumerate(asked.space.columns):
            rule = column.rule
            missed = [coordinate for coordinate, rules in alive.items() if not rules >> position & 1]
            if len(missed) != 1 or rule.source.provider not in (PROVIDER, PER_USER.provider):
                continue
            policy = held.get(PolicyId(rule.source.id))
            if missed[0] is not Coordinate.PRINCIPAL:
                why = misses_at(book, rule, policy, missed[0], region.sides[missed[0]].values)
                self._elsewhere.append((position, why))
            elif rule.source != PER_USER:
                self._people.append(misses_of_people(book, rule, policy, region.people))

    def misses(self, who: Principal) -> tuple[Miss, ...]:
        """What makes the gap for that person; nothing where no policy is about them."""
        about = self._about[who]
        found = [miss for position, why in self._elsewhere if about >> position & 1 for miss in why]
        if who.user is not None:
            found += [each[who.user] for each in self._people]
        best = telling(found)
        return () if any(miss.way is Way.ABOUT_OTHERS for miss in best) else best


def _alive(asked: Inquiry[Verdict], region: Region[Verdict]) -> Mapping[Coordinate, int]:
    """For each coordinate the rules that may apply to some value of the region: a rule misses it all where its bit is missing."""
    found: dict[Coordinate, int] = {}
    for axis in asked.space.axes:
        chosen = frozenset(region.sides[axis.coordinate].values)
        inside = (each.may for each in axis.classes if each.values[0] in chosen)
        found[axis.coordinate] = reduce(or_, inside, 0)
    return found


def _severity(tenant: Tenant, people: tuple[UserId, ...], regions: Iterable[Region[Verdict]]) -> Severity:
    """Low where only accounts that are switched off or synchronise directories are concerned; medium from named places or devices alone."""
    book = rulebook(tenant)
    holders = {UserId(each) for each in book.holders(SYNCHRONISATION).people}
    attended = [
        each for each in people if tenant.users[each].account_enabled is not False and each not in holders
    ]
    outside = any(region.strangers for region in regions)
    if not attended and not outside:
        return Severity.LOW
    narrow = (Coordinate.NETWORK, Coordinate.DEVICE)
    if all(any(_is_narrow(region.sides[each]) for each in narrow) for region in regions):
        return Severity.MEDIUM
    return Severity.HIGH


def _is_narrow(side: Side) -> bool:
    return not side.is_everything and 2 * side.weight < side.of


def _policies(tenant: Tenant, rules: set[str]) -> tuple[PolicyId, ...]:
    return tuple(dict.fromkeys(policy.id for policy in tenant.policies if policy.id in rules))


def _in_order(tenant: Tenant, people: Iterable[UserId]) -> tuple[UserId, ...]:
    concerned = frozenset(people)
    return tuple(user for user in tenant.users if user in concerned)
