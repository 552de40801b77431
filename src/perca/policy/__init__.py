"""The specification: when does a sign-in need MFA, by whose word, and how does it end.

Reads like a text: `decide` is the whole, `rules` the sources, one file for each condition. Everything fast is checked against it.
"""

from perca.policy.answer import Answer, No, Unknown, Yes
from perca.policy.decide import Decision, Mfa, RuleAnswer, decide
from perca.policy.outcome import Outcome, outcome
from perca.policy.requirement import covers, is_blocked, requirement, requires_mfa
from perca.policy.rule import Channel, Condition, Coordinate, Rule, Source, Unmodelled, value_at
from perca.policy.rules import Rulebook, applies, rulebook, rules
from perca.policy.strengths import clause_entails, entails, guarantees_mfa

__all__ = [
    "Answer",
    "Channel",
    "Condition",
    "Coordinate",
    "Decision",
    "Mfa",
    "No",
    "Outcome",
    "Rule",
    "RuleAnswer",
    "Rulebook",
    "Source",
    "Unknown",
    "Unmodelled",
    "Yes",
    "applies",
    "clause_entails",
    "covers",
    "decide",
    "entails",
    "guarantees_mfa",
    "is_blocked",
    "outcome",
    "requirement",
    "requires_mfa",
    "rulebook",
    "rules",
    "value_at",
]
