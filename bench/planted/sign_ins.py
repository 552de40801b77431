"""Sets of sign-ins, as unions of products: how a truth and a claim say "where", so that the two can be compared exactly.

A sign-in has a channel (client, platform, flow), an application, an address, a country, a kind of device and two risks, all with an
ordinary password as the first factor. The sides are open sets, cut by a tenant's `Values`; Exchange ActiveSync reaches Exchange alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import product

MODERN = ("browser", "mobileAppsAndDesktopClients")
LEGACY = ("exchangeActiveSync", "other")
PLATFORMS = ("android", "iOS", "windows", "windowsPhone", "macOS", "linux", "unknown")
FLOWS = ("none", "deviceCodeFlow", "authenticationTransfer")
RISKS = ("none", "low", "medium", "high")

Channel = tuple[str, str, str]
CHANNELS: frozenset[object] = frozenset(product(MODERN, PLATFORMS, FLOWS)) | frozenset(
    product(LEGACY, PLATFORMS, ("none",))
)
"""Client, platform, flow; a legacy client speaks no flow."""
EXCHANGE = "00000002-0000-0ff1-ce00-000000000000"
ANY_OTHER_APP = "any other application"
ANY_OTHER_COUNTRY = "any other country"
NO_COUNTRY = "no country"
ORDINARY_DEVICE = "ordinary"

Box = Mapping[str, frozenset[object]]
"""A product: of each side the values that are in it; a side that is left out holds all of them."""


@dataclass(frozen=True)
class Values:
    """All values of each side in one tenant: those that its policies could tell apart, and one for all others."""

    sides: Box

    def box(self, box: Box) -> dict[str, frozenset[object]]:
        """The product with every side written, cut to these values."""
        return {side: box.get(side, every) & every for side, every in self.sides.items()}

    @property
    def impossible(self) -> Box:
        """What no client does: Exchange ActiveSync at anything but Exchange."""
        return {"channel": channels(("exchangeActiveSync",)), "app": self.sides["app"] - {EXCHANGE}}


def channels(
    clients: Iterable[str] = (*MODERN, *LEGACY),
    platforms: Iterable[str] = PLATFORMS,
    flows: Iterable[str] = FLOWS,
) -> frozenset[object]:
    """The possible channels of these."""
    return CHANNELS & frozenset(product(clients, platforms, flows))


def meet(some: Iterable[Box], others: Iterable[Box]) -> tuple[Box, ...]:
    """What two unions have in common."""
    found = (_both(one, other) for one, other in product(tuple(some), tuple(others)))
    return tuple(box for box in found if all(box.values()))


def _both(one: Box, other: Box) -> Box:
    return {
        side: one[side] & other[side]
        if side in one and side in other
        else one.get(side, other.get(side, frozenset()))
        for side in {**one, **other}
    }


def without(boxes: Iterable[Box], taken: Iterable[Box], values: Values) -> tuple[Box, ...]:
    """What can be of a union when another is taken away: disjoint products with every side written, none where nothing is left."""
    left: list[Box] = [box for box in map(values.box, boxes) if all(box.values())]
    for away in map(values.box, (values.impossible, *taken)):
        left = [piece for box in left for piece in _minus(box, away)]
    return tuple(left)


def _minus(box: Box, away: Box) -> Iterable[Box]:
    if not all(box[side] & away[side] for side in box):
        yield box
        return
    rest = dict(box)
    for side in box:
        if outside := rest[side] - away[side]:
            yield {**rest, side: outside}
        rest[side] = rest[side] & away[side]
