"""The third of the three functions: how a sign-in ends, given what is asked and what the person and the client can do.

Source: FACTS.md 3.3.2, 3.3.3, 3.3.6 and 10.4. A sign-in without session facts is a fresh one: nothing is done yet. Somebody who has
no method yet is asked to register, which is a prompt.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
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
    UnrecognisedControl,
)
from perca.policy.requirement import is_blocked
from perca.policy.strengths import BUILT_IN, MFA_STRENGTH, Combinations


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
_PASSKEY = frozenset({"fido2"})
_MADE_FOR_OUTLOOK = (BuiltIn.APPROVED_APPLICATION, BuiltIn.COMPLIANT_APPLICATION)
_OF_A_DEVICE = (BuiltIn.COMPLIANT_DEVICE, BuiltIn.DOMAIN_JOINED_DEVICE)


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


def unclear(asked: Requirement, sign_in: SignIn, registration: Registration | None) -> Iterator[str]:
    """The facts without which nobody can say whether what is asked is met."""
    for clause in asked:
        if clause_standing(clause, sign_in, registration) is Standing.UNKNOWN:
            for control in sorted(clause, key=str):
                if control_standing(control, sign_in, registration) is Standing.UNKNOWN:
                    yield _lacking(control, sign_in)


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
    if sign_in.client is None or sign_in.client is ClientApp.ALL:
        modern, legacy = _modern(control, sign_in, registration), _legacy(control, ClientApp.OTHER)
        done = (
            modern is Standing.DONE and control not in _OF_A_DEVICE
        )  # MFA was done: no legacy client did it
        return modern if done or modern is legacy else Standing.UNKNOWN
    if sign_in.client.is_legacy:
        return _legacy(control, sign_in.client)
    return _modern(control, sign_in, registration)


def _legacy(control: Control, client: ClientApp) -> Standing:
    """A legacy client meets no control; the old mail protocol is sent to Outlook where an app is asked for (3.3.6, case M36)."""
    redirected = control in _MADE_FOR_OUTLOOK and client is ClientApp.ACTIVE_SYNC
    return Standing.UNKNOWN if redirected or isinstance(control, UnrecognisedControl) else Standing.CANNOT


def _modern(control: Control, sign_in: SignIn, registration: Registration | None) -> Standing:
    match control:
        case BuiltIn.MFA:
            return _mfa(sign_in)
        case StrengthControl(combinations=allowed):
            return _strength(allowed, sign_in, registration)
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
    return Standing.UNKNOWN if _may_be_strong(sign_in) else Standing.TO_DO


def _strength(allowed: Combinations | None, sign_in: SignIn, registration: Registration | None) -> Standing:
    """Done by a passkey or by any MFA at all; to do where the person has the methods; else nobody knows."""
    if allowed is None:
        return Standing.UNKNOWN
    if sign_in.credential is Credential.PASSKEY and _PASSKEY in allowed:
        return Standing.DONE
    if sign_in.session.mfa and allowed >= BUILT_IN[MFA_STRENGTH]:
        return Standing.DONE
    if sign_in.session.mfa or sign_in.session.remembered or _may_be_strong(sign_in) or registration is None:
        return Standing.UNKNOWN
    held = {word.casefold() for word in registration.methods}
    usable = {name for name, words in _METHODS.items() if held & set(words.split())} | {"password"}
    return Standing.TO_DO if any(combination <= usable for combination in allowed) else Standing.UNKNOWN


def _may_be_strong(sign_in: SignIn) -> bool:
    """Whether the first factor may have been MFA already, or not: a certificate, or another identity provider."""
    return sign_in.credential in (Credential.FEDERATED, Credential.CERTIFICATE)


def _lacking(control: Control, sign_in: SignIn) -> str:
    if sign_in.client is None or sign_in.client is ClientApp.ALL:
        return f"whether the client is a legacy client, which can't meet {control}"
    match control:
        case BuiltIn.MFA:
            return f"whether the first factor `{sign_in.credential}` was MFA already"
        case BuiltIn.COMPLIANT_DEVICE:
            return "whether the device is compliant"
        case BuiltIn.DOMAIN_JOINED_DEVICE:
            return "whether the device is hybrid joined"
        case StrengthControl(strength, None):
            return f"authentication strength `{strength}` is not in the data"
    return f"whether the sign-in meets {control}"
