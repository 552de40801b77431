"""The client of the control path: virtual time, lags and plain sign-ins of an embedded tenant, in process or over a socket.

For tests and the prober. A migration isn't given this: it only has the `Clock`, whose sleep moves the tenant's time.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

import httpx2

from perca.errors import BadInput, RemoteFailed
from perca.tenant.json import Json, dump_bytes, load_object
from perca.tenant.time import moment, read

Send = Callable[[str, str, bytes | None], Awaitable[tuple[int, bytes]]]
"""Sends a request, given its method, its path below the root and its body; returns the status and the body."""
IN_ONE = 2000
"""Sign-ins sent in one request."""


@dataclass(frozen=True, slots=True)
class Clock:
    """What the tenant's clock says: its time, and the lags in seconds."""

    now: datetime
    policy_lag: float
    members_lag: float
    state_lag: float


@dataclass(frozen=True, slots=True)
class SignedIn:
    """How a plain sign-in ended."""

    outcome: str
    mfa: str
    error_code: int
    row: str
    message: str


class Control:
    """The control path of one embedded tenant."""

    def __init__(self, send: Send) -> None:
        self._send = send

    async def clock(self) -> Clock:
        """The virtual time and the lags."""
        return _clock(await self._call("GET", "/perca/clock"))

    async def advance(self, seconds: float) -> Clock:
        """Moves the virtual time on."""
        return _clock(await self._call("POST", "/perca/clock", {"advance": seconds}))

    async def lag(
        self, *, policy: float | None = None, members: float | None = None, states: float | None = None
    ) -> Clock:
        """Sets the lags that are given, in seconds."""
        told = {"policy": policy, "members": members, "states": states}
        body = {name: seconds for name, seconds in told.items() if seconds is not None}
        return _clock(await self._call("POST", "/perca/lag", body))

    async def sign_in(self, questions: Sequence[Json]) -> list[SignedIn]:
        """Tries each of the sign-ins, in order; each request of `IN_ONE` is one transaction."""
        ended: list[SignedIn] = []
        for begin in range(0, len(questions), IN_ONE):
            answer = await self._call(
                "POST", "/perca/sign-ins", {"signIns": list(questions[begin : begin + IN_ONE])}
            )
            ended.extend(
                SignedIn(r["outcome"], r["mfa"], r["errorCode"], r["row"], r["message"])
                for r in answer["results"]
            )
        return ended

    async def _call(self, method: str, path: str, body: Json | None = None) -> Json:
        status, content = await self._send(method, path, None if body is None else dump_bytes(body))
        try:
            answer = load_object(content)
        except ValueError as error:
            raise RemoteFailed(
                "the control path did not answer with JSON", "is this an embedded tenant?"
            ) from error
        if status == 200:
            return answer
        said = answer.get("error", {})
        if status == 400:
            raise BadInput(f"the embedded tenant refused: {said.get('message')}")
        raise RemoteFailed(
            f"the control path answered {status}",
            "check the address and the secret",
            status=status,
            code=said.get("code", ""),
        )


def sending(client: httpx2.AsyncClient, root: str, secret: str) -> Send:
    """Sends through an HTTP client; `root` is the address in front of `/v1.0`."""
    headers = {"Authorization": f"Bearer {secret}", "Content-Type": "application/json"}

    async def send(method: str, path: str, body: bytes | None) -> tuple[int, bytes]:
        try:
            response = await client.request(method, root.rstrip("/") + path, content=body, headers=headers)
        except httpx2.HTTPError as error:
            raise RemoteFailed(
                f"the embedded tenant does not answer: {error}", "is it being served?"
            ) from error
        return response.status_code, response.content

    return send


class TenantClock:
    """`perca.ports.Clock` in the tenant's virtual time: to sleep is to move it on.

    `now` is what was last heard, so it is right as long as nobody else moves the clock; `start` asks for it.
    """

    def __init__(self, control: Control, now: datetime) -> None:
        self._control = control
        self._now = now

    @classmethod
    async def start(cls, control: Control) -> TenantClock:
        """The clock, set to the tenant's time."""
        return cls(control, (await control.clock()).now)

    def now(self) -> datetime:
        """The tenant's time, as last heard."""
        return self._now

    async def sleep(self, seconds: float) -> None:
        """Moves the tenant's time on by that much."""
        self._now = (await self._control.advance(max(0.0, seconds))).now


def _clock(answer: Json) -> Clock:
    return Clock(moment(read(answer["now"])), answer["policyLag"], answer["membersLag"], answer["stateLag"])
