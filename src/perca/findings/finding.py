"""A finding: something about a tenant that somebody should know, with whom it concerns, a sign-in that shows it, and what would mend it.

A value without words: `words` makes the sentences, and the command line the JSON. Promises that a finding keeps its `id` for as long as
it is about the same things, whoever is concerned and however many they are.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from enum import IntEnum, StrEnum

from perca.findings.misses import Miss
from perca.model import ConditionalAccessPolicy, PolicyId, SignIn, UserId
from perca.prove import Verdict, Witness
from perca.prove.regions import Region


class Kind(StrEnum):
    """What is found."""

    TOO_FEW_EMERGENCY_ACCOUNTS = "tooFewEmergencyAccounts"
    EMERGENCY_BARRED = "emergencyBarred"
    EMERGENCY_NOT_EXCLUDED = "emergencyNotExcluded"
    EMERGENCY_EXCLUDED_BY_GROUP = "emergencyExcludedByGroup"
    EMERGENCY_DISABLED = "emergencyDisabled"
    EMERGENCY_SYNCHRONISED = "emergencySynchronised"
    EMERGENCY_OUTSIDE_INITIAL_DOMAIN = "emergencyOutsideInitialDomain"
    EMERGENCY_FEDERATED = "emergencyFederated"
    EMERGENCY_NOT_PERMANENT_ADMINISTRATOR = "emergencyNotPermanentAdministrator"
    EMERGENCY_WITHOUT_STRONG_METHOD = "emergencyWithoutStrongMethod"
    EMERGENCY_NEVER_TESTED = "emergencyNeverTested"
    NO_ADMINISTRATOR_GETS_IN = "noAdministratorGetsIn"
    ADMINISTRATOR_BARRED = "administratorBarred"
    NEVER_GETS_IN = "neverGetsIn"
    CANNOT_REGISTER = "cannotRegister"
    REGISTERS_ONLY_SOMEWHERE = "registersOnlySomewhere"
    SYNCHRONISATION_CAUGHT = "synchronisationCaught"
    UNATTENDED_CAUGHT = "unattendedCaught"
    STRENGTH_NOBODY_MEETS = "strengthNobodyMeets"
    STRENGTH_NOT_MET = "strengthNotMet"
    GAP = "gap"
    MORE_GAPS = "moreGaps"
    REPORT_ONLY = "reportOnlyIsNoCover"
    TURNED_OFF = "turnedOffIsNoCover"
    ONE_OF_SEVERAL = "mfaIsOneOfSeveral"
    STRENGTH_WITHOUT_MFA = "strengthWithoutMfa"
    CUSTOM_CONTROL = "customControlIsNoMfa"
    OWNERS_TAKE_OUT = "ownersTakeOut"
    EDITORS_TAKE_OUT = "editorsTakeOut"
    OWN_ATTRIBUTES_TAKE_OUT = "ownAttributesTakeOut"
    DANGLING = "dangling"
    EMPTY_GROUP = "emptyGroup"
    EMPTY_PLACE = "emptyPlace"
    NEVER_APPLIES = "neverApplies"
    REDUNDANT = "redundant"


class Remedy(StrEnum):
    """What a repair of a gap does, the smallest first."""

    DROP_EXCLUSION = "dropExclusion"
    ALL_CLIENTS = "allClients"
    TURN_ON = "turnOn"
    REQUIRE_MFA = "requireMfa"
    NEW_POLICY = "newPolicy"


class Severity(IntEnum):
    """How much harm it does, or could; the worst first."""

    HIGH = 1
    MEDIUM = 2
    LOW = 3

    @property
    def word(self) -> str:
        """The word for it."""
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class Finding:
    """Something found. One that isn't `assessed` may or may not be so, and `missing` names the facts on which it hangs."""

    kind: Kind
    severity: Severity
    about: tuple[str, ...] = ()
    """The ids of what it is about, sorted: with the kind they make the finding's own id."""
    people: tuple[UserId, ...] = ()
    witness: Witness | SignIn | None = None
    """A sign-in that shows it, where one does."""
    policies: tuple[PolicyId, ...] = ()
    """The policies that bring it about, or that would have to change."""
    named: tuple[str, ...] = ()
    """Names for the sentence: of groups, strengths, methods."""
    missing: tuple[str, ...] = ()
    repair: ConditionalAccessPolicy | None = None
    """A policy as it would have to be; one of the tenant's by its id, or a new one whose id is empty."""
    regions: tuple[Region[Verdict], ...] = ()
    """Of a gap, where it is; the largest first."""
    because: tuple[Miss, ...] = ()
    """Of a gap, by which conditions policies miss it."""
    remedy: Remedy | None = None
    """What the repair does."""
    of: tuple[str, ...] = ()
    """The ids of the gaps that it is about."""
    may_be_emergency: bool = False
    """Of a gap, whether it may be there for emergency access accounts, of which nobody named any."""
    alike: tuple[UserId, ...] = ()
    """Of its people, those whose accounts look like such."""

    @property
    def assessed(self) -> bool:
        """Whether it is certain."""
        return not self.missing

    @property
    def id(self) -> str:
        """A digest of the kind, of what it is about, and of whether it is certain: never of numbers, names or words."""
        text = "\x1f".join((self.kind.value, "certain" if self.assessed else "not assessed", *self.about))
        return hashlib.sha256(text.encode()).hexdigest()[:16]


def finding(kind: Kind, severity: Severity, *about: str, **more: object) -> Finding:
    """A finding about these ids, in whatever order they come."""
    return replace(Finding(kind, severity, tuple(sorted(about))), **more)  # type: ignore[arg-type]  # the fields by name
