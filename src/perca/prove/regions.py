"""Where MFA isn't always required: a few regions of the sign-ins, each a product of values, each as large as it can be made.

Every sign-in of a region fails (or, in one that isn't `assessed`, isn't assessed); a region is grown from a witness, one coordinate
after the other, until nothing more can be added. Regions may overlap; how many sign-ins they hold together is counted exactly.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from perca.model import External, Tenant, UserId
from perca.policy import Coordinate, Principal, rulebook, value_at
from perca.prove.ask import Proof, Witness
from perca.prove.questions import covering
from perca.space import Axis, Class, Space, Universe, columns, space


@dataclass(frozen=True, slots=True)
class Side:
    """What a region holds of one coordinate: its `values` and the `others` (of networks, as areas), and how many."""

    values: tuple[object, ...]
    others: tuple[object, ...]
    weight: int
    of: int

    @property
    def is_everything(self) -> bool:
        """Whether the coordinate doesn't matter."""
        return self.weight == self.of


@dataclass(frozen=True, slots=True)
class Region:
    """A product of sides, one for each coordinate, around a witness."""

    witness: Witness
    sides: Mapping[Coordinate, Side]
    combinations: int

    @property
    def people(self) -> tuple[UserId, ...]:
        """Whose sign-ins these are."""
        values = self.sides[Coordinate.PRINCIPAL].values
        return tuple(each.user for each in values if isinstance(each, Principal) and each.user is not None)

    @property
    def strangers(self) -> tuple[External, ...]:
        """The kinds of people from outside whose sign-ins these are."""
        values = self.sides[Coordinate.PRINCIPAL].values
        return tuple(
            each.external for each in values if isinstance(each, Principal) and each.external is not None
        )


@dataclass(frozen=True, slots=True)
class Regions:
    """The regions, and whether every sign-in that isn't fine is in one of them."""

    regions: tuple[Region, ...]
    complete: bool


MOST = 20
"""At most this many regions are described."""


def regions(tenant: Tenant, over: Universe, proof: Proof) -> Regions:
    """The regions around the witnesses of `always_mfa(tenant, universe=over)`, whose answer `proof` is."""
    cut = space(covering(columns(rulebook(tenant))), over)
    found: list[tuple[list[set[int]], Region]] = []
    for witness in proof.witnesses:
        start = [_position(axis, witness) for axis in cut.axes]
        if len(found) < MOST and not any(_holds(box, start) for box, _ in found):
            box = _grown(cut, start, witness.assessed)
            found.append((box, _region(cut, box, witness)))
    told = _in_any(cut.axes, [box for box, _ in found])
    return Regions(tuple(region for _, region in found), told == proof.failing + proof.unassessed)


def _position(axis: Axis, witness: Witness) -> int:
    """The class of the witness's value on that axis."""
    value = value_at(witness.sign_in, axis.coordinate)
    return next(n for n, each in enumerate(axis.classes) if each.holds(value))


def _holds(box: list[set[int]], point: Sequence[int]) -> bool:
    return all(position in side for position, side in zip(point, box, strict=True))


def _grown(cut: Space, start: Sequence[int], fails: bool) -> list[set[int]]:
    """The largest product around a sign-in, coordinate by coordinate, in which no rule covers.

    No rule may apply anywhere in a product iff, for each rule, some side's values all rule it out: so the OR of each side's masks
    and the AND over the sides decide, without a look at single sign-ins. For one that isn't assessed, no rule must apply anywhere,
    and the same rules stay open everywhere, which is asked of their `may` masks.
    """
    mask = [[each.may if fails else each.must for each in axis.classes] for axis in cut.axes]
    base = cut.may if fails else cut.must
    open_rules = cut.may
    for axis, position in zip(cut.axes, start, strict=True):
        open_rules &= axis.classes[position].may
    box = [{position} for position in start]
    sides = [mask[level][position] for level, position in enumerate(start)]
    for level in range(len(cut.axes)):
        others = base
        for other, side in enumerate(sides):
            if other != level:
                others &= side
        for position, each in enumerate(cut.axes[level].classes):
            stays_open = fails or (each.may & open_rules) == open_rules
            if stays_open and not (sides[level] | mask[level][position]) & others:
                box[level].add(position)
                sides[level] |= mask[level][position]
    return box


def _region(cut: Space, box: list[set[int]], witness: Witness) -> Region:
    combinations = 1
    sides: dict[Coordinate, Side] = {}
    for axis, chosen in zip(cut.axes, box, strict=True):
        inside = [each for position, each in enumerate(axis.classes) if position in chosen]
        outside = [each for position, each in enumerate(axis.classes) if position not in chosen]
        weight = sum(each.weight for each in inside)
        side = Side(_values(inside), _values(outside), weight, axis.weight)
        combinations *= side.weight
        sides[axis.coordinate] = side
    return Region(witness, sides, combinations)


def _values(classes: Iterable[Class]) -> tuple[object, ...]:
    return tuple(value for each in classes for value in each.values)


def _in_any(axes: Sequence[Axis], boxes: Sequence[Sequence[set[int]]]) -> int:
    """How many sign-ins are in at least one box: counted over which boxes are still possible, coordinate by coordinate."""
    possible = {(1 << len(boxes)) - 1: 1}
    for level, axis in enumerate(axes):
        below: dict[int, int] = {}
        for position, each in enumerate(axis.classes):
            within = sum(1 << number for number, box in enumerate(boxes) if position in box[level])
            for still, count in possible.items():
                if left := still & within:
                    below[left] = below.get(left, 0) + count * each.weight
        possible = below
    return sum(possible.values())
