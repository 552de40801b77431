"""Whole collections that a snapshot says it could not read, where their lack would otherwise look like emptiness.

What isn't held by its id is unknown anyway. But policies and trusted places are asked for as a whole: one that nobody read
would leave no trace.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from perca.model import Tenant, fold


def unread_policies(tenant: Tenant) -> tuple[str, ...]:
    """Why there may be Conditional Access policies that nobody read; empty when there are none."""
    return tuple(_gaps(tenant, "policies", "conditionalaccess"))


def unread_places(tenant: Tenant) -> tuple[str, ...]:
    """Why there may be named locations that nobody read; empty when there are none."""
    return tuple(_gaps(tenant, "namedlocations", "conditionalaccess"))


def unread_people(tenant: Tenant) -> tuple[str, ...]:
    """Why there may be people whom nobody read; empty when there are none."""
    return tuple(_gaps(tenant, "users"))


def _gaps(tenant: Tenant, whole: str, under: str = "") -> Iterator[str]:
    """The entries that name the collection as a whole, by itself or right below `under`."""
    for gap in tenant.missing:
        parts = tuple(part for part in fold(gap.what).partition("?")[0].split("/") if part)
        alone = parts[1:] if parts[:1] in (("v1.0",), ("beta",)) else parts
        if alone == (whole,) or (under, whole) in pairwise(parts):
            yield f"{gap.what} could not be read: {gap.why}"
