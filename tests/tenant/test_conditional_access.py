"""Conditional Access policies, places, strengths and Security Defaults: what Graph takes, changes and refuses."""

from __future__ import annotations

import json
from typing import Any

import pytest

from perca.tenant import Store, application
from perca.tenant.apps import AZURE_PORTAL

from .conftest import NOBODY, SECRET, Asking, in_process, policy

URL = "/v1.0/identity/conditionalAccess/policies"
PLACES = "/v1.0/identity/conditionalAccess/namedLocations"
STRENGTHS = "/v1.0/identity/conditionalAccess/authenticationStrength/policies"
DEFAULTS = "/v1.0/policies/identitySecurityDefaultsEnforcementPolicy"
PHISHING_RESISTANT = "00000000-0000-0000-0000-000000000004"
SCHEMA = "1007: Incoming ConditionalAccessPolicy object is null or does not match the schema of ConditionalAccessPolicy type."


def place(**more: Any) -> dict[str, Any]:
    ranges = [{"@odata.type": "#microsoft.graph.iPv4CidrRange", "cidrAddress": "198.51.100.0/24"}]
    body = {
        "@odata.type": "#microsoft.graph.ipNamedLocation",
        "displayName": "HQ",
        "isTrusted": True,
        "ipRanges": ranges,
    }
    return body | more


def test_a_policy_comes_back_as_graph_writes_it(ask: Asking) -> None:
    body = policy(state="enabledForReportingButNotEnforced")
    body["grantControls"]["operator"] = "AND"
    said = ask("POST", URL, body)
    assert said.status == 201
    made = said.json
    assert made["@odata.context"].endswith("/v1.0/$metadata#identity/conditionalAccess/policies/$entity")
    assert made["grantControls"] == {
        "operator": "OR",
        "builtInControls": ["mfa"],
        "customAuthenticationFactors": [],
        "termsOfUse": [],
        "authenticationStrength": None,
    }
    conditions = made["conditions"]
    assert conditions["users"] == {
        "includeUsers": ["All"],
        "excludeUsers": [],
        "includeGroups": [],
        "excludeGroups": [],
        "includeRoles": [],
        "excludeRoles": [],
        "includeGuestsOrExternalUsers": None,
        "excludeGuestsOrExternalUsers": None,
    }
    assert conditions["applications"]["excludeApplications"] == []
    assert (conditions["signInRiskLevels"], conditions["platforms"], conditions["locations"]) == (
        [],
        None,
        None,
    )
    assert (made["modifiedDateTime"], made["createdDateTime"]) == (None, "2026-11-02T08:00:00Z")
    assert ask.get(f"{URL}/{made['id']}") == made
    assert ask.all(URL) == [{name: value for name, value in made.items() if name != "@odata.context"}]


def test_words_are_written_as_graph_spells_them(ask: Asking) -> None:
    body = policy(
        state="ENABLED",
        apps={"includeApplications": ["all"]},
        controls=("MFA",),
        clientAppTypes=["All"],
        platforms={"includePlatforms": ["IOS", "windowsphone"]},
        locations={"includeLocations": ["all"], "excludeLocations": ["alltrusted"]},
        clients=None,
        insiderRiskLevels=None,
        authenticationFlows=None,
        servicePrincipalRiskLevels=[],
        users={
            "includeUsers": ["none"],
            "includeGuestsOrExternalUsers": {
                "guestOrExternalUserTypes": "InternalGuest, B2bCollaborationGuest"
            },
        },
    )
    made = ask("POST", URL, body).json
    conditions = made["conditions"]
    assert (made["state"], made["grantControls"]["builtInControls"]) == ("enabled", ["mfa"])
    assert conditions["clientAppTypes"] == ["all"]
    assert conditions["platforms"] == {"includePlatforms": ["iOS", "windowsPhone"], "excludePlatforms": []}
    assert conditions["locations"] == {"includeLocations": ["All"], "excludeLocations": ["AllTrusted"]}
    assert conditions["applications"]["includeApplications"] == ["All"]
    assert conditions["users"]["includeUsers"] == ["None"]
    guests = conditions["users"]["includeGuestsOrExternalUsers"]["guestOrExternalUserTypes"]
    assert guests == "internalGuest,b2bCollaborationGuest"
    dropped = {"clients", "insiderRiskLevels", "authenticationFlows", "servicePrincipalRiskLevels"}
    assert dropped.isdisjoint(conditions)


def test_a_strength_sent_by_its_id_comes_back_whole(ask: Asking) -> None:
    body = policy(controls=()) | {
        "grantControls": {
            "operator": "AND",
            "builtInControls": [],
            "authenticationStrength": {"id": PHISHING_RESISTANT},
        }
    }
    grant = ask("POST", URL, body).json["grantControls"]
    assert (grant["operator"], grant["authenticationStrength"]["displayName"]) == (
        "OR",
        "Phishing-resistant MFA",
    )
    assert grant["authenticationStrength"]["allowedCombinations"] == [
        "windowsHelloForBusiness",
        "fido2",
        "x509CertificateMultiFactor",
    ]
    assert "authenticationStrength@odata.context" in grant


def without(name: str) -> dict[str, Any]:
    return {key: value for key, value in policy().items() if key != name}


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (without("displayName"), SCHEMA),
        (without("state"), SCHEMA),
        (without("conditions"), SCHEMA),
        (without("grantControls"), SCHEMA),
        (policy(state="on"), SCHEMA),
        (policy(name=""), SCHEMA),
        (policy(name="x" * 257), SCHEMA),
        (policy() | {"sate": "enabled"}, SCHEMA),
        (policy(nonsense=["x"]), SCHEMA),
        (policy(users={"includeUsers": ["somebody@example.onmicrosoft.com"]}), SCHEMA),
        (policy(users={"includeUsers": []}), SCHEMA),
        (policy(users={"includeGroups": ["<group>"]}), SCHEMA),
        (policy(users={"includeUsers": "All"}), SCHEMA),
        (policy(users={"includeUser": ["All"]}), SCHEMA),
        (policy(signInRiskLevels=["severe"]), SCHEMA),
        (policy(controls=("mfaa",)), SCHEMA),
        (policy(controls=()), SCHEMA),
        (policy(clientAppTypes=["fax"]), SCHEMA),
        (policy(clientAppTypes=[]), "1064: 'clientAppTypes' condition does not support []."),
        (policy(apps={"includeApplications": []}), "1011"),
        (policy(apps={"includeApplications": [NOBODY]}), "1034: Policy contains invalid applications."),
        (policy(apps={"includeApplications": ["All"], "excludeApplications": [NOBODY]}), "1034"),
        (
            policy(controls=("block", "mfa")),
            "1032: ConditionalActionPolicy validation failed due to InvalidControls.",
        ),
        (
            policy(controls=("passwordChange",)),
            "1032: ConditionalActionPolicy validation failed due to InvalidPasswordResetControl.",
        ),
        (policy(locations={"includeLocations": [NOBODY]}), "includeLocations names"),
    ],
    ids=lambda value: value if isinstance(value, str) else json.dumps(value)[-60:],
)
def test_what_the_service_would_not_take_is_refused_in_its_words(near: Asking, body: Any, text: str) -> None:
    status, code, said = near("POST", URL, body).error
    assert (status, code) == (400, "BadRequest")
    assert said.startswith(text)
    assert near.all(URL) == []


def test_mfa_and_a_strength_do_not_go_together(near: Asking) -> None:
    grant = {
        "operator": "AND",
        "builtInControls": ["mfa"],
        "authenticationStrength": {"id": PHISHING_RESISTANT},
    }
    assert near("POST", URL, policy() | {"grantControls": grant}).error[2].startswith("1032")


def test_a_password_change_needs_user_risk(near: Asking) -> None:
    body = policy(controls=("mfa", "passwordChange"), userRiskLevels=["high"])
    assert near("POST", URL, body).error[2].endswith("InvalidPasswordResetControl."), "under OR"
    body["grantControls"]["operator"] = "AND"
    assert near("POST", URL, body).status == 201


def test_a_body_that_is_no_json_object_is_refused(near: Asking) -> None:
    for body in ([], "text", None):
        assert near("POST", URL, body).error[:2] == (400, "BadRequest")


def test_the_cap_counts_every_state(store: Store) -> None:
    ask = in_process(application(store, secret=SECRET, policies=2), store)
    ask.policy(state="disabled")
    ask.policy(state="enabledForReportingButNotEnforced")
    assert ask("POST", URL, policy()).error[:2] == (400, "BadRequest")
    assert len(ask.all(URL)) == 2


def test_a_change_of_state_changes_nothing_else(ask: Asking) -> None:
    id = ask.policy(users={"includeUsers": ["All"], "excludeUsers": [NOBODY]}, state="disabled")
    before = ask.get(f"{URL}/{id}")
    ask.advance(60)
    said = ask("PATCH", f"{URL}/{id}", {"state": "enabled"})
    assert (said.status, said.json) == (204, None)
    after = ask.get(f"{URL}/{id}")
    assert after == before | {"state": "enabled", "modifiedDateTime": "2026-11-02T08:01:00Z"}


def test_a_change_of_one_condition_keeps_the_others(ask: Asking) -> None:
    id = ask.policy(signInRiskLevels=["high"])
    users = {"includeUsers": [NOBODY]}
    assert ask("PATCH", f"{URL}/{id}", {"conditions": {"users": users}}).status == 204
    conditions = ask.get(f"{URL}/{id}")["conditions"]
    assert (conditions["users"]["includeUsers"], conditions["signInRiskLevels"]) == ([NOBODY], ["high"])
    for body in (
        {"state": "on"},
        {"sate": "enabled"},
        {"conditions": {"user": users}},
        {"grantControls": None},
    ):
        assert ask("PATCH", f"{URL}/{id}", body).status == 400
    assert ask("PATCH", f"{URL}/{NOBODY}", {"state": "disabled"}).error[0] == 404


def test_a_policy_is_deleted_once(ask: Asking) -> None:
    id = ask.policy()
    assert ask("DELETE", f"{URL}/{id}").status == 204
    assert ask("DELETE", f"{URL}/{id}").error[:2] == (404, "Request_ResourceNotFound")
    assert ask.all(URL) == []


def test_security_defaults_and_an_enabled_policy_exclude_each_other(ask: Asking) -> None:
    assert ask.get(DEFAULTS)["isEnabled"] is False
    assert ask("PATCH", DEFAULTS, {"isEnabled": True}).status == 204
    assert ask.get(DEFAULTS) | {"isEnabled": True} == ask.get(DEFAULTS)
    said = ask("POST", URL, policy()).error
    assert said == (
        400,
        "BadRequest",
        "Security Defaults is enabled in the tenant. You must disable Security defaults before enabling a "
        "Conditional Access policy.",
    )
    id = ask.policy(state="enabledForReportingButNotEnforced")
    ask.policy(state="disabled")
    assert ask("PATCH", f"{URL}/{id}", {"state": "enabled"}).status == 400
    assert ask("PATCH", DEFAULTS, {"isEnabled": False}).status == 204
    assert ask("PATCH", f"{URL}/{id}", {"state": "enabled"}).status == 204
    assert ask("PATCH", DEFAULTS, {"isEnabled": True}).status == 400
    assert ask("PATCH", DEFAULTS, {"isEnabled": "true"}).status == 400


def test_a_named_location_is_made_used_and_deleted_in_order(ask: Asking) -> None:
    said = ask("POST", PLACES, place())
    assert said.status == 201
    id = said.json["id"]
    held = ask.policy(locations={"includeLocations": ["All"], "excludeLocations": [id]})
    assert "trusted" in ask("DELETE", f"{PLACES}/{id}").error[2]
    change = {"@odata.type": "#microsoft.graph.ipNamedLocation", "isTrusted": False}
    assert ask("PATCH", f"{PLACES}/{id}", change).status == 204
    assert ask("DELETE", f"{PLACES}/{id}").status == 400
    assert ask("DELETE", f"{URL}/{held}").status == 204
    assert ask("DELETE", f"{PLACES}/{id}").status == 204
    assert ask.all(PLACES) == []


def home(**more: Any) -> Any:
    return {
        "@odata.type": "#microsoft.graph.countryNamedLocation",
        "displayName": "Home",
        "countriesAndRegions": ["NO", "SE"],
        **more,
    }


def network(**more: Any) -> Any:
    kind = "#microsoft.graph.compliantNetworkNamedLocation"
    return {"@odata.type": kind, "displayName": "All Compliant Network Locations", **more}


def test_a_country_location_gets_what_graph_takes_for_granted(ask: Asking) -> None:
    said = ask("POST", PLACES, home())
    assert said.status == 201
    assert said.json["countriesAndRegions"] == ["NO", "SE"]
    assert said.json["countryLookupMethod"] == "clientIpAddress"
    assert said.json["includeUnknownCountriesAndRegions"] is False
    change = {"countryLookupMethod": "authenticatorAppGps", "includeUnknownCountriesAndRegions": True}
    assert ask("PATCH", f"{PLACES}/{said.json['id']}", change).status == 204
    held = ask.get(f"{PLACES}/{said.json['id']}")
    assert {name: held[name] for name in change} == change
    assert ask("PATCH", f"{PLACES}/{said.json['id']}", {"countriesAndRegions": ["Norway"]}).status == 400
    assert ask("DELETE", f"{PLACES}/{said.json['id']}").status == 204


def test_there_is_one_compliant_network_and_it_stays(ask: Asking) -> None:
    said = ask("POST", PLACES, network())
    assert said.status == 201
    assert (said.json["isTrusted"], said.json["compliantNetworkType"]) == (
        False,
        "allTenantCompliantNetworks",
    )
    assert ask("POST", PLACES, network()).status == 400
    assert ask("PATCH", f"{PLACES}/{said.json['id']}", {"isTrusted": True}).status == 204
    assert ask("PATCH", f"{PLACES}/{said.json['id']}", {"isTrusted": False}).status == 204
    assert ask("DELETE", f"{PLACES}/{said.json['id']}").status == 400


def test_a_policy_about_countries_is_asked_for_by_the_country_of_the_question(ask: Asking) -> None:
    ana, blocked = ask.user("ana"), ask("POST", PLACES, home()).json["id"]
    ask.policy(name="home", locations={"includeLocations": [blocked]})
    for country, expected in (("NO", True), ("no", True), ("DK", False)):
        found = what_if(ask, ana, country=country, ipAddress="203.0.113.9")
        assert found["home"][0] is expected


@pytest.mark.parametrize(
    "body",
    [
        place(displayName=""),
        place(ipRanges=[]),
        place(ipRanges=["198.51.100.0/24"]),
        place(ipRanges=[{"@odata.type": "#microsoft.graph.iPv4CidrRange", "cidrAddress": "10.0.0.0/8"}]),
        place(ipRanges=[{"@odata.type": "#microsoft.graph.iPv4CidrRange", "cidrAddress": "198.51.100.7"}]),
        place(ipRanges=[{"@odata.type": "#microsoft.graph.iPv6CidrRange", "cidrAddress": "198.51.100.0/24"}]),
        place(ipRanges=[{"@odata.type": "#microsoft.graph.iPv4CidrRange", "cidrAddress": "nowhere"}]),
        place() | {"@odata.type": "#microsoft.graph.somewhere"},
        place(isTrusted="yes"),
        home(countriesAndRegions=["Norway"]),
        home(countriesAndRegions=["N1"]),
        home(countriesAndRegions=[]),
        home(includeUnknownCountriesAndRegions="true"),
        home(countryLookupMethod="starlight"),
        network(compliantNetworkType="someOfThem"),
        network(displayName=""),
    ],
    ids=lambda body: json.dumps(body)[-70:],
)
def test_a_place_that_is_none_is_refused(near: Asking, body: Any) -> None:
    assert near("POST", PLACES, body).status == 400
    assert near.all(PLACES) == []


def test_the_built_in_strengths_are_there(ask: Asking) -> None:
    names = {
        row["id"][-1]: (row["displayName"], len(row["allowedCombinations"])) for row in ask.all(STRENGTHS)
    }
    assert names == {
        "2": ("Multifactor authentication", 17),
        "3": ("Passwordless MFA", 4),
        "4": ("Phishing-resistant MFA", 3),
    }
    said = ask("POST", STRENGTHS, {"displayName": "Keys", "allowedCombinations": ["fido2"]})
    assert said.status == 201
    assert ask.get(f"{STRENGTHS}/{said.json['id']}")["policyType"] == "custom"


WHAT_IF = "/v1.0/identity/conditionalAccess/evaluate"


def what_if(ask: Asking, user: str, app: str = AZURE_PORTAL, **more: Any) -> dict[str, tuple[bool, str]]:
    body = {
        "signInIdentity": {"@odata.type": "#microsoft.graph.userSignIn", "userId": user},
        "signInContext": {"@odata.type": "#microsoft.graph.applicationContext", "includeApplications": [app]},
        "signInConditions": more,
    }
    said = ask("POST", WHAT_IF, body)
    assert said.status == 200, said.json
    return {row["displayName"]: (row["policyApplies"], row["analysisReasons"]) for row in said.json["value"]}


def test_what_if_says_what_applies_and_else_the_first_reason(ask: Asking) -> None:
    ana, bo = ask.user("ana"), ask.user("bo")
    group = ask.group("g", bo)
    exchange = {"includeApplications": ["00000002-0000-0ff1-ce00-000000000000"]}
    trusted = {"includeLocations": ["All"], "excludeLocations": ["AllTrusted"]}
    ask.policy(name="all")
    ask.policy(name="report-only", state="enabledForReportingButNotEnforced")
    ask.policy(name="off", state="disabled")
    ask.policy(name="group, mail", users={"includeGroups": [group]}, apps=exchange)
    ask.policy(name="mail", apps=exchange)
    ask.policy(name="legacy", clientAppTypes=["other"])
    ask.policy(name="phones", platforms={"includePlatforms": ["iOS"]})
    ask.policy(name="outside", locations=trusted)
    ask.policy(name="risky", signInRiskLevels=["high"])
    ask.policy(name="risky person", userRiskLevels=["high"])
    ask.policy(
        name="device", devices={"deviceFilter": {"mode": "include", "rule": "device.isCompliant -eq True"}}
    )
    assert what_if(ask, ana) == {
        "all": (True, "notSet"),
        "report-only": (True, "notSet"),
        "off": (False, "policyNotEnabled"),
        "group, mail": (False, "users"),
        "mail": (False, "application"),
        "legacy": (False, "clientApps"),
        "phones": (False, "devicePlatform"),
        "outside": (False, "location"),
        "risky": (False, "signInRisk"),
        "risky person": (False, "userRisk"),
        "device": (False, "devices"),
    }
    told = {
        "ipAddress": "203.0.113.9",
        "signInRiskLevel": "high",
        "devicePlatform": "iOS",
        "clientAppType": "other",
    }
    applying = {name for name, (applies, _) in what_if(ask, ana, **told).items() if applies}
    assert applying == {"all", "report-only", "legacy", "phones", "outside", "risky"}


def test_what_if_can_leave_out_what_does_not_apply(near: Asking) -> None:
    ana = near.user("ana")
    near.policy(name="all")
    near.policy(name="risky", signInRiskLevels=["high"])
    body = {
        "signInIdentity": {"userId": ana},
        "signInContext": {"includeApplications": [AZURE_PORTAL]},
        "signInConditions": {},
        "appliedPoliciesOnly": True,
    }
    (row,) = near("POST", WHAT_IF, body).json["value"]
    assert row["displayName"] == "all"
    assert row["conditions"]["clientAppTypes"] == ["all"]


def reasons(near: Asking, user: str, context: dict[str, Any], **told: Any) -> dict[str, str]:
    body = {"signInIdentity": {"userId": user}, "signInContext": context, "signInConditions": told}
    said = near("POST", WHAT_IF, body)
    assert said.status == 200, said.json
    return {row["displayName"]: row["analysisReasons"] for row in said.json["value"]}


def test_what_if_reads_actions_contexts_and_app_groups_as_graph_does(near: Asking) -> None:
    """A user action is in all resources (Microsoft's own sample); an app group in a question matches nothing by name."""
    ana = near.user("ana")
    exchange = "00000002-0000-0ff1-ce00-000000000000"
    near.policy(name="all")
    near.policy(name="mail", apps={"includeApplications": [exchange]})
    near.policy(name="office", apps={"includeApplications": ["Office365"]})
    near.policy(name="action", apps={"includeUserActions": ["urn:user:registersecurityinfo"]})
    near.policy(name="context", apps={"includeAuthenticationContextClassReferences": ["c1"]})
    named = {"includeApplications": [exchange]}
    assert reasons(near, ana, named) == {
        "all": "notSet",
        "mail": "notSet",
        "office": "notSet",
        "action": "userActions",
        "context": "authenticationContext",
    }
    assert reasons(near, ana, {"userAction": "registerSecurityInformation"}) == {
        "all": "notSet",
        "mail": "application",
        "office": "application",
        "action": "notSet",
        "context": "authenticationContext",
    }
    assert reasons(near, ana, {"authenticationContextValue": "c1"}) == {
        "all": "application",
        "mail": "application",
        "office": "application",
        "action": "userActions",
        "context": "notSet",
    }
    group = reasons(near, ana, {"includeApplications": ["Office365"]})
    assert (group["all"], group["office"], group["mail"]) == ("notSet", "application", "application")


def test_a_country_that_the_question_leaves_out_is_none_and_not_an_unknown_one(near: Asking) -> None:
    ana = near.user("ana")
    url = "/v1.0/identity/conditionalAccess/namedLocations"
    place = {
        "@odata.type": "#microsoft.graph.countryNamedLocation",
        "displayName": "Germany and unknown",
        "countriesAndRegions": ["DE"],
        "includeUnknownCountriesAndRegions": True,
    }
    made = near("POST", url, place).json["id"]
    near.policy(name="there", locations={"includeLocations": [made]})
    app = {"includeApplications": [AZURE_PORTAL]}
    assert reasons(near, ana, app, ipAddress="203.0.113.9") == {"there": "location"}
    assert reasons(near, ana, app, ipAddress="203.0.113.9", country="DE") == {"there": "notSet"}
    assert reasons(near, ana, app, ipAddress="203.0.113.9", country="FR") == {"there": "location"}


def test_what_if_about_a_list_without_a_word_knows_too_little(near: Asking) -> None:
    ana = near.user("ana")
    near.policy(name="mail", apps={"includeApplications": [AZURE_PORTAL]})
    assert reasons(near, ana, {"includeApplications": [5]}) == {"mail": "notEnoughInformation"}


def test_what_if_about_a_service_principal_applies_to_no_policy_on_people(near: Asking) -> None:
    near.policy(name="all")
    body = {
        "signInIdentity": {"servicePrincipalId": NOBODY},
        "signInContext": {"includeApplications": [AZURE_PORTAL]},
        "signInConditions": {},
    }
    (row,) = near("POST", WHAT_IF, body).json["value"]
    assert (row["policyApplies"], row["analysisReasons"]) == (False, "users")


@pytest.mark.parametrize(
    "change",
    [
        {"signInIdentity": None},
        {"signInContext": "x"},
        {"signInConditions": None},
        {"appliedPoliciesOnly": "yes"},
        {"signInIdentity": {}},
        {"signInConditions": {"ipAddress": "nowhere"}},
        {"perca": {"credential": "password"}},
    ],
    ids=str,
)
def test_a_question_that_is_none_is_refused(near: Asking, change: dict[str, Any]) -> None:
    body = {
        "signInIdentity": {"userId": NOBODY},
        "signInContext": {"includeApplications": [AZURE_PORTAL]},
        "signInConditions": {},
    }
    assert near("POST", WHAT_IF, body | change).error[:2] == (400, "BadRequest")
