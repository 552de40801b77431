"""A scripted Graph: what it answers is written in the test, what it was asked is kept, and its time is virtual."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

import pytest

from perca.graph import Graph, GraphDirectory, Request, Response, secret
from perca.ports import VirtualClock

T = TypeVar("T")
ROOT = "https://graph.example"
TOKEN = "a-token-that-nobody-may-see"

Answer = Response | Exception | Callable[[Request], Response]


def answer(body: object = None, status: int = 200, **headers: str) -> Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    raw = b"" if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
    return Response(status, {"content-type": "application/json", **named}, raw)


def refusal(status: int, code: str = "", message: str = "", **headers: str) -> Response:
    return answer({"error": {"code": code, "message": message}}, status, **headers)


@dataclass
class Asked:
    """One request as it arrived."""

    at: datetime
    method: str
    path: str
    body: Any
    headers: dict[str, str]


@dataclass
class Service:
    """Answers by method and pattern, in the order given; the last answer of a pattern is given again and again.
    A pattern is of the path without its query, or it is the whole path as it stands.

    A `$batch` without an answer of its own is taken apart, and each part answered like a request.
    """

    clock: VirtualClock = field(default_factory=VirtualClock)
    asked: list[Asked] = field(default_factory=list)
    root: str = ROOT
    _scripts: list[tuple[str, str, list[Answer]]] = field(default_factory=list)

    def on(self, method: str, pattern: str, *answers: Answer) -> Service:
        self._scripts.append((method, pattern, list(answers)))
        return self

    async def send(self, request: Request) -> Response:
        assert request.url.startswith(self.root + "/"), request.url
        path = request.url.removeprefix(self.root)
        body = json.loads(request.body) if request.body else None
        self.asked.append(Asked(self.clock.now(), request.method, path, body, dict(request.headers)))
        found = self._find(request.method, path, request)
        if found is None and path.endswith("/$batch"):
            parts = [self._part(path.removesuffix("/$batch"), part) for part in body["requests"]]
            return answer({"responses": parts})
        assert found is not None, f"nothing was scripted for {request.method} {path}"
        return found

    def _part(self, version: str, part: dict[str, Any]) -> dict[str, Any]:
        path = version + part["url"]
        body = json.dumps(part["body"]).encode() if "body" in part else b""
        found = self._find(part["method"], path, Request(part["method"], self.root + path, {}, body))
        assert found is not None, f"nothing was scripted for {part['method']} {path}"
        whole: dict[str, Any] = {"id": part["id"], "status": found.status, "headers": dict(found.headers)}
        return whole | ({"body": json.loads(found.body)} if found.body else {})

    def _find(self, method: str, path: str, request: Request) -> Response | None:
        for expected, pattern, answers in self._scripts:
            if (
                expected == method
                and (re.fullmatch(pattern, path.split("?")[0]) or pattern == path)
                and answers
            ):
                found = answers.pop(0) if len(answers) > 1 else answers[0]
                if isinstance(found, Exception):
                    raise found
                return found if isinstance(found, Response) else found(request)
        return None

    @property
    def graph(self) -> Graph:
        return Graph(self, self.root, secret(TOKEN), self.clock)

    @property
    def directory(self) -> GraphDirectory:
        return GraphDirectory(self.graph, mfa_settings=None)

    @property
    def paths(self) -> list[str]:
        return [f"{asked.method} {asked.path}" for asked in self.asked]


@pytest.fixture
def service() -> Service:
    return Service()


@pytest.fixture(scope="session")
def reply() -> Callable[..., Response]:
    return answer


@pytest.fixture(scope="session")
def refuse() -> Callable[..., Response]:
    return refusal


@pytest.fixture(scope="session")
def run() -> Callable[[Awaitable[T]], T]:
    """Runs to the end, and fails rather than hang."""

    def within(work: Awaitable[T]) -> T:
        async def bounded() -> T:
            async with asyncio.timeout(20):
                return await work

        return asyncio.run(bounded())

    return within
