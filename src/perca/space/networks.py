"""The classes of the network: addresses, countries and claims at once, without a look at each of their combinations.

Addresses in the same sets are one patch, countries that no place tells apart one land, and so are claims that no rule looks at. A rule
is asked once for each combination of what it tells apart itself (`policy.sights` promises that this is enough); counts are exact.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import TypeVar

from perca.model import UNKNOWN_COUNTRY, Address
from perca.policy import Coordinate, Network, No, Yes
from perca.policy.addresses import Addresses
from perca.policy.sights import sights
from perca.space.columns import Check, Column, unchecked
from perca.space.patches import Block, patches
from perca.space.universe import Universe

T = TypeVar("T")

Claims = tuple[bool, bool]
"""Whether the request carries the intranet's claim, and whether it comes through the compliant network."""
Masks = tuple[int, int]
"""The columns that certainly match, and those that may."""
FAMILIAR = tuple(map(ipaddress.ip_address, ("192.0.2.1", "2001:db8::1", "198.51.100.1", "203.0.113.1")))
"""Addresses kept for documentation; where there are several, the last is shown."""
Kept = tuple[tuple[str, ...], tuple[Claims, ...]]


@dataclass(frozen=True, slots=True)
class Area:
    """A product of networks: each address of the blocks in each of the countries, with each of the pairs of claims."""

    blocks: tuple[Block, ...]
    countries: tuple[str, ...]
    claims: tuple[Claims, ...]

    @property
    def size(self) -> int:
        """How many networks there are."""
        return sum(block.size for block in self.blocks) * len(self.countries) * len(self.claims)

    def __contains__(self, at: object) -> bool:
        return (
            isinstance(at, Network)
            and at.country in self.countries
            and (at.inside_corpnet, at.compliant) in self.claims
            and any(at.address is not None and block.holds(at.address) for block in self.blocks)
        )

    def __iter__(self) -> Iterator[Network]:
        """The networks, of each block the first address."""
        for block, country, claims in product(self.blocks, self.countries, self.claims):
            yield Network(block.start, country, *claims)


def familiar(areas: Sequence[Area]) -> Network:
    """The network to show of some areas: without claims, at an address that people know, in no country in particular."""

    def network(area: Area) -> tuple[tuple[int, int, bool], Network]:
        claims = min(area.claims, key=sum)
        known = [at for at in FAMILIAR if any(block.holds(at) for block in area.blocks)]
        address = known[-1] if known else area.blocks[0].start
        country = UNKNOWN_COUNTRY if UNKNOWN_COUNTRY in area.countries else area.countries[0]
        rank = (sum(claims), -FAMILIAR.index(address) if known else 1, country != UNKNOWN_COUNTRY)
        return rank, Network(address, country, *claims)

    return min(map(network, areas), key=lambda found: found[0])[1]


def areas(
    columns: Sequence[Column], universe: Universe, check: Check = unchecked
) -> dict[Masks, tuple[Area, ...]]:
    """All networks of the universe, by the columns that match them."""
    groups = _alike(columns)
    seen = _Seen(groups)
    pairs = product(universe.inside_corpnet, universe.compliant_network)
    lands = _by(universe.countries, seen.lands)
    claims = _by(pairs, lambda pair: (pair[0] | pair[1] << 1) & seen.claims)
    found: dict[Masks, dict[Kept, list[Block]]] = {}
    for patch, blocks in patches(universe.addresses, seen.addresses).items():
        check()
        for masks, cells in _cells(groups, patch, blocks[0].start, lands, claims).items():
            boxes = found.setdefault(masks, {})
            for box in _boxes(cells, lands, claims):
                boxes.setdefault(box, []).extend(blocks)
    return {
        masks: tuple(Area(tuple(blocks), *box) for box, blocks in boxes.items())
        for masks, boxes in found.items()
    }


@dataclass(slots=True)
class _Group:
    """Columns with the same conditions on the network in the same tenant, and what these tell apart, in the bits of `_Seen`."""

    column: Column
    mask: int = 0
    patch: int = 0
    land: int = 0
    claims: int = 0
    answers: dict[tuple[int, int, int], Masks] = field(default_factory=dict)

    def at(self, patch: int, land: int, claims: int, network: Network) -> Masks:
        """Its columns there; the network is any one that these three stand for."""
        key = (patch & self.patch, land & self.land, claims & self.claims)
        found = self.answers.get(key)
        if found is None:
            answer = self.column.at(Coordinate.NETWORK, network)
            may = 0 if isinstance(answer, No) else self.mask
            found = self.answers[key] = (may if isinstance(answer, Yes) else 0, may)
        return found


def _alike(columns: Sequence[Column]) -> list[_Group]:
    groups: dict[object, _Group] = {}
    for position, column in enumerate(columns):
        conditions = [each for each in column.rule.conditions if each.coordinate is Coordinate.NETWORK]
        group = groups.setdefault((id(column.book), tuple(conditions)), _Group(column))
        group.mask |= 1 << position
    return list(groups.values())


class _Seen:
    """All that the groups look at: sets of addresses and of countries, each with its bit, and the two claims."""

    def __init__(self, groups: Iterable[_Group]) -> None:
        self.addresses: list[Addresses] = []
        self.claims = 0
        self._addresses: dict[object, int] = {}
        self._countries: dict[frozenset[str], int] = {}
        for group in groups:
            for condition in group.column.rule.conditions:
                of = sights(condition, group.column.book)
                group.patch |= sum({1 << self._bit(each) for each in of.addresses})
                for countries in of.countries:
                    group.land |= 1 << self._countries.setdefault(countries, len(self._countries))
                group.claims |= of.inside_corpnet | of.compliant << 1
            self.claims |= group.claims

    def _bit(self, addresses: Addresses) -> int:
        bit = self._addresses.setdefault((*addresses.runs.values(),), len(self.addresses))
        if bit == len(self.addresses):
            self.addresses.append(addresses)
        return bit

    def lands(self, country: str) -> int:
        """The sets of countries that hold it."""
        return sum(1 << bit for countries, bit in self._countries.items() if country in countries)


def _by(values: Iterable[T], key: Callable[[T], int]) -> dict[int, list[T]]:
    found: dict[int, list[T]] = {}
    for value in values:
        found.setdefault(key(value), []).append(value)
    return found


def _cells(
    groups: Sequence[_Group],
    patch: int,
    address: Address,
    lands: Mapping[int, list[str]],
    claims: Mapping[int, list[Claims]],
) -> dict[Masks, dict[int, list[int]]]:
    """The lands, by claims, that are alike in one patch."""
    wide = [group for group in groups if group.land]
    narrow = [group for group in groups if not group.land]
    found: dict[Masks, dict[int, list[int]]] = {}
    for claim, pairs in claims.items():
        base = _masks(narrow, patch, 0, claim, Network(address, None, *pairs[0]))
        for land, countries in lands.items():
            more = _masks(wide, patch, land, claim, Network(address, countries[0], *pairs[0]))
            masks = (base[0] | more[0], base[1] | more[1])
            found.setdefault(masks, {}).setdefault(claim, []).append(land)
    return found


def _masks(groups: Iterable[_Group], patch: int, land: int, claims: int, network: Network) -> Masks:
    must = may = 0
    for group in groups:
        sure, perhaps = group.at(patch, land, claims, network)
        must |= sure
        may |= perhaps
    return must, may


def _boxes(
    cells: Mapping[int, list[int]], lands: Mapping[int, list[str]], claims: Mapping[int, list[Claims]]
) -> Iterator[Kept]:
    """The cells as products: claims with the same lands together."""
    alike: dict[tuple[str, ...], list[Claims]] = {}
    for claim, here in cells.items():
        countries = tuple(country for land in here for country in lands[land])
        alike.setdefault(countries, []).extend(claims[claim])
    for countries, pairs in alike.items():
        yield countries, tuple(pairs)
