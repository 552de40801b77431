"""What the engines say held against brute force: for each person the counts, of each region what is in it and what is in none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from itertools import product
from typing import Generic, TypeVar

import numpy as np

from perca.model import Tenant
from perca.policy import Principal
from perca.prove import Difference, Inquiry, Proof, Verdict
from perca.prove.questions import SAME
from perca.prove.regions import regions
from perca.space import among
from support import brute
from support.brute import COORDINATES, Count, Raw

WORDS = {
    brute.Verdict.HOLDS: Verdict.HOLDS,
    brute.Verdict.FAILS: Verdict.FAILS,
    brute.Verdict.NOT_ASSESSED: Verdict.UNKNOWN,
}
CANNOT_BE = -2
L = TypeVar("L", bound=Hashable)


class Judged(Generic[L]):
    """What brute force says of each sign-in."""

    def __init__(self, raw: Raw, answers: Mapping[Principal, list[L | None]], fine: L) -> None:
        self.raw = raw
        self.by_person = {
            who: Counter(label for label in each if label is not None and label != fine)
            for who, each in answers.items()
        }
        self.labels = sorted({label for each in self.by_person.values() for label in each}, key=str)
        at: dict[L | None, int] = {label: number for number, label in enumerate(self.labels)}
        at[None] = CANNOT_BE
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
    assert found == judged.by_person, "the counts are others"


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
        cells = cells[cells != CANNOT_BE]
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
    told = {who: [each and WORDS[each] for each in cells] for who, cells in found.items()}
    return Judged(raw, told, Verdict.HOLDS)


def changes(before: Tenant, after: Tenant, raw: Raw) -> Judged[Difference]:
    known = {
        each: Difference(WORDS[each[0]], WORDS[each[1]], each[2])
        for each in product(brute.Verdict, brute.Verdict, (False, True))
    }
    found = brute.changes(before, after, raw)
    return Judged(raw, {who: [each and known[each] for each in cells] for who, cells in found.items()}, SAME)
