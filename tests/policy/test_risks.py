"""Conditions on sign-in risk and user risk: a set of levels; without the fact, unknown; without levels, no condition."""

import pytest

from perca.model import RiskCondition, RiskLevel
from perca.policy import No
from support.small import SOMETHING, answer, applies, policy, sign_in, tenant

NAMES = ("sign_in_risk", "user_risk")


def risky(*levels: RiskLevel, unclear: bool = False) -> RiskCondition:
    return RiskCondition(frozenset(levels), (SOMETHING,) if unclear else ())


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("level", RiskLevel)
def test_a_level_that_is_named_is_met_and_no_other(name: str, level: RiskLevel) -> None:
    high = tenant(policy(**{name: risky(RiskLevel.HIGH, RiskLevel.MEDIUM)}))
    assert applies(high, sign_in(**{name: level})) is (level in (RiskLevel.HIGH, RiskLevel.MEDIUM))


@pytest.mark.parametrize("name", NAMES)
def test_a_risk_that_nobody_knows_is_not_none(name: str) -> None:
    for level in RiskLevel:
        assert applies(tenant(policy(**{name: risky(level)})), sign_in(**{name: None})) is None


@pytest.mark.parametrize("name", NAMES)
def test_no_level_is_no_condition(name: str) -> None:
    assert applies(tenant(policy(**{name: risky()})), sign_in(**{name: None}))


@pytest.mark.parametrize("name", NAMES)
def test_a_level_that_is_not_understood_may_be_any(name: str) -> None:
    some = tenant(policy(**{name: risky(RiskLevel.HIGH, unclear=True)}))
    assert applies(some, sign_in(**{name: RiskLevel.LOW})) is None
    assert applies(some, sign_in(**{name: RiskLevel.HIGH}))
    assert applies(tenant(policy(**{name: risky(unclear=True)})), sign_in()) is None


def test_the_two_risks_are_two_conditions() -> None:
    both = tenant(policy(sign_in_risk=risky(RiskLevel.HIGH), user_risk=risky(RiskLevel.HIGH)))
    assert applies(both, sign_in(sign_in_risk=RiskLevel.HIGH)) is False
    found = answer(both, sign_in()).answer
    assert isinstance(found, No)
    assert found.unmet == ("signInRisk", "userRisk")
