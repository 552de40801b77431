"""The classes of a coordinate by number, in bits: how a set of classes, and how much each weighs, is told bit by bit.

INVARIANT: the heaviest class is number 0, unless they are numbered as they come; what no class has for a number weighs nothing. Classes of one weight stand together, so
that there are few different weights to tell apart (`Weights`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from perca.space import Axis


@dataclass(frozen=True, slots=True, eq=False)
class Weights:
    """How much the numbers that begin alike weigh together, and those of either half; the same object wherever all is the same."""

    total: int
    halves: tuple[Weights, Weights] | None = None


class Codes:
    """The numbers of one axis's classes: `order` has the position of each, `bits` how many bits one takes."""

    def __init__(self, axis: Axis, *, as_they_come: bool = False) -> None:
        self.classes = axis.classes
        self.order = list(range(len(axis.classes)))
        if not as_they_come:
            self.order.sort(key=lambda at: -axis.classes[at].weight)
        self.bits = (len(axis.classes) - 1).bit_length()
        self.valid = (1 << len(axis.classes)) - 1
        """The set of all numbers that are in use."""

    def weights(self) -> Weights:
        """All weights, halved bit by bit."""
        leaves: dict[int, Weights] = {}
        row = [self.classes[at].weight for at in self.order]
        level = [leaves.setdefault(w, Weights(w)) for w in [*row, *[0] * ((1 << self.bits) - len(row))]]
        while len(level) > 1:
            whole: dict[tuple[int, int], Weights] = {}
            level = [
                whole.setdefault((id(one), id(other)), Weights(one.total + other.total, (one, other)))
                for one, other in zip(level[::2], level[1::2], strict=True)
            ]
        return level[0]

    def of(self, positions: Iterable[int]) -> int:
        """Some classes as a set of numbers: bit n for number n."""
        chosen = np.zeros(len(self.order), np.uint8)
        chosen[list(positions)] = 1
        return _whole(np.packbits(chosen[self.order], bitorder="little"))

    def positions(self, numbers: Iterable[int]) -> tuple[int, ...]:
        """The classes of some numbers, in their order."""
        return tuple(sorted(self.order[code] for code in numbers if code < len(self.order)))

    def sets(self, masks: Sequence[int], columns: int) -> list[int]:
        """For each column the set of numbers whose class has it in its mask; `masks` go by position."""
        width = columns // 8 + 1
        wanted = (1 << columns) - 1
        rows = b"".join((masks[at] & wanted).to_bytes(width, "little") for at in self.order)
        bits = np.unpackbits(
            np.frombuffer(rows, np.uint8).reshape(len(self.order), width), axis=1, bitorder="little"
        )
        packed = np.packbits(bits[:, :columns], axis=0, bitorder="little")
        return [_whole(packed[:, column]) for column in range(columns)]


def _whole(bits: npt.NDArray[np.uint8]) -> int:
    return int.from_bytes(bits.tobytes(), "little")
