"""Addresses are counted one by one, both versions, in each country and with each claim, however ranges are written and overlap."""

from dataclasses import replace
from math import prod

import pytest

from perca.model import (
    NATIVE,
    BuiltIn,
    ClientApp,
    CompliantNetworkLocation,
    CountryLookup,
    CountryNamedLocation,
    IpRange,
    LocationCondition,
    LocationId,
    LocationScope,
    MfaSettings,
    PerUserState,
    Scopes,
    Tenant,
)
from perca.policy import Target
from perca.policy.app_groups import EXCHANGE
from perca.prove import always_mfa, never_weaker
from perca.space import Universe, universe_of
from support.small import ADA, BRANCH, MAIL, OFFICE, at, grant, place, policy, tenant, with_state

ANYWHERE, TRUSTED = LocationScope(anywhere=True), LocationScope(all_trusted=True)
ALL = 2**128
"""Every IPv4 address stands once, not in its IPv6 form again."""
AS_6 = 2**32


def named(*places: LocationId) -> LocationScope:
    return LocationScope(locations=places)


def over(asked: Tenant) -> Universe:
    """Ada's sign-ins to her mail."""
    return replace(
        universe_of(asked, people=[ADA]), targets=(Target(MAIL, scopes=Scopes.MORE, requester=NATIVE),)
    )


def share(asked: Tenant) -> tuple[int, int, int]:
    """How many of the networks fail and how many aren't assessed, of how many."""
    proof = always_mfa(asked, universe=over(asked))
    each, rest = divmod(proof.combinations, over(asked).sizes()["networks"])
    assert rest == 0
    return proof.failing // each, proof.unassessed // each, proof.combinations // each


@pytest.mark.parametrize(
    ("ranges", "inside"),
    [
        ((), 0),
        (("198.51.100.77/24",), 256),
        (("2001:db8::1/64",), 2**64),
        (("198.51.100.77/24", "2001:db8::1/64"), 256 + 2**64),
        (("198.51.100.0/24", "198.51.100.128/25", "198.51.100.9/32"), 256),
        (("198.51.100.0/25", "198.51.100.128/25"), 256),
        (("0.0.0.0/32", "255.255.255.255/32"), 2),
        (("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/128", "::/128"), 2),
        (("0.0.0.0/0",), 2**32),
        (("::/0",), ALL - AS_6),
        (("0.0.0.0/0", "::/0"), ALL),
    ],
)
def test_a_place_that_is_excluded_is_missing_by_exactly_its_addresses(
    ranges: tuple[str, ...], inside: int
) -> None:
    condition = LocationCondition(ANYWHERE, named(OFFICE))
    asked = tenant(policy(locations=condition), named_locations=at(place(OFFICE, *ranges)))
    assert share(asked) == (inside * 8, 0, ALL * 8)
    for witness in always_mfa(asked, universe=over(asked)).witnesses:
        assert any(IpRange(text).holds(witness.sign_in.address) for text in ranges)


def test_the_trusted_ips_cut_addresses_as_well() -> None:
    settings = MfaSettings((IpRange("198.51.100.7/30"),), False)
    before = with_state(PerUserState.ENFORCED)
    after = with_state(PerUserState.ENFORCED, mfa_settings=settings)
    asked = over(after)
    proof = never_weaker(before, after, universe=asked)
    each = prod(asked.sizes().values()) // (len(asked.channels) * ALL)
    legacy = [
        channel for channel in asked.channels if channel.client is not None and channel.client.is_legacy
    ]
    assert proof.failing == (len(asked.channels) - len(legacy)) * 4 * each, "modern clients are let off"
    assert EXCHANGE not in {target.app for target in asked.targets}
    others = [channel for channel in legacy if channel.client is ClientApp.OTHER]
    assert proof.unassessed == len(others) // 2 * 4 * each, "legacy ones with the ordinary password perhaps"


def test_a_request_from_the_trusted_intranet_is_let_off_from_any_address() -> None:
    trusting = MfaSettings((IpRange("198.51.100.7/30"),), True)
    asked = tenant(policy(locations=LocationCondition(ANYWHERE, TRUSTED)), mfa_settings=trusting)
    assert share(asked) == (ALL * 4 + 4 * 4, 0, ALL * 8)


def home(*countries: str, unknown: bool = False) -> CountryNamedLocation:
    return CountryNamedLocation(OFFICE, "Home", frozenset(countries), unknown, CountryLookup.CLIENT_ADDRESS)


@pytest.mark.parametrize(
    ("countries", "unknown", "inside", "of"),
    [(("no",), False, 1, 3), (("no", "se"), False, 2, 4), (("no",), True, 2, 3), ((), True, 1, 2)],
)
def test_countries_are_counted_by_those_that_are_named_one_more_and_none(
    countries: tuple[str, ...], unknown: bool, inside: int, of: int
) -> None:
    asked = tenant(
        policy(locations=LocationCondition(ANYWHERE, named(OFFICE))),
        named_locations={OFFICE: home(*countries, unknown=unknown)},
    )
    assert share(asked) == (ALL * inside * 4, 0, ALL * of * 4)


def test_a_trusted_range_inside_a_blocked_country() -> None:
    """The block leaves out exactly the range, and only in that country does anything need to be left out."""
    blocked = policy(locations=LocationCondition(named(OFFICE), TRUSTED), grant=grant(BuiltIn.BLOCK))
    branch = place(BRANCH, "198.51.100.0/24", "198.51.100.128/25", trusted=True)
    asked = tenant(blocked, named_locations={OFFICE: home("no", "se"), BRANCH: branch})
    assert share(asked) == (ALL * 4 * 4 - (ALL - 256) * 2 * 4, 0, ALL * 4 * 4)


def test_the_compliant_network_is_half_of_all_requests() -> None:
    network = CompliantNetworkLocation(OFFICE, "Net", False)
    asked = tenant(
        policy(locations=LocationCondition(ANYWHERE, named(OFFICE))), named_locations={OFFICE: network}
    )
    assert share(asked) == (ALL * 4, 0, ALL * 8)


def test_where_a_country_is_found_by_gps_nothing_is_assessed() -> None:
    by_gps = replace(home("no"), lookup=CountryLookup.GPS)
    asked = tenant(
        policy(locations=LocationCondition(ANYWHERE, named(OFFICE))), named_locations={OFFICE: by_gps}
    )
    assert share(asked) == (0, ALL * 3 * 4, ALL * 3 * 4)


def test_two_tenants_with_the_same_unknown_country_are_as_strong_as_each_other() -> None:
    by_gps = {OFFICE: replace(home("no"), lookup=CountryLookup.GPS)}
    about = policy(locations=LocationCondition(ANYWHERE, named(OFFICE)))
    before, after = tenant(about, named_locations=by_gps), tenant(about, named_locations=by_gps)
    assert never_weaker(before, after, universe=over(after)).holds is True
    moved = tenant(about, named_locations={OFFICE: replace(by_gps[OFFICE], countries=frozenset({"se"}))})
    assert never_weaker(before, moved, universe=over(moved)).holds is None
