"""The second of the three functions: what the rules that apply ask for together. It depends on nothing else.

The requirement is the clauses; a demand has besides what bears on the end alone: the session, and which clauses a risk brought about.
`unknown_as` is what to answer for controls that aren't known to be MFA-grade or not (see `strengths`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from perca.model import BLOCK, Requirement, Unrecognised
from perca.policy.coordinates import Coordinate
from perca.policy.rule import Rule
from perca.policy.session import UNLIMITED, Lifetime, lifetime
from perca.policy.strengths import guarantees_mfa


def requirement(rules: Iterable[Rule]) -> Requirement:
    """The conjunction of all clauses of the enforced rules."""
    return frozenset(clause for rule in rules if rule.enforced for clause in rule.clauses)


@dataclass(frozen=True, slots=True)
class Demand:
    """What rules ask for together: the clauses, those of them that a risk brought about, and how long a session may last."""

    clauses: Requirement
    at_risk: Requirement = frozenset()
    lifetime: Lifetime = UNLIMITED
    unread: tuple[Unrecognised, ...] = ()
    """Session controls that might stop the sign-in and aren't modelled."""


_RISKS = (Coordinate.SIGN_IN_RISK, Coordinate.USER_RISK)


def demand(rules: Iterable[Rule]) -> Demand:
    """What these rules ask for together, whether or not they are enforced."""
    asking = tuple(rules)
    risky = (rule for rule in asking if any(each.coordinate in _RISKS for each in rule.conditions))
    return Demand(
        frozenset(clause for rule in asking for clause in rule.clauses),
        frozenset(clause for rule in risky for clause in rule.clauses),
        lifetime(rule.session for rule in asking),
        tuple(part for rule in asking for part in rule.session.unrecognised),
    )


def is_blocked(asked: Requirement) -> bool:
    """Whether nobody gets in."""
    return BLOCK in asked


def requires_mfa(asked: Requirement, *, unknown_as: bool = False) -> bool:
    """Whether some clause can only be met by MFA."""
    return any(guarantees_mfa(clause, unknown_as=unknown_as) for clause in asked)


def covers(rule: Rule, *, unknown_as: bool = False) -> bool:
    """Whether the rule alone, where it applies, lets nobody in without MFA: it demands MFA, or blocks."""
    asked = frozenset(rule.clauses)
    return rule.enforced and (is_blocked(asked) or requires_mfa(asked, unknown_as=unknown_as))
