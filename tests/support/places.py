"""Random places of every kind, conditions about them, and settings of the MFA service: for the laws about the network."""

from __future__ import annotations

import random
from itertools import product

from perca.model import (
    MFA_TRUSTED_IPS,
    UNKNOWN_COUNTRY,
    CompliantNetworkLocation,
    CountryLookup,
    CountryNamedLocation,
    IpRange,
    LocationCondition,
    LocationId,
    LocationScope,
    MfaSettings,
    NamedLocation,
    NotRead,
    OtherNamedLocation,
    Tenant,
)
from perca.policy import Network
from support.small import SOMETHING, address, place, policy, tenant

PLACES = tuple(LocationId(f"place-{n}") for n in range(5))
COUNTRIES = ("no", "se", "zz", UNKNOWN_COUNTRY)
CLAIMS = (False, True)
NETWORKS = tuple(
    Network(address(text), *rest)
    for text in (
        "198.51.100.1",
        "198.51.100.9",
        "198.51.100.200",
        "203.0.113.1",
        "2001:db8::1",
        "2001:db9::1",
    )
    for rest in product(COUNTRIES, CLAIMS, CLAIMS)
)
RANGES = (
    "198.51.100.0/24",
    "198.51.100.0/29",
    "198.51.100.128/25",
    "203.0.113.0/24",
    "2001:db8::/32",
    "::/0",
)


class Dice(random.Random):
    """Makes them from a number."""

    def some(self, values: tuple[str, ...], most: int = 2) -> tuple[str, ...]:
        return tuple(self.sample(values, self.randint(0, most)))

    def maybe(self) -> bool | None:
        return self.choice((True, False, None))

    def ranges(self) -> tuple[IpRange, ...]:
        return tuple(map(IpRange, self.some(RANGES)))

    def place(self, id: LocationId) -> NamedLocation:
        unclear = (SOMETHING,) * (self.random() < 0.1)
        lookup = self.choice((*CountryLookup, CountryLookup.CLIENT_ADDRESS, None))
        countries = frozenset(self.some(COUNTRIES[:2]))
        ranges = place(id, *self.some(RANGES), trusted=self.maybe(), unrecognised=unclear)
        lands = CountryNamedLocation(id, "", countries, self.maybe(), lookup, unclear)
        network = CompliantNetworkLocation(id, "", self.maybe(), unclear)
        return self.choice((*[ranges] * 4, *[lands] * 4, network, OtherNamedLocation(id, "", "novel")))

    def side(self, anywhere: float = 0.0) -> LocationScope:
        named = tuple(map(LocationId, self.some((*PLACES, MFA_TRUSTED_IPS), 3)))
        return LocationScope(self.random() < anywhere, self.random() < 0.3, named)

    def condition(self) -> LocationCondition:
        return LocationCondition(self.side(0.4), self.side())

    def tenant(self, policies: int = 0) -> Tenant:
        """A tenant with such places, and with policies about them."""
        ips = self.ranges() if self.random() < 0.8 else NotRead("not given")
        intranet = self.maybe()
        settings = MfaSettings(ips, NotRead("not given") if intranet is None else intranet)
        held = {id: self.place(id) for id in PLACES if self.random() < 0.9}
        about = (policy(f"p{n}", locations=self.condition()) for n in range(policies))
        return tenant(*about, named_locations=held, mfa_settings=settings)
