"""The locations condition: ranges, countries, networks, all trusted places, and every way of not knowing."""

from itertools import product
from typing import Any

import pytest

from perca.model import (
    MFA_TRUSTED_IPS,
    UNKNOWN_COUNTRY,
    Address,
    CompliantNetworkLocation,
    CountryLookup,
    CountryNamedLocation,
    IpRange,
    LocationCondition,
    LocationScope,
    MfaSettings,
    Missing,
    NotRead,
    OtherNamedLocation,
    PerUserState,
    Unrecognised,
)
from perca.policy import No, Unknown
from support.small import (
    AT_OFFICE,
    BRANCH,
    ELSEWHERE,
    OFFICE,
    SOMETHING,
    address,
    answer,
    applies,
    at,
    place,
    policy,
    sign_in,
    tenant,
    with_state,
)

ANYWHERE, TRUSTED = LocationScope(anywhere=True), LocationScope(all_trusted=True)
MFA_IPS = LocationScope(locations=(MFA_TRUSTED_IPS,))
NOWHERE, UNCLEAR = LocationScope(), LocationScope(unrecognised=(SOMETHING,))
THE_OFFICE = at(place(OFFICE, "198.51.100.0/24"))
TRUSTED_OFFICE = at(place(OFFICE, "198.51.100.0/24", trusted=True))


def named(*locations: str) -> LocationScope:
    return LocationScope(locations=locations)


def where(
    include: LocationScope,
    exclude: LocationScope = NOWHERE,
    from_: Address | None = AT_OFFICE,
    network: dict[str, Any] | None = None,
    **more: object,
) -> bool | None:
    """Whether a policy for those places applies to a sign-in from there."""
    condition = LocationCondition(include, exclude)
    return applies(tenant(policy(locations=condition), **more), sign_in(address=from_, **(network or {})))


def settings(ips: tuple[str, ...] | None = (), intranet: bool | None = False) -> MfaSettings:
    unknown = NotRead("not given")
    return MfaSettings(
        unknown if ips is None else tuple(map(IpRange, ips)), unknown if intranet is None else intranet
    )


def test_any_place_is_any_place_known_or_not() -> None:
    assert where(ANYWHERE)
    assert where(ANYWHERE, from_=None)


def test_a_policy_without_places_is_for_all() -> None:
    assert applies(tenant(policy()), sign_in(address=None))


def test_a_named_location_holds_its_ranges() -> None:
    assert where(named(OFFICE), named_locations=THE_OFFICE)
    assert where(named(OFFICE), from_=ELSEWHERE, named_locations=THE_OFFICE) is False


@pytest.mark.parametrize(
    ("text", "inside", "outside"),
    [
        ("198.51.100.77/24", "198.51.100.1", "198.51.101.0"),
        ("198.51.100.7/32", "198.51.100.7", "198.51.100.8"),
        ("2001:db8::1/64", "2001:db8::ffff", "2001:db8:0:1::"),
        ("0.0.0.0/0", "198.51.100.7", "2001:db8::1"),
        ("::/0", "2001:db8::1", "198.51.100.7"),
    ],
)
def test_ranges_drop_host_bits_and_keep_to_their_version(text: str, inside: str, outside: str) -> None:
    places = at(place(OFFICE, text))
    assert where(named(OFFICE), from_=address(inside), named_locations=places)
    assert where(named(OFFICE), from_=address(outside), named_locations=places) is False


def test_without_the_address_a_named_place_is_unknown() -> None:
    assert where(named(OFFICE), from_=None, named_locations=THE_OFFICE) is None
    assert where(ANYWHERE, named(OFFICE), from_=None, named_locations=THE_OFFICE) is None


def test_a_place_without_ranges_holds_nobody() -> None:
    assert where(named(OFFICE), from_=None, named_locations=at(place(OFFICE))) is False


def test_a_named_location_that_is_not_in_the_data_may_hold_any_address() -> None:
    assert where(named(BRANCH), named_locations=THE_OFFICE) is None
    assert where(ANYWHERE, named(BRANCH), named_locations=THE_OFFICE) is None
    assert where(named(OFFICE, BRANCH), named_locations=THE_OFFICE)


def test_an_address_in_its_other_spelling_is_the_same_address() -> None:
    """Else an IPv4 address could be in the office or not, by how a program happened to write it."""
    for text in ("::ffff:198.51.100.7", "::ffff:c633:6407"):
        assert where(named(OFFICE), from_=address(text), named_locations=THE_OFFICE)
        assert where(named(OFFICE), from_=address(text), named_locations=at(place(OFFICE, "::/0"))) is False
    for text in ("::198.51.100.7", "64:ff9b::198.51.100.7"):
        assert where(named(OFFICE), from_=address(text), named_locations=THE_OFFICE) is False


@pytest.mark.parametrize(
    ("ranges", "inside", "outside"),
    [
        (("198.51.100.0/25", "198.51.100.64/26", "198.51.100.128/32"), (0, 127, 128), (129, 255)),
        (("198.51.100.8/30", "198.51.100.0/30", "198.51.100.8/30"), (0, 3, 8, 11), (4, 7, 12)),
        (("198.51.100.9/32",), (9,), (8, 10)),
    ],
)
def test_ranges_may_overlap_touch_repeat_and_stand_in_any_order(
    ranges: tuple[str, ...], inside: tuple[int, ...], outside: tuple[int, ...]
) -> None:
    places = at(place(OFFICE, *ranges))
    for last in inside:
        assert where(named(OFFICE), from_=address(f"198.51.100.{last}"), named_locations=places)
    for last in outside:
        assert where(named(OFFICE), from_=address(f"198.51.100.{last}"), named_locations=places) is False


BY_ADDRESS, BY_GPS = CountryLookup.CLIENT_ADDRESS, CountryLookup.GPS


def home(
    *countries: str,
    unknown: bool | None = False,
    lookup: CountryLookup | None = BY_ADDRESS,
    unrecognised: tuple[Unrecognised, ...] = (),
) -> dict[str, Any]:
    """The office is a location made of countries."""
    held = CountryNamedLocation(OFFICE, "Home", frozenset(countries), unknown, lookup, unrecognised)
    return {"named_locations": {OFFICE: held}}


@pytest.mark.parametrize(
    ("country", "unknown", "expected"),
    [
        ("no", False, True),
        ("se", False, False),
        ("no", None, True),
        ("se", None, False),
        (UNKNOWN_COUNTRY, False, False),
        (UNKNOWN_COUNTRY, True, True),
        (UNKNOWN_COUNTRY, None, None),
        (None, False, None),
        (None, True, None),
    ],
)
def test_a_country_is_that_of_the_address(
    country: str | None, unknown: bool | None, expected: bool | None
) -> None:
    places, network = home("no", "dk", unknown=unknown), {"country": country}
    assert where(named(OFFICE), network=network, **places) is expected
    without = None if expected is None else not expected
    assert where(ANYWHERE, named(OFFICE), network=network, **places) is without


def test_the_address_itself_says_nothing_of_the_country() -> None:
    for from_ in (AT_OFFICE, ELSEWHERE, None):
        assert where(named(OFFICE), from_=from_, network={"country": "no"}, **home("no"))
        assert where(named(OFFICE), from_=from_, **home("no")) is None


def test_a_location_without_countries_holds_nobody() -> None:
    for lookup in (BY_ADDRESS, BY_GPS, None):
        assert where(named(OFFICE), **home(lookup=lookup)) is False
    assert where(named(OFFICE), network={"country": UNKNOWN_COUNTRY}, **home(unknown=True))


def test_a_country_by_gps_is_a_fact_that_nobody_tells() -> None:
    for country in ("no", "se", UNKNOWN_COUNTRY, None):
        assert where(named(OFFICE), network={"country": country}, **home("no", lookup=BY_GPS)) is None
        assert where(named(OFFICE), network={"country": country}, **home("no", lookup=None)) is None
    asked = tenant(
        policy(locations=LocationCondition(named(OFFICE))),
        **home("no", lookup=BY_GPS),
    )
    found = answer(asked, sign_in(country="no")).answer
    assert found == Unknown(("the GPS position of the sign-in, by which `Home` finds countries",))


def test_a_country_that_cannot_be_read_may_be_any() -> None:
    places = home("no", unrecognised=(SOMETHING,))
    assert where(named(OFFICE), network={"country": "se"}, **places) is None
    assert where(named(OFFICE), network={"country": "no"}, **places)


def test_a_country_is_never_a_trusted_place() -> None:
    assert where(TRUSTED, network={"country": "no"}, **home("no")) is False
    said = home("no", unrecognised=(Unrecognised("isTrusted", "true"),))
    assert where(TRUSTED, network={"country": "no"}, **said) is None, "unless it says something new"


def gsa(trusted: bool | None = False, unrecognised: tuple[Unrecognised, ...] = ()) -> dict[str, Any]:
    """The office is the compliant network."""
    return {"named_locations": {OFFICE: CompliantNetworkLocation(OFFICE, "Net", trusted, unrecognised)}}


@pytest.mark.parametrize(("through", "expected"), [(True, True), (False, False), (None, None)])
def test_the_compliant_network_is_told_by_the_request(through: bool | None, expected: bool | None) -> None:
    network = {"compliant_network": through}
    assert where(named(OFFICE), network=network, **gsa()) is expected
    assert where(TRUSTED, network=network, **gsa(trusted=True)) is expected
    assert where(TRUSTED, network=network, **gsa(trusted=False)) is False
    assert where(TRUSTED, network=network, **gsa(trusted=None)) is (False if through is False else None)


def test_another_compliant_network_may_hold_any_request() -> None:
    places = gsa(unrecognised=(SOMETHING,))
    assert where(named(OFFICE), network={"compliant_network": False}, **places) is None
    assert where(named(OFFICE), network={"compliant_network": True}, **places)


def test_a_kind_of_location_that_is_not_modelled_may_hold_any_address_and_be_trusted() -> None:
    novel = {OFFICE: OtherNamedLocation(OFFICE, "Home", "novelNamedLocation")}
    assert where(named(OFFICE), named_locations=novel) is None
    assert where(TRUSTED, named_locations=novel) is None


def test_a_trusted_range_inside_a_blocked_country() -> None:
    """Both are of the network: the exclusion of the one beats the inclusion of the other, and only where they meet."""
    branch = place(BRANCH, "198.51.100.0/24", trusted=True)
    places = {**home("no")["named_locations"], BRANCH: branch}
    for from_, country in product((AT_OFFICE, ELSEWHERE), ("no", "se")):
        for exclude in (named(BRANCH), TRUSTED):
            found = where(named(OFFICE), exclude, from_, network={"country": country}, named_locations=places)
            assert found is (from_ == ELSEWHERE and country == "no")


def test_a_range_that_cannot_be_read_may_hold_any_address() -> None:
    places = at(place(OFFICE, "198.51.100.0/24", unrecognised=(SOMETHING,)))
    assert where(named(OFFICE), from_=ELSEWHERE, named_locations=places) is None
    assert where(named(OFFICE), named_locations=places)


def test_all_trusted_is_every_place_marked_so_and_the_mfa_trusted_ips() -> None:
    assert where(TRUSTED, named_locations=TRUSTED_OFFICE)
    assert where(TRUSTED, named_locations=THE_OFFICE) is False
    assert where(TRUSTED, from_=ELSEWHERE, named_locations=TRUSTED_OFFICE) is False
    assert where(TRUSTED, mfa_settings=settings(("198.51.100.0/24",)))
    assert where(TRUSTED, from_=ELSEWHERE, mfa_settings=settings(("198.51.100.0/24",))) is False


def test_a_place_of_which_nobody_knows_whether_it_is_trusted() -> None:
    places = at(place(OFFICE, "198.51.100.0/24", trusted=None))
    assert where(TRUSTED, named_locations=places) is None
    assert where(TRUSTED, from_=ELSEWHERE, named_locations=places) is False
    assert where(ANYWHERE, TRUSTED, named_locations=places) is None


def test_all_trusted_with_settings_that_nobody_gave_may_be_anywhere() -> None:
    for unknown in (settings(None), settings((), None)):
        assert where(TRUSTED, from_=ELSEWHERE, mfa_settings=unknown) is None
        assert where(ANYWHERE, TRUSTED, from_=ELSEWHERE, mfa_settings=unknown) is None
        assert where(TRUSTED, named_locations=TRUSTED_OFFICE, mfa_settings=unknown)


@pytest.mark.parametrize(
    ("trusts", "claim", "expected"),
    [
        (True, True, True),
        (True, False, False),
        (True, None, None),
        (False, True, False),
        (False, False, False),
        (False, None, False),
        (None, True, None),
        (None, False, False),
        (None, None, None),
    ],
)
def test_the_claim_of_the_federated_intranet_counts_where_it_is_trusted(
    trusts: bool | None, claim: bool | None, expected: bool | None
) -> None:
    asked = {"from_": ELSEWHERE, "network": {"inside_corpnet": claim}, "mfa_settings": settings((), trusts)}
    assert where(TRUSTED, **asked) is expected
    assert where(MFA_IPS, **asked) is expected
    without = None if expected is None else not expected
    assert where(ANYWHERE, TRUSTED, **asked) is without
    enforced = with_state(PerUserState.ENFORCED, mfa_settings=asked["mfa_settings"])
    question = sign_in(address=ELSEWHERE, inside_corpnet=claim)
    assert applies(enforced, question, "perca:perUserMfa:modern") is without


def test_the_claim_lets_in_beside_ranges_that_nobody_told() -> None:
    inside = {"network": {"inside_corpnet": True}, "mfa_settings": settings(None, True)}
    assert where(TRUSTED, from_=ELSEWHERE, **inside)


def test_all_trusted_with_named_locations_that_nobody_read_may_be_anywhere() -> None:
    for what in (
        "identity/conditionalAccess/namedLocations",
        "namedLocations",
        "/v1.0/identity/conditionalaccess/NamedLocations/x",
    ):
        gap = {"missing": (Missing(what, "403"),)}
        assert where(TRUSTED, from_=ELSEWHERE, **gap) is None
        assert where(TRUSTED, named_locations=TRUSTED_OFFICE, **gap)
        assert where(named(OFFICE), named_locations=THE_OFFICE, **gap)
    assert where(TRUSTED, missing=(Missing("users", "403"),)) is False


def test_the_location_with_the_zero_id_is_the_mfa_trusted_ips() -> None:
    inside = settings(("198.51.100.0/24",))
    assert where(MFA_IPS, mfa_settings=inside)
    assert where(MFA_IPS, from_=ELSEWHERE, mfa_settings=inside) is False
    assert where(ANYWHERE, MFA_IPS, mfa_settings=inside) is False
    assert where(MFA_IPS, mfa_settings=settings(None)) is None
    assert where(MFA_IPS, from_=None, mfa_settings=inside) is None
    assert where(MFA_IPS, from_=None) is False


@pytest.mark.parametrize(
    ("include", "exclude", "expected"),
    [
        (ANYWHERE, named(OFFICE), False),
        (named(OFFICE), named(OFFICE), False),
        (UNCLEAR, NOWHERE, None),
        (UNCLEAR, named(OFFICE), False),
        (ANYWHERE, UNCLEAR, None),
        (LocationScope(anywhere=True, unrecognised=(SOMETHING,)), NOWHERE, True),
        (NOWHERE, NOWHERE, False),
    ],
)
def test_exclude_beats_include(include: LocationScope, exclude: LocationScope, expected: bool | None) -> None:
    assert where(include, exclude, named_locations=THE_OFFICE) is expected


def test_reasons_name_the_place() -> None:
    condition = LocationCondition(ANYWHERE, named(OFFICE))
    found = answer(
        tenant(policy(locations=condition), named_locations=THE_OFFICE), sign_in(address=AT_OFFICE)
    )
    assert found.answer == No(("excluded: in `Office`",), ("location",))
    unread = answer(tenant(policy(locations=condition)), sign_in(address=AT_OFFICE))
    assert unread.answer == Unknown(("named location `office` is not in the data",))
