"""`$batch`: twenty calls in one request, each with a status of its own; the outer 200 says nothing about them.

Parts are matched by id alone, whatever their order. A part that is missing, answered twice or answered without a status is not
answered; parts refused for haste are asked again, alone (FACTS.md sections 1.2 and 8).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from perca.errors import RemoteFailed
from perca.graph.fault import Fault
from perca.graph.pacing import Service, load_of
from perca.graph.patience import Patience, retry_after
from perca.graph.steps import Exchange, rest
from perca.migrate.directory import Json

MOST_PARTS = 20
_REPEATABLE = frozenset({"GET", "PATCH", "DELETE"})
_JSON = {"Content-Type": "application/json"}


@dataclass(frozen=True, slots=True)
class Call:
    """One part of a batch; `path` is relative to the version, as in `/users/ID`."""

    method: str
    path: str
    body: Json | None = None


@dataclass(frozen=True, slots=True)
class Answered:
    """A part with its status; a body that is no JSON object is None."""

    status: int
    body: Json | None = None
    retry_after: str | None = None

    @property
    def succeeded(self) -> bool:
        """Whether the status is one of success."""
        return 200 <= self.status < 300

    @property
    def fault(self) -> Fault:
        """The refusal that the part holds."""
        return Fault.read(self.status, self.body)


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A part that the service left out, or of which it said two things."""

    why: str

    def __str__(self) -> str:
        return self.why


Part = Answered | Unanswered
MISSING = Unanswered("not answered in the batch")
TWICE = Unanswered("answered twice in the batch")


def is_repeatable(calls: Sequence[Call]) -> bool:
    """Whether the calls mean the same when they are made twice."""
    return all(call.method in _REPEATABLE for call in calls)


def load_of_all(calls: Sequence[Call]) -> Mapping[Service, int]:
    """What a batch of `calls` counts against the limits: as much as its parts one by one."""
    total: Counter[Service] = Counter()
    for call in calls:
        total.update(load_of(call.method, call.path))
    return total


def body_of(calls: Mapping[str, Call]) -> Json:
    """The request body of a batch, by id."""
    parts: list[Json] = []
    for id, call in calls.items():
        part: Json = {"id": id, "method": call.method, "url": call.path}
        if call.body is not None:
            part |= {"headers": _JSON, "body": call.body}
        parts.append(part)
    return {"requests": parts}


def read_parts(answer: Json, asked: Mapping[str, Call]) -> dict[str, Part]:
    """What the answer says of each part that was asked; RemoteFailed when it is no answer to a batch."""
    responses = answer.get("responses")
    if not isinstance(responses, list):
        raise RemoteFailed(
            "the answer to a batch holds no responses", "check that the address is a Graph root"
        )
    parts: dict[str, Part] = {}
    for response in responses:
        id = response.get("id") if isinstance(response, dict) else None
        if not isinstance(id, str) or id not in asked:
            continue
        parts[id] = TWICE if id in parts else _part(response)
    return {id: parts.get(id, MISSING) for id in asked}


def _part(response: Json) -> Part:
    status, body, headers = response.get("status"), response.get("body"), response.get("headers")
    if type(status) is not int or not 100 <= status <= 599:
        return MISSING
    named = [
        value
        for name, value in (headers.items() if isinstance(headers, dict) else ())
        if name.lower() == "retry-after" and isinstance(value, str | int)
    ]
    return Answered(status, body if isinstance(body, dict) else None, str(named[0]) if named else None)


def in_batch(
    calls: Mapping[str, Call],
    post: Callable[[Mapping[str, Call]], Exchange[Json]],
    patience: Patience,
    now: Callable[[], datetime],
) -> Exchange[dict[str, Part]]:
    """Up to twenty calls by id; `post` sends some of them as one batch. Parts are asked again as `patience` says."""
    if not 0 < len(calls) <= MOST_PARTS:
        raise ValueError(f"a batch of {len(calls)}")
    done: dict[str, Part] = {}
    open_calls, attempt, spent = dict(calls), 0, 0.0
    while True:
        done |= read_parts((yield from post(open_calls)), open_calls)
        waits = {id: _again(open_calls[id], done[id], attempt, patience, now()) for id in open_calls}
        again = {
            id: wait for id, wait in waits.items() if wait is not None and spent + wait <= patience.total
        }
        if not again:
            return done
        wait = max(again.values())
        open_calls = {id: open_calls[id] for id in again}
        attempt, spent = attempt + 1, spent + wait
        yield from rest(wait)


def _again(call: Call, part: Part, attempt: int, patience: Patience, now: datetime) -> float | None:
    """How long to wait before the part is asked again; None: what it says stands."""
    repeatable = call.method in _REPEATABLE
    match part:
        case Unanswered():
            return patience.backoff(attempt) if repeatable and attempt < patience.failed else None
        case Answered(status, _, named):
            return patience.after(status, retry_after(named, now), attempt, repeatable=repeatable)
