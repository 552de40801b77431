"""Security Defaults and mandatory MFA at the embedded tenant's door: a concrete answer to everybody (docs/decisions/0006)."""

from __future__ import annotations

from typing import Any

import pytest

from perca.tenant import Store
from perca.tenant.apps import AZURE_MANAGEMENT, AZURE_PORTAL
from perca.tenant.builtin import DIRECTORY_SYNCHRONIZATION, GLOBAL_ADMINISTRATOR

from .conftest import Asking, question

DEFAULTS = "/v1.0/policies/identitySecurityDefaultsEnforcementPolicy"
DAY = 86_400


@pytest.fixture
def guarded(near: Asking) -> Asking:
    """A tenant with Security Defaults on."""
    assert near("PATCH", DEFAULTS, {"isEnabled": True}).status == 204
    return near


def holding(ask: Asking, name: str, role: str) -> str:
    person = registered(ask, name)
    body = {"id": name, "principalId": person, "roleDefinitionId": role, "directoryScopeId": "/"}
    with ask.store.writing() as now:
        now.put("roleAssignments", name, body)
    return person


def registered(ask: Asking, name: str) -> str:
    person = ask.user(name)
    ask.register(person, "microsoftAuthenticatorPush")
    return person


def ended(ask: Asking, user: str, risk: dict[str, str] | None = None, **more: Any) -> tuple[str, str, int]:
    asked = question(user, **more)
    asked["signInConditions"] |= risk or {}
    said = ask("POST", "/perca/sign-ins", {"signIns": [asked]})
    assert said.status == 200, said.json
    (answer,) = said.json["results"]
    return answer["outcome"], answer["mfa"], answer["errorCode"]


def test_ordinary_people_are_asked_at_risk(guarded: Asking) -> None:
    ana = registered(guarded, "ana")
    assert ended(guarded, ana) == ("granted", "notRequired", 0)
    assert ended(guarded, ana, {"signInRiskLevel": "low"}) == ("prompt", "required", 50076)
    assert ended(guarded, ana, {"userRiskLevel": "high"}) == ("prompt", "required", 50076)


def test_somebody_without_a_method_must_register_first(guarded: Asking) -> None:
    bo = guarded.user("bo")
    assert ended(guarded, bo) == ("prompt", "notRequired", 50079)
    guarded.register(bo, "softwareOath")
    assert ended(guarded, bo) == ("granted", "notRequired", 0)


def test_legacy_clients_are_blocked_by_security_defaults(guarded: Asking) -> None:
    assert ended(guarded, registered(guarded, "ana"), client="other")[::2] == ("blocked", 530035)


def test_administrators_are_asked_every_time(guarded: Asking) -> None:
    chief = holding(guarded, "chief", GLOBAL_ADMINISTRATOR)
    answer = guarded.sign_in(chief)
    assert (answer["outcome"], answer["errorCode"]) == ("prompt", 50076)
    logged = guarded.get(f"/beta/auditLogs/signIns/{answer['row']}")
    assert logged["authenticationRequirementPolicies"] == [
        {"requirementProvider": "securityDefaults", "detail": "Security Defaults"}
    ]


def test_accounts_that_synchronise_directories_are_left_out(guarded: Asking) -> None:
    machine = holding(guarded, "machine", DIRECTORY_SYNCHRONIZATION)
    assert ended(guarded, machine, {"signInRiskLevel": "high"}) == ("granted", "notRequired", 0)


def test_azure_management_asks_everybody(guarded: Asking) -> None:
    assert ended(guarded, registered(guarded, "ana"), app=AZURE_MANAGEMENT)[::2] == ("prompt", 50076)


def test_the_portal_asks_everybody_by_microsofts_own_word(near: Asking) -> None:
    ana = registered(near, "ana")
    answer = near.sign_in(ana, app=AZURE_PORTAL)
    assert (answer["outcome"], answer["mfa"], answer["errorCode"]) == ("prompt", "required", 50076)
    logged = near.get(f"/beta/auditLogs/signIns/{answer['row']}")
    assert [each["requirementProvider"] for each in logged["authenticationRequirementPolicies"]] == [
        "mandatoryMfa"
    ]
    assert ended(near, ana, app=AZURE_PORTAL, session={"mfa": True}) == ("granted", "required", 0)


def test_what_mandatory_mfa_asks_at_tools_no_sign_in_shows(near: Asking) -> None:
    assert ended(near, registered(near, "ana"), app=AZURE_MANAGEMENT)[::2] == ("notAssessed", 50131)


def test_the_next_day_is_judged_anew_and_the_same(near: Asking, store: Store) -> None:
    ana = registered(near, "ana")
    before = ended(near, ana, app=AZURE_PORTAL)
    near.advance(400 * DAY)
    assert ended(near, ana, app=AZURE_PORTAL) == before == ("prompt", "required", 50076)
