"""People in numbers, cut into classes by one set of them after the other; each class with a row of bits.

INVARIANT: the classes without anybody have size 0; of two others no set that came tells nobody apart. A cut costs as much as the set
is large, not as there are people.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.intp]
"""Some of the people, each once, in order; of the type that numpy needs no copy of to look things up."""
Classes = npt.NDArray[np.intp]
Rows = npt.NDArray[np.uint64]

_STRIDE = 1 << 14


class Partition:
    """`of` is each person's class; `sizes` how many each class holds; `rows` the bits, so many words of 64 a class."""

    def __init__(self, people: int, words: int = 0) -> None:
        self.of = np.zeros(people, np.int32)
        self.number = 1
        self._sizes = np.array([people], np.int64)
        self._rows = np.zeros((1, words), np.uint64)

    @property
    def sizes(self) -> npt.NDArray[np.int64]:
        """How many people each class holds."""
        return self._sizes[: self.number]

    @property
    def rows(self) -> Rows:
        """The bits of each class; to be changed in place."""
        return self._rows[: self.number]

    def cut(self, some: Numbers) -> Classes:
        """Tells these people from all others; returns the classes that then hold them and nobody else.

        A class of which only a part is among them becomes two, the new one with the bits of the old one.
        """
        was = self.of.take(some).astype(np.intp)
        taken = np.bincount(was, minlength=self.number)
        touched = np.flatnonzero(taken)
        split = touched[taken[touched] < self._sizes[touched]]
        if not len(split):
            return touched
        becomes = np.arange(self.number, dtype=np.int32)
        becomes[split] = np.arange(self.number, self.number + len(split), dtype=np.int32)
        self._grow(split, taken[split])
        self.of[some] = becomes.take(was)
        return becomes.take(touched).astype(np.intp)

    def _grow(self, split: Classes, taken: npt.NDArray[np.int64]) -> None:
        number = self.number + len(split)
        if number > len(self._sizes):
            room = 2 * number
            self._sizes = np.concatenate((self.sizes, np.zeros(room - self.number, np.int64)))
            more = np.zeros((room - self.number, self._rows.shape[1]), np.uint64)
            self._rows = np.concatenate((self.rows, more))
        self._sizes[split] -= taken
        self._sizes[self.number : number] = taken
        self._rows[self.number : number] = self._rows[split]
        self.number = number

    def join(self, classes: Classes) -> None:
        """Makes one class of these; it has the bits of the first."""
        if len(classes):
            becomes = np.arange(self.number, dtype=np.int32)
            becomes[classes] = classes[0]
            self.of = becomes[self.of]
            whole = self._sizes[classes].sum()
            self._sizes[classes] = 0
            self._sizes[classes[0]] = whole

    def join_equal(self) -> None:
        """Makes one class of those with the same bits, and lets go of the numbers of classes without anybody."""
        held = np.flatnonzero(self.sizes)
        rows = np.ascontiguousarray(self.rows[held])
        keys = rows.view(np.dtype((np.void, rows.itemsize * rows.shape[1]))).ravel()
        _, first, which = np.unique(keys, return_index=True, return_inverse=True)
        becomes = np.zeros(self.number, np.int32)
        becomes[held] = which
        self.of = becomes[self.of]
        sizes = np.zeros(len(first), np.int64)
        np.add.at(sizes, which, self.sizes[held])
        self.number, self._sizes, self._rows = len(first), sizes, rows[first]

    def copy(self) -> Partition:
        """The partition as it is now, whatever becomes of this one."""
        copied = Partition(0)
        copied.of, copied.number = self.of.copy(), self.number
        copied._sizes, copied._rows = self.sizes.copy(), self.rows.copy()
        return copied

    def one_of_each(self, cuts: list[Numbers]) -> Numbers:
        """One person of each class, after these cuts, which were all; -1 for a class of nobody."""
        found = np.full(self.number, -1, np.intp)
        for some in cuts:
            found[self.of[some]] = some
        if self._sizes[0] and found[0] < 0:
            found[0] = next(self._first_of_all())
        return found

    def _first_of_all(self) -> Iterator[int]:
        """Who is in class 0, as it was before any cut."""
        for start in range(0, len(self.of), _STRIDE):
            yield from (start + int(n) for n in np.flatnonzero(self.of[start : start + _STRIDE] == 0)[:1])

    def firsts(self) -> Numbers:
        """The first person of each class; of one without anybody, no number that means anything."""
        found = np.zeros(self.number, np.intp)
        found[self.of[::-1]] = np.arange(
            len(self.of) - 1, -1, -1
        )  # of several the last counts: the first person
        return found

    def members(self) -> tuple[Numbers, npt.NDArray[np.int64]]:
        """Everybody, class by class and in order within one; and where each class begins, with the end."""
        keys = self.of.astype(np.int64) << 32 | np.arange(len(self.of), dtype=np.int64)
        keys.sort()
        starts = np.concatenate((np.zeros(1, np.int64), np.cumsum(self.sizes)))
        return keys & 0xFFFFFFFF, starts
