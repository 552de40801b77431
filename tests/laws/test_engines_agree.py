"""The walk, decision diagrams and brute force agree over 2,000 random tenants of at most 20,000 sign-ins: labels, counts, people, regions.

Asked are "always MFA", "never weaker" and the difference of a tenant and the same after some edits. Each question is answered by the walk
alone, by diagrams alone, and by both, the walk's budget spent midway. The partner (tests/support/brute.py) judges every raw sign-in
and knows neither classes nor engines; `exhaust` judges some of them once more, by `policy.applies` alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from itertools import product
from typing import Generic, TypeVar

import numpy as np
import pytest

from perca.model import Tenant
from perca.policy import Principal
from perca.prove import (
    Budget,
    Difference,
    Inquiry,
    Proof,
    Verdict,
    about_always_mfa,
    about_difference,
    answer,
    exhaust,
    never_weaker,
)
from perca.prove.questions import DIFFERENCES, SAME
from perca.prove.regions import regions
from perca.space import among
from support import brute
from support.brute import COORDINATES, Count, Raw
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
WORDS = {
    brute.Verdict.HOLDS: Verdict.HOLDS,
    brute.Verdict.FAILS: Verdict.FAILS,
    brute.Verdict.NOT_ASSESSED: Verdict.UNKNOWN,
}
L = TypeVar("L", bound=Hashable)


def budgets(number: int) -> tuple[Budget, Budget, Budget]:
    """For the walk alone, for diagrams alone, and for diagrams from the middle of the walk."""
    return ALONE, Budget(0, memory=SMALL), Budget(1 + number % 40, memory=SMALL)


class Judged(Generic[L]):
    """What brute force says of each sign-in."""

    def __init__(self, raw: Raw, answers: Mapping[Principal, list[L]], fine: L) -> None:
        self.raw = raw
        self.by_person = {
            who: Counter(label for label in each if label != fine) for who, each in answers.items()
        }
        self.labels = sorted({label for each in self.by_person.values() for label in each}, key=str)
        at = {label: number for number, label in enumerate(self.labels)}
        cells = [at.get(label, -1) for who in raw.principals for label in answers[who]]
        self.cells = np.array(cells, np.int8).reshape([len(raw.values[each]) for each in COORDINATES])


def hold_counts(asked: Inquiry[L], judged: Judged[L]) -> None:
    """For each person the counts are those of every sign-in."""
    found: dict[Principal, dict[L, int]] = {}
    for crowd, tally in asked.crowds():
        people = asked.space.axes[0].classes[crowd.position].values
        assert len(people) == crowd.weight
        for who in people:
            assert isinstance(who, Principal)
            found[who] = {label: number for label, (number, _) in tally.found.items()}
    assert found == judged.by_person


def hold_regions(asked: Inquiry[L], judged: Judged[L], labels: Iterable[L], most: int) -> None:
    """Each region holds sign-ins with its label alone, and as many as it says; all together hold as many as they say."""
    told = regions(asked, labels, most)
    inside = np.zeros(judged.cells.shape, bool)
    for region in told.regions:
        chosen = [
            [n for n, value in enumerate(judged.raw.values[each]) if among(region.sides[each].values, value)]
            for each in COORDINATES
        ]
        cells = judged.cells[np.ix_(*chosen)]
        assert cells.size == region.combinations
        assert (cells == judged.labels.index(region.label)).all()
        inside[np.ix_(*chosen)] = True
    assert told.rest == ((judged.cells >= 0) & ~inside).sum()
    assert len(told.regions) == most or told.complete


def hold(asked: Inquiry[L], judged: Judged[L], labels: Iterable[L], most: int) -> None:
    hold_counts(asked, judged)
    hold_regions(asked, judged, labels, most)


def hold_proof(proof: Proof, count: Count) -> None:
    """The proof says of all together what brute force counts."""
    assert proof.not_decided is None
    assert (proof.combinations, proof.failing, proof.unassessed) == (
        count.total,
        count.fails,
        count.unassessed,
    )
    assert set(proof.failing_people) == {each.user for each in count.failing} - {None}
    assert set(proof.unassessed_people) == {each.user for each in count.unclear} - {None}
    assert set(proof.strangers) == {each.external for each in count.failing | count.unclear} - {None}
    assert proof.holds is (False if count.fails else None if count.unassessed else True)


def answers(tenant: Tenant, raw: Raw) -> Judged[Verdict]:
    found = brute.answers(tenant, raw)
    return Judged(raw, {who: [WORDS[each] for each in cells] for who, cells in found.items()}, Verdict.HOLDS)


def changes(before: Tenant, after: Tenant, raw: Raw) -> Judged[Difference]:
    known = {
        each: Difference(WORDS[each[0]], WORDS[each[1]], each[2])
        for each in product(brute.Verdict, brute.Verdict, (False, True))
    }
    found = brute.changes(before, after, raw)
    return Judged(raw, {who: [known[each] for each in cells] for who, cells in found.items()}, SAME)


def few(raw: Raw, most: int = 40) -> Raw:
    """The first values of each coordinate: few enough sign-ins to try every completion of what is unknown."""
    left, values = most, {}
    for each in COORDINATES:
        values[each] = raw.values[each][: max(1, min(len(raw.values[each]), 2 if left < most else 4, left))]
        left //= len(values[each])
    return Raw(values)


@in_chunks
def test_always_mfa(numbers: range) -> None:
    for number in numbers:
        tenant, _, raw = case(number)
        over, judged = universe_of_raw(raw), answers(tenant, raw)
        count = brute.always_mfa(tenant, raw)
        for budget in budgets(number):
            asked = about_always_mfa(tenant, over, budget)
            hold(asked, judged, FAULTS, most=(3, 1000)[number % 2])
            hold_proof(answer(asked), count)


@in_chunks
def test_difference(numbers: range) -> None:
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
def test_never_weaker(numbers: range) -> None:
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
