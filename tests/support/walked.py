"""Raw values in the words of the walk. The partner in `brute` knows nothing of this file, nor of what it imports."""

from dataclasses import replace

from perca.model import Address
from perca.policy import Coordinate, Network
from perca.space import Block, Universe
from support.brute import Raw


def universe_of_raw(raw: Raw) -> Universe:
    """The same question in the words of the walk: addresses as runs, the network as a product."""
    values = raw.values
    networks = [each for each in values[Coordinate.NETWORK] if isinstance(each, Network)]
    return Universe(
        people=tuple(each.user for each in raw.principals if each.user is not None),
        targets=values[Coordinate.TARGET],
        channels=values[Coordinate.CHANNEL],
        addresses=tuple(_runs({each.address for each in networks if each.address is not None})),
        sign_in_risks=values[Coordinate.SIGN_IN_RISK],
        user_risks=values[Coordinate.USER_RISK],
        insider_risks=values[Coordinate.INSIDER_RISK],
        countries=tuple(dict.fromkeys(each.country for each in networks)),
        inside_corpnet=tuple(dict.fromkeys(each.inside_corpnet for each in networks)),
        compliant_network=tuple(dict.fromkeys(each.compliant for each in networks)),
        contexts=values[Coordinate.CONTEXT],
        devices=values[Coordinate.DEVICE],
        strangers=tuple(each.external for each in raw.principals if each.external is not None),
    )


def _runs(addresses: set[Address]) -> list[Block]:
    """The addresses as blocks without gaps."""
    found: list[Block] = []
    for address in sorted(addresses, key=lambda each: (each.version, int(each))):
        here = Block(address.version, int(address), int(address))
        if found and (found[-1].version, found[-1].last + 1) == (here.version, here.first):
            here = replace(found.pop(), last=here.last)
        found.append(here)
    return found
