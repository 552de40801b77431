"""One HTTP request out, one whole response back: all that the Graph client asks of a network.

`HttpxTransport` does it over httpx2, to a socket or into an ASGI app in the same process; what it talks to is decided by the
client that it is handed. It follows no redirect, reads no environment, and bounds the size and the time of every answer.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol, Self

import httpx2

from perca.errors import RemoteFailed

MOST_BYTES = 64 * 1024 * 1024
"""No answer of Graph is near this size; a longer one is refused while it is still being read."""

MOST_SECONDS = 120.0
"""A whole answer must be here by then: the timeouts of single reads don't stop a server that drips."""


@dataclass(frozen=True, slots=True)
class Request:
    """A request with an absolute URL. Headers and body stay out of its text: they hold secrets and people's data."""

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class Response:
    """A response; the names of its headers are in lower case."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes = field(default=b"", repr=False)


class NotSent(RemoteFailed):
    """The request never left: nothing can have happened at the other side."""


class AnswerLost(RemoteFailed):
    """The request may have been carried out; the answer didn't arrive, or only a part of it did."""


class Transport(Protocol):
    """Sends a request."""

    async def send(self, request: Request) -> Response:
        """Returns the whole response, whatever its status; raises NotSent or AnswerLost."""
        ...


class HttpxTransport:
    """A transport over an httpx2 client, which stays its owner's: `async with` closes only a client made by `connect`."""

    def __init__(self, client: httpx2.AsyncClient, *, seconds: float = MOST_SECONDS) -> None:
        self._client = client
        self._seconds = seconds
        self._owned = False

    @classmethod
    def connect(
        cls,
        *,
        http2: bool = True,
        proxy: str | None = None,
        verify: ssl.SSLContext | bool = True,
        seconds: float = MOST_SECONDS,
    ) -> Self:
        """A transport with a connection pool of its own, for http and https; HTTP/2 where the server speaks it."""
        client = httpx2.AsyncClient(
            http2=http2,
            proxy=proxy,
            verify=verify,
            trust_env=False,
            follow_redirects=False,
            timeout=httpx2.Timeout(60.0, connect=10.0),
            # Shorter than servers' own patience (uvicorn: 5 s), so that no POST meets a connection that is just closing.
            limits=httpx2.Limits(max_connections=8, max_keepalive_connections=8, keepalive_expiry=4.0),
        )
        transport = cls(client, seconds=seconds)
        transport._owned = True
        return transport

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._owned:
            await self._client.aclose()

    async def send(self, request: Request) -> Response:
        """Returns the whole response, whatever its status; raises NotSent or AnswerLost."""
        where = _origin(request.url)
        try:
            async with asyncio.timeout(self._seconds):
                return await self._exchange(request)
        except (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout, httpx2.ProxyError) as error:
            raise NotSent(f"`{where}` can't be reached: {_reason(error)}", _CHECK) from error
        except (httpx2.UnsupportedProtocol, httpx2.InvalidURL) as error:
            raise NotSent(f"`{where}` is no address that can be asked", _CHECK) from error
        except httpx2.LocalProtocolError:
            # Its words may quote a header, so they stay out of ours, and out of a chain that might be logged.
            raise NotSent(f"the request to `{where}` can't be written as HTTP", _CHECK) from None
        except (httpx2.HTTPError, TimeoutError) as error:
            raise AnswerLost(f"no whole answer came from `{where}`: {_reason(error)}", _LOST) from error

    async def _exchange(self, request: Request) -> Response:
        async with self._client.stream(
            request.method,
            request.url,
            headers=dict(request.headers),
            content=request.body or None,
            follow_redirects=False,
        ) as answer:
            body = bytearray()
            async for part in answer.aiter_bytes():
                body += part
                if len(body) > MOST_BYTES:
                    raise AnswerLost(
                        f"an answer of more than {MOST_BYTES} bytes was not read to its end", _LOST
                    )
            headers = {name.lower(): value for name, value in answer.headers.items()}
            return Response(answer.status_code, headers, bytes(body))


_CHECK = "check the address given as --tenant and that the other side is up"
_LOST = "what was asked may have happened: look before asking again (`perca resume` does)"


def _origin(url: str) -> str:
    """The scheme, host and port of a URL, without credentials, path or query: fit for a message."""
    try:
        parsed = httpx2.URL(url)
    except httpx2.InvalidURL:
        return "an address that can't be read"
    port = f":{parsed.port}" if parsed.port is not None else ""
    return f"{parsed.scheme}://{parsed.host}{port}"


def _reason(error: Exception) -> str:
    """One short line on what went wrong; httpx2's own words hold neither headers nor bodies."""
    text = " ".join(str(error).split())[:200].rstrip(".")
    kind = type(error).__name__
    return f"{kind} ({text})" if text else kind
