"""Which controls are MFA-grade, and which imply which: the built-in authentication strengths and the lattice of all.

Source: concept-authentication-strengths (03/2025) and real exports, FACTS.md 10.4 and 14.4.6. A strength is MFA-grade iff every
combination that it allows is; custom controls never are (13.12).
"""

from __future__ import annotations

from perca.model import BuiltIn, Clause, Control, Requirement, StrengthControl, StrengthId

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


MFA_GRADE: Combinations = combinations(_MFA_COMBINATIONS) | combinations(_ALSO_SEEN)

BUILT_IN: dict[StrengthId, Combinations] = {
    StrengthId("00000000-0000-0000-0000-000000000002"): combinations(_MFA_COMBINATIONS),
    StrengthId("00000000-0000-0000-0000-000000000003"): combinations(
        "windowsHelloForBusiness; fido2; x509CertificateMultiFactor; deviceBasedPush"
    ),
    StrengthId("00000000-0000-0000-0000-000000000004"): combinations(
        "windowsHelloForBusiness; fido2; x509CertificateMultiFactor"
    ),
}


def is_mfa_grade(control: Control) -> bool:
    """Whether the control by itself guarantees MFA."""
    if isinstance(control, StrengthControl):
        return bool(control.combinations) and control.combinations <= MFA_GRADE  # type: ignore[operator]  # not None here
    return control is BuiltIn.MFA


def guarantees_mfa(clause: Clause) -> bool:
    """Whether each of the clause's alternatives is MFA-grade: `mfa or compliantDevice` is not."""
    return bool(clause) and all(is_mfa_grade(control) for control in clause)


def control_entails(stronger: Control, weaker: Control) -> bool:
    """Whether whatever satisfies the one satisfies the other."""
    if stronger == weaker:
        return True
    if weaker is BuiltIn.MFA:
        return is_mfa_grade(stronger)
    if isinstance(stronger, StrengthControl) and isinstance(weaker, StrengthControl):
        if stronger.combinations is None or weaker.combinations is None or not stronger.combinations:
            return False
        return stronger.combinations <= weaker.combinations
    return False


def clause_entails(stronger: Clause, weaker: Clause) -> bool:
    """Whether each alternative of the one implies some alternative of the other."""
    return all(any(control_entails(mine, theirs) for theirs in weaker) for mine in stronger)


def entails(requirement: Requirement, clause: Clause) -> bool:
    """Whether meeting the requirement meets the clause; a block, which nobody meets, entails every clause."""
    return any(BuiltIn.BLOCK in mine or clause_entails(mine, clause) for mine in requirement)
