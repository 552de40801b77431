"""A snapshot holds what was read and names what wasn't; nothing in it is filled in."""

import json
import re
from pathlib import Path

import pytest

from perca.errors import NotAssessed, RemoteFailed
from perca.graph import GraphDirectory
from perca.graph.permissions import needed
from perca.model import InboundTrust, MethodsPolicy, NotRead, TenantId
from perca.policy.trust import inbound
from perca.wire import parse_snapshot

USER, GROUP, DEVICE = ("#microsoft.graph." + kind for kind in ("user", "group", "device"))
CA = "/identity/conditionalAccess"
EMPTY = {
    f"/beta{CA}/namedLocations": "identity/conditionalAccess/namedLocations",
    f"/v1.0{CA}/authenticationStrength/policies": "identity/conditionalAccess/authenticationStrength/policies",
    "/v1.0/servicePrincipals": "servicePrincipals",
    "/v1.0/roleManagement/directory/roleAssignments": "roleManagement/directory/roleAssignments",
    "/v1.0/roleManagement/directory/roleEligibilitySchedules": "roleManagement/directory/roleEligibilitySchedules",
    "/v1.0/reports/authenticationMethods/userRegistrationDetails": "reports/authenticationMethods/userRegistrationDetails",
}
ACTIVITY = "/v1.0/users?$select=id,signInActivity&$top=500"
DAY = "2026-10-30T07:00:00Z"
DEFAULTS = "/v1.0/policies/identitySecurityDefaultsEnforcementPolicy"
SETTINGS = "identity/conditionalAccess/settings"
METHODS = "policies/authenticationMethodsPolicy"
FEDERATION = "domains/contoso.example/federationConfiguration"
TRUST, PARTNERS = (f"policies/crossTenantAccessPolicy/{name}" for name in ("default", "partners"))


@pytest.fixture
def tenant(service, reply):
    """A small tenant, scripted last, so that a test's own answers come first."""

    def scripted():
        service.on("GET", "/v1.0/organization", reply({"value": [{"id": "t-1", "displayName": "Contoso"}]}))
        people = [{"id": f"U{n}", "userPrincipalName": f"u{n}@contoso.example"} for n in range(3)]
        active = [{"id": "U0", "signInActivity": {"lastSuccessfulSignInDateTime": DAY}}, {"id": "u1"}]
        service.on("GET", ACTIVITY, reply({"value": active}))
        service.on("GET", "/v1.0/users", reply({"value": people}))
        service.on(
            "GET", "/beta/users/u0/authentication/requirements", reply({"perUserMfaState": "enforced"})
        )
        service.on(
            "GET", "/beta/users/u[0-9]+/authentication/requirements", reply({"perUserMfaState": "disabled"})
        )
        users = {"includeUsers": ["All"], "includeGroups": ["G1"], "excludeGroups": ["g2"]}
        service.on(
            "GET", f"/beta{CA}/policies", reply({"value": [{"id": "p1", "conditions": {"users": users}}]})
        )
        for path in EMPTY:
            service.on("GET", path, reply({"value": []}))
        service.on("GET", DEFAULTS, reply({"id": "d", "isEnabled": False}))
        service.on("GET", f"/beta/{SETTINGS}", reply({"id": "s", "advancedSettings": None}))
        service.on("GET", f"/v1.0/{METHODS}", reply({"id": "m", "authenticationMethodConfigurations": []}))
        domains = [
            {"id": "contoso.example", "authenticationType": "Federated"},
            {"id": "contoso.onmicrosoft.com", "authenticationType": "Managed"},
        ]
        service.on("GET", "/v1.0/domains", reply({"value": domains}))
        behaviour = {"id": "f", "federatedIdpMfaBehavior": "rejectMfaByFederatedIdp"}
        service.on("GET", f"/v1.0/{FEDERATION}", reply({"value": [behaviour]}))
        service.on("GET", f"/v1.0/{TRUST}", reply({"inboundTrust": {"isMfaAccepted": True}}))
        service.on("GET", f"/v1.0/{PARTNERS}", reply({"value": [{"tenantId": "t-2", "inboundTrust": None}]}))
        members = {
            "g1": [(USER, "u0"), (GROUP, "g3"), (DEVICE, "d1")],
            "g2": [],
            "g3": [(GROUP, "g1"), (USER, "u2")],
        }
        for id, rows in members.items():
            service.on(
                "GET", f"/beta/groups/{id}/owners", reply({"value": [{"@odata.type": USER, "id": "U2"}]})
            )
            service.on("GET", f"/v1.0/groups/{id}", reply({"id": id, "displayName": f"group {id}"}))
            service.on(
                "GET",
                f"/v1.0/groups/{id}/members",
                reply({"value": [{"@odata.type": t, "id": i} for t, i in rows]}),
            )
        return service

    return scripted


def taken(service, run):
    return run(service.directory.snapshot())


def test_a_tenant_is_read_whole(tenant, run):
    snapshot = taken(tenant(), run)
    assert snapshot["format"] == "perca/snapshot/1"
    assert (snapshot["tenantId"], snapshot["displayName"]) == ("t-1", "Contoso")
    assert snapshot["takenAt"] == "2026-11-02T08:00:00Z"
    assert [user["perUserMfaState"] for user in snapshot["users"]] == ["enforced", "disabled", "disabled"]
    assert snapshot["securityDefaults"] == {"id": "d", "isEnabled": False}
    assert snapshot["conditionalAccessSettings"] == {"id": "s", "advancedSettings": None}
    assert snapshot["crossTenantAccess"] == {
        "default": {"inboundTrust": {"isMfaAccepted": True}},
        "partners": [{"tenantId": "t-2", "inboundTrust": None}],
    }
    assert snapshot["missing"] == []
    assert "mfaSettings" not in snapshot
    json.dumps(snapshot)


def test_groups_are_those_that_policies_name_and_those_within_them(tenant, run):
    groups = {group["id"]: group for group in taken(tenant(), run)["groups"]}
    assert list(groups) == ["g1", "g2", "g3"]
    assert groups["g1"] == {
        "id": "g1",
        "displayName": "group g1",
        "members": ["u0", "g3"],
        "otherMembers": ["d1"],
        "owners": ["u2"],
    }
    assert groups["g2"]["members"] == []


def test_groups_that_hold_roles_are_read_and_service_principals_are_no_groups(tenant, service, reply, run):
    rows = [
        {"principalId": id, "roleDefinitionId": "r", "directoryScopeId": "/"}
        for id in ("U1", "g2", "g9", "s1")
    ]
    service.on("GET", "/v1.0/roleManagement/directory/roleAssignments", reply({"value": rows}))
    service.on(
        "GET", "/v1.0/servicePrincipals", reply({"value": [{"id": "S1", "appId": "a", "displayName": "app"}]})
    )
    service.on("GET", "/v1.0/groups/g9", reply({"id": "g9"}))
    service.on("GET", "/v1.0/groups/g9/members", reply({"value": []}))
    service.on("GET", "/beta/groups/g9/owners", reply({"value": []}))
    snapshot = taken(tenant(), run)
    assert [group["id"] for group in snapshot["groups"]] == ["g1", "g2", "g3", "g9"]
    assert snapshot["roleAssignments"] == rows
    assert snapshot["missing"] == []


@pytest.mark.parametrize("status", [401, 403, 404, 429])
def test_an_unread_state_is_missing_and_not_disabled(tenant, service, refuse, run, status):
    service.on("GET", "/beta/users/u1/authentication/requirements", refuse(status, "Some_Code"))
    snapshot = taken(tenant(), run)
    assert "perUserMfaState" not in snapshot["users"][1]
    assert snapshot["missing"] == [
        {"what": "users/U1/authentication/requirements", "why": f"{status} Some_Code"}
    ]


def test_a_state_in_the_list_of_people_is_not_believed(tenant, service, reply, refuse, run):
    service.on("GET", "/v1.0/users", reply({"value": [{"id": "u7", "perUserMfaState": "disabled"}]}))
    service.on("GET", "/beta/users/u7/authentication/requirements", refuse(403))
    assert taken(tenant(), run)["users"] == [{"id": "u7", "signInActivity": None}]


def test_somebody_on_two_pages_is_one_person(tenant, service, reply, run):
    link = "https://graph.example/v1.0/users?$skiptoken=2"
    service.on(
        "GET",
        "/v1.0/users",
        reply({"value": [{"id": "u0"}], "@odata.nextLink": link}),
        reply({"value": [{"id": "U0"}, {"id": "u1"}]}),
    )
    assert [user["id"] for user in taken(tenant(), run)["users"]] == ["u0", "u1"]


@pytest.mark.parametrize("status", [403, 404, 429])
@pytest.mark.parametrize("what", ["members", ""])
def test_a_group_that_cannot_be_read_is_missing_and_not_empty(tenant, service, refuse, run, what, status):
    path = "/v1.0/groups/g1" + (f"/{what}" if what else "")
    service.on("GET", path, refuse(status, "Some_Code"))
    snapshot = taken(tenant(), run)
    group = next(group for group in snapshot["groups"] if group["id"] == "g1")
    assert snapshot["missing"][0] == {
        "what": "groups/g1" + (f"/{what}" if what else ""),
        "why": f"{status} Some_Code",
    }
    assert ("members" in group) is (what == "")
    assert ("displayName" in group) is (what == "members")


def test_a_group_of_which_nothing_can_be_read_is_left_out_and_missing(tenant, service, refuse, run):
    service.on("GET", "/v1.0/groups/g2", refuse(404)).on("GET", "/v1.0/groups/g2/members", refuse(404))
    snapshot = taken(tenant(), run)
    assert [group["id"] for group in snapshot["groups"]] == ["g1", "g3"]
    assert snapshot["missing"] == [{"what": "groups/g2", "why": "404"}]


def test_a_refused_second_page_of_members_leaves_the_group_without_members(
    tenant, service, reply, refuse, run
):
    link = "https://graph.example/v1.0/groups/g2/members?$skiptoken=2"
    first = reply({"value": [{"@odata.type": USER, "id": "u1"}], "@odata.nextLink": link})
    service.on("GET", "/v1.0/groups/g2/members", first, refuse(403, "Denied"))
    snapshot = taken(tenant(), run)
    assert "members" not in snapshot["groups"][1]
    assert snapshot["missing"] == [{"what": "groups/g2/members", "why": "403 Denied"}]


@pytest.mark.parametrize("path", [*EMPTY, DEFAULTS])
@pytest.mark.parametrize("status", [400, 403, 404, 429])
def test_a_refused_collection_is_missing_and_not_empty(tenant, service, refuse, run, path, status):
    service.on("GET", path, refuse(status, "Some_Code"))
    snapshot = taken(tenant(), run)
    what = EMPTY.get(path, "policies/identitySecurityDefaultsEnforcementPolicy")
    assert snapshot["missing"] == [{"what": what, "why": f"{status} Some_Code"}]
    whole = {
        "namedLocations",
        "authenticationStrengths",
        "servicePrincipals",
        "roleAssignments",
        "roleEligibilities",
        "registrations",
        "securityDefaults",
    }
    assert len(whole - snapshot.keys()) == 1


@pytest.mark.parametrize("refused", [(TRUST,), (PARTNERS,), (TRUST, PARTNERS)])
@pytest.mark.parametrize("status", [403, 404, 429])
def test_trust_that_cannot_be_read_is_missing_and_never_no_trust(
    tenant, service, refuse, run, refused, status
):
    for path in refused:
        service.on("GET", f"/v1.0/{path}", refuse(status, "Some_Code"))
    snapshot = taken(tenant(), run)
    assert snapshot["missing"] == [{"what": path, "why": f"{status} Some_Code"} for path in refused]
    left = {"default", "partners"} - {path.rpartition("/")[2] for path in refused}
    assert set(snapshot.get("crossTenantAccess", {})) == left
    assert ("crossTenantAccess" in snapshot) is bool(left)
    read = parse_snapshot(snapshot)
    assert inbound(read, TenantId("t-9")) == InboundTrust()


@pytest.mark.parametrize("status", [403, 404, 429])
def test_a_choice_for_baseline_scopes_that_cannot_be_read_is_missing_and_not_made(
    tenant, service, refuse, run, status
):
    service.on("GET", f"/beta/{SETTINGS}", refuse(status, "Some_Code"))
    snapshot = taken(tenant(), run)
    assert snapshot["missing"] == [{"what": SETTINGS, "why": f"{status} Some_Code"}]
    assert "conditionalAccessSettings" not in snapshot
    assert parse_snapshot(snapshot).baseline_scopes == NotRead(f"{status} Some_Code")


@pytest.mark.parametrize("path", ["/v1.0/organization", "/v1.0/users", f"/beta{CA}/policies"])
def test_without_people_policies_or_the_tenants_id_there_is_no_snapshot(tenant, service, refuse, run, path):
    service.on("GET", path, refuse(403, "Authorization_RequestDenied"))
    with pytest.raises(NotAssessed):
        taken(tenant(), run)


@pytest.mark.parametrize("path", ["/v1.0/users", f"/beta{CA}/policies", *EMPTY, DEFAULTS])
@pytest.mark.parametrize("broken", [b"<html>", b"", b'{"value": [{"id"'])
def test_a_broken_answer_ends_the_snapshot(tenant, service, reply, run, path, broken):
    service.on("GET", path, reply(broken))
    with pytest.raises(RemoteFailed):
        taken(tenant(), run)


@pytest.mark.parametrize("rows", [[], [{}], [{"id": ""}], [{"id": "a"}, {"id": "b"}]])
def test_a_tenant_that_does_not_say_which_it_is_is_an_error(tenant, service, reply, run, rows):
    service.on("GET", "/v1.0/organization", reply({"value": rows}))
    with pytest.raises(RemoteFailed, match="which one it is"):
        taken(tenant(), run)


def test_odd_ids_in_policies_and_members_are_not_asked_for(tenant, service, reply, run):
    users = {"includeGroups": ["../users", "", None, 7, "<Group>"], "excludeGroups": "g1"}
    agents = {"deep": [{"ExcludeGroups": ["g2"]}]}
    service.on(
        "GET", f"/beta{CA}/policies", reply({"value": [{"conditions": {"users": users, "agents": agents}}]})
    )
    service.on("GET", "/v1.0/groups/%3Cgroup%3E.*", reply({}, 404))
    service.on("GET", "/v1.0/groups/g2/members", reply({"value": [{"@odata.type": GROUP, "id": "a/b"}]}))
    snapshot = taken(tenant(), run)
    assert [group["id"] for group in snapshot["groups"]] == ["g2"]
    assert snapshot["groups"][0]["members"] == ["a/b"]
    assert snapshot["missing"] == [{"what": "groups/<group>", "why": "404"}]


def test_the_operators_word_is_kept_as_it_is(tenant, run):
    settings = {"trustedIps": ["203.0.113.0/24"], "allowAppPasswords": True}
    directory = GraphDirectory(tenant().graph, mfa_settings=settings)
    assert run(directory.snapshot())["mfaSettings"] == settings
    assert run(directory.organization()) == ("t-1", "Contoso")


def test_how_people_authenticate_is_read(tenant, run):
    snapshot = taken(tenant(), run)
    assert [user.get("signInActivity", "unread") for user in snapshot["users"]] == [
        {"lastSuccessfulSignInDateTime": DAY},
        None,
        "unread",
    ]
    read = parse_snapshot(snapshot)
    assert dict(read.last_successes) == {"u0": DAY, "u1": None}
    assert [(each.name, each.federated, each.mfa_by_provider) for each in read.domains] == [
        ("contoso.example", True, "rejectmfabyfederatedidp"),
        ("contoso.onmicrosoft.com", False, None),
    ]
    assert read.methods == MethodsPolicy()
    assert {group.owners for group in read.groups.values()} == {frozenset({"u2"})}


def test_each_fact_of_authentication_that_is_refused_is_missing_and_no_other(tenant, service, refuse, run):
    everything = taken(tenant(), run)
    told = {
        METHODS: (f"/v1.0/{METHODS}", lambda read: read.methods),
        "domains": ("/v1.0/domains", lambda read: read.domains),
        "groups/g2/owners": ("/beta/groups/g2/owners", lambda read: read.groups["g2"].owners),
    }
    for what, (path, fact) in told.items():
        refused = type(service)()
        refused.on("GET", path, refuse(403, "Denied"))
        refused._scripts += service._scripts
        snapshot = taken(refused, run)
        assert snapshot["missing"] == [{"what": what, "why": "403 Denied"}]
        read, whole = parse_snapshot(snapshot), parse_snapshot(everything)
        assert fact(read) == NotRead("403 Denied")
        for other, (_, elsewhere) in told.items():
            assert other == what or elsewhere(read) == elsewhere(whole)
        assert read.last_successes == whole.last_successes


REFUSALS = {
    METHODS: (f"/v1.0/{METHODS}", lambda held: held.pop("authenticationMethodsPolicy")),
    "domains": ("/v1.0/domains", lambda held: held.pop("domains")),
    FEDERATION: (f"/v1.0/{FEDERATION}", lambda held: held["domains"][0].pop("federationConfiguration")),
    "users/signInActivity": (
        ACTIVITY,
        lambda held: [user.pop("signInActivity", None) for user in held["users"]],
    ),
    "groups/g2/owners": ("/beta/groups/g2/owners", lambda held: held["groups"][1].pop("owners")),
}
"""What is missing when it is refused, its path, and what of a whole snapshot isn't there then."""


@pytest.mark.parametrize("what", REFUSALS)
def test_a_refused_read_is_missing_and_nothing_else_is(tenant, service, refuse, run, what):
    whole = taken(tenant(), run)
    path, lose = REFUSALS[what]
    refused = type(service)()
    refused.on("GET", path, refuse(403, "Authorization_RequestDenied"))
    refused._scripts += service._scripts
    lose(whole)
    missing = [{"what": what, "why": "403 Authorization_RequestDenied"}]
    assert taken(refused, run) == {**whole, "missing": missing}


def test_all_of_them_refused_leave_people_policies_and_groups(tenant, service, refuse, run):
    whole = taken(tenant(), run)
    refused = type(service)()
    for path, _ in REFUSALS.values():
        refused.on("GET", path, refuse(403, "Authorization_RequestDenied"))
    refused._scripts += service._scripts
    for what in REFUSALS:
        if what != FEDERATION:
            REFUSALS[what][1](whole)
    snapshot = taken(refused, run)
    told = [gap["what"] for gap in snapshot["missing"]]
    assert sorted(told) == sorted(REFUSALS.keys() - {FEDERATION}), "without domains, nobody asks about theirs"
    assert {**snapshot, "missing": []} == whole


@pytest.mark.parametrize("status", [400, 403, 404, 429])
def test_refused_activity_leaves_the_people_and_is_missing(tenant, service, refuse, run, status):
    service.on("GET", ACTIVITY, refuse(status, "Authentication_RequestFromNonPremiumTenantOrB2CTenant"))
    snapshot = taken(tenant(), run)
    why = f"{status} Authentication_RequestFromNonPremiumTenantOrB2CTenant"
    assert snapshot["missing"] == [{"what": "users/signInActivity", "why": why}]
    assert len(snapshot["users"]) == 3
    assert not any("signInActivity" in user for user in snapshot["users"])
    assert not parse_snapshot(snapshot).last_successes


def test_a_refused_federation_leaves_only_what_it_says_of_mfa_unknown(tenant, service, refuse, run):
    service.on("GET", f"/v1.0/{FEDERATION}", refuse(403, "Denied"))
    snapshot = taken(tenant(), run)
    assert snapshot["missing"] == [{"what": FEDERATION, "why": "403 Denied"}]
    first, second = parse_snapshot(snapshot).domains
    assert (first.federated, first.mfa_by_provider, second.federated) == (True, None, False)


def test_a_domain_that_is_managed_is_not_asked_how_it_is_federated(tenant, run):
    service = tenant()
    taken(service, run)
    asked = [path for each in service.asked if each.body for path in map(str, each.body["requests"])]
    assert [path for path in asked if "/domains/" in path]
    assert not any("onmicrosoft" in path for path in asked)


def test_owners_and_activity_are_read_page_by_page(tenant, service, reply, refuse, run):
    more = "https://graph.example/beta/groups/g1/owners?$skiptoken=2"
    service.on("GET", more.removeprefix("https://graph.example"), reply({"value": [{"id": "sp1"}]}))
    service.on("GET", "/beta/groups/g1/owners", reply({"value": [{"id": "u1"}], "@odata.nextLink": more}))
    after = "https://graph.example/v1.0/users?$skiptoken=2"
    service.on("GET", after.removeprefix("https://graph.example"), reply({"value": [{"id": "u2"}]}))
    service.on("GET", ACTIVITY, reply({"value": [{"id": "u0"}], "@odata.nextLink": after}))
    snapshot = taken(tenant(), run)
    assert next(group for group in snapshot["groups"] if group["id"] == "g1")["owners"] == ["u1", "sp1"]
    assert dict(parse_snapshot(snapshot).last_successes) == {"u0": None, "u2": None}


def test_a_refused_second_page_of_owners_leaves_the_group_without_owners(tenant, service, reply, refuse, run):
    more = "https://graph.example/beta/groups/g1/owners?$skiptoken=2"
    service.on("GET", more.removeprefix("https://graph.example"), refuse(403, "Denied"))
    service.on("GET", "/beta/groups/g1/owners", reply({"value": [{"id": "u1"}], "@odata.nextLink": more}))
    snapshot = taken(tenant(), run)
    assert snapshot["missing"] == [{"what": "groups/g1/owners", "why": "403 Denied"}]
    assert parse_snapshot(snapshot).groups["g1"].owners == NotRead("403 Denied")


def test_owners_of_a_group_from_on_premises_are_unknown_and_not_none(tenant, service, reply, run):
    service.on("GET", "/v1.0/groups/g2", reply({"id": "g2", "onPremisesSyncEnabled": True}))
    snapshot = taken(tenant(), run)
    assert [gap["what"] for gap in snapshot["missing"]] == ["groups/g2/owners"]
    assert isinstance(parse_snapshot(snapshot).groups["g2"].owners, NotRead)


def test_a_snapshot_without_these_parts_has_them_not_read(tenant, run):
    snapshot = taken(tenant(), run)
    for name in ("domains", "authenticationMethodsPolicy"):
        del snapshot[name]
    for user in snapshot["users"]:
        user.pop("signInActivity", None)
    for group in snapshot["groups"]:
        del group["owners"]
    read = parse_snapshot(snapshot)
    assert isinstance(read.domains, NotRead)
    assert isinstance(read.methods, NotRead)
    assert not read.last_successes
    assert all(isinstance(group.owners, NotRead) for group in read.groups.values())


GUIDE = Path(__file__).resolve().parents[2] / "docs" / "guide" / "snapshot.md"
ROW = re.compile(r"^\| `(/[^`]+)` \| [^|]+ \| ([^|]+) \| ([^|]+) \| [^|]+ \|$", re.MULTILINE)
"""A row of the table of reads: path, permission, role."""


def pattern(path: str) -> re.Pattern[str]:
    """What a row's path stands for; a query counts only where the row has one."""
    plain, _, query = path.partition("?")
    segments = "/".join("[^/]+" if each == "{id}" else re.escape(each) for each in plain.split("/"))
    return re.compile(
        rf"{segments}\?{re.escape(query)}.*" if query else rf"{segments}(\?(?!.*signInActivity).*)?"
    )


def test_the_guide_s_table_names_each_read_and_what_it_needs(tenant, run):
    service = tenant()
    taken(service, run)
    asked = {each.path for each in service.asked if not each.path.endswith("/$batch")}
    asked |= {part["url"] for each in service.asked if each.body for part in each.body["requests"]}
    asked = {re.sub(r"^/(v1\.0|beta)/", "/", path) for path in asked}
    rows = {row[0]: row[1:] for row in ROW.findall(GUIDE.read_text("utf-8"))}
    for path in asked:
        (row,) = (each for each in rows if pattern(each).fullmatch(path))
        scope, role = rows[row]
        assert needed("GET", path) == f"needs the permission {scope}; a person also needs the role {role}"
    assert not [each for each in rows if not any(pattern(each).fullmatch(path) for path in asked)]
