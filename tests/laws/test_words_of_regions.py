"""A region's sentence names its sides, and nothing else: read back by words of our own (tests/support/reading.py)."""

from collections import Counter

import pytest

from perca.policy import Coordinate
from support.many import many
from support.reading import read_back

TENANTS = 120


@pytest.mark.slow
@many(TENANTS, 40)
def test_a_sentence_names_the_sides_of_its_region(numbers: range) -> None:
    sides: Counter[Coordinate] = Counter()
    for number in numbers:
        for region, which, wrong in read_back(number):
            assert wrong == [], which
            sides.update(at for at, side in region.sides.items() if not side.is_everything)
    told = (Coordinate.CHANNEL, Coordinate.TARGET, Coordinate.NETWORK, Coordinate.SIGN_IN_RISK)
    assert min(sides[each] for each in told) >= 2, sides
