"""Where a sign-in comes from: addresses as intervals, and named locations."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from perca.model.ids import LocationId
from perca.model.unknown import NotRead, Unrecognised

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


@dataclass(frozen=True)
class IpRange:
    """A CIDR range; `text` is as Graph spells it."""

    text: str

    @cached_property
    def network(self) -> ipaddress.IPv4Network | ipaddress.IPv6Network:
        """The range, host bits dropped. Raises ValueError when `text` is no CIDR range: `wire` checks that first."""
        return ipaddress.ip_network(self.text, strict=False)

    def holds(self, address: Address) -> bool:
        """Whether the address lies in the range; an address of the other version doesn't."""
        return address in self.network


@dataclass(frozen=True, slots=True)
class IpNamedLocation:
    """A named location made of ranges. `unrecognised` are ranges that could not be read: they may hold any address."""

    id: LocationId
    display_name: str
    is_trusted: bool | None
    ranges: tuple[IpRange, ...]
    unrecognised: tuple[Unrecognised, ...] = ()
    kept: str = "{}"


UNKNOWN_COUNTRY = "unknown"
"""The country of an address that maps to none."""
NO_COUNTRY = "zz"
"""A code that ISO 3166 gives to nobody: it stands for a country that no place names, and in a place it may mean anything."""


class CountryLookup(StrEnum):
    """How Entra finds the country of a sign-in."""

    CLIENT_ADDRESS = "clientIpAddress"
    GPS = "authenticatorAppGps"


@dataclass(frozen=True, slots=True)
class CountryNamedLocation:
    """A named location made of countries, folded two-letter codes. `unrecognised` may mean any country."""

    id: LocationId
    display_name: str
    countries: frozenset[str]
    include_unknown: bool | None
    """Whether addresses that map to no country are in it; None where it isn't said."""
    lookup: CountryLookup | None
    unrecognised: tuple[Unrecognised, ...] = ()
    kept: str = "{}"


@dataclass(frozen=True, slots=True)
class CompliantNetworkLocation:
    """The named location that stands for the tenant's compliant network."""

    id: LocationId
    display_name: str
    is_trusted: bool | None
    unrecognised: tuple[Unrecognised, ...] = ()
    kept: str = "{}"


@dataclass(frozen=True, slots=True)
class OtherNamedLocation:
    """A named location of a kind that isn't modelled: it may hold any address."""

    id: LocationId
    display_name: str
    kind: str
    kept: str = "{}"


NamedLocation = IpNamedLocation | CountryNamedLocation | CompliantNetworkLocation | OtherNamedLocation


@dataclass(frozen=True, slots=True)
class MfaSettings:
    """The per-user MFA service settings. Graph can't read them: they are the operator's word, and absent means unknown."""

    trusted_ips: tuple[IpRange, ...] | NotRead = NotRead("mfaSettings.trustedIps was not given")
    trust_federated_intranet: bool | NotRead = NotRead("mfaSettings.trustFederatedIntranet was not given")
    remember_mfa_days: int | None = None
    allow_app_passwords: bool | NotRead = NotRead("mfaSettings.allowAppPasswords was not given")
