"""Per-user MFA as rules: whom it asks, where it doesn't, and what it does to legacy clients.

Source: howto-mfa-userstates (03/2025) and howto-mfa-mfasettings (06/2024), FACTS.md 1.4, 2 and 11.1. It has no scope of
applications. Rules of their own, because its halves look at different people, and are known differently well:

* modern clients: everybody enabled or enforced, except from the MFA trusted IPs; at resources, and, by inference alone (14.2.4), where a
  device is registered or joined;
* legacy clients with the ordinary password: everybody enforced; such a client can't do MFA, so it is refused. An app password
  is accepted without MFA: the rule doesn't apply to it. Somebody enabled keeps using the ordinary password until registration is
  finished. Inside the trusted IPs it depends on whether the person ever made an app password, which nobody can read.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from perca.model import MFA, ClientApp, Credential, NotRead, PerUserState, User, UserAction
from perca.policy.answer import Answer, No, Unknown, Yes
from perca.policy.basis import Basis, Certainty
from perca.policy.coordinates import Channel, Coordinate, Network, Principal, Target
from perca.policy.directory import View
from perca.policy.locations import in_mfa_trusted_ips
from perca.policy.outside import may_have_an_account
from perca.policy.rule import Rule, Source

SOURCE = Source("user", "perca:perUserMfa", "Per-user MFA")


NOT_HELD = ("the person is not in the data",)


def rules(view: View) -> Iterator[Rule]:
    """The rules of per-user MFA."""
    modern = (AskedAtModernClients(), ModernClient(), OutsideTrustedIps(exempt_inside=True))
    legacy = (CutOffFromLegacy(), LegacyClientWithPassword(), OutsideTrustedIps(exempt_inside=False))
    yield Rule("perca:perUserMfa:modern", SOURCE, (*modern, AtResource()), (MFA,))
    yield Rule("perca:perUserMfa:actions", SOURCE, (*modern, AtUserAction()), (MFA,))
    yield Rule("perca:perUserMfa:legacy", SOURCE, legacy, (MFA,))


def _person(view: View, value: object) -> User | None:
    assert isinstance(value, Principal)
    return None if value.user is None else view.tenant.users.get(value.user)


def _nobody_held(value: object) -> Answer:
    """What is said of somebody without an account that we hold: one who has none has no state either."""
    assert isinstance(value, Principal)
    if may_have_an_account(value):
        return Unknown(NOT_HELD)
    return No(("has no account here, so no per-user MFA",), ("users",))


@dataclass(frozen=True, slots=True)
class AskedAtModernClients:
    """Holds for people enabled or enforced."""

    coordinate: Coordinate = Coordinate.PRINCIPAL
    basis: Basis = Basis(Certainty.OFFICIAL, "howto-mfa-userstates", "03/2025")

    def holds(self, view: View, value: object) -> Answer:
        """Whether per-user MFA asks this person."""
        person = _person(view, value)
        if person is None:
            return _nobody_held(value)
        match person.per_user_mfa:
            case NotRead(why):
                return Unknown((f"per-user MFA state of `{person.user_principal_name}`: {why}",))
            case PerUserState.DISABLED:
                return No(("per-user MFA is disabled",), ("users",))
            case state:
                return Yes((f"per-user MFA is {state}",))


@dataclass(frozen=True, slots=True)
class CutOffFromLegacy:
    """Holds for people whose ordinary password legacy clients no longer accept: those enforced."""

    coordinate: Coordinate = Coordinate.PRINCIPAL
    basis: Basis = Basis(Certainty.OFFICIAL, "howto-mfa-userstates", "03/2025")

    def holds(self, view: View, value: object) -> Answer:
        """Whether this person's ordinary password is refused by legacy authentication."""
        person = _person(view, value)
        if person is None:
            return _nobody_held(value)
        match person.per_user_mfa:
            case NotRead(why):
                return Unknown((f"per-user MFA state of `{person.user_principal_name}`: {why}",))
            case PerUserState.ENFORCED:
                return Yes(("per-user MFA is enforced",))
            case PerUserState.ENABLED:
                registration = view.tenant.registrations.get(person.id)
                if registration is not None and registration.is_mfa_registered is False:
                    return No(("per-user MFA is enabled and registration is not finished",), ("users",))
                return Unknown((f"whether `{person.user_principal_name}` has finished registration",))
            case PerUserState.DISABLED:
                return No(("per-user MFA is disabled",), ("users",))


@dataclass(frozen=True, slots=True)
class ModernClient:
    """Holds for browsers and modern clients."""

    coordinate: Coordinate = Coordinate.CHANNEL
    basis: Basis = Basis(Certainty.OFFICIAL, "howto-mfa-userstates", "03/2025")

    def holds(self, view: View, value: object) -> Answer:
        """Whether the client can do MFA."""
        assert isinstance(value, Channel)
        if value.client is None or value.client is ClientApp.ALL:
            return Unknown(("whether the client can do modern authentication",))
        return No(("legacy client",), ("clientApps",)) if value.client.is_legacy else Yes(("modern client",))


@dataclass(frozen=True, slots=True)
class LegacyClientWithPassword:
    """Holds for legacy clients that use anything but an app password."""

    coordinate: Coordinate = Coordinate.CHANNEL
    basis: Basis = Basis(Certainty.OFFICIAL, "howto-mfa-userstates", "03/2025")

    def holds(self, view: View, value: object) -> Answer:
        """Whether this is a legacy client with the ordinary password."""
        assert isinstance(value, Channel)
        if value.credential is Credential.APP_PASSWORD:
            return No(("app password",), ("clientApps",))
        if value.client is not None and value.client is not ClientApp.ALL and not value.client.is_legacy:
            return No(("modern client",), ("clientApps",))
        if value.client is None or value.client is ClientApp.ALL:
            return Unknown(("whether the client is a legacy client",))
        if value.credential is None:
            return Unknown(("whether the legacy client uses an app password",))
        return Yes(("legacy client with the ordinary password",))


@dataclass(frozen=True, slots=True)
class AtResource:
    """Holds for resources, whichever they are."""

    coordinate: Coordinate = Coordinate.TARGET
    basis: Basis = Basis(Certainty.OFFICIAL, "howto-mfa-userstates", "03/2025")

    def holds(self, view: View, value: object) -> Answer:
        """Whether a resource is asked for, known or not."""
        assert isinstance(value, Target)
        if value.action is None:
            return Yes(("per-user MFA is about every resource",))
        return No((f"user action `{value.action}` is no resource",), ("application",))


@dataclass(frozen=True, slots=True)
class AtUserAction:
    """Holds where a device is registered or joined; whether it does where somebody registers security information, nobody says."""

    coordinate: Coordinate = Coordinate.TARGET
    basis: Basis = Basis(Certainty.INFERRED, "howto-mfa-userstates", "03/2025")

    def holds(self, view: View, value: object) -> Answer:
        """Whether it asks at this user action: somebody without a method registers one there, and can't be asked for it."""
        assert isinstance(value, Target)
        match value.action:
            case None:
                return No(("no user action",), ("userActions",))
            case UserAction.REGISTER_DEVICE:
                return Yes(("a device is registered by an ordinary sign-in",))
            case action:
                return Unknown((f"whether per-user MFA asks at user action `{action}`",))


@dataclass(frozen=True, slots=True)
class OutsideTrustedIps:
    """Holds outside the MFA trusted IPs; inside it doesn't (`exempt_inside`), or nobody knows."""

    exempt_inside: bool
    coordinate: Coordinate = Coordinate.NETWORK
    basis: Basis = Basis(Certainty.OFFICIAL, "howto-mfa-mfasettings", "06/2024")

    def holds(self, view: View, value: object) -> Answer:
        """Whether the place is no reason not to ask."""
        assert isinstance(value, Network)
        inside = in_mfa_trusted_ips(view, value)
        match inside:
            case Yes(because):
                if self.exempt_inside:
                    return No(because, ("location",))
                return Unknown(
                    ("whether the person ever made an app password (it matters inside the MFA trusted IPs)",)
                )
            case No(because):
                return Yes(because)
        return inside
