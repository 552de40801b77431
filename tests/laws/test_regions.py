"""Nothing can be added to a region, by either engine. What is in it, and what is in none, is held in test_engines_agree.py."""

from collections.abc import Iterator
from itertools import permutations, product

import pytest

from perca.model import SignIn, Tenant
from perca.policy import Coordinate, can_be, sign_in_of, value_at
from perca.prove import Budget, Verdict, about_always_mfa, exhaust
from perca.prove.regions import Region, overlaps, regions
from perca.space import ORDER, Area
from support.random_tenants import UNIVERSE, Maker

SAID = (Verdict.FAILS, Verdict.UNKNOWN)


def verdict(tenant: Tenant, sign_in: SignIn) -> str:
    count = exhaust.always_mfa(tenant, [sign_in])
    return "fails" if count.fails else "notAssessed" if count.unassessed else "holds"


def put(sign_in: SignIn, coordinate: Coordinate, value: object) -> SignIn:
    """The sign-in with another value on one coordinate."""
    return sign_in_of({**{each: value_at(sign_in, each) for each in ORDER}, coordinate: value})


def points(region: Region[Verdict]) -> Iterator[SignIn]:
    """One sign-in for each combination of the region's values; of each run of addresses the first."""
    for values in product(*(each_of(side.values) for side in region.sides.values())):
        sign_in = region.witness.sign_in
        for coordinate, value in zip(region.sides, values, strict=True):
            sign_in = put(sign_in, coordinate, value)
        yield sign_in


def each_of(values: tuple[object, ...]) -> list[object]:
    """The values themselves, and the networks of areas."""
    return [one for value in values for one in (value if isinstance(value, Area) else (value,))]


@pytest.mark.parametrize("budget", [Budget(), Budget(0, memory=30_000_000)], ids=["walk", "bdd"])
@pytest.mark.parametrize("number", range(0, 40, 3))
def test_nothing_can_be_added(number: int, budget: Budget) -> None:
    """One value more on any side, and some sign-in of the region would be otherwise, or there would be none with it."""
    tenant = Maker(number, unknown=0.0 if number % 2 else 0.2).tenant()
    asked = about_always_mfa(tenant, UNIVERSE, budget)
    for region in regions(asked, SAID, 2).regions:
        for coordinate, side in region.sides.items():
            for other in each_of(side.others)[:2]:
                moved = [each for each in (put(p, coordinate, other) for p in points(region)) if can_be(each)]
                assert not moved or any(verdict(tenant, point) != region.label.value for point in moved)


@pytest.mark.parametrize("number", range(0, 40, 3))
def test_regions_overlap_where_a_sign_in_that_can_be_is_in_both(number: int) -> None:
    asked = about_always_mfa(Maker(number, unknown=0.2).tenant(), UNIVERSE)
    found = regions(asked, SAID)
    told = overlaps(asked, found)
    within = [{each for each in points(region) if can_be(each)} for region in found.regions]
    shared = {pair for pair in permutations(range(len(within)), 2) if within[pair[0]] & within[pair[1]]}
    assert {(here, there) for here, others in enumerate(told) for there in others} == shared


def test_some_regions_overlap_and_some_do_not() -> None:
    told = []
    for number in range(0, 40, 3):
        asked = about_always_mfa(Maker(number, unknown=0.2).tenant(), UNIVERSE)
        told += overlaps(asked, regions(asked, SAID))
    assert any(told)
    assert not all(told)
