"""A change of one policy judged where it acts: does it cover a region of sign-ins that nothing covered, and does it still ask for all it asked for?

Exact: a rule covers a region iff it certainly applies to each value of each side, since each condition looks at one coordinate. Networks,
which are too many to look at, are cut once more by the places of the rule.
"""

from __future__ import annotations

from dataclasses import replace

from perca.model import PolicyId, Tenant
from perca.policy import Coordinate, Yes, covers, rulebook
from perca.prove.inquiry import Inquiry
from perca.prove.questions import NeverWeaker, on_side
from perca.prove.regions import Region
from perca.prove.walk import Label, Walk
from perca.space import Column, Side, Universe, columns, space
from perca.space.networks import areas


def covers_region(asked: Inquiry[Label], region: Region[Label], after: Tenant, policy: PolicyId) -> bool:
    """Whether in the tenant after the policy alone requires MFA, or blocks, at each sign-in of a region of the question `asked`."""
    return any(
        covers(column.rule)
        and isinstance(column.at(Coordinate.NOTHING, None), Yes)
        and all(_everywhere(column, asked, region, coordinate) for coordinate in region.sides)
        for column in columns(rulebook(after))
        if column.rule.key == policy
    )


def _everywhere(column: Column, asked: Inquiry[Label], region: Region[Label], coordinate: Coordinate) -> bool:
    if not any(each.coordinate is coordinate for each in column.rule.conditions):
        return True
    if coordinate is Coordinate.NETWORK:
        return _at_all_networks(column, asked, region)
    return all(isinstance(column.at(coordinate, value), Yes) for value in region.sides[coordinate].values)


def _at_all_networks(column: Column, asked: Inquiry[Label], region: Region[Label]) -> bool:
    """Each class of networks is inside or outside the region as a whole, since it is at least as fine as those of the question."""
    old = asked.space.columns
    chosen = frozenset(region.sides[Coordinate.NETWORK].values)
    (axis,) = (each for each in asked.space.axes if each.coordinate is Coordinate.NETWORK)
    inside = {(each.must, each.may) for each in axis.classes if each.values[0] in chosen}
    new = 1 << len(old)
    return all(
        must & new
        for must, may in areas((*old, column), asked.universe)
        if (must & (new - 1), may & (new - 1)) in inside
    )


def asks_no_less(
    before: Tenant, after: Tenant, policy: PolicyId, over: Universe, budget: int = 100_000
) -> bool:
    """Whether the policy, by itself, certainly asks in the tenant after for all that it may ask for before.

    So does then the tenant, where nothing else has changed. Raises BudgetSpent.
    """
    old = [each for each in columns(rulebook(before)) if each.rule.key == policy]
    new = [each for each in columns(rulebook(after)) if each.rule.key == policy]
    sides = (*(replace(c, side=Side.BEFORE) for c in old), *(replace(c, side=Side.AFTER) for c in new))
    cut = space(sides, over, only_with=on_side(sides, Side.BEFORE))
    walk = Walk(cut, NeverWeaker(sides), budget)
    return not any(walk.of_class(position).found for position in range(len(cut.axes[0].classes)))
