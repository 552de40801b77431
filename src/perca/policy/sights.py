"""What of the network a condition looks at: which places, and through them which addresses, countries and claims.

Promises that two networks get one answer from a condition if none of its sights tells them apart: no set of addresses and no set of
countries holds the one and not the other, and they agree on each claim that it looks at. `space` rests on that, and `reads` on the places.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from perca.model import (
    MFA_TRUSTED_IPS,
    UNKNOWN_COUNTRY,
    CompliantNetworkLocation,
    CountryNamedLocation,
    IpNamedLocation,
    IpRange,
    LocationCondition,
    LocationId,
    MfaSettings,
    NamedLocation,
    NotRead,
    Tenant,
)
from perca.policy.addresses import Addresses
from perca.policy.coordinates import Coordinate
from perca.policy.directory import View
from perca.policy.locations import Locations, is_trusted
from perca.policy.per_user import OutsideTrustedIps
from perca.policy.rule import Condition
from perca.policy.unread import unread_places


@dataclass(frozen=True, slots=True)
class Looked:
    """The places that a condition looks at; equal for two tenants iff it sees the same in both."""

    places: tuple[tuple[LocationId, NamedLocation | None], ...] = ()
    unread: tuple[str, ...] = ()
    """Why there may be more trusted places, for a condition that would look at them."""
    ranges: tuple[IpRange, ...] | NotRead = ()
    """The MFA trusted IPs, where it looks at them."""
    intranet: bool | NotRead = False
    """Whether the federated intranet is trusted, where that matters."""


@dataclass(frozen=True, slots=True)
class Sights:
    """What a condition can tell apart of the network."""

    addresses: tuple[Addresses, ...] = ()
    countries: tuple[frozenset[str], ...] = ()
    inside_corpnet: bool = False
    compliant: bool = False


def sights(condition: Condition, view: View) -> Sights:
    """What the condition can tell apart of the network. Raises TypeError for one on the network that isn't known here."""
    match condition:
        case Locations(places):
            return _sights(looked_at(places, view.tenant), view)
        case OutsideTrustedIps():
            return _sights(trusted_ips(view.tenant.mfa_settings), view)
    if condition.coordinate is Coordinate.NETWORK:
        raise TypeError(f"what {type(condition).__name__} looks at of the network is not known")
    return Sights()


def looked_at(condition: LocationCondition, tenant: Tenant) -> Looked:
    """The places that the condition names; where it means the trusted ones, those that may be; all where some weren't read.

    One that the tenant holds as not trusted may be among those that nobody read of the other tenant, and trusted there.
    """
    named = {each for side in (condition.include, condition.exclude) for each in side.locations}
    if not condition.include.all_trusted and not condition.exclude.all_trusted:
        settings = trusted_ips(tenant.mfa_settings) if MFA_TRUSTED_IPS in named else Looked()
        return Looked(_held(named, tenant), (), settings.ranges, settings.intranet)
    unread = unread_places(tenant)
    named |= {id for id, held in tenant.named_locations.items() if unread or is_trusted(held) is not False}
    settings = trusted_ips(tenant.mfa_settings)
    return Looked(_held(named, tenant), unread, settings.ranges, settings.intranet)


def trusted_ips(settings: MfaSettings) -> Looked:
    """The MFA trusted IPs, with the federated intranet, which counts as inside them."""
    return Looked(ranges=settings.trusted_ips, intranet=settings.trust_federated_intranet)


def _held(named: Iterable[LocationId], tenant: Tenant) -> tuple[tuple[LocationId, NamedLocation | None], ...]:
    return tuple((each, tenant.named_locations.get(each)) for each in sorted(named))


def _sights(looked: Looked, view: View) -> Sights:
    places = [place for _, place in looked.places]
    ranges = [place.ranges for place in places if isinstance(place, IpNamedLocation)]
    if not isinstance(looked.ranges, NotRead):
        ranges.append(looked.ranges)
    return Sights(
        tuple(view.addresses(each) for each in ranges),
        tuple(dict.fromkeys(_countries(places))),
        looked.intranet is not False,
        any(isinstance(place, CompliantNetworkLocation) for place in places),
    )


def _countries(places: Iterable[NamedLocation | None]) -> Iterator[frozenset[str]]:
    for place in places:
        if isinstance(place, CountryNamedLocation):
            yield place.countries
            yield frozenset({UNKNOWN_COUNTRY})
