"""Cross-tenant access settings, to be read: what is trusted of other tenants, by default and of partners.

Source: GET /policies/crossTenantAccessPolicy/default and /partners (v1.0, 2024). Nobody changes them here but an import.
"""

from __future__ import annotations

from collections.abc import Mapping

from perca.tenant.api import shapes
from perca.tenant.api.collections import Collection
from perca.tenant.api.exchange import Answer, Ask, Route, answer_with
from perca.tenant.api.host import Host
from perca.tenant.builtin import CROSS_TENANT_DEFAULT

PATH = "/policies/crossTenantAccessPolicy"
PARTNERS = Collection(
    "crossTenantPartners", f"{PATH}/partners", "policies/crossTenantAccessPolicy/partners", shapes.PARTNER
)


def show_default(host: Host, ask: Ask, _: Mapping[str, str]) -> Answer:
    """The settings for tenants that have none of their own."""
    with host.store.reading() as now:
        held = now.get("crossTenantDefault", "default") or CROSS_TENANT_DEFAULT
    context = ask.context("policies/crossTenantAccessPolicy/default/$entity")
    return answer_with({"@odata.context": context, **held})


ROUTES = (Route("GET", f"{PATH}/default", show_default), *PARTNERS.routes())
