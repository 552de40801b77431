"""A sign-in is its values on the coordinates and its session: each can be had from the other, for every value that can occur."""

from dataclasses import fields, replace

import pytest

from perca.model import Session, SignIn
from perca.policy import Coordinate, sign_in_of, value_at
from support.brute import COORDINATES
from support.dice import Dice
from support.many import many
from support.whole_sign_ins import random_sign_in, random_values

NO_COORDINATE = {"session", "unrecognised"}
"""What of a sign-in no condition looks at."""


@pytest.mark.slow
@many()
def test_what_is_put_in_is_what_is_found(numbers: range) -> None:
    for number in numbers:
        values = random_values(Dice(number, unknown=0.1))
        sign_in = sign_in_of(values)
        assert {each: value_at(sign_in, each) for each in COORDINATES} == values
        assert sign_in.session == Session()


@pytest.mark.slow
@many()
def test_the_values_are_all_of_a_sign_in_but_its_session(numbers: range) -> None:
    for number in numbers:
        sign_in = random_sign_in(Dice(number, unknown=0.1))
        again = sign_in_of({each: value_at(sign_in, each) for each in COORDINATES})
        assert replace(again, session=sign_in.session) == sign_in


def test_every_part_of_a_sign_in_is_in_exactly_one_coordinate() -> None:
    """Changing one part changes the value on one coordinate, whichever part it is."""
    sign_in = random_sign_in(Dice(1))
    for part in fields(SignIn):
        other = replace(sign_in, **{part.name: "something else"})
        moved = [each for each in Coordinate if value_at(other, each) != value_at(sign_in, each)]
        assert len(moved) == (part.name not in NO_COORDINATE), part.name
