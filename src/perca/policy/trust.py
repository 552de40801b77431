"""What a tenant trusts of what somebody from outside did, or has, at home: the inbound trust of cross-tenant access settings.

Source: cross-tenant access settings (authentication-conditional-access, 05/2024; crossTenantAccessPolicyConfigurationDefault and
-Partner), FACTS.md 13.13. What a partner's settings leave open is as by default. Promises None for what nobody read: never trust, and
never no trust.
"""

from __future__ import annotations

from dataclasses import fields

from perca.model import External, InboundTrust, NotRead, SignIn, Tenant, TenantId
from perca.policy.answer import Unknown
from perca.policy.coordinates import Principal
from perca.policy.directory import View
from perca.policy.outside import OWN, outsider

NOT_KNOWN = InboundTrust()


def external_of(where: View | Tenant, sign_in: SignIn) -> External | Unknown | None:
    """Who signs in, as somebody from outside; None for the tenant's own people and for workloads.

    The sign-in's own word wins over the directory. Unknown where the person may be of the tenant, or from outside. A kind or a home
    tenant that nobody told is None within.
    """
    tenant = where.tenant if isinstance(where, View) else where
    if sign_in.workload is not None:
        return None
    found = outsider(tenant, Principal(sign_in.user, sign_in.external))
    if found.possible == {OWN}:
        return None
    if OWN in found.possible:
        return Unknown(found.unclear)
    if sign_in.external is not None and sign_in.external.kind is not None:
        return sign_in.external
    kinds = found.kinds
    return External(None if kinds is None else next(iter(kinds)), found.home)


def inbound(tenant: Tenant, home: TenantId | None) -> InboundTrust:
    """What is trusted of what somebody did at that home, a tenant elsewhere; a home of None is one that nobody told.

    A field is None where it isn't known: nobody read the settings, or nobody told the home tenant and the answer hangs on it.
    """
    settings = tenant.cross_tenant
    if isinstance(settings, NotRead):
        return NOT_KNOWN
    if home is not None:
        return _as_by_default(settings.partners.get(home, NOT_KNOWN), settings.default)
    everywhere = [_as_by_default(each, settings.default) for each in settings.partners.values()]
    return _agreed([settings.default, *everywhere])


def _as_by_default(partner: InboundTrust | NotRead, default: InboundTrust) -> InboundTrust:
    if isinstance(partner, NotRead):
        return NOT_KNOWN
    own = {each.name: getattr(partner, each.name) for each in fields(InboundTrust)}
    return InboundTrust(
        **{name: getattr(default, name) if value is None else value for name, value in own.items()}
    )


def _agreed(all_of_them: list[InboundTrust]) -> InboundTrust:
    """What is the same in all of them."""
    agreed: dict[str, bool | None] = {}
    for each in fields(InboundTrust):
        told = {getattr(one, each.name) for one in all_of_them}
        agreed[each.name] = told.pop() if len(told) == 1 else None
    return InboundTrust(**agreed)
