"""Addresses cut into patches: those that lie in the same sets, of all sets that rules look at.

One pass over the ends of all runs in order. An IPv4 address in its IPv6 form lies where the IPv4 address does (`policy.addresses`).
"""

from __future__ import annotations

import ipaddress
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from perca.model import Address
from perca.policy.addresses import Addresses

MAPPED = int(ipaddress.IPv6Address("::ffff:0:0"))
"""The first of the IPv6 forms of the IPv4 addresses."""
AFTER_MAPPED = MAPPED + 2**32


@dataclass(frozen=True, slots=True)
class Block:
    """A run of addresses of one version, both ends included."""

    version: int
    first: int
    last: int

    @property
    def size(self) -> int:
        """How many addresses there are."""
        return self.last - self.first + 1

    @property
    def start(self) -> Address:
        """The first address."""
        return (ipaddress.IPv4Address if self.version == 4 else ipaddress.IPv6Address)(self.first)

    def holds(self, address: Address) -> bool:
        """Whether the address is in it."""
        return self.version == address.version and self.first <= int(address) <= self.last


EVERYWHERE = (Block(4, 0, 2**32 - 1), Block(6, 0, MAPPED - 1), Block(6, AFTER_MAPPED, 2**128 - 1))
"""Each address once: the IPv6 forms of IPv4 addresses are left out."""


def patches(blocks: Sequence[Block], sets: Sequence[Addresses]) -> dict[int, list[Block]]:
    """The addresses of the blocks by the sets that hold them, as a mask: bit n for the nth set."""
    marks = {version: _marks(sets, version) for version in (4, 6)}
    found: dict[int, list[Block]] = {}
    for block in blocks:
        for version, shift, first, last in _spelled(block):
            for holders, start, end in _cut(*marks[version], first - shift, last - shift):
                found.setdefault(holders, []).append(Block(block.version, start + shift, end + shift))
    return found


def _marks(sets: Sequence[Addresses], version: int) -> tuple[list[int], list[int]]:
    """Where the sets that hold an address change, in order, and which they are from there on."""
    changes: dict[int, int] = {}
    for bit, addresses in enumerate(sets):
        for first, last in addresses.runs[version]:
            for at in (first, last + 1):
                changes[at] = changes.get(at, 0) ^ 1 << bit
    starts = sorted(changes)
    holders: list[int] = []
    for at in starts:
        holders.append((holders[-1] if holders else 0) ^ changes[at])
    return starts, holders


def _cut(starts: list[int], holders: list[int], first: int, last: int) -> Iterator[tuple[int, int, int]]:
    place = bisect_right(starts, first)
    while first <= last:
        end = min(starts[place] - 1, last) if place < len(starts) else last
        yield (holders[place - 1] if place else 0), first, end
        first, place = end + 1, place + 1


def _spelled(block: Block) -> Iterator[tuple[int, int, int, int]]:
    """The block in pieces, each with the version whose ranges hold it, and what to take off to get there."""
    if block.version == 4:
        yield 4, 0, block.first, block.last
        return
    pieces = (
        (6, 0, 0, MAPPED - 1),
        (4, MAPPED, MAPPED, AFTER_MAPPED - 1),
        (6, 0, AFTER_MAPPED, 2**128 - 1),
    )
    for version, shift, first, last in pieces:
        if block.first <= last and first <= block.last:
            yield version, shift, max(block.first, first), min(block.last, last)
