"""The composition root: which tenant is meant, with which clock, chance and secret it is asked. The only module that reads the environment.

A TENANT has three forms and nothing is guessed (CONTRACT): the path of an existing Perca database, an http(s) Graph root, or
`entra:DOMAIN-OR-ID`. `connect` turns one into a directory that a migration can drive. Clients and servers are imported when they are
used: a command that only reads a file doesn't pay for them.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from perca.errors import BadInput, RemoteFailed
from perca.ports import Faults, NoFaults

if TYPE_CHECKING:
    from perca.graph import GraphDirectory, TokenProvider, Transport
    from perca.model import TenantId
    from perca.ports import Clock, Entropy, Meter
    from perca.tenant import Control, Store

Json = dict[str, Any]


class SystemClock:
    """The machine's time."""

    def now(self) -> datetime:
        """The time, in UTC."""
        return datetime.now(UTC)

    async def sleep(self, seconds: float) -> None:
        """Waits."""
        import asyncio

        await asyncio.sleep(max(0.0, seconds))


class SystemEntropy:
    """The machine's chance."""

    def guid(self) -> str:
        """A new GUID."""
        import uuid

        return str(uuid.uuid4())


class SystemMeter:
    """The machine's time since it was made, and what this process holds."""

    def __init__(self) -> None:
        self._start = time.monotonic()

    def seconds(self) -> float:
        """Seconds that went by."""
        return time.monotonic() - self._start

    def memory(self) -> int:
        """Bytes that the process holds; where the machine doesn't say, the most that it ever held, or 0."""
        try:
            with open("/proc/self/statm", "rb") as held:
                return int(held.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
        except (OSError, ValueError, IndexError, AttributeError):
            return _most_ever()


def _most_ever() -> int:
    try:
        import resource
    except ImportError:
        return 0
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


def meter() -> Meter:
    """What a proof costs from now on."""
    return SystemMeter()


def debugging() -> bool:
    """Whether `PERCA_DEBUG` asks for tracebacks."""
    return os.environ.get("PERCA_DEBUG", "") not in ("", "0")


class Killed:
    """Ends this process, as a power cut would, at a named point when it is reached for the n-th time."""

    def __init__(self, point: str, times: int) -> None:
        self._point = point
        self._left = times

    def at(self, point: str) -> None:
        """Doesn't return when it is time."""
        if point == self._point:
            self._left -= 1
            if self._left == 0:
                os.kill(os.getpid(), signal.SIGKILL)


def faults() -> Faults:
    """The fault that `PERCA_FAULT` asks for, for crash tests: `STEP-KIND:POINT`, or `STEP-KIND:POINT:N` for the n-th such step."""
    text = os.environ.get("PERCA_FAULT", "")
    if not text:
        return NoFaults()
    kind, _, rest = text.partition(":")
    point, _, times = rest.partition(":")
    if not (kind and point and (times or "1").isdecimal()):
        raise BadInput(f"PERCA_FAULT is `{text}`", "STEP-KIND:POINT or STEP-KIND:POINT:N, or nothing")
    return Killed(f"{kind}:{point}", int(times or "1"))


@dataclass(frozen=True, slots=True)
class EmbeddedTenant:
    """A Perca database on this machine, asked in process."""

    path: Path


@dataclass(frozen=True, slots=True)
class GraphRoot:
    """A Graph root behind an address: a served embedded tenant, or any Graph."""

    url: str


@dataclass(frozen=True, slots=True)
class EntraTenant:
    """A tenant in Microsoft's cloud."""

    name: str


Target = EmbeddedTenant | GraphRoot | EntraTenant

_FORMS = "a tenant is the path of an existing Perca database, an http(s) Graph root, or entra:DOMAIN-OR-ID"


def target(option: str | None) -> Target:
    """The tenant that `--tenant` or else `PERCA_TENANT` names; raises BadInput when it has none of the three forms."""
    text = option if option is not None else os.environ.get("PERCA_TENANT", "")
    if not text:
        raise BadInput("no tenant was named", f"give --tenant or set PERCA_TENANT; {_FORMS}")
    scheme, colon, rest = text.partition(":")
    match scheme.lower() if colon else "":
        case "http" | "https":
            return GraphRoot(text)
        case "entra":
            if not rest.strip():
                raise BadInput("`entra:` names no tenant", "give its domain or id: entra:DOMAIN-OR-ID")
            return EntraTenant(rest.strip())
    path = Path(text)
    if not path.is_file():
        raise BadInput(f"`{text}` is no tenant: there is no such database", _FORMS)
    return EmbeddedTenant(path)


def bearer_secret(file: Path | None) -> str:
    """The secret from `--secret-file` or else `PERCA_SECRET`; empty when there is none, BadInput when the file can't be read."""
    if file is not None:
        try:
            return file.read_text("utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise BadInput(
                f"`{file}` holds no secret that can be read", "name a text file with the secret"
            ) from error
    return os.environ.get("PERCA_SECRET", "").strip()


def bearer_of(where: Target, file: Path | None) -> str:
    """The secret that this tenant needs: an embedded one needs none, Microsoft's cloud needs a sign-in that isn't there yet."""
    match where:
        case EmbeddedTenant():
            return ""
        case GraphRoot():
            return bearer_secret(file)
        case EntraTenant(name):
            raise BadInput(
                f"signing in to Microsoft's cloud (`entra:{name}`) is not built yet",
                "name a Perca database, or a Graph root with a token in PERCA_SECRET",
            )


@dataclass(frozen=True, slots=True)
class Connection:
    """A tenant that can be asked: who it is, its directory, and the clock that its waits are taken from.

    `control` is the control path of an embedded tenant, or None: then time is real, and people sign in by themselves.
    """

    directory: GraphDirectory
    id: TenantId
    name: str
    clock: Clock
    control: Control | None
    root: str
    token: TokenProvider
    transport: Transport


@contextlib.asynccontextmanager
async def connect(
    where: Target, *, secret: str, mfa_settings: Json | None = None
) -> AsyncIterator[Connection]:
    """The tenant behind a target. `mfa_settings` is the operator's word; an embedded tenant has one of its own where none is given."""
    match where:
        case EmbeddedTenant(path):
            from perca.tenant import Store
            from perca.tenant.seed import mfa_settings as own_settings

            with contextlib.closing(Store.open(path)) as store:
                settings = mfa_settings if mfa_settings is not None else own_settings(store)
                async with embedded(store, settings) as connection:
                    yield connection
        case GraphRoot(url):
            async with served(url, secret, mfa_settings) as connection:
                yield connection
        case EntraTenant():
            bearer_of(where, None)


@contextlib.asynccontextmanager
async def embedded(
    store: Store, mfa_settings: Json | None, entropy: Entropy | None = None
) -> AsyncIterator[Connection]:
    """An embedded tenant in this process, asked through the same client as any other; its secret lives as long as this."""
    import secrets

    import httpx2

    from perca.graph import HttpxTransport
    from perca.tenant import Control, application, sending

    secret = secrets.token_urlsafe(32)
    transport = httpx2.ASGITransport(app=application(store, secret=secret))
    async with httpx2.AsyncClient(transport=transport, trust_env=False) as client:
        control = Control(sending(client, IN_PROCESS, secret))
        chance = entropy or SystemEntropy()
        yield await _connected(HttpxTransport(client), IN_PROCESS, secret, control, mfa_settings, chance)


IN_PROCESS = "http://embedded.invalid"
"""Where the embedded tenant stands for the client: a name that no network resolves."""
KEPT_ALIVE = 4.0
"""Seconds after which an idle connection of the control path is let go, before the server does it (uvicorn: 5): its calls aren't repeated."""


@contextlib.asynccontextmanager
async def served(
    root: str, secret: str, mfa_settings: Json | None, entropy: Entropy | None = None
) -> AsyncIterator[Connection]:
    """A Graph root. One that has our control path is a served embedded tenant, whose time is virtual."""
    import httpx2

    from perca.graph import Graph, HttpxTransport
    from perca.graph import secret as bearer
    from perca.tenant import Control, sending

    async with (
        HttpxTransport.connect() as transport,
        httpx2.AsyncClient(
            trust_env=False, timeout=60.0, limits=httpx2.Limits(keepalive_expiry=KEPT_ALIVE)
        ) as client,
    ):
        root = Graph(transport, root, bearer(secret), SystemClock()).root  # an address that is none ends here
        await _check_secret(transport, root, secret)
        has_control = await _has_control_path(transport, root, secret)
        control = Control(sending(client, root, secret)) if has_control else None
        yield await _connected(transport, root, secret, control, mfa_settings, entropy or SystemEntropy())


@contextlib.asynccontextmanager
async def over_socket(
    store: Store, mfa_settings: Json | None, entropy: Entropy | None = None
) -> AsyncIterator[Connection]:
    """An embedded tenant that a thread of this process serves on the loopback interface, asked there."""
    import secrets
    import threading

    from perca.tenant import application
    from perca.tenant.serve import HOST, listen, server

    secret = secrets.token_urlsafe(32)
    ready = threading.Event()
    with contextlib.closing(listen()) as listener:
        serving = server(application(store, secret=secret), started=ready.set)
        thread = threading.Thread(target=serving.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        try:
            if not ready.wait(30):
                raise RemoteFailed("the embedded tenant did not begin to answer", "run it again")
            address = f"http://{HOST}:{listener.getsockname()[1]}"
            async with served(address, secret, mfa_settings, entropy) as connection:
                yield connection
        finally:
            serving.should_exit = True
            thread.join(30)


async def _check_secret(transport: Transport, root: str, secret: str) -> None:
    """BadInput when an address has no secret; RemoteFailed when nothing answers there, which counts first."""
    if secret:
        return
    from perca.graph import Request

    await transport.send(Request("GET", f"{root}/v1.0/organization"))
    raise BadInput("an address needs a secret", "set PERCA_SECRET, or give --secret-file FILE")


async def _has_control_path(transport: Transport, root: str, secret: str) -> bool:
    """Whether our control path is behind this root: a real Graph knows no such path. Raises RemoteFailed when nothing answers."""
    import msgspec

    from perca.graph import Request

    request = Request("GET", f"{root}/perca/clock", {"Authorization": f"Bearer {secret}"})
    answer = await transport.send(request)
    try:
        body = msgspec.json.decode(answer.body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return False
    return answer.status == 200 and isinstance(body, dict) and "policyLag" in body


async def _connected(
    transport: Transport,
    root: str,
    secret: str,
    control: Control | None,
    mfa_settings: Json | None,
    entropy: Entropy,
) -> Connection:
    from perca.graph import Graph, GraphDirectory
    from perca.graph import secret as bearer
    from perca.tenant import TenantClock

    clock: Clock = SystemClock() if control is None else await TenantClock.start(control)
    token = bearer(secret)
    directory = GraphDirectory(
        Graph(transport, root, token, clock, entropy=entropy), mfa_settings=mfa_settings
    )
    id, name = await directory.organization()
    return Connection(directory, id, name, clock, control, root, token, transport)
