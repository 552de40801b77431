"""The coordinates of a sign-in, and its value on each: what a condition can look at.

INVARIANT: facts that constrain each other are in the value of one coordinate, so every combination of values is a sign-in.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from perca.model import (
    Address,
    AppId,
    ClientApp,
    ContextId,
    Credential,
    Device,
    External,
    Flow,
    InsiderRisk,
    Platform,
    RiskLevel,
    Scopes,
    SignIn,
    UserAction,
    UserId,
)


class Coordinate(StrEnum):
    """What a condition can look at. `NOTHING` is for conditions that we can't read: they are unknown everywhere."""

    PRINCIPAL = "principal"
    TARGET = "target"
    CONTEXT = "context"
    CHANNEL = "channel"
    NETWORK = "network"
    SIGN_IN_RISK = "signInRisk"
    USER_RISK = "userRisk"
    INSIDER_RISK = "insiderRisk"
    DEVICE = "device"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Principal:
    """Who signs in: somebody of the directory, somebody from outside without an object in it, or a workload."""

    user: UserId | None
    external: External | None = None
    workload: AppId | None = None
    risk: RiskLevel | None = None
    """The risk of the workload."""


@dataclass(frozen=True, slots=True)
class Target:
    """What is asked for: a resource with those it can't do without, or a user action; and for Graph, how much of it by whom."""

    app: AppId | None
    audiences: frozenset[AppId] = frozenset()
    action: UserAction | None = None
    scopes: Scopes | None = None
    requester: AppId | None = None


@dataclass(frozen=True, slots=True)
class Channel:
    """The kind of client, what its user agent claims to run on, the first factor and the flow: they constrain each other."""

    client: ClientApp | None
    platform: Platform | None
    credential: Credential | None
    flow: Flow | None = None


@dataclass(frozen=True, slots=True)
class Network:
    """Where the request comes from: the address, its country, and the claims of two kinds of networks."""

    address: Address | None
    country: str | None = None
    inside_corpnet: bool | None = None
    compliant: bool | None = None


def sign_in_of(values: Mapping[Coordinate, object]) -> SignIn:
    """The sign-in with these values on its coordinates, in a fresh session. LAW: `value_at(sign_in_of(v), c) == v[c]`."""
    who, what = values[Coordinate.PRINCIPAL], values[Coordinate.TARGET]
    how, where = values[Coordinate.CHANNEL], values[Coordinate.NETWORK]
    device = values[Coordinate.DEVICE]
    assert isinstance(who, Principal)
    assert isinstance(what, Target)
    assert isinstance(how, Channel)
    assert isinstance(where, Network)
    assert isinstance(device, Device)
    return SignIn(
        user=who.user,
        external=who.external,
        workload=who.workload,
        workload_risk=who.risk,
        app=what.app,
        audiences=what.audiences,
        action=what.action,
        scopes=what.scopes,
        requester=what.requester,
        context=ContextId(str(values[Coordinate.CONTEXT])),
        client=how.client,
        platform=how.platform,
        credential=how.credential,
        flow=how.flow,
        address=where.address,
        country=where.country,
        inside_corpnet=where.inside_corpnet,
        compliant_network=where.compliant,
        sign_in_risk=RiskLevel(str(values[Coordinate.SIGN_IN_RISK])),
        user_risk=RiskLevel(str(values[Coordinate.USER_RISK])),
        insider_risk=InsiderRisk(str(values[Coordinate.INSIDER_RISK])),
        device=device,
    )


def value_at(sign_in: SignIn, coordinate: Coordinate) -> Hashable:
    """The sign-in's value on a coordinate; None, or a None within it, where a fact isn't known."""
    match coordinate:
        case Coordinate.PRINCIPAL:
            return Principal(sign_in.user, sign_in.external, sign_in.workload, sign_in.workload_risk)
        case Coordinate.TARGET:
            return Target(sign_in.app, sign_in.audiences, sign_in.action, sign_in.scopes, sign_in.requester)
        case Coordinate.CONTEXT:
            return sign_in.context
        case Coordinate.CHANNEL:
            return Channel(sign_in.client, sign_in.platform, sign_in.credential, sign_in.flow)
        case Coordinate.NETWORK:
            return Network(
                sign_in.address, sign_in.country, sign_in.inside_corpnet, sign_in.compliant_network
            )
        case Coordinate.SIGN_IN_RISK:
            return sign_in.sign_in_risk
        case Coordinate.USER_RISK:
            return sign_in.user_risk
        case Coordinate.INSIDER_RISK:
            return sign_in.insider_risk
        case Coordinate.DEVICE:
            return sign_in.device
        case Coordinate.NOTHING:
            return None
