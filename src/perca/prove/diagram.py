"""The other engine: every sign-in of a space judged exactly by binary decision diagrams, for when the walk's states are spent.

A class of each coordinate is a number in bits (`codes`), a rule the set of sign-ins at which it applies, an answer a formula over
rules (`formulas`). Counts are exact integers and the same as the walk's; a box is grown until no class at all can be added to it.
Classes of people are looked at one or a few at a time, so that no step is long, and some are settled when the budget is spent.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Generic, cast

from perca.policy import IMPOSSIBLE
from perca.prove.boxes import Box, can_hold, impossible_beside
from perca.prove.budget import Budget, BudgetSpent
from perca.prove.formulas import formulas
from perca.prove.walk import Found, Label, Path, Question, Tally
from perca.space import Space

if TYPE_CHECKING:
    from oxidd.bdd import BDDFunction

    from perca.prove.codes import Codes, Weights

BYTES_PER_NODE = 64
"""What a node costs at most, with its share of the tables around it (measured; bench/hostile.py)."""
MOST_NODES = 1 << 26
AT_ONCE = 1
"""So many classes of people are looked at together: no step of a diagram can be interrupted, so none may be long."""
EVERY = 1 << 12
"""So many steps are taken between two looks at the budget."""


class Diagram(Generic[Label]):
    """One question over one space; raises BudgetSpent whenever time or memory is spent."""

    def __init__(self, space: Space, question: Question[Label], budget: Budget) -> None:
        from oxidd.bdd import BDDManager

        from perca.prove.codes import Codes

        self.space = space
        self.budget = budget
        self._steps = 0
        self._codes: list[Codes] = [
            Codes(axis, as_they_come=not level) for level, axis in enumerate(space.axes)
        ]
        self._firsts = [sum(c.bits for c in self._codes[:at]) for at in range(len(self._codes) + 1)]
        manager = BDDManager(*_room(budget, self._firsts[-1]), 1)
        self._axis_of = [at for at, codes in enumerate(self._codes) for _ in range(codes.bits)]
        self._true, self._false = manager.true(), manager.false()
        self._parts: dict[tuple[int, int, int], BDDFunction] = {}
        self._numbers: dict[tuple[BDDFunction, int], int] = {}
        self._outside: dict[Label, tuple[BDDFunction, int]] = {}
        self._question = question
        self._chunks: dict[int, dict[Label, BDDFunction]] = {}
        self._below: dict[tuple[int, Label], dict[int, BDDFunction]] = {}
        self._whole: dict[Label, BDDFunction] = {}
        try:
            self._variables = [manager.var(each) for each in manager.add_vars(self._firsts[-1])]
        except MemoryError:
            raise self._full() from None

    def _chunk(self, number: int) -> dict[Label, BDDFunction]:
        """The sign-ins of some classes of people by label."""
        found = self._chunks.get(number)
        if found is None:
            people = self._codes[0].valid & ((1 << AT_ONCE) - 1) << number * AT_ONCE
            try:
                valid = self._product([people, *(codes.valid for codes in self._codes[1:])])
                valid = valid & ~self._impossible
                told = formulas(self._question, _Terms(self, people))
                labels = cast("Mapping[Label, BDDFunction]", told)
                found = {
                    label: some for label, each in labels.items() if (some := each & valid) != self._false
                }
            except MemoryError:
                raise self._full() from None
            self._chunks[number] = found
        return found

    def _all(self, label: Label) -> BDDFunction:
        """All sign-ins with a label."""
        if label not in self._whole:
            found = self._false
            for number in range(-(-len(self._codes[0].order) // AT_ONCE)):
                found = found | self._chunk(number).get(label, self._false)
            self._whole[label] = found
        return self._whole[label]

    # ------------------------------------------------------------------------------------------------ what is asked of it

    def of_class(self, position: int) -> Tally[Label]:
        """The tally of one class of people, counted for one person of it."""
        found: dict[Label, Found] = {}
        for label in self._chunk(position // AT_ONCE):
            node = self._below_people(position // AT_ONCE, label).get(position)
            if node is not None:
                found[label] = Found(self._number(node, 1), self._path(node, 1))
        return Tally(found)

    def outside(self, label: Label, boxes: Sequence[Box]) -> Path | None:
        """A sign-in with the label that is in none of the boxes, or None; each call's boxes begin with those of the one before."""
        try:
            left, done = self._outside.get(label) or (self._all(label), 0)
            for box in boxes[done:]:
                self.look()
                left = left & ~self._box(box)
        except MemoryError:
            raise self._full() from None
        self._outside[label] = (left, len(boxes))
        return None if left == self._false else self._path(left, 0)

    def around(self, label: Label, start: Path) -> Box:
        """A box around that sign-in in which each that can be has the label, and to which no class can be added."""
        box: list[tuple[int, ...]] = [(position,) for position in start]
        try:
            whole = self._all(label) | self._impossible
            before: list[tuple[int, ...]] = []
            while before != box:
                before = [*box]
                for level in range(len(box)):
                    self.look()
                    others = self._box([*box[:level], None, *box[level + 1 :]])
                    found = self._everywhere(level, others, whole)
                    classes, beside = (
                        self.space.axes[level].classes,
                        impossible_beside(self.space, box, level),
                    )
                    box[level] = tuple(at for at in found if can_hold(classes[at], beside))
        except MemoryError:
            raise self._full() from None
        return tuple(box)

    # ------------------------------------------------------------------------------------------------------------- sets

    def applying(self, rule: int, sure: bool, people: int) -> BDDFunction:
        """The sign-ins of some people at which one rule certainly applies, or may."""
        if not (self.space.must if sure else self.space.may) >> rule & 1:
            return self._false
        first, *others = (sets[rule] for sets in (self._must if sure else self._may))
        return self._product([first & people, *others])

    @property
    def none(self) -> BDDFunction:
        """No sign-in."""
        return self._false

    @cached_property
    def _impossible(self) -> BDDFunction:
        """The sign-ins that can't be."""
        found = self._false
        for at in range(IMPOSSIBLE.bit_length()):
            sides = (
                codes.sets([each.cannot for each in codes.classes], IMPOSSIBLE.bit_length())[at]
                for codes in self._codes
            )
            found = found | self._product([*sides])
        return found

    @cached_property
    def _must(self) -> list[list[int]]:
        return [codes.sets([each.must for each in codes.classes], self._width) for codes in self._codes]

    @cached_property
    def _may(self) -> list[list[int]]:
        return [codes.sets([each.may for each in codes.classes], self._width) for codes in self._codes]

    @property
    def _width(self) -> int:
        return len(self.space.columns)

    def _product(self, sides: Sequence[int | None]) -> BDDFunction:
        """The product of sets of numbers, one for each axis; None is any."""
        found = self._true
        for level in reversed(range(len(sides))):
            side = sides[level]
            if side is not None:
                found = self._set(level, 0, side) & found
        return found

    def _box(self, sides: Iterable[tuple[int, ...] | None]) -> BDDFunction:
        """The same of classes."""
        pairs = zip(self._codes, sides, strict=True)
        return self._product([None if side is None else codes.of(side) for codes, side in pairs])

    def _set(self, level: int, depth: int, numbers: int) -> BDDFunction:
        """The numbers of one axis that end in those of the set, from one bit on."""
        size = 1 << (self._codes[level].bits - depth)
        if not numbers:
            return self._false
        if numbers == (1 << size) - 1:
            return self._true
        key = (level, depth, numbers)
        found = self._parts.get(key)
        if found is None:
            half = size >> 1
            low, high = numbers & ((1 << half) - 1), numbers >> half
            variable = self._variables[self._firsts[level] + depth]
            found = variable.ite(self._set(level, depth + 1, high), self._set(level, depth + 1, low))
            self._parts[key] = found
        return found

    def _everywhere(self, level: int, others: BDDFunction, whole: BDDFunction) -> tuple[int, ...]:
        """The classes of one axis with which each sign-in of a product of the others is in the set."""
        from oxidd.util import BooleanOperator

        rest = self._true
        for at in reversed(range(len(self._variables))):
            if self._axis_of[at] != level:
                rest = self._variables[at] & rest
        fit = others.apply_forall(BooleanOperator.IMP, whole, rest)
        return self._codes[level].positions(code for code, _ in self._split(fit, level))

    # ---------------------------------------------------------------------------------------------------------- counting

    def _below_people(self, chunk: int, label: Label) -> dict[int, BDDFunction]:
        """The classes of people that have the label, and at which of the other coordinates' values."""
        found = self._below.get((chunk, label))
        if found is None:
            found = self._below[chunk, label] = dict(self._split(self._chunk(chunk)[label], 0))
        return found

    def _split(self, node: BDDFunction, level: int) -> Iterator[tuple[int, BDDFunction]]:
        """The numbers of one axis, each with what is left to say with it; those with which nothing is true left out."""
        end = self._firsts[level + 1]
        stack = [(self._firsts[level], 0, node)]
        while stack:
            self._step()
            at, code, here = stack.pop()
            if here == self._false:
                continue
            if at == end:
                yield code, here
                continue
            high, low = self._halves(here, at)
            stack += [(at + 1, code << 1 | 1, high), (at + 1, code << 1, low)]

    def _halves(self, node: BDDFunction, at: int) -> tuple[BDDFunction, BDDFunction]:
        """What is left with that bit, and without it."""
        if node.node_var() != at:
            return node, node
        halves = node.cofactors()
        assert halves is not None
        return halves

    @cached_property
    def _weights(self) -> list[Weights]:
        return [codes.weights() for codes in self._codes[1:]]

    def _number(self, node: BDDFunction, level: int) -> int:
        """How many sign-ins there are in the set, from one axis on."""
        if level == len(self._codes) or node == self._false:
            return int(node != self._false)
        return self._weighed(node, level, self._firsts[level], self._weights[level - 1])

    def _weighed(self, node: BDDFunction, level: int, at: int, weights: Weights) -> int:
        """The same within an axis, for the numbers that begin in one way."""
        if weights.halves is None:
            return weights.total and weights.total * self._number(node, level + 1)
        key = (node, id(weights))
        found = self._numbers.get(key)
        if found is None:
            self._step()
            variable = node.node_var()
            if variable is None or self._axis_of[variable] != level:
                found = weights.total * self._number(node, level + 1)
            else:
                high, low = self._halves(node, at)
                less, more = weights.halves
                found = self._weighed(low, level, at + 1, less) + self._weighed(high, level, at + 1, more)
            self._numbers[key] = found
        return found

    def _path(self, node: BDDFunction, level: int) -> Path:
        """The classes of one of the sign-ins of a set that isn't empty: of each axis the heaviest that will do."""
        path = []
        for at in range(level, len(self._codes)):
            code = 0
            for bit in range(self._firsts[at], self._firsts[at + 1]):
                high, low = self._halves(node, bit)
                takes = low == self._false
                node = high if takes else low
                code = code << 1 | takes
            path.append(self._codes[at].order[code])
        return tuple(path)

    # ------------------------------------------------------------------------------------------------------------ budget

    def look(self) -> None:
        """Raises BudgetSpent when time or memory is spent."""
        self.budget.check_time()
        self.budget.check_memory()

    def _step(self) -> None:
        self._steps += 1
        if not self._steps % EVERY:
            self.look()

    def _full(self) -> BudgetSpent:
        self.budget.check_memory()
        return BudgetSpent("more memory than is left for diagrams")


class _Terms:
    """Sets of some people's sign-ins by the rules that apply; no rule at all applies nowhere."""

    def __init__(self, diagram: Diagram[Label], people: int) -> None:
        self._of = diagram
        self._people = people

    def certain(self, rules: int) -> BDDFunction:
        return self._either(rules, True)

    def possible(self, rules: int) -> BDDFunction:
        return self._either(rules, False)

    def _either(self, rules: int, sure: bool) -> BDDFunction:
        """Joined two by two: the small ones first."""
        sets = [
            self._of.applying(rule, sure, self._people)
            for rule in range(len(self._of.space.columns))
            if rules >> rule & 1
        ]
        while len(sets) > 1:
            joined = []
            for one, other in zip(sets[::2], sets[1::2], strict=False):
                self._of.look()
                joined.append(one | other)
            sets = [*joined, *sets[len(joined) * 2 :]]
        return sets[0] if sets else self._of.none


def _room(budget: Budget, variables: int) -> tuple[int, int]:
    """How many nodes there may be, and how many results of steps are kept."""
    left = budget.left()
    most = MOST_NODES if left is None else min(MOST_NODES, left // BYTES_PER_NODE)
    return most + variables, max(1 << 12, min(1 << 22, most >> 4))
