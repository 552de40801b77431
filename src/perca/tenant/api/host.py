"""The service behind the routes: the store, the two pictures of it, and the switches that tests turn.

Promises that every request passes the same gates in the same order: the switch that denies, the throttle, the random
faults, then its route. A part of a batch passes them too, each for itself.
"""

from __future__ import annotations

import random
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field

from perca.tenant.api.exchange import Answer, Ask, Route, answer_with
from perca.tenant.errors import GraphError, error_body, forbidden, no_such_segment
from perca.tenant.guid import made_guid
from perca.tenant.picture import Picture
from perca.tenant.sign_in import SignInService
from perca.tenant.store import Store
from perca.tenant.time import written


@dataclass(frozen=True, slots=True)
class Switches:
    """What a test can make the service do. Everything is off by default."""

    page_size: int | None = None
    """No page is longer than that."""
    deny: tuple[str, ...] = ()
    """Paths below the version, such as `/groups/ID/members`: they and everything below them answer 403."""
    throttle: bool = False
    """Microsoft's limits, counted in virtual time."""
    too_many: float = 0.0
    """How often a request is answered 429, at random but the same for the same seed."""
    unavailable: float = 0.0
    """How often a request is answered 503."""
    seed: int = 0
    policies: int = 240
    """How many Conditional Access policies there may be (FACTS.md 14.1)."""


@dataclass(frozen=True, slots=True)
class Limit:
    """So many requests in so many microseconds."""

    requests: int
    within: int


CONDITIONAL_ACCESS = Limit(1, 1_000_000)
REPORTS = Limit(5, 10_000_000)
WRITES = Limit(3000, 150_000_000)


@dataclass
class Throttle:
    """Microsoft's limits for one application in one tenant (FACTS.md section 8), in the tenant's own time."""

    seen: dict[str, deque[int]] = field(default_factory=dict)

    def check(self, ask: Ask, now: int) -> None:
        """Counts a request. GraphError 429 when it is one too many; Conditional Access then doesn't say for how long."""
        first = "/".join(ask.path[:2]).casefold()
        if first.startswith("identity/conditionalaccess"):
            self._count("conditionalAccess", CONDITIONAL_ACCESS, now, says_when=False)
        elif first.startswith(("reports/", "auditlogs/")):
            self._count("reports", REPORTS, now, says_when=True)
        elif ask.method != "GET":
            self._count("writes", WRITES, now, says_when=True)

    def _count(self, name: str, limit: Limit, now: int, *, says_when: bool) -> None:
        times = self.seen.setdefault(name, deque())
        while times and times[0] <= now - limit.within:
            times.popleft()
        if len(times) >= limit.requests:
            wait = max(1, -(-(times[0] + limit.within - now) // 1_000_000))
            raise too_many_requests(wait if says_when else None)
        times.append(now)


def too_many_requests(seconds: int | None) -> GraphError:
    """429, with or without the time to wait."""
    headers = () if seconds is None else (("Retry-After", str(seconds)),)
    return GraphError(429, "TooManyRequests", "Too many requests.", headers)


@dataclass
class Host:
    """An embedded tenant that can be asked."""

    store: Store
    routes: tuple[Route, ...]
    switches: Switches = Switches()
    sign_ins: SignInService = field(init=False)
    present: Picture = field(init=False)
    """The tenant as it is now, which What-If looks at."""
    throttle: Throttle = field(default_factory=Throttle)
    asked: int = 0

    def __post_init__(self) -> None:
        self.sign_ins = SignInService(self.store)
        self.present = Picture(lagging=False)
        self._random = random.Random(self.switches.seed)
        self._denied = tuple(tuple(_segments(path)) for path in self.switches.deny)
        self._table: dict[tuple[str, int], list[tuple[tuple[str, ...], Route]]] = {}
        for route in self.routes:
            pattern = tuple(_segments(route.path))
            self._table.setdefault((route.method, len(pattern)), []).append((pattern, route))

    def answer(self, ask: Ask) -> Answer:
        """Answers a Graph request, or a part of a batch: an error is an answer too."""
        try:
            self._gates(ask)
            route, values = self._find(ask)
            return route.handler(self, ask, values)
        except GraphError as error:
            return self.refusal(ask, error)

    def request_id(self) -> str:
        """The id of the request that is being answered."""
        return made_guid(self.store.number, f"request/{self.asked}")

    def refusal(self, ask: Ask, error: GraphError) -> Answer:
        """The error as an answer."""
        request_id = self.request_id()
        with self.store.reading() as now:
            date = written(now.times().now)
        body = error_body(
            error,
            date=date.removesuffix("Z"),
            request_id=request_id,
            client_request_id=ask.headers.get("client-request-id", request_id),
        )
        return answer_with(body, error.status, error.headers)

    def _gates(self, ask: Ask) -> None:
        if ask.version == "perca":
            return
        path = tuple(segment.casefold() for segment in ask.path)
        self.check_denied(path)
        if path[:1] == ("$batch",):
            return
        if self.switches.throttle:
            with self.store.reading() as now:
                self.throttle.check(ask, now.times().now)
        drawn = self._random.random() if self.switches.too_many or self.switches.unavailable else 1.0
        if drawn < self.switches.too_many:
            raise too_many_requests(1)
        if drawn < self.switches.too_many + self.switches.unavailable:
            raise GraphError(
                503, "ServiceUnavailable", "The service is unavailable.", (("Retry-After", "1"),)
            )

    def check_denied(self, path: tuple[str, ...]) -> None:
        """GraphError 403 for a path, in lower case, that the switch denies; also asked of a property that needs a permission of its own."""
        if any(path[: len(denied)] == denied for denied in self._denied):
            raise forbidden()

    def _find(self, ask: Ask) -> tuple[Route, Mapping[str, str]]:
        others = False
        for method in dict.fromkeys((ask.method, "GET", "POST", "PATCH", "DELETE")):
            for pattern, route in self._table.get((method, len(ask.path)), ()):
                values = _match(pattern, ask.path)
                if values is not None and ask.version in route.versions:
                    if method == ask.method:
                        return route, values
                    others = True
        if others:
            raise GraphError(
                405, "Request_BadRequest", "Specified HTTP method is not allowed for the request target."
            )
        raise no_such_segment(ask.path[-1] if ask.path else "")


def _segments(path: str) -> list[str]:
    return [
        segment if segment.startswith("{") else segment.casefold() for segment in path.split("/") if segment
    ]


def _match(pattern: tuple[str, ...], path: tuple[str, ...]) -> dict[str, str] | None:
    values: dict[str, str] = {}
    for wanted, given in zip(pattern, path, strict=True):
        if wanted.startswith("{"):
            if given.startswith("$"):
                return None
            values[wanted[1:-1]] = given
        elif wanted != given.casefold():
            return None
    return values
