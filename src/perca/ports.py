"""The things that must never be taken from the air: time, randomness, what an answer costs, and faults in tests.

Whoever needs one is given one, so that virtual time, repeatable identifiers and a crash at a chosen instruction work
everywhere. `app` gives the real ones.
"""

from __future__ import annotations

import random
import uuid
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Time as the caller sees it."""

    def now(self) -> datetime:
        """The time, with its zone."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Returns when that many seconds of this clock have gone by."""
        ...


class Entropy(Protocol):
    """Where identifiers come from."""

    def guid(self) -> str:
        """A new GUID, in lower case."""
        ...


class Faults(Protocol):
    """A place where a test may make something go wrong."""

    def at(self, point: str) -> None:
        """Called at the named point of a run; may raise, or end the process."""
        ...


class Meter(Protocol):
    """What an answer has cost so far."""

    def seconds(self) -> float:
        """How long it has been asked for."""
        ...

    def memory(self) -> int:
        """How many bytes the process holds."""
        ...


class Unmetered:
    """Costs nothing."""

    def seconds(self) -> float:
        """None."""
        return 0.0

    def memory(self) -> int:
        """None."""
        return 0


class NoFaults:
    """Nothing goes wrong."""

    def at(self, point: str) -> None:
        """Does nothing."""


class VirtualClock:
    """A clock that moves only when somebody sleeps on it or advances it."""

    def __init__(self, start: datetime = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)) -> None:
        self._now = start

    def now(self) -> datetime:
        """The virtual time."""
        return self._now

    def advance(self, seconds: float) -> None:
        """Moves the clock forward; a negative number of seconds is a ValueError."""
        if seconds < 0:
            raise ValueError("time does not go back")
        self._now += timedelta(seconds=seconds)

    async def sleep(self, seconds: float) -> None:
        """Advances at once."""
        self.advance(max(0.0, seconds))


class SeededEntropy:
    """Identifiers that are the same for the same number."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def guid(self) -> str:
        """The next GUID of the sequence."""
        return str(uuid.UUID(int=self._random.getrandbits(128), version=4))
