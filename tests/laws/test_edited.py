""" "Always MFA" asked again after each edit is the answer from scratch: verdict, counts, people, coverage, classes; and faults are seen.

Random tenants go through a sequence of edits of every kind: of policies (people, guests, resources, places, devices, grants, strengths, states, settling or
not), of places and settings, and of people, groups and roles, after which all is made anew.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from perca.errors import BadInput
from perca.model import PolicyId, Tenant
from perca.policy import rulebook
from perca.prove import Budget, Proof, always_mfa, coverage
from perca.prove import edited as edits
from perca.prove.edited import Edited
from perca.prove.questions import covering
from perca.prove.walk import Walk
from perca.space import (
    Space,
    TooManyDevices,
    Universe,
    at_user_actions,
    columns,
    crowds,
    kept,
    space,
    universe_of,
)
from perca.space.partition import Partition
from support.dice import Dice
from support.many import many
from support.whole_policies import Theme, policy
from support.whole_tenants import edited, whole_tenant

UNKNOWN = (0.0, 0.06, 0.2)
EDITS = 6
in_chunks = many(600, 50)


def course(number: int) -> Iterator[Tenant]:
    """A tenant of every shape, and what becomes of it: mostly by edits of one policy."""
    dice = Dice(number, UNKNOWN[number % len(UNKNOWN)])
    tenant = whole_tenant(dice, tuple(Theme)[number % len(Theme)])
    yield tenant
    for _ in range(EDITS):
        tenant = edited(dice, tenant) if dice.maybe(0.4) else one_policy(dice, tenant)
        yield tenant


def one_policy(dice: Dice, tenant: Tenant) -> Tenant:
    """With one policy more, less, or in another's place: a wholly different one, or the old one with some of its parts."""
    at = dice.dice.randrange(len(tenant.policies) + 1)
    old = tenant.policies[at : at + 1]
    new = policy(dice, old[0].id if old else PolicyId(f"policy-{dice.dice.randrange(10**6)}"))
    if old and dice.maybe(0.6):
        part = dice.one(("users", "applications", "locations", "device", "grant", "client_apps", "state"))
        new = replace(old[0], **{part: getattr(new, part)})
    kept_ones = () if old and dice.maybe(0.2) else (new,)
    return replace(tenant, policies=(*tenant.policies[:at], *kept_ones, *tenant.policies[at + 1 :]))


def said(proof: Proof) -> Proof:
    """All that a proof says of the tenant: not what it took, nor which of several sign-ins it shows."""
    witnesses = len({(w.sign_in.user, w.assessed) for w in proof.witnesses})
    return replace(proof, states=witnesses, witnesses=(), engine="")


def classes(cut: Space) -> list[object]:
    """The classes of each axis in order, with the rules that must and may match."""

    def named(mask: int) -> frozenset[object]:
        held = mask & cut.may
        return frozenset(
            (c.rule.key, c.rule.conditions, c.rule.clauses, c.sure)
            for at, c in enumerate(cut.columns)
            if held >> at & 1
        )

    return [
        [
            (list(each.values), each.weight, each.sample, named(each.must), named(each.may))
            for each in axis.classes
        ]
        for axis in cut.axes
    ] + [named(cut.must & cut.may), named(cut.may)]


def everything(universe: Universe) -> Universe:
    return universe


def wrong(
    number: int,
    budget: Budget | int = 500_000,
    *,
    some: bool = False,
    over: Callable[[Universe], Universe] = everything,
) -> bool:
    """Whether the answers differ anywhere on a tenant's way; `some` asks about every second person alone."""
    first, *others = course(number)
    people = list(first.users)[::2] if some else None
    try:
        asked = Edited(first, people, over=over, budget=budget)
    except TooManyDevices:
        return False
    for tenant in (first, *others):
        if people and not tenant.users.keys() >= set(people):
            with pytest.raises(BadInput):
                asked.to(tenant)
            continue
        try:
            proof = asked.to(tenant)
        except TooManyDevices:
            continue
        universe = over(universe_of(tenant, people=people))
        anew = space(covering(columns(rulebook(tenant))), universe)
        if (
            said(proof) != said(always_mfa(tenant, universe=universe, budget=budget))
            or asked.coverage() != coverage(tenant, universe.people, universe=universe, budget=budget)
            or classes(asked.inquiry.space) != classes(anew)
        ):
            return True
    return False


@pytest.mark.slow
@in_chunks
def test_of_tenants_of_every_shape(numbers: range) -> None:
    assert [number for number in numbers if wrong(number)] == []


def test_of_a_few_of_them() -> None:
    assert [number for number in range(10) if wrong(number)] == []


def test_of_some_of_the_people() -> None:
    assert [number for number in range(10, 20) if wrong(number, some=True)] == []


def test_at_user_actions() -> None:
    assert [number for number in range(20, 30) if wrong(number, over=at_user_actions)] == []


def test_by_diagrams() -> None:
    budget = Budget(0, memory=30_000_000)
    assert [number for number in range(600, 604) if wrong(number, budget)] == []


# ------------------------------------------------------------------------- what the law would catch: one fault each


def nothing_moves(*_: object) -> tuple[None, ...]:
    return (None,) * 9


def all_tallies(self: Walk[Any], was: Walk[Any], moved: kept.Moved) -> None:
    TAKE_OVER(self, was, replace(moved, bits=0))


def of_other_values(self: Walk[Any], was: Walk[Any], moved: kept.Moved) -> None:
    TAKE_OVER(self, was, replace(moved, last=0))


def values_stay(self: Any, values: Any, *_: object, anew: bool) -> bool:
    return BECOME(self, self.values, *_, anew=anew)


def as_if_known(self: Any, values: Any, columns_: Any, bits: Any, *, anew: bool) -> bool:
    """New values are taken to be matched by every rule."""
    return BECOME(self, values, columns_[:0], bits[:0], anew=anew)


TAKE_OVER, BECOME = Walk.take_over, kept._Values.become
FAULTS: dict[str, tuple[object, str, object]] = {
    "a column is taken for the one that had its name": (kept, "_is_same", lambda one, two: True),
    "the networks are never cut anew": (kept, "_looks_at_networks", lambda column: False),
    "an edit of places is taken for one of policies": (edits, "_remade", lambda differs: frozenset()),
    "an edit of people is taken for one of policies": (
        edits,
        "POLICIES",
        frozenset({*edits.POLICIES, "users", "groups", "role_assignments", "registrations"}),
    ),
    "people stay in what was taken out": (crowds.Crowds, "take_out", lambda self, bits: None),
    "people who are alike again stay apart": (Partition, "join_equal", lambda self: None),
    "values stay in what was taken out": (kept._Values, "take_out", lambda self, bits: None),
    "new values are passed over": (kept._Values, "become", values_stay),
    "new values are not asked about": (kept._Values, "become", as_if_known),
    "tallies of the edited rule are kept": (Walk, "take_over", all_tallies),
    "tallies of other values are kept": (Walk, "take_over", of_other_values),
    "classes of tallies are taken to stand where they stood": (kept, "_moved", nothing_moves),
}


def noticed(numbers: range) -> bool:
    """Whether the law fails, by its comparison or by `decide`."""
    try:
        return any(wrong(number) for number in numbers)
    except (AssertionError, LookupError, ValueError):
        return True


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_seen(fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    where, name, other = FAULTS[fault]
    monkeypatch.setattr(where, name, other)
    assert noticed(range(45, 60))
