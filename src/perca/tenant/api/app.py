"""The ASGI app of an embedded tenant: who may ask, what is asked, and the answer sent back.

Promises that nothing is answered without the secret, that a body is bounded, and that a failure of ours is a 500 in Graph's
shape and never a traceback. Requests are answered one at a time: each is a transaction, and short.
"""

from __future__ import annotations

import hmac
import logging

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route as Path

from perca.tenant.api import (
    authentication,
    batch,
    conditional_access,
    control,
    cross_tenant,
    directory,
    domains,
    groups,
    methods,
    named_locations,
    security_defaults,
    settings,
    strengths,
    users,
    what_if,
)
from perca.tenant.api.exchange import Answer, Ask
from perca.tenant.api.host import Host, Switches
from perca.tenant.api.paths import read_path, read_query
from perca.tenant.errors import GraphError, malformed, no_such_segment
from perca.tenant.store import Store

MAX_BODY = 8 * 1024 * 1024
VERSIONS = ("v1.0", "beta", "perca")
ROUTES = (
    *users.ROUTES,
    *groups.ROUTES,
    *directory.ROUTES,
    *domains.ROUTES,
    *methods.ROUTES,
    *authentication.ROUTES,
    *conditional_access.ROUTES,
    *named_locations.ROUTES,
    *strengths.ROUTES,
    *security_defaults.ROUTES,
    *settings.ROUTES,
    *cross_tenant.ROUTES,
    *what_if.ROUTES,
    *batch.ROUTES,
    *control.ROUTES,
)
_METHODS = ["GET", "POST", "PATCH", "DELETE", "PUT", "HEAD", "OPTIONS"]


def application(
    store: Store,
    *,
    secret: str,
    page_size: int | None = None,
    deny: tuple[str, ...] = (),
    throttle: bool = False,
    too_many: float = 0.0,
    unavailable: float = 0.0,
    seed: int = 0,
    policies: int = 240,
) -> Starlette:
    """The app that serves `store` to whoever knows the secret; the other arguments are `Switches`."""
    if not secret:
        raise ValueError("a served tenant needs a secret")
    switches = Switches(page_size, deny, throttle, too_many, unavailable, seed, policies)
    host = Host(store, ROUTES, switches)

    async def everything(request: Request) -> Response:
        try:
            answer = await _answer(host, request, secret)
        except ClientDisconnect:
            return Response(status_code=400)
        headers = dict(answer.headers)
        headers["request-id"] = host.request_id()
        headers["client-request-id"] = request.headers.get("client-request-id", headers["request-id"])
        media = "application/json" if answer.body else None
        return Response(answer.body, answer.status, headers, media_type=media)

    return Starlette(routes=[Path("/{path:path}", everything, methods=_METHODS)])


async def _answer(host: Host, request: Request, secret: str) -> Answer:
    host.asked += 1
    raw = request.scope.get("raw_path") or request.scope["path"].encode()
    root = str(request.base_url).rstrip("/")
    ask = Ask(request.method, root, "v1.0", (), {}, dict(request.headers))
    try:
        path = read_path(raw.decode("ascii").partition("?")[0])
        ask = Ask(request.method, root, path[0].casefold() if path else "", path[1:], {}, ask.headers)
        _authorise(request, secret)
        if ask.version not in VERSIONS:
            raise no_such_segment(path[0] if path else "")
        body = await _body(request)
        query = read_query(request.scope["query_string"].decode("ascii"))
        return host.answer(Ask(ask.method, ask.root, ask.version, ask.path, query, ask.headers, body))
    except UnicodeDecodeError:
        return host.refusal(ask, malformed("The address is not ASCII."))
    except GraphError as error:
        return host.refusal(ask, error)
    except Exception:
        logging.getLogger(__name__).exception("a request to the embedded tenant failed")
        return host.refusal(ask, GraphError(500, "InternalServerError", "The embedded tenant failed."))


def _authorise(request: Request, secret: str) -> None:
    kind, _, told = request.headers.get("authorization", "").partition(" ")
    if kind.casefold() != "bearer" or not told.strip():
        raise _unauthorised("Access token is empty.")
    if not hmac.compare_digest(told.strip().encode(), secret.encode()):
        raise _unauthorised("Access token validation failure.")


def _unauthorised(message: str) -> GraphError:
    return GraphError(401, "InvalidAuthenticationToken", message, (("WWW-Authenticate", "Bearer"),))


async def _body(request: Request) -> bytes:
    parts: list[bytes] = []
    size = 0
    async for part in request.stream():
        size += len(part)
        if size > MAX_BODY:
            raise GraphError(413, "RequestEntityTooLarge", f"The request is larger than {MAX_BODY} bytes.")
        parts.append(part)
    return b"".join(parts)
