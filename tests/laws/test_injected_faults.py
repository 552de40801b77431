"""The laws that hold the engines, and the words of regions, notice a fault: each is injected here, and must be caught.

By the comparisons that the laws themselves use. That these accept the engines as they are is what the laws hold.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from perca.cli import networks, region, words
from perca.policy import Coordinate
from perca.prove import Budget, about_always_mfa, about_difference, formulas, questions
from perca.space import Axis, axes
from support.agreeing import answers, changes, hold_counts
from support.reading import read_back
from support.walked import universe_of_raw
from support.whole_cases import case

NUMBERS = range(400)
"""The first that notices ends it."""
ENGINES = {"walk": Budget(), "bdd": Budget(0, memory=30_000_000)}
engines = pytest.mark.parametrize("budget", ENGINES.values(), ids=ENGINES)


def always_mfa(budget: Budget) -> Iterator[None]:
    for number in NUMBERS:
        tenant, _, raw = case(number)
        hold_counts(about_always_mfa(tenant, universe_of_raw(raw), budget), answers(tenant, raw))
        yield


def difference(budget: Budget) -> Iterator[None]:
    for number in NUMBERS:
        before, after, raw = case(number)
        hold_counts(
            about_difference(before, after, universe_of_raw(raw), budget), changes(before, after, raw)
        )
        yield


def caught(law: Callable[[Budget], Iterator[None]], budget: Budget) -> None:
    """The law fails, and by its comparison of counts."""
    with pytest.raises(AssertionError, match="the counts are others"):
        list(law(budget))


@engines
@pytest.mark.parametrize(
    "coordinate",
    [Coordinate.PRINCIPAL, Coordinate.CHANNEL, Coordinate.NETWORK, Coordinate.DEVICE, Coordinate.TARGET],
)
def test_two_classes_taken_for_one(
    coordinate: Coordinate, budget: Budget, monkeypatch: pytest.MonkeyPatch
) -> None:
    cut = axes._axis

    def merged(of: Coordinate, *rest: Any) -> Axis:
        axis = cut(of, *rest)
        if of is not coordinate or len(axis.classes) < 2:
            return axis
        first, second, *others = axis.classes
        one = replace(first, values=(*first.values, *second.values), weight=first.weight + second.weight)
        return Axis(of, (one, *others))

    monkeypatch.setattr(axes, "_axis", merged)
    caught(always_mfa, budget)


@engines
def test_any_demand_taken_for_enough(budget: Budget, monkeypatch: pytest.MonkeyPatch) -> None:
    def entails(requirement: Any, clause: Any, *, unknown_as: bool = False) -> bool:
        return bool(requirement)

    monkeypatch.setattr(questions, "entails", entails)
    monkeypatch.setattr(formulas, "entails", entails)
    caught(difference, budget)


def test_a_demand_dropped_beside_one_that_asks_for_less(monkeypatch: pytest.MonkeyPatch) -> None:
    """The walk alone: diagrams drop no rule."""
    monkeypatch.setattr(questions, "_implied", lambda stronger, columns: -1)
    caught(difference, ENGINES["walk"])


@engines
def test_a_clause_of_unknown_grade_taken_for_certain(budget: Budget, monkeypatch: pytest.MonkeyPatch) -> None:
    sure = questions.entails

    def entails(requirement: Any, clause: Any, *, unknown_as: bool = False) -> bool:
        return sure(requirement, clause, unknown_as=True)

    monkeypatch.setattr(questions, "entails", entails)
    monkeypatch.setattr(formulas, "entails", entails)
    caught(difference, budget)


FAULTS = {
    "a flow dropped": (words, "flows", lambda kinds: FLOWS([*kinds][:1])),
    "a platform dropped": (words, "platforms", lambda kinds, whole: PLATFORMS([*kinds][:1], whole)),
    "platforms turned round": (
        words,
        "platforms",
        lambda kinds, whole: PLATFORMS([each for each in whole if each not in kinds] or kinds, whole),
    ),
    "the first factor dropped": (region, "_hows", lambda chosen, whole: iter([[]])),
    "a risk dropped": (region, "_at_risk", lambda kind, side: AT_RISK(kind, side).split(" or ")[0]),
    "a coordinate dropped": (region, "_at_risk", lambda kind, side: ""),
    "a target dropped": (words, "listed", lambda names, most=5: LISTED(names[1:] or names, most)),
    "inside for outside": (
        networks,
        "_lie",
        lambda blocks, place, within: LIE(blocks, place, within=not within),
    ),
    "a country dropped": (networks, "_codes", lambda countries: CODES(countries)[1:]),
}
FLOWS, PLATFORMS, AT_RISK, LISTED, LIE, CODES = (
    words.flows,
    words.platforms,
    region._at_risk,
    words.listed,
    networks._lie,
    networks._codes,
)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_word_dropped_or_turned_round(fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    where, name, other = FAULTS[fault]
    monkeypatch.setattr(where, name, other)
    assert any(wrong for number in range(60) for _, _, wrong in read_back(number))
