"""Ranges of addresses as Graph writes them in a named location: to the model and back.

A range that says more than its addresses, or that can't be read, is left where it is and named: it may hold any address.
"""

from __future__ import annotations

import ipaddress

from perca.model import IpRange, Unrecognised, fold
from perca.wire.members import left_at
from perca.wire.values import JsonObject, JsonValue, is_word

RANGES = "ipRanges"
_TYPE, _ADDRESS = "@odata.type", "cidrAddress"
_TYPES = {4: "#microsoft.graph.iPv4CidrRange", 6: "#microsoft.graph.iPv6CidrRange"}
_IPV4_WRITTEN_AS_6 = ipaddress.IPv6Network("::ffff:0:0/96")


def is_range(text: str) -> bool:
    """Whether the text is an address range, as `IpRange` needs it.

    Not a range of IPv4 addresses in their IPv6 form: whether anybody is in it depends on how the service writes addresses.
    """
    try:
        network = ipaddress.ip_network(text, strict=False)
    except ValueError:
        return False
    return "%" not in text and not (
        isinstance(network, ipaddress.IPv6Network) and network.subnet_of(_IPV4_WRITTEN_AS_6)
    )


def take_ranges(rest: JsonObject) -> tuple[tuple[IpRange, ...], tuple[Unrecognised, ...]]:
    """Takes the ranges that can be read out of a location; names the others, or that there is no list at all."""
    ranges = rest.get(RANGES)
    if not isinstance(ranges, list):
        return (), left_at(rest, RANGES, "") or (Unrecognised(RANGES, "missing"),)
    read = [(each, _range(each)) for each in ranges]
    left = [each for each, known in read if known is None]
    if left:
        rest[RANGES] = left
    else:
        del rest[RANGES]
    return tuple(known for _, known in read if known is not None), left_at(rest, RANGES, "")


def _range(value: JsonValue) -> IpRange | None:
    """The range, if the object says a range and nothing else, and its type doesn't contradict it."""
    if not isinstance(value, dict) or not value.keys() <= {_TYPE, _ADDRESS}:
        return None
    text, kind = value.get(_ADDRESS), value.get(_TYPE)
    if not isinstance(text, str) or not is_range(text):
        return None
    known = IpRange(text)
    typed = kind is None or is_word(kind, fold(_TYPES[known.network.version]))
    return known if typed else None


def ranges_json(ranges: tuple[IpRange, ...]) -> list[JsonValue]:
    """What `take_ranges` took."""
    return [{_TYPE: _TYPES[each.network.version], _ADDRESS: each.text} for each in ranges]
