"""The specification: when does a sign-in need MFA, by whose word, and how does it end.

Reads like a text: `decide` is the whole, `rules` the sources, one file for each condition. Everything fast is checked against it.
"""

from perca.policy.answer import Answer, No, Unknown, Yes
from perca.policy.basis import Basis, Certainty, weakest
from perca.policy.coordinates import Channel, Coordinate, Network, Principal, Target, sign_in_of, value_at
from perca.policy.decide import Decision, Mfa, RuleAnswer, decide
from perca.policy.device_codes import as_asked, as_it_stands, at_device_codes, without_devices
from perca.policy.legacy_clients import is_shut_out, shuts_out
from perca.policy.outcome import Outcome, outcome
from perca.policy.possible import CANNOT_BE, IMPOSSIBLE, RULED_OUT_BY, can_be, impossible
from perca.policy.relation import Relation, compare
from perca.policy.requirement import covers, is_blocked, requirement, requires_mfa
from perca.policy.rule import Condition, Rule, Source, Unmodelled
from perca.policy.rules import Rulebook, applies, rulebook, rules
from perca.policy.strengths import clause_entails, entails, guarantees_mfa, is_known

__all__ = [
    "CANNOT_BE",
    "IMPOSSIBLE",
    "RULED_OUT_BY",
    "Answer",
    "Basis",
    "Certainty",
    "Channel",
    "Condition",
    "Coordinate",
    "Decision",
    "Mfa",
    "Network",
    "No",
    "Outcome",
    "Principal",
    "Relation",
    "Rule",
    "RuleAnswer",
    "Rulebook",
    "Source",
    "Target",
    "Unknown",
    "Unmodelled",
    "Yes",
    "applies",
    "as_asked",
    "as_it_stands",
    "at_device_codes",
    "can_be",
    "clause_entails",
    "compare",
    "covers",
    "decide",
    "entails",
    "guarantees_mfa",
    "impossible",
    "is_blocked",
    "is_known",
    "is_shut_out",
    "outcome",
    "requirement",
    "requires_mfa",
    "rulebook",
    "rules",
    "shuts_out",
    "sign_in_of",
    "value_at",
    "weakest",
    "without_devices",
]
