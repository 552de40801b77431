"""What a person, a client, a session and a device can show: everything on which the end of a sign-in hangs, besides what is asked.

Source: FACTS.md 2, 3.3.6, 10.4, 13.12 and 13.13. INVARIANT: an outcome looks at the tenant through this alone, so that two tenants with
the same capability end a sign-in in the same way if they ask for the same.
"""

from __future__ import annotations

from dataclasses import dataclass

from perca.model import Credential, Registration, RiskLevel, SignIn, Tenant, UserAction
from perca.policy.coordinates import Principal
from perca.policy.homes import Home, homes
from perca.policy.strengths import MFA_GRADE, Combinations, combinations

Methods = frozenset[str]
"""Methods in the words of authentication strengths, folded."""

_FIRST_FACTORS = {
    None: "",
    Credential.PASSWORD: "password",
    Credential.APP_PASSWORD: "",
    Credential.PASSKEY: "fido2",
    Credential.WINDOWS_HELLO: "windowsHelloForBusiness",
    Credential.CERTIFICATE: "x509CertificateSingleFactor; x509CertificateMultiFactor",
    Credential.FEDERATED: "federatedSingleFactor; federatedMultiFactor",
    Credential.TEMPORARY_ACCESS_PASS: "temporaryAccessPassOneTime; temporaryAccessPassMultiUse",
}
"""The methods that a first factor may be; one that nobody told is taken for none."""
_USED = {each: combinations(words) or frozenset({frozenset()}) for each, words in _FIRST_FACTORS.items()}
_BOUND: dict[Credential | None, Combinations] = {
    Credential.WINDOWS_HELLO: frozenset({frozenset[str]()}),
    Credential.PASSKEY: frozenset({frozenset[str](), frozenset({"fido2"})}),
}
"""What is bound to a device registers none; a passkey may be bound to one (14.2.4)."""
_REGISTERED = {
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
"""The methods of strengths by the words in which the registration report names them."""


@dataclass(frozen=True, slots=True)
class Capability:
    """Who signs in with what. `homes` are all places where the person may be at home: what differs between them isn't known."""

    sign_in: SignIn
    homes: tuple[Home, ...]
    registration: Registration | None = None
    """The person's row of the registration report; None where there is none."""
    synchronised: bool | None = None
    """Whether the account comes from a directory on premises; None where nobody said."""
    remember_days: int | None = None
    """For how many days a device remembers MFA; None where nobody said."""

    @property
    def used(self) -> Combinations:
        """What may have been used in this session: one set of methods, or one for each kind that the first factor may be."""
        told = self.sign_in.session.methods or frozenset()
        first = _USED[self.sign_in.credential]
        if self.sign_in.action is UserAction.REGISTER_DEVICE:
            first = _BOUND.get(self.sign_in.credential, first)
        return frozenset(each | told for each in first) if told else first

    @property
    def registered(self) -> Methods:
        """The methods that the person has registered, and the password."""
        held = (
            {word.casefold() for word in self.registration.methods}
            if self.registration is not None
            else set()
        )
        return frozenset(m for m, words in _REGISTERED.items() if held & set(words.split())) | {"password"}

    @property
    def able(self) -> bool | None:
        """Whether the person can do MFA: registered for it, and allowed to use that; None where nobody knows (13.12)."""
        row = self.registration
        if row is None:
            return None
        if row.is_mfa_registered is False:
            elsewhere = self.sign_in.credential in (Credential.CERTIFICATE, Credential.FEDERATED)
            return None if elsewhere else False
        return True if row.is_mfa_capable and row.is_mfa_registered else None

    @property
    def at_risk(self) -> bool:
        """Whether the sign-in, or the person, is known to be at risk."""
        none = (None, RiskLevel.NONE)
        return self.sign_in.sign_in_risk not in none or self.sign_in.user_risk not in none

    @property
    def is_remembered(self) -> bool:
        """Whether the device remembers that MFA was done, and not too long ago."""
        session, days = self.sign_in.session, self.remember_days
        expired = days is not None and session.age is not None and session.age >= days * 24 * 60
        return bool(session.remembered) and not expired


def capability_of(tenant: Tenant, sign_in: SignIn) -> Capability:
    """What whoever signs in can show in that tenant."""
    user = sign_in.user
    held = None if user is None else tenant.users.get(user)
    return Capability(
        sign_in,
        homes(tenant, Principal(user, sign_in.external)),
        None if user is None else tenant.registrations.get(user),
        None if held is None else held.synchronised,
        tenant.mfa_settings.remember_mfa_days,
    )


def is_mfa(used: Methods) -> bool:
    """Whether these methods together are MFA."""
    return any(each <= used for each in MFA_GRADE)
