"""The whole decision: who asks, who blocks, what of each rule became, and what an open answer hangs on."""

import pytest

from perca.model import (
    ApplicationCondition,
    BuiltIn,
    ClientApp,
    Credential,
    Device,
    Operator,
    PerUserState,
    PolicyState,
    Session,
    UserAction,
    UserCondition,
)
from perca.policy import Mfa, Outcome, decide
from support.small import (
    ADA,
    BEN,
    FRESH,
    SOMETHING,
    answer,
    facts,
    grant,
    people,
    policy,
    sign_in,
    tenant,
    with_state,
)

BLOCKING = {"grant": grant(BuiltIn.BLOCK)}
FOR_BEN = {"users": UserCondition(people(BEN))}


def test_nothing_asks_for_nothing() -> None:
    decision = decide(tenant(), FRESH)
    assert (decision.mfa, decision.outcome) == (Mfa.NOT_REQUIRED, Outcome.GRANTED)
    assert (decision.guaranteed, decision.sources, decision.blocked_by, decision.missing) == (
        frozenset(),
        (),
        (),
        (),
    )


def test_every_policy_that_applies_must_be_met() -> None:
    both = tenant(policy(), policy("q", grant=grant(BuiltIn.COMPLIANT_DEVICE)))
    assert decide(both, FRESH).guaranteed == {frozenset({BuiltIn.MFA}), frozenset({BuiltIn.COMPLIANT_DEVICE})}
    assert decide(both, sign_in(session=Session(mfa=True))).outcome is Outcome.BLOCKED
    compliant = sign_in(session=Session(mfa=True), device=Device(compliant=True))
    assert decide(both, compliant).outcome is Outcome.GRANTED


def test_a_block_wins_and_the_others_still_say_what_they_require() -> None:
    decision = decide(tenant(policy("b", **BLOCKING), policy()), sign_in(session=Session(mfa=True)))
    assert (decision.mfa, decision.outcome) == (Mfa.REQUIRED, Outcome.BLOCKED)
    assert [source.id for source in decision.blocked_by] == ["b"]
    assert [source.id for source in decision.sources] == ["p"]
    assert (
        answer(tenant(policy("b", **BLOCKING), policy()), sign_in(session=Session(mfa=True))).result
        == "success"
    )


def test_who_asks_for_what_the_client_cannot_do_blocks() -> None:
    decision = decide(tenant(policy()), sign_in(client=ClientApp.OTHER))
    assert decision.outcome is Outcome.BLOCKED
    assert [source.id for source in decision.blocked_by] == ["p"]


def test_per_user_mfa_and_a_policy_ask_both() -> None:
    decision = decide(with_state(PerUserState.ENFORCED, policies=(policy(),)), FRESH)
    assert [source.provider for source in decision.sources] == ["user", "multiConditionalAccess"]


@pytest.mark.parametrize(
    ("controls", "question", "result"),
    [
        ((BuiltIn.MFA,), sign_in(session=Session(mfa=True)), "reportOnlySuccess"),
        ((BuiltIn.MFA,), FRESH, "reportOnlyInterrupted"),
        ((BuiltIn.BLOCK,), FRESH, "reportOnlyFailure"),
        ((BuiltIn.COMPLIANT_DEVICE,), FRESH, "reportOnlyFailure"),
        ((BuiltIn.COMPLIANT_DEVICE,), sign_in(device=Device()), "unknown"),
        ((BuiltIn.MFA,), sign_in(user=BEN), "reportOnlyNotApplied"),
    ],
)
def test_report_only_says_what_would_have_been_and_changes_nothing(
    controls: tuple[BuiltIn, ...], question: object, result: str
) -> None:
    reported = tenant(
        policy(state=PolicyState.REPORT_ONLY, grant=grant(*controls), users=UserCondition(people(ADA)))
    )
    decision = decide(reported, question)
    assert (decision.mfa, decision.outcome) == (Mfa.NOT_REQUIRED, Outcome.GRANTED)
    assert answer(reported, question).result == result


@pytest.mark.parametrize(
    ("question", "result"),
    [
        (FRESH, "failure"),
        (sign_in(session=Session(mfa=True)), "success"),
        (sign_in(user=BEN), "notApplied"),
        (sign_in(credential=Credential.FEDERATED), "unknown"),
    ],
)
def test_results_of_an_enforced_policy(question: object, result: str) -> None:
    assert answer(tenant(policy(users=UserCondition(people(ADA)))), question).result == result


def test_a_rule_that_may_apply_opens_only_what_hangs_on_it() -> None:
    unclear = policy("u", unrecognised=(SOMETHING,))
    assert decide(tenant(unclear), FRESH).mfa is Mfa.NOT_ASSESSED
    assert decide(tenant(unclear, policy()), FRESH).mfa is Mfa.REQUIRED
    may_block = policy("u", unrecognised=(SOMETHING,), **BLOCKING)
    decision = decide(tenant(may_block, policy()), FRESH)
    assert (decision.mfa, decision.outcome) == (Mfa.REQUIRED, Outcome.NOT_ASSESSED)
    blocked = decide(tenant(may_block, policy("b", **BLOCKING)), FRESH)
    assert (blocked.outcome, blocked.missing) == (Outcome.BLOCKED, ())


def test_a_rule_that_may_apply_and_asks_for_what_is_done_opens_nothing() -> None:
    unclear = policy("u", unrecognised=(SOMETHING,))
    decision = decide(tenant(unclear, policy()), sign_in(session=Session(mfa=True)))
    assert (decision.outcome, decision.missing) == (Outcome.GRANTED, ())


def test_a_rule_that_asks_for_nothing_is_no_reason_for_an_open_answer() -> None:
    empty = policy("e", unrecognised=(SOMETHING,), grant=None)
    unclear = policy("u", users=UserCondition(people(groups=("strange",))))
    assert facts(decide(tenant(empty, unclear), FRESH)) == "group `strange` is not in the data"


def test_a_question_with_a_part_that_is_not_modelled_has_no_outcome() -> None:
    odd = sign_in(unrecognised=("signInConditions.authenticationFlow",))
    decision = decide(tenant(policy()), odd)
    assert (decision.mfa, decision.outcome) == (Mfa.REQUIRED, Outcome.NOT_ASSESSED)
    assert facts(decision) == "signInConditions.authenticationFlow of the question is not modelled"
    assert decide(tenant(policy(**BLOCKING)), odd).outcome is Outcome.BLOCKED


@pytest.mark.parametrize("action", UserAction)
def test_a_user_action_is_judged_by_the_policies_that_name_it(action: UserAction) -> None:
    """Whether "all resources" reaches a user action is documented both ways."""
    asked = sign_in(app=None, action=action)
    assert decide(tenant(), asked).mfa is Mfa.NOT_REQUIRED
    for everything in (policy(), policy(**BLOCKING)):
        decision = decide(tenant(everything), asked)
        assert decision.outcome is Outcome.NOT_ASSESSED
        assert "documented both ways" in facts(decision)
    named = policy("q", applications=ApplicationCondition(actions=frozenset({action})))
    assert decide(tenant(policy(), named), asked).mfa is Mfa.REQUIRED
    assert answer(tenant(policy(**FOR_BEN)), asked).result == "notApplied"


def test_either_control_and_the_other_policy_ask_on() -> None:
    """Controls aren't merged across policies: a compliant device meets the one and not the other."""
    both = tenant(policy(grant=grant(BuiltIn.MFA, BuiltIn.COMPLIANT_DEVICE)), policy("q"))
    compliant = sign_in(device=Device(compliant=True))
    assert decide(both, compliant).outcome is Outcome.PROMPT
    one = tenant(policy(grant=grant(BuiltIn.MFA, BuiltIn.COMPLIANT_DEVICE, operator=Operator.OR)))
    assert decide(one, compliant).outcome is Outcome.GRANTED
