"""The third of the three functions: how a sign-in ends, given what is asked and what the person and the client can do.

Source: FACTS.md 3.3.2, 3.3.3, 3.3.6 and 10.4. A sign-in without session facts is a fresh one: nothing is done yet. Somebody who has
no method yet is asked to register, which is a prompt.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum, StrEnum

from perca.model import (
    BuiltIn,
    Clause,
    ClientApp,
    Control,
    Credential,
    Registration,
    Requirement,
    SignIn,
    StrengthControl,
    Unrecognised,
)
from perca.policy.requirement import is_blocked
from perca.policy.strengths import BUILT_IN, MFA_GRADE


class Outcome(StrEnum):
    """How a sign-in ends."""

    GRANTED = "granted"
    PROMPT = "prompt"
    BLOCKED = "blocked"
    NOT_ASSESSED = "notAssessed"


class Standing(IntEnum):
    """How a control stands: what is done is better than what can be done, and that better than what can't."""

    DONE = 0
    TO_DO = 1
    UNKNOWN = 2
    CANNOT = 3


_METHODS = {
    "fido2": "fido2 fido2securitykey passkeydevicebound passkeydeviceboundauthenticator passkeysynced",
    "windowshelloforbusiness": "windowshelloforbusiness",
    "devicebasedpush": "microsoftauthenticatorpasswordless",
    "microsoftauthenticatorpush": "microsoftauthenticatorpush",
    "softwareoath": "softwareonetimepasscode softwareoath",
    "hardwareoath": "hardwareonetimepasscode hardwareoath",
    "sms": "mobilephone alternatemobilephone",
    "voice": "mobilephone alternatemobilephone officephone",
    "temporaryaccesspassonetime": "temporaryaccesspass",
    "temporaryaccesspassmultiuse": "temporaryaccesspass",
}


def outcome(
    asked: Requirement,
    sign_in: SignIn,
    registration: Registration | None,
    session: Iterable[Unrecognised] = (),
) -> Outcome:
    """How the sign-in ends; `session` are session controls that aren't modelled and might stop it."""
    if is_blocked(asked):
        return Outcome.BLOCKED
    standings = [clause_standing(clause, sign_in, registration) for clause in asked]
    worst = max(standings, default=Standing.DONE)
    if worst is Standing.CANNOT:
        return Outcome.BLOCKED
    if worst is Standing.UNKNOWN or any(True for _ in session):
        return Outcome.NOT_ASSESSED
    return Outcome.PROMPT if worst is Standing.TO_DO else Outcome.GRANTED


def clause_standing(clause: Clause, sign_in: SignIn, registration: Registration | None) -> Standing:
    """How a clause stands: done if an alternative is; unknown if one might be; else the best of what is left."""
    standings = {control_standing(control, sign_in, registration) for control in clause}
    for best in (Standing.DONE, Standing.UNKNOWN, Standing.TO_DO):
        if best in standings:
            return best
    return Standing.CANNOT


def control_standing(control: Control, sign_in: SignIn, registration: Registration | None) -> Standing:
    """How one control stands for this client, session, device and person."""
    if control is BuiltIn.BLOCK:
        return Standing.CANNOT
    if sign_in.client is not None and sign_in.client.is_legacy:
        outlook = control in (BuiltIn.APPROVED_APPLICATION, BuiltIn.COMPLIANT_APPLICATION)
        redirected = outlook and sign_in.client is ClientApp.ACTIVE_SYNC
        return Standing.UNKNOWN if redirected else Standing.CANNOT
    if sign_in.client is None or sign_in.client is ClientApp.ALL:
        return (
            Standing.DONE if _standing(control, sign_in, registration) is Standing.DONE else Standing.UNKNOWN
        )
    return _standing(control, sign_in, registration)


def _standing(control: Control, sign_in: SignIn, registration: Registration | None) -> Standing:
    match control:
        case BuiltIn.MFA:
            return _mfa(sign_in)
        case StrengthControl(_, combinations):
            return _strength(combinations, sign_in, registration)
        case BuiltIn.COMPLIANT_DEVICE:
            compliant = sign_in.device.compliant
            return Standing.UNKNOWN if compliant is None else Standing.DONE if compliant else Standing.CANNOT
        case BuiltIn.DOMAIN_JOINED_DEVICE:
            trust = sign_in.device.trust_type
            joined = trust is not None and trust.casefold() == "serverad"
            return Standing.UNKNOWN if trust is None else Standing.DONE if joined else Standing.CANNOT
        case _:
            return Standing.UNKNOWN


def _mfa(sign_in: SignIn) -> Standing:
    if sign_in.session.mfa or sign_in.session.remembered or sign_in.credential is Credential.PASSKEY:
        return Standing.DONE
    unclear = sign_in.credential in (Credential.FEDERATED, Credential.CERTIFICATE)
    return Standing.UNKNOWN if unclear else Standing.TO_DO


def _strength(
    combinations: frozenset[frozenset[str]] | None, sign_in: SignIn, registration: Registration | None
) -> Standing:
    if combinations is None:
        return Standing.UNKNOWN
    if sign_in.credential is Credential.PASSKEY and frozenset({"fido2"}) in combinations:
        return Standing.DONE
    if sign_in.session.mfa and combinations >= min(BUILT_IN.values(), key=lambda known: -len(known)):
        return Standing.DONE
    unclear = sign_in.session.mfa or sign_in.session.remembered
    if (
        unclear
        or sign_in.credential in (Credential.FEDERATED, Credential.CERTIFICATE)
        or registration is None
    ):
        return Standing.UNKNOWN
    held = {"password", *(word.casefold() for word in registration.methods)}
    usable = {name for name, words in _METHODS.items() if held & set(words.split())} | {"password"}
    return Standing.TO_DO if any(combination <= usable for combination in combinations) else Standing.UNKNOWN


assert frozenset().union(*BUILT_IN.values()) <= MFA_GRADE
