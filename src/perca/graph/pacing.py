"""How fast each service may be asked: limits that Graph states, kept by us before it has to refuse.

Rules (FACTS.md section 8): Conditional Access one call a second for the whole tenant, and its 429 names no time to wait; 3,000
directory writes in 150 seconds; five report calls in ten seconds. Time comes from the `Clock` port, so that virtual time works.
"""

from __future__ import annotations

import asyncio
import re
from collections import deque
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import datetime
from enum import Enum

from perca.ports import Clock


class Service(Enum):
    """A service with a limit of its own; calls to any other wait only when they are told to."""

    CONDITIONAL_ACCESS = "Conditional Access"
    DIRECTORY_WRITES = "directory writes"
    REPORTS = "reports"


SPACING = 1.1
"""Seconds between the answer of one Conditional Access call and the next call: then the service sees them that far apart."""

WINDOWS: Mapping[Service, tuple[int, float]] = {
    # A second, or half of one, longer than stated: a call that was slow to arrive counts later than we sent it.
    Service.DIRECTORY_WRITES: (3000, 151.0),
    Service.REPORTS: (5, 10.5),
}

_CONDITIONAL_ACCESS = re.compile(r"/identity/conditionalAccess\b")
_REPORTS = re.compile(r"/(auditLogs|reports)/")
_DIRECTORY = re.compile(r"/(users|groups)\b")


def load_of(method: str, path: str) -> Mapping[Service, int]:
    """Which limit a single call counts against; nothing for most reads."""
    if _CONDITIONAL_ACCESS.search(path):
        return {Service.CONDITIONAL_ACCESS: 1}
    if _REPORTS.search(path):
        return {Service.REPORTS: 1}
    if method != "GET" and _DIRECTORY.search(path):
        return {Service.DIRECTORY_WRITES: 1}
    return {}


class Pacer:
    """Gives each call its turn. One pacer a tenant: what other programs do there isn't known to it."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._locks = {service: asyncio.Lock() for service in Service}
        self._last: datetime | None = None
        self._calls: dict[Service, deque[datetime]] = {service: deque() for service in WINDOWS}

    @asynccontextmanager
    async def turn(self, load: Mapping[Service, int]) -> AsyncIterator[None]:
        """Entered when the call may be made; left when it is answered."""
        for service in WINDOWS:
            if count := load.get(service, 0):
                async with self._locks[service]:
                    await self._room(service, count)
        if Service.CONDITIONAL_ACCESS not in load:
            yield
            return
        async with self._locks[Service.CONDITIONAL_ACCESS]:
            await self._until(self._last, SPACING * load[Service.CONDITIONAL_ACCESS])
            try:
                yield
            finally:
                self._last = self._clock.now()

    async def _room(self, service: Service, count: int) -> None:
        """Waits until `count` more calls fit into the service's window, and enters them."""
        most, seconds = WINDOWS[service]
        if count > most:
            raise ValueError(f"{count} {service.value} in one request")
        calls = self._calls[service]
        leaving = len(calls) + count - most
        if leaving > 0:
            await self._until(calls[leaving - 1], seconds)
            for _ in range(leaving):
                calls.popleft()
        now = self._clock.now()
        calls.extend([now] * count)

    async def _until(self, since: datetime | None, seconds: float) -> None:
        """Waits until `seconds` after `since`, and never longer than that, should the clock have been set back."""
        if since is None:
            return
        left = seconds - (self._clock.now() - since).total_seconds()
        if left > 0:
            await self._clock.sleep(min(left, seconds))
