"""A policy as a rule: which states count, how controls combine, and what of a policy leaves it unknown."""

import pytest

from perca.model import (
    BLOCK,
    BuiltIn,
    Grant,
    Missing,
    Operator,
    PolicyState,
    SessionControls,
    TermsOfUse,
    Unrecognised,
    UserCondition,
)
from perca.policy import Mfa, Outcome, Unknown, decide, requirement, rulebook
from perca.policy.conditional_access import clauses_of
from support.small import (
    ADA,
    BEN,
    EVERYONE,
    FRESH,
    SOMETHING,
    answer,
    applies,
    facts,
    grant,
    people,
    policy,
    tenant,
)

MFA, DEVICE = BuiltIn.MFA, BuiltIn.COMPLIANT_DEVICE
NOBODY = tenant()


def clauses(*controls: BuiltIn, operator: Operator | None = None) -> set[frozenset]:
    return set(clauses_of(Grant(operator, controls), NOBODY))


def test_or_is_one_clause_and_and_is_one_each() -> None:
    assert clauses(MFA, DEVICE, operator=Operator.OR) == {frozenset({MFA, DEVICE})}
    assert clauses(MFA, DEVICE, operator=Operator.AND) == {frozenset({MFA}), frozenset({DEVICE})}


def test_several_controls_without_an_operator_are_all_required() -> None:
    assert clauses(MFA, DEVICE) == clauses(MFA, DEVICE, operator=Operator.AND)


def test_one_control_twice_is_one_clause() -> None:
    assert clauses(MFA, MFA, operator=Operator.AND) == {frozenset({MFA})}


@pytest.mark.parametrize("operator", [*Operator, None])
def test_a_block_stands_alone(operator: Operator | None) -> None:
    assert clauses(MFA, BuiltIn.BLOCK, operator=operator) == {BLOCK}


def test_a_policy_that_grants_without_asking_asks_for_nothing() -> None:
    for nothing in (None, Grant(Operator.OR, ())):
        decision = decide(tenant(policy(grant=nothing)), FRESH)
        assert (decision.mfa, decision.outcome) == (Mfa.NOT_REQUIRED, Outcome.GRANTED)
        assert answer(tenant(policy(grant=nothing))).result == "success"


def test_under_an_operator_that_cannot_be_read_nothing_is_certain_and_the_most_is_possible() -> None:
    unclear = tenant(policy(grant=grant(MFA, DEVICE, operator=Unrecognised("grantControls.operator", "XOR"))))
    decision = decide(unclear, FRESH)
    assert decision.mfa is Mfa.NOT_ASSESSED
    assert decision.guaranteed == frozenset()
    assert "grantControls.operator is not modelled: XOR" in facts(decision)
    single = tenant(policy(grant=grant(MFA, operator=Unrecognised("grantControls.operator", "XOR"))))
    assert decide(single, FRESH).mfa is Mfa.REQUIRED, "of one control no operator can make anything else"


@pytest.mark.parametrize(
    ("state", "settled", "mfa", "result"),
    [
        (PolicyState.ENABLED, True, Mfa.REQUIRED, "failure"),
        (PolicyState.REPORT_ONLY, True, Mfa.NOT_REQUIRED, "reportOnlyInterrupted"),
        (PolicyState.ENABLED, False, Mfa.NOT_ASSESSED, "unknown"),
        (PolicyState.REPORT_ONLY, False, Mfa.NOT_ASSESSED, "unknown"),
        (PolicyState.DISABLED, False, Mfa.NOT_ASSESSED, "unknown"),
        (Unrecognised("state", "missing"), True, Mfa.NOT_ASSESSED, "unknown"),
    ],
)
def test_only_a_policy_that_is_on_for_certain_is_certain_to_ask(
    state: PolicyState, settled: bool, mfa: Mfa, result: str
) -> None:
    one = tenant(policy(state=state, settled=settled))
    assert decide(one, FRESH).mfa is mfa
    assert answer(one).result == result


def test_a_policy_that_is_off_is_no_rule() -> None:
    off = tenant(policy(state=PolicyState.DISABLED), policy("q"))
    providers = [rule.key for rule in rulebook(off).rules if rule.source.provider == "multiConditionalAccess"]
    assert providers == ["q"]


def test_a_condition_that_is_not_modelled_leaves_the_policy_unknown_unless_another_fails() -> None:
    assert applies(tenant(policy(unrecognised=(SOMETHING,)))) is None
    others = UserCondition(people(BEN))
    assert applies(tenant(policy(unrecognised=(SOMETHING,), users=others))) is False


def test_an_unknown_policy_hides_nothing_of_a_certain_one() -> None:
    both = tenant(policy(unrecognised=(SOMETHING,)), policy("q"))
    decision = decide(both, FRESH)
    assert decision.mfa is Mfa.REQUIRED
    assert [source.id for source in decision.sources] == ["q"]


def test_a_session_control_that_is_not_modelled_leaves_the_outcome_open_and_not_the_mfa() -> None:
    once = tenant(
        policy(
            session=SessionControls(unrecognised=(Unrecognised("sessionControls.secureSignInSession", "on"),))
        )
    )
    decision = decide(once, FRESH)
    assert (decision.mfa, decision.outcome) == (Mfa.REQUIRED, Outcome.NOT_ASSESSED)
    assert "sessionControls.secureSignInSession on of `Policy p`" in facts(decision)
    alone = tenant(policy(grant=None, session=SessionControls(unrecognised=(SOMETHING,))))
    assert decide(alone, FRESH).outcome is Outcome.NOT_ASSESSED
    others = tenant(
        policy(
            grant=None, session=SessionControls(unrecognised=(SOMETHING,)), users=UserCondition(people(BEN))
        )
    )
    assert decide(others, FRESH).outcome is Outcome.GRANTED


def test_a_block_ends_the_sign_in_whatever_a_session_control_would_do() -> None:
    both = tenant(
        policy(session=SessionControls(unrecognised=(SOMETHING,))), policy("q", grant=grant(BuiltIn.BLOCK))
    )
    assert decide(both, FRESH).outcome is Outcome.BLOCKED


@pytest.mark.parametrize(
    "what",
    [
        "identity/conditionalAccess/policies",
        "policies",
        "/v1.0/identity/ConditionalAccess/policies/abc?$select=id",
    ],
)
def test_policies_that_nobody_read_may_ask_for_anything(what: str) -> None:
    gap = {"missing": (Missing(what, "403 Authorization_RequestDenied"),)}
    decision = decide(tenant(**gap), FRESH)
    assert (decision.mfa, decision.outcome) == (Mfa.NOT_ASSESSED, Outcome.NOT_ASSESSED)
    assert "403 Authorization_RequestDenied" in facts(decision)
    assert decide(tenant(policy(), **gap), FRESH).mfa is Mfa.REQUIRED


@pytest.mark.parametrize(
    "what",
    [
        "policies/identitySecurityDefaultsEnforcementPolicy",
        "identity/conditionalAccess/authenticationStrength/policies",
        "groups/x/members",
    ],
)
def test_other_gaps_are_no_unread_policies(what: str) -> None:
    assert decide(tenant(missing=(Missing(what, "403"),)), FRESH).mfa is Mfa.NOT_REQUIRED


def test_policies_that_share_an_id_are_two_rules() -> None:
    twice = tenant(policy(users=UserCondition(people(BEN))), policy(grant=grant(DEVICE)))
    keys = [rule.key for rule in rulebook(twice).rules]
    assert len(set(keys)) == len(keys)
    certain = requirement(
        each.rule for each in decide(twice, FRESH).rules if not isinstance(each.answer, Unknown)
    )
    assert frozenset({DEVICE}) in certain


def test_terms_of_use_never_count() -> None:
    assert decide(tenant(policy(grant=grant(MFA, TermsOfUse("t")))), FRESH).mfa is Mfa.NOT_REQUIRED
    both = grant(MFA, TermsOfUse("t"), operator=Operator.AND)
    assert decide(tenant(policy(grant=both)), FRESH).mfa is Mfa.REQUIRED


def test_a_policy_is_shown_by_its_own_name_and_id() -> None:
    found = answer(tenant(policy(users=UserCondition(EVERYONE, people(ADA)))))
    assert (found.rule.source.id, found.rule.source.display_name, found.result) == (
        "p",
        "Policy p",
        "notApplied",
    )
