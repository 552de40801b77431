"""Somebody is gone only if two answers say so; whatever isn't a plain answer is not read."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from graph.conftest import Service, answer, refusal
from perca.graph import Response
from perca.migrate.directory import Account
from perca.model import NotRead, UserId

Runs = Callable[[Awaitable[Any]], Any]
ADA, BEN = UserId("ada"), UserId("ben")
NOT_FOUND = refusal(404, "Request_ResourceNotFound")


def people(*ids: str) -> Response:
    return answer({"value": [{"id": id} for id in ids]})


@pytest.mark.parametrize(("enabled", "account"), [(True, Account.ACTIVE), (False, Account.BLOCKED)])
def test_an_account_that_is_there_may_sign_in_or_not(
    service: Service, run: Runs, enabled: bool, account: Account
) -> None:
    service.on("GET", "/v1.0/users/ada", answer({"id": "ada", "accountEnabled": enabled}))
    assert run(service.directory.accounts([ADA])) == {ADA: account}
    assert not any(path.startswith("GET /v1.0/users?") for path in service.paths)


def test_an_account_is_gone_when_it_is_not_found_and_not_among_the_people(
    service: Service, run: Runs
) -> None:
    service.on("GET", "/v1.0/users/ada", NOT_FOUND)
    service.on("GET", "/v1.0/users/ben", answer({"id": "ben", "accountEnabled": True}))
    service.on("GET", "/v1.0/users", people("ben"))
    assert run(service.directory.accounts([ADA, BEN])) == {ADA: Account.GONE, BEN: Account.ACTIVE}


def test_an_account_that_is_not_found_and_yet_among_the_people_is_not_gone(
    service: Service, run: Runs
) -> None:
    service.on("GET", "/v1.0/users/ada", NOT_FOUND)
    service.on("GET", "/v1.0/users", people("ben", "ADA"))
    assert isinstance(run(service.directory.accounts([ADA]))[ADA], NotRead)


def test_an_account_that_is_not_found_is_not_gone_while_the_people_cannot_be_listed(
    service: Service, run: Runs
) -> None:
    service.on("GET", "/v1.0/users/ada", NOT_FOUND)
    service.on("GET", "/v1.0/users", refusal(403, "Authorization_RequestDenied"))
    assert isinstance(run(service.directory.accounts([ADA]))[ADA], NotRead)


@pytest.mark.parametrize(
    "body", [{"id": "ada"}, {"id": "ada", "accountEnabled": None}, {"accountEnabled": "true"}]
)
def test_an_account_of_which_nothing_is_said_is_not_read(
    service: Service, run: Runs, body: dict[str, Any]
) -> None:
    service.on("GET", "/v1.0/users/ada", answer(body))
    assert isinstance(run(service.directory.accounts([ADA]))[ADA], NotRead)


@pytest.mark.parametrize("status", [400, 403, 410])
def test_a_refused_account_is_not_read(service: Service, run: Runs, status: int) -> None:
    service.on("GET", "/v1.0/users/ada", refusal(status, "Some_Code"))
    assert run(service.directory.accounts([ADA])) == {ADA: NotRead(f"{status} Some_Code")}
