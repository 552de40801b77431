"""A named location: Graph JSON to the model and back. Ranges of addresses are modelled; other kinds are kept whole.

LAW: `emit_named_location(parse_named_location(x))` is the normal form of `x`, and parsing what was emitted gives the same location.
A range that can't be read may hold any address, and so may a location of a kind that isn't modelled.
"""

from __future__ import annotations

import ipaddress

from perca.model import (
    IpNamedLocation,
    IpRange,
    LocationId,
    NamedLocation,
    OtherNamedLocation,
    Unrecognised,
    fold,
)
from perca.wire.kept import Spelling, keep, restored, spelling_of
from perca.wire.members import left_at, left_besides, names, pruned, spelled, take_text
from perca.wire.values import Json, JsonObject, JsonValue, check_depth

_TYPE = "@odata.type"
_GRAPH = "#microsoft.graph."
_IP = "ipNamedLocation"
_NAMES = names(
    "@odata.type id displayName isTrusted createdDateTime modifiedDateTime",
    ipRanges=names("@odata.type cidrAddress"),
)
_RANGE_TYPES = {4: f"{_GRAPH}iPv4CidrRange", 6: f"{_GRAPH}iPv6CidrRange"}


def parse_named_location(resource: Json) -> NamedLocation:
    """The named location that a Graph resource describes; without an id it has the empty one."""
    check_depth(resource, "the named location")
    whole, rest = spelled(resource, _NAMES), spelled(resource, _NAMES)
    ids = Spelling()
    kind = _take_kind(rest)
    identifier = LocationId(ids.read(take_text(rest, "id") or "") or "")
    name = take_text(rest, "displayName") or ""
    if kind != _IP:
        return OtherNamedLocation(identifier, name, kind, keep(pruned(rest, whole), ids))
    trusted = rest.get("isTrusted")
    if isinstance(trusted, bool):
        del rest["isTrusted"]
    ranges, unread = _take_ranges(rest)
    return IpNamedLocation(
        identifier,
        name,
        trusted if isinstance(trusted, bool) else None,
        ranges,
        (*unread, *left_besides(rest, _NAMES, "")),
        keep(pruned(rest, whole), ids),
    )


def emit_named_location(location: NamedLocation) -> Json:
    """The named location as a Graph resource in normal form; of one that we made, the body that creates it."""
    ids = spelling_of(location.kept)
    kind = location.kind if isinstance(location, OtherNamedLocation) else _IP
    built: JsonObject = {_TYPE: _GRAPH + kind} if kind else {}
    if location.id:
        built["id"] = ids.write(location.id)
    if location.display_name:
        built["displayName"] = location.display_name
    if isinstance(location, IpNamedLocation):
        if location.is_trusted is not None:
            built["isTrusted"] = location.is_trusted
        if location.ranges or all(part.where != "ipRanges" for part in location.unrecognised):
            built["ipRanges"] = [_range_json(each) for each in location.ranges]
    return restored(built, location.kept)


def is_range(text: str) -> bool:
    """Whether the text is an address range, as `IpRange` needs it."""
    try:
        ipaddress.ip_network(text, strict=False)
    except ValueError:
        return False
    return "%" not in text


def _take_kind(rest: JsonObject) -> str:
    """The type's name without its prefix; a location without a type that has ranges is one of ranges."""
    kind = rest.get(_TYPE)
    if kind is None and "ipRanges" in rest:
        rest.pop(_TYPE, None)
        return _IP
    if not isinstance(kind, str) or not kind.startswith(_GRAPH) or kind == _GRAPH:
        return ""
    del rest[_TYPE]
    name = kind.removeprefix(_GRAPH)
    return _IP if fold(name) == fold(_IP) else name


def _take_ranges(rest: JsonObject) -> tuple[tuple[IpRange, ...], tuple[Unrecognised, ...]]:
    ranges = rest.get("ipRanges")
    if not isinstance(ranges, list):
        return (), left_at(rest, "ipRanges", "") or (Unrecognised("ipRanges", "missing"),)
    read = [(each, _range(each)) for each in ranges]
    left = [each for each, known in read if known is None]
    if left:
        rest["ipRanges"] = left
    else:
        del rest["ipRanges"]
    return tuple(known for _, known in read if known is not None), left_at(rest, "ipRanges", "")


def _range(value: JsonValue) -> IpRange | None:
    """The range, if the object says a range and nothing else, and its type doesn't contradict it."""
    if not isinstance(value, dict) or not value.keys() <= {_TYPE, "cidrAddress"}:
        return None
    text, kind = value.get("cidrAddress"), value.get(_TYPE)
    if not isinstance(text, str) or not is_range(text):
        return None
    known = IpRange(text)
    typed = kind is None or (
        isinstance(kind, str) and fold(kind) == fold(_RANGE_TYPES[known.network.version])
    )
    return known if typed else None


def _range_json(known: IpRange) -> JsonValue:
    return {_TYPE: _RANGE_TYPES[known.network.version], "cidrAddress": known.text}
