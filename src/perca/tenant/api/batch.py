"""`$batch`: up to twenty requests in one, each with a status of its own.

Source: FACTS.md section 8. The answers come in reverse order: Graph promises none, and a client that counts on one fails here
first. A part can only reach paths of the batch's own version.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from perca.tenant.api.exchange import Answer, Ask, Route, answer_with
from perca.tenant.api.host import Host
from perca.tenant.api.paths import read_path, read_query
from perca.tenant.errors import GraphError, malformed
from perca.tenant.json import Json, dump_bytes, loads

MAX_PARTS = 20


def batch(host: Host, ask: Ask, _: Mapping[str, str]) -> Answer:
    """Answers each part; a part whose prerequisite failed is answered 424."""
    parts = _parts(ask.object())
    answers: dict[str, Answer] = {}
    for part in parts:
        host.asked += 1
        needed = [answers.get(id) for id in part.get("dependsOn", ())]
        if any(answer is None or answer.status >= 400 for answer in needed):
            error = GraphError(424, "FailedDependency", "A request that this one depends on has failed.")
            answers[part["id"]] = host.refusal(ask, error)
        else:
            answers[part["id"]] = _answer(host, ask, part)
    return answer_with({"responses": [_response(id, answer) for id, answer in reversed(answers.items())]})


def _parts(body: Json) -> list[Json]:
    """The parts, in order, each with an id of its own. GraphError 400 when the batch isn't one."""
    parts = body.get("requests")
    if not isinstance(parts, list) or not all(isinstance(part, dict) for part in parts):
        raise malformed("Invalid batch payload format.")
    if not 1 <= len(parts) <= MAX_PARTS:
        raise malformed(f"Number of batch request steps exceeds the maximum value of {MAX_PARTS} or is none.")
    ids: set[str] = set()
    for part in parts:
        id, needs = part.get("id"), part.get("dependsOn", [])
        if not isinstance(id, str) or not id or id in ids:
            raise malformed("Every request of a batch needs an id of its own.")
        if not isinstance(needs, list) or not set(needs) <= ids:
            raise malformed("'dependsOn' names a request that does not come before.")
        if not isinstance(part.get("method"), str) or not isinstance(part.get("url"), str):
            raise malformed("Every request of a batch needs a method and a url.")
        ids.add(id)
    return parts


def _answer(host: Host, ask: Ask, part: Json) -> Answer:
    try:
        return host.answer(_ask(ask, part))
    except GraphError as error:
        return host.refusal(ask, error)


def _ask(ask: Ask, part: Json) -> Ask:
    told = part.get("headers") or {}
    if not isinstance(told, dict):
        raise malformed("The headers of a batch request are an object.")
    headers = {str(name).lower(): str(value) for name, value in told.items()}
    body = b""
    if part.get("body") is not None:
        if "json" not in headers.get("content-type", "").lower():
            raise malformed("A batch request with a body needs a Content-Type of application/json.")
        body = dump_bytes(part["body"])
    url = urlsplit(part["url"])
    if url.scheme or url.netloc or url.fragment:
        raise malformed("The url of a batch request is relative.")
    path = read_path(url.path)
    if path[:1] == ("$batch",):
        raise malformed("A batch cannot hold a batch.")
    kept = (
        {"client-request-id": ask.headers["client-request-id"]} if "client-request-id" in ask.headers else {}
    )
    return replace(
        ask,
        method=part["method"].upper(),
        path=path,
        query=read_query(url.query),
        headers=kept | headers,
        body=body,
    )


def _response(id: str, answer: Answer) -> Json:
    body: Any = loads(answer.body) if answer.body else None
    headers = {**dict(answer.headers), **({"Content-Type": "application/json"} if body is not None else {})}
    response: Json = {"id": id, "status": answer.status, "headers": headers}
    return response if body is None else {**response, "body": body}


ROUTES = (Route("POST", "/$batch", batch),)
