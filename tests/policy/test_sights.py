"""What a condition can't tell apart of the network gets one answer from it; `space` counts by that."""

from collections.abc import Hashable, Iterator
from dataclasses import dataclass

import pytest

from perca.model import Address, IpRange
from perca.policy import Answer, Coordinate, Network, No, Unknown, Yes
from perca.policy.addresses import Addresses
from perca.policy.directory import View
from perca.policy.locations import Locations
from perca.policy.per_user import OutsideTrustedIps
from perca.policy.rule import NOT_KNOWN, Condition
from perca.policy.sights import Sights, sights
from support.places import NETWORKS, Dice
from support.small import tenant


def seen(of: Sights, at: Network) -> Hashable:
    """All that the sights show of a network."""
    assert isinstance(at.address, Address)
    return (
        tuple(each.holds(at.address) for each in of.addresses),
        tuple(at.country in each for each in of.countries),
        of.inside_corpnet and at.inside_corpnet,
        of.compliant and at.compliant,
    )


def asked(number: int) -> Iterator[tuple[View, Condition]]:
    dice = Dice(number)
    for _ in range(10):
        view = View(dice.tenant())
        yield view, OutsideTrustedIps(exempt_inside=True)
        yield view, Locations(dice.condition())


@pytest.mark.parametrize("number", range(25))
def test_networks_that_look_alike_get_one_answer(number: int) -> None:
    for view, condition in asked(number):
        of = sights(condition, view)
        kinds: dict[Hashable, type[Answer]] = {}
        for at in NETWORKS:
            kind = type(condition.holds(view, at))
            assert kinds.setdefault(seen(of, at), kind) is kind


def test_the_random_conditions_tell_networks_apart() -> None:
    """Else the law above would be empty: each answer, and each kind of sight, decides in many of them."""
    several = sum(
        len({type(condition.holds(view, at)) for at in NETWORKS}) > 1
        for number in range(25)
        for view, condition in asked(number)
    )
    assert several > 150
    every = [sights(condition, view) for number in range(25) for view, condition in asked(number)]
    assert sum(any(each.ranges for each in of.addresses) for of in every) > 40
    for kind in ("countries", "inside_corpnet", "compliant"):
        assert sum(bool(getattr(each, kind)) for each in every) > 40
    answers = {type(c.holds(v, at)) for n in range(25) for v, c in asked(n) for at in NETWORKS[:3]}
    assert answers == {Yes, No, Unknown}


@dataclass(frozen=True)
class ByWeather:
    """A condition on the network of which `sights` never heard."""

    coordinate: Coordinate = Coordinate.NETWORK
    basis = NOT_KNOWN

    def holds(self, view: View, value: object) -> Answer:
        return Yes()


def test_a_condition_on_the_network_that_is_not_known_is_an_error() -> None:
    view = View(tenant())
    with pytest.raises(TypeError, match="ByWeather"):
        sights(ByWeather(), view)
    assert sights(ByWeather(Coordinate.DEVICE), view) == Sights()


def test_ranges_are_joined_into_runs() -> None:
    texts = ("198.51.100.128/25", "198.51.100.0/25", "198.51.100.64/26", "203.0.113.7/32", "2001:db8::/32")
    runs = Addresses(map(IpRange, texts)).runs
    assert [last - first + 1 for first, last in runs[4]] == [256, 1]
    assert len(runs[6]) == 1
