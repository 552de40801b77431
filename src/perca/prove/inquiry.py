"""A question over one space, asked step by step: its walk, the people it is about, and sign-ins with a label, which `decide` confirms."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Generic

from perca.model import External, SignIn, UserId
from perca.policy import Decision, Principal, sign_in_of
from perca.prove.engine import Engine
from perca.prove.plain import in_question
from perca.prove.walk import Label, Path, Tally, Walk
from perca.space import Space, Universe


@dataclass(frozen=True, slots=True)
class Witness:
    """One sign-in, every field written, for which the question fails or isn't assessed; `decide` agreed."""

    sign_in: SignIn
    decision: Decision
    """What the tenant (the later one of two) makes of it."""
    before: Decision | None = None
    assessed: bool = True


class Disagreement(AssertionError):
    """The walk and `decide` disagree about a witness: a fault of ours, never of the input."""


@dataclass(frozen=True, slots=True)
class Crowd:
    """People whose sign-ins get the same answers: how many principals, who of them is in the directory, and the tally of one."""

    position: int
    weight: int
    people: tuple[UserId, ...]
    strangers: tuple[External, ...]


@dataclass(frozen=True)
class Inquiry(Generic[Label]):
    """`confirm` holds a sign-in that is said to have a label against `decide`; it raises Disagreement."""

    question: str
    universe: Universe
    walk: Walk[Label]
    confirm: Callable[[SignIn, Label], Witness]
    assumptions: tuple[str, ...] = ()

    @cached_property
    def engine(self) -> Engine[Label]:
        """What answers: the walk, or diagrams once it is spent."""
        return Engine(self.walk)

    @property
    def combinations(self) -> int:
        """How many sign-ins it is about: all of the universe that can be."""
        return self.walk.rests[0].possible().number

    @property
    def space(self) -> Space:
        """The universe, cut into classes by the rules that bear on the question."""
        return self.walk.space

    def crowds(self) -> Iterator[tuple[Crowd, Tally[Label]]]:
        """Each class of people that is in question with its tally, in order; raises BudgetSpent."""
        classes = self.space.axes[0].classes
        for position in in_question(self.walk):
            each = classes[position]
            tally = self.engine.of_class(position)
            who = [value for value in each.values if isinstance(value, Principal)] if tally.found else []
            yield (
                Crowd(
                    position,
                    each.weight,
                    tuple(value.user for value in who if value.user is not None),
                    tuple(value.external for value in who if value.external is not None),
                ),
                tally,
            )

    def people(self, first: int) -> tuple[UserId, ...]:
        """Everybody in the directory from one class of people on who is in question."""
        classes = self.space.axes[0].classes
        left = (classes[each] for each in in_question(self.walk) if each >= first)
        values = (value for each in left for value in each.values)
        return tuple(each.user for each in values if isinstance(each, Principal) and each.user is not None)

    def sign_in(self, path: Path) -> SignIn:
        """The sign-in to show for the classes of a path that begins with the people's."""
        return sign_in_of(
            {
                axis.coordinate: axis.classes[place].sample
                for axis, place in zip(self.space.axes, path, strict=True)
            }
        )

    def witness(self, path: Path, label: Label) -> Witness:
        """That sign-in, confirmed by `decide`."""
        return self.confirm(self.sign_in(path), label)
