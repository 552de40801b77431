"""Yes, No or Unknown, each with its reason: the three-valued answers of every condition and every rule.

Kleene's logic: a No decides a conjunction and a Yes a disjunction, whatever is unknown beside them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Yes:
    """It holds; `because` are the sentences that say why, in order."""

    because: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class No:
    """It doesn't hold; `unmet` are the words of Graph's analysisReasons, with one sentence each in `because`."""

    because: tuple[str, ...] = ()
    unmet: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Unknown:
    """It hangs on facts that we don't have; `facts` names each."""

    facts: tuple[str, ...] = ()


Answer = Yes | No | Unknown


def either(answers: Iterable[Answer], otherwise: str) -> Answer:
    """Yes iff one is Yes; No iff all are No, with `otherwise` as the reason; else Unknown."""
    facts: list[str] = []
    for answer in answers:
        if isinstance(answer, Yes):
            return answer
        if isinstance(answer, Unknown):
            facts.extend(answer.facts)
    return Unknown(tuple(facts)) if facts else No((otherwise,))


def included_but_not_excluded(include: Answer, exclude: Answer) -> Answer:
    """Exclude beats include (FACTS.md 3.3.4): include and not exclude, in three values."""
    if isinstance(include, No):
        return include
    if isinstance(exclude, Yes):
        return No(tuple(f"excluded: {reason}" for reason in exclude.because))
    if isinstance(exclude, Unknown):
        facts = include.facts if isinstance(include, Unknown) else ()
        return Unknown((*facts, *exclude.facts))
    return include


def every(answers: Iterable[Answer]) -> Answer:
    """No iff one is No, with the reasons of all that are; Yes iff all are Yes; else Unknown with every missing fact."""
    yes: list[Yes] = []
    no: list[No] = []
    unknown: list[Unknown] = []
    for answer in answers:
        if isinstance(answer, No):
            no.append(answer)
        elif isinstance(answer, Unknown):
            unknown.append(answer)
        else:
            yes.append(answer)
    if no:
        if len(no) == 1:
            return no[0]
        return No(
            tuple(reason for each in no for reason in each.because),
            tuple(word for each in no for word in each.unmet),
        )
    if unknown:
        if len(unknown) == 1:
            return unknown[0]
        return Unknown(tuple(fact for each in unknown for fact in each.facts))
    return Yes(tuple(reason for each in yes for reason in each.because))
