"""Snapshots: absent is unknown, null is refused, what `missing` names is not read; a bare export is policies alone."""

import gzip
import json
from typing import Any

import pytest

from perca.errors import BadInput
from perca.model import GroupId, Missing, NotRead, PerUserState, Tenant, UserId
from perca.wire import parse_snapshot, read_tenant, remarks

A, B, C, D = (f"{c * 8}-0000-4000-8000-00000000000{c}" for c in "abcd")
POLICY = {"id": A, "state": "enabled", "conditions": {"users": {"includeUsers": ["All"]}}}

Json = dict[str, Any]


def snapshot(**members: Any) -> Json:
    """A whole small snapshot, with these members instead."""
    whole = {
        "format": "perca/snapshot/1",
        "tenantId": D.upper(),
        "displayName": "Example",
        "takenAt": "2026-11-02T08:00:00Z",
        "users": [{"id": A, "perUserMfaState": "enforced"}, {"id": B, "perUserMfaState": "disabled"}],
        "groups": [{"id": C, "displayName": "Staff", "members": [A, D]}],
        "roleAssignments": [
            {"principalId": A, "roleDefinitionId": B, "directoryScopeId": "/"},
            {"principalId": D, "roleDefinitionId": B, "directoryScopeId": "/"},
        ],
        "roleEligibilities": [],
        "policies": [POLICY],
        "namedLocations": [{"id": A, "ipRanges": []}],
        "authenticationStrengths": [{"id": B, "allowedCombinations": ["fido2"]}],
        "servicePrincipals": [{"id": D, "appId": C, "displayName": "Mail"}],
        "securityDefaults": {"isEnabled": False},
        "registrations": [{"id": A, "isMfaCapable": True}],
        "mfaSettings": {"trustedIps": ["192.0.2.0/24"]},
        "missing": [],
        "somethingNew": 5,
    }
    return {**whole, **members}


def without(*names: str) -> Json:
    return {name: value for name, value in snapshot().items() if name not in names}


def missing(what: str) -> Tenant:
    return parse_snapshot(snapshot(missing=[{"what": what, "why": "403 Authorization_RequestDenied"}]))


def test_a_whole_snapshot_is_read() -> None:
    tenant = parse_snapshot(snapshot())
    assert (tenant.id, tenant.display_name, tenant.taken_at) == (D, "Example", "2026-11-02T08:00:00Z")
    assert tenant.users[UserId(A)].per_user_mfa is PerUserState.ENFORCED
    assert [policy.id for policy in tenant.policies] == [A]
    assert list(tenant.named_locations) == [A]
    assert list(tenant.strengths) == [B]
    assert {id: each.name for id, each in tenant.applications.items()} == {C: "Mail"}
    assert tenant.security_defaults is False
    assert tenant.registrations[UserId(A)].is_mfa_capable is True
    assert tenant.role_eligibilities == ()
    assert tenant.missing == ()


def test_service_principals_are_no_people_in_groups_and_roles() -> None:
    tenant = parse_snapshot(snapshot())
    assert tenant.groups[GroupId(C)].members == {A}
    assert not isinstance(tenant.role_assignments, NotRead)
    assert [each.principal for each in tenant.role_assignments] == [A]


COLLECTIONS = [
    "users",
    "groups",
    "roleAssignments",
    "roleEligibilities",
    "policies",
    "namedLocations",
    "authenticationStrengths",
    "servicePrincipals",
    "registrations",
]


@pytest.mark.parametrize("name", COLLECTIONS)
@pytest.mark.parametrize("value", [None, 5, {}, "x", [None], [[]]])
def test_a_collection_that_is_no_list_of_objects_is_refused(name: str, value: Any) -> None:
    with pytest.raises(BadInput, match=f"`{name}`"):
        parse_snapshot(snapshot(**{name: value}))
    with pytest.raises(BadInput, match=f"`x.json`.*`{name}`"):
        read_tenant(json.dumps(snapshot(**{name: value})).encode(), "x.json")


@pytest.mark.parametrize("name", COLLECTIONS)
def test_a_collection_that_is_absent_is_no_error(name: str) -> None:
    parse_snapshot(without(name))


def test_absent_collections_leave_their_facts_unknown() -> None:
    names = ("roleAssignments", "roleEligibilities", "securityDefaults", "policies", "mfaSettings")
    tenant = parse_snapshot(without(*names))
    assert isinstance(tenant.role_assignments, NotRead)
    assert isinstance(tenant.role_eligibilities, NotRead)
    assert isinstance(tenant.security_defaults, NotRead)
    assert isinstance(tenant.mfa_settings.trusted_ips, NotRead)
    assert tenant.missing == (Missing("identity/conditionalAccess/policies", "policies were not given"),)


@pytest.mark.parametrize("prefix", ["", "/", "/v1.0/", "beta/"])
def test_members_named_as_missing_are_not_read(prefix: str) -> None:
    group = missing(f"{prefix}groups/{C.upper()}/members?$top=999").groups[GroupId(C)]
    assert group.members == NotRead("403 Authorization_RequestDenied")
    assert group.display_name == "Staff"


def test_members_of_a_group_that_is_not_held_are_not_read() -> None:
    assert isinstance(missing(f"groups/{D}/members").groups[GroupId(D)].members, NotRead)


@pytest.mark.parametrize(
    "what", ["users/{}/authentication/requirements", "/beta/users/{}/authentication/requirements"]
)
def test_a_state_named_as_missing_is_not_read_whatever_stands_there(what: str) -> None:
    users = missing(what.format(A)).users
    assert isinstance(users[UserId(A)].per_user_mfa, NotRead)
    assert users[UserId(B)].per_user_mfa is PerUserState.DISABLED


def test_all_states_or_members_can_be_missing() -> None:
    assert all(
        isinstance(u.per_user_mfa, NotRead)
        for u in missing("users/authentication/requirements").users.values()
    )
    assert all(isinstance(g.members, NotRead) for g in missing("groups/members").groups.values())


@pytest.mark.parametrize(
    ("what", "assignments", "eligibilities"),
    [
        ("roleManagement/directory/roleAssignments", True, False),
        ("roleManagement/directory/roleAssignmentScheduleInstances", True, False),
        ("roleManagement/directory/roleEligibilitySchedules", False, True),
        ("roleManagement/directory", True, True),
        ("directoryRoles", True, False),
    ],
)
def test_roles_named_as_missing_are_not_read(what: str, assignments: bool, eligibilities: bool) -> None:
    tenant = missing(what)
    assert isinstance(tenant.role_assignments, NotRead) == assignments
    assert isinstance(tenant.role_eligibilities, NotRead) == eligibilities


@pytest.mark.parametrize("what", ["securityDefaults", "policies/identitySecurityDefaultsEnforcementPolicy"])
def test_security_defaults_named_as_missing_are_not_read(what: str) -> None:
    assert isinstance(missing(what).security_defaults, NotRead)


@pytest.mark.parametrize("value", ["x", [5], [{"why": "x"}], [{"what": ""}], [{"what": 5}]])
def test_a_missing_list_that_can_not_be_read_is_refused(value: Any) -> None:
    with pytest.raises(BadInput, match="`missing`"):
        parse_snapshot(snapshot(missing=value))


@pytest.mark.parametrize("value", ["perca/snapshot/2", "perca/snapshot/10", "perca/plan/1", "x", 1, ""])
def test_another_format_is_refused(value: Any) -> None:
    with pytest.raises(BadInput, match="format"):
        parse_snapshot(snapshot(format=value))
    with pytest.raises(BadInput, match="format"):
        read_tenant(json.dumps({"format": value, "policies": [POLICY]}).encode(), "x")


def test_two_that_differ_under_one_id_are_refused_and_two_alike_are_one() -> None:
    alike = [{"id": A, "perUserMfaState": "enforced"}] * 2
    assert len(parse_snapshot(snapshot(users=alike)).users) == 1
    with pytest.raises(BadInput, match="two that differ"):
        parse_snapshot(snapshot(users=[*alike, {"id": A.upper(), "perUserMfaState": "disabled"}]))


def test_an_entry_without_an_id_is_refused_and_named() -> None:
    with pytest.raises(BadInput, match="entry 2 of `users`"):
        parse_snapshot(snapshot(users=[{"id": A}, {"displayName": "x"}]))
    with pytest.raises(BadInput, match="entry 1 of `namedLocations` has no `id`"):
        parse_snapshot(snapshot(namedLocations=[{"ipRanges": []}]))


def test_a_snapshot_comes_packed_or_not_and_in_any_encoding() -> None:
    text = json.dumps(snapshot())
    tenants = [
        read_tenant(data, "x")
        for data in (text.encode(), gzip.compress(text.encode()), text.encode("utf-16"))
    ]
    assert tenants[0] == tenants[1] == tenants[2]


@pytest.mark.parametrize("value", [POLICY, [POLICY], {"value": [POLICY]}, {"policies": [POLICY]}])
def test_a_bare_export_is_a_tenant_of_which_only_policies_are_known(value: Any) -> None:
    tenant = read_tenant(json.dumps(value).encode(), "x")
    assert [policy.id for policy in tenant.policies] == [A]
    assert dict(tenant.users) == dict(tenant.groups) == {}
    assert isinstance(tenant.role_assignments, NotRead)
    assert isinstance(tenant.security_defaults, NotRead)
    assert tenant.missing == ()


def test_one_page_of_an_export_says_that_policies_are_missing() -> None:
    page = {"value": [POLICY], "@odata.nextLink": "https://graph.example/next"}
    (entry,) = read_tenant(json.dumps(page).encode(), "x").missing
    assert entry.what == "identity/conditionalAccess/policies"


def test_users_without_a_format_are_a_snapshot_too() -> None:
    with pytest.raises(BadInput, match="`users` is null"):
        read_tenant(json.dumps({"users": None, "policies": []}).encode(), "x")


# Remarks


def group(id: str, *members: str) -> Json:
    return {"id": id, "displayName": f"Group {id[0]}", "members": [*members]}


def test_a_group_that_contains_itself_is_read_and_remarked() -> None:
    tenant = parse_snapshot(snapshot(groups=[group(A, A, B), group(B, C), group(C, D), group(D)]))
    assert tenant.groups[GroupId(A)].members == {A, B}
    assert remarks(tenant) == ["group `Group a` is a member of itself"]


def test_groups_that_contain_each_other_are_remarked_and_those_beside_them_are_not() -> None:
    circle = [group(A, B), group(B, C), group(C, A), group(D, A)]
    tenant = parse_snapshot(snapshot(groups=circle, servicePrincipals=[]))
    assert remarks(tenant) == [f"group `Group {c}` contains itself through other groups" for c in "abc"]


def test_a_group_between_two_circles_contains_neither_itself() -> None:
    e = "eeeeeeee-0000-4000-8000-00000000000e"
    between = [group(A, A, B), group(B, C), group(C, D), group(D, C), group(e, B)]
    tenant = parse_snapshot(snapshot(groups=between, servicePrincipals=[]))
    assert [remark.split("`")[1] for remark in remarks(tenant)] == ["Group a", "Group c", "Group d"]


def test_groups_without_members_that_could_be_read_are_no_circle() -> None:
    assert remarks(parse_snapshot(snapshot(groups=[{"id": A}, group(B, A)]))) == []
