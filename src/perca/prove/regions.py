"""Where sign-ins have a label: a few regions, each a product of values, each as large as it can be made.

A region is grown from a sign-in, one coordinate after the other, until nothing more can be added; then the next sign-in outside all
regions is looked for, until there is none: that is the proof that the regions hold every such sign-in. Regions may overlap; how many
sign-ins they hold together is counted exactly.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, reduce
from itertools import combinations
from operator import and_
from typing import Generic, overload

from perca.model import External, UserId
from perca.policy import Coordinate, Principal
from perca.prove.boxes import Box, Boxes, overlap, size
from perca.prove.inquiry import Inquiry, Witness
from perca.prove.walk import BudgetSpent, Label
from perca.space import Axis, Class, plainest


@dataclass(frozen=True, slots=True)
class Side:
    """What a region holds of one coordinate: its `values` and the `others` (of networks, as areas), and how many."""

    values: Sequence[object]
    others: Sequence[object]
    weight: int
    of: int

    @property
    def is_everything(self) -> bool:
        """Whether the coordinate doesn't matter."""
        return self.weight == self.of


@dataclass(frozen=True, slots=True)
class Region(Generic[Label]):
    """A product of sides, one for each coordinate, around a witness; each sign-in in it that can be has the label."""

    label: Label
    witness: Witness
    sides: Mapping[Coordinate, Side]
    combinations: int
    """How many sign-ins in it can be."""
    box: Box = ()
    """Its classes in the space in which it was found; empty of a part of one."""

    @property
    def people(self) -> tuple[UserId, ...]:
        """Whose sign-ins these are."""
        values = self.sides[Coordinate.PRINCIPAL].values
        return tuple(each.user for each in values if isinstance(each, Principal) and each.user is not None)

    @property
    def strangers(self) -> tuple[External, ...]:
        """The kinds of people from outside whose sign-ins these are."""
        values = self.sides[Coordinate.PRINCIPAL].values
        return tuple(
            each.external for each in values if isinstance(each, Principal) and each.external is not None
        )


@dataclass(frozen=True, slots=True)
class Regions(Generic[Label]):
    """The regions, label by label in the order asked for, the largest first; `rest` is how many sign-ins with these labels are in none of them."""

    regions: tuple[Region[Label], ...]
    rest: int

    @property
    def complete(self) -> bool:
        """Whether every sign-in with one of the labels is in a region."""
        return not self.rest


MOST = 20
"""At most this many regions are described."""


def regions(asked: Inquiry[Label], labels: Iterable[Label], most: int = MOST) -> Regions[Label]:
    """At most `most` regions of the sign-ins with these labels; raises BudgetSpent when even their number isn't known."""
    found: list[Region[Label]] = []
    rest = 0
    numbers: Counter[Label] = Counter()
    for crowd, tally in asked.crowds():
        for label, (number, _) in tally.found.items():
            numbers[label] += crowd.weight * number
    for label in labels:
        boxes: Boxes[Label] = Boxes(asked.walk, label)
        around: list[Region[Label]] = []
        for start, box in _boxes(asked, boxes, most - len(found)):
            boxes.add(box)
            around.append(_region(asked, label, asked.witness(_shown(asked, start, box), label), box))
        found.extend(sorted(around, key=lambda region: -region.combinations))
        rest += numbers[label] - boxes.held()
    return Regions(tuple(found), rest)


def overlaps(asked: Inquiry[Label], found: Regions[Label]) -> tuple[tuple[int, ...], ...]:
    """For each of the regions, at which places those stand that share a sign-in with it: exact."""
    shared: list[list[int]] = [[] for _ in found.regions]
    for (here, one), (there, other) in combinations(enumerate(found.regions), 2):
        if one.label == other.label and overlap(asked.space, one.box, other.box):
            shared[here].append(there)
            shared[there].append(here)
    return tuple(map(tuple, shared))


def _boxes(asked: Inquiry[Label], boxes: Boxes[Label], most: int) -> Iterator[tuple[tuple[int, ...], Box]]:
    """Boxes that hold all such sign-ins, each grown around one that is in none before; it ends early when the budget is spent."""
    for _ in range(most):
        try:
            start = asked.engine.outside(boxes)
            if start is None:
                return
            box = asked.engine.around(boxes.label, start)
        except BudgetSpent:
            return
        yield start, box


def _shown(asked: Inquiry[Label], start: tuple[int, ...], box: Box) -> tuple[int, ...]:
    """The sign-in of the region that people know best, for all of them have the label: the start, made plainer where that can be."""
    axes, shown = asked.space.axes, list(start)
    for level, (axis, chosen) in enumerate(zip(axes, box, strict=True)):
        shown[level] = plainest(axis, chosen, start[level])
        if reduce(and_, (each.classes[at].cannot for each, at in zip(axes, shown, strict=True))):
            shown[level] = start[level]
    return tuple(shown)


def _region(asked: Inquiry[Label], label: Label, witness: Witness, box: Box) -> Region[Label]:
    sides: dict[Coordinate, Side] = {}
    for axis, chosen in zip(asked.space.axes, box, strict=True):
        sides[axis.coordinate] = _side(axis, chosen)
    return Region(label, witness, sides, size(asked.space, box), box)


def _side(axis: Axis, chosen: Sequence[int]) -> Side:
    within = frozenset(chosen)
    inside = [each for position, each in enumerate(axis.classes) if position in within]
    outside = [each for position, each in enumerate(axis.classes) if position not in within]
    return Side(_Values(inside), _Values(outside), sum(each.weight for each in inside), axis.weight)


class _Values(Sequence[object]):
    """The values of some classes, listed when somebody looks: a million people take no room."""

    def __init__(self, classes: Sequence[Class]) -> None:
        self._classes = classes

    @cached_property
    def _all(self) -> tuple[object, ...]:
        return tuple(value for each in self._classes for value in each.values)

    def __len__(self) -> int:
        return sum(len(each.values) for each in self._classes)

    def __iter__(self) -> Iterator[object]:
        for each in self._classes:
            yield from each.values

    @overload
    def __getitem__(self, at: int) -> object: ...

    @overload
    def __getitem__(self, at: slice) -> tuple[object, ...]: ...

    def __getitem__(self, at: int | slice) -> object:
        return self._all[at]
