"""Gaps of tenants of every shape: whatever isn't known, there is an answer; it is about exactly the people of the proof, and ids are unique."""

import pytest

from perca.findings import Kind, because_of, fix, gaps, sentence
from perca.policy import Mfa, decide, is_blocked
from perca.prove import Verdict, about_always_mfa, always_mfa
from perca.prove.regions import regions
from perca.space import universe_of
from support.dice import Dice
from support.whole_policies import Theme
from support.whole_tenants import whole_tenant


@pytest.mark.parametrize("number", range(36))
def test_there_is_an_answer(number: int) -> None:
    dice = Dice(number, (0.0, 0.06, 0.2)[number % 3])
    tenant = whole_tenant(dice, tuple(Theme)[number % len(Theme)])
    people = tuple(tenant.users)
    found = gaps(tenant, people, repairs=number % 4 == 0)
    assert len({each.id for each in found}) == len(found)
    for each in found:
        assert sentence(tenant, each)
        assert fix(tenant, each)
        assert set(each.policies) <= {policy.id for policy in tenant.policies}
    proof = always_mfa(tenant, people)
    sure = {person for each in found if each.kind is Kind.GAP and each.assessed for person in each.people}
    unsure = {
        person for each in found if each.kind is Kind.GAP and not each.assessed for person in each.people
    }
    if not any(each.kind is Kind.MORE_GAPS for each in found):
        assert sure == set(proof.failing_people)
        assert unsure >= set(proof.unassessed_people)


@pytest.mark.parametrize("number", range(12))
def test_regions_and_their_causes_hold_what_the_proof_counts(number: int) -> None:
    """The gaps hold every failing sign-in and no other: each region's witness fails, and the people of a region are told by cause once."""
    tenant = whole_tenant(Dice(number, 0.06), tuple(Theme)[number % len(Theme)])
    over = universe_of(tenant, people=tenant.users)
    held = regions(about_always_mfa(tenant, over), (Verdict.FAILS,), 60)
    found = [
        each for each in gaps(tenant, tenant.users, repairs=False) if each.kind is Kind.GAP and each.assessed
    ]
    for gap in found:
        assert because_of(tenant, gap.because)
        for region in gap.regions:
            decision = decide(tenant, region.witness.sign_in)
            assert decision.mfa is Mfa.NOT_REQUIRED
            assert not is_blocked(decision.possible)
    whole = sum(region.combinations for region in held.regions)
    assert sum(region.combinations for gap in found for region in gap.regions) == whole
