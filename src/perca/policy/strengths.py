"""Which controls are MFA-grade, and which imply which: the built-in authentication strengths and the lattice of all.

Source: concept-authentication-strengths (03/2025) and real exports, FACTS.md 10.4 and 14.4.6. A strength is MFA-grade iff every
combination that it allows is; custom controls never are (13.12). A strength that nobody read, a combination or a control word that
isn't modelled may be anything: each question takes `unknown_as`, the answer to give for those. False gives what is certain, True
what is possible.
"""

from __future__ import annotations

from perca.model import (
    BuiltIn,
    Clause,
    Control,
    Requirement,
    StrengthControl,
    StrengthId,
    UnrecognisedControl,
)

_MFA_COMBINATIONS = """
windowsHelloForBusiness; fido2; x509CertificateMultiFactor; deviceBasedPush; temporaryAccessPassOneTime;
temporaryAccessPassMultiUse; password,microsoftAuthenticatorPush; password,softwareOath; password,hardwareOath; password,sms;
password,voice; federatedMultiFactor; microsoftAuthenticatorPush,federatedSingleFactor; softwareOath,federatedSingleFactor;
hardwareOath,federatedSingleFactor; sms,federatedSingleFactor; voice,federatedSingleFactor
"""
_ALSO_SEEN = "password,x509CertificateSingleFactor; password,x509CertificateMultiFactor"

Combinations = frozenset[frozenset[str]]


def combinations(text: str) -> Combinations:
    """The method combinations of a text such as `fido2; password,sms`, folded; the order within a pair says nothing."""
    entries = (entry.strip() for entry in text.split(";"))
    return frozenset(frozenset(part.strip().casefold() for part in e.split(",")) for e in entries if e)


MFA_STRENGTH = StrengthId("00000000-0000-0000-0000-000000000002")

BUILT_IN: dict[StrengthId, Combinations] = {
    MFA_STRENGTH: combinations(_MFA_COMBINATIONS),
    StrengthId("00000000-0000-0000-0000-000000000003"): combinations(
        "windowsHelloForBusiness; fido2; x509CertificateMultiFactor; deviceBasedPush"
    ),
    StrengthId("00000000-0000-0000-0000-000000000004"): combinations(
        "windowsHelloForBusiness; fido2; x509CertificateMultiFactor"
    ),
}

MFA_GRADE = BUILT_IN[MFA_STRENGTH] | combinations(_ALSO_SEEN)
SINGLE_FACTOR = combinations(
    "password; federatedSingleFactor; x509CertificateSingleFactor; sms; email; qrCodePin"
)
"""What satisfies none of the built-in strengths by itself."""


def is_mfa_grade(control: Control, *, unknown_as: bool = False) -> bool:
    """Whether the control by itself guarantees MFA."""
    match control:
        case StrengthControl(combinations=allowed) if allowed:
            return not allowed & SINGLE_FACTOR and (unknown_as or allowed <= MFA_GRADE)
        case StrengthControl() | UnrecognisedControl():
            return unknown_as
    return control is BuiltIn.MFA


def guarantees_mfa(clause: Clause, *, unknown_as: bool = False) -> bool:
    """Whether each of the clause's alternatives is MFA-grade: `mfa or compliantDevice` is not."""
    return bool(clause) and all(is_mfa_grade(control, unknown_as=unknown_as) for control in clause)


def control_entails(stronger: Control, weaker: Control, *, unknown_as: bool = False) -> bool:
    """Whether whatever satisfies the one satisfies the other."""
    if stronger == weaker:
        return True
    match stronger, weaker:
        case (UnrecognisedControl(), _) | (_, UnrecognisedControl()):
            return unknown_as
        case StrengthControl(combinations=mine), StrengthControl(combinations=theirs):
            return mine <= theirs if mine and theirs is not None else unknown_as
    return weaker is BuiltIn.MFA and is_mfa_grade(stronger, unknown_as=unknown_as)


def clause_entails(stronger: Clause, weaker: Clause, *, unknown_as: bool = False) -> bool:
    """Whether each alternative of the one implies some alternative of the other."""
    return all(
        any(control_entails(mine, theirs, unknown_as=unknown_as) for theirs in weaker) for mine in stronger
    )


def entails(requirement: Requirement, clause: Clause, *, unknown_as: bool = False) -> bool:
    """Whether meeting the requirement meets the clause; a block, which nobody meets, entails every clause."""
    return any(
        BuiltIn.BLOCK in mine or clause_entails(mine, clause, unknown_as=unknown_as) for mine in requirement
    )
