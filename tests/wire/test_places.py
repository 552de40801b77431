"""Named locations: ranges are read one by one, other kinds are kept, and a range that can't be read may hold anything."""

from typing import Any

import pytest

from perca.model import IpNamedLocation, IpRange, LocationId, OtherNamedLocation, Unrecognised
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
        OtherNamedLocation(LocationId(A), "Countries", "countryNamedLocation"),
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


def test_a_location_of_another_kind_is_kept_whole() -> None:
    country = {
        "@odata.type": "#microsoft.graph.countryNamedLocation",
        "id": A,
        "displayName": "Here",
        "countriesAndRegions": ["DE"],
        "includeUnknownCountriesAndRegions": False,
    }
    read = parse_named_location(country)
    assert isinstance(read, OtherNamedLocation)
    assert read.kind == "countryNamedLocation"
    assert emit_named_location(read) == country


def test_whether_a_place_is_trusted_is_unknown_unless_it_says_true_or_false() -> None:
    for value in (None, "true", 1):
        read = parse_named_location({**IP, "isTrusted": value})
        assert isinstance(read, IpNamedLocation)
        assert read.is_trusted is None
        assert emit_named_location(read)["isTrusted"] == value
