"""Whole tenants by number: each with the same after some edits, and the raw sign-ins that are asked about."""

from functools import lru_cache

from perca.model import Tenant
from support.brute import Raw
from support.dice import Dice
from support.whole_policies import Theme
from support.whole_sign_ins import raw_values
from support.whole_tenants import edited, whole_tenant

UNKNOWN = (0.0, 0.06, 0.2)


@lru_cache(maxsize=600)
def case(number: int) -> tuple[Tenant, Tenant, Raw]:
    """A tenant, the same after some edits, and what is asked about."""
    dice = Dice(number, UNKNOWN[number % len(UNKNOWN)])
    theme = tuple(Theme)[number % len(Theme)]
    tenant = whole_tenant(dice, theme)
    return tenant, edited(dice, tenant), raw_values(dice, theme)
