"""A rule: one source's demand, with the conditions under which it is made. Every source of MFA is a list of these.

INVARIANT: every condition of every rule is a predicate on exactly one coordinate of a sign-in. `space` tabulates that, and
the counts of `prove` are exact because of it.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from perca.model import Clause, ClientApp, Credential, Platform, SignIn, Unrecognised
from perca.policy.answer import Answer, Unknown
from perca.policy.directory import View


class Coordinate(StrEnum):
    """What a condition can look at. `NOTHING` is for conditions that we can't read: they are unknown everywhere."""

    PRINCIPAL = "principal"
    TARGET = "target"
    CHANNEL = "channel"
    NETWORK = "network"
    SIGN_IN_RISK = "signInRisk"
    USER_RISK = "userRisk"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Channel:
    """The kind of client, what its user agent claims to run on, and the first factor: they constrain each other."""

    client: ClientApp | None
    platform: Platform | None
    credential: Credential | None


def value_at(sign_in: SignIn, coordinate: Coordinate) -> Hashable:
    """The sign-in's value on a coordinate; None where the fact isn't known."""
    match coordinate:
        case Coordinate.PRINCIPAL:
            return sign_in.user
        case Coordinate.TARGET:
            return sign_in.app
        case Coordinate.CHANNEL:
            return Channel(sign_in.client, sign_in.platform, sign_in.credential)
        case Coordinate.NETWORK:
            return sign_in.address
        case Coordinate.SIGN_IN_RISK:
            return sign_in.sign_in_risk
        case Coordinate.USER_RISK:
            return sign_in.user_risk
        case Coordinate.NOTHING:
            return None


class Condition(Protocol):
    """A predicate on one coordinate's value."""

    @property
    def coordinate(self) -> Coordinate:
        """The one coordinate it looks at."""
        ...

    def holds(self, view: View, value: object) -> Answer:
        """Whether the condition holds for that value; a value of None is a fact that isn't known."""
        ...


@dataclass(frozen=True, slots=True)
class Unmodelled:
    """A condition that we can't read: unknown for every sign-in."""

    what: Unrecognised
    coordinate: Coordinate = Coordinate.NOTHING

    def holds(self, view: View, value: object) -> Answer:
        """Unknown, naming the condition."""
        return Unknown((f"{self.what.where} is not modelled: {self.what.value}",))


@dataclass(frozen=True, slots=True)
class Settling:
    """A rule that a write may or may not have reached yet: unknown for every sign-in, and perhaps not the same at the next."""

    coordinate: Coordinate = Coordinate.NOTHING

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

    `enforced` is False for report-only policies. `session` are session controls that aren't modelled: they never count as
    MFA, and make the outcome "not assessed" where the rule may apply. `key` tells rules of one source apart.
    """

    key: str
    source: Source
    conditions: tuple[Condition, ...]
    clauses: tuple[Clause, ...]
    enforced: bool = True
    session: tuple[Unrecognised, ...] = ()
