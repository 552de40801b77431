"""The classes of each coordinate: values that no rule can tell apart, with the rules that they satisfy as two masks.

A table of `policy`'s conditions and of nothing else: `must` holds the rules whose conditions on this coordinate certainly hold,
`may` those whose conditions might. The rules that apply to a sign-in are the AND of its classes' masks.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product

from perca.model import MFA_TRUSTED_IPS, Flow, IpNamedLocation, IpRange, LocationId, NotRead, Tenant
from perca.model.places import Address
from perca.policy import Coordinate, Network, No, Yes
from perca.policy.locations import Locations
from perca.policy.per_user import OutsideTrustedIps
from perca.space.columns import Column
from perca.space.universe import Block, Universe

ORDER = (
    Coordinate.PRINCIPAL,
    Coordinate.CHANNEL,
    Coordinate.SIGN_IN_RISK,
    Coordinate.USER_RISK,
    Coordinate.INSIDER_RISK,
    Coordinate.DEVICE,
    Coordinate.NETWORK,
    Coordinate.CONTEXT,
    Coordinate.TARGET,
)
"""People first: the other way round blows up (measured on prototypes)."""


@dataclass(frozen=True, slots=True)
class Class:
    """Values that no rule can tell apart: some of them (all, but for addresses), how many there are, and their masks.

    `sample` is one of them to show people.
    """

    values: tuple[object, ...]
    weight: int
    must: int
    may: int
    sample: object


@dataclass(frozen=True, slots=True)
class Axis:
    """A coordinate cut into classes."""

    coordinate: Coordinate
    classes: tuple[Class, ...]

    @property
    def weight(self) -> int:
        """How many raw values the coordinate has."""
        return sum(each.weight for each in self.classes)


@dataclass(frozen=True, slots=True)
class Space:
    """All axes in the order of the walk. `must` and `may` are what holds before any coordinate is looked at."""

    columns: tuple[Column, ...]
    axes: tuple[Axis, ...]
    must: int
    may: int


def space(columns: Sequence[Column], universe: Universe, *, only_with: int = -1) -> Space:
    """The universe cut into classes by these rules.

    People to whom none of the columns in `only_with` may apply make one class without any rule: for questions that such people
    settle by that alone.
    """
    must = may = 0
    for position, column in enumerate(columns):
        answer = column.at(Coordinate.NOTHING, None)
        may |= (not isinstance(answer, No)) << position
        must |= isinstance(answer, Yes) << position
    axes = tuple(_axis(coordinate, columns, universe, only_with) for coordinate in ORDER)
    return Space(tuple(columns), axes, must, may)


def masks(columns: Sequence[Column], coordinate: Coordinate, value: object) -> tuple[int, int]:
    """The `must` and `may` masks of one value."""
    must = may = 0
    for position, column in enumerate(columns):
        answer = column.at(coordinate, value)
        if not isinstance(answer, No):
            may |= 1 << position
            if isinstance(answer, Yes):
                must |= 1 << position
    return must, may


def _axis(coordinate: Coordinate, columns: Sequence[Column], universe: Universe, only_with: int) -> Axis:
    found: dict[tuple[int, int], tuple[list[object], int]] = {}
    narrowed = coordinate is Coordinate.PRINCIPAL and only_with >= 0
    first = [column for position, column in enumerate(columns) if only_with >> position & 1]
    for value, weight in _values(coordinate, columns, universe):
        if narrowed and not masks(first, coordinate, value)[1]:
            key = (0, 0)
        else:
            key = masks(columns, coordinate, value)
        values, total = found.get(key, ([], 0))
        values.append(value)
        found[key] = (values, total + weight)
    shown = {masks(columns, coordinate, each): each for each in _familiar(coordinate, universe)}
    return Axis(
        coordinate,
        tuple(
            Class(tuple(values), total, *key, sample=shown.get(key, values[0]))
            for key, (values, total) in found.items()
        ),
    )


FAMILIAR = tuple(map(ipaddress.ip_address, ("192.0.2.1", "2001:db8::1", "198.51.100.1", "203.0.113.1")))
"""Addresses kept for documentation; where a class holds several, the last is shown."""


def _familiar(coordinate: Coordinate, universe: Universe) -> Iterator[object]:
    """The values to show, the most familiar last."""
    if coordinate is Coordinate.NETWORK:
        for address in FAMILIAR:
            if any(
                b.version == address.version and b.first <= int(address) <= b.last for b in universe.addresses
            ):
                yield from reversed([*_networks(address, universe)])
    elif coordinate is Coordinate.CHANNEL:
        yield from (each for each in universe.channels if each.flow is Flow.NONE)


def _values(
    coordinate: Coordinate, columns: Sequence[Column], universe: Universe
) -> Iterator[tuple[object, int]]:
    plain: Iterable[object]
    match coordinate:
        case Coordinate.NETWORK:
            for atom in _atoms(columns, universe.addresses):
                yield from ((each, atom.size) for each in _networks(_first(atom), universe))
            return
        case Coordinate.PRINCIPAL:
            plain = universe.principals
        case Coordinate.TARGET:
            plain = universe.targets
        case Coordinate.CONTEXT:
            plain = universe.contexts
        case Coordinate.DEVICE:
            plain = universe.devices
        case Coordinate.INSIDER_RISK:
            plain = universe.insider_risks
        case Coordinate.CHANNEL:
            plain = universe.channels
        case Coordinate.SIGN_IN_RISK:
            plain = universe.sign_in_risks
        case Coordinate.USER_RISK:
            plain = universe.user_risks
        case Coordinate.NOTHING:
            plain = ()
    yield from ((value, 1) for value in plain)


def _networks(address: Address, universe: Universe) -> Iterator[Network]:
    """The address in each country, with and without each claim."""
    for claims in product(universe.countries, universe.inside_corpnet, universe.compliant_network):
        yield Network(address, *claims)


def _first(atom: Block) -> Address:
    return ipaddress.IPv4Address(atom.first) if atom.version == 4 else ipaddress.IPv6Address(atom.first)


def _atoms(columns: Sequence[Column], blocks: Sequence[Block]) -> Iterator[Block]:
    """The blocks cut at both ends of every range that a rule looks at: no rule tells apart what is left."""
    cuts: set[tuple[int, int]] = set()
    for each in {ip_range for column in columns for ip_range in _ranges(column)}:
        cuts.add((each.network.version, int(each.network.network_address)))
        cuts.add((each.network.version, int(each.network.broadcast_address) + 1))
    for block in blocks:
        starts = sorted(
            at for version, at in cuts if version == block.version and block.first < at <= block.last
        )
        for first, after in zip([block.first, *starts], [*starts, block.last + 1], strict=True):
            yield Block(block.version, first, after - 1)


def _ranges(column: Column) -> Iterator[IpRange]:
    tenant = column.book.tenant
    for condition in column.rule.conditions:
        if isinstance(condition, OutsideTrustedIps):
            yield from _trusted_ips(tenant)
        elif isinstance(condition, Locations):
            for scope in (condition.condition.include, condition.condition.exclude):
                if scope.all_trusted or MFA_TRUSTED_IPS in scope.locations:
                    yield from _trusted_ips(tenant)
                named = list(tenant.named_locations) if scope.all_trusted else scope.locations
                yield from (each for location in named for each in _ranges_of(tenant, location))


def _trusted_ips(tenant: Tenant) -> tuple[IpRange, ...]:
    ranges = tenant.mfa_settings.trusted_ips
    return () if isinstance(ranges, NotRead) else ranges


def _ranges_of(tenant: Tenant, location: LocationId) -> tuple[IpRange, ...]:
    place = tenant.named_locations.get(location)
    return place.ranges if isinstance(place, IpNamedLocation) else ()
