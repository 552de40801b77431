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


def as_it_stands(asked: Requirement, sign_in: SignIn) -> Requirement:
    """What is asked for at that sign-in: less only where it certainly began with a device code, by a person."""
    return without_devices(asked) if _by_code(sign_in) else asked


def as_it_may_stand(asked: Requirement, sign_in: SignIn) -> Requirement:
    """The most that it may come to: nobody may have told that a device code was there."""
    perhaps = sign_in.flow in (None, Flow.DEVICE_CODE) and sign_in.workload is None
    return without_devices(asked) if perhaps else asked


def as_asked(rule: Rule, sign_in: SignIn) -> Rule:
    """The rule as it stands at that sign-in."""
    return at_device_codes(rule) if _by_code(sign_in) else rule


def _by_code(sign_in: SignIn) -> bool:
    return sign_in.flow is Flow.DEVICE_CODE and sign_in.workload is None


def at_device_codes(rule: Rule) -> Rule:
    """The rule as it stands for sessions that began with a device code."""
    asked = frozenset(rule.clauses)
    left = without_devices(asked)
    return rule if left == asked else replace(rule, clauses=tuple(sorted(left, key=str)))
