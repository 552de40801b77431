"""The classes of people, found with sets of people rather than one by one.

Each column cuts the people by the facts it looks at; `policy` is asked about one person of each part, and its answers cut the
classes. LAW: classes, their order and the order within them are those of asking about everybody (tests/laws).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import overload

import numpy as np
import numpy.typing as npt

from perca.model import UserId
from perca.policy import Coordinate, No, Principal, Yes
from perca.space.columns import Column
from perca.space.facts import facts_of
from perca.space.partition import Numbers, Partition
from perca.space.roster import Roster, roster

_NO, _MAYBE, _YES = 0, 1, 2


class People(Sequence[object]):
    """Some of a question's people, then others: each made a principal when it is looked at, so that a million take no room."""

    __slots__ = ("_numbers", "_others", "_people")

    def __init__(self, people: tuple[UserId, ...], numbers: Numbers, others: tuple[object, ...]) -> None:
        self._people = people
        self._numbers = numbers
        self._others = others

    def __len__(self) -> int:
        return len(self._numbers) + len(self._others)

    @overload
    def __getitem__(self, at: int) -> object: ...

    @overload
    def __getitem__(self, at: slice) -> tuple[object, ...]: ...

    def __getitem__(self, at: int | slice) -> object:
        if isinstance(at, slice):
            return tuple(self[n] for n in range(*at.indices(len(self))))
        at = range(len(self))[at]
        if at < len(self._numbers):
            return Principal(self._people[self._numbers[at]])
        return self._others[at - len(self._numbers)]

    def __iter__(self) -> Iterator[object]:
        for number in self._numbers.tolist():
            yield Principal(self._people[number])
        yield from self._others


def crowds(
    columns: Sequence[Column],
    people: tuple[UserId, ...],
    others: Mapping[tuple[int, int], Sequence[object]],
    only_with: int = -1,
) -> dict[tuple[int, int], Sequence[object]]:
    """The people by their masks, in the order of the first of each class, with the others, who come after them.

    `only_with` is as for `space`.
    """
    made = Crowds(len(people), len(columns))
    for position, column in enumerate(columns):
        made.add(position, column, roster(column.book.tenant, people))
    if only_with >= 0:
        made.drop(only_with)
    found: dict[tuple[int, int], Sequence[object]] = {
        key: People(people, numbers, tuple(others.get(key, ()))) for key, numbers in made.classes()
    }
    return found | {key: values for key, values in others.items() if key not in found}


class Crowds:
    """The people of a question, cut by one column after the other."""

    def __init__(self, people: int, columns: int) -> None:
        self._words = (columns + 63) // 64
        self._partition = Partition(people, 2 * self._words)

    def add(self, position: int, column: Column, roster: Roster) -> None:
        """Cuts the classes by what the column says of each; `position` is that of its bit."""
        said = answers(column, roster)
        word, bit = position >> 6, np.uint64(1 << (position & 63))
        may, must = [word], [self._words + word]
        if (said == _MAYBE).any():
            self._mark(said >= _MAYBE, may, bit)
            self._mark(said == _YES, must, bit)
        else:
            self._mark(said == _YES, may + must, bit)

    def _mark(self, some: npt.NDArray[np.bool_], words: list[int], bit: np.uint64) -> None:
        """Gives the bit to these people; the smaller side is cut out."""
        inverted = 2 * np.count_nonzero(some) > len(some)
        inside = self._partition.cut(np.flatnonzero(~some if inverted else some))
        rows = self._partition.rows
        for word in words:
            if inverted:
                rows[:, word] |= bit
                rows[inside, word] &= ~bit
            else:
                rows[inside, word] |= bit

    def drop(self, only_with: int) -> None:
        """Makes one class without any bits of those to whom none of these columns may apply."""
        wanted = np.frombuffer(only_with.to_bytes(8 * self._words, "little"), "<u8")
        rows = self._partition.rows
        idle = np.flatnonzero(~(rows[:, : self._words] & wanted).any(axis=1))
        rows[idle] = 0
        self._partition.join(idle)

    def classes(self) -> Iterator[tuple[tuple[int, int], Numbers]]:
        """Each class with its masks, in the order of their first people."""
        numbers, starts = self._partition.members()
        held = np.flatnonzero(self._partition.sizes)
        held = held[np.argsort(numbers[starts[held]], kind="stable")]
        rows = self._partition.rows[held].astype("<u8").tobytes()
        half = 8 * self._words
        for at, (start, stop) in enumerate(
            zip(starts[held].tolist(), starts[held + 1].tolist(), strict=True)
        ):
            may = rows[2 * half * at : half * (2 * at + 1)]
            must = rows[half * (2 * at + 1) : 2 * half * (at + 1)]
            yield (
                (int.from_bytes(must, "little"), int.from_bytes(may, "little")),
                numbers[start:stop],
            )


def answers(column: Column, roster: Roster) -> npt.NDArray[np.int8]:
    """What the column says of each person: no, perhaps or yes."""
    facts = facts_of(column.rule.conditions, column.book)
    if facts is None:
        return np.fromiter((_ask(column, each) for each in roster.people), np.int8, len(roster.people))
    cuts = [*roster.sets(facts), *roster.among(column.only), roster.alone]
    parts = Partition(len(roster.people))
    for some in cuts:
        parts.cut(some)
    ones = parts.one_of_each(cuts)
    ones[parts.of[roster.alone]] = -1
    sample = replace(column, book=roster.sampled(ones[ones >= 0].tolist()))
    said = [_NO if n < 0 else _ask(sample, roster.people[n]) for n in ones.tolist()]
    kinds = np.array(said, np.int8)
    if sum(map(len, cuts)) > len(roster.people):
        found = kinds.take(parts.of)
    else:  # most are in no set
        found = np.full(len(roster.people), kinds[0])
        for some in cuts:
            found[some] = kinds.take(parts.of.take(some))
    for number in roster.alone.tolist():
        found[number] = _ask(column, roster.people[number])
    return found


def _ask(column: Column, person: UserId) -> int:
    match column.at(Coordinate.PRINCIPAL, Principal(person)):
        case No():
            return _NO
        case Yes():
            return _YES
        case _:
            return _MAYBE
