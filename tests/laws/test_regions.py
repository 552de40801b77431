"""A region is what it says: every sign-in in it fails (or isn't assessed), nothing can be added to it, and `complete` is the truth."""

from collections.abc import Iterator
from itertools import product

import pytest

from perca.model import SignIn
from perca.policy import Coordinate, sign_in_of, value_at
from perca.prove import always_mfa, exhaust
from perca.prove.regions import Region, regions
from perca.space import ORDER, Area, among
from support.random_tenants import UNIVERSE, Maker, sign_ins

ALL = list(sign_ins())
NUMBERS = range(40)


def verdict(tenant: object, sign_in: SignIn) -> str:
    count = exhaust.always_mfa(tenant, [sign_in])  # type: ignore[arg-type]
    return "fails" if count.fails else "notAssessed" if count.unassessed else "holds"


def put(sign_in: SignIn, coordinate: Coordinate, value: object) -> SignIn:
    """The sign-in with another value on one coordinate."""
    return sign_in_of({**{each: value_at(sign_in, each) for each in ORDER}, coordinate: value})


def points(region: Region) -> Iterator[SignIn]:
    """One sign-in for each combination of the region's values; of each run of addresses the first."""
    for values in product(*(each_of(side.values) for side in region.sides.values())):
        sign_in = region.witness.sign_in
        for coordinate, value in zip(region.sides, values, strict=True):
            sign_in = put(sign_in, coordinate, value)
        yield sign_in


def each_of(values: tuple[object, ...]) -> list[object]:
    """The values themselves, and the networks of areas."""
    return [one for value in values for one in (value if isinstance(value, Area) else (value,))]


def holds(region: Region, sign_in: SignIn) -> bool:
    """Whether the sign-in is in the region."""
    return all(among(side.values, value_at(sign_in, coordinate)) for coordinate, side in region.sides.items())


@pytest.mark.parametrize("number", NUMBERS)
def test_every_sign_in_of_a_region_fails_alike(number: int) -> None:
    tenant = Maker(number, unknown=0.0 if number % 3 == 0 else 0.2).tenant()
    found = regions(tenant, UNIVERSE, always_mfa(tenant, universe=UNIVERSE))
    for region in found.regions[:3]:
        wanted = "fails" if region.witness.assessed else "notAssessed"
        assert {verdict(tenant, point) for point in list(points(region))[:400]} == {wanted}


@pytest.mark.parametrize("number", NUMBERS)
def test_regions_are_counted_exactly(number: int) -> None:
    tenant = Maker(number).tenant()
    proof = always_mfa(tenant, universe=UNIVERSE)
    found = regions(tenant, UNIVERSE, proof)
    inside = [sum(holds(region, sign_in) for sign_in in ALL) for region in found.regions]
    assert inside == [region.combinations for region in found.regions]
    told = sum(any(holds(region, sign_in) for region in found.regions) for sign_in in ALL)
    assert found.complete is (told == proof.failing + proof.unassessed)


@pytest.mark.parametrize("number", range(0, 40, 3))
def test_nothing_can_be_added(number: int) -> None:
    """One value more on any side, and some sign-in of the region would no longer fail."""
    tenant = Maker(number, unknown=0.0).tenant()
    found = regions(tenant, UNIVERSE, always_mfa(tenant, universe=UNIVERSE))
    for region in found.regions[:2]:
        for coordinate, side in region.sides.items():
            for other in each_of(side.others)[:2]:
                moved = (put(point, coordinate, other) for point in points(region))
                assert any(verdict(tenant, point) != "fails" for point in moved)


def test_the_random_tenants_have_regions_of_both_sorts() -> None:
    found = [
        (region.witness.assessed, each.complete)
        for each in (
            regions(t, UNIVERSE, always_mfa(t, universe=UNIVERSE))
            for t in (Maker(n).tenant() for n in NUMBERS)
        )
        for region in each.regions
    ]
    assert min(found.count(pair) for pair in ((True, True), (True, False), (False, False))) >= 1
