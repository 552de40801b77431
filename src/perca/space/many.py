"""The classes of many people, as arrays: a class, and each of its people, is made when somebody looks at it.

So that a million people, in tens of thousands of classes of which a proof looks at a few, take neither room nor time. To everybody
else it is a sequence of classes as any other, in the order of the first of each.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import overload

import numpy as np
import numpy.typing as npt

from perca.model import UserId
from perca.policy import Principal
from perca.space.axes import Class, Masks, Weighed
from perca.space.partition import Numbers, Partition

ONE_BY_ONE = 32
"""The people of so many classes are looked up class by class; for more of them everybody is sorted."""


class Many(Weighed):
    """The people of a partition, whose rows hold the bits of `may` and then of `must`; with others, who come after them.

    INVARIANT: nobody cuts the partition any more.
    """

    def __init__(
        self, people: tuple[UserId, ...], partition: Partition, others: Mapping[Masks, Sequence[object]]
    ) -> None:
        self.people = people
        self._partition = partition
        firsts = partition.firsts()
        held = np.flatnonzero(partition.sizes)
        self._ids = held[np.argsort(firsts[held], kind="stable")]
        self._firsts = firsts[self._ids]
        self._sizes = partition.sizes[self._ids]
        self._rows = partition.rows[self._ids].astype("<u8")
        self.weight = int(self._sizes.sum()) + sum(map(len, others.values()))
        self._made: dict[int, Class] = {}
        self._looked_up = 0
        self._others: dict[int, tuple[object, ...]] = {}
        self._alone: list[Class] = []
        for key, values in others.items():
            at = self._position(key)
            if at is None:
                self._alone.append(Class(values, len(values), *key, sample=values[0]))
            else:
                self._others[at] = tuple(values)

    def _position(self, key: Masks) -> int | None:
        """The class with these masks."""
        words = self._rows.shape[1] // 2
        if max(key).bit_length() > 64 * words:
            return None
        must, may = (each.to_bytes(8 * words, "little") for each in key)
        row = np.frombuffer(may + must, "<u8")
        found = np.flatnonzero((self._rows == row).all(axis=1))
        return int(found[0]) if len(found) else None

    def __len__(self) -> int:
        return len(self._ids) + len(self._alone)

    @overload
    def __getitem__(self, at: int) -> Class: ...

    @overload
    def __getitem__(self, at: slice) -> tuple[Class, ...]: ...

    def __getitem__(self, at: int | slice) -> Class | tuple[Class, ...]:
        if isinstance(at, slice):
            return tuple(self[n] for n in range(*at.indices(len(self))))
        at = range(len(self))[at]
        if at >= len(self._ids):
            return self._alone[at - len(self._ids)]
        found = self._made.get(at)
        if found is None:
            found = self._made[at] = self._class(at)
        return found

    def _class(self, at: int) -> Class:
        row = self._rows[at].tobytes()
        half = len(row) // 2
        must, may = int.from_bytes(row[half:], "little"), int.from_bytes(row[:half], "little")
        values = People(self, at, int(self._sizes[at]), self._others.get(at, ()))
        sample = Principal(self.people[self._firsts[at]])
        return Class(values, len(values), must, may, sample)

    def numbers(self, at: int) -> Numbers:
        """The people of a class by number, in order."""
        self._looked_up += 1
        if self._looked_up <= ONE_BY_ONE and "_members" not in vars(self):
            return np.flatnonzero(self._partition.of == self._ids[at])
        numbers, starts = self._members
        return numbers[starts[self._ids[at]] : starts[self._ids[at] + 1]]

    @cached_property
    def _members(self) -> tuple[Numbers, npt.NDArray[np.int64]]:
        return self._partition.members()

    def but(self, sure: int, asking: int | None) -> Iterator[int]:
        """The places of all classes but those whom a rule in `sure` must, or none in `asking` may, apply to."""
        words = self._rows.shape[1] // 2
        fine = (self._rows[:, words:] & _row(sure, words)).any(axis=1)
        if asking is not None:
            fine |= ~(self._rows[:, :words] & _row(asking, words)).any(axis=1)
        yield from np.flatnonzero(~fine).tolist()
        for at, each in enumerate(self._alone, len(self._ids)):
            if not each.must & sure and (asking is None or each.may & asking):
                yield at


def _row(mask: int, words: int) -> npt.NDArray[np.uint64]:
    return np.frombuffer((mask & ((1 << 64 * words) - 1)).to_bytes(8 * words, "little"), "<u8")


class People(Sequence[object]):
    """The people of one class, then others: each made a principal when it is looked at, so that a million take no room."""

    __slots__ = ("_at", "_held", "_many", "_others", "_size")

    def __init__(self, many: Many, at: int, size: int, others: tuple[object, ...]) -> None:
        self._many = many
        self._at = at
        self._size = size
        self._others = others
        self._held: Numbers | None = None

    @property
    def _numbers(self) -> Numbers:
        if self._held is None:
            self._held = self._many.numbers(self._at)
        return self._held

    def __len__(self) -> int:
        return self._size + len(self._others)

    @overload
    def __getitem__(self, at: int) -> object: ...

    @overload
    def __getitem__(self, at: slice) -> tuple[object, ...]: ...

    def __getitem__(self, at: int | slice) -> object:
        if isinstance(at, slice):
            return tuple(self[n] for n in range(*at.indices(len(self))))
        at = range(len(self))[at]
        if at < self._size:
            return Principal(self._many.people[self._numbers[at]])
        return self._others[at - self._size]

    def __iter__(self) -> Iterator[object]:
        for number in self._numbers.tolist():
            yield Principal(self._many.people[number])
        yield from self._others
