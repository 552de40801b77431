"""Part of a question's sign-ins asked again, of a tenant that has changed: is MFA required at each of those in a region?

The region's sides are told by the masks of the rules that cut it; cut once more by the rules of the other tenant, each finer class is inside
or outside as a whole. Exact, as the walk is.
"""

from __future__ import annotations

from dataclasses import replace

from perca.model import PolicyId, Tenant
from perca.policy import Coordinate, rulebook
from perca.prove.inquiry import Inquiry
from perca.prove.questions import AlwaysMfa, NeverWeaker, covering, on_side
from perca.prove.regions import Region
from perca.prove.walk import Label, Walk
from perca.space import Axis, Class, Side, Space, Universe, columns, space


def always_mfa_within(
    asked: Inquiry[Label], region: Region[Label], after: Tenant, budget: int = 100_000
) -> bool:
    """Whether MFA (or a block) is certainly required, in the tenant after, at each sign-in of a region of the question `asked`.

    Raises BudgetSpent.
    """
    new = covering(columns(rulebook(after)))
    old = asked.space.columns
    fine = space((*old, *new), replace(asked.universe, people=region.people, strangers=region.strangers))
    inside = [
        Axis(axis.coordinate, tuple(_kept(axis, asked.space.axes[level], region, len(old))))
        for level, axis in enumerate(fine.axes)
    ]
    cut = Space(new, tuple(inside), fine.must >> len(old), fine.may >> len(old))
    walk = Walk(cut, AlwaysMfa(), budget)
    return not any(walk.of_class(position).found for position in range(len(cut.axes[0].classes)))


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


def _kept(axis: Axis, before: Axis, region: Region[Label], old: int) -> list[Class]:
    """The classes inside the region's side, with the masks of the new rules alone."""
    if axis.coordinate is Coordinate.PRINCIPAL:
        return [replace(each, must=each.must >> old, may=each.may >> old) for each in axis.classes]
    chosen = frozenset(region.sides[axis.coordinate].values)
    sides = {(each.must, each.may) for each in before.classes if each.values[0] in chosen}
    low = (1 << old) - 1
    return [
        replace(each, must=each.must >> old, may=each.may >> old)
        for each in axis.classes
        if (each.must & low, each.may & low) in sides
    ]
