"""The walk and the exhaustive engine agree: counts, people and verdicts, with and without things unknown."""

import pytest

from perca.prove import Coverage, always_mfa, coverage, exhaust, never_weaker
from support.random_tenants import UNIVERSE, Maker, sign_ins

ALL = list(sign_ins())


@pytest.mark.parametrize("number", range(45))
def test_always_mfa(number: int) -> None:
    tenant = Maker(number, unknown=0.0 if number % 3 == 0 else 0.2).tenant()
    proof = always_mfa(tenant, universe=UNIVERSE)
    count = exhaust.always_mfa(tenant, ALL)
    assert (proof.combinations, proof.failing, proof.unassessed) == (
        count.total,
        count.fails,
        count.unassessed,
    )
    assert set(proof.failing_people) == count.failing_people
    assert set(proof.unassessed_people) == count.unassessed_people
    assert proof.holds == (False if count.fails else None if count.unassessed else True)


@pytest.mark.parametrize("number", range(45))
def test_never_weaker(number: int) -> None:
    maker = Maker(number, unknown=0.0 if number % 3 == 0 else 0.15)
    before = maker.tenant()
    after = maker.edited(before)
    proof = never_weaker(before, after, universe=UNIVERSE)
    count = exhaust.never_weaker(before, after, ALL)
    assert (proof.combinations, proof.failing, proof.unassessed) == (
        count.total,
        count.fails,
        count.unassessed,
    )
    assert set(proof.failing_people) == count.failing_people
    assert set(proof.unassessed_people) == count.unassessed_people


def test_the_random_tenants_are_worth_their_while() -> None:
    """Each answer comes up often, for single people and for pairs of tenants: the laws above would be empty otherwise."""
    words = [word for n in range(45) for word in coverage(Maker(n).tenant(), universe=UNIVERSE).values()]
    assert min(words.count(word) for word in Coverage) >= 4
    pairs = []
    for number in range(45):
        maker = Maker(number)
        before = maker.tenant()
        pairs.append(never_weaker(before, maker.edited(before), universe=UNIVERSE).holds)
    assert min(pairs.count(answer) for answer in (True, False, None)) >= 4


@pytest.mark.parametrize("number", range(30))
def test_a_tenant_is_never_weaker_than_itself(number: int) -> None:
    """Whatever is unknown in it is the same unknown twice."""
    tenant = Maker(number, unknown=0.4, settling=False).tenant()
    assert never_weaker(tenant, tenant, universe=UNIVERSE).holds is True


@pytest.mark.parametrize("number", range(20))
def test_what_is_settling_may_have_changed_by_the_next_look(number: int) -> None:
    """So a tenant with writes under way isn't certainly as strong as itself, and never certainly weaker."""
    tenant = Maker(number, unknown=0.4).tenant()
    assert never_weaker(tenant, tenant, universe=UNIVERSE).holds is not False
