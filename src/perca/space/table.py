"""Which rules apply to one sign-in after the other, as masks: each value's masks are worked out once, and then an AND is left.

For many sign-ins: a log, a proof's witnesses. The meaning is `policy.applies`'s; a law holds this against it.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence

from perca.model import SignIn
from perca.policy import value_at
from perca.space.axes import ORDER, masks
from perca.space.columns import Column

Rows = tuple[int, ...]
"""A sign-in as the rows of its values, one for each coordinate in `ORDER`."""


class Table:
    """The masks of the values seen so far, row by row."""

    def __init__(self, columns: Sequence[Column]) -> None:
        self.columns = tuple(columns)
        self._rows: list[dict[Hashable, int]] = [{} for _ in ORDER]
        self._must: list[list[int]] = [[] for _ in ORDER]
        self._may: list[list[int]] = [[] for _ in ORDER]
        self._before = masks(self.columns, ORDER[0].NOTHING, None)
        self._all = (1 << len(self.columns)) - 1

    def row(self, level: int, value: Hashable) -> int:
        """The row of a value of the coordinate `ORDER[level]`."""
        row = self._rows[level].get(value)
        if row is None:
            must, may = masks(self.columns, ORDER[level], value)
            row = self._rows[level][value] = len(self._must[level])
            self._must[level].append(must)
            self._may[level].append(may)
        return row

    def rows(self, sign_in: SignIn) -> Rows:
        """The rows of a sign-in's values."""
        return tuple([self.row(level, value_at(sign_in, each)) for level, each in enumerate(ORDER)])

    def must(self, rows: Rows) -> int:
        """The rules that certainly apply."""
        found = self._before[0]
        for masks_, row in zip(self._must, rows, strict=True):
            found &= masks_[row]
        return found

    def may(self, rows: Rows) -> int:
        """The rules that apply, or may."""
        found = self._before[1]
        for masks_, row in zip(self._may, rows, strict=True):
            found &= masks_[row]
        return found

    def unmet(self, rows: Rows) -> list[int]:
        """For each coordinate the rules of which a condition there certainly isn't met."""
        every = self._all
        return [every & ~may[row] for may, row in zip(self._may, rows, strict=True)]
