"""What a rule comes to for whoever signs in with a device code: no device can be shown there, so what asks for one can't be met by it.

Source: concept-conditional-access-grant (03/2026), case M66. What a demand leaves besides has to be met: of "MFA or a compliant device"
MFA is left; of a compliant device alone nothing is, and nobody gets in.
"""

from __future__ import annotations

from dataclasses import replace

from perca.model import BLOCK, BuiltIn, Flow, Requirement, SignIn
from perca.policy.rule import Rule

_OF_DEVICES = frozenset({BuiltIn.COMPLIANT_DEVICE, BuiltIn.DOMAIN_JOINED_DEVICE})


def without_devices(asked: Requirement) -> Requirement:
    """What is asked for where nothing can be met by a device."""
    return frozenset((clause - _OF_DEVICES) or BLOCK if clause & _OF_DEVICES else clause for clause in asked)


BY_DEVICE_CODE = "whether the session began with a device code, to which no device can be shown"
"""The fact, where nobody told it."""


def as_asked(rule: Rule, sign_in: SignIn) -> Rule:
    """The rule as it stands at that sign-in: another one only where it certainly began with a device code, by a person."""
    by_code = sign_in.flow is Flow.DEVICE_CODE and sign_in.workload is None
    return at_device_codes(rule) if by_code else rule


def as_perhaps_asked(rule: Rule, sign_in: SignIn) -> Rule:
    """The rule as the most that it may come to: nobody may have told that a device code was there."""
    return (
        at_device_codes(rule)
        if sign_in.flow is None and sign_in.workload is None
        else as_asked(rule, sign_in)
    )


def at_device_codes(rule: Rule) -> Rule:
    """The rule as it stands for sessions that began with a device code."""
    asked = frozenset(rule.clauses)
    left = without_devices(asked)
    return rule if left == asked else replace(rule, clauses=tuple(sorted(left, key=str)))
