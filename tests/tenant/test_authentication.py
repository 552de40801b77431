"""Per-user MFA states, registrations and `$batch`: what Graph lets one read and write, and by which rules."""

from __future__ import annotations

from typing import Any

import pytest

from .conftest import NOBODY, Asking, Make


def requirements(person: str) -> str:
    return f"/users/{person}/authentication/requirements"


def test_a_state_is_read_and_written_in_beta_only(ask: Asking) -> None:
    person = ask.user("ana")
    url = requirements(person)
    body = ask.get(f"/beta{url}")
    assert body["perUserMfaState"] == "disabled"
    assert body["@odata.context"].endswith(f"/beta/$metadata#users('{person}')/authentication/requirements")
    said = ask("PATCH", f"/beta{url}", {"perUserMfaState": "enforced"})
    assert (said.status, said.json) == (204, None)
    assert (
        ask.get("/beta/users/ana@example.onmicrosoft.com/authentication/requirements")["perUserMfaState"]
        == "enforced"
    )
    for method in ("GET", "PATCH"):
        assert ask(method, f"/v1.0{url}", {"perUserMfaState": "disabled"}).error[:2] == (400, "BadRequest")
    assert ask.get(f"/beta{url}")["perUserMfaState"] == "enforced"


def test_enabling_somebody_registered_enforces(ask: Asking) -> None:
    ana, bo = ask.user("ana"), ask.user("bo")
    ask.register(bo, "microsoftAuthenticatorPush")
    for person in (ana, bo):
        ask.state(person, "enabled")
    assert ask.get(f"/beta{requirements(ana)}")["perUserMfaState"] == "enabled"
    assert ask.get(f"/beta{requirements(bo)}")["perUserMfaState"] == "enforced"
    ask.state(bo, "disabled")
    assert ask.get(f"/beta{requirements(bo)}")["perUserMfaState"] == "disabled"


@pytest.mark.parametrize(
    "body",
    [{}, {"perUserMfaState": "on"}, {"perUserMfaState": None}, {"perUserMfaState": "disabled", "x": 1}],
)
def test_a_state_that_is_none_is_refused(near: Asking, body: dict[str, Any]) -> None:
    person = near.user("ana")
    near.state(person, "enforced")
    assert near("PATCH", f"/beta{requirements(person)}", body).status == 400
    assert near.get(f"/beta{requirements(person)}")["perUserMfaState"] == "enforced"


def test_nobody_has_no_state(ask: Asking) -> None:
    assert ask("GET", f"/beta{requirements(NOBODY)}").error[:2] == (404, "Request_ResourceNotFound")
    assert ask("PATCH", f"/beta{requirements(NOBODY)}", {"perUserMfaState": "disabled"}).status == 404


def test_registrations_are_filtered_by_their_flags(ask: Asking) -> None:
    ana, bo = ask.user("ana"), ask.user("bo")
    ask.register(bo, "mobilePhone")
    url = "/v1.0/reports/authenticationMethods/userRegistrationDetails"
    assert [row["id"] for row in ask.all(f"{url}?$filter=isMfaRegistered eq false")] == [ana]
    (row,) = ask.all(f"{url}?$filter=isMfaRegistered eq true")
    assert (row["id"], row["methodsRegistered"], row["isMfaCapable"]) == (bo, ["mobilePhone"], True)


def parts(ask: Asking, *requests: dict[str, Any], version: str = "beta") -> dict[str, Any]:
    said = ask("POST", f"/{version}/$batch", {"requests": list(requests)})
    assert said.status == 200, said.json
    return {part["id"]: part for part in said.json["responses"]}


def get(id: str, url: str, **more: Any) -> dict[str, Any]:
    return {"id": id, "method": "GET", "url": url, **more}


def patch(id: str, url: str, state: str, **more: Any) -> dict[str, Any]:
    headers = {"Content-Type": "application/json"}
    return {
        "id": id,
        "method": "PATCH",
        "url": url,
        "headers": headers,
        "body": {"perUserMfaState": state},
        **more,
    }


def test_each_part_of_a_batch_has_its_own_status(ask: Asking) -> None:
    person = ask.user("ana")
    answers = parts(
        ask,
        patch("write", requirements(person), "enforced"),
        get("read", requirements(person)),
        get("nobody", requirements(NOBODY)),
        get("nowhere", "/nothing"),
        get("select", f"/users/{person}?$select=id"),
    )
    assert {id: part["status"] for id, part in answers.items()} == {
        "write": 204,
        "read": 200,
        "nobody": 404,
        "nowhere": 400,
        "select": 200,
    }
    assert answers["read"]["body"]["perUserMfaState"] == "enforced"
    assert "body" not in answers["write"]
    assert set(answers["select"]["body"]) == {"@odata.context", "id"}


def test_answers_of_a_batch_are_in_no_order_to_count_on(near: Asking) -> None:
    said = near("POST", "/v1.0/$batch", {"requests": [get("a", "/users"), get("b", "/groups")]})
    assert [part["id"] for part in said.json["responses"]] == ["b", "a"]


def test_a_part_waits_for_what_it_depends_on_and_fails_with_it(near: Asking) -> None:
    person = near.user("ana")
    answers = parts(
        near,
        get("lost", requirements(NOBODY)),
        patch("after", requirements(person), "enforced", dependsOn=["lost"]),
        get("then", requirements(person), dependsOn=["after"]),
    )
    assert {id: part["status"] for id, part in answers.items()} == {"lost": 404, "after": 424, "then": 424}
    assert near.get(f"/beta{requirements(person)}")["perUserMfaState"] == "disabled"


def test_a_v1_batch_does_not_reach_beta(near: Asking) -> None:
    person = near.user("ana")
    answers = parts(
        near, get("1", requirements(person)), get("2", f"/../beta{requirements(person)}"), version="v1.0"
    )
    assert {part["status"] for part in answers.values()} == {400}


@pytest.mark.parametrize(
    "requests",
    [
        [],
        "no list",
        [get("1", "/users")] * 2,
        [get(str(n), "/users") for n in range(21)],
        [{"method": "GET", "url": "/users"}],
        [{"id": "1", "url": "/users"}],
        [get("1", "/users", dependsOn=["2"]), get("2", "/users")],
    ],
    ids=["none", "no list", "twice the same id", "21", "no id", "no method", "depends on a later one"],
)
def test_a_batch_that_is_none_is_refused_whole(near: Asking, requests: Any) -> None:
    assert near("POST", "/beta/$batch", {"requests": requests}).status == 400


@pytest.mark.parametrize(
    "part",
    [
        {
            "id": "1",
            "method": "POST",
            "url": "/$batch",
            "body": {"requests": []},
            "headers": {"Content-Type": "application/json"},
        },
        {
            "id": "1",
            "method": "PATCH",
            "url": "/users/x/authentication/requirements",
            "body": {"perUserMfaState": "disabled"},
        },
        {"id": "1", "method": "GET", "url": "https://elsewhere.example/users"},
    ],
    ids=["a batch", "a body without its type", "another host"],
)
def test_a_part_that_cannot_be_is_refused_alone(near: Asking, part: dict[str, Any]) -> None:
    answers = parts(near, part, get("2", "/users"))
    assert (answers["1"]["status"], answers["2"]["status"]) == (400, 200)


def test_a_part_can_be_denied_or_throttled_within_a_good_batch(make: Make) -> None:
    ask = make()
    ana, bo = ask.user("ana"), ask.user("bo")
    denying = make(deny=(requirements(ana),))
    answers = parts(denying, get("1", requirements(ana)), get("2", requirements(bo)))
    assert (answers["1"]["status"], answers["2"]["status"]) == (403, 200)
    assert answers["1"]["body"]["error"]["code"] == "Authorization_RequestDenied"
    throttling = make(too_many=1.0)
    answers = parts(throttling, get("1", requirements(ana)))
    assert (answers["1"]["status"], answers["1"]["headers"]["Retry-After"]) == (429, "1")
