"""The classes of 500 random tenants are what brute force says of each raw value; what the engines make of them: test_engines_agree.py.

The partner (tests/support/brute.py) imports nothing of `space` and `prove`; each recognised shape is in at least 50 of the tenants.
"""

import ast
import random
from collections import Counter, defaultdict
from pathlib import Path

import pytest

from perca.policy import Coordinate, No, Yes, applies, value_at
from perca.space import Axis, among, columns, space
from support import brute
from support.brute import Judge, Raw
from support.many import many
from support.shapes import SHAPES, shapes
from support.walked import universe_of_raw
from support.whole_cases import case
from support.whole_sign_ins import MOST

TENANTS = 500
in_chunks = many(TENANTS, 25)


@pytest.mark.slow
@in_chunks
def test_no_rule_tells_the_values_of_a_class_apart(numbers: range) -> None:
    """Every raw value is in a class, the classes are as large as they say, and each value's answers are those of its class."""
    for number in numbers:
        tenant, _, raw = case(number)
        judge = Judge(tenant)
        cut = space(columns(judge.book), universe_of_raw(raw))
        assert judge.answers(Coordinate.NOTHING, None) == (cut.must, cut.may)
        for axis in cut.axes:
            found = classes_of(axis, raw.values[axis.coordinate])
            assert {at: len(values) for at, values in found.items()} == {
                at: each.weight for at, each in enumerate(axis.classes)
            }
            for at, values in found.items():
                each = axis.classes[at]
                assert {judge.answers(axis.coordinate, value) for value in values} == {(each.must, each.may)}


def classes_of(axis: Axis, values: tuple[object, ...]) -> dict[int, list[object]]:
    """The raw values by the position of their class; each is in one."""
    found: defaultdict[int, list[object]] = defaultdict(list)
    for value in values:
        (position,) = (at for at, each in enumerate(axis.classes) if among(each.values, value))
        found[position].append(value)
    return found


@pytest.mark.slow
@in_chunks
def test_what_the_partner_asks_once_for_each_value_is_applies(numbers: range) -> None:
    for number in numbers:
        tenant, _, raw = case(number)
        judge = Judge(tenant)
        dice = random.Random(number)
        for _ in range(5):
            values = {each: dice.choice(raw.values[each]) for each in brute.COORDINATES}
            sign_in = brute.sign_in_of(values)
            must, may = judge.answers(Coordinate.NOTHING, None)
            for coordinate in brute.COORDINATES:
                certain, possible = judge.answers(coordinate, value_at(sign_in, coordinate))
                must, may = must & certain, may & possible
            for position, rule in enumerate(judge.rules):
                answer = applies(rule, judge.book, sign_in)
                assert (must >> position & 1) == isinstance(answer, Yes)
                assert (may >> position & 1) == (not isinstance(answer, No))


def test_every_shape_is_in_at_least_fifty_tenants() -> None:
    found: Counter[str] = Counter()
    for number in range(TENANTS):
        tenant, _, raw = case(number)
        assert raw.total <= MOST
        found.update(shapes(tenant, raw))
    assert {name: found[name] for name in SHAPES if found[name] < 50} == {}


def test_the_partner_imports_nothing_of_what_it_checks() -> None:
    names = {
        name
        for node in ast.walk(ast.parse(Path(brute.__file__).read_text("utf-8")))
        for name in _imported(node)
    }
    assert names <= {"perca.model", "perca.policy", "perca.policy.answer", "perca.policy.reads"} | {
        "__future__",
        "collections",
        "collections.abc",
        "dataclasses",
        "enum",
        "itertools",
        "typing",
    }


def _imported(node: ast.AST) -> list[str]:
    match node:
        case ast.Import(names=names):
            return [alias.name for alias in names]
        case ast.ImportFrom(module=module, level=level):
            return [f"{'.' * level}{module}"]
    return []


def test_the_partner_asks_about_every_combination_of_values() -> None:
    raw = case(0)[2]
    small = Raw({each: values[:2] for each, values in raw.values.items()})
    asked = list(small.sign_ins())
    assert len(set(asked)) == len(asked) == small.total
    for coordinate, values in small.values.items():
        assert {value_at(sign_in, coordinate) for sign_in in asked} == set(values)
