"""All sign-ins to resources that a question ranges over: a true product of six coordinates.

People are those of the tenant; applications are its service principals, those that a policy names, and one that stands for any
other; addresses are counted one by one, both versions. Impossible channels (an app password in a modern client) are left out.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from perca.model import (
    AppId,
    ApplicationCondition,
    ClientApp,
    Credential,
    Platform,
    RiskLevel,
    Tenant,
    UserId,
)
from perca.policy import Channel

ANY_OTHER_APP = AppId("0a0a0a0a-0000-4000-8000-00000000a221")
"""Stands for an application that is neither in the tenant's data nor named by a policy."""


@dataclass(frozen=True, slots=True)
class Block:
    """A run of addresses of one version, both ends included."""

    version: int
    first: int
    last: int

    @property
    def size(self) -> int:
        """How many addresses there are."""
        return self.last - self.first + 1


EVERYWHERE = (Block(4, 0, 2**32 - 1), Block(6, 0, 2**128 - 1))


def _channels() -> tuple[Channel, ...]:
    platforms = [platform for platform in Platform if platform is not Platform.ALL]
    clients = [client for client in ClientApp if client is not ClientApp.ALL]
    return tuple(
        Channel(client, platform, credential)
        for client in clients
        for platform in platforms
        for credential in Credential
        if (credential in (Credential.PASSWORD, Credential.APP_PASSWORD))
        if client.is_legacy or credential is not Credential.APP_PASSWORD
    ) + tuple(
        Channel(client, platform, credential)
        for client in clients
        if not client.is_legacy
        for platform in platforms
        for credential in (Credential.PASSKEY, Credential.CERTIFICATE, Credential.FEDERATED)
    )


CHANNELS = _channels()
"""Every kind of client × platform × first factor that can occur."""


@dataclass(frozen=True, slots=True)
class Universe:
    """The raw values of each coordinate."""

    people: tuple[UserId, ...]
    applications: tuple[AppId, ...]
    channels: tuple[Channel, ...] = CHANNELS
    addresses: tuple[Block, ...] = EVERYWHERE
    sign_in_risks: tuple[RiskLevel, ...] = tuple(RiskLevel)
    user_risks: tuple[RiskLevel, ...] = tuple(RiskLevel)

    def sizes(self) -> dict[str, int]:
        """How many values each coordinate has; their product is the number of sign-ins."""
        return {
            "people": len(self.people),
            "applications": len(self.applications),
            "channels": len(self.channels),
            "addresses": sum(block.size for block in self.addresses),
            "signInRisk": len(self.sign_in_risks),
            "userRisk": len(self.user_risks),
        }


def universe_of(*tenants: Tenant, people: Iterable[UserId] | None = None) -> Universe:
    """The universe of all tenants together; `people` narrows it to some people, in the given order without repeats."""
    everybody = people if people is not None else (user for tenant in tenants for user in tenant.users)
    applications = {app for tenant in tenants for app in (*tenant.applications, *_named_apps(tenant))}
    return Universe(tuple(dict.fromkeys(everybody)), (*sorted(applications - {ANY_OTHER_APP}), ANY_OTHER_APP))


def _named_apps(tenant: Tenant) -> Iterable[AppId]:
    for policy in tenant.policies:
        if isinstance(policy.applications, ApplicationCondition):
            yield from policy.applications.include.apps
            yield from policy.applications.exclude.apps
