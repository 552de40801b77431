"""The classes of each coordinate: values that no rule can tell apart, with the rules that they satisfy as two masks.

A table of `policy`'s conditions and of nothing else: `must` holds the rules whose conditions on this coordinate certainly hold,
`may` those whose conditions might. The rules that apply to a sign-in are the AND of its classes' masks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from perca.model import NATIVE, NO_CONTEXT, ClientApp, Credential, Flow, Platform, Scopes
from perca.policy import IMPOSSIBLE, RULED_OUT_BY, Channel, Coordinate, No, Principal, Target, Yes, impossible
from perca.policy.app_groups import EXCHANGE
from perca.space.alike import alike, together
from perca.space.columns import Check, Column, unchecked
from perca.space.devices import NO_DEVICE
from perca.space.networks import Area, areas, familiar
from perca.space.sorts import by_masks
from perca.space.universe import Universe

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


FEW = 50_000
"""So many pairs of a person and a rule are looked at one by one."""
Masks = tuple[int, int]
"""The rules that must, and those that may, apply."""


@dataclass(frozen=True, slots=True)
class Class:
    """Values that no rule can tell apart, of networks as areas; how many there are, and their masks.

    `sample` is one of them to show people.
    """

    values: Sequence[object]
    weight: int
    must: int
    may: int
    sample: object
    cannot: int = IMPOSSIBLE
    """The impossibilities that they leave possible (`policy.possible`)."""

    def holds(self, value: object) -> bool:
        """Whether the value is one of them."""
        return value == self.sample or among(self.values, value)


def among(values: Iterable[object], value: object) -> bool:
    """Whether the value is one of them, or in one of the areas among them."""
    return any(value in each if isinstance(each, Area) else value == each for each in values)


class Weighed(Sequence[Class]):
    """Classes that know how many values they hold together, without being looked at one by one."""

    weight: int


@dataclass(frozen=True, slots=True)
class Axis:
    """A coordinate cut into classes."""

    coordinate: Coordinate
    classes: Sequence[Class]

    @property
    def weight(self) -> int:
        """How many raw values the coordinate has."""
        if isinstance(self.classes, Weighed):
            return self.classes.weight
        return sum(each.weight for each in self.classes)


@dataclass(frozen=True, slots=True)
class Space:
    """All axes in the order of the walk. `must` and `may` are what holds before any coordinate is looked at."""

    columns: tuple[Column, ...]
    axes: tuple[Axis, ...]
    must: int
    may: int


def space(
    columns: Sequence[Column], universe: Universe, *, only_with: int = -1, check: Check = unchecked
) -> Space:
    """The universe cut into classes by these rules.

    People to whom none of the columns in `only_with` may apply make one class without any rule: for questions that such people
    settle by that alone. What `check` raises comes through.
    """
    must, may = masks(columns, Coordinate.NOTHING, None)
    axes = tuple(_axis(coordinate, columns, universe, only_with, check) for coordinate in ORDER)
    return Space(tuple(columns), axes, must, may)


def masks(columns: Sequence[Column], coordinate: Coordinate, value: object) -> Masks:
    """The `must` and `may` masks of one value."""
    must = may = 0
    for position, column in enumerate(columns):
        answer = column.at(coordinate, value)
        if not isinstance(answer, No):
            may |= 1 << position
            if isinstance(answer, Yes):
                must |= 1 << position
    return must, may


def _axis(
    coordinate: Coordinate, columns: Sequence[Column], universe: Universe, only_with: int, check: Check
) -> Axis:
    check()
    if coordinate is Coordinate.NETWORK:
        return Axis(coordinate, tuple(of_networks(columns, universe, check)))
    if coordinate is Coordinate.PRINCIPAL:
        return Axis(coordinate, _people(columns, universe, only_with, check))
    found: Mapping[Masks, Sequence[object]]
    if coordinate is Coordinate.TARGET:
        found = by_masks(columns, universe.targets, check)
    else:
        found = _one_by_one(columns, coordinate, values_of(coordinate, universe), check)
    return Axis(coordinate, classes_of(coordinate, found))


def classes_of(coordinate: Coordinate, found: Mapping[Masks, Sequence[object]]) -> tuple[Class, ...]:
    """The classes of values by their masks, each with the value to show; those apart of which other combinations are impossible."""
    return tuple(_classes_of(coordinate, found))


def _classes_of(coordinate: Coordinate, found: Mapping[Masks, Sequence[object]]) -> Iterator[Class]:
    for key, values in found.items():
        if coordinate not in RULED_OUT_BY:
            yield Class(values, len(values), *key, sample=_familiar(coordinate, values))
            continue
        parts: dict[int, list[object]] = {}
        for value in values:
            parts.setdefault(impossible(coordinate, value), []).append(value)
        for cannot, some in parts.items():
            yield Class(tuple(some), len(some), *key, _familiar(coordinate, some), cannot)


def _one_by_one(
    columns: Sequence[Column],
    coordinate: Coordinate,
    values: Iterable[object],
    check: Check,
    only_with: int = -1,
) -> dict[Masks, Sequence[object]]:
    """The values by their masks, each looked at; without any rule where none of the columns in `only_with` may apply."""
    found: dict[Masks, list[object]] = {}
    groups = alike(columns, coordinate)
    first = [group for group in groups if group.mask & only_with]
    for value in values:
        check()
        idle = only_with >= 0 and not together(first, value)[1] & only_with
        found.setdefault((0, 0) if idle else together(groups, value), []).append(value)
    return {key: tuple(each) for key, each in found.items()}


def _people(columns: Sequence[Column], universe: Universe, only_with: int, check: Check) -> Sequence[Class]:
    """The classes of people; by whole sets of them where they are many, which `crowds` promises to come to the same."""
    at = Coordinate.PRINCIPAL
    if len(universe.people) * len(columns) <= FEW:
        return classes_of(at, _one_by_one(columns, at, universe.principals, check, only_with))
    from perca.space.crowds import crowds  # it needs numpy, which nobody waits for in vain

    return crowds(columns, universe.people, _strangers(columns, universe, only_with, check), only_with, check)


def _strangers(
    columns: Sequence[Column], universe: Universe, only_with: int, check: Check
) -> dict[Masks, Sequence[object]]:
    strangers = (Principal(None, each) for each in universe.strangers)
    return _one_by_one(columns, Coordinate.PRINCIPAL, strangers, check, only_with)


def of_networks(columns: Sequence[Column], universe: Universe, check: Check = unchecked) -> Iterator[Class]:
    """The classes of networks."""
    for key, found in areas(columns, universe, check).items():
        yield Class(found, sum(area.size for area in found), *key, sample=familiar(found))


def _familiar(coordinate: Coordinate, values: Sequence[object]) -> object:
    """The value to show: of channels the plainest; of targets Exchange, which every kind of client can reach."""
    if coordinate is Coordinate.CHANNEL:
        return min(values, key=_oddity)
    return MAIL if coordinate is Coordinate.TARGET and MAIL in values else values[0]


def plainest(axis: Axis, chosen: Sequence[int], otherwise: int) -> int:
    """Which of the chosen classes to show, by its place: the one with what people know best, else `otherwise`."""
    if axis.coordinate is Coordinate.CHANNEL:
        return min(chosen, key=lambda place: _oddity(axis.classes[place].sample))
    known = _KNOWN.get(axis.coordinate)
    return next((place for place in chosen if axis.classes[place].sample == known), otherwise)


MAIL = Target(EXCHANGE, scopes=Scopes.MORE, requester=NATIVE)
"""Exchange Online as people's own clients ask for it."""
_KNOWN = {Coordinate.TARGET: MAIL, Coordinate.DEVICE: NO_DEVICE, Coordinate.CONTEXT: NO_CONTEXT}
"""What every kind of client can reach, show or ask for."""


def _oddity(channel: object) -> tuple[bool, ...]:
    """The plainest channel is a password in a browser on Windows, in a session that began with no flow.

    Exchange ActiveSync comes last, for it reaches Exchange alone (concept-conditional-access-conditions, 06/2024).
    """
    assert isinstance(channel, Channel)
    return (
        channel.client is ClientApp.ACTIVE_SYNC,
        channel.flow is not Flow.NONE,
        channel.credential is not Credential.PASSWORD,
        channel.platform is not Platform.WINDOWS,
        channel.client is not ClientApp.BROWSER,
    )


def values_of(coordinate: Coordinate, universe: Universe) -> Sequence[object]:
    """The raw values of a coordinate that aren't people or networks."""
    match coordinate:
        case Coordinate.TARGET:
            return universe.targets
        case Coordinate.CONTEXT:
            return universe.contexts
        case Coordinate.DEVICE:
            return universe.devices
        case Coordinate.INSIDER_RISK:
            return universe.insider_risks
        case Coordinate.CHANNEL:
            return universe.channels
        case Coordinate.SIGN_IN_RISK:
            return universe.sign_in_risks
        case Coordinate.USER_RISK:
            return universe.user_risks
        case Coordinate.PRINCIPAL | Coordinate.NETWORK | Coordinate.NOTHING:
            return ()
