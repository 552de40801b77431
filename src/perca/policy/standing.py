"""How one control stands for somebody who signs in: done, still to do, impossible, or nobody knows.

Source: concept-conditional-access-grant (03/2026), concept-conditional-access-conditions (06/2024), concept-authentication-strength-how-it-works
(03/2025), authentication-conditional-access (05/2024); FACTS.md 3.3.2, 3.3.6, 6.3, 10.4, 13.12, 13.13. A sign-in without session facts is a
fresh one: nothing is done yet. Somebody who has no method yet is asked to register, which is to do; not so where a risk is why
MFA is asked for: then who isn't registered is blocked.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum

from perca.model import (
    BuiltIn,
    ClientApp,
    Control,
    Credential,
    CustomFactor,
    Flow,
    RiskLevel,
    StrengthControl,
    TermsOfUse,
    UnrecognisedControl,
    UserAction,
)
from perca.policy.capability import Capability, is_mfa
from perca.policy.device_codes import BY_DEVICE_CODE
from perca.policy.homes import HERE, Home, Place
from perca.policy.strengths import BUILT_IN, MFA_STRENGTH, Combinations, is_mfa_grade, methods


class Standing(IntEnum):
    """How a control stands: what is done is better than what can be done, and that better than what can't."""

    DONE = 0
    TO_DO = 1
    UNKNOWN = 2
    CANNOT = 3


@dataclass(frozen=True, slots=True)
class Stand:
    """A standing, and what one would have to know where it isn't known."""

    how: Standing
    lacks: str = ""


DONE, TO_DO, CANNOT = Stand(Standing.DONE), Stand(Standing.TO_DO), Stand(Standing.CANNOT)

_OUTLOOK = (BuiltIn.APPROVED_APPLICATION, BuiltIn.COMPLIANT_APPLICATION)
"""Where one of these is asked for, an old mail client is sent to Outlook (case M36)."""
_EVERYTHING = BUILT_IN[MFA_STRENGTH]
_HERE_FOR_OTHERS = frozenset({"sms", "voice", "microsoftauthenticatorpush", "softwareoath"})
"""What somebody from outside can use for MFA here; every method counts that was used at a home that is trusted."""


def unknown(lacks: str) -> Stand:
    """It hangs on a fact that nobody told."""
    return Stand(Standing.UNKNOWN, lacks)


def standing(control: Control, able: Capability, *, at_risk: bool = False) -> Stand:
    """How the control stands; `at_risk` where a rule asks for it because of a risk."""
    if control is BuiltIn.BLOCK:
        return CANNOT
    if able.sign_in.workload is not None:
        return unknown(f"what {control} means for a workload")
    client = able.sign_in.client
    if client is None or client is ClientApp.ALL:
        return _either_client(control, able, at_risk)
    return _legacy(control, client) if client.is_legacy else _modern(control, able, at_risk)


def _either_client(control: Control, able: Capability, at_risk: bool) -> Stand:
    modern, legacy = _modern(control, able, at_risk), _legacy(control, ClientApp.OTHER)
    if modern.how is legacy.how or (is_mfa_grade(control) and modern is DONE):  # no legacy client did MFA
        return modern
    return unknown(f"whether the client is a legacy client, which can't meet {control}")


def _legacy(control: Control, client: ClientApp) -> Stand:
    """A legacy client meets no control; the old mail protocol is sent to Outlook where an app is asked for (3.3.6, case M36)."""
    if isinstance(control, UnrecognisedControl):
        return unknown(f"whether the sign-in meets {control}")
    if control in _OUTLOOK and client is ClientApp.ACTIVE_SYNC:
        return unknown(f"whether the sign-in meets {control} once it has been sent to Outlook")
    return CANNOT


def _modern(control: Control, able: Capability, at_risk: bool) -> Stand:
    return _agreed(control, [_at(home, control, able, at_risk) for home in able.homes])


def _agreed(control: Control, stands: Iterable[Stand]) -> Stand:
    """What is the same wherever the person may be at home."""
    found = list(dict.fromkeys(stands))
    if len(found) == 1:
        return found[0]
    told = [stand.lacks for stand in found if stand.lacks]
    return unknown(told[0] if told else f"who the person is at home, on which {control} hangs")


def _at(home: Home, control: Control, able: Capability, at_risk: bool) -> Stand:
    match control:
        case BuiltIn.MFA:
            return _mfa(home, able, at_risk)
        case StrengthControl():
            return _strength(home, control, able, at_risk)
        case BuiltIn.COMPLIANT_DEVICE:
            claim, trusted = able.sign_in.device.compliant, home.trust.compliant_device
            return _device(home, claim, trusted, able, "compliant")
        case BuiltIn.DOMAIN_JOINED_DEVICE:
            trust = able.sign_in.device.trust_type
            joined = None if trust is None else trust.casefold() == "serverad"
            return _device(home, joined, home.trust.hybrid_joined_device, able, "hybrid joined")
        case BuiltIn.PASSWORD_CHANGE:
            return _password_change(home, able)
        case BuiltIn.RISK_REMEDIATION:
            return _remediation(home, able)
        case TermsOfUse(agreement):
            return _terms(home, agreement, able)
        case CustomFactor():
            session = able.sign_in.session
            fresh = not session.mfa and not session.remembered and session.age is None and home == HERE
            return TO_DO if fresh else unknown(f"whether the sign-in meets {control}")
    return unknown(f"whether the sign-in meets {control}")


def _mfa(home: Home, able: Capability, at_risk: bool) -> Stand:
    session, is_here = able.sign_in.session, home.place is Place.HERE
    if (session.mfa or able.is_remembered) and home.place is not Place.DIRECT_CONNECT:
        return DONE
    found = {is_mfa(used) for used in able.used}
    if is_here and found == {True}:
        return DONE
    if is_here and True in found:
        return unknown(f"whether the first factor `{able.sign_in.credential}` was MFA already")
    if is_here:
        return _prompt(able, at_risk)
    at_home = True if session.home_mfa or session.mfa or found == {True} else None if True in found else False
    return _mfa_of_others(home, at_home, able, at_risk)


def _mfa_of_others(home: Home, at_home: bool | None, able: Capability, at_risk: bool) -> Stand:
    """MFA of somebody from outside: done or to do at a home that is trusted, else here, where not everybody can."""
    match home.place, home.trust.mfa:
        case _, True:
            return {True: DONE, False: TO_DO, None: unknown(_AT_HOME)}[at_home]
        case Place.COLLABORATION, False:
            return _prompt(able, at_risk)
        case Place.COLLABORATION, None:
            here = _prompt(able, at_risk)
            return here if here is TO_DO and at_home is False else unknown(_TRUST)
        case Place.DIRECT_CONNECT, False:
            return CANNOT
        case Place.OTHERWISE, False:
            return unknown("whether somebody who is neither guest nor direct connect can do MFA here")
    return unknown(_TRUST)


_TRUST = "whether MFA that was done at home is trusted (crossTenantAccessPolicy)"
_AT_HOME = "whether MFA was done at home"


def _prompt(able: Capability, at_risk: bool) -> Stand:
    """Asked for MFA here: to do, or to register for first; nobody registers at a risk, nor where registering is what MFA is asked for."""
    if at_risk:
        return {True: TO_DO, False: CANNOT, None: unknown(_REGISTERED)}[able.able]
    if able.sign_in.action is UserAction.REGISTER_SECURITY_INFORMATION:
        return TO_DO if able.able else unknown(_REGISTERED)
    return TO_DO


_REGISTERED = "whether the person has registered for MFA, and may use what was registered"


def _strength(home: Home, control: StrengthControl, able: Capability, at_risk: bool) -> Stand:
    """Done by methods that were used, or by any MFA where any is enough; to do where the person has the methods."""
    allowed, session = control.combinations, able.sign_in.session
    if allowed is None:
        return unknown(f"authentication strength `{control.strength}` is not in the data")
    counts = home.place is Place.HERE or bool(home.trust.mfa) or bool(session.mfa)
    found = {_enough(used, allowed) for used in able.used} if counts else {CANNOT}
    if found == {DONE}:
        return DONE
    if session.methods is None and _claimed(home, able):
        return (
            DONE if allowed >= _EVERYTHING else unknown(f"which methods were used, on which {control} hangs")
        )
    if found != {CANNOT}:
        return unknown(f"whether what was used meets {control}")
    if able.is_remembered:
        return unknown(f"which methods were used, on which {control} hangs")
    return _strength_to_do(home, control, allowed, able, at_risk)


def _claimed(home: Home, able: Capability) -> bool:
    """Whether the session carries MFA that counts here, by methods that nobody told."""
    session = able.sign_in.session
    return bool(session.mfa) or bool(home.trust.mfa and session.home_mfa)


def _enough(used: frozenset[str], allowed: Combinations) -> Stand:
    """DONE if these methods are a combination that is allowed, CANNOT if they are none, unknown if a configuration decides."""
    if any(each <= used for each in allowed):
        return DONE
    narrowed = any(methods(each) <= used for each in allowed if each != methods(each))
    return unknown("") if narrowed else CANNOT


def _strength_to_do(
    home: Home, control: Control, allowed: Combinations, able: Capability, at_risk: bool
) -> Stand:
    has = f"whether the person has the methods for {control}, and may use them"
    if home.place is Place.HERE:
        usable = any(each <= able.registered for each in allowed)
        return TO_DO if usable and able.able else unknown(has)
    if home.trust.mfa is None or home.place is Place.OTHERWISE:
        return unknown(_TRUST)
    if home.trust.mfa:
        return TO_DO if allowed >= _EVERYTHING else unknown(has)
    if home.place is Place.DIRECT_CONNECT or not any(methods(each) & _HERE_FOR_OTHERS for each in allowed):
        return CANNOT
    return _prompt(able, at_risk)


def _device(home: Home, claim: bool | None, trusted: bool | None, able: Capability, word: str) -> Stand:
    """Done iff the device says so, to somebody who may believe it; nobody is asked to do anything about it."""
    counts = True if home.place is Place.HERE else trusted
    if claim is False or counts is False or able.sign_in.flow is Flow.DEVICE_CODE:
        return CANNOT
    if claim is None:
        return unknown(f"whether the device is {word}")
    if counts is None:
        return unknown("whether what a device shows at home is trusted (crossTenantAccessPolicy)")
    if able.sign_in.flow is None:
        return unknown(BY_DEVICE_CODE)
    return DONE


def _password_change(home: Home, able: Capability) -> Stand:
    """To do for the tenant's own people with a password of ours; nobody from outside can change theirs here (case M45)."""
    if home != HERE:
        return CANNOT
    if able.sign_in.user_risk in (None, RiskLevel.NONE):
        return unknown("whether the person is at risk, without which no password change is asked for")
    if able.able is not True:
        return CANNOT if able.able is False else unknown(_REGISTERED)
    if able.synchronised is not False:
        return unknown("whether the person's password can be changed here (onPremisesSyncEnabled)")
    if able.sign_in.credential not in (None, Credential.PASSWORD):
        return unknown("whether somebody who signs in without a password can change it")
    return TO_DO


def _remediation(home: Home, able: Capability) -> Stand:
    """Sessions are revoked and the person signs in again, by whatever method; guests can't be remedied here."""
    if home != HERE:
        return unknown("whether the risk of somebody from outside can be remedied here")
    if able.sign_in.user_risk in (None, RiskLevel.NONE):
        return unknown("whether the person is at risk, without which nothing has to be remedied")
    return TO_DO


def _terms(home: Home, agreement: str, able: Capability) -> Stand:
    if agreement in able.sign_in.session.accepted:
        return DONE
    if home.place is Place.DIRECT_CONNECT:
        return unknown("whether somebody who connects directly can accept terms of use")
    return TO_DO
