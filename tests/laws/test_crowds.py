"""Classes of people found by whole sets are those of asking `policy` about each person: masks, order, who is in each, the sample."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import pytest

from perca.model import GroupId, PolicyId, Tenant, UserCondition, UserId
from perca.policy import Answer, Coordinate, No, Principal, Unknown, Yes, rulebook
from perca.policy.basis import Basis
from perca.policy.directory import View
from perca.policy.rule import NOT_KNOWN
from perca.prove.questions import bearing, covering, on_side
from perca.space import (
    Axis,
    Column,
    Side,
    Universe,
    axes,
    columns,
    compared,
    crowds,
    facts,
    space,
    universe_of,
)
from perca.space.facts import Facts
from perca.space.partition import Numbers, Partition
from perca.space.roster import Roster, roster
from support import small
from support import whole_names as names
from support.dice import Dice
from support.many import many
from support.random_tenants import Maker
from support.whole_policies import Theme, policy
from support.whole_tenants import edited, whole_tenant

UNKNOWN = (0.0, 0.06, 0.2)
in_chunks = many(300, 50)


def case(number: int) -> tuple[Tenant, Tenant]:
    """A tenant of every shape, and the same after some edits."""
    dice = Dice(number, UNKNOWN[number % len(UNKNOWN)])
    tenant = whole_tenant(dice, tuple(Theme)[number % len(Theme)])
    return tenant, edited(dice, tenant)


def people_of(cut: tuple[Column, ...], over: Universe, only_with: int = -1) -> Axis:
    """The people's axis; of all other values one each will do."""
    some = replace(over, targets=over.targets[:1], channels=over.channels[:1], devices=over.devices[:1])
    return space(cut, some, only_with=only_with).axes[0]


def differs(cut: tuple[Column, ...], over: Universe, only_with: int = -1) -> bool:
    """Whether the fast way makes anything else of the people than asking about each."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(axes, "FEW", 10**9)
        slow = people_of(cut, over, only_with)
        patched.setattr(axes, "FEW", -1)
        fast = people_of(cut, over, only_with)
    if fast.weight != slow.weight:
        return True
    return [(c.must, c.may, c.weight, c.sample, [*c.values]) for c in slow.classes] != [
        (c.must, c.may, c.weight, c.sample, [*c.values]) for c in fast.classes
    ]


def differing(numbers: range) -> list[int]:
    """The tenants whose people come out differently."""
    found = []
    for number in numbers:
        tenant, after = case(number)
        over = universe_of(tenant)
        own = columns(rulebook(tenant))
        sides = compared(rulebook(tenant), rulebook(after), over.people, strangers=True)
        bear = bearing(sides)
        if (
            differs(own, over)
            or differs(covering(own), over)
            or differs(sides, over)
            or differs(bear, over, on_side(bear, Side.BEFORE))
        ):
            found.append(number)
    return found


@pytest.mark.slow
@in_chunks
def test_of_tenants_of_every_shape(numbers: range) -> None:
    assert differing(numbers) == []


def test_of_a_few_of_them() -> None:
    assert differing(range(12)) == []


@pytest.mark.parametrize("unknown", [0.0, 0.15, 0.4])
def test_of_small_tenants(unknown: float) -> None:
    for number in range(60):
        tenant = Maker(number, unknown).tenant()
        assert not differs(columns(rulebook(tenant)), universe_of(tenant))


def test_of_a_group_that_settles_within_another() -> None:
    groups = small.of(small.group(small.STAFF, unsettled=(small.TEAM,)), small.group(small.TEAM, small.ADA))
    staff = small.policy(users=UserCondition(small.people(groups=(small.STAFF,))))
    tenant = small.tenant(staff, groups=groups)
    assert not differs(columns(rulebook(tenant)), universe_of(tenant))


def test_of_some_people_in_any_order_twice_or_not_held() -> None:
    for number in range(60):
        tenant, after = case(number)
        dice = Dice(number)
        held = dice.some(names.PEOPLE, 8, 1)
        over = replace(
            universe_of(tenant),
            people=(*held[:2], UserId("nobody-knows"), *held, UserId("person-from-elsewhere")),
        )
        assert not differs(columns(rulebook(tenant)), over)
        assert not differs(compared(rulebook(tenant), rulebook(after), over.people), over)


def test_of_more_rules_than_a_word_has_bits() -> None:
    for number in range(4):
        dice = Dice(number, UNKNOWN[number % len(UNKNOWN)])
        many_of_them = tuple(policy(dice, PolicyId(f"policy-{n}")) for n in range(150))
        tenant = replace(whole_tenant(dice), policies=many_of_them)
        own = columns(rulebook(tenant))
        assert len(own) > 64
        assert not differs(own, universe_of(tenant))
        assert not differs(own, universe_of(tenant), only_with=1 << 64 | 1 << 3)


@dataclass(frozen=True, slots=True)
class ByName:
    """A condition that no declaration knows."""

    coordinate: Coordinate = Coordinate.PRINCIPAL
    basis: Basis = NOT_KNOWN

    def holds(self, view: View, value: object) -> Answer:
        assert isinstance(value, Principal)
        last = (value.user or "0")[-1]
        return Yes() if last in "1234" else No() if last in "567" else Unknown()


def test_of_a_condition_whose_facts_are_not_declared() -> None:
    tenant = whole_tenant(Dice(0))
    first, *rest = columns(rulebook(tenant))
    odd = replace(first, rule=replace(first.rule, conditions=(*first.rule.conditions, ByName())))
    assert facts.facts_of(odd.rule.conditions, odd.book) is None
    assert not differs((odd, *rest), universe_of(tenant))


def test_the_small_tenant_answers_as_the_whole_one() -> None:
    for number in range(0, 300, 3):
        tenant = case(number)[0]
        held = roster(tenant, tuple(tenant.users))
        few = Dice(number).some(range(len(held.people)), 4, 1)
        assert [*held.sampled(few).tenant.groups] == [*tenant.groups]
        for column in columns(rulebook(tenant)):
            sample = replace(column, book=held.sampled(few))
            for one in few:
                value = Principal(held.people[one])
                asked = Coordinate.PRINCIPAL
                assert type(sample.at(asked, value)) is type(column.at(asked, value))


def test_one_person_stands_for_each_class_and_none_for_a_class_of_nobody() -> None:
    some = np.array([1], np.intp)
    parts = Partition(3)
    parts.cut(some)
    assert parts.one_of_each([some]).tolist() == [0, 1]
    assert Partition(0).one_of_each([]).tolist() == [-1]


def test_classes_that_are_joined_are_one_whatever_lies_between_them() -> None:
    parts = Partition(4)
    for one in (1, 2, 3):
        parts.cut(np.array([one], np.intp))
    for joined in ([0, 2], [3], []):
        parts.join(np.array(joined, np.intp))
        numbers, starts = parts.members()
        assert (parts.sizes.tolist(), numbers.tolist()) == ([2, 1, 0, 1], [0, 2, 1, 3])
        assert starts.tolist() == [0, 2, 3, 3, 4]


def test_values_are_a_sequence_as_any_other() -> None:
    tenant = case(0)[0]
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(axes, "FEW", -1)
        classes = people_of(columns(rulebook(tenant)), universe_of(tenant)).classes
    assert sum(len(each.values) for each in classes) == len([*universe_of(tenant).principals])
    for each in classes:
        values = each.values
        assert [values[n] for n in range(len(values))] == [*values]
        assert (values[-1], tuple(values[:2]), tuple(values[1:])) == (
            [*values][-1],
            (*values,)[:2],
            (*values,)[1:],
        )
        with pytest.raises(IndexError):
            values[len(values)]


# ------------------------------------------------------------------------- what the law would catch: one fault each


def cut_without_the_last(self: Partition, some: Numbers) -> object:
    return CUT(self, some[:-1])


def without_settling(self: Roster, roots: tuple[GroupId, ...]) -> tuple[Numbers, Numbers]:
    return WITHIN(self, roots)[0], np.zeros(0, np.int32)


def without_nesting(self: Roster, roots: tuple[GroupId, ...]) -> list[GroupId]:
    return [each for each in roots if each in self.tenant.groups]


def without(part: str) -> Callable[..., Facts | None]:
    def some(conditions: object, view: View) -> Facts | None:
        found = FACTS_OF(conditions, view)
        return None if found is None else replace(found, **{part: ()})

    return some


CUT, WITHIN, FACTS_OF = Partition.cut, Roster.within, facts.facts_of
FAULTS = {
    "a set loses its last": (Partition, "cut", cut_without_the_last),
    "what is settling is passed over": (Roster, "within", without_settling),
    "groups within groups are passed over": (Roster, "_reached", without_nesting),
    "the columns' bits are not set": (crowds.Crowds, "_mark", lambda *_: None),
    "nobody is dropped": (crowds.Crowds, "drop", lambda *_: None),
    **{
        f"{part} are not looked at": (crowds, "facts_of", without(part))
        for part in ("groups", "roles", "lists", "accounts")
    },
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_seen(fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(*FAULTS[fault])
    assert any(differing(range(start, start + 10)) for start in range(0, 300, 10))
