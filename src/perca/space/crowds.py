"""The classes of people, found with sets of people rather than one by one.

Each column cuts the people by the facts it looks at; `policy` is asked about one person of each part, and its answers cut the
classes. LAW: classes, their order and the order within them are those of asking about everybody (tests/laws).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from perca.model import UserId
from perca.policy import Coordinate, No, Principal, Yes
from perca.space.columns import Check, Column, unchecked
from perca.space.facts import facts_of
from perca.space.many import Many
from perca.space.partition import Partition
from perca.space.roster import Roster, roster

_NO, _MAYBE, _YES = 0, 1, 2


def crowds(
    columns: Sequence[Column],
    people: tuple[UserId, ...],
    others: Mapping[tuple[int, int], Sequence[object]],
    only_with: int = -1,
    check: Check = unchecked,
) -> Many:
    """The classes of the people, in the order of the first of each, with the others, who come after them.

    `only_with` and `check` are as for `space`.
    """
    made = Crowds(len(people), len(columns))
    rosters = {book: roster(book.tenant, people) for book in dict.fromkeys(column.book for column in columns)}
    for position, column in enumerate(columns):
        check()
        made.add(position, column, rosters[column.book])
    if only_with >= 0:
        made.drop(only_with)
    return made.classes(people, others)


class Crowds:
    """The people of a question, cut by one column after the other."""

    def __init__(self, people: int, columns: int) -> None:
        self._words = (columns + 63) // 64
        self.room = 64 * self._words
        """So many columns there may be."""
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

    def take_out(self, positions: int) -> None:
        """Takes back the columns with a bit in `positions`; who isn't told apart any more is one class."""
        kept = ~np.frombuffer(positions.to_bytes(8 * self._words, "little"), "<u8")
        rows = self._partition.rows
        rows &= np.tile(kept, 2)
        self._partition.join_equal()

    def drop(self, only_with: int) -> None:
        """Makes one class without any bits of those to whom none of these columns may apply."""
        wanted = np.frombuffer(only_with.to_bytes(8 * self._words, "little"), "<u8")
        rows = self._partition.rows
        idle = np.flatnonzero(~(rows[:, : self._words] & wanted).any(axis=1))
        rows[idle] = 0
        self._partition.join(idle)

    def classes(self, people: tuple[UserId, ...], others: Mapping[tuple[int, int], Sequence[object]]) -> Many:
        """The classes as they are now, with the others."""
        return Many(people, self._partition.copy(), others)


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
