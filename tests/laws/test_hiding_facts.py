"""What is claimed without some facts is true with them: of one sign-in, of all, and of two tenants side by side.

The other engine can't check this: it asks the same code which unknowns two tenants share. Here the facts are real, known, and
hidden; whatever is still claimed must hold of the tenants with nothing hidden.
"""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from perca.model import Device, Session
from perca.policy import Mfa, No, Outcome, Unknown, Yes, decide, rulebook
from perca.prove import Coverage, Proof, always_mfa, coverage, never_weaker
from support.dice import Dice
from support.hiding import hide
from support.many import many
from support.random_tenants import UNIVERSE, Maker, sign_ins
from support.walked import universe_of_raw
from support.whole_policies import Theme
from support.whole_sign_ins import raw_values
from support.whole_tenants import edited, whole_tenant

SIGN_INS = list(sign_ins())
numbers = st.integers(0, 2**32)
often = st.sampled_from([0.02, 0.1, 0.3])


def agree(claimed: Proof, true: Proof) -> bool:
    """Whether what is claimed of some sign-ins is true of at least as many."""
    held = [proof.combinations - proof.failing - proof.unassessed for proof in (claimed, true)]
    return (
        claimed.failing <= true.failing
        and held[0] <= held[1]
        and set(claimed.failing_people) <= set(true.failing_people)
        and claimed.holds in (None, true.holds)
    )


@given(numbers, often)
@settings(max_examples=80)
def test_what_is_claimed_of_all_sign_ins_is_true(number: int, share: float) -> None:
    maker = Maker(number, unknown=0.0)
    tenant = maker.tenant()
    (seen,) = hide(maker.dice, tenant, often=share)
    assert agree(always_mfa(seen, universe=UNIVERSE), always_mfa(tenant, universe=UNIVERSE))


@given(numbers, often)
@settings(max_examples=400)
def test_what_is_claimed_of_two_tenants_is_true(number: int, share: float) -> None:
    maker = Maker(number, unknown=0.0)
    before = maker.tenant()
    after = maker.edited(before)
    seen_before, seen_after = hide(maker.dice, before, after, often=share)
    claimed = never_weaker(seen_before, seen_after, universe=UNIVERSE)
    assert agree(claimed, never_weaker(before, after, universe=UNIVERSE))


@given(numbers, often)
@settings(max_examples=80)
def test_what_is_claimed_of_people_is_true(number: int, share: float) -> None:
    maker = Maker(number, unknown=0.0)
    tenant = maker.tenant()
    (seen,) = hide(maker.dice, tenant, often=share)
    true = coverage(tenant, universe=UNIVERSE)
    for person, word in coverage(seen, universe=UNIVERSE).items():
        assert word in (Coverage.NOT_ASSESSED, true[person])


@given(numbers, often)
@settings(max_examples=60)
def test_what_is_claimed_of_a_sign_in_is_true(number: int, share: float) -> None:
    maker = Maker(number, unknown=0.0)
    tenant = maker.tenant()
    (seen,) = hide(maker.dice, tenant, often=share)
    for sign_in in maker.dice.sample(SIGN_INS, 40):
        sign_in = replace(
            sign_in, device=Device(maker.maybe(), "ServerAD"), session=Session(maker.maybe(0.2))
        )
        claimed, true = decide(seen, sign_in), decide(tenant, sign_in)
        assert claimed.mfa in (Mfa.NOT_ASSESSED, true.mfa)
        assert claimed.outcome in (Outcome.NOT_ASSESSED, true.outcome)
        assert set(claimed.sources) <= set(true.sources)
        assert set(claimed.blocked_by) <= set(true.blocked_by)
        assert bool(claimed.missing) == (
            Mfa.NOT_ASSESSED is claimed.mfa or Outcome.NOT_ASSESSED is claimed.outcome
        )


@given(numbers)
@settings(max_examples=60)
def test_a_fact_of_the_sign_in_that_is_left_out_changes_no_claim(number: int) -> None:
    """Whatever is said without it holds for whatever it is."""
    maker = Maker(number, unknown=0.1)
    tenant = maker.tenant()
    for sign_in in maker.dice.sample(SIGN_INS, 30):
        full = replace(sign_in, device=Device(maker.maybe(), "ServerAD"))
        names = ("app", "client", "platform", "address", "sign_in_risk", "user_risk", "credential")
        less = replace(full, **{name: None for name in names if maker.maybe(0.3)}, device=Device())
        claimed, true = decide(tenant, less), decide(tenant, full)
        assert claimed.mfa in (Mfa.NOT_ASSESSED, true.mfa)
        if less.credential is not None or full.session.mfa:
            assert claimed.outcome in (Outcome.NOT_ASSESSED, true.outcome)
        for said, is_so in zip(claimed.rules, true.rules, strict=True):
            assert isinstance(said.answer, Unknown) or type(said.answer) is type(is_so.answer)


def test_hiding_hides_enough_to_matter() -> None:
    """Each claim, and each lack of one, comes up: the laws above would be empty otherwise."""
    found = []
    for number in range(60):
        maker = Maker(number, unknown=0.0)
        before = maker.tenant()
        pair = hide(maker.dice, before, maker.edited(before), often=0.1)
        found.append(never_weaker(*pair, universe=UNIVERSE).holds)
    assert min(found.count(answer) for answer in (True, False, None)) >= 5


@given(numbers, often)
@settings(max_examples=40)
def test_hiding_only_ever_adds_unknowns(number: int, share: float) -> None:
    """Rule by rule, where the rule is still there."""
    maker = Maker(number, unknown=0.0)
    tenant = maker.tenant()
    (seen,) = hide(maker.dice, tenant, often=share)
    full = {rule.key: rule for rule in rulebook(tenant).rules}
    for sign_in in maker.dice.sample(SIGN_INS, 20):
        answers = {each.rule.key: each.answer for each in decide(tenant, sign_in).rules}
        for each in decide(seen, sign_in).rules:
            if each.rule.key in full:
                match each.answer:
                    case Yes():
                        assert isinstance(answers[each.rule.key], Yes)
                    case No():
                        assert isinstance(answers[each.rule.key], No)


@pytest.mark.slow
@many(1_000, 100)
def test_what_is_claimed_of_tenants_of_any_shape_is_true(numbers: range) -> None:
    """Of two tenants, and of all sign-ins of the one before; a few facts hidden in each, or many."""
    for number in numbers:
        dice = Dice(number)
        theme = tuple(Theme)[number % len(Theme)]
        before = whole_tenant(dice, theme)
        after = edited(dice, before)
        over = universe_of_raw(raw_values(dice, theme))
        share = (0.01, 0.03, 0.1)[number % 3]
        seen_before, seen_after = hide(dice.dice, before, after, often=share)
        claimed, true = always_mfa(seen_before, universe=over), always_mfa(before, universe=over)
        assert agree(claimed, true), number
        claimed = never_weaker(seen_before, seen_after, universe=over)
        assert agree(claimed, never_weaker(before, after, universe=over)), number
