"""A sign-in, or a question about one: who, to what, how, from where. None means that the fact isn't known to us."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from perca.model.conditions import ClientApp, Platform, RiskLevel
from perca.model.devices import Device
from perca.model.external import External
from perca.model.ids import AppId, ContextId, UserId
from perca.model.places import Address
from perca.model.requests import Flow, InsiderRisk, Scopes, UserAction


class Credential(StrEnum):
    """The first factor; an app password is only ever used by legacy clients."""

    PASSWORD = "password"
    APP_PASSWORD = "appPassword"
    PASSKEY = "passkey"
    CERTIFICATE = "certificate"
    FEDERATED = "federated"
    WINDOWS_HELLO = "windowsHelloForBusiness"
    TEMPORARY_ACCESS_PASS = "temporaryAccessPass"


@dataclass(frozen=True, slots=True)
class Session:
    """What the session already carries: an MFA claim, or a device on which MFA is remembered."""

    mfa: bool | None = None
    remembered: bool | None = None
    home_mfa: bool | None = None
    """Whether somebody from outside did MFA at home: it counts where the tenant trusts it."""
    age: int | None = None
    """Minutes since the person last did what a sign-in frequency looks at: signed in, or unlocked a joined device that
    was due to renew its token."""
    accepted: frozenset[str] = frozenset()
    """Terms of use that were accepted."""
    methods: frozenset[str] | None = None
    """The methods that were used, in the words of authentication strengths, folded; None where they aren't known."""


@dataclass(frozen=True, slots=True)
class SignIn:
    """A sign-in to a resource, or to a user action. None, an empty `audiences` apart, is a fact that nobody told."""

    user: UserId | None
    """None for somebody without an object in the directory, and for a workload."""
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
    """Parts of the question that aren't modelled: the answer says so."""
    external: External | None = None
    """Said of somebody from outside: it wins over what the directory says."""
    workload: AppId | None = None
    """The service principal that signs in, by its object id, instead of a person."""
    audiences: frozenset[AppId] = frozenset()
    """Further resources of the same request: services that the first one can't do without."""
    action: UserAction | None = None
    """The user action that is asked about instead of a resource."""
    scopes: Scopes | None = None
    requester: AppId | None = None
    """The confidential client that asks, or `NATIVE`."""
    context: ContextId | None = None
    flow: Flow | None = None
    country: str | None = None
    """The two-letter code, folded, or `UNKNOWN_COUNTRY`."""
    inside_corpnet: bool | None = None
    """Whether the token carries the federated intranet's claim."""
    compliant_network: bool | None = None
    insider_risk: InsiderRisk | None = None
    workload_risk: RiskLevel | None = None
    """The risk of the service principal, or of the agent; it says nothing about a person."""
