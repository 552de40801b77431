"""What a tenant's licences let it write: no Conditional Access without P1, no risk conditions without P2, none for workloads without theirs.

Source: FACTS.md 3.5, 13.1 and 14.4.3 (bodies captured from live tenants). Licences stand in Graph's `subscribedSkus`; one that isn't
enabled, nor in its grace period, counts for nothing. They bear on what may be created and changed alone: policies that are there go
on, and can be deleted.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from perca.model import fold
from perca.tenant.builtin import P1, P2, WORKLOADS
from perca.tenant.errors import GraphError, malformed
from perca.tenant.json import Json
from perca.tenant.records import Reading

NO_LICENCE = "Your tenant is not licensed for this feature. Please upgrade your subscription to access it."
NO_P2 = "1039: Cannot create or update policies with premium P2 features. Upgrade to a premium P2 license and try again."
NO_WORKLOADS = (
    "1150: Cannot create or update policies with workload identity premium features. "
    "Upgrade to a workload identity premium P1 or P2 license and try again"
)

_COUNTS = ("enabled", "warning")


@dataclass(frozen=True, slots=True)
class Licences:
    """What the tenant is licensed for."""

    p1: bool
    p2: bool
    workloads: bool

    def check(self, policy: Json) -> None:
        """GraphError when a policy may not be written with these licences."""
        if not self.p1:
            raise GraphError(403, "AccessDenied", NO_LICENCE)
        conditions = policy.get("conditions")
        if not isinstance(conditions, dict):
            return
        if not self.p2 and any(conditions.get(name) for name in ("signInRiskLevels", "userRiskLevels")):
            raise malformed(NO_P2)
        if not self.workloads and _is_for_workloads(conditions):
            raise malformed(NO_WORKLOADS)


def licences(now: Reading) -> Licences:
    """The tenant's licences."""
    plans = frozenset(_plans(now.all("skus")))
    p2 = fold(P2) in plans
    return Licences(p2 or fold(P1) in plans, p2, not plans.isdisjoint(map(fold, WORKLOADS)))


def _plans(skus: Iterable[Json]) -> Iterable[str]:
    for sku in skus:
        if fold(str(sku.get("capabilityStatus"))) not in _COUNTS:
            continue
        plans = sku.get("servicePlans")
        for plan in plans if isinstance(plans, list) else ():
            if isinstance(plan, dict):
                yield fold(str(plan.get("servicePlanName")))


def _is_for_workloads(conditions: Json) -> bool:
    """Whether the policy is about service principals; agents are another matter."""
    clients = conditions.get("clientApplications")
    named = isinstance(clients, dict) and bool(clients.get("includeServicePrincipals"))
    return named or bool(conditions.get("servicePrincipalRiskLevels"))
