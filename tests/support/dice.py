"""Chance for the random tenants of the laws: the same number always throws the same."""

import random
from collections.abc import Sequence
from typing import TypeVar

from perca.model import Unrecognised

T = TypeVar("T")
WHAT = Unrecognised("somewhere", "something")


class Dice:
    """Throws from a number; `unknown` is how often something isn't known, `settling` whether writes may be under way."""

    def __init__(self, number: int, unknown: float = 0.0, *, settling: bool = True) -> None:
        self.dice = random.Random(number)
        self.unknown = unknown
        self.settling = settling

    def maybe(self, chance: float = 0.5) -> bool:
        return self.dice.random() < chance

    def unsure(self, share: float = 1.0) -> bool:
        """Whether a fact isn't known this time."""
        return self.maybe(self.unknown * share)

    def unsettled(self) -> bool:
        return self.settling and self.unsure(1 / 3)

    def one(self, values: Sequence[T]) -> T:
        return self.dice.choice(values)

    def some(self, values: Sequence[T], most: int = 2, least: int = 0) -> tuple[T, ...]:
        most = min(most, len(values))
        return tuple(self.dice.sample(values, self.dice.randint(min(least, most), most)))

    def unclear(self, share: float = 0.25) -> tuple[Unrecognised, ...]:
        """Perhaps something that nobody can read."""
        return (WHAT,) if self.unsure(share) else ()
