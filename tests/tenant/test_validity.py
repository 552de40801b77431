"""Which policies the service refuses: what doesn't go together, and what the tenant has no licence for; with the words it uses."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from perca.model import BuiltIn, Platform
from perca.tenant import Store
from perca.tenant.builtin import PHISHING_RESISTANT
from perca.tenant.importing import ImportResult, import_files
from perca.tenant.licences import NO_LICENCE, NO_P2, NO_WORKLOADS

from .conftest import NOBODY, Asking, policy

URL = "/v1.0/identity/conditionalAccess/policies"
CONTROLS, RESET = (
    f"1032: ConditionalActionPolicy validation failed due to Invalid{which}."
    for which in ("Controls", "PasswordResetControl")
)
DEVICE_ACTION = {"includeUserActions": ["urn:user:registerdevice"]}
INFO_ACTION = {"includeUserActions": ["urn:user:registersecurityinfo"]}
STRENGTH = {"authenticationStrength": {"id": PHISHING_RESISTANT}}


def asking(*controls: str, operator: str = "AND", more: dict[str, Any] | None = None, **rest: Any) -> Any:
    grant = {"operator": operator, "builtInControls": [*controls], **(more or {})}
    return policy(**rest) | {"grantControls": grant}


AT_RISK = {"userRiskLevels": ["high"]}
REMEDY = {"more": STRENGTH, **AT_RISK}
FILTER = {"deviceFilter": {"mode": "include", "rule": "device.isCompliant -eq True"}}


@pytest.mark.parametrize("word", [each for each in Platform if each is not Platform.UNKNOWN])
def test_a_policy_may_name_each_platform(near: Asking, word: Platform) -> None:
    said = near("POST", URL, asking("mfa", platforms={"includePlatforms": [word.upper()]}))
    assert said.status == 201, said.json
    assert said.json["conditions"]["platforms"]["includePlatforms"] == [word]


@pytest.mark.parametrize("word", BuiltIn)
def test_each_control_is_a_word_of_the_schema(near: Asking, word: BuiltIn) -> None:
    """Some go with certain conditions alone, and the service says that and nothing of the schema."""
    said = near("POST", URL, asking(word))
    assert said.status == 201 or "does not match the schema" not in said.json["error"]["message"]


@pytest.mark.parametrize(
    "body",
    [
        asking("mfa", apps=DEVICE_ACTION),
        asking(more=STRENGTH, apps=DEVICE_ACTION),
        asking("mfa", apps=DEVICE_ACTION, locations={"includeLocations": ["All"]}),
        asking("mfa", "compliantDevice", apps=INFO_ACTION),
        asking("mfa", apps={"includeAuthenticationContextClassReferences": ["c1", "c99"]}),
        asking("passwordChange", **AT_RISK),
        asking("mfa", "passwordChange", **AT_RISK),
        asking("riskRemediation", **REMEDY),
        asking("mfa", devices=FILTER),
        asking(
            "mfa", apps={"includeApplications": [], "applicationFilter": {"mode": "include", "rule": "x"}}
        ),
    ],
    ids=lambda body: json.dumps(body["grantControls"]),
)
def test_what_goes_together_is_taken(near: Asking, body: Any) -> None:
    said = near("POST", URL, body)
    assert said.status == 201, said.json


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (asking("block", "mfa"), CONTROLS),
        (asking("block", more={"termsOfUse": [NOBODY]}), CONTROLS),
        (asking("block", more=STRENGTH), CONTROLS),
        (asking("mfa", more=STRENGTH), CONTROLS),
        (asking("compliantDevice", apps=DEVICE_ACTION), CONTROLS),
        (asking("mfa", "compliantDevice", apps=DEVICE_ACTION), CONTROLS),
        (asking("block", apps=DEVICE_ACTION), CONTROLS),
        (asking("mfa", apps=DEVICE_ACTION, more={"termsOfUse": [NOBODY]}), CONTROLS),
        (asking("mfa", apps=DEVICE_ACTION, clientAppTypes=["browser"]), "A policy on registering devices"),
        (asking("mfa", apps=DEVICE_ACTION, devices=FILTER), "A policy on registering devices"),
        (asking("passwordChange"), RESET),
        (asking("passwordChange", "compliantDevice", **AT_RISK), RESET),
        (asking("passwordChange", more=STRENGTH, **AT_RISK), RESET),
        (asking("mfa", "passwordChange", operator="OR", **AT_RISK), RESET),
        (asking("passwordChange", apps={"includeApplications": ["None"]}, **AT_RISK), RESET),
        (
            asking(
                "passwordChange",
                apps={"includeApplications": ["All"], "excludeApplications": ["Office365"]},
                **AT_RISK,
            ),
            RESET,
        ),
        (asking("passwordChange", platforms={"includePlatforms": ["iOS"]}, **AT_RISK), RESET),
        (asking("passwordChange", signInRiskLevels=["high"], **AT_RISK), RESET),
        (asking("riskRemediation", **AT_RISK), CONTROLS),
        (asking("riskRemediation", "passwordChange", **REMEDY), RESET),
        (asking("riskRemediation", more=STRENGTH), CONTROLS),
        (asking("riskRemediation", operator="OR", **REMEDY), CONTROLS),
        (
            asking("mfa", apps=INFO_ACTION | {"includeApplications": ["All"]}),
            "A policy protects resources, or",
        ),
        (
            asking("mfa", apps=INFO_ACTION | {"includeAuthenticationContextClassReferences": ["c1"]}),
            "A policy protects resources, or",
        ),
        (
            asking("mfa", apps={"includeUserActions": ["urn:user:dance"]}),
            "`urn:user:dance` is no user action",
        ),
        (
            asking("mfa", apps={"includeAuthenticationContextClassReferences": ["c100"]}),
            "`c100` is no authentication context",
        ),
        (asking("mfa", devices={"deviceFilter": {"mode": "include"}}), "A device filter needs"),
        (asking("mfa", devices={"deviceFilter": {"mode": "both", "rule": "x"}}), "A device filter needs"),
        (
            asking("mfa", devices={"deviceFilter": {"mode": "include", "rule": "x" * 3073}}),
            "The rule of a device",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else json.dumps(value["grantControls"])[:60],
)
def test_what_does_not_go_together_is_refused(near: Asking, body: Any, text: str) -> None:
    status, code, said = near("POST", URL, body).error
    assert (status, code) == (400, "BadRequest")
    assert said.startswith(text)
    assert near.all(URL) == []


def test_a_change_is_checked_as_a_whole(near: Asking) -> None:
    id = near("POST", URL, asking("passwordChange", **AT_RISK)).json["id"]
    assert near("PATCH", f"{URL}/{id}", {"conditions": {"userRiskLevels": []}}).error[2] == RESET
    assert near("PATCH", f"{URL}/{id}", {"state": "disabled"}).status == 204


WORKLOAD = policy(
    users=None,
    clientApplications={"includeServicePrincipals": ["ServicePrincipalsInMyTenant"]},
    controls=("block",),
)


def licensed(store: Store, *plans: str, status: str = "Enabled") -> None:
    """Gives the tenant these service plans and no others."""
    with store.writing() as now:
        for each in now.all("skus"):
            now.remove("skus", each["id"])
        named = [{"servicePlanName": plan} for plan in plans]
        now.put("skus", NOBODY, {"id": NOBODY, "capabilityStatus": status, "servicePlans": named})


def test_a_new_tenant_has_p2(near: Asking) -> None:
    plans = [
        plan["servicePlanName"] for sku in near.all("/v1.0/subscribedSkus") for plan in sku["servicePlans"]
    ]
    assert {"AAD_PREMIUM", "AAD_PREMIUM_P2"} <= set(plans)
    assert near("POST", URL, policy(signInRiskLevels=["high"])).status == 201


def test_without_p1_nothing_is_written_and_what_is_there_can_be_deleted(near: Asking) -> None:
    id = near.policy()
    licensed(near.store)
    refused = (403, "AccessDenied", NO_LICENCE)
    assert near("POST", URL, policy(state="disabled")).error == refused
    assert near("PATCH", f"{URL}/{id}", {"state": "disabled"}).error == refused
    assert near.get(f"{URL}/{id}")["state"] == "enabled"
    assert near("DELETE", f"{URL}/{id}").status == 204


def test_the_licence_comes_before_security_defaults(near: Asking) -> None:
    assert (
        near("PATCH", "/v1.0/policies/identitySecurityDefaultsEnforcementPolicy", {"isEnabled": True}).status
        == 204
    )
    licensed(near.store)
    assert near("POST", URL, policy()).error[1] == "AccessDenied"


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (policy(signInRiskLevels=["high"]), NO_P2),
        (policy(userRiskLevels=["low"]), NO_P2),
        (WORKLOAD, NO_WORKLOADS),
        (policy(servicePrincipalRiskLevels=["high"]), NO_WORKLOADS),
    ],
)
def test_with_p1_alone_risks_and_workloads_are_refused(near: Asking, body: Any, text: str) -> None:
    licensed(near.store, "aad_premium")
    assert near("POST", URL, body).error == (400, "BadRequest", text)
    assert near("POST", URL, policy(signInRiskLevels=[])).status == 201
    licensed(near.store, "AAD_PREMIUM_P2", "AAD_WRKLDID_P1")
    assert near("POST", URL, body).status == 201


@pytest.mark.parametrize(
    ("status", "answer"), [("Enabled", 201), ("Warning", 201), ("Suspended", 403), ("x", 403)]
)
def test_a_licence_that_has_run_out_counts_for_nothing(near: Asking, status: str, answer: int) -> None:
    licensed(near.store, "AAD_PREMIUM", status=status)
    assert near("POST", URL, policy()).status == answer


def imported(store: Store, folder: Path, snapshot: dict[str, Any]) -> ImportResult:
    file = folder / "snapshot.json"
    file.write_text(json.dumps(snapshot), "utf-8")
    return import_files(store, [file], create_missing=True, exclude_emergency=False)


def test_an_import_says_which_licences_there_are(store: Store, tmp_path: Path) -> None:
    free = {"id": NOBODY, "capabilityStatus": "Enabled", "servicePlans": []}
    done = imported(store, tmp_path, {"users": [], "policies": [policy("one")], "skus": [free]})
    assert [refused.reason for refused in done.refused] == [NO_LICENCE]
    assert any("licences" in remark for remark in done.remarks)
    silent = imported(store, tmp_path, {"users": [], "policies": [policy("one")]})
    assert len(silent.refused) == 1, "what isn't said stays"
    p1 = {**free, "servicePlans": [{"servicePlanName": "AAD_PREMIUM"}]}
    again = imported(store, tmp_path, {"users": [], "policies": [policy("one")], "skus": [p1]})
    assert [stored.display_name for stored in again.stored] == ["one"]


@pytest.mark.parametrize("skus", [5, {"id": NOBODY}, ["x"], [{}]])
def test_licences_that_are_none_are_refused(store: Store, tmp_path: Path, skus: Any) -> None:
    done = imported(store, tmp_path, {"users": [], "policies": [policy("one")], "skus": skus})
    assert done.stored == ()
    assert "skus" in done.refused[0].reason


def guests(types: Any, tenants: Any = None) -> Any:
    said = {"guestOrExternalUserTypes": types, "externalTenants": tenants}
    return policy(users={"includeGuestsOrExternalUsers": said})


ALL = {"@odata.type": "#microsoft.graph.conditionalAccessAllExternalTenants", "membershipKind": "all"}
SOME = {"membershipKind": "enumerated", "members": [NOBODY]}


@pytest.mark.parametrize(
    ("types", "tenants", "status"),
    [
        ("internalGuest,ServiceProvider", ALL, 201),
        ("b2bCollaborationGuest", SOME, 201),
        ("b2bDirectConnectUser", None, 201),
        ("stranger", ALL, 400),
        ("internalGuest,", ALL, 400),
        (None, ALL, 400),
        ("internalGuest", {"membershipKind": "most"}, 400),
        ("internalGuest", {"membershipKind": "enumerated", "members": []}, 400),
        ("internalGuest", {"membershipKind": "enumerated", "members": ["contoso"]}, 400),
        ("internalGuest", "all", 400),
    ],
)
def test_guests_are_of_known_kinds_and_from_tenants(
    near: Asking, types: Any, tenants: Any, status: int
) -> None:
    said = near("POST", URL, guests(types, tenants))
    assert said.status == status
    assert status == 201 or said.error[2].startswith("1007")
