"""A believable company, invented from a number: people, groups, roles, places, policies, states and thirty days of sign-ins.

Promises the same company for the same number and size, and one of every kind of person that a move has to think of.
"""

from perca.tenant.seed.company import kinds, mfa_settings, seed, seeded
from perca.tenant.seed.people import SMALLEST, Kind

__all__ = ["SMALLEST", "Kind", "kinds", "mfa_settings", "seed", "seeded"]
