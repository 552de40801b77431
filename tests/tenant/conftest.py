"""An embedded tenant to ask: in process and over a socket, by one suite."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import pytest

from perca.tenant import Store, application
from perca.tenant.serve import HOST, listen, server

SECRET = "a-secret-of-this-test"
EXCHANGE = "00000002-0000-0ff1-ce00-000000000000"
SHAREPOINT = "00000003-0000-0ff1-ce00-000000000000"
NOBODY = "11111111-1111-4111-8111-111111111111"


@dataclass(frozen=True)
class Said:
    """An answer."""

    status: int
    json: Any
    headers: httpx2.Headers

    @property
    def error(self) -> tuple[int, str, str]:
        """The status, the code and the message of a refusal."""
        return self.status, self.json["error"]["code"], self.json["error"]["message"]


class Asking:
    """A client without any wits of its own: it sends, and shows what comes back."""

    def __init__(self, send: Callable[..., httpx2.Response], store: Store) -> None:
        self._send = send
        self.store = store

    def __call__(self, method: str, url: str, body: Any = None, **headers: str) -> Said:
        told = {"Authorization": f"Bearer {SECRET}"} | {
            name.replace("_", "-"): value for name, value in headers.items()
        }
        response = self._send(method, url, body, told)
        return Said(response.status_code, response.json() if response.content else None, response.headers)

    def get(self, url: str, **headers: str) -> Any:
        """The body of an answer that must be 200."""
        said = self("GET", url, **headers)
        assert said.status == 200, said.json
        return said.json

    def pages(self, url: str) -> list[list[Any]]:
        """Every page of a collection, by its links."""
        found: list[list[Any]] = []
        following: str | None = url
        while following:
            body = self.get(following)
            found.append(body["value"])
            following = body.get("@odata.nextLink")
            assert len(found) < 1000
        return found

    def all(self, url: str) -> list[Any]:
        """Everything in a collection."""
        return [item for page in self.pages(url) for item in page]

    def user(self, name: str, **more: Any) -> str:
        """Makes a person; returns the id."""
        body = {
            "accountEnabled": True,
            "displayName": name.title(),
            "mailNickname": name,
            "userPrincipalName": f"{name}@example.onmicrosoft.com",
            "passwordProfile": {"password": "not-kept"},
        }
        said = self("POST", "/v1.0/users", body | more)
        assert said.status == 201, said.json
        return str(said.json["id"])

    def group(self, name: str, *members: str) -> str:
        """Makes a group; returns the id."""
        bind = [f"{self.root}/v1.0/directoryObjects/{member}" for member in members]
        body = {"displayName": name, "mailNickname": name, "mailEnabled": False, "securityEnabled": True}
        said = self("POST", "/v1.0/groups", body | {"members@odata.bind": bind})
        assert said.status == 201, said.json
        return str(said.json["id"])

    def state(self, user: str, state: str) -> None:
        """Sets a per-user MFA state."""
        said = self("PATCH", f"/beta/users/{user}/authentication/requirements", {"perUserMfaState": state})
        assert said.status == 204, said.json

    def policy(self, **more: Any) -> str:
        """Makes a policy; returns the id."""
        said = self("POST", "/v1.0/identity/conditionalAccess/policies", policy(**more))
        assert said.status == 201, said.json
        return str(said.json["id"])

    def sign_in(self, user: str, **more: Any) -> Any:
        """Tries one sign-in."""
        said = self("POST", "/perca/sign-ins", {"signIns": [question(user, **more)]})
        assert said.status == 200, said.json
        return said.json["results"][0]

    def advance(self, seconds: float) -> None:
        """Moves the clock."""
        assert self("POST", "/perca/clock", {"advance": seconds}).status == 200

    def lag(self, **seconds: float) -> None:
        """Sets lags."""
        assert self("POST", "/perca/lag", seconds).status == 200

    def register(self, user: str, *methods: str) -> None:
        """Finishes somebody's registration, which Graph can't."""
        with self.store.writing() as now:
            row = now.get("registrations", user)
            assert row is not None
            row |= {
                "isMfaRegistered": bool(methods),
                "isMfaCapable": bool(methods),
                "methodsRegistered": list(methods),
            }
            now.put("registrations", user, row)

    root = "http://tenant"


def policy(
    name: str = "Require MFA",
    state: str = "enabled",
    users: Any = None,
    apps: Any = None,
    controls: tuple[str, ...] = ("mfa",),
    **conditions: Any,
) -> dict[str, Any]:
    """The body of a policy."""
    return {
        "displayName": name,
        "state": state,
        "conditions": {
            "clientAppTypes": ["all"],
            "users": {"includeUsers": ["All"]} if users is None else users,
            "applications": {"includeApplications": ["All"]} if apps is None else apps,
            **conditions,
        },
        "grantControls": {"operator": "OR", "builtInControls": list(controls)},
    }


def question(
    user: str, app: str = EXCHANGE, client: str = "browser", address: str = "203.0.113.9", **ours: Any
) -> dict[str, Any]:
    """A sign-in question."""
    asked: dict[str, Any] = {
        "signInIdentity": {"@odata.type": "#microsoft.graph.userSignIn", "userId": user},
        "signInContext": {"@odata.type": "#microsoft.graph.applicationContext", "includeApplications": [app]},
        "signInConditions": {"clientAppType": client, "ipAddress": address, "devicePlatform": "windows"},
    }
    return asked | {"perca": ours} if ours else asked


Make = Callable[..., Asking]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = Store.create(tmp_path / "tenant.db", number=7)
    yield made
    made.close()


def in_process(app: Any, store: Store) -> Asking:
    """Asks the app itself."""

    def send(method: str, url: str, body: Any, headers: dict[str, str]) -> httpx2.Response:
        async def once() -> httpx2.Response:
            transport = httpx2.ASGITransport(app=app)
            async with httpx2.AsyncClient(transport=transport, base_url=Asking.root) as client:
                return await client.request(method, url, json=body, headers=headers)

        return asyncio.run(once())

    return Asking(send, store)


class Switchboard:
    """One server for all tests, since starting one takes longer than a test: a header says which app is meant."""

    def __init__(self, client: httpx2.Client) -> None:
        self.apps: list[Any] = []
        self.client = client

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        number = int(dict(scope["headers"])[b"x-tenant"])
        await self.apps[number](scope, receive, send)

    def asking(self, app: Any, store: Store) -> Asking:
        """Asks the app over the socket."""
        number = str(len(self.apps))
        self.apps.append(app)

        def send(method: str, url: str, body: Any, headers: dict[str, str]) -> httpx2.Response:
            return self.client.request(method, url, json=body, headers={**headers, "X-Tenant": number})

        return Asking(send, store)


@pytest.fixture(scope="session")
def switchboard() -> Iterator[Switchboard]:
    listener, ready = listen(), threading.Event()
    with httpx2.Client(base_url=f"http://{HOST}:{listener.getsockname()[1]}", timeout=10) as client:
        board = Switchboard(client)
        serving = server(board, started=ready.set)
        thread = threading.Thread(target=serving.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        assert ready.wait(10)
        yield board
    serving.should_exit = True
    thread.join(10)
    assert not thread.is_alive()
    listener.close()


@pytest.fixture(params=["in process", "over a socket"])
def make(request: pytest.FixtureRequest, store: Store, switchboard: Switchboard) -> Make:
    """Makes an asking client of the store's app; keywords are the app's switches."""
    way = in_process if request.param == "in process" else switchboard.asking

    def asking(asked: Store = store, **switches: Any) -> Asking:
        return way(application(asked, secret=SECRET, **switches), asked)

    return asking


@pytest.fixture
def ask(make: Make) -> Asking:
    """The store's app, as it is by default."""
    return make()


@pytest.fixture
def near(store: Store) -> Asking:
    """The store's app in process only, for what the way of asking can't change."""
    return in_process(application(store, secret=SECRET), store)
