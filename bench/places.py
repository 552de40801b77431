"""How long the network takes to be cut into classes: `python bench/places.py`, in seconds of processor time.

First a tenant so small that the rival can finish: each address between the ends of two ranges in each country with each claim, one by one.
Both must find the same classes with the same numbers of networks. Then large tenants, up to what Entra allows; the rival's time is
reckoned from what it took for one network and one rule. Fails where the counts differ or where it isn't far behind.
"""

from __future__ import annotations

import random
import string
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import product

from perca.model import (
    BLOCK,
    MFA,
    UNKNOWN_COUNTRY,
    CountryLookup,
    CountryNamedLocation,
    IpNamedLocation,
    IpRange,
    LocationCondition,
    LocationId,
    LocationScope,
    MfaSettings,
    NamedLocation,
    Tenant,
)
from perca.policy import Coordinate, Network, Rule, Source, rulebook
from perca.policy.locations import Locations
from perca.policy.per_user import OutsideTrustedIps
from perca.space import ANY_OTHER_COUNTRY, Block, Column, Universe, masks
from perca.space.networks import areas

COUNTRIES = [one + two for one, two in product(string.ascii_lowercase, repeat=2)][:195]
ANYWHERE, TRUSTED = LocationScope(anywhere=True), LocationScope(all_trusted=True)
SOURCE = Source("bench", "bench", "bench")
FAR = 3_000
"""How many times as long the rival must take for a large tenant, whatever the machine."""


def invented(ranges: int, places: int, countries: int, lands: int) -> Tenant:
    """A tenant with that many ranges in all, in so many places, and with so many locations made of countries."""
    dice = random.Random(7)
    networks = [
        f"{11 + n // 65536}.{n // 256 % 256}.{n % 256}.0/24" for n in dice.sample(range(200_000), ranges)
    ]
    held: list[NamedLocation] = [
        IpNamedLocation(LocationId(f"ip-{n}"), "", n % 2 == 0, tuple(map(IpRange, networks[n::places])))
        for n in range(places)
    ]
    for n in range(lands):
        some = frozenset(COUNTRIES[:countries][n::lands])
        held.append(
            CountryNamedLocation(LocationId(f"land-{n}"), "", some, n == 0, CountryLookup.CLIENT_ADDRESS)
        )
    settings = MfaSettings(tuple(IpRange(f"198.51.100.{n * 4}/30") for n in range(50)), True)
    return Tenant(
        named_locations={each.id: each for each in held}, mfa_settings=settings, security_defaults=False
    )


def columns(tenant: Tenant, policies: int) -> tuple[Column, ...]:
    """Per-user MFA's rule and policies that exclude places, block countries outside some places, or exclude the trusted ones."""
    book = rulebook(tenant)
    conditions: list[Locations | OutsideTrustedIps] = [OutsideTrustedIps(exempt_inside=True)]
    ids = [*tenant.named_locations]
    for n in range(policies):
        here, there = (
            LocationScope(locations=(ids[n % len(ids)],)),
            LocationScope(locations=(ids[-1 - n % len(ids)],)),
        )
        condition = (
            LocationCondition(ANYWHERE, here), LocationCondition(there, here), LocationCondition(there, TRUSTED)
        )[n % 3]  # fmt: skip
        conditions.append(Locations(condition))
    return tuple(
        Column(Rule(f"rule-{n}", SOURCE, (each,), (BLOCK if n % 2 else MFA,)), book)
        for n, each in enumerate(conditions)
    )


def universe(countries: int) -> Universe:
    return Universe((), (), countries=(*COUNTRIES[:countries], ANY_OTHER_COUNTRY, UNKNOWN_COUNTRY))


def counted(sides: Sequence[Column], over: Universe) -> Counter[tuple[int, int]]:
    return Counter({key: sum(each.size for each in found) for key, found in areas(sides, over).items()})


def one_by_one(sides: Sequence[Column], over: Universe) -> Counter[tuple[int, int]]:
    """The rival."""
    found: Counter[tuple[int, int]] = Counter()
    for block in atoms(sides, over.addresses):
        for rest in product(over.countries, over.inside_corpnet, over.compliant_network):
            found[masks(sides, Coordinate.NETWORK, Network(block.start, *rest))] += block.size
    return found


def atoms(sides: Sequence[Column], blocks: Sequence[Block]) -> Iterator[Block]:
    tenant = sides[0].book.tenant
    assert isinstance(tenant.mfa_settings.trusted_ips, tuple)
    ranges = [*tenant.mfa_settings.trusted_ips]
    for place in tenant.named_locations.values():
        ranges += place.ranges if isinstance(place, IpNamedLocation) else ()
    ends = {
        (each.network.version, at)
        for each in ranges
        for at in (int(each.network.network_address), int(each.network.broadcast_address) + 1)
    }
    for block in blocks:
        inside = sorted(
            at for version, at in ends if version == block.version and block.first < at <= block.last
        )
        for first, after in zip([block.first, *inside], [*inside, block.last + 1], strict=True):
            yield replace(block, first=first, last=after - 1)


def main() -> None:
    tenant = invented(60, 6, 20, 5)
    sides, over = columns(tenant, 12), universe(20)
    start = time.process_time()
    ours = counted(sides, over)
    middle = time.process_time()
    theirs = one_by_one(sides, over)
    each = (
        (time.process_time() - middle) / (sum(1 for _ in atoms(sides, over.addresses)) * 22 * 4) / len(sides)
    )
    print(
        f"small: {middle - start:.3f} s, one by one {time.process_time() - middle:.2f} s, {len(ours)} classes"
    )
    assert ours == theirs, "the counts differ"
    for ranges, places, lands, policies in (
        (2_000, 1, 194, 24),
        (10_000, 5, 190, 60),
        (200_000, 100, 95, 240),
    ):
        tenant = invented(ranges, places, 195, lands)
        sides, over = columns(tenant, policies), universe(195)
        start = time.process_time()
        found = areas(sides, over)
        spent = time.process_time() - start
        total = sum(area.size for some in found.values() for area in some)
        assert total == sum(block.size for block in over.addresses) * 197 * 4, (
            "not every network is counted once"
        )
        rival = each * sum(1 for _ in atoms(sides, over.addresses)) * 197 * 4 * len(sides)
        print(
            f"{ranges:,} ranges in {places} places, {lands} places of countries, {len(sides)} rules: {spent:.2f} s, "
            f"{len(found):,} classes; one by one about {rival:,.0f} s"
        )
        assert spent * FAR < rival, f"the rival takes only {rival / spent:,.0f} times as long"


if __name__ == "__main__":
    main()
