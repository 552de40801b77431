"""How much an answer may cost: states, seconds and memory. What is spent is never guessed; the answer says so instead.

Time and memory come from a meter (`perca.ports`), so that a proof takes neither from the air.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from perca.ports import Meter, Unmetered

WALKS_PART = 0.5
"""The part of the seconds that the walk may have: the other engine answers other questions fast, and needs time for it."""


class BudgetSpent(Exception):
    """More states, seconds or memory were needed than were allowed; the message says which."""


@dataclass(frozen=True, slots=True)
class Budget:
    """The most states that the walk may look at; the most seconds, and bytes of memory, by the meter. None is no limit."""

    states: int = 500_000
    seconds: float | None = None
    memory: int | None = None
    meter: Meter = field(default_factory=Unmetered)

    def check_states(self, states: int) -> None:
        """Raises BudgetSpent when there are too many."""
        if states > self.states:
            raise BudgetSpent(f"more than {self.states:,} states")

    def check_time(self, part: float = 1.0) -> None:
        """Raises BudgetSpent when that part of the time is over."""
        if self.seconds is not None and self.meter.seconds() > part * self.seconds:
            raise BudgetSpent(f"more than {part * self.seconds:,g} seconds")

    def check_memory(self) -> None:
        """Raises BudgetSpent when more memory is held."""
        if self.memory is not None and self.meter.memory() > self.memory:
            raise BudgetSpent(f"more than {self.memory / 10**9:,g} GB of memory")

    def left(self) -> int | None:
        """How many bytes are left."""
        return None if self.memory is None else max(0, self.memory - self.meter.memory())


def allowing(budget: Budget | int) -> Budget:
    """The budget; a number is one of so many states."""
    return Budget(budget) if isinstance(budget, int) else budget
