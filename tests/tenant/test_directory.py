"""People, groups and members: Graph's paths, codes and refusals, in process and over a socket."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from perca.tenant import Store, application
from perca.tenant.seed import seeded

from .conftest import NOBODY, SECRET, Asking, Make, in_process

MEMBERS = "members@odata.bind"


def reference(member: str) -> str:
    return f"https://graph.microsoft.com/v1.0/directoryObjects/{member}"


def test_a_person_is_found_by_id_and_by_name_whatever_the_case(ask: Asking) -> None:
    person = ask.user("ana")
    for name in (person, person.upper(), "ana@example.onmicrosoft.com", "ANA@example.onmicrosoft.com"):
        assert ask.get(f"/v1.0/users/{name}?$select=id")["id"] == person
    assert ask("GET", f"/v1.0/users/{NOBODY}").error[:2] == (404, "Request_ResourceNotFound")


def test_v1_shows_few_properties_unless_they_are_selected(ask: Asking) -> None:
    person = ask.user("ana")
    assert "accountEnabled" not in ask.get(f"/v1.0/users/{person}")
    assert "accountEnabled" in ask.get(f"/beta/users/{person}")
    (row,) = ask.get("/v1.0/users?$select=userPrincipalName,accountEnabled,userType")["value"]
    assert row == {
        "userPrincipalName": "ana@example.onmicrosoft.com",
        "accountEnabled": True,
        "userType": "Member",
    }


@pytest.mark.parametrize(
    "query",
    [
        "$select=perUserMfaState",
        "$filter=perUserMfaState eq 'enforced'",
        "$skip=5",
        "$expand=memberOf",
        '$search="a"',
        "$orderby=displayName",
        "$top=0",
        "$top=1000",
        "$top=x",
        "$top=5&$top=6",
        "$skiptoken=nonsense",
        "$count=true",
        "$unknown=1",
        "top=5",
        "$filter=",
    ],
)
def test_what_a_list_does_not_support_is_refused_and_never_ignored(near: Asking, query: str) -> None:
    said = near("GET", f"/v1.0/users?{query}")
    assert said.status == 400
    assert said.json["error"]["code"] in ("Request_BadRequest", "Directory_ExpiredPageToken")


def test_a_count_needs_the_header(near: Asking) -> None:
    near.user("ana")
    body = near.get("/v1.0/users?$count=true&$top=1", ConsistencyLevel="eventual")
    assert body["@odata.count"] == 1


def test_pages_follow_links_and_keep_the_options(make: Make) -> None:
    ask = make(page_size=2)
    people = [ask.user(name) for name in ("ana", "bo", "cem", "dag", "eli")]
    pages = ask.pages("/v1.0/users?$select=id&$top=100&$filter=accountEnabled eq true")
    assert [len(page) for page in pages] == [2, 2, 1]
    assert [row for page in pages for row in page] == [{"id": person} for person in people]


@settings(max_examples=15)
@given(
    size=st.integers(1, 60),
    path=st.sampled_from(["users?$select=id", "groups?$select=id", "servicePrincipals"]),
)
def test_pages_hold_everything_once(tmp_path_factory: pytest.TempPathFactory, size: int, path: str) -> None:
    store = seeded(tmp_path_factory.mktemp("pages") / "x.db", 50, 1)
    ask = in_process(application(store, secret=SECRET, page_size=size), store)
    ids = [row["id"] for row in ask.all(f"/v1.0/{path}")]
    with store.reading() as now:
        assert ids == [row["id"] for row in now.all(path.split("?")[0])]
    store.close()


def test_a_write_between_two_pages_repeats_and_skips_nobody(make: Make) -> None:
    ask = make(page_size=2)
    people = [ask.user(name) for name in ("ana", "bo", "cem", "dag")]
    first = ask.get("/v1.0/users?$select=id")
    assert ask("DELETE", f"/v1.0/users/{people[0]}").status == 204
    second = ask.get(first["@odata.nextLink"])
    assert [row["id"] for row in second["value"]] == people[2:]


def test_a_group_is_made_found_and_deleted(ask: Asking) -> None:
    group = ask.group("Moved-People")
    for name in ("moved-people", "Moved-People"):
        found = ask.get(f"/v1.0/groups?$filter=mailNickname eq '{name}'&$select=id,displayName")["value"]
        assert found == [{"id": group, "displayName": "Moved-People"}]
    assert ask.get("/v1.0/groups?$filter=mailNickname eq 'other'")["value"] == []
    assert ask("DELETE", f"/v1.0/groups/{group}").status == 204
    assert ask("DELETE", f"/v1.0/groups/{group}").status == 404
    assert ask("GET", f"/v1.0/groups/{group}").status == 404


@pytest.mark.parametrize(
    "change",
    [
        {"displayName": ""},
        {"displayName": "x" * 257},
        {"mailNickname": "with space"},
        {"mailNickname": "ž"},
        {"mailNickname": "x" * 65},
        {"mailNickname": None},
        {"securityEnabled": "yes"},
        {"nonsense": 1},
        {MEMBERS: [reference(NOBODY)] * 21},
        {MEMBERS: reference(NOBODY)},
        {MEMBERS: [1]},
    ],
    ids=str,
)
def test_a_group_that_makes_no_sense_is_refused(near: Asking, change: dict[str, object]) -> None:
    body = {"displayName": "G", "mailNickname": "g", "mailEnabled": False, "securityEnabled": True}
    assert near("POST", "/v1.0/groups", body | change).status == 400
    assert near.all("/v1.0/groups") == []


def test_members_are_added_twenty_at_a_time_and_all_or_none(ask: Asking) -> None:
    people = [ask.user(f"p{n}") for n in range(22)]
    group = ask.group("g")
    url = f"/v1.0/groups/{group}"

    def add(*members: str) -> int:
        return ask("PATCH", url, {MEMBERS: [reference(member) for member in members]}).status

    assert add(*people[:21]) == 400
    assert add(*people[:20]) == 204
    assert add(people[20], people[0]) == 400
    assert add(people[20], NOBODY) == 404
    assert add(people[20], people[20]) == 400
    members = {row["id"] for row in ask.all(f"{url}/members?$select=id")}
    assert members == set(people[:20])


def test_a_member_is_added_and_removed_by_reference(ask: Asking) -> None:
    person, group = ask.user("ana"), ask.group("g")
    url = f"/v1.0/groups/{group}/members"
    assert ask("POST", f"{url}/$ref", {"@odata.id": reference(person)}).status == 204
    status, code, text = ask("POST", f"{url}/$ref", {"@odata.id": reference(person)}).error
    assert (status, code) == (400, "Request_BadRequest")
    assert text.startswith("One or more added object references already exist")
    assert ask("POST", f"{url}/$ref", {"@odata.id": reference(NOBODY)}).status == 404
    assert ask("DELETE", f"{url}/{person}/$ref").status == 204
    assert ask("DELETE", f"{url}/{person}/$ref").status == 404
    assert ask("DELETE", f"{url}/{person}").status == 400
    assert ask.get(f"/v1.0/users/{person}")["id"] == person


def test_members_have_their_type_and_nest(ask: Asking) -> None:
    ana, bo = ask.user("ana"), ask.user("bo")
    inner = ask.group("inner", bo)
    outer = ask.group("outer", ana, inner)
    direct = {row["id"]: row["@odata.type"] for row in ask.all(f"/v1.0/groups/{outer}/members")}
    assert direct == {ana: "#microsoft.graph.user", inner: "#microsoft.graph.group"}
    every = {row["id"] for row in ask.all(f"/v1.0/groups/{outer}/transitiveMembers?$select=id&$top=1")}
    assert every == {ana, bo, inner}


def test_groups_that_hold_each_other_are_no_trouble(ask: Asking) -> None:
    ana = ask.user("ana")
    first = ask.group("first", ana)
    second = ask.group("second", first)
    assert ask("POST", f"/v1.0/groups/{first}/members/$ref", {"@odata.id": reference(second)}).status == 204
    every = {row["id"] for row in ask.all(f"/v1.0/groups/{second}/transitiveMembers")}
    assert every == {ana, first, second}
    ask.policy(users={"includeGroups": [second]})
    assert ask.sign_in(ana)["mfa"] == "required"


def test_a_deleted_person_is_in_no_group(ask: Asking) -> None:
    ana = ask.user("ana")
    group = ask.group("g", ana)
    assert ask("DELETE", f"/v1.0/users/{ana}").status == 204
    assert ask.all(f"/v1.0/groups/{group}/members") == []
    assert ask.all("/v1.0/reports/authenticationMethods/userRegistrationDetails") == []


def test_an_account_is_changed_and_its_name_stays_its_own(ask: Asking) -> None:
    ana, bo = ask.user("ana"), ask.user("bo")
    assert ask("PATCH", f"/v1.0/users/{ana}", {"accountEnabled": False}).status == 204
    assert ask.get(f"/v1.0/users/{ana}?$select=accountEnabled")["accountEnabled"] is False
    for body in (
        {"userPrincipalName": "bo@example.onmicrosoft.com"},
        {"id": bo},
        {"perUserMfaState": "disabled"},
    ):
        assert ask("PATCH", f"/v1.0/users/{ana}", body).status == 400
    assert (
        ask("PATCH", f"/v1.0/users/{ana}", {"userPrincipalName": "ana2@example.onmicrosoft.com"}).status
        == 204
    )
    assert ask.get("/v1.0/users/ana2@example.onmicrosoft.com")["id"] == ana


def test_roles_apps_and_the_organization_are_shown(ask: Asking) -> None:
    roles = {
        row["displayName"]: row["id"] for row in ask.all("/v1.0/roleManagement/directory/roleDefinitions")
    }
    assert roles["Global Administrator"] == "62e90394-69f5-4237-9190-012177145e10"
    exchange = "appId eq '00000002-0000-0ff1-ce00-000000000000'"
    (app,) = ask.get(f"/v1.0/servicePrincipals?$filter={exchange}")["value"]
    assert app["displayName"] == "Office 365 Exchange Online"
    assert ask.all("/v1.0/roleManagement/directory/roleAssignments") == []
    (organization,) = ask.all("/v1.0/organization?$select=id,displayName")
    assert set(organization) == {"id", "displayName"}


def test_a_filter_finds_the_same_by_index_and_without(near: Asking, store: Store) -> None:
    ana = near.user("ana", department="Sales", userType="Guest")
    near.user("bo", department="sales")
    sales = near.all("/v1.0/users?$select=id&$filter=department eq 'SALES' and userType eq 'Guest'")
    assert sales == [{"id": ana}]
    by_name = near.all("/v1.0/users?$select=id&$filter=startsWith(userPrincipalName,'ANA')")
    assert by_name == [{"id": ana}]
