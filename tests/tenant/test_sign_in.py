"""A plain sign-in: how it ends, with which code, and what the log says of it."""

from __future__ import annotations

from typing import Any

import pytest

from perca.tenant import Store
from perca.tenant.apps import AZURE_MANAGEMENT

from .conftest import NOBODY, Asking, policy, question

LOG = "/beta/auditLogs/signIns"
LEGACY = {"client": "other"}


def ended(ask: Asking, user: str, **more: Any) -> tuple[str, str, int]:
    answer = ask.sign_in(user, **more)
    return answer["outcome"], answer["mfa"], answer["errorCode"]


def row(ask: Asking, answer: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = ask.get(f"{LOG}/{answer['row']}")
    return found


def enforced(ask: Asking, store: Store, name: str = "ana", app_passwords: int = 0) -> str:
    person = ask.user(name)
    ask.state(person, "enforced")
    with store.writing() as now:
        now.set_app_passwords(person, app_passwords)
    return person


def test_nothing_asked_is_granted(ask: Asking) -> None:
    assert ended(ask, ask.user("ana")) == ("granted", "notRequired", 0)


def test_somebody_registered_is_asked_and_somebody_else_must_register(ask: Asking) -> None:
    ana, bo = ask.user("ana"), ask.user("bo")
    ask.register(bo, "microsoftAuthenticatorPush")
    ask.policy()
    assert ended(ask, ana) == ("prompt", "required", 50079)
    assert ended(ask, bo) == ("prompt", "required", 50076)
    assert ended(ask, bo, session={"mfa": True}) == ("granted", "required", 0)


def test_a_policy_for_legacy_clients_blocks_them(ask: Asking) -> None:
    ana = ask.user("ana")
    ask.policy(name="no legacy", controls=("block",), clientAppTypes=["exchangeActiveSync", "other"])
    assert ended(ask, ana, **LEGACY) == ("blocked", "notRequired", 53003)
    assert ended(ask, ana) == ("granted", "notRequired", 0)


def test_mfa_for_all_clients_blocks_legacy_ones_which_cannot_do_it(ask: Asking) -> None:
    ask.policy()
    assert ended(ask, ask.user("ana"), **LEGACY) == ("blocked", "required", 53003)


def test_per_user_enforced_asks_modern_clients_and_refuses_the_password_on_legacy_ones(
    ask: Asking, store: Store
) -> None:
    ana = enforced(ask, store)
    assert ended(ask, ana) == ("prompt", "required", 50079)
    assert ended(ask, ana, client="mobileAppsAndDesktopClients") == ("prompt", "required", 50079)
    assert ended(ask, ana, **LEGACY) == ("blocked", "required", 50076)
    assert ended(ask, ana, **LEGACY, credential="password") == ("blocked", "required", 50076)


def test_somebody_enabled_who_has_not_registered_still_uses_the_password_on_legacy_clients(
    ask: Asking,
) -> None:
    ana = ask.user("ana")
    ask.state(ana, "enabled")
    assert ended(ask, ana) == ("prompt", "required", 50079)
    assert ended(ask, ana, **LEGACY) == ("granted", "notRequired", 0)


def test_an_app_password_passes_on_legacy_clients_only_for_its_holder(ask: Asking, store: Store) -> None:
    holder, other = enforced(ask, store, "ana", app_passwords=1), enforced(ask, store, "bo")
    assert ended(ask, holder, **LEGACY, credential="appPassword")[::2] == ("granted", 0)
    assert ended(ask, other, **LEGACY, credential="appPassword")[::2] == ("blocked", 50126)
    assert ended(ask, holder, credential="appPassword")[::2] == ("blocked", 50126)


def test_a_disabled_state_lets_the_ordinary_password_in_again_and_app_passwords_stay(
    ask: Asking, store: Store
) -> None:
    ana = enforced(ask, store, app_passwords=1)
    ask.state(ana, "disabled")
    assert ended(ask, ana, **LEGACY) == ("granted", "notRequired", 0)
    assert ended(ask, ana, **LEGACY, credential="appPassword")[::2] == ("granted", 0)


def test_app_passwords_can_be_wiped_with_the_state_as_an_option(ask: Asking, store: Store) -> None:
    ana = enforced(ask, store, app_passwords=1)
    with store.writing() as now:
        now.set_setting("appPasswordsAfterDisabled", "wiped")
    ask.state(ana, "disabled")
    assert ended(ask, ana, **LEGACY, credential="appPassword")[::2] == ("blocked", 50126)


def test_a_policy_blocks_app_passwords_too(ask: Asking, store: Store) -> None:
    ana = enforced(ask, store, app_passwords=1)
    ask.policy(clientAppTypes=["other"], controls=("block",))
    assert ended(ask, ana, **LEGACY, credential="appPassword")[::2] == ("blocked", 53003)


def test_a_disabled_account_is_refused_before_any_policy(ask: Asking) -> None:
    ana = ask.user("ana", accountEnabled=False)
    ask.policy()
    answer = ask.sign_in(ana)
    assert (answer["outcome"], answer["errorCode"]) == ("blocked", 50057)
    logged = row(ask, answer)
    assert (logged["conditionalAccessStatus"], logged["appliedConditionalAccessPolicies"]) == (
        "notApplied",
        [],
    )


def test_nobody_gets_in_as_somebody_who_is_not_there(ask: Asking) -> None:
    assert ended(ask, NOBODY)[::2] == ("blocked", 50034)


def test_what_is_not_assessed_is_refused_and_names_policy_and_condition(ask: Asking) -> None:
    ana = ask.user("ana")
    states = {"includeStates": ["All"], "excludeStates": ["Compliant"]}
    ask.policy(name="managed only", controls=("block",), deviceStates=states)
    answer = ask.sign_in(ana)
    assert (answer["outcome"], answer["errorCode"]) == ("notAssessed", 50131)
    assert "`managed only`" in answer["message"]
    assert "device" in answer["message"]
    logged = row(ask, answer)
    assert logged["status"]["errorCode"] == 50131
    assert logged["status"]["additionalDetails"] == answer["message"]
    assert [part["result"] for part in logged["appliedConditionalAccessPolicies"]] == ["unknown"]


def test_what_mandatory_mfa_asks_at_tools_is_not_assessed_and_so_refused(ask: Asking) -> None:
    assert ended(ask, ask.user("ana"), app=AZURE_MANAGEMENT)[::2] == ("notAssessed", 50131)


def test_a_row_says_who_what_how_and_by_whose_word(ask: Asking, store: Store) -> None:
    ana = ask.user("ana", userPrincipalName="Ana@Example.onmicrosoft.com", displayName="Ana A")
    ask.state(ana, "enforced")
    everyone = ask.policy(name="all")
    risky = ask.policy(name="risky", signInRiskLevels=["high"])
    trial = ask.policy(name="trial", state="enabledForReportingButNotEnforced")
    ask.advance(90)
    logged = row(ask, ask.sign_in(ana))
    assert logged["createdDateTime"] == "2026-11-02T08:01:30Z"
    assert (logged["userId"], logged["userPrincipalName"], logged["userDisplayName"]) == (
        ana,
        "ana@example.onmicrosoft.com",
        "Ana A",
    )
    assert logged["appDisplayName"] == logged["resourceDisplayName"] == "Office 365 Exchange Online"
    assert (logged["clientAppUsed"], logged["ipAddress"]) == ("Browser", "203.0.113.9")
    assert (logged["status"]["errorCode"], logged["conditionalAccessStatus"]) == (50079, "failure")
    assert logged["authenticationRequirement"] == "multiFactorAuthentication"
    assert logged["authenticationRequirementPolicies"] == [
        {"requirementProvider": "user", "detail": "Per-user MFA"},
        {"requirementProvider": "multiConditionalAccess", "detail": "Conditional Access"},
    ]
    results = {
        part["id"]: (part["result"], part["enforcedGrantControls"])
        for part in logged["appliedConditionalAccessPolicies"]
    }
    assert results == {
        everyone: ("failure", ["Mfa"]),
        risky: ("notApplied", ["Mfa"]),
        trial: ("unknownFutureValue", ["Mfa"]),
    }
    whole = ask.get(f"{LOG}/{logged['id']}", Prefer="include-unknown-enum-members")
    assert whole["appliedConditionalAccessPolicies"][2]["result"] == "reportOnlyInterrupted"


def test_done_mfa_shows_as_success_and_nothing_asked_as_single_factor(ask: Asking) -> None:
    ana = ask.user("ana")
    before = row(ask, ask.sign_in(ana))
    assert (before["authenticationRequirement"], before["conditionalAccessStatus"]) == (
        "singleFactorAuthentication",
        "notApplied",
    )
    ask.policy()
    after = row(ask, ask.sign_in(ana, session={"mfa": True}))
    assert (after["status"]["errorCode"], after["conditionalAccessStatus"]) == (0, "success")
    assert after["appliedConditionalAccessPolicies"][0]["result"] == "success"


def test_v1_rows_lack_what_only_beta_has(ask: Asking) -> None:
    answer = ask.sign_in(ask.user("ana"))
    old = ask.get(f"/v1.0/auditLogs/signIns/{answer['row']}")
    new = row(ask, answer)
    assert set(new) - set(old) >= {
        "authenticationRequirement",
        "authenticationRequirementPolicies",
        "signInEventTypes",
    }


def test_the_log_is_newest_first_filtered_and_paged(ask: Asking) -> None:
    ana, bo = ask.user("ana"), ask.user("bo")
    made = []
    for person in (ana, bo, ana, ana):
        made.append(ask.sign_in(person)["row"])
        ask.advance(10)
    made.append(ask.sign_in(ana, client="other", protocol="IMAP4")["row"])
    assert [r["id"] for r in ask.all(f"{LOG}?$top=2")] == made[::-1]

    def found(filter: str) -> list[str]:
        return [r["id"] for r in ask.all(f"{LOG}?$filter={filter}&$select=id")]

    assert found(f"userId eq '{bo}'") == [made[1]]
    assert found(f"userId eq '{ana}' and createdDateTime ge 2026-11-02T08:00:20Z") == [
        made[4],
        made[3],
        made[2],
    ]
    assert found("clientAppUsed eq 'imap4'") == [made[4]]
    assert found(f"userId eq '{NOBODY}' or userId eq '{bo.upper()}'") == [made[1]]
    assert found("signInEventTypes/any(t: t eq 'nonInteractiveUser')") == []
    assert found("status/errorCode eq 0 and conditionalAccessStatus eq 'notApplied'") == made[::-1]
    for wrong in ("nothing eq 'x'", "createdDateTime ge 'yesterday'", f"userId ge '{ana}'"):
        assert ask("GET", f"{LOG}?$filter={wrong}").status == 400
    assert ask("GET", f"{LOG}?$orderby=userId").status == 400


def test_rows_of_the_same_second_are_paged_once_each(near: Asking) -> None:
    ana = near.user("ana")
    made = [near.sign_in(ana)["row"] for _ in range(5)]
    assert [r["id"] for r in near.all(f"{LOG}?$top=2&$select=id")] == made[::-1]


@pytest.mark.parametrize(
    "change",
    [
        {"signInContext": {"includeApplications": []}},
        {"signInContext": {"includeApplications": ["Office365"]}},
        {"signInConditions": {"ipAddress": "203.0.113.9"}},
        {"signInConditions": {"clientAppType": "all", "ipAddress": "203.0.113.9"}},
        {"signInConditions": {"clientAppType": "browser"}},
        {
            "signInConditions": {
                "clientAppType": "browser",
                "ipAddress": "203.0.113.9",
                "authenticationFlow": {"transferMethod": "telepathy"},
            }
        },
        {"signInIdentity": {"externalUserType": "serviceProvider"}},
        {"signInIdentity": {"servicePrincipalId": NOBODY}},
        {"signInIdentity": {}},
        {"perca": {"protocol": "FAX"}},
        {"perca": {"credential": "guess"}},
    ],
    ids=str,
)
def test_a_sign_in_that_says_too_little_is_refused_with_all_beside_it(
    near: Asking, change: dict[str, Any]
) -> None:
    ana = near.user("ana")
    body = {"signIns": [question(ana), question(ana) | change]}
    assert near("POST", "/perca/sign-ins", body).error[:2] == (400, "BadRequest")
    assert near.all(LOG) == []


def test_many_are_answered_in_their_order(near: Asking) -> None:
    ana, bo = near.user("ana"), near.user("bo", accountEnabled=False)
    body = {"signIns": [question(person) for person in (ana, bo, ana)]}
    results = near("POST", "/perca/sign-ins", body).json["results"]
    assert [result["errorCode"] for result in results] == [0, 50057, 0]
    assert len({result["row"] for result in results}) == 3


def test_a_question_read_once_is_judged_anew_after_each_change(near: Asking, store: Store) -> None:
    """What is kept between sign-ins may never outlive what it hangs on."""
    ana = near.user("ana")
    group = near.group("g")
    assert ended(near, ana) == ("granted", "notRequired", 0)
    near.state(ana, "enforced")
    assert ended(near, ana) == ("prompt", "required", 50079)
    near.register(ana, "mobilePhone")
    assert ended(near, ana) == ("prompt", "required", 50076)
    near.state(ana, "disabled")
    assert ended(near, ana) == ("granted", "notRequired", 0)
    made = near.policy(users={"includeGroups": [group]})
    assert ended(near, ana) == ("granted", "notRequired", 0)
    assert near("POST", f"/v1.0/groups/{group}/members/$ref", {"@odata.id": f"x/{ana}"}).status == 204
    assert ended(near, ana) == ("prompt", "required", 50076)
    url = f"/v1.0/identity/conditionalAccess/policies/{made}"
    assert near("PATCH", url, {"state": "disabled"}).status == 204
    assert ended(near, ana) == ("granted", "notRequired", 0)
    assert near("PATCH", url, policy(controls=("block",), users={"includeGroups": [group]})).status == 204
    assert ended(near, ana) == ("blocked", "notRequired", 53003)
    assert near("DELETE", f"/v1.0/groups/{group}/members/{ana}/$ref").status == 204
    assert ended(near, ana) == ("granted", "notRequired", 0)
    assert near("PATCH", f"/v1.0/users/{ana}", {"accountEnabled": False}).status == 204
    assert ended(near, ana) == ("blocked", "notRequired", 50057)
    with store.writing() as now:
        now.set_app_passwords(ana, 1)
    assert near("PATCH", f"/v1.0/users/{ana}", {"accountEnabled": True}).status == 204
    assert ended(near, ana, **LEGACY, credential="appPassword") == ("granted", "notRequired", 0)


def test_a_group_put_into_another_concerns_its_people_at_once(near: Asking) -> None:
    ana = near.user("ana")
    inner, outer = near.group("inner", ana), near.group("outer")
    near.policy(users={"includeGroups": [outer]})
    assert ended(near, ana) == ("granted", "notRequired", 0)
    assert near("POST", f"/v1.0/groups/{outer}/members/$ref", {"@odata.id": f"x/{inner}"}).status == 204
    assert ended(near, ana) == ("prompt", "required", 50079)
    assert near("DELETE", f"/v1.0/groups/{outer}/members/{inner}/$ref").status == 204
    assert ended(near, ana) == ("granted", "notRequired", 0)
