"""A rule: one source's demand, with the conditions under which it is made. Every source of MFA is a list of these.

INVARIANT: every condition of every rule is a predicate on exactly one coordinate of a sign-in. `space` tabulates that, and
the counts of `prove` are exact because of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from perca.model import Clause, SessionControls, Unrecognised
from perca.policy.answer import Answer, Unknown
from perca.policy.basis import Basis, Certainty
from perca.policy.coordinates import Coordinate
from perca.policy.directory import View

NOT_KNOWN = Basis(Certainty.UNCONFIRMED, "ours")
"""Of a condition that nobody can read: it is never certain, so nothing hangs on its basis."""


class Condition(Protocol):
    """A predicate on one coordinate's value."""

    @property
    def coordinate(self) -> Coordinate:
        """The one coordinate it looks at."""
        ...

    @property
    def basis(self) -> Basis:
        """Where what it says was read, and how sure that is."""
        ...

    def holds(self, view: View, value: object) -> Answer:
        """Whether the condition holds for that value; a value of None is a fact that isn't known."""
        ...


@dataclass(frozen=True, slots=True)
class Unmodelled:
    """A condition that we can't read: unknown for every sign-in."""

    what: Unrecognised
    coordinate: Coordinate = Coordinate.NOTHING
    basis: Basis = NOT_KNOWN

    def holds(self, view: View, value: object) -> Answer:
        """Unknown, naming the condition."""
        return Unknown((f"{self.what.where} is not modelled: {self.what.value}",))


@dataclass(frozen=True, slots=True)
class Settling:
    """A rule that a write may or may not have reached yet: unknown for every sign-in, and perhaps not the same at the next."""

    coordinate: Coordinate = Coordinate.NOTHING
    basis: Basis = NOT_KNOWN

    def holds(self, view: View, value: object) -> Answer:
        """Unknown."""
        return Unknown(("a write of this policy is still settling",))


@dataclass(frozen=True, slots=True)
class Source:
    """Who asks: Graph's requirementProvider word, with an id and a name."""

    provider: str
    id: str
    display_name: str


@dataclass(frozen=True, slots=True)
class Rule:
    """What a source asks for (`clauses`) when all `conditions` hold.

    `enforced` is False for report-only policies. `session` never counts as MFA; what of it isn't modelled makes the outcome "not
    assessed" where the rule may apply. `key` tells rules of one source apart. `basis` is that of what the source asks for.
    """

    key: str
    source: Source
    conditions: tuple[Condition, ...]
    clauses: tuple[Clause, ...]
    enforced: bool = True
    session: SessionControls = SessionControls()
    basis: Basis = Basis(Certainty.OFFICIAL, "concept-conditional-access-grant", "03/2024")
