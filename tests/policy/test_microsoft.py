"""Security Defaults and mandatory MFA: not modelled, so no answer is given that hangs on them."""

import pytest

from perca.model import AppId, BuiltIn, Credential, NotRead, PolicyState
from perca.policy import Mfa, Outcome, decide
from perca.policy.microsoft import ADMIN_APPS
from support.small import FRESH, SECRET, applies, facts, grant, policy, sign_in, tenant

DEFAULTS = ("perca:securityDefaults:mfa", "perca:securityDefaults:legacy")
MANDATORY = "perca:mandatoryMfa:admin"


def keys(of: object) -> list[str]:
    return [each.rule.key for each in decide(of, FRESH).rules]


@pytest.mark.parametrize("told", [True, SECRET])
def test_security_defaults_that_are_on_or_unread_leave_everything_open(told: bool | NotRead) -> None:
    decision = decide(tenant(security_defaults=told), FRESH)
    assert (decision.mfa, decision.outcome) == (Mfa.NOT_ASSESSED, Outcome.NOT_ASSESSED)
    assert "securityDefaults" in facts(decision)


def test_security_defaults_that_are_off_are_no_rule() -> None:
    assert not set(DEFAULTS) & set(keys(tenant()))


@pytest.mark.parametrize(
    ("state", "settled", "off"),
    [
        (PolicyState.ENABLED, True, True),
        (PolicyState.ENABLED, False, False),
        (PolicyState.REPORT_ONLY, True, False),
        (PolicyState.DISABLED, True, False),
    ],
)
def test_a_policy_that_is_on_shows_that_unread_defaults_are_off(
    state: PolicyState, settled: bool, off: bool
) -> None:
    unread = tenant(policy(state=state, settled=settled), security_defaults=SECRET)
    assert (not set(DEFAULTS) & set(keys(unread))) is off


def test_an_enabled_policy_does_not_outvote_what_was_read() -> None:
    assert set(DEFAULTS) <= set(keys(tenant(policy(), security_defaults=True)))


@pytest.mark.parametrize("app", sorted(ADMIN_APPS))
def test_admin_portals_may_ask_for_mfa_by_microsofts_own_word(app: AppId) -> None:
    assert applies(tenant(), sign_in(app=app), MANDATORY) is None
    assert decide(tenant(), sign_in(app=app)).mfa is Mfa.NOT_ASSESSED
    assert decide(tenant(policy()), sign_in(app=app)).mfa is Mfa.REQUIRED


def test_mandatory_mfa_is_about_nothing_else() -> None:
    assert applies(tenant(), FRESH, MANDATORY) is False
    assert applies(tenant(), sign_in(app=None), MANDATORY) is None


def test_a_passkey_gets_into_an_admin_portal_whether_it_is_asked_or_not() -> None:
    portal = sign_in(app=min(ADMIN_APPS), credential=Credential.PASSKEY)
    assert decide(tenant(), portal).outcome is Outcome.GRANTED
    assert decide(tenant(policy(grant=grant(BuiltIn.BLOCK))), portal).outcome is Outcome.BLOCKED
