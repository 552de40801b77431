"""The classes of the network are what asking about each network one by one finds, however ranges, countries and claims overlap."""

import ipaddress
from itertools import product

import pytest

from perca.model import UNKNOWN_COUNTRY, IpRange
from perca.policy import Coordinate, Network, rulebook
from perca.policy.addresses import Addresses
from perca.space import EVERYWHERE, Area, Block, Universe, columns, compared, masks, space
from perca.space.patches import patches
from support.places import Dice

NUMBERS = range(20)
WRITTEN_AS_6 = int(ipaddress.ip_address("::ffff:198.51.100.0"))


def block(text: str, size: int) -> Block:
    first = ipaddress.ip_address(text)
    return Block(first.version, int(first), int(first) + size - 1)


UNIVERSE = Universe(
    people=(),
    targets=(),
    addresses=(block("198.51.99.254", 14), block("2001:db8::", 2), block("::ffff:198.51.100.6", 4)),
    countries=("no", "se", "zz", UNKNOWN_COUNTRY),
)
RAW = [
    Network(one, *rest)
    for each in UNIVERSE.addresses
    for one in (each.start + n for n in range(each.size))
    for rest in product(UNIVERSE.countries, (False, True), (False, True))
]


@pytest.mark.parametrize("number", NUMBERS)
def test_each_network_is_in_the_class_of_its_masks(number: int) -> None:
    dice = Dice(number)
    before, after = (rulebook(dice.tenant(policies=5)) for _ in range(2))
    for sides in (columns(before), compared(before, after, before.tenant.users)):
        (axis,) = (a for a in space(sides, UNIVERSE).axes if a.coordinate is Coordinate.NETWORK)
        assert axis.weight == len(RAW)
        for at in RAW:
            (found,) = (each for each in axis.classes if each.holds(at))
            assert (found.must, found.may) == masks(sides, Coordinate.NETWORK, at)
        for each in axis.classes:
            assert each.holds(each.sample)
            assert masks(sides, Coordinate.NETWORK, each.sample) == (each.must, each.may)


@pytest.mark.parametrize("number", NUMBERS)
def test_areas_hold_as_many_networks_as_they_say(number: int) -> None:
    sides = columns(rulebook(Dice(number).tenant(policies=4)))
    (axis,) = (a for a in space(sides, UNIVERSE).axes if a.coordinate is Coordinate.NETWORK)
    areas = [area for each in axis.classes for area in each.values if isinstance(area, Area)]
    assert [sum(at in area for at in RAW) for area in areas] == [area.size for area in areas]
    assert all(at in area for area in areas for at in area)


@pytest.mark.parametrize("number", NUMBERS)
def test_everywhere_is_counted_once(number: int) -> None:
    over = Universe((), (), countries=UNIVERSE.countries)
    (axis,) = (
        a
        for a in space(columns(rulebook(Dice(number).tenant(policies=4))), over).axes
        if a.coordinate is Coordinate.NETWORK
    )
    assert axis.weight == 2**128 * len(over.countries) * 4 == over.sizes()["networks"]


def test_the_random_tenants_cut_the_network_into_many_classes() -> None:
    """Else the laws above would be empty."""
    cuts = [
        len(space(columns(rulebook(Dice(n).tenant(policies=5))), UNIVERSE).axes[6].classes) for n in NUMBERS
    ]
    assert sorted(cuts)[len(cuts) // 2] >= 4
    assert max(cuts) >= 8


def test_no_address_stands_twice() -> None:
    """The IPv6 form of an IPv4 address isn't another address."""
    assert sum(each.size for each in EVERYWHERE) == 2**128
    assert not any(each.holds(ipaddress.ip_address("::ffff:198.51.100.7")) for each in EVERYWHERE)


def test_patches_follow_the_ends_of_ranges_in_either_spelling() -> None:
    sets = [Addresses([IpRange("198.51.100.0/30"), IpRange("198.51.100.6/31")]), Addresses([IpRange("::/0")])]
    version_4 = patches([block("198.51.100.0", 8)], sets)
    assert version_4 == {
        1: [block("198.51.100.0", 4), block("198.51.100.6", 2)],
        0: [block("198.51.100.4", 2)],
    }
    version_6 = patches([Block(6, WRITTEN_AS_6, WRITTEN_AS_6 + 7)], sets)
    assert {key: sum(each.size for each in some) for key, some in version_6.items()} == {1: 6, 0: 2}
    assert patches([block("2001:db8::", 2)], sets) == {2: [block("2001:db8::", 2)]}


def test_ranges_that_touch_are_one() -> None:
    halves = Addresses([IpRange("198.51.100.0/25"), IpRange("198.51.100.128/25")])
    assert patches([block("198.51.100.0", 256)], [halves]) == {1: [block("198.51.100.0", 256)]}
    whole = Addresses([IpRange("198.51.100.0/24")])
    assert patches([block("198.51.100.0", 256)], [halves, whole]) == {3: [block("198.51.100.0", 256)]}
