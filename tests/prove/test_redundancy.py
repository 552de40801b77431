"""Rules that decide nothing, exactly: held against trying every sign-in without them; and the fewest rules that do it all alone."""

import pytest

from perca.model import (
    ApplicationCondition,
    ApplicationScope,
    BuiltIn,
    ClientApp,
    ClientAppCondition,
    PolicyId,
    RiskCondition,
    RiskLevel,
    SessionControls,
    SignInFrequency,
    Tenant,
    UserCondition,
)
from perca.policy import Coordinate, Rule, rulebook
from perca.policy.app_groups import EXCHANGE, SHAREPOINT
from perca.prove import never_weaker
from perca.prove.redundancy import covers_alone, instead_of, is_redundant, never_applies, without
from perca.space import universe_of
from support.dice import Dice
from support.small import ADA, BEN, CLEO, SQUAD, grant, group, of, people, policy, tenant
from support.whole_policies import Theme
from support.whole_tenants import whole_tenant

MODERN = ClientAppCondition(frozenset({ClientApp.BROWSER, ClientApp.MODERN}))
LEGACY = ClientAppCondition(frozenset({ClientApp.OTHER, ClientApp.ACTIVE_SYNC}))


def rule_of(held: Tenant, id: str) -> Rule:
    return next(each for each in rulebook(held).rules if each.key == id)


def redundant(held: Tenant, id: str) -> bool | None:
    return is_redundant(held, PolicyId(id), universe_of(held, people=held.users))


def enough(held: Tenant, id: str) -> list[str]:
    return [each.key for each in instead_of(held, rule_of(held, id), universe_of(held, people=held.users))]


def test_a_rule_for_nobody_never_applies() -> None:
    held = tenant(policy(users=UserCondition(people(groups=(SQUAD,)))), groups=of(group(SQUAD)))
    over = universe_of(held, people=held.users)
    assert never_applies(held, rule_of(held, "p"), over) is Coordinate.PRINCIPAL
    filled = tenant(policy(users=UserCondition(people(groups=(SQUAD,)))), groups=of(group(SQUAD, ADA)))
    assert never_applies(filled, rule_of(filled, "p"), over) is None


def test_one_within_another_is_redundant_and_the_wider_is_not() -> None:
    held = tenant(policy(), policy("q", users=UserCondition(people(ADA))))
    assert (redundant(held, "q"), redundant(held, "p")) == (True, False)
    assert (enough(held, "q"), enough(held, "p")) == (["p"], [])


def test_of_two_that_are_alike_each_is_redundant() -> None:
    held = tenant(policy(), policy("q"))
    assert (redundant(held, "p"), redundant(held, "q")) == (True, True)
    assert redundant(without(held, PolicyId("q")), "p") is False


def test_a_stronger_demand_stands_in_and_a_weaker_does_not() -> None:
    block = policy("q", grant=grant(BuiltIn.BLOCK))
    held = tenant(policy(), block)
    assert (redundant(held, "p"), redundant(held, "q")) == (True, False)


def test_two_halves_stand_in_for_the_whole() -> None:
    held = tenant(policy(), policy("q", client_apps=MODERN), policy("r", client_apps=LEGACY))
    assert enough(held, "p") == ["q", "r"]
    assert redundant(held, "p") is True


def test_what_acts_only_where_no_sign_in_can_be_is_redundant() -> None:
    sync = ClientAppCondition(frozenset({ClientApp.ACTIVE_SYNC}))
    elsewhere = ApplicationCondition(ApplicationScope(apps=(SHAREPOINT,)))
    at_exchange = ApplicationCondition(ApplicationScope(apps=(EXCHANGE,)))
    block = grant(BuiltIn.BLOCK)
    held = tenant(
        policy(),
        policy("q", applications=elsewhere, client_apps=sync, grant=block),
        policy("r", applications=at_exchange, client_apps=sync, grant=block),
    )
    assert (redundant(held, "q"), redundant(held, "r")) == (True, False)


def test_a_lifetime_is_something() -> None:
    hourly = SessionControls(SignInFrequency(60))
    held = tenant(policy(), policy("q", users=UserCondition(people(ADA)), session=hourly))
    assert redundant(held, "q") is False


def test_what_covers_alone() -> None:
    risky = policy("r", sign_in_risk=RiskCondition(frozenset({RiskLevel.HIGH})))
    held = tenant(
        risky,
        policy("p", users=UserCondition(people(ADA, BEN))),
        policy("q", users=UserCondition(people(CLEO))),
    )

    def alone(*who: str) -> list[str]:
        return [each.key for each in covers_alone(held, universe_of(held, people=who))]  # type: ignore[arg-type]

    assert alone(ADA) == alone(ADA, BEN) == ["p"]
    assert alone(ADA, CLEO) == ["p", "q"]
    assert [each.key for each in covers_alone(tenant(risky), universe_of(tenant(risky), people=(ADA,)))] == []


@pytest.mark.parametrize("number", range(20))
def test_what_is_redundant_can_go(number: int) -> None:
    held = whole_tenant(Dice(number, 0.0), tuple(Theme)[number % len(Theme)])
    over = universe_of(held, people=held.users)
    for each in held.policies:
        if is_redundant(held, each.id, over):
            assert never_weaker(held, without(held, each.id)).holds
