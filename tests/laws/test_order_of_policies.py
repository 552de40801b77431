"""The order of policies never matters: not for what becomes of a sign-in, not for a proof."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perca.model import Tenant
from perca.policy import Decision, decide
from perca.prove import always_mfa, never_weaker
from support.dice import Dice
from support.many import many
from support.random_tenants import UNIVERSE, Maker, sign_ins
from support.whole_sign_ins import random_sign_in
from support.whole_tenants import whole_tenant

SIGN_INS = list(sign_ins())
numbers = st.integers(0, 2**32)


def shuffled(maker: Maker | Dice, tenant: Tenant) -> Tenant:
    policies = list(tenant.policies)
    maker.dice.shuffle(policies)
    return replace(tenant, policies=tuple(policies))


def said(decision: Decision) -> tuple[object, ...]:
    """The decision without its order."""
    return (
        decision.outcome,
        decision.mfa,
        decision.guaranteed,
        decision.possible,
        set(decision.sources),
        set(decision.blocked_by),
        {each.rule.key: each for each in decision.rules},
        set(decision.missing),
    )


@given(numbers)
def test_of_one_sign_in(number: int) -> None:
    maker = Maker(number)
    tenant = maker.tenant()
    other = shuffled(maker, tenant)
    for sign_in in maker.dice.sample(SIGN_INS, 20):
        assert said(decide(tenant, sign_in)) == said(decide(other, sign_in))


@pytest.mark.slow
@many()
def test_of_one_sign_in_of_any_shape(numbers: range) -> None:
    for number in numbers:
        dice = Dice(number, unknown=0.1)
        tenant = whole_tenant(dice)
        other = shuffled(dice, tenant)
        for sign_in in (random_sign_in(dice) for _ in range(2)):
            assert said(decide(tenant, sign_in)) == said(decide(other, sign_in))


@given(numbers)
def test_of_all(number: int) -> None:
    maker = Maker(number)
    tenant = maker.tenant()
    first, second = (always_mfa(each, universe=UNIVERSE) for each in (tenant, shuffled(maker, tenant)))
    assert (first.failing, first.unassessed) == (second.failing, second.unassessed)


@given(numbers)
def test_of_two_tenants(number: int) -> None:
    maker = Maker(number)
    before = maker.tenant()
    after = maker.edited(before)
    first = never_weaker(before, after, universe=UNIVERSE)
    second = never_weaker(shuffled(maker, before), shuffled(maker, after), universe=UNIVERSE)
    assert (first.failing, first.unassessed) == (second.failing, second.unassessed)
