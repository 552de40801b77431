"""User actions and authentication contexts: where a policy on one holds, and where nothing says whether it does."""

import pytest

from perca.model import (
    NO_CONTEXT,
    ApplicationCondition,
    ApplicationScope,
    BuiltIn,
    ContextId,
    Control,
    PerUserState,
    SignIn,
    StrengthControl,
    Unrecognised,
    UserAction,
)
from perca.policy import Mfa, No, Unknown, decide
from support.small import (
    MAIL,
    MFA_STRENGTH,
    SOMETHING,
    answer,
    applies,
    grant,
    policy,
    sign_in,
    tenant,
    with_state,
)

REGISTER, JOIN = UserAction
C1, C2 = ContextId("c1"), ContextId("c2")


def at(action: UserAction) -> SignIn:
    return sign_in(app=None, action=action)


def on(*actions: UserAction, other: Unrecognised | None = None) -> ApplicationCondition:
    return ApplicationCondition(
        actions=frozenset(actions), unrecognised_actions=() if other is None else (other,)
    )


def test_a_policy_on_an_action_holds_there_and_nowhere_else() -> None:
    one = tenant(policy(applications=on(REGISTER)))
    assert applies(one, at(REGISTER))
    assert applies(one, at(JOIN)) is False
    assert applies(one, sign_in(app=MAIL)) is False
    assert applies(one, sign_in(app=None)) is False
    found = answer(one).answer
    assert isinstance(found, No)
    assert found.unmet == ("userActions",)


def test_another_word_among_the_actions_may_mean_any_action_and_no_resource() -> None:
    one = tenant(policy(applications=on(REGISTER, other=SOMETHING)))
    assert applies(one, at(JOIN)) is None
    assert applies(one, at(REGISTER))
    assert applies(one, sign_in(app=MAIL)) is False


@pytest.mark.parametrize("action", UserAction)
@pytest.mark.parametrize(
    ("include", "exclude", "expected"),
    [
        (ApplicationScope(everything=True), ApplicationScope(), None),
        (ApplicationScope(everything=True), ApplicationScope(apps=(MAIL,)), None),
        (ApplicationScope(apps=(MAIL,)), ApplicationScope(), False),
        (ApplicationScope(unrecognised=(SOMETHING,)), ApplicationScope(), None),
        (ApplicationScope(nothing=True), ApplicationScope(), False),
    ],
)
def test_a_policy_on_resources_at_an_action(
    action: UserAction, include: ApplicationScope, exclude: ApplicationScope, expected: bool | None
) -> None:
    one = tenant(policy(applications=ApplicationCondition(include, exclude)))
    assert applies(one, at(action)) is expected


@pytest.mark.parametrize(
    ("controls", "expected"),
    [
        ((BuiltIn.MFA,), True),
        ((StrengthControl(MFA_STRENGTH),), True),
        ((BuiltIn.COMPLIANT_DEVICE,), None),
        ((BuiltIn.BLOCK,), None),
        ((BuiltIn.MFA, BuiltIn.COMPLIANT_DEVICE), None),
    ],
)
def test_registering_a_device_takes_mfa_alone(controls: tuple[Control, ...], expected: bool | None) -> None:
    one = tenant(policy(applications=on(JOIN, REGISTER), grant=grant(*controls)))
    assert applies(one, at(JOIN)) is expected
    assert applies(one, at(REGISTER))


@pytest.mark.parametrize("state", [PerUserState.ENABLED, PerUserState.ENFORCED])
def test_per_user_mfa_asks_at_a_join_and_nobody_says_what_it_does_at_a_registration(
    state: PerUserState,
) -> None:
    assert decide(with_state(state), at(JOIN)).mfa is Mfa.REQUIRED
    assert decide(with_state(state), at(REGISTER)).mfa is Mfa.NOT_ASSESSED
    assert decide(with_state(state), sign_in(app=None)).mfa is Mfa.REQUIRED
    assert decide(with_state(PerUserState.DISABLED), at(JOIN)).mfa is Mfa.NOT_REQUIRED
    elsewhere = answer(with_state(state), at(REGISTER), "perca:perUserMfa:modern").answer
    assert elsewhere == No((f"user action `{REGISTER}` is no resource",), ("application",))


# Contexts


def asking(*contexts: ContextId, other: Unrecognised | None = None) -> ApplicationCondition:
    return ApplicationCondition(
        contexts=frozenset(contexts), unrecognised_contexts=() if other is None else (other,)
    )


def test_a_policy_on_a_context_holds_where_it_is_asked_for() -> None:
    one = tenant(policy(applications=asking(C1)))
    assert applies(one, sign_in(context=C1))
    assert applies(one, sign_in(context=C1, app=None))
    assert applies(one, sign_in(context=C2)) is False
    assert applies(one, sign_in(context=None)) is None
    found = answer(one, sign_in(context=NO_CONTEXT)).answer
    assert isinstance(found, No)
    assert found.unmet == ("authenticationContext",)


def test_a_word_that_is_no_context_may_mean_any_and_not_none() -> None:
    one = tenant(policy(applications=asking(C1, other=SOMETHING)))
    assert isinstance(answer(one, sign_in(context=C2)).answer, Unknown)
    assert applies(one, sign_in(context=NO_CONTEXT)) is False


def test_a_context_is_asked_for_on_top_of_the_resource() -> None:
    both = tenant(policy(grant=grant(BuiltIn.COMPLIANT_DEVICE)), policy("q", applications=asking(C1)))
    assert len(decide(both, sign_in(context=C1)).guaranteed) == 2
    assert len(decide(both, sign_in(context=NO_CONTEXT)).guaranteed) == 1
