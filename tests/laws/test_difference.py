"""How two tenants differ: the walk's counts are those of trying every sign-in, both ways; and its regions hold what they say."""

from collections import Counter

import pytest

from perca.model import Tenant
from perca.policy import value_at
from perca.prove import Difference, Inquiry, Verdict, about_difference, exhaust
from perca.prove.regions import regions
from perca.space import among
from support.random_tenants import UNIVERSE, Maker, sign_ins

ALL = list(sign_ins())
NUMBERS = range(45)
SAME = Difference(Verdict.HOLDS, Verdict.HOLDS)
WAYS = [Difference(one, two) for one in Verdict for two in Verdict if (one, two) != SAME]


def pair(number: int) -> tuple[Tenant, Tenant]:
    maker = Maker(number, unknown=0.0 if number % 3 == 0 else 0.15)
    before = maker.tenant()
    after = before
    for _ in range(1 + number % 5):
        after = maker.edited(after)
    return before, after


def counted(asked: Inquiry[Difference]) -> Counter[Difference]:
    found: Counter[Difference] = Counter()
    for crowd, tally in asked.crowds():
        for label, (number, _) in tally.found.items():
            found[label] += crowd.weight * number
    return found


@pytest.mark.parametrize("number", NUMBERS)
def test_counts_are_those_of_every_sign_in(number: int) -> None:
    before, after = pair(number)
    wanted = exhaust.differences(before, after, ALL)
    del wanted[SAME]
    assert counted(about_difference(before, after, UNIVERSE)) == wanted


@pytest.mark.parametrize("number", range(20))
def test_regions_hold_each_difference_and_nothing_else(number: int) -> None:
    before, after = pair(number)
    found = regions(about_difference(before, after, UNIVERSE), WAYS, most=1000)
    assert found.complete
    for region in found.regions[:4]:
        inside = [
            sign_in
            for sign_in in ALL
            if all(among(side.values, value_at(sign_in, c)) for c, side in region.sides.items())
        ]
        assert exhaust.differences(before, after, inside) == {region.label: region.combinations}


def test_the_pairs_are_worth_their_while() -> None:
    """Each way of differing comes up: the laws above would be empty otherwise."""
    found: Counter[Difference] = Counter()
    for number in range(90):
        found.update(set(counted(about_difference(*pair(number), UNIVERSE))))
    assert min(found[way] for way in WAYS) >= 1, found
