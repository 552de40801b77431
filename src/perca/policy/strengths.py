"""Which controls are MFA-grade, and which imply which: the built-in authentication strengths and the lattice of all.

Source: concept-authentication-strengths (03/2025) and real exports, FACTS.md 10.4 and 14.4.6. A strength is MFA-grade iff every
combination that it allows is; custom controls never are, and neither they nor external MFA meet a strength (13.12). A strength that
nobody read, a combination or a control word that isn't modelled may be anything, and a control that was to be retired may no longer
be asked for: each question takes `unknown_as`, the answer to give for those. False gives what is certain, True what is possible.
"""

from __future__ import annotations

from perca.model import (
    BLOCK,
    UNREADABLE,
    AuthenticationStrength,
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

NARROWED = "narrowed:"
"""Begins the word that stands in a combination for what a configuration asks of its methods besides: certain keys, certain issuers."""

RETIRED: Clause = frozenset({BuiltIn.APPROVED_APPLICATION})
"""To be no longer enforced from March 2026, "as if not selected" (migrate-approved-client-app, 03/2023); whether that has come isn't known."""


def demanded(strength: AuthenticationStrength) -> Combinations:
    """What the strength allows, with a word more in each combination that a configuration narrows."""
    return frozenset(
        combination | {NARROWED + says} if (says := strength.narrowing(combination)) else combination
        for combination in strength.allowed_combinations
    )


def methods(combination: frozenset[str]) -> frozenset[str]:
    """The methods of a combination, whatever is asked of them besides."""
    return frozenset(word for word in combination if not word.startswith(NARROWED))


def is_mfa_grade(control: Control, *, unknown_as: bool = False) -> bool:
    """Whether the control by itself guarantees MFA."""
    match control:
        case StrengthControl(combinations=allowed) if allowed:
            each = frozenset(map(methods, allowed))
            return not each & SINGLE_FACTOR and (unknown_as or each <= MFA_GRADE)
        case StrengthControl() | UnrecognisedControl():
            return unknown_as
    return control is BuiltIn.MFA


def guarantees_mfa(clause: Clause, *, unknown_as: bool = False) -> bool:
    """Whether each of the clause's alternatives is MFA-grade: `mfa or compliantDevice` is not."""
    answers = {
        bool(left) and all(is_mfa_grade(control, unknown_as=unknown_as) for control in left)
        for left in (clause, clause - RETIRED)
    }
    return any(answers) if unknown_as else all(answers)


def control_entails(stronger: Control, weaker: Control, *, unknown_as: bool = False) -> bool:
    """Whether whatever satisfies the one satisfies the other."""
    if stronger == weaker:
        return True
    match stronger, weaker:
        case (UnrecognisedControl(), _) | (_, UnrecognisedControl()):
            return unknown_as
        case StrengthControl(combinations=mine), StrengthControl(combinations=theirs):
            return _allows_no_more(mine, theirs, unknown_as) if mine and theirs else unknown_as
    return weaker is BuiltIn.MFA and is_mfa_grade(stronger, unknown_as=unknown_as)


def _allows_no_more(mine: Combinations, theirs: Combinations, unknown_as: bool) -> bool:
    """Whether each combination of the one is one of the other, narrowed at least as far; one that can't be read may be any."""
    return all(
        any(methods(each) == methods(other) and other <= each for other in theirs)
        or (unknown_as and any(word.startswith(UNREADABLE) for pair in (each, *theirs) for word in pair))
        for each in mine
    )


def is_known(clause: Clause) -> bool:
    """Whether nothing about what meets the clause is open, so that it entails the same however what is unknown is answered."""
    return not clause & RETIRED and all(map(_is_known, clause))


def _is_known(control: Control) -> bool:
    match control:
        case StrengthControl(combinations=allowed):
            words = (word for combination in allowed or () for word in combination)
            return bool(allowed) and not any(word.startswith(UNREADABLE) for word in words)
    return not isinstance(control, UnrecognisedControl)


def clause_entails(stronger: Clause, weaker: Clause, *, unknown_as: bool = False) -> bool:
    """Whether each alternative of the one implies some alternative of the other."""
    answers = {_clause_entails(stronger, weaker, unknown_as)}
    if (stronger | weaker) & RETIRED:
        left, asked = stronger - RETIRED, weaker - RETIRED
        answers.add(not asked or (bool(left) and _clause_entails(left, asked, unknown_as)))
    return any(answers) if unknown_as else all(answers)


def _clause_entails(stronger: Clause, weaker: Clause, unknown_as: bool) -> bool:
    return all(
        any(control_entails(mine, theirs, unknown_as=unknown_as) for theirs in weaker) for mine in stronger
    )


def entails(requirement: Requirement, clause: Clause, *, unknown_as: bool = False) -> bool:
    """Whether meeting the requirement meets the clause; a block, which nobody meets, entails every clause."""
    return any(mine == BLOCK or clause_entails(mine, clause, unknown_as=unknown_as) for mine in requirement)
