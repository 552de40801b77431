"""The walk: every sign-in of a space judged exactly, without looking at each.

Coordinate by coordinate, people first; what has been seen so far is two masks of rules still alive, and equal masks are one
state. A branch stops as soon as the question is settled for all that is left of it (two stops, see `Rest`). Counts are exact
integers. When the budget of states is spent the walk says so; it never guesses.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property, reduce
from operator import and_, or_
from typing import TYPE_CHECKING, Generic, NamedTuple, Protocol, TypeVar

from perca.policy import IMPOSSIBLE, RULED_OUT_BY
from perca.prove.budget import WALKS_PART, Budget, BudgetSpent, allowing
from perca.space import Space

if TYPE_CHECKING:
    from perca.space.kept import Moved

__all__ = ["BudgetSpent", "Found", "Label", "Path", "Question", "Rest", "Tally", "Verdict", "Walk"]


Path = tuple[int, ...]
"""The classes that lead to a sign-in, by position on each axis from some level on."""


class Found(NamedTuple):
    """How many sign-ins have a label, and the path to one of them."""

    number: int
    path: Path


class Verdict(Enum):
    """What is true of one sign-in."""

    HOLDS = "holds"
    FAILS = "fails"
    UNKNOWN = "notAssessed"


class Rest:
    """What is left to look at from one coordinate on; `cannot` are the impossibilities that nothing speaks against so far."""

    def __init__(self, space: Space, level: int) -> None:
        self._axes = space.axes[level:]
        self._possible: dict[int, Found] = {}

    @cached_property
    def full(self) -> int:
        """The rules that certainly match whatever is left."""
        return reduce(and_, (each.must for axis in self._axes for each in axis.classes), -1)

    @cached_property
    def open(self) -> int:
        """The impossibilities that something that is left may bring about."""
        looked_at = (axis for axis in self._axes if axis.coordinate in RULED_OUT_BY)
        some = (reduce(or_, (each.cannot for each in axis.classes), 0) for axis in looked_at)
        return reduce(and_, some, IMPOSSIBLE)

    def possible(self, cannot: int = IMPOSSIBLE) -> Found:
        """How many sign-ins are left that can be, and the path to one; none where all that are left can't."""
        found = self._possible.get(cannot)
        if found is None:
            states = {cannot: Found(1, ())}
            for axis in self._axes:
                below: dict[int, Found] = {}
                for still, (number, path) in states.items():
                    if axis.coordinate not in RULED_OUT_BY:
                        below[still] = Found(number * axis.weight, (*path, 0))
                        continue
                    for position, each in enumerate(axis.classes):
                        _plus(below, still & each.cannot, Found(number * each.weight, (*path, position)))
                states = below
            found = self._possible[cannot] = states.get(0, Found(0, ()))
        return found

    def survives(self, alive: int) -> bool:
        """Whether one of the alive rules certainly matches each sign-in that is left.

        True as soon as one matches all of them, or when more are alive than one value for each remaining coordinate can rule
        out: then some rule is left over whichever values come. False is no answer.
        """
        if alive & self.full:
            return True
        left = alive.bit_count()
        for axis in self._axes:
            left -= max((alive & ~each.must).bit_count() for each in axis.classes)
            if left <= 0:
                return False
        return left > 0


Key = TypeVar("Key", bound=Hashable)


def _plus(found: dict[Key, Found], key: Key, more: Found) -> None:
    before = found.get(key)
    found[key] = more if before is None else Found(before.number + more.number, before.path)


Label = TypeVar("Label", bound=Hashable)


class Question(Protocol[Label]):
    """What is asked of every sign-in, in terms of the rules that must and may apply; the answer is a label.

    Nothing is asked of what can't be.
    """

    @property
    def fine(self) -> Label:
        """The label of the sign-ins that nobody needs to be told of; they aren't counted."""
        ...

    def kept(self, must: int, may: int, rest: Rest) -> tuple[int, int]:
        """The masks without rules that can't change an answer any more, so that more states are one."""
        ...

    def settled(self, must: int, may: int, rest: Rest) -> Label | None:
        """The label of everything that is left, or None when it isn't settled yet."""
        ...

    def verdict(self, must: int, may: int) -> Label:
        """The label of one sign-in.

        LAW: with more unknown (fewer in `must`, more in `may`) what is certain of it stays so or becomes unknown.
        """
        ...

    def everywhere(self, label: Label, least: tuple[int, int], most: tuple[int, int]) -> bool:
        """Whether the label is that of all sign-ins between the two: `least` is known of each, `most` of all together.

        By the law of `verdict` a certain answer is that of the least that is known, an unknown one that of the most. False is
        no answer.
        """
        ...


@dataclass(frozen=True, slots=True)
class Tally(Generic[Label]):
    """For each label but the fine one, how many sign-ins have it, with the path to one."""

    found: Mapping[Label, Found] = field(default_factory=dict)

    def number(self, label: Label) -> int:
        """How many sign-ins have that label."""
        return self.found[label].number if label in self.found else 0

    def at(self, places: Sequence[tuple[int, ...] | None]) -> Tally[Label]:
        """The same where the classes of each axis stand at other places; None is that each stands where it stood."""
        if not self.found:
            return self
        return Tally(
            {
                label: Found(
                    number, tuple(n if to is None else to[n] for n, to in zip(path, places, strict=True))
                )
                for label, (number, path) in self.found.items()
            }
        )


class Walk(Generic[Label]):
    """One question over one space. `base` are the masks before any coordinate is looked at."""

    def __init__(self, space: Space, question: Question[Label], budget: Budget | int = 500_000) -> None:
        self.space = space
        self.question = question
        self.budget = allowing(budget)
        self.states = 0
        self.rests = [Rest(space, level) for level in range(len(space.axes) + 1)]
        self._fine: Tally[Label] = Tally()
        self._known: list[dict[tuple[int, int, int], Tally[Label]]] = [{} for _ in self.rests]

    def forget(self) -> None:
        """Lets go of all tallies; they would have to be looked at again."""
        for known in self._known:
            known.clear()

    def take_over(self, was: Walk[Label], moved: Moved) -> None:
        """Takes over what the walk over the space as it was has found, as far as the edit doesn't bear on it.

        Sound for a question that looks at the masks alone, not at what is asked for: a tally hangs on the columns that are alive, and on no
        others. Old tallies are no states of the new budget, but no more of them are carried on than it allows.
        """
        if sum(map(len, was._known)) > self.budget.states:
            return
        for level in range(moved.last + 1, len(was._known)):
            places = moved.places[level:]
            stay = ((key, tally) for key, tally in was._known[level].items() if not key[1] & moved.bits)
            if any(places):
                self._known[level] = {key: tally.at(places) for key, tally in stay}
            else:
                self._known[level] = dict(stay)

    def of_class(self, position: int) -> Tally[Label]:
        """The tally of one class of people, counted for one person of it."""
        return self.tally(1, *self.person(position))

    def person(self, position: int) -> tuple[int, int, int]:
        """The masks once it is known whose sign-in it is: the rules, and what is impossible."""
        person = self.space.axes[0].classes[position]
        return self.space.must & person.must, self.space.may & person.may, person.cannot

    def spend(self) -> None:
        """Counts a state; raises BudgetSpent."""
        self.states += 1
        self.budget.check_states(self.states)
        self.budget.check_time(WALKS_PART)
        if not self.states % 256:
            self.budget.check_memory()

    def tally(self, level: int, must: int, may: int, cannot: int) -> Tally[Label]:
        """The tally of all sign-ins that are left from that level on."""
        key = self._key(level, must, may, cannot)
        known = self._known[level]
        tally = known.get(key)
        if tally is None:
            self.spend()
            tally = known[key] = self._look(level, *key)
        return tally

    def known(self, level: int, must: int, may: int, cannot: int) -> Tally[Label] | None:
        """The same, where it is known already."""
        return self._known[level].get(self._key(level, must, may, cannot))

    def _key(self, level: int, must: int, may: int, cannot: int) -> tuple[int, int, int]:
        rest = self.rests[level]
        return (*self.question.kept(must, may, rest), cannot & rest.open)

    def _look(self, level: int, must: int, may: int, cannot: int) -> Tally[Label]:
        rest = self.rests[level]
        last = level == len(self.space.axes)
        if last and cannot:
            return self._fine
        label = self.question.verdict(must, may) if last else self.question.settled(must, may, rest)
        if label is not None:
            left = rest.possible(cannot)
            return self._fine if label == self.question.fine or not left.number else Tally({label: left})
        found: dict[Label, Found] = {}
        for position, each in enumerate(self.space.axes[level].classes):
            below = self.tally(level + 1, must & each.must, may & each.may, cannot & each.cannot)
            for what, (number, path) in below.found.items():
                _plus(found, what, Found(each.weight * number, (position, *path)))
        return Tally(found) if found else self._fine
