"""A named location: Graph JSON to the model and back. Ranges, countries and the compliant network are modelled; other kinds are kept whole.

LAW: `emit_named_location(parse_named_location(x))` is the normal form of `x`, and parsing what was emitted gives the same location.
A range or a country that can't be read may hold any address, and so may a location of a kind that isn't modelled. What Graph takes
for granted when a location is made (`isTrusted` false, and so on) is not taken for granted of one that is read.
"""

from __future__ import annotations

import re

from perca.model import (
    NO_COUNTRY,
    CompliantNetworkLocation,
    CountryLookup,
    CountryNamedLocation,
    IpNamedLocation,
    LocationId,
    NamedLocation,
    OtherNamedLocation,
    Unrecognised,
    fold,
)
from perca.wire.kept import Spelling, keep, restored, spelling_of
from perca.wire.members import (
    left_at,
    left_besides,
    names,
    pruned,
    spelled,
    take_entries,
    take_text,
    take_word,
)
from perca.wire.ranges import RANGES, ranges_json, take_ranges
from perca.wire.values import Json, JsonObject, JsonValue, check_depth, is_word

_TYPE = "@odata.type"
_GRAPH = "#microsoft.graph."
_IP, _COUNTRY, _COMPLIANT = "ipNamedLocation", "countryNamedLocation", "compliantNetworkNamedLocation"
_KINDS = {fold(kind): kind for kind in (_IP, _COUNTRY, _COMPLIANT)}
_COUNTRIES = "countriesAndRegions"
_UNKNOWN, _LOOKUP, _NETWORK = (
    "includeUnknownCountriesAndRegions",
    "countryLookupMethod",
    "compliantNetworkType",
)
_NAMES = names(
    f"@odata.type id displayName isTrusted createdDateTime modifiedDateTime {_COUNTRIES} {_UNKNOWN} {_LOOKUP} {_NETWORK}",
    ipRanges=names("@odata.type cidrAddress"),
)
_OF_ANY_KIND = frozenset("@odata.type id displayName createdDateTime modifiedDateTime".split())
_LOOKUPS = {fold(each): each for each in CountryLookup}


def parse_named_location(resource: Json) -> NamedLocation:
    """The named location that a Graph resource describes; without an id it has the empty one."""
    check_depth(resource, "the named location")
    whole, rest = spelled(resource, _NAMES), spelled(resource, _NAMES)
    ids = Spelling()
    kind = _take_kind(rest)
    identifier = LocationId(ids.read(take_text(rest, "id") or "") or "")
    name = take_text(rest, "displayName") or ""
    match kind:
        case "ipNamedLocation":
            trusted = _take_flag(rest, "isTrusted")
            ranges, unread = take_ranges(rest)
            unread += _left(rest, "isTrusted", RANGES)
            return IpNamedLocation(identifier, name, trusted, ranges, unread, keep(pruned(rest, whole), ids))
        case "countryNamedLocation":
            untrusted = ["isTrusted"] * (rest.get("isTrusted") is False)  # which goes without saying
            include_unknown = _take_flag(rest, _UNKNOWN)
            lookup = take_word(rest, _LOOKUP, _LOOKUPS)
            countries, unread = _take_countries(rest)
            unread += (*left_at(rest, _LOOKUP, ""), *_left(rest, *untrusted, _UNKNOWN, _LOOKUP, _COUNTRIES))
            kept = keep(pruned(rest, whole), ids)
            return CountryNamedLocation(
                identifier, name, countries, include_unknown, lookup, tuple(unread), kept
            )
        case "compliantNetworkNamedLocation":
            trusted = _take_flag(rest, "isTrusted")
            unread = _left(rest, "isTrusted", *[_NETWORK] * _is_whole_network(rest))
            return CompliantNetworkLocation(identifier, name, trusted, unread, keep(pruned(rest, whole), ids))
    return OtherNamedLocation(identifier, name, kind, keep(pruned(rest, whole), ids))


def emit_named_location(location: NamedLocation) -> Json:
    """The named location as a Graph resource in normal form; of one that we made, the body that creates it."""
    ids = spelling_of(location.kept)
    kind = _kind_of(location)
    built: JsonObject = {_TYPE: _GRAPH + kind} if kind else {}
    if location.id:
        built["id"] = ids.write(location.id)
    if location.display_name:
        built["displayName"] = location.display_name
    match location:
        case IpNamedLocation() | CompliantNetworkLocation():
            _write(built, "isTrusted", location.is_trusted)
        case CountryNamedLocation():
            _write(built, _UNKNOWN, location.include_unknown)
            _write(built, _LOOKUP, location.lookup and location.lookup.value)
    if isinstance(location, IpNamedLocation) and _says(location, RANGES, bool(location.ranges)):
        built[RANGES] = ranges_json(location.ranges)
    if isinstance(location, CountryNamedLocation) and _says(location, _COUNTRIES, bool(location.countries)):
        built[_COUNTRIES] = [each.upper() for each in sorted(location.countries)]
    return restored(built, location.kept)


def _kind_of(location: NamedLocation) -> str:
    match location:
        case IpNamedLocation():
            return _IP
        case CountryNamedLocation():
            return _COUNTRY
        case CompliantNetworkLocation():
            return _COMPLIANT
        case OtherNamedLocation(kind=kind):
            return kind


def _write(built: JsonObject, name: str, value: JsonValue) -> None:
    if value is not None:
        built[name] = value


def _says(location: IpNamedLocation | CountryNamedLocation, name: str, holds_some: bool) -> bool:
    """Whether the location has a list of that name: one that holds nothing, or of which no part was read, is kept as it was."""
    return holds_some or all(part.where != name for part in location.unrecognised)


def is_country(code: str) -> bool:
    """Whether the folded text has the shape of a country's code."""
    return re.fullmatch("[a-z]{2}", code) is not None and code != NO_COUNTRY


def _take_kind(rest: JsonObject) -> str:
    """The type's name without its prefix; a location without a type is of ranges or of countries if it has them."""
    kind = rest.get(_TYPE)
    if kind is None and (RANGES in rest or _COUNTRIES in rest):
        rest.pop(_TYPE, None)
        return _IP if RANGES in rest else _COUNTRY
    if not isinstance(kind, str) or not kind.startswith(_GRAPH) or kind == _GRAPH:
        return ""
    del rest[_TYPE]
    name = kind.removeprefix(_GRAPH)
    return _KINDS.get(fold(name), name)


def _take_flag(rest: JsonObject, name: str) -> bool | None:
    value = rest.get(name)
    if not isinstance(value, bool):
        return None
    del rest[name]
    return value


def _left(rest: JsonObject, *known: str) -> tuple[Unrecognised, ...]:
    """What else the location says: something of another kind of location too."""
    return left_besides(rest, _OF_ANY_KIND.union(known), "")


def _is_whole_network(rest: JsonObject) -> bool:
    """Whether it is the one compliant network that there is, as far as it says."""
    kind = rest.get(_NETWORK)
    return kind is None or is_word(kind, "alltenantcompliantnetworks")


def _take_countries(rest: JsonObject) -> tuple[frozenset[str], tuple[Unrecognised, ...]]:
    if not isinstance(rest.get(_COUNTRIES), list):
        return frozenset(), left_at(rest, _COUNTRIES, "") or (Unrecognised(_COUNTRIES, "missing"),)
    if rest[_COUNTRIES] == []:
        del rest[_COUNTRIES]
        return frozenset(), ()
    codes = take_entries(rest, _COUNTRIES, lambda text: fold(text) if is_country(fold(text)) else None)
    return frozenset(codes), left_at(rest, _COUNTRIES, "")
