"""A set of addresses: ranges put in order once, and asked by bisection afterwards.

An IPv4 address in its IPv6 form (`::ffff:192.0.2.1`, RFC 4291 2.5.5.2) is the same address, for no packet on the public internet comes
from there: the form only shows how a program wrote it down. Otherwise an address of one version is in no range of the other; that is
ours, FACTS.md section 2 is silent.
"""

from __future__ import annotations

import ipaddress
from bisect import bisect_right
from collections.abc import Iterable

from perca.model import Address, IpRange

Run = tuple[int, int]
"""The first and the last address of a run of one version."""


def plain(address: Address) -> Address:
    """The address, out of its IPv6 form if it is an IPv4 one."""
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return mapped or address


class Addresses:
    """The addresses of some ranges, as runs that neither touch nor overlap, by version."""

    def __init__(self, ranges: Iterable[IpRange]) -> None:
        self.ranges = tuple(ranges)
        self.runs = {version: _joined(self.ranges, version) for version in (4, 6)}
        self._starts = {version: [first for first, _ in runs] for version, runs in self.runs.items()}

    def holds(self, address: Address) -> bool:
        """Whether the address is one of them."""
        sought = plain(address)
        at = int(sought)
        before = bisect_right(self._starts[sought.version], at)
        return before > 0 and at <= self.runs[sought.version][before - 1][1]


def _joined(ranges: Iterable[IpRange], version: int) -> tuple[Run, ...]:
    networks = {each.network for each in ranges if each.network.version == version}
    joined: list[Run] = []
    for first, last in sorted((int(n.network_address), int(n.broadcast_address)) for n in networks):
        if joined and first <= joined[-1][1] + 1:
            joined[-1] = (joined[-1][0], max(joined[-1][1], last))
        else:
            joined.append((first, last))
    return tuple(joined)
