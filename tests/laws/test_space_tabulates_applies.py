"""The masks of `space` say what `applies` says, for every rule and every raw sign-in."""

import random

import pytest

from perca.policy import Coordinate, No, Yes, applies, rulebook, value_at
from perca.space import ORDER, Table, columns, masks, space
from support.random_tenants import UNIVERSE, Maker, sign_ins

ALL = list(sign_ins())
NAMES = {
    Coordinate.PRINCIPAL: "people",
    Coordinate.TARGET: "targets",
    Coordinate.CONTEXT: "contexts",
    Coordinate.CHANNEL: "channels",
    Coordinate.NETWORK: "networks",
    Coordinate.SIGN_IN_RISK: "signInRisk",
    Coordinate.USER_RISK: "userRisk",
    Coordinate.INSIDER_RISK: "insiderRisk",
    Coordinate.DEVICE: "devices",
}


@pytest.mark.parametrize("number", range(40))
def test_masks_are_applies(number: int) -> None:
    tenant = Maker(number).tenant()
    book = rulebook(tenant)
    sides = columns(book)
    cut = space(sides, UNIVERSE)
    table = Table(sides)
    for sign_in in random.Random(number).sample(ALL, 150):
        must, may = cut.must, cut.may
        for coordinate in ORDER:
            one_must, one_may = masks(sides, coordinate, value_at(sign_in, coordinate))
            must &= one_must
            may &= one_may
        rows = table.rows(sign_in)
        assert (table.must(rows), table.may(rows)) == (must, may)
        unmet = {c: mask for c, mask in zip(ORDER, table.unmet(rows), strict=True) if mask}
        assert unmet == {
            each: wrong
            for each in ORDER
            if (wrong := ((1 << len(sides)) - 1) & ~masks(sides, each, value_at(sign_in, each))[1])
        }
        for position, column in enumerate(sides):
            answer = applies(column.rule, book, sign_in)
            assert (must >> position & 1) == isinstance(answer, Yes)
            assert (may >> position & 1) == (not isinstance(answer, No))


@pytest.mark.parametrize("number", range(40))
def test_classes_partition_each_coordinate(number: int) -> None:
    tenant = Maker(number).tenant()
    cut = space(columns(rulebook(tenant)), UNIVERSE)
    assert {NAMES[axis.coordinate]: axis.weight for axis in cut.axes} == UNIVERSE.sizes()
    for axis in cut.axes:
        assert len({(each.must, each.may, each.cannot) for each in axis.classes}) == len(axis.classes)
