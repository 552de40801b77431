"""The Graph client: get, pages, batch, post, patch, delete. It isn't told whom it talks to.

Every answer is a whole one or an error of ours with Graph's status and code. The token goes to the root that was given and
nowhere else, and into no message. A POST whose answer was lost is not repeated: whether it happened is for its caller to see.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, TypeVar
from urllib.parse import quote, urlsplit

import msgspec

from perca.errors import BadInput, RemoteFailed
from perca.graph.batching import MOST_PARTS, Call, Part, body_of, in_batch, is_repeatable, load_of_all
from perca.graph.fault import Fault, raised
from perca.graph.pacing import Pacer, load_of
from perca.graph.paging import rest_of
from perca.graph.patience import Patience, patiently
from perca.graph.steps import Exchange, Send, Wait
from perca.graph.transport import AnswerLost, NotSent, Request, Response, Transport
from perca.migrate.directory import Json
from perca.ports import Clock, Entropy

T = TypeVar("T")
TokenProvider = Callable[[], Awaitable[str]]
"""Gives the bearer token of the moment; asked again for every request, so that it may renew it."""

WIDTH = 4
"""How many batches of reads are under way at once."""

# Without it, words newer than the client's version come back as `unknownFutureValue` (FACTS.md section 6.2).
_PREFER = {"Prefer": "include-unknown-enum-members"}
_JSON = {"Content-Type": "application/json"}


def secret(token: str) -> TokenProvider:
    """A provider of one token that never changes, such as the secret of a served tenant."""

    async def provide() -> str:
        return token

    return provide


def is_segment(id: str) -> bool:
    """Whether `id` can be one segment of a path, for every server: some decode `%2F` before they look at the path."""
    return bool(id.strip(".")) and id.isprintable() and not set(id) & set("/\\")


def segment(id: str) -> str:
    """An identifier as one segment of a path; an id that could mean another path is BadInput."""
    if not is_segment(id):
        raise BadInput(
            f"`{id[:80]!a}` is no id",
            "an id holds no slashes and no control characters: check where it comes from",
        )
    return quote(id, safe="@")


class Graph:
    """A Graph root, asked through a transport. `root` has no version: paths begin with `/v1.0/` or `/beta/`."""

    def __init__(
        self,
        transport: Transport,
        root: str,
        token: TokenProvider,
        clock: Clock,
        *,
        patience: Patience | None = None,
        entropy: Entropy | None = None,
    ) -> None:
        self.root = _root(root)
        self._transport = transport
        self._token = token
        self._clock = clock
        patience = patience or Patience()
        self._patience = patience if entropy is None else replace(patience, jitter=_jitter(entropy))
        self._pacer = Pacer(clock)
        self._hidden = ""

    @property
    def clock(self) -> Clock:
        """The clock that waits are taken from."""
        return self._clock

    async def get(self, path: str) -> Json:
        """The object at `path`; raises Denied (401, 403), NotThere (404) or RemoteFailed."""
        return await self._run(self._fetch(self.root + path))

    async def pages(self, path: str) -> list[Json]:
        """All rows of the list at `path`, every page of it, or an error."""
        return await self.rest_of(await self.get(path), path)

    async def rest_of(self, page: Json, path: str) -> list[Json]:
        """The rows of a page that is here already, and those of all pages after it."""
        return await self._run(rest_of(page, f"GET {_shown(path)}", self.root, self._fetch))

    async def post(self, path: str, body: Json, *, reading: bool = False, settling: bool = False) -> Json:
        """What the service answers, `{}` for no body. `reading` says that the POST changes nothing, so it may be repeated."""
        return await self._call("POST", path, body, repeatable=reading, reading=reading, settling=settling)

    async def patch(self, path: str, body: Json, *, settling: bool = False) -> Json:
        """Changes the object at `path`. With `settling`, a 404 is asked again: the object was created just now."""
        return await self._call("PATCH", path, body, repeatable=True, reading=False, settling=settling)

    async def delete(self, path: str) -> None:
        """Deletes the object at `path`; NotThere when it isn't there, and also after a repeated call that had worked."""
        await self._call("DELETE", path, None, repeatable=True, reading=False, settling=False)

    async def batch(self, calls: Sequence[Call], *, version: str) -> list[Part]:
        """Each call's own answer, in the order of the calls; `version` is `v1.0` or `beta`.

        A part that fails stands in the list; a batch that fails as a whole is an error. Reads go out several batches at
        once, anything else one batch after the other.
        """
        numbered = [(str(number), call) for number, call in enumerate(calls)]
        chunks = [dict(numbered[at : at + MOST_PARTS]) for at in range(0, len(numbered), MOST_PARTS)]
        width = WIDTH if all(call.method == "GET" for call in calls) else 1
        answers = await _together([partial(self._batch, chunk, version) for chunk in chunks], width)
        by_id = {id: part for answer in answers for id, part in answer.items()}
        return [by_id[id] for id, _ in numbered]

    async def _batch(self, chunk: Mapping[str, Call], version: str) -> dict[str, Part]:
        def post(calls: Mapping[str, Call]) -> Exchange[Json]:
            return self._post_batch(calls, version)

        return await self._run(in_batch(chunk, post, self._patience, self._clock.now))

    def _post_batch(self, calls: Mapping[str, Call], version: str) -> Exchange[Json]:
        every = list(calls.values())
        request = self._request("POST", f"{self.root}/{version}/$batch", body_of(calls))
        send = Send(request, load_of_all(every))
        reading = all(call.method == "GET" for call in every)
        return self._answer(send, repeatable=is_repeatable(every), reading=reading)

    async def _call(
        self, method: str, path: str, body: Json | None, *, repeatable: bool, reading: bool, settling: bool
    ) -> Json:
        send = Send(self._request(method, self.root + path, body), load_of(method, path))
        return await self._run(
            self._answer(
                send, repeatable=repeatable, reading=reading, settling=settling, bodiless=not reading
            )
        )

    def _fetch(self, url: str) -> Exchange[Json]:
        """The object at an absolute URL that is known to belong to our root."""
        request = Request("GET", url, _PREFER | {"Accept": "application/json"})
        return self._answer(Send(request, load_of("GET", url)), repeatable=True, reading=True)

    def _request(self, method: str, url: str, body: Json | None) -> Request:
        headers = {"Accept": "application/json"} | (_JSON if body is not None else {})
        return Request(method, url, headers, b"" if body is None else msgspec.json.encode(body))

    def _answer(
        self, send: Send, *, repeatable: bool, reading: bool, settling: bool = False, bodiless: bool = False
    ) -> Exchange[Json]:
        """The answer's JSON object; the error that a refusal means. `bodiless` says that no body is fine."""
        response = yield from patiently(
            send, self._patience, self._clock.now, repeatable=repeatable, settling=settling
        )
        method, path = send.request.method, _shown(send.request.url.removeprefix(self.root))
        if not 200 <= response.status < 300:
            raise raised(Fault.of(response, secret=self._hidden), method, path, reading=reading)
        if bodiless and not response.body.strip():
            return {}
        return _object(response, f"{method} {path}")

    async def _run(self, exchange: Exchange[T]) -> T:
        """Carries the steps of an exchange out, one by one, and returns what it comes to."""
        try:
            step = next(exchange)
            while True:
                try:
                    answer = await self._do(step)
                except (NotSent, AnswerLost) as lost:
                    step = exchange.throw(lost)
                else:
                    step = exchange.send(answer)
        except StopIteration as done:
            value: T = done.value
            return value

    async def _do(self, step: Send | Wait) -> Response | None:
        match step:
            case Wait(seconds):
                await self._clock.sleep(seconds)
                return None
            case Send(request, load):
                token = self._hidden = _checked(await self._token())
                headers = {**request.headers, "Authorization": f"Bearer {token}"}
                async with self._pacer.turn(load):
                    return await self._transport.send(replace(request, headers=headers))


def _root(root: str) -> str:
    """The root without its last slash; BadInput when it isn't the http(s) root of a Graph."""
    try:
        at = urlsplit(root)
        bad = at.scheme not in ("http", "https") or not at.hostname or at.port == 0
    except ValueError:
        raise BadInput(f"`{_shown(root)}` is no address", _ROOT) from None
    if "@" in at.netloc:
        raise BadInput("the address of a Graph root holds no user name or password", _ROOT)
    if bad or at.query or at.fragment:
        raise BadInput(f"`{_shown(root)}` is no Graph root", _ROOT)
    if at.path.rstrip("/").endswith(("/v1.0", "/beta")):
        raise BadInput(
            f"`{root}` is a version, not the root of a Graph", "leave out the last part of the path"
        )
    return root.rstrip("/")


_ROOT = "give a Graph root such as https://graph.microsoft.com"


def _shown(url: str) -> str:
    """A path or URL for a message: without its query, where tokens of pages stand."""
    return url.split("?", 1)[0].split("#", 1)[0]


def _checked(token: str) -> str:
    """The token, if it can stand in a header. What is wrong with it must not show it."""
    if not token or not token.isascii() or not token.isprintable() or " " in token:
        raise BadInput(
            "the secret holds characters that no bearer token has", "check for blanks and line ends"
        )
    return token


def _object(response: Response, what: str) -> Json:
    try:
        value: Any = msgspec.json.decode(response.body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        value = None
    if not isinstance(value, dict):
        kind = response.headers.get("content-type", "no content type").split(";")[0][:60]
        raise RemoteFailed(
            f"{what}: {response.status} without a JSON object ({kind}, {len(response.body)} bytes)",
            "check that the address is a Graph root, and that no proxy answers in its place",
        )
    return value


def _jitter(entropy: Entropy) -> Callable[[], float]:
    return lambda: int(entropy.guid()[:8], 16) / 0x1_0000_0000


async def _together(jobs: Sequence[Callable[[], Awaitable[T]]], width: int) -> list[T]:
    """The results in order, `width` jobs at a time; after the first error no other job begins."""
    results: dict[int, T] = {}
    waiting = (numbered for numbered in enumerate(jobs))

    async def work() -> None:
        for number, job in waiting:
            try:
                results[number] = await job()
            except BaseException:
                waiting.close()
                raise

    workers = [asyncio.ensure_future(work()) for _ in range(min(width, len(jobs)))]
    try:
        await asyncio.gather(*workers)
    finally:
        for worker in workers:
            worker.cancel()
        await asyncio.gather(*workers, return_exceptions=True)
    return [results[number] for number in range(len(jobs))]
