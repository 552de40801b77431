"""Owners, domains, the authentication methods policy and sign-in activity, as Graph shows them."""

from perca.wire.authentication import parse_methods_policy
from tenant.conftest import NOBODY

ACTIVITY = "/v1.0/users?$select=id,signInActivity"
METHODS = "/v1.0/policies/authenticationMethodsPolicy"


def owned(ask, *owners):
    bind = [f"{ask.root}/v1.0/directoryObjects/{owner}" for owner in owners]
    body = {"displayName": "g", "mailNickname": "g", "mailEnabled": False, "securityEnabled": True}
    return ask("POST", "/v1.0/groups", body | {"owners@odata.bind": bind})


def test_owners_are_shown_and_service_principals_among_them_in_beta_alone(ask):
    ana, app = ask.user("ana"), ask.all("/v1.0/servicePrincipals")[0]["id"]
    group = owned(ask, ana, app).json["id"]
    old, new = (ask.all(f"/{version}/groups/{group}/owners?$select=id") for version in ("v1.0", "beta"))
    assert old == [{"@odata.type": "#microsoft.graph.user", "id": ana}]
    assert {row["id"] for row in new} == {ana, app}
    assert ask.all(f"/v1.0/groups/{ask.group('h')}/owners") == []
    assert ask("GET", f"/v1.0/groups/{NOBODY}/owners").error[:2] == (404, "Request_ResourceNotFound")
    assert owned(ask, NOBODY).status == 404
    assert ask("DELETE", f"/v1.0/users/{ana}").status == 204
    assert ask.all(f"/v1.0/groups/{group}/owners") == []


def test_owners_come_page_by_page(ask):
    people = [ask.user(name) for name in ("ana", "bo", "cy")]
    group = owned(ask, *people).json["id"]
    pages = ask.pages(f"/beta/groups/{group}/owners?$select=id&$top=2")
    assert [len(page) for page in pages] == [2, 1]
    assert {row["id"] for page in pages for row in page} == set(people)


def test_domains_are_those_of_the_organization(ask):
    (organization,) = ask.all("/v1.0/organization")
    (domain,) = ask.all("/v1.0/domains")
    (verified,) = organization["verifiedDomains"]
    assert (domain["id"], domain["authenticationType"]) == (verified["name"], "Managed")
    assert (domain["isInitial"], domain["isDefault"]) == (True, True)
    assert ask.get(f"/v1.0/domains/{domain['id']}")["id"] == domain["id"]
    assert ask.all(f"/v1.0/domains/{domain['id']}/federationConfiguration") == []
    assert ask("GET", "/v1.0/domains/no.example").error[:2] == (404, "Request_ResourceNotFound")


def test_a_federated_domain_says_how_it_treats_mfa(ask):
    configuration = {"id": NOBODY, "federatedIdpMfaBehavior": "rejectMfaByFederatedIdp"}
    with ask.store.writing() as now:
        (organization,) = now.all("organization")
        more = {**organization["verifiedDomains"][0], "name": "corp.example", "type": "Federated"}
        domains = [*organization["verifiedDomains"], more]
        now.put("organization", organization["id"], {**organization, "verifiedDomains": domains})
        now.put("federations", "corp.example", {"id": "corp.example", "configuration": configuration})
    assert [len(page) for page in ask.pages("/v1.0/domains?$top=1")] == [1, 1]
    assert ask.get("/v1.0/domains/CORP.example")["authenticationType"] == "Federated"
    assert ask.all("/v1.0/domains/corp.example/federationConfiguration") == [configuration]


def test_the_methods_policy_is_shown_whole_and_takes_no_options(ask):
    policy = ask.get(METHODS)
    read = parse_methods_policy(policy)
    assert read.settings["fido2"].enabled is True
    assert read.settings["fido2"].include.everyone
    assert read.settings["voice"].enabled is False
    assert ask("GET", f"{METHODS}?$select=id").status == 400


def test_sign_in_activity_is_what_the_log_says(ask):
    ana, bo, cy = (ask.user(name) for name in ("ana", "bo", "cy"))
    ask.sign_in(ana, credential="password")
    ask.policy(users={"includeUsers": [bo]}, controls=("block",))
    ask.sign_in(bo, credential="password")
    shown = {row["id"]: row.get("signInActivity", "left out") for row in ask.all(ACTIVITY)}
    log = {row["userId"]: row for row in ask.all("/beta/auditLogs/signIns")}
    assert shown[ana]["lastSuccessfulSignInDateTime"] == log[ana]["createdDateTime"]
    assert shown[ana]["lastSuccessfulSignInRequestId"] == log[ana]["id"]
    assert shown[bo]["lastSignInDateTime"] == log[bo]["createdDateTime"]
    assert shown[bo]["lastSuccessfulSignInDateTime"] is None
    assert shown[cy] == "left out"
    one = ask.get(f"/v1.0/users/{ana}?$select=signInActivity")
    assert one["signInActivity"] == shown[ana]
    assert "signInActivity" not in ask.get(f"/beta/users/{ana}")
    assert [len(page) for page in ask.pages(f"{ACTIVITY}&$top=2")] == [2, 1]


def test_sign_in_activity_needs_a_premium_licence_and_the_people_do_not(ask):
    ana = ask.user("ana")
    with ask.store.writing() as now:
        for sku in now.all("skus"):
            now.remove("skus", sku["id"])
    refused = (403, "Authentication_RequestFromNonPremiumTenantOrB2CTenant")
    assert ask("GET", ACTIVITY).error[:2] == refused
    assert ask("GET", f"/v1.0/users/{ana}?$select=signInActivity").error[:2] == refused
    assert len(ask.all("/v1.0/users")) == 1


def test_sign_in_activity_is_nothing_that_can_be_written(ask):
    ana = ask.user("ana")
    assert ask("PATCH", f"/v1.0/users/{ana}", {"signInActivity": None}).status == 400
