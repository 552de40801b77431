"""How two requirements stand to each other: does meeting the one meet the other, and the other way round.

Whatever a clause of the one asks for must be entailed by some clause of the other; so a clause that another one subsumes
changes nothing. A block asks for more than anything else does. What isn't known is answered both ways, and where the answers
differ the relation isn't known.
"""

from __future__ import annotations

from enum import StrEnum

from perca.model import Requirement
from perca.policy.strengths import entails


class Relation(StrEnum):
    """What the second of two requirements is, beside the first."""

    EQUAL = "equal"
    STRONGER = "stronger"
    WEAKER = "weaker"
    INCOMPARABLE = "incomparable"
    NOT_ASSESSED = "notAssessed"


_OF = {
    (True, True): Relation.EQUAL,
    (True, False): Relation.STRONGER,
    (False, True): Relation.WEAKER,
    (False, False): Relation.INCOMPARABLE,
}


def compare(before: Requirement, after: Requirement) -> Relation:
    """What `after` is, beside `before`; EQUAL iff each asks for no less than the other."""
    if before == after:
        return Relation.EQUAL
    no_less, no_more = _asks_for_all(after, before), _asks_for_all(before, after)
    return Relation.NOT_ASSESSED if no_less is None or no_more is None else _OF[no_less, no_more]


def _asks_for_all(mine: Requirement, theirs: Requirement) -> bool | None:
    """Whether meeting `mine` meets `theirs`; None where that hangs on what a control means."""
    if all(entails(mine, clause) for clause in theirs):
        return True
    return None if all(entails(mine, clause, unknown_as=True) for clause in theirs) else False
