"""When a call is tried again, and when we give up. Nothing is repeated that may have been done and must not be done twice.

A refusal for haste (429, or 503 with a Retry-After) was not carried out, so anything may be repeated after it. Other failures
and lost answers are repeated only for calls that mean the same when they are made twice. Every wait is bounded.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from perca.graph.steps import Exchange, Send, ask, rest
from perca.graph.transport import AnswerLost, NotSent, Response

_FAILED = frozenset({500, 502, 503, 504})


def _never() -> float:
    return 0.0


@dataclass(frozen=True, slots=True)
class Patience:
    """How often and how long. `jitter` gives a number from 0 to 1 by which a wait may be longer, up to a quarter."""

    throttled: int = 8
    failed: int = 4
    unsent: int = 2
    absent: int = 5
    """How often a 404 is asked again where a thing was created just now: reads lag behind writes."""
    first: float = 1.1
    longest: float = 60.0
    total: float = 900.0
    """Seconds that one call may wait in all; a Retry-After beyond what is left ends it."""
    jitter: Callable[[], float] = field(default=_never, repr=False)

    def backoff(self, attempt: int) -> float:
        """The wait after failure number `attempt`, counted from 0, where the other side names none."""
        return self._longer(min(self.first * 2.0**attempt, self.longest))

    def _longer(self, seconds: float) -> float:
        return seconds * (1 + self.jitter() / 4)

    def after(
        self,
        status: int,
        retry_after: float | None,
        attempt: int,
        *,
        repeatable: bool,
        settling: bool = False,
    ) -> float | None:
        """How long to wait before asking again after `status`; None: the answer stands."""
        if status == 429 or (status == 503 and retry_after is not None):
            most = self.throttled
        elif status in _FAILED and repeatable:
            most = self.failed
        elif status == 404 and settling:
            most = self.absent
        else:
            return None
        if attempt >= most:
            return None
        return self.backoff(attempt) if retry_after is None else self._longer(retry_after)

    def lost(self, error: NotSent | AnswerLost, attempt: int, *, repeatable: bool) -> float | None:
        """How long to wait after no answer; None: give up."""
        match error:
            case NotSent():
                return self.backoff(attempt) if attempt < self.unsent else None
            case _:
                return self.backoff(attempt) if repeatable and attempt < self.failed else None


def retry_after(header: str | None, now: datetime) -> float | None:
    """Seconds named by a Retry-After header, as a number or as a date; None where there is none that can be read."""
    text = (header or "").strip()
    if text.isascii() and text.isdigit() and len(text) <= 9:
        return float(text)
    try:
        date = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    if date.tzinfo is None:
        date = date.replace(tzinfo=UTC)
    return max(0.0, (date - now).total_seconds())


def patiently(
    send: Send,
    patience: Patience,
    now: Callable[[], datetime],
    *,
    repeatable: bool,
    settling: bool = False,
) -> Exchange[Response]:
    """Returns the response that stands, whatever its status; raises NotSent or AnswerLost when none came."""
    attempt, spent = 0, 0.0
    while True:
        try:
            response = yield from ask(send)
        except (NotSent, AnswerLost) as error:
            wait = patience.lost(error, attempt, repeatable=repeatable)
            if wait is None or spent + wait > patience.total:
                raise
        else:
            named = retry_after(response.headers.get("retry-after"), now())
            wait = patience.after(response.status, named, attempt, repeatable=repeatable, settling=settling)
            if wait is None or spent + wait > patience.total:
                return response
        attempt, spent = attempt + 1, spent + wait
        yield from rest(wait)
