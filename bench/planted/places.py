"""Where sign-ins of a planted tenant may come from: its named locations, the same in every tenant, and which addresses tell them apart.

Two of the names lie: the only trusted location doesn't say so, and the one that says so isn't trusted.
"""

from __future__ import annotations

import ipaddress

from planted.graph import Json, country_location, id_of, ip_location

RANGES = {
    "Branch Network": "192.0.2.0/24",
    "Branch Desk": "192.0.2.16/28",
    "Visitors": "203.0.113.0/24",
    "Trusted Headquarters": "198.51.100.0/24",
    **{f"Site {n}": f"198.18.{n}.0/24" for n in range(10, 20)},
}
"""Addresses by name; the desk is inside the branch."""
TRUSTED = "Visitors"
HOME = "Home Countries"
HOME_COUNTRIES = ("AT", "CH")
EVERYWHERE = ("0.0.0.0", "::")


def locations() -> list[Json]:
    """All named locations."""
    places = [ip_location(name, [cidr], trusted=name == TRUSTED) for name, cidr in RANGES.items()]
    return [*places, country_location(HOME, list(HOME_COUNTRIES))]


def location(name: str) -> str:
    """The id of a named location."""
    return id_of("location", name)


def edges(name: str) -> tuple[str, str]:
    """The first address of a range, and the first one after it: between two such edges, no policy tells addresses apart."""
    network = ipaddress.ip_network(RANGES[name])
    return str(network[0]), str(network[-1] + 1)


def inside(name: str) -> frozenset[object]:
    """The edges of any range that lie in this one."""
    network = ipaddress.ip_network(RANGES[name])
    every = {edge for other in RANGES for edge in edges(other)}
    return frozenset(edge for edge in every if ipaddress.ip_address(edge) in network)
