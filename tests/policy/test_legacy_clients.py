"""Whom a legacy client shuts out: `outcome` says the same, of every control, whatever else is true of the person."""

from dataclasses import replace
from itertools import combinations

import pytest

from perca.model import (
    BuiltIn,
    ClientApp,
    Control,
    CustomFactor,
    StrengthId,
    TermsOfUse,
    UnrecognisedControl,
)
from perca.policy import Outcome, Rule, Source, decide, is_shut_out, rulebook, shuts_out
from support.small import FRESH, RESISTANT, grant, policy, strength, tenant

CONTROLS: tuple[Control, ...] = (
    *BuiltIn,
    strength(RESISTANT),
    strength(StrengthId("nobody read it")),
    CustomFactor("factor"),
    TermsOfUse("terms"),
    UnrecognisedControl("odd"),
)
CLAUSES = [*((each,) for each in CONTROLS), *combinations(CONTROLS, 2)]
LEGACY = (ClientApp.OTHER, ClientApp.ACTIVE_SYNC)
RULE = Rule("p", Source("multiConditionalAccess", "p", "Policy"), (), (frozenset({BuiltIn.MFA}),))


@pytest.mark.parametrize("client", LEGACY)
@pytest.mark.parametrize("controls", CLAUSES, ids=lambda each: "-".join(map(str, each)))
def test_it_is_what_decide_says_of_a_legacy_client(controls: tuple[Control, ...], client: ClientApp) -> None:
    asking = tenant(policy(grant=grant(*controls)))
    asked = frozenset(next(rule.clauses for rule in rulebook(asking).rules if rule.key == "p"))
    end = decide(asking, replace(FRESH, client=client)).outcome
    assert shuts_out(asked, client) is (end is Outcome.BLOCKED)
    assert shuts_out(asked, client, unknown_as=True) is (end in (Outcome.BLOCKED, Outcome.NOT_ASSESSED))


def test_nothing_shuts_out_a_modern_client_or_whom_nothing_is_asked_of() -> None:
    asked = frozenset({frozenset({BuiltIn.COMPLIANT_DEVICE}), frozenset({BuiltIn.BLOCK})})
    for client in (ClientApp.BROWSER, ClientApp.MODERN):
        assert not shuts_out(asked, client, unknown_as=True)
    for client in LEGACY:
        assert not shuts_out(frozenset(), client, unknown_as=True)


def test_a_client_that_nobody_told_may_be_a_legacy_one() -> None:
    for client in (None, ClientApp.ALL):
        assert not shuts_out(frozenset(RULE.clauses), client)
        assert shuts_out(frozenset(RULE.clauses), client, unknown_as=True)


def test_one_clause_that_cannot_be_met_is_enough() -> None:
    asked = frozenset({frozenset({UnrecognisedControl("odd")}), frozenset({BuiltIn.MFA})})
    assert shuts_out(asked, ClientApp.OTHER)


def test_a_rule_that_only_reports_and_what_is_asked_of_a_workload_shut_nobody_out() -> None:
    legacy = replace(FRESH, client=ClientApp.OTHER)
    assert is_shut_out(RULE, legacy)
    assert not is_shut_out(replace(RULE, enforced=False), legacy, unknown_as=True)
    assert not is_shut_out(RULE, replace(legacy, user=None, workload="w"), unknown_as=True)
