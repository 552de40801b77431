"""Columns that say the same of each value of a coordinate: asked once for all of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from perca.policy import Condition, Coordinate, No, Yes
from perca.space.columns import Column

Masks = tuple[int, int]
"""The columns that certainly match, and those that may."""


class Alike:
    """Columns with the same conditions on a coordinate, read in the same tenant; `mask` has a bit for each."""

    def __init__(self, column: Column, coordinate: Coordinate) -> None:
        self.column = column
        self.coordinate = coordinate
        self.mask = 0

    @property
    def conditions(self) -> Iterator[Condition]:
        """Their conditions there."""
        return (each for each in self.column.rule.conditions if each.coordinate is self.coordinate)

    def masks(self, value: object) -> Masks:
        """Those of them that must, and that may, match the value."""
        answer = self.column.at(self.coordinate, value)
        if isinstance(answer, No):
            return 0, 0
        return (self.mask if isinstance(answer, Yes) else 0), self.mask


def alike(columns: Sequence[Column], coordinate: Coordinate) -> list[Alike]:
    """All columns, those together that can't differ on the coordinate."""
    found: dict[object, Alike] = {}
    for position, column in enumerate(columns):
        conditions = tuple(each for each in column.rule.conditions if each.coordinate is coordinate)
        only = column.only if coordinate is Coordinate.PRINCIPAL else None
        sure = column.sure or coordinate is not Coordinate.NOTHING
        key = (id(column.book), conditions, only, sure)
        found.setdefault(key, Alike(column, coordinate)).mask |= 1 << position
    return list(found.values())


def together(groups: Iterable[Alike], value: object) -> Masks:
    """The masks of one value."""
    must = may = 0
    for group in groups:
        sure, perhaps = group.masks(value)
        must |= sure
        may |= perhaps
    return must, may
