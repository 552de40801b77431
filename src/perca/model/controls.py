"""What a policy can ask for: built-in controls, authentication strengths, terms of use; and how they combine into clauses.

A requirement is a conjunction of clauses; a clause is a set of alternatives.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from perca.model.ids import StrengthId


class BuiltIn(StrEnum):
    """Graph's `builtInControls`."""

    BLOCK = "block"
    MFA = "mfa"
    COMPLIANT_DEVICE = "compliantDevice"
    DOMAIN_JOINED_DEVICE = "domainJoinedDevice"
    APPROVED_APPLICATION = "approvedApplication"
    COMPLIANT_APPLICATION = "compliantApplication"
    PASSWORD_CHANGE = "passwordChange"
    RISK_REMEDIATION = "riskRemediation"


@dataclass(frozen=True, slots=True)
class StrengthControl:
    """Require an authentication strength.

    `combinations` is what the tenant's strength allows, filled in by `policy.rules`; None where it isn't known, as in a
    policy by itself.
    """

    strength: StrengthId
    combinations: frozenset[frozenset[str]] | None = None

    def __str__(self) -> str:
        return f"authenticationStrength:{self.strength}"


@dataclass(frozen=True, slots=True)
class TermsOfUse:
    """Require that terms of use were accepted."""

    agreement: str

    def __str__(self) -> str:
        return f"termsOfUse:{self.agreement}"


@dataclass(frozen=True, slots=True)
class CustomFactor:
    """A custom control; it never counts as MFA."""

    factor: str

    def __str__(self) -> str:
        return f"customAuthenticationFactor:{self.factor}"


@dataclass(frozen=True, slots=True)
class UnrecognisedControl:
    """A control word that isn't modelled; it never counts as MFA, and an outcome that hangs on it is not assessed."""

    word: str

    def __str__(self) -> str:
        return f"unrecognised:{self.word}"


Control = BuiltIn | StrengthControl | TermsOfUse | CustomFactor | UnrecognisedControl
Clause = frozenset[Control]
"""Alternatives: any one of them is enough."""
Requirement = frozenset[Clause]
"""All of the clauses; the empty requirement asks for nothing."""

BLOCK: Clause = frozenset({BuiltIn.BLOCK})
MFA: Clause = frozenset({BuiltIn.MFA})


UNREADABLE = "unrecognised:"
"""Begins the one word of a combination that could not be read."""


@dataclass(frozen=True, slots=True)
class Narrowing:
    """A configuration by which not every key, or not every issuer, will do; `combinations` is None where any may be meant."""

    combinations: frozenset[frozenset[str]] | None
    says: str
    """What it asks for, as canonical JSON; two that say the same ask for the same."""


@dataclass(frozen=True, slots=True)
class AuthenticationStrength:
    """An authentication strength policy: the method combinations that satisfy it, folded; `kept` is what we don't model."""

    id: StrengthId
    display_name: str
    allowed_combinations: frozenset[frozenset[str]]
    kept: str = "{}"
    """Canonical JSON of the members that aren't modelled, written back as they were."""
    narrowings: tuple[Narrowing, ...] = ()
    """Read from `kept`, which is what is written back."""

    def narrowing(self, combination: frozenset[str]) -> str:
        """All that is asked of the methods of that combination besides; empty where nothing is."""
        asked = (n.says for n in self.narrowings if n.combinations is None or combination in n.combinations)
        return ";".join(sorted(asked))
