"""The locations condition: named ranges, all trusted places with the MFA trusted IPs, and every way of not knowing."""

import pytest

from perca.model import (
    MFA_TRUSTED_IPS,
    Address,
    IpRange,
    LocationCondition,
    LocationScope,
    MfaSettings,
    Missing,
    NotRead,
    OtherNamedLocation,
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
    **more: object,
) -> bool | None:
    """Whether a policy for those places applies to a sign-in from there."""
    condition = LocationCondition(include, exclude)
    return applies(tenant(policy(locations=condition), **more), sign_in(address=from_))


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


def test_a_kind_of_location_that_is_not_modelled_may_hold_any_address() -> None:
    countries = {OFFICE: OtherNamedLocation(OFFICE, "Home", "countryNamedLocation")}
    assert where(named(OFFICE), named_locations=countries) is None


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


def test_a_tenant_that_trusts_the_federated_intranet_may_trust_any_request() -> None:
    assert where(TRUSTED, from_=ELSEWHERE, mfa_settings=settings((), True)) is None


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
