"""The networks of a region, for scripts and for people: which addresses, countries and claims, in words as few as are true.

A region's networks are told facet by facet where they are a product, or where what is left is one; else by how many there are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from perca.cli import words
from perca.cli.answer import Json
from perca.model import UNKNOWN_COUNTRY, IpNamedLocation, IpRange, NotRead, Tenant
from perca.policy import rulebook
from perca.policy.addresses import Addresses
from perca.prove.regions import Side
from perca.space import ANY_OTHER_COUNTRY, Area, Block
from perca.space.patches import patches

MOST_STARTS = 100
"""At most this many runs of addresses, and this many areas, are listed."""


@dataclass(frozen=True, slots=True)
class Facets:
    """The values of some networks, facet by facet."""

    blocks: frozenset[Block]
    countries: frozenset[str]
    inside_corpnet: frozenset[bool]
    compliant: frozenset[bool]

    @property
    def size(self) -> int:
        """How many networks there would be, were they a product."""
        claims = len(self.inside_corpnet) * len(self.compliant)
        return addresses(self.blocks) * len(self.countries) * claims


def facets(areas: Iterable[Area]) -> Facets:
    """The facets of all these areas together."""
    some = list(areas)
    return Facets(
        frozenset(block for area in some for block in area.blocks),
        frozenset(country for area in some for country in area.countries),
        frozenset(inside for area in some for inside, _ in area.claims),
        frozenset(compliant for area in some for _, compliant in area.claims),
    )


def addresses(blocks: Iterable[Block]) -> int:
    """How many addresses there are."""
    return sum(block.size for block in blocks)


def conditions(side: Side) -> Iterator[tuple[str, object]]:
    """What a script may want: each facet that matters, or the areas that make it up where the networks are no product."""
    inside, whole = _areas(side.values), facets(_areas((*side.values, *side.others)))
    of = facets(inside)
    if of.size == side.weight:
        yield from _json(of, whole)
    else:
        yield "networks", [dict(_json(facets([area]), whole)) for area in inside[:MOST_STARTS]]


def _areas(values: Iterable[object]) -> list[Area]:
    return [each for each in values if isinstance(each, Area)]


def _json(of: Facets, whole: Facets) -> Iterator[tuple[str, object]]:
    if of.blocks != whole.blocks:
        yield "ipAddresses", _addresses_json(of.blocks)
    if of.countries != whole.countries:
        yield "countries", sorted(each if each == UNKNOWN_COUNTRY else each.upper() for each in of.countries)
    if of.inside_corpnet != whole.inside_corpnet:
        yield "insideCorpnet", True in of.inside_corpnet
    if of.compliant != whole.compliant:
        yield "compliantNetwork", True in of.compliant


def _addresses_json(blocks: frozenset[Block]) -> Json:
    starts = [str(block.start) for block in in_order(blocks)[:MOST_STARTS]]
    return {"count": str(addresses(blocks)), "startingAt": starts}


def in_order(blocks: Iterable[Block]) -> list[Block]:
    """The blocks by version, then by address."""
    return sorted(blocks, key=lambda block: (block.version, block.first))


def sentence(tenant: Tenant, side: Side) -> str:
    """From where, as part of a sentence."""
    inside, outside = _areas(side.values), _areas(side.others)
    of, left, whole = facets(inside), facets(outside), facets([*inside, *outside])
    if of.size == side.weight:
        return ", ".join(_words(tenant, of, whole))
    if left.size == side.of - side.weight:
        return " or ".join(_words(tenant, _without(whole, left), whole))
    some = words.magnitude(side.weight)
    return f"from {some} networks such as {in_order(of.blocks)[0].start}"


def _without(whole: Facets, left: Facets) -> Facets:
    """What is left of each facet; all of it where nothing was taken away."""
    return Facets(
        whole.blocks - left.blocks or whole.blocks,
        whole.countries - left.countries or whole.countries,
        whole.inside_corpnet - left.inside_corpnet or whole.inside_corpnet,
        whole.compliant - left.compliant or whole.compliant,
    )


def _words(tenant: Tenant, of: Facets, whole: Facets) -> Iterator[str]:
    if of.blocks != whole.blocks:
        yield _at_addresses(tenant, of.blocks, whole.blocks - of.blocks)
    if of.countries != whole.countries:
        yield _in_countries(of.countries, whole.countries - of.countries)
    if of.inside_corpnet != whole.inside_corpnet:
        yield f"{'with' if True in of.inside_corpnet else 'without'} the federated intranet's claim"
    if of.compliant != whole.compliant:
        yield f"{'through' if True in of.compliant else 'outside'} the compliant network"


def _at_addresses(tenant: Tenant, chosen: frozenset[Block], others: frozenset[Block]) -> str:
    for name, place in _places(tenant):
        if _lie(chosen, place, within=True) and _lie(others, place, within=False):
            return f"inside {name}"
        if _lie(others, place, within=True) and _lie(chosen, place, within=False):
            return f"outside {name}"
    return f"from {words.magnitude(addresses(chosen))} addresses such as {in_order(chosen)[0].start}"


def _lie(blocks: frozenset[Block], place: Addresses, *, within: bool) -> bool:
    return patches([*blocks], [place]).keys() == {int(within)}


def _places(tenant: Tenant) -> Iterator[tuple[str, Addresses]]:
    """What the tenant calls a place, with its addresses; and all trusted ones together."""
    held, trusted = rulebook(tenant), list[IpRange]()
    if not isinstance(tenant.mfa_settings.trusted_ips, NotRead):
        trusted.extend(tenant.mfa_settings.trusted_ips)
        yield "the MFA trusted IPs", held.addresses(tenant.mfa_settings.trusted_ips)
    for place in tenant.named_locations.values():
        if isinstance(place, IpNamedLocation):
            yield f"`{place.display_name or place.id}`", held.addresses(place.ranges)
            trusted.extend(place.ranges if place.is_trusted else ())
    yield "the trusted places", Addresses(trusted)


def _in_countries(chosen: frozenset[str], others: frozenset[str]) -> str:
    if ANY_OTHER_COUNTRY not in chosen:
        unknown = ["an unknown country"] * (UNKNOWN_COUNTRY in chosen)
        return f"from {' or '.join([*_codes(chosen), *unknown])}"
    which = "any known country" if UNKNOWN_COUNTRY in others else "any country"
    named = " or ".join(_codes(others))
    return f"from {which} but {named}" if named else f"from {which}"


def _codes(countries: frozenset[str]) -> list[str]:
    codes = [each.upper() for each in sorted(countries - {UNKNOWN_COUNTRY})]
    return [words.listed(codes)] if len(codes) > 5 else codes
