"""The answers of a question as formulas: for each label, which sign-ins have it, out of which rules certainly and possibly apply.

Over masks of one sign-in, with True and False, they say what `verdict` says (tests/laws hold that); over sets of sign-ins they say
all at once.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from functools import reduce
from operator import and_
from typing import Protocol, Self, TypeVar

from perca.model import Clause
from perca.policy import entails
from perca.prove.questions import DIFFERENCES, AlwaysMfa, Difference, Differing, NeverWeaker
from perca.prove.walk import Verdict


class Boolean(Protocol):
    """Something that is true or not: of one sign-in, or of each of a set."""

    def __and__(self, other: Self, /) -> Self: ...
    def __or__(self, other: Self, /) -> Self: ...
    def __invert__(self, /) -> Self: ...


B = TypeVar("B", bound=Boolean)
B_co = TypeVar("B_co", bound=Boolean, covariant=True)


class Terms(Protocol[B_co]):
    """What formulas are made of."""

    def certain(self, rules: int) -> B_co:
        """Some of these rules certainly applies."""
        ...

    def possible(self, rules: int) -> B_co:
        """Some of these rules may apply."""
        ...


def has_formulas(question: object) -> bool:
    """Whether the question's answers can be written as formulas."""
    return isinstance(question, AlwaysMfa | NeverWeaker | Differing)


def formulas(question: object, terms: Terms[B]) -> Mapping[Hashable, B]:
    """For each label but the fine one the sign-ins that have it; TypeError for a question without formulas."""
    match question:
        case AlwaysMfa():
            return dict(_always_mfa(terms))
        case NeverWeaker():
            return dict(_losses(question, terms))
        case Differing():
            return dict(_differences(question, terms))
        case _:
            raise TypeError(f"no formulas for {question}")


def _always_mfa(terms: Terms[B]) -> Iterator[tuple[Verdict, B]]:
    must, may = terms.certain(-1), terms.possible(-1)
    yield Verdict.FAILS, ~may
    yield Verdict.UNKNOWN, may & ~must


def _losses(question: NeverWeaker, terms: Terms[B]) -> Iterator[tuple[Verdict, B]]:
    parts = _parts(question, terms)
    yield from ((label, parts[label]) for label in (Verdict.FAILS, Verdict.UNKNOWN))


def _parts(question: NeverWeaker, terms: Terms[B]) -> dict[Verdict, B]:
    """What the other side may ask for is asked for certainly; or not even at best; or nobody knows.

    Clause by clause: one is entailed by a single clause or not at all.
    """
    asked: dict[Clause, int] = {}
    for clause, bit in _clauses(question, question.asking):
        asked[clause] = asked.get(clause, 0) | bit
    given = [
        (asking, _entailing(question, clause, False), _entailing(question, clause, True))
        for clause, asking in asked.items()
    ]
    nothing = terms.possible(0)
    sure = reduce(and_, (~terms.possible(ask) | terms.certain(least) for ask, least, _ in given), ~nothing)
    best = reduce(and_, (~terms.certain(ask) | terms.possible(most) for ask, _, most in given), ~nothing)
    return {Verdict.HOLDS: sure, Verdict.UNKNOWN: ~sure & best, Verdict.FAILS: ~sure & ~best}


def _clauses(question: NeverWeaker, side: int) -> Iterator[tuple[Clause, int]]:
    for position, column in enumerate(question.columns):
        if side >> position & 1:
            for clause in column.rule.clauses:
                yield clause, 1 << position


def _entailing(question: NeverWeaker, clause: Clause, unknown_as: bool) -> int:
    """The giving rules each of which alone asks for that clause, or for more."""
    found = 0
    for given, bit in _clauses(question, question.giving):
        if entails(frozenset({given}), clause, unknown_as=unknown_as):
            found |= bit
    return found


def _differences(question: Differing, terms: Terms[B]) -> Iterator[tuple[Difference, B]]:
    less, more = _parts(question.less, terms), _parts(question.more, terms)
    blocked = terms.certain(question.blocks_after) & ~terms.possible(question.blocks_before)
    for label in DIFFERENCES:
        yield label, less[label.no_less] & more[label.no_more] & (blocked if label.blocked else ~blocked)
