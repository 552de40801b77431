"""The values that a question ranges over stand for all that can occur: whatever somebody signs in with, some value has its answers.

On each coordinate by itself, since a rule's condition looks at one; so each sign-in has its like among those that a proof counts. It
holds of people whom the data holds and of strangers, of one resource at a time, and of devices of which the whole record is told.
"""

from dataclasses import replace

import pytest

from perca.model import Device, Tenant
from perca.policy import Coordinate, Network, Principal, Target
from perca.space import Space, columns, space, universe_of
from support import whole_names as names
from support.brute import COORDINATES, Judge
from support.dice import Dice
from support.many import many
from support.whole_sign_ins import random_values
from support.whole_tenants import whole_tenant


@pytest.mark.slow
@many(2_000, 250)
def test_every_value_has_its_like(numbers: range) -> None:
    for number in numbers:
        dice = Dice(number, unknown=0.1)
        tenant = whole_tenant(dice)
        judge = Judge(tenant)
        answers = answers_of(space(columns(judge.book), universe_of(tenant)))
        for _ in range(4):
            values = random_values(dice)
            for coordinate in COORDINATES:
                value = told(tenant, values[coordinate])
                if value is not None:
                    assert judge.answers(coordinate, value) in answers[coordinate], (number, value)


def answers_of(cut: Space) -> dict[Coordinate, set[tuple[int, int]]]:
    return {axis.coordinate: {(each.must, each.may) for each in axis.classes} for axis in cut.axes}


def told(tenant: Tenant, value: object) -> object:
    """The value as a question ranges over it; None where it is outside of every question."""
    match value:
        case Principal(user=user, external=external, workload=workload):
            outside = workload is not None or (user is not None and external is not None)
            return None if outside else value
        case Target():
            return None if value.action is not None else replace(value, audiences=frozenset())
        case Device():
            return value if value.whole else None
        case Network():
            return value
    return value


def test_the_values_are_of_every_sort() -> None:
    """Among the random ones are those that the law is about: strangers, Microsoft Graph for little, unnamed places and devices."""
    found = [random_values(Dice(number)) for number in range(400)]
    who = [each[Coordinate.PRINCIPAL] for each in found]
    assert sum(isinstance(each, Principal) and each.user is None for each in who) >= 20
    assert names.ABROAD in {
        each.country for each in (v[Coordinate.NETWORK] for v in found) if isinstance(each, Network)
    }
