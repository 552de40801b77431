"""Named locations: ranges and countries are read one by one; what can't be read of them is named, and may hold anything."""

from typing import Any

import pytest

from perca.model import (
    CompliantNetworkLocation,
    CountryLookup,
    CountryNamedLocation,
    IpNamedLocation,
    IpRange,
    LocationId,
    OtherNamedLocation,
    Unrecognised,
)
from perca.wire import emit_named_location, parse_named_location

A = "aaaaaaaa-0000-4000-8000-00000000000a"
OFFICE = {"@odata.type": "#microsoft.graph.iPv4CidrRange", "cidrAddress": "192.0.2.0/24"}
OFFICE_6 = {"@odata.type": "#microsoft.graph.iPv6CidrRange", "cidrAddress": "2001:db8::/48"}
IP: dict[str, Any] = {
    "@odata.type": "#microsoft.graph.ipNamedLocation",
    "id": A,
    "displayName": "Office",
    "isTrusted": True,
    "ipRanges": [OFFICE, OFFICE_6],
    "createdDateTime": "2026-01-01T00:00:00Z",
}


def test_ranges_are_read_and_written_back() -> None:
    read = parse_named_location(IP)
    assert isinstance(read, IpNamedLocation)
    assert read.ranges == (IpRange("192.0.2.0/24"), IpRange("2001:db8::/48"))
    assert (read.id, read.display_name, read.is_trusted, read.unrecognised) == (A, "Office", True, ())
    assert emit_named_location(read) == IP


def test_a_location_that_we_make_comes_back_as_it_was() -> None:
    for made in (
        IpNamedLocation(LocationId(A), "Office", None, (IpRange("192.0.2.1"),)),
        IpNamedLocation(LocationId(""), "Empty", False, ()),
        CountryNamedLocation(
            LocationId(A), "Home", frozenset({"no", "se"}), False, CountryLookup.CLIENT_ADDRESS
        ),
        CountryNamedLocation(LocationId(A), "Home", frozenset(), None, None),
        CompliantNetworkLocation(LocationId(A), "All Compliant Network Locations", True),
        CompliantNetworkLocation(LocationId(A), "", None),
        OtherNamedLocation(LocationId(A), "Novel", "novelNamedLocation"),
        OtherNamedLocation(LocationId("zz"), "Nothing", ""),
    ):
        assert parse_named_location(emit_named_location(made)) == made


def test_a_location_without_a_type_is_one_of_ranges_if_it_has_them() -> None:
    read = parse_named_location({"id": A, "ipRanges": [{"cidrAddress": "192.0.2.0/24"}]})
    assert isinstance(read, IpNamedLocation)
    assert read.is_trusted is None
    assert isinstance(parse_named_location({"id": A}), OtherNamedLocation)


@pytest.mark.parametrize(
    "wrong",
    [
        {**OFFICE, "cidrAddress": "192.0.2.0/33"},
        {**OFFICE, "@odata.type": OFFICE_6["@odata.type"]},
        {**OFFICE, "novel": 1},
        {**OFFICE_6, "cidrAddress": "::ffff:192.0.2.0/120"},
        {
            "@odata.type": "#microsoft.graph.iPv4Range",
            "lowerAddress": "192.0.2.1",
            "upperAddress": "192.0.2.9",
        },
        "192.0.2.0/24",
        None,
    ],
)
def test_a_range_that_can_not_be_read_is_named_and_kept(wrong: Any) -> None:
    resource = {**IP, "ipRanges": [wrong, OFFICE]}
    read = parse_named_location(resource)
    assert isinstance(read, IpNamedLocation)
    assert read.ranges == (IpRange("192.0.2.0/24"),)
    assert [part.where for part in read.unrecognised] == ["ipRanges"]
    assert emit_named_location(read) == {**IP, "ipRanges": [OFFICE, wrong]}


def test_missing_ranges_are_not_no_ranges() -> None:
    missing = parse_named_location({**IP, "ipRanges": None})
    none = parse_named_location({**IP, "ipRanges": []})
    assert isinstance(missing, IpNamedLocation)
    assert isinstance(none, IpNamedLocation)
    assert missing.unrecognised == (Unrecognised("ipRanges", "missing"),)
    assert none.unrecognised == ()


HOME: dict[str, Any] = {
    "@odata.type": "#microsoft.graph.countryNamedLocation",
    "id": A,
    "displayName": "Home",
    "countriesAndRegions": ["DE", "NO"],
    "includeUnknownCountriesAndRegions": False,
    "countryLookupMethod": "clientIpAddress",
    "createdDateTime": "2026-01-01T00:00:00Z",
}


def country(**other: Any) -> CountryNamedLocation:
    read = parse_named_location({**HOME, **other})
    assert isinstance(read, CountryNamedLocation)
    return read


def test_countries_are_read_and_written_back() -> None:
    read = country()
    assert (read.countries, read.include_unknown, read.unrecognised) == (frozenset({"de", "no"}), False, ())
    assert read.lookup is CountryLookup.CLIENT_ADDRESS
    assert emit_named_location(read) == HOME


def test_codes_compare_without_case_and_are_written_in_order() -> None:
    read = country(countriesAndRegions=["no", " De ", "NO"])
    assert read.countries == frozenset({"de", "no"})
    assert emit_named_location(read) == HOME


@pytest.mark.parametrize("wrong", ["Germany", "DEU", "ZZ", "D1", "ÅX", "", None, 7, {"code": "DE"}])
def test_a_country_that_can_not_be_read_is_named_and_kept(wrong: Any) -> None:
    read = country(countriesAndRegions=[wrong, "DE"])
    assert read.countries == frozenset({"de"})
    assert [part.where for part in read.unrecognised] == ["countriesAndRegions"]
    assert emit_named_location(read) == {**HOME, "countriesAndRegions": ["DE", wrong]}


def test_missing_countries_are_not_no_countries() -> None:
    assert country(countriesAndRegions=None).unrecognised == (Unrecognised("countriesAndRegions", "missing"),)
    assert country(countriesAndRegions=[]).unrecognised == ()


def test_what_a_country_location_does_not_say_is_not_known() -> None:
    """Graph has a default for each when a location is made; an export that leaves it out says nothing."""
    assert country(includeUnknownCountriesAndRegions=None).include_unknown is None
    assert country(countryLookupMethod=None).lookup is None
    assert country(countryLookupMethod="AUTHENTICATORAPPGPS").lookup is CountryLookup.GPS


def test_a_way_of_finding_the_country_that_nobody_knows_is_named() -> None:
    read = country(countryLookupMethod="starlight")
    assert read.lookup is None
    assert read.unrecognised == (Unrecognised("countryLookupMethod", "starlight"),)
    assert emit_named_location(read)["countryLookupMethod"] == "starlight"


def test_a_country_that_says_it_is_trusted_says_something_new() -> None:
    assert country(isTrusted=True).unrecognised == (Unrecognised("isTrusted", "true"),)
    assert country(isTrusted=False).unrecognised == ()
    assert emit_named_location(country(isTrusted=False)) == {**HOME, "isTrusted": False}


def test_members_of_another_kind_of_location_are_named() -> None:
    assert country(ipRanges=[OFFICE]).unrecognised != ()
    mixed = parse_named_location({**IP, "countriesAndRegions": ["DE"]})
    assert isinstance(mixed, IpNamedLocation)
    assert mixed.unrecognised == (Unrecognised("countriesAndRegions", '["DE"]'),)


def test_a_location_without_a_type_is_one_of_countries_if_it_has_them() -> None:
    assert isinstance(parse_named_location({"id": A, "countriesAndRegions": ["DE"]}), CountryNamedLocation)
    both = {"id": A, "countriesAndRegions": ["DE"], "ipRanges": [OFFICE]}
    assert isinstance(parse_named_location(both), IpNamedLocation)


def test_the_compliant_network_is_read_and_written_back() -> None:
    network = {
        "@odata.type": "#microsoft.graph.compliantNetworkNamedLocation",
        "id": A,
        "displayName": "All Compliant Network Locations",
        "isTrusted": False,
        "compliantNetworkType": "allTenantCompliantNetworks",
    }
    read = parse_named_location(network)
    assert isinstance(read, CompliantNetworkLocation)
    assert (read.is_trusted, read.unrecognised) == (False, ())
    assert emit_named_location(read) == network
    other = parse_named_location({**network, "compliantNetworkType": "someOfThem"})
    assert isinstance(other, CompliantNetworkLocation)
    assert other.unrecognised == (Unrecognised("compliantNetworkType", "someOfThem"),)


def test_a_location_of_another_kind_is_kept_whole() -> None:
    novel = {"@odata.type": "#microsoft.graph.novelNamedLocation", "id": A, "displayName": "x", "what": [1]}
    read = parse_named_location(novel)
    assert isinstance(read, OtherNamedLocation)
    assert read.kind == "novelNamedLocation"
    assert emit_named_location(read) == novel


def test_whether_a_place_is_trusted_is_unknown_unless_it_says_true_or_false() -> None:
    for value in (None, "true", 1):
        read = parse_named_location({**IP, "isTrusted": value})
        assert isinstance(read, IpNamedLocation)
        assert read.is_trusted is None
        assert emit_named_location(read)["isTrusted"] == value
