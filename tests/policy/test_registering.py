"""Who asks somebody without a method to register one: a remark, and no demand for MFA."""

import pytest

from perca.model import ClientApp, ObjectId, Registration, RoleAssignment, Tenant, UserAction
from perca.policy import Mfa, Outcome, covers, decide, rulebook
from perca.policy.registering import BY_DEFAULTS, BY_POLICY
from perca.policy.security_defaults import SYNCHRONISATION
from support.small import ADA, FRESH, SECRET, policy, sign_in, tenant

UNREGISTERED = {ADA: Registration(ADA, False, False)}


def asked(of: Tenant, **more: object) -> list[str]:
    return [source.provider for source in decide(of, sign_in(**more)).registration]


def unregistered(**more: object) -> Tenant:
    return tenant(registrations=UNREGISTERED, **more)


def test_security_defaults_ask_everybody_who_has_no_method() -> None:
    assert asked(unregistered(security_defaults=True)) == [BY_DEFAULTS.provider]
    assert asked(tenant(security_defaults=True)) == []
    assert asked(tenant(security_defaults=True, registrations={})) == [], "nobody knows whether one is there"


def test_the_registration_policy_asks_and_covers_nobody() -> None:
    """A P2 licence's policy asks people to register; no rule comes of it, and MFA stays not required (FACTS.md 10.8)."""
    with_policy = unregistered(registration_policy=True)
    decision = decide(with_policy, FRESH)
    assert decision.registration == (BY_POLICY,)
    assert (decision.mfa, decision.outcome) == (Mfa.NOT_REQUIRED, Outcome.GRANTED)
    assert rulebook(with_policy).rules == rulebook(unregistered(registration_policy=SECRET)).rules
    assert not any(
        covers(rule, unknown_as=True) for rule in rulebook(with_policy).rules if "registration" in rule.key
    )


def test_both_may_ask() -> None:
    both = unregistered(security_defaults=True, registration_policy=True)
    assert asked(both) == [BY_DEFAULTS.provider, BY_POLICY.provider]


@pytest.mark.parametrize("told", [False, SECRET])
def test_a_policy_that_is_off_or_unread_is_no_remark(told: object) -> None:
    assert asked(unregistered(registration_policy=told)) == []


@pytest.mark.parametrize(
    "question",
    [
        {"client": ClientApp.OTHER},
        {"client": None},
        {"client": ClientApp.ALL},
        {"user": None},
        {"app": None, "action": UserAction.REGISTER_SECURITY_INFORMATION},
    ],
)
def test_a_sign_in_at_which_nobody_can_register_is_not_asked(question: dict[str, object]) -> None:
    assert asked(unregistered(security_defaults=True, registration_policy=True), **question) == []


def test_accounts_that_synchronise_directories_need_not_register() -> None:
    machine = (RoleAssignment(ObjectId(ADA), SYNCHRONISATION),)
    assert asked(unregistered(security_defaults=True, role_assignments=machine)) == []


def test_an_enabled_policy_shows_that_security_defaults_do_not_ask() -> None:
    assert asked(unregistered(security_defaults=SECRET)) == []
    assert asked(tenant(policy(), registrations=UNREGISTERED, security_defaults=SECRET)) == []
