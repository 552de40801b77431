"""The walk, decision diagrams and brute force agree over 2,000 random tenants of at most 20,000 sign-ins: labels, counts, people, regions.

Asked are "always MFA", "never weaker" and the difference of a tenant and the same after some edits. Each question is answered by the walk
alone, by diagrams alone, and by both, the walk's budget spent midway. The partner (tests/support/brute.py) judges every raw sign-in
and knows neither classes nor engines; `exhaust` judges some of them once more, by `policy.applies` alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable

import pytest

from perca.prove import (
    Budget,
    Verdict,
    about_always_mfa,
    about_difference,
    answer,
    diagram,
    exhaust,
    never_weaker,
)
from perca.prove.questions import DIFFERENCES, SAME
from perca.prove.regions import regions
from support import brute
from support.agreeing import answers, changes, hold, hold_proof
from support.brute import COORDINATES, Raw
from support.walked import universe_of_raw
from support.whole_cases import case

TENANTS = 2_000
CHUNK = 50
in_chunks = pytest.mark.parametrize(
    "numbers",
    [
        pytest.param(range(n, n + CHUNK), id=f"{n}-{n + CHUNK - 1}", marks=[pytest.mark.slow] if n else [])
        for n in range(0, TENANTS, CHUNK)
    ],
)
"""The first of them belong to `./dev fast`."""
ALONE, SMALL = Budget(), 30_000_000
FAULTS = (Verdict.FAILS, Verdict.UNKNOWN)


def budgets(number: int) -> tuple[Budget, Budget, Budget]:
    """For the walk alone, for diagrams alone, and for diagrams from the middle of the walk."""
    return ALONE, Budget(0, memory=SMALL), Budget(1 + number % 40, memory=SMALL)


def few(raw: Raw, most: int = 40) -> Raw:
    """The first values of each coordinate: few enough sign-ins to try every completion of what is unknown."""
    left, values = most, {}
    for each in COORDINATES:
        values[each] = raw.values[each][: max(1, min(len(raw.values[each]), 2 if left < most else 4, left))]
        left //= len(values[each])
    return Raw(values)


@pytest.fixture
def some_at_once(numbers: range, monkeypatch: pytest.MonkeyPatch) -> None:
    """Diagrams look at a few classes of people together, or at all."""
    monkeypatch.setattr(diagram, "AT_ONCE", (3, 512, 1, 2, 5)[numbers.start // CHUNK % 5])


@in_chunks
def test_always_mfa(numbers: range, some_at_once: None) -> None:
    for number in numbers:
        tenant, _, raw = case(number)
        over, judged = universe_of_raw(raw), answers(tenant, raw)
        count = brute.always_mfa(tenant, raw)
        for budget in budgets(number):
            asked = about_always_mfa(tenant, over, budget)
            hold(asked, judged, FAULTS, most=(3, 1000)[number % 2])
            hold_proof(answer(asked), count)


@in_chunks
def test_difference(numbers: range, some_at_once: None) -> None:
    for number in numbers:
        before, after, raw = case(number)
        over, judged = universe_of_raw(raw), changes(before, after, raw)
        for budget in budgets(number):
            hold(
                about_difference(before, after, over, budget),
                judged,
                DIFFERENCES,
                most=(4, 1000)[number % 2],
            )


@in_chunks
def test_never_weaker(numbers: range, some_at_once: None) -> None:
    for number in numbers:
        before, after, raw = case(number)
        over, count = universe_of_raw(raw), brute.never_weaker(before, after, raw)
        for budget in budgets(number):
            hold_proof(never_weaker(before, after, universe=over, budget=budget), count)


@in_chunks
def test_exhaust(numbers: range) -> None:
    """The other exhaustive engine, by `applies` alone and by trying what is unknown both ways, on some of the sign-ins."""
    tried = 0
    for number in numbers:
        before, after, raw = case(number)
        some = few(raw)
        sign_ins = list(some.sign_ins())
        try:
            found, one = exhaust.differences(before, after, sign_ins), exhaust.always_mfa(before, sign_ins)
        except ValueError:
            continue  # it refuses where too much is unknown
        tried += 1
        del found[SAME]
        assert found == sum(changes(before, after, some).by_person.values(), Counter())
        count = brute.always_mfa(before, some)
        assert (one.total, one.fails, one.unassessed) == (count.total, count.fails, count.unassessed)
    assert tried > len(numbers) // 2


@pytest.mark.slow
def test_each_answer_comes_up_often(capsys: pytest.CaptureFixture[str]) -> None:
    """By each engine, and each number of regions: the comparisons would be empty otherwise."""
    labels: Counter[Hashable] = Counter()
    ways: Counter[Hashable] = Counter()
    for number in range(0, TENANTS, 2):
        before, after, raw = case(number)
        over = universe_of_raw(raw)
        ways[never_weaker(before, after, universe=over).holds] += 1
        asked = about_always_mfa(before, over, budgets(number)[2])
        ways[answer(asked).holds, asked.engine.name, asked.engine.walk.states > 2] += 1
        told = regions(asked, FAULTS, 3)
        ways[len(told.regions), told.complete] += 1
        labels.update({label for _, tally in asked.crowds() for label in tally.found})
        differing = about_difference(before, after, over)
        labels.update({label for _, tally in differing.crowds() for label in tally.found})
    with capsys.disabled():
        print("", *(f"{count:6} {label}" for label, count in labels.most_common()), sep="\n")
        print(*(f"{count:6} {way}" for way, count in ways.most_common()), sep="\n")
    possible = [each for each in DIFFERENCES if not each.blocked or each[:2] == BLOCKED]
    assert {each: labels[each] for each in (*FAULTS, *possible) if labels[each] < 5} == {}
    told_apart = [(holds, engine, True) for holds in (True, False, None) for engine in ("walk", "bdd")]
    counts = [*((n, True) for n in range(4)), (3, False)]
    assert {each: ways[each] for each in (True, False, None, *told_apart, *counts) if ways[each] < 10} == {}


BLOCKED = (Verdict.HOLDS, Verdict.FAILS)
"""What goes with a new block: it asks for no less, and for more."""
