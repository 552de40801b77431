"""The app around it all: who may ask, what an error looks like, and the switches that tests turn."""

from __future__ import annotations

import logging
import re
from typing import Any

import pytest

from perca.tenant import Store, application
from perca.tenant.api import app as module
from perca.tenant.api import users
from perca.tenant.api.exchange import Route

from .conftest import NOBODY, SECRET, Asking, Make, in_process, policy

GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
POLICIES = "/v1.0/identity/conditionalAccess/policies"


@pytest.mark.parametrize(
    "told", ["", "Bearer", "Bearer ", f"Basic {SECRET}", "Bearer wrong", f"Bearer {SECRET}x", SECRET]
)
@pytest.mark.parametrize("url", ["/v1.0/users", "/perca/clock", "/nowhere", "/beta/$batch"])
def test_nobody_is_answered_without_the_secret(near: Asking, url: str, told: str) -> None:
    said = near("GET", url, Authorization=told)
    assert said.error[:2] == (401, "InvalidAuthenticationToken")
    assert said.headers["www-authenticate"] == "Bearer"
    assert SECRET not in str(said.json)


def test_a_served_tenant_needs_a_secret(store: Store) -> None:
    with pytest.raises(ValueError):
        application(store, secret="")


def test_an_error_has_graphs_shape_and_the_callers_request_id(ask: Asking) -> None:
    said = ask("GET", f"/v1.0/users/{NOBODY}", client_request_id="mine")
    error = said.json["error"]
    assert set(error) == {"code", "message", "innerError"}
    assert error["innerError"]["client-request-id"] == said.headers["client-request-id"] == "mine"
    assert error["innerError"]["request-id"] == said.headers["request-id"]
    assert GUID.fullmatch(said.headers["request-id"])
    assert error["innerError"]["date"] == "2026-11-02T08:00:00"
    again = ask("GET", f"/v1.0/users/{NOBODY}")
    assert again.headers["request-id"] != said.headers["request-id"]


@pytest.mark.parametrize(
    ("method", "url", "status"),
    [
        ("PUT", "/v1.0/users", 405),
        ("DELETE", "/v1.0/users", 405),
        ("POST", "/v1.0/identity/conditionalAccess/policies/x", 405),
        ("GET", "/v1.0/identity/conditionalAccess/evaluate", 405),
        ("GET", "/v1.0/nothing", 400),
        ("GET", "/v1.0", 400),
        ("GET", "/", 400),
        ("GET", "/v2.0/users", 400),
        ("GET", "/v1.0/users/%FF", 400),
        ("GET", "/v1.0/users?$filter=%FF", 400),
        ("GET", "/perca/nothing", 400),
        ("GET", "/beta/perca/clock", 400),
        ("PATCH", "/perca/clock", 405),
    ],
)
def test_a_path_or_a_method_that_leads_nowhere(ask: Asking, method: str, url: str, status: int) -> None:
    said = ask(method, url)
    assert said.status == status
    assert set(said.json["error"]) == {"code", "message", "innerError"}


def test_paths_compare_without_case(ask: Asking) -> None:
    assert ask.get("/V1.0/Users")["value"] == []
    assert ask.get("/beta/identity/ConditionalAccess/Policies")["value"] == []


def test_a_body_that_is_too_large_is_refused(near: Asking, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_BODY", 1000)
    assert near("POST", "/v1.0/groups", {"displayName": "x" * 1000}).status == 413


def test_a_fault_of_ours_is_a_500_without_its_traceback(
    store: Store, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: Any) -> Any:
        raise ZeroDivisionError("inside")

    monkeypatch.setattr(module, "ROUTES", (*users.ROUTES, Route("GET", "/broken", broken)))
    ask = in_process(application(store, secret=SECRET), store)
    with caplog.at_level(logging.CRITICAL, "perca"):
        said = ask("GET", "/v1.0/broken")
    assert said.error == (500, "InternalServerError", "The embedded tenant failed.")
    assert ask.get("/v1.0/users")["value"] == []


def test_what_is_denied_answers_403_and_so_does_everything_below(make: Make) -> None:
    ask = make()
    ana, group = ask.user("ana"), ask.group("g")
    denied = make(deny=(f"/groups/{group}/members", "/auditLogs"))
    for url in (
        f"/v1.0/groups/{group}/members",
        f"/beta/Groups/{group}/members?$top=5",
        "/beta/auditLogs/signIns",
    ):
        assert denied("GET", url).error == (
            403,
            "Authorization_RequestDenied",
            "Insufficient privileges to complete the operation.",
        )
    reference = {"@odata.id": f"x/{ana}"}
    assert denied("POST", f"/v1.0/groups/{group}/members/$ref", reference).status == 403
    assert denied.get(f"/v1.0/groups/{group}")["id"] == group


def test_conditional_access_takes_one_request_a_second_and_does_not_say_when_again(make: Make) -> None:
    ask = make(throttle=True)
    assert ask("GET", POLICIES).status == 200
    said = ask("POST", POLICIES, policy())
    assert said.error == (429, "TooManyRequests", "Too many requests.")
    assert "retry-after" not in said.headers
    assert ask.get("/v1.0/users")["value"] == []
    ask.advance(1)
    assert ask.all(POLICIES) == []


def test_reports_take_five_requests_in_ten_seconds(make: Make) -> None:
    ask = make(throttle=True)
    statuses = [ask("GET", "/beta/auditLogs/signIns").status for _ in range(6)]
    assert statuses == [200] * 5 + [429]
    ask.advance(4)
    said = ask("GET", "/beta/auditLogs/signIns")
    assert (said.status, said.headers["retry-after"]) == (429, "6")
    ask.advance(6)
    assert ask("GET", "/beta/auditLogs/signIns").status == 200


def test_random_faults_are_the_same_for_the_same_seed_and_spare_the_control_path(make: Make) -> None:
    def statuses(seed: int) -> list[int]:
        ask = make(too_many=0.3, unavailable=0.2, seed=seed)
        assert ask("GET", "/perca/clock").status == 200
        return [ask("GET", "/v1.0/users").status for _ in range(40)]

    assert statuses(1) == statuses(1) != statuses(2)
    assert set(statuses(1)) == {200, 429, 503}


def test_a_refused_request_changes_nothing(make: Make) -> None:
    failing = make(unavailable=1.0)
    said = failing("POST", "/v1.0/groups", {"displayName": "g"})
    assert (said.status, said.headers["retry-after"]) == (503, "1")
    assert make().all("/v1.0/groups") == []
