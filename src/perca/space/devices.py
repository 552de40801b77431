"""The device records of a question: realisable ones, so many that no filter and no control can tell any other from all of them."""

from __future__ import annotations

from collections.abc import Iterable

from perca.model import UNREGISTERED, Device, Tenant

NO_DEVICE = Device(compliant=False, trust_type=UNREGISTERED, whole=True)
"""A device without a record."""


def records(tenants: Iterable[Tenant]) -> tuple[Device, ...]:
    """The device records that the tenants' filters and controls can tell apart, an unregistered device first."""
    return (NO_DEVICE,)
