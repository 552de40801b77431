"""All sign-ins that a question ranges over: a true product of the coordinates.

People are those of the tenant, and kinds of people from outside that have no object in it; resources are those that rules can tell
apart (`targets`); addresses are counted one by one, both versions, in each country that a place names,
in any other and in none. Impossible channels (an app password in a modern client) are left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice
from typing import TypedDict

from perca.model import (
    NO_CONTEXT,
    NO_COUNTRY,
    UNKNOWN_COUNTRY,
    ApplicationCondition,
    ClientApp,
    ContextId,
    CountryNamedLocation,
    Credential,
    CrossTenantAccess,
    Device,
    External,
    ExternalKind,
    Flow,
    InsiderRisk,
    Platform,
    RiskLevel,
    Tenant,
    TenantId,
    UserCondition,
    UserId,
)
from perca.policy import Channel, Principal, Target
from perca.space.devices import NO_DEVICE, filters, records
from perca.space.patches import EVERYWHERE, Block
from perca.space.targets import ACTIONS, resources

ANY_OTHER_TENANT = TenantId("0a0a0a0a-0000-4000-8000-00000000a222")
"""Stands for a tenant that the data doesn't name."""
ANY_OTHER_COUNTRY = NO_COUNTRY
"""Stands for a country that no place names; the code is no country's."""


def _channels() -> Iterator[Channel]:
    platforms = [platform for platform in Platform if platform is not Platform.ALL]
    for client in (each for each in ClientApp if each is not ClientApp.ALL):
        for platform in platforms:
            for credential in Credential:
                yield from (Channel(client, platform, credential, f) for f in _flows(client, credential))


def _flows(client: ClientApp, credential: Credential) -> Iterable[Flow]:
    """The flows that can occur: a legacy client takes a password of either kind and speaks no flow."""
    if client.is_legacy:
        legacy = credential in (Credential.PASSWORD, Credential.APP_PASSWORD)
        return (Flow.NONE,) if legacy else ()
    return () if credential is Credential.APP_PASSWORD else Flow


CHANNELS = tuple(_channels())
"""Every kind of client × platform × first factor × flow that can occur."""


@dataclass(frozen=True, slots=True)
class Universe:
    """The raw values of each coordinate. The network is the product of addresses, countries and the two claims."""

    people: tuple[UserId, ...]
    targets: tuple[Target, ...]
    channels: tuple[Channel, ...] = CHANNELS
    addresses: tuple[Block, ...] = EVERYWHERE
    sign_in_risks: tuple[RiskLevel, ...] = tuple(RiskLevel)
    user_risks: tuple[RiskLevel, ...] = tuple(RiskLevel)
    insider_risks: tuple[InsiderRisk, ...] = tuple(InsiderRisk)
    countries: tuple[str, ...] = (ANY_OTHER_COUNTRY, UNKNOWN_COUNTRY)
    inside_corpnet: tuple[bool, ...] = (False, True)
    compliant_network: tuple[bool, ...] = (False, True)
    contexts: tuple[ContextId, ...] = (NO_CONTEXT,)
    devices: tuple[Device, ...] = (NO_DEVICE,)
    strangers: tuple[External, ...] = ()
    """Kinds of people from outside without an object in the directory."""

    @property
    def principals(self) -> Iterator[Principal]:
        """Everybody who may sign in."""
        yield from (Principal(person) for person in self.people)
        yield from (Principal(None, stranger) for stranger in self.strangers)

    def sizes(self) -> dict[str, int]:
        """How many values each coordinate has; their product is the number of sign-ins, those that can't be among them."""
        claims = len(self.inside_corpnet) * len(self.compliant_network)
        return {
            "people": len(self.people) + len(self.strangers),
            "targets": len(self.targets),
            "contexts": len(self.contexts),
            "channels": len(self.channels),
            "networks": sum(block.size for block in self.addresses) * len(self.countries) * claims,
            "signInRisk": len(self.sign_in_risks),
            "userRisk": len(self.user_risks),
            "insiderRisk": len(self.insider_risks),
            "devices": len(self.devices),
        }


def universe_of(*tenants: Tenant, people: Iterable[UserId] | None = None) -> Universe:
    """All sign-ins to resources, of all tenants together.

    `people` narrows it to some people, in the given order without repeats; without it everybody is asked about, people from outside
    included.
    """
    everybody = people if people is not None else chain.from_iterable(tenant.users for tenant in tenants)
    return Universe(
        people=tuple(everybody if isinstance(everybody, Mapping) else dict.fromkeys(everybody)),
        devices=records(tenants),
        strangers=() if people is not None else tuple(_strangers(tenants)),
        **_elsewhere(tenants),
    )


def beside(universe: Universe, was: Tenant, tenant: Tenant) -> Universe:
    """The universe of a tenant that holds the same people as the one whose universe this is; it is asked about the same of them."""
    alike = filters([was]) == filters([tenant])
    return replace(
        universe,
        devices=universe.devices if alike else records([tenant]),
        strangers=tuple(_strangers([tenant])) if universe.strangers else (),
        **_elsewhere([tenant]),
    )


def _elsewhere(tenants: Sequence[Tenant]) -> _Elsewhere:
    countries = sorted({c for t in tenants for c in _countries(t)})
    return {
        "targets": tuple(resources(*tenants)),
        "countries": (*countries, ANY_OTHER_COUNTRY, UNKNOWN_COUNTRY),
        "contexts": (NO_CONTEXT, *_contexts(tenants)),
    }


class _Elsewhere(TypedDict):
    targets: tuple[Target, ...]
    countries: tuple[str, ...]
    contexts: tuple[ContextId, ...]


def at_user_actions(universe: Universe) -> Universe:
    """The same people and places at user actions, which no legacy client reaches."""
    modern = tuple(
        each for each in universe.channels if each.client is not None and not each.client.is_legacy
    )
    return replace(universe, targets=ACTIONS, channels=modern)


def _strangers(tenants: Iterable[Tenant]) -> Iterator[External]:
    homes = {home for tenant in tenants for home in _homes(tenant)}
    for kind in ExternalKind:
        if not kind.has_object:
            yield from (External(kind, home) for home in (*sorted(homes), ANY_OTHER_TENANT))


def _homes(tenant: Tenant) -> Iterator[TenantId]:
    if isinstance(tenant.cross_tenant, CrossTenantAccess):
        yield from tenant.cross_tenant.partners
    for policy in tenant.policies:
        if isinstance(policy.users, UserCondition):
            for scope in (policy.users.include, policy.users.exclude):
                for external in scope.externals:
                    yield from external.tenants or ()


def _countries(tenant: Tenant) -> Iterator[str]:
    for place in tenant.named_locations.values():
        if isinstance(place, CountryNamedLocation):
            yield from place.countries - {UNKNOWN_COUNTRY}


def _contexts(tenants: Iterable[Tenant]) -> Iterator[ContextId]:
    """The contexts that policies name, and one more where a policy names who knows which."""
    conditions = [each.applications for tenant in tenants for each in tenant.policies]
    read = [each for each in conditions if isinstance(each, ApplicationCondition)]
    named = sorted({context for each in read for context in each.contexts})
    yield from named
    if any(each.unrecognised_contexts for each in read):
        others = (ContextId(f"c{number}") for number in range(1, 100))
        yield from islice((each for each in others if each not in named), 1)
