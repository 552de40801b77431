"""The second of the three functions: what the rules that apply ask for together. It depends on nothing else.

`unknown_as` is what to answer for controls that aren't known to be MFA-grade or not (see `strengths`).
"""

from __future__ import annotations

from collections.abc import Iterable

from perca.model import BLOCK, Requirement
from perca.policy.rule import Rule
from perca.policy.strengths import guarantees_mfa


def requirement(rules: Iterable[Rule]) -> Requirement:
    """The conjunction of all clauses of the enforced rules."""
    return frozenset(clause for rule in rules if rule.enforced for clause in rule.clauses)


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
