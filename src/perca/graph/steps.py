"""What protocol logic asks of the world, as values: send this, wait that long. Nothing here touches a network or a clock.

An `Exchange` is a generator that yields steps and is given the responses; a lost answer is thrown into it. So paging, batching
and retrying are tested with literal responses, and one small runner in `client` carries them out.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from perca.graph.pacing import Service
from perca.graph.transport import Request, Response

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Send:
    """Send the request; `load` is how many calls of each paced service it stands for."""

    request: Request
    load: Mapping[Service, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Wait:
    """Let that many seconds go by."""

    seconds: float


Step = Send | Wait
Exchange = Generator[Step, Response | None, T]


def ask(step: Send) -> Exchange[Response]:
    """Sends and returns the response; NotSent and AnswerLost come out of the `yield`."""
    answer = yield step
    if answer is None:
        raise RuntimeError("a request was answered with nothing")
    return answer


def rest(seconds: float) -> Exchange[None]:
    """Waits."""
    yield Wait(seconds)
