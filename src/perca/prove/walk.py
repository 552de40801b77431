"""The walk: every sign-in of a space judged exactly, without looking at each.

Coordinate by coordinate, people first; what has been seen so far is two masks of rules still alive, and equal masks are one
state. A branch stops as soon as the question is settled for all that is left of it (two stops, see `Rest`). Counts are exact
integers. When the budget of states is spent the walk says so; it never guesses.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from perca.space import Space


class Verdict(Enum):
    """What is true of one sign-in."""

    HOLDS = "holds"
    FAILS = "fails"
    UNKNOWN = "notAssessed"


class Rest:
    """What is left to look at from one coordinate on."""

    def __init__(self, space: Space, level: int) -> None:
        self._classes = [axis.classes for axis in space.axes[level:]]
        self.weight = 1
        self.full = -1
        """The rules that certainly match whatever is left."""
        for axis in space.axes[level:]:
            self.weight *= axis.weight
            for each in axis.classes:
                self.full &= each.must

    def survives(self, alive: int) -> bool:
        """Whether one of the alive rules certainly matches each sign-in that is left.

        True as soon as one matches all of them, or when more are alive than one value for each remaining coordinate can rule
        out: then some rule is left over whichever values come. False is no answer.
        """
        if alive & self.full:
            return True
        left = alive.bit_count()
        for classes in self._classes:
            left -= max((alive & ~each.must).bit_count() for each in classes)
            if left <= 0:
                return False
        return left > 0


class Question(Protocol):
    """What is asked of every sign-in, in terms of the rules that must and may apply."""

    def settled(self, must: int, may: int, rest: Rest) -> Verdict | None:
        """The verdict for everything that is left, or None when it isn't settled yet."""
        ...

    def verdict(self, must: int, may: int) -> Verdict:
        """The verdict for one sign-in."""
        ...


Path = tuple[int, ...]
"""The classes that lead to a sign-in, by position on each axis from some level on."""


@dataclass(frozen=True, slots=True)
class Tally:
    """How many sign-ins fail and how many aren't assessed, with the path to one of each; all the others hold."""

    fails: int = 0
    unknown: int = 0
    failing: Path | None = None
    unclear: Path | None = None


class BudgetSpent(Exception):
    """The walk met more states than it was allowed."""


class Walk:
    """One question over one space."""

    def __init__(self, space: Space, question: Question, budget: int = 500_000) -> None:
        self.space = space
        self.question = question
        self.budget = budget
        self.states = 0
        self._rests = [Rest(space, level) for level in range(len(space.axes) + 1)]
        self._known: list[dict[tuple[int, int], Tally]] = [{} for _ in self._rests]

    def of_class(self, position: int) -> Tally:
        """The tally of one class of people, counted for one person of it."""
        person = self.space.axes[0].classes[position]
        return self._tally(1, self.space.must & person.must, self.space.may & person.may)

    def _tally(self, level: int, must: int, may: int) -> Tally:
        known = self._known[level]
        key = (must, may)
        tally = known.get(key)
        if tally is None:
            self.states += 1
            if self.states > self.budget:
                raise BudgetSpent
            tally = known[key] = self._look(level, must, may)
        return tally

    def _look(self, level: int, must: int, may: int) -> Tally:
        rest = self._rests[level]
        last = level == len(self.space.axes)
        verdict = self.question.verdict(must, may) if last else self.question.settled(must, may, rest)
        if verdict is not None:
            first = (0,) * (len(self.space.axes) - level)
            match verdict:
                case Verdict.HOLDS:
                    return Tally()
                case Verdict.FAILS:
                    return Tally(fails=rest.weight, failing=first)
                case Verdict.UNKNOWN:
                    return Tally(unknown=rest.weight, unclear=first)
        fails = unknown = 0
        failing: Path | None = None
        unclear: Path | None = None
        for position, each in enumerate(self.space.axes[level].classes):
            below = self._tally(level + 1, must & each.must, may & each.may)
            fails += each.weight * below.fails
            unknown += each.weight * below.unknown
            if failing is None and below.failing is not None:
                failing = (position, *below.failing)
            if unclear is None and below.unclear is not None:
                unclear = (position, *below.unclear)
        return Tally(fails, unknown, failing, unclear)
