"""A region is what it says: every sign-in in it fails (or isn't assessed), nothing can be added to it, and `complete` is the truth."""

from collections.abc import Iterator
from itertools import product

import pytest

from perca.model import SignIn, Tenant
from perca.policy import Coordinate, sign_in_of, value_at
from perca.prove import Verdict, about_always_mfa, answer, exhaust
from perca.prove.regions import Region, Regions, regions
from perca.space import ORDER, Area, among
from support.random_tenants import UNIVERSE, Maker, sign_ins

ALL = list(sign_ins())
NUMBERS = range(40)


SAID = (Verdict.FAILS, Verdict.UNKNOWN)


def told(tenant: Tenant, most: int = 1000) -> Regions[Verdict]:
    return regions(about_always_mfa(tenant, UNIVERSE), SAID, most)


@pytest.mark.parametrize("number", NUMBERS)
def test_the_regions_close_the_proof(number: int) -> None:
    assert told(Maker(number).tenant()).complete


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


def holds(region: Region[Verdict], sign_in: SignIn) -> bool:
    """Whether the sign-in is in the region."""
    return all(among(side.values, value_at(sign_in, coordinate)) for coordinate, side in region.sides.items())


@pytest.mark.parametrize("number", NUMBERS)
def test_every_sign_in_of_a_region_fails_alike(number: int) -> None:
    tenant = Maker(number, unknown=0.0 if number % 3 == 0 else 0.2).tenant()
    found = told(tenant)
    for region in found.regions[:3]:
        wanted = "fails" if region.witness.assessed else "notAssessed"
        assert {verdict(tenant, point) for point in list(points(region))[:400]} == {wanted}


@pytest.mark.parametrize("number", NUMBERS)
def test_regions_are_counted_exactly(number: int) -> None:
    tenant = Maker(number).tenant()
    asked = about_always_mfa(tenant, UNIVERSE)
    proof, found = answer(asked), regions(asked, SAID, most=number % 5)
    inside = [sum(holds(region, sign_in) for sign_in in ALL) for region in found.regions]
    assert inside == [region.combinations for region in found.regions]
    inside_any = sum(any(holds(region, sign_in) for region in found.regions) for sign_in in ALL)
    assert found.rest == proof.failing + proof.unassessed - inside_any


@pytest.mark.parametrize("number", range(0, 40, 3))
def test_nothing_can_be_added(number: int) -> None:
    """One value more on any side, and some sign-in of the region would be otherwise."""
    tenant = Maker(number, unknown=0.0 if number % 2 else 0.2).tenant()
    found = told(tenant)
    for region in found.regions[:2]:
        for coordinate, side in region.sides.items():
            for other in each_of(side.others)[:2]:
                moved = (put(point, coordinate, other) for point in points(region))
                assert any(verdict(tenant, point) != region.label.value for point in moved)


def test_the_random_tenants_have_regions_of_both_sorts() -> None:
    found = [
        (region.witness.assessed, each.complete)
        for each in (told(Maker(n).tenant(), most=3) for n in NUMBERS)
        for region in each.regions
    ]
    assert min(found.count(pair) for pair in ((True, True), (True, False), (False, False))) >= 1
