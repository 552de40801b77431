"""A sign-in, or a question about one: who, to what, how, from where. None means that the fact isn't known to us."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from perca.model.conditions import ClientApp, Platform, RiskLevel
from perca.model.ids import AppId, UserId
from perca.model.places import Address


class Credential(StrEnum):
    """The first factor; an app password is only ever used by legacy clients."""

    PASSWORD = "password"
    APP_PASSWORD = "appPassword"
    PASSKEY = "passkey"
    CERTIFICATE = "certificate"
    FEDERATED = "federated"


@dataclass(frozen=True, slots=True)
class Device:
    """What the device can show."""

    compliant: bool | None = None
    trust_type: str | None = None
    """`AzureAD`, `ServerAD`, `Workplace`, or `none` for a device that isn't registered."""


@dataclass(frozen=True, slots=True)
class Session:
    """What the session already carries: an MFA claim, or a device on which MFA is remembered."""

    mfa: bool | None = None
    remembered: bool | None = None


@dataclass(frozen=True, slots=True)
class SignIn:
    """A sign-in to a resource."""

    user: UserId
    app: AppId | None = None
    client: ClientApp | None = None
    platform: Platform | None = None
    address: Address | None = None
    sign_in_risk: RiskLevel | None = None
    user_risk: RiskLevel | None = None
    credential: Credential | None = None
    device: Device = Device()
    session: Session = Session()
    unrecognised: tuple[str, ...] = ()
    """Parts of the question that aren't modelled (a user action, a context, a flow): the answer says so."""
