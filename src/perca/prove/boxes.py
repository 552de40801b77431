"""Products of classes that hold sign-ins with one label: grown around one of them, and the next one that none of them holds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Generic

from perca.policy import IMPOSSIBLE, RULED_OUT_BY
from perca.prove.budget import WALKS_PART
from perca.prove.walk import Label, Path, Walk
from perca.space import Class, Space

Box = tuple[tuple[int, ...], ...]
"""For each axis the positions of some of its classes: all sign-ins of their product."""

MOST_LOOKED_AT = 20_000
"""At most this many states are looked at for one class that may be added to a box; else it isn't added."""


class Growth(Generic[Label]):
    """Grows boxes in which every sign-in that can be has the label."""

    def __init__(self, walk: Walk[Label], label: Label) -> None:
        self._walk = walk
        self._label = label
        self._axes = [axis.classes for axis in walk.space.axes]

    def around(self, start: Path) -> Box:
        """A box around that sign-in, to which no single class can be added (see MOST_LOOKED_AT); raises BudgetSpent."""
        hulls = [
            _Hull(self._axes[level][position].must, self._axes[level][position].may)
            for level, position in enumerate(start)
        ]
        box = [[position] for position in start]
        waiting = [
            [position for position in range(len(classes)) if position != at]
            for classes, at in zip(self._axes, start, strict=True)
        ]
        while self._grow(box, hulls, waiting):
            pass
        return tuple(tuple(sorted(side)) for side in box)

    def _grow(self, box: list[list[int]], hulls: list[_Hull], waiting: list[list[int]]) -> bool:
        """Adds what can be added of what waits; whether something was, and something else may become possible by it.

        What doesn't fit now fits no larger box, either: only what can't be with the box as it is goes on waiting.
        """
        added = False
        for level, classes in enumerate(self._axes):
            others = [hull for other, hull in enumerate(hulls) if other != level]
            beside = impossible_beside(self._walk.space, box, level)
            left_out: list[int] = []
            for position in waiting[level]:
                each = classes[position]
                if not can_hold(each, beside):
                    left_out.append(position)
                    continue
                alone = [*box[:level], [position], *box[level + 1 :]]
                if self._is_uniform([*others, _Hull(each.must, each.may)]) or self._all(alone):
                    box[level].append(position)
                    hulls[level] = hulls[level].plus(each.must, each.may)
                    added = True
            waiting[level] = left_out
        return added and any(waiting)

    def _is_uniform(self, hulls: list[_Hull]) -> bool:
        """Whether the label is that of each sign-in of a product, by the masks of its sides alone; False is no answer."""
        space = self._walk.space
        least_must, most_must, least_may, most_may = space.must, space.must, space.may, space.may
        for hull in hulls:
            least_must &= hull.least_must
            most_must &= hull.most_must
            least_may &= hull.least_may
            most_may &= hull.most_may
        return self._walk.question.everywhere(self._label, (least_must, most_may), (most_must, least_may))

    def _all(self, box: list[list[int]]) -> bool:
        """Whether the label is that of each sign-in of a product, looked at one by one, equal masks together."""
        space, question = self._walk.space, self._walk.question
        states = {(space.must, space.may, IMPOSSIBLE)}
        looked_at = 0
        for level, side in enumerate(box):
            below: set[tuple[int, int, int]] = set()
            self._walk.budget.check_time(WALKS_PART)
            rest = self._walk.rests[level]
            for must, may, cannot in states:
                tally = self._walk.known(level, must, may, cannot)
                if tally is not None and rest.possible(cannot).number == tally.number(self._label):
                    continue
                for position in side:
                    each = self._axes[level][position]
                    below.add((must & each.must, may & each.may, cannot & each.cannot))
                looked_at += len(side)
                if looked_at > MOST_LOOKED_AT:
                    return False
            states = below
        return all(cannot or question.verdict(must, may) == self._label for must, may, cannot in states)


class _Hull:
    """What one side's classes have in common, and what any of them has."""

    def __init__(self, must: int, may: int) -> None:
        self.least_must = self.most_must = must
        self.least_may = self.most_may = may

    def plus(self, must: int, may: int) -> _Hull:
        """The hull with one class more."""
        wider = _Hull(self.least_must & must, self.least_may & may)
        wider.most_must, wider.most_may = self.most_must | must, self.most_may | may
        return wider


class Boxes(Generic[Label]):
    """Some boxes, and what is in them."""

    def __init__(self, walk: Walk[Label], label: Label) -> None:
        self.label = label
        self.all: list[Box] = []
        self._walk = walk
        self._within = [[0] * len(axis.classes) for axis in walk.space.axes]
        """For each class, which boxes hold it."""
        self._done: set[tuple[int, int, int, int, int]] = set()
        """States below which each sign-in with the label is in a box."""
        self._first = 0
        """The first class of people that may have such a sign-in outside."""

    def add(self, box: Box) -> None:
        """One more of them."""
        for side, within in zip(box, self._within, strict=True):
            for position in side:
                within[position] |= 1 << len(self.all)
        self.all.append(box)

    def held(self) -> int:
        """How many sign-ins that can be are in at least one box: counted over which boxes are still possible, coordinate by coordinate."""
        return _held(self._walk.space, self._within, (1 << len(self.all)) - 1)

    def outside(self) -> Path | None:
        """A sign-in with the label that is in no box, or None: then the boxes hold all of them."""
        for position in range(self._first, len(self._within[0])):
            path = self._below(1, *self._walk.person(position), self._within[0][position])
            if path is not None:
                return (position, *path)
            self._first = position + 1
        return None

    def _below(self, level: int, must: int, may: int, cannot: int, boxes: int) -> Path | None:
        found = self._walk.tally(level, must, may, cannot).found.get(self.label)
        if found is None or not boxes:
            return None if found is None else found.path
        key = (level, must, may, cannot, boxes)
        if level == len(self._within) or key in self._done:
            return None
        self._walk.spend()
        for position, each in enumerate(self._walk.space.axes[level].classes):
            within = boxes & self._within[level][position]
            path = self._below(level + 1, must & each.must, may & each.may, cannot & each.cannot, within)
            if path is not None:
                return (position, *path)
        self._done.add(key)
        return None


def size(space: Space, box: Sequence[Sequence[int]]) -> int:
    """How many sign-ins in the box can be."""
    sides = (frozenset(side) for side in box)
    return _held(
        space,
        [
            [int(at in side) for at in range(len(axis.classes))]
            for axis, side in zip(space.axes, sides, strict=True)
        ],
        1,
    )


def can_hold(held: Class, beside: set[int]) -> bool:
    """Whether some sign-in can be that has this class on one axis, and else classes of the box of which these are `impossible_beside`."""
    return not all(held.cannot & still for still in beside)


def impossible_beside(space: Space, box: Sequence[Sequence[int]], level: int) -> set[int]:
    """For each way to choose classes of the box on all axes but one, the impossibilities that the choice leaves."""
    left = {IMPOSSIBLE}
    for other, (axis, side) in enumerate(zip(space.axes, box, strict=True)):
        if other != level and axis.coordinate in RULED_OUT_BY:
            found = {axis.classes[position].cannot for position in side}
            left = {still & cannot for still in left for cannot in found}
    return left


def overlap(space: Space, one: Box, other: Box) -> bool:
    """Whether some sign-in that can be is in both."""
    if any(frozenset(side).isdisjoint(beside) for side, beside in zip(one, other, strict=True)):
        return False
    open_ = {IMPOSSIBLE}
    for axis, side, beside in zip(space.axes, one, other, strict=True):
        if axis.coordinate in RULED_OUT_BY:
            both = frozenset(side) & frozenset(beside)
            open_ = {still & axis.classes[position].cannot for still in open_ for position in both}
    return 0 in open_


def _held(space: Space, within: Sequence[Sequence[int]], every: int) -> int:
    possible = {(every, IMPOSSIBLE): 1}
    for axis, held in zip(space.axes, within, strict=True):
        below: dict[tuple[int, int], int] = {}
        for each, boxes in zip(axis.classes, held, strict=True):
            for (still, cannot), count in possible.items():
                if left := still & boxes:
                    key = (left, cannot & each.cannot)
                    below[key] = below.get(key, 0) + count * each.weight
        possible = below
    return sum(count for (_, cannot), count in possible.items() if not cannot)
