"""A space that is kept while its rules change: each column has a bit for good, and only what an edit touches is asked about anew.

LAW: the classes are those that `space` makes of the same columns and universe, in the same order; a column's bit is where it is kept. Who
moves a space promises that the conditions that stay see the same facts as before, but for those on the coordinates named `fresh`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from perca.policy import Answer, Basis, Coordinate, No, Principal, Rule, Rulebook, Source
from perca.policy.directory import View
from perca.policy.rule import NOT_KNOWN
from perca.space.alike import Masks, alike, together
from perca.space.axes import ORDER, Axis, Class, Space, classes_of, masks, of_networks, values_of
from perca.space.columns import Column
from perca.space.crowds import Crowds
from perca.space.roster import roster
from perca.space.sorts import said
from perca.space.universe import Universe

ROOM = 64
"""So many more columns may come before everything is made anew."""
PRINCIPAL, NETWORK = Coordinate.PRINCIPAL, Coordinate.NETWORK


@dataclass(frozen=True, slots=True)
class Moved:
    """What an edit made of a space.

    `bits` are those of the columns that went or came; `last` is the place of the last axis whose values were made anew, or 0; for each
    axis after it, `places` says in which class now is what was in each before (None: in the same).
    """

    bits: int
    last: int
    places: tuple[tuple[int, ...] | None, ...]


class Kept:
    """The space of some columns, over people who stay the same."""

    def __init__(self, columns: Sequence[Column], universe: Universe) -> None:
        self._universe = universe
        self._slots = list(columns)
        self._free: list[int] = []
        self._people = Crowds(len(universe.people), len(columns) + ROOM)
        self._strangers = _Values(PRINCIPAL, _strangers(universe))
        self._others = {each: _Values(each, values_of(each, universe)) for each in _FINITE}
        self._put_in(columns, range(len(columns)))
        self._networks = tuple(of_networks(columns, universe))
        self.space = self._space()

    def move(
        self, columns: Sequence[Column], universe: Universe, fresh: frozenset[Coordinate] = frozenset()
    ) -> Moved | None:
        """Makes it the space of these columns, over the same people; None where there is no room left, and it must be made anew."""
        gone, new = self._turned(columns)
        taken = len(self._slots) - len(self._free) - len(gone)
        if taken + len(new) > self._people.room:
            return None
        before, changed = self.space, [*(self._slots[each] for each in gone), *new]
        out = self._take_out(gone)
        anew = self._become(universe, fresh)
        places = [self._place(column) for column in new]
        self._put_in(new, places)
        come = _bits(places)
        if NETWORK in anew or any(map(_looks_at_networks, changed)):
            anew.add(NETWORK)
            held = ~_bits(self._free)
            networks = of_networks(self._slots, universe)
            self._networks = tuple(replace(e, must=e.must & held, may=e.may & held) for e in networks)
        else:
            self._networks = tuple(
                replace(e, must=e.must & ~out | come, may=e.may & ~out | come) for e in self._networks
            )
        self.space = self._space()
        last = max(level for level, each in enumerate(ORDER) if not level or each in anew)
        return Moved(out | come, last, _moved(before, self.space, last))

    def _turned(self, columns: Sequence[Column]) -> tuple[list[int], list[Column]]:
        """The bits of the columns that go, and the columns that come; those that stay are read in their new tenant from now on."""
        held = {key: n for key, n in _named(self._slots) if n not in self._free}
        new: list[Column] = []
        gone: list[int] = []
        for key, n in _named(columns):
            at = held.pop(key, None)
            if at is not None and _is_same(self._slots[at], columns[n]):
                self._slots[at] = columns[n]
            else:
                new.append(columns[n])
                gone += () if at is None else (at,)
        return [*gone, *held.values()], new

    def _take_out(self, gone: Sequence[int]) -> int:
        """Takes these columns out of all axes but the networks'; returns their bits."""
        for each in gone:
            self._slots[each] = _nothing(self._slots[each].book)
        self._free += gone
        out = _bits(gone)
        if out:
            self._people.take_out(out)
            for axis in (self._strangers, *self._others.values()):
                axis.take_out(out)
        return out

    def _become(self, universe: Universe, fresh: frozenset[Coordinate]) -> set[Coordinate]:
        """Makes the values those of the universe; returns the coordinates on which they are others, or must be asked about anew."""
        stay = [each for n, each in enumerate(self._slots) if n not in self._free]
        bits = [1 << n for n in range(len(self._slots)) if n not in self._free]
        anew = set(fresh)
        for coordinate, axis in self._others.items():
            if axis.become(values_of(coordinate, universe), stay, bits, anew=coordinate in fresh):
                anew.add(coordinate)
        self._strangers.become(_strangers(universe), stay, bits, anew=PRINCIPAL in fresh)
        if universe.countries != self._universe.countries:
            anew.add(NETWORK)
        self._universe = universe
        return anew

    def _place(self, column: Column) -> int:
        """Gives the column a bit."""
        if self._free:
            at = self._free.pop()
            self._slots[at] = column
        else:
            at = len(self._slots)
            self._slots.append(column)
        return at

    def _put_in(self, columns: Sequence[Column], places: Sequence[int]) -> None:
        for column, at in zip(columns, places, strict=True):
            self._people.add(at, column, roster(column.book.tenant, self._universe.people))
        for axis in (self._strangers, *self._others.values()):
            axis.put_in(columns, [1 << at for at in places])

    def _space(self) -> Space:
        people = self._people.classes(self._universe.people, self._strangers.by_masks())
        axes: dict[Coordinate, Sequence[Class]] = {PRINCIPAL: people, NETWORK: self._networks}
        axes |= {each: axis.classes() for each, axis in self._others.items()}
        before = masks(self._slots, Coordinate.NOTHING, None)
        return Space(tuple(self._slots), tuple(Axis(each, axes[each]) for each in ORDER), *before)


_FINITE = tuple(each for each in ORDER if each not in (PRINCIPAL, NETWORK))


class _Values:
    """The values of one coordinate by the columns that must, and may, match them; sets of them have bit n for the nth."""

    def __init__(self, coordinate: Coordinate, values: Sequence[object]) -> None:
        self.coordinate = coordinate
        self.values = tuple(values)
        self._sets: dict[Masks, int] = {(0, 0): (1 << len(values)) - 1} if values else {}

    def take_out(self, bits: int) -> None:
        """Takes these columns out."""
        sets: dict[Masks, int] = {}
        for (must, may), some in self._sets.items():
            key = (must & ~bits, may & ~bits)
            sets[key] = sets.get(key, 0) | some
        self._sets = sets

    def become(
        self, values: Sequence[object], columns: Sequence[Column], bits: Sequence[int], *, anew: bool
    ) -> bool:
        """Takes these values for the old ones, of which the columns say what they said unless they are asked `anew`; whether any differ."""
        values = tuple(values)
        if values == self.values and not anew:
            return False
        known = {} if anew else {value: key for key, some in self.by_masks().items() for value in some}
        groups = alike(columns, self.coordinate)
        self._sets = {}
        for at, value in enumerate(values):
            key = known.get(value)
            if key is None:
                must, may = together(groups, value)
                key = (_spread(must, bits), _spread(may, bits))
            self._sets[key] = self._sets.get(key, 0) | 1 << at
        self.values = values
        return True

    def put_in(self, columns: Sequence[Column], bits: Sequence[int]) -> None:
        """Puts in columns, each with its bit."""
        for mask, sure, perhaps in self._said(columns):
            bit = _spread(mask, bits)
            sets: dict[Masks, int] = {}
            for (must, may), some in self._sets.items():
                sets |= {(must | bit, may | bit): some & sure, (must, may | bit): some & perhaps & ~sure}
                sets[must, may] = some & ~perhaps
            self._sets = {key: some for key, some in sets.items() if some}

    def _said(self, columns: Sequence[Column]) -> Iterator[tuple[int, int, int]]:
        """For columns that can't differ, by their positions, the values that they certainly match, and those that they may."""
        if self.coordinate is Coordinate.TARGET:
            yield from said(columns, self.values)  # type: ignore[arg-type]  # values of this coordinate are targets
            return
        for group in alike(columns, self.coordinate):
            sure = perhaps = 0
            for at, value in enumerate(self.values):
                must, may = group.masks(value)
                sure |= 1 << at if must else 0
                perhaps |= 1 << at if may else 0
            yield group.mask, sure, perhaps

    def by_masks(self) -> dict[Masks, Sequence[object]]:
        """The values by their masks, in their order."""
        sets = sorted(self._sets.items(), key=lambda each: each[1] & -each[1])
        return {key: tuple(self.values[at] for at in _places(some)) for key, some in sets}

    def classes(self) -> tuple[Class, ...]:
        """The classes of the values."""
        return classes_of(self.coordinate, self.by_masks())


@dataclass(frozen=True, slots=True)
class _Never:
    """Holds at no sign-in."""

    coordinate: Coordinate = Coordinate.NOTHING
    basis: Basis = NOT_KNOWN

    def holds(self, view: View, value: object) -> Answer:
        return No()


def _nothing(book: Rulebook) -> Column:
    """Stands where a bit is no column's."""
    return Column(Rule("", Source("", "", ""), (_Never(),), ()), book)


def _strangers(universe: Universe) -> tuple[Principal, ...]:
    return tuple(Principal(None, each) for each in universe.strangers)


def _named(columns: Iterable[Column]) -> Iterator[tuple[object, int]]:
    """What the columns of two tenants are told apart by, each with its place; one rule may have several of a side."""
    seen: Counter[object] = Counter()
    for n, column in enumerate(columns):
        key = (column.side, column.rule.key)
        seen[key] += 1
        yield (*key, seen[key]), n


def _is_same(one: Column, two: Column) -> bool:
    """Whether both say the same of each value, of tenants that hold the same facts."""
    return (one.rule.conditions, one.only) == (two.rule.conditions, two.only)


def _looks_at_networks(column: Column) -> bool:
    return any(each.coordinate is NETWORK for each in column.rule.conditions)


def _moved(before: Space, after: Space, last: int) -> tuple[tuple[int, ...] | None, ...]:
    """Where what was in each class is now, of the axes after the last that was made anew: their values are the same."""
    found: list[tuple[int, ...] | None] = []
    for level, (one, two) in enumerate(zip(before.axes, after.axes, strict=True)):
        if level <= last or one.coordinate is NETWORK:
            found.append(None)
            continue
        now = {value: at for at, each in enumerate(two.classes) for value in each.values}
        places = tuple(now[each.values[0]] for each in one.classes)
        found.append(None if places == tuple(range(len(places))) else places)
    return tuple(found)


def _bits(places: Iterable[int]) -> int:
    return sum(1 << each for each in places)


def _spread(mask: int, bits: Sequence[int]) -> int:
    """The bits of the columns at the positions in the mask."""
    return sum(bits[at] for at in _places(mask))


def _places(some: int) -> Iterator[int]:
    while some:
        lowest = some & -some
        yield lowest.bit_length() - 1
        some ^= lowest
