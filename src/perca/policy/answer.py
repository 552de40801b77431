"""Yes, No or Unknown, each with its reason: the three-valued answers of every condition and every rule.

Kleene's logic: a No decides a conjunction and a Yes a disjunction, whatever is unknown beside them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce

from perca.model import Unrecognised


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
NO_CONDITION: Answer = Yes()


def may_mean(entries: Iterable[Unrecognised], what: str) -> Unknown:
    """Unknown: each of the entries, which nobody understands, may mean `what` or not."""
    return Unknown(tuple(f"{entry.where} `{entry.value}` may or may not mean {what}" for entry in entries))


def not_modelled(entries: Iterable[Unrecognised]) -> Unknown:
    """Unknown: what each of the entries asks is not modelled."""
    return Unknown(tuple(f"{entry.where} `{entry.value}` is not modelled" for entry in entries))


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


def both(one: Answer, two: Answer) -> Answer:
    """No iff one is No, with the reasons of all that are; Yes iff both are Yes; else Unknown with every missing fact."""
    if isinstance(one, No):
        return No(one.because + two.because, one.unmet + two.unmet) if isinstance(two, No) else one
    if isinstance(two, No):
        return two
    if isinstance(one, Unknown):
        return Unknown(one.facts + two.facts) if isinstance(two, Unknown) else one
    if isinstance(two, Unknown):
        return two
    return Yes(one.because + two.because)


def every(answers: Iterable[Answer]) -> Answer:
    """`both` of all of them; of none, Yes."""
    return reduce(both, answers, NO_CONDITION)
