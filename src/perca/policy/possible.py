"""What can't be, though each of its parts can, and how sure that is: a proof leaves it out, and says so.

Exchange ActiveSync is Exchange's own protocol; concept-conditional-access-conditions (06/2024) says that Exchange Online should be the
only application of a policy on it, and not that it reaches nothing else. INVARIANT: an impossibility is a conjunction of conditions on one
coordinate each, as a rule's are, and never rests on a fact that nobody told.
"""

from __future__ import annotations

from dataclasses import dataclass

from perca.model import ClientApp, SignIn
from perca.policy.app_groups import EXCHANGE
from perca.policy.basis import Basis, Certainty
from perca.policy.coordinates import Channel, Coordinate, Target, value_at


@dataclass(frozen=True, slots=True)
class ByActiveSync:
    """The client is Exchange ActiveSync."""

    coordinate: Coordinate = Coordinate.CHANNEL

    def holds(self, value: object) -> bool:
        """Whether the channel's client certainly is."""
        assert isinstance(value, Channel)
        return value.client is ClientApp.ACTIVE_SYNC


@dataclass(frozen=True, slots=True)
class ToNoExchange:
    """What is asked for isn't Exchange."""

    coordinate: Coordinate = Coordinate.TARGET

    def holds(self, value: object) -> bool:
        """Whether the target certainly is something else."""
        assert isinstance(value, Target)
        return value.action is not None or value.app not in (None, EXCHANGE)


@dataclass(frozen=True, slots=True)
class Impossibility:
    """Conditions that don't go together."""

    conditions: tuple[ByActiveSync | ToNoExchange, ...]
    words: str
    basis: Basis


CANNOT_BE = (
    Impossibility(
        (ByActiveSync(), ToNoExchange()),
        "Exchange ActiveSync, Exchange's own protocol, reaches Exchange alone, so it is asked about there and nowhere else",
        Basis(Certainty.INFERRED, "concept-conditional-access-conditions", "06/2024"),
    ),
)
RULED_OUT_BY = frozenset(condition.coordinate for each in CANNOT_BE for condition in each.conditions)
"""The coordinates that they look at."""
IMPOSSIBLE = (1 << len(CANNOT_BE)) - 1
"""All of them, a bit each."""


def impossible(coordinate: Coordinate, value: object) -> int:
    """The impossibilities whose conditions on that coordinate all hold: a sign-in of which one holds on every coordinate can't be."""
    found = 0
    for position, each in enumerate(CANNOT_BE):
        holding = (c.holds(value) for c in each.conditions if c.coordinate is coordinate)
        found |= all(holding) << position
    return found


def can_be(sign_in: SignIn) -> bool:
    """Whether there can be such a sign-in, as far as its facts are told; a workload's isn't a person's, and isn't looked at."""
    left = IMPOSSIBLE
    for coordinate in RULED_OUT_BY:
        left &= impossible(coordinate, value_at(sign_in, coordinate))
    return not left
