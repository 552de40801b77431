"""The second of the three functions: what the rules that apply ask for together. It depends on nothing else."""

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


def requires_mfa(asked: Requirement) -> bool:
    """Whether some clause can only be met by MFA."""
    return any(guarantees_mfa(clause) for clause in asked)


def covers(rule: Rule) -> bool:
    """Whether the rule alone, where it applies, lets nobody in without MFA: it demands MFA, or blocks."""
    return rule.enforced and (BLOCK in rule.clauses or requires_mfa(frozenset(rule.clauses)))
