"""How sure a rule is: where it was read, when, and how far that can be trusted. Every condition and every source carries one."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum


class Certainty(IntEnum):
    """How a rule is known, the surest first; the words are those of FACTS.md."""

    OFFICIAL = 0
    SCHEMA = 1
    THIRD_PARTY = 2
    INFERRED = 3
    UNCONFIRMED = 4

    @property
    def word(self) -> str:
        """The word for people and scripts."""
        return ("official", "schema", "thirdParty", "inferred", "unconfirmed")[self]


@dataclass(frozen=True, slots=True)
class Basis:
    """Where a rule was read: the page, its date, and how far that can be trusted."""

    certainty: Certainty
    page: str
    date: str = ""


ONE_CLAIM = Basis(Certainty.INFERRED, "concept-sign-in-log-activity-details", "03/2024")
"""That MFA done for one source is done for all: the session's claim doesn't say who asked (FACTS.md 1.4, 14.5)."""


def weakest(*bases: Basis) -> Basis:
    """The least sure of them: a chain is as strong as that."""
    return max(bases, key=lambda basis: basis.certainty)
