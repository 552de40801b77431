"""Hiding what is known of a place, of the settings or of a request leaves an answer as it was or makes it unknown: never another."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from perca.model import (
    CompliantNetworkLocation,
    CountryNamedLocation,
    IpNamedLocation,
    LocationId,
    Missing,
    NamedLocation,
    NotRead,
    OtherNamedLocation,
    Tenant,
    Unrecognised,
)
from perca.policy import Answer, Network, Rule, Unknown
from perca.policy.conditional_access import rule_of
from perca.policy.directory import View
from perca.policy.locations import Locations
from perca.policy.per_user import OutsideTrustedIps
from perca.policy.reads import SideBySide
from support.places import NETWORKS, Dice
from support.small import ADA, policy

NUMBERS = range(20)
SECRET = NotRead("hidden")
SOME = NETWORKS[::3]


def hidden_places(tenant: Tenant) -> Iterator[Tenant]:
    for id, place in tenant.named_locations.items():
        others = {each: held for each, held in tenant.named_locations.items() if each != id}
        gap = Missing(f"identity/conditionalAccess/namedLocations/{id}", "hidden")
        yield replace(tenant, named_locations=others, missing=(*tenant.missing, gap))
        for less in hidden(id, place):
            yield replace(tenant, named_locations={**others, id: less})


def hidden(id: LocationId, place: NamedLocation) -> Iterator[NamedLocation]:
    """The place with one fact less."""
    yield OtherNamedLocation(id, "", "hidden")
    match place:
        case IpNamedLocation():
            yield replace(place, is_trusted=None)
            yield replace(place, ranges=place.ranges[1:], unrecognised=(Unrecognised("ipRanges", "hidden"),))
        case CountryNamedLocation():
            yield replace(place, include_unknown=None)
            yield replace(place, lookup=None)
            yield replace(
                place, countries=frozenset(), unrecognised=(Unrecognised("countriesAndRegions", "hidden"),)
            )
        case CompliantNetworkLocation():
            yield replace(place, is_trusted=None)


def hidden_settings(tenant: Tenant) -> Iterator[Tenant]:
    settings = tenant.mfa_settings
    yield replace(tenant, mfa_settings=replace(settings, trusted_ips=SECRET))
    yield replace(tenant, mfa_settings=replace(settings, trust_federated_intranet=SECRET))


def hidden_facts(at: Network) -> Iterator[Network]:
    yield replace(at, address=None)
    yield replace(at, country=None)
    yield replace(at, inside_corpnet=None)
    yield replace(at, compliant=None)


def answers(
    tenant: Tenant, condition: Locations | OutsideTrustedIps, asked: list[Network]
) -> list[type[Answer]]:
    view = View(tenant)
    return [type(condition.holds(view, at)) for at in asked]


def no_other(less: list[type[Answer]], more: list[type[Answer]]) -> int:
    """How many became unknown."""
    assert all(one in (two, Unknown) for one, two in zip(less, more, strict=True))
    return sum(one is not two for one, two in zip(less, more, strict=True))


@pytest.mark.parametrize("number", NUMBERS)
def test_hiding_data_of_the_tenant(number: int) -> None:
    dice = Dice(number)
    tenant, condition = dice.tenant(), Locations(dice.condition())
    asked = list(SOME)
    for less in (*hidden_places(tenant), *hidden_settings(tenant)):
        for each in (condition, OutsideTrustedIps(exempt_inside=True)):
            no_other(answers(less, each, asked), answers(tenant, each, asked))


@pytest.mark.parametrize("number", NUMBERS)
def test_hiding_facts_of_the_request(number: int) -> None:
    dice = Dice(number)
    tenant, condition = dice.tenant(), Locations(dice.condition())
    for at in SOME:
        for less in hidden_facts(at):
            for each in (condition, OutsideTrustedIps(exempt_inside=True)):
                no_other(answers(tenant, each, [less]), answers(tenant, each, [at]))


def edited(dice: Dice, tenant: Tenant) -> Tenant:
    """The tenant with some places changed, made or deleted, and perhaps other settings."""
    other = dice.tenant()
    places = {id: place for id, place in tenant.named_locations.items() if dice.random() < 0.8}
    places |= {id: place for id, place in other.named_locations.items() if dice.random() < 0.2}
    settings = other.mfa_settings if dice.random() < 0.3 else tenant.mfa_settings
    return replace(tenant, named_locations=places, mfa_settings=settings)


def hidden_in_both(before: Tenant, after: Tenant) -> Iterator[tuple[Tenant, Tenant]]:
    """The two with one thing hidden that both share."""
    yield before, after
    if before.mfa_settings == after.mfa_settings:
        yield from zip(hidden_settings(before), hidden_settings(after), strict=True)
    shared = [id for id, place in before.named_locations.items() if after.named_locations.get(id) == place]
    for id in shared:
        yield from zip(*(_without(each, id) for each in (before, after)), strict=True)


def _without(tenant: Tenant, id: LocationId) -> Iterator[Tenant]:
    alone = replace(tenant, named_locations={id: tenant.named_locations[id]})
    for less in hidden_places(alone):
        places = {each: held for each, held in tenant.named_locations.items() if each != id}
        yield replace(less, named_locations={**places, **less.named_locations})


def shared_unknowns(number: int) -> Iterator[tuple[Tenant, Tenant, Tenant, Tenant, Rule]]:
    dice = Dice(number)
    for _ in range(5):
        before = dice.tenant()
        after, rule = edited(dice, before), rule_of(policy(locations=dice.condition()), before)
        for one, two in hidden_in_both(before, after):
            if SideBySide(View(one), View(two), frozenset({ADA})).same(rule, rule):
                yield before, after, one, two, rule


@pytest.mark.parametrize("number", NUMBERS)
def test_what_counts_as_one_unknown_is_one(number: int) -> None:
    """Where `reads` says that a rule looks at the same in two tenants, it says the same in both, once what was hidden is known."""
    for before, after, _, _, rule in shared_unknowns(number):
        (condition,) = (each for each in rule.conditions if isinstance(each, Locations))
        assert answers(before, condition, list(SOME)) == answers(after, condition, list(SOME))


def test_unknowns_are_shared_between_tenants_that_differ() -> None:
    found = [
        condition.holds(View(two), at)
        for number in NUMBERS
        for before, after, _, two, rule in shared_unknowns(number)
        if before != after
        for condition in rule.conditions
        if isinstance(condition, Locations)
        for at in SOME[:4]
    ]
    assert sum(isinstance(each, Unknown) for each in found) > 100


def test_much_becomes_unknown() -> None:
    """The laws above would be empty otherwise."""
    lost = 0
    for number in NUMBERS:
        dice = Dice(number)
        tenant, condition = dice.tenant(), Locations(dice.condition())
        for less in hidden_places(tenant):
            lost += no_other(answers(less, condition, list(SOME)), answers(tenant, condition, list(SOME))) > 0
    assert lost > 40
