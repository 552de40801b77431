"""The snapshot's `crossTenantAccess`: what is trusted of other tenants, from Graph to the model. Nothing of it is written back.

Its shape is ours, made of two Graph resources: `{"default": CONFIGURATION, "partners": [CONFIGURATION, …]}`, where `default` is what GET
/policies/crossTenantAccessPolicy/default answers, and `partners` the list of …/partners, each with its `tenantId`. A partner's null,
and what its `inboundTrust` leaves out, is as by default. Promises that settings left out are unknown: never trust, never no trust.
"""

from __future__ import annotations

from types import MappingProxyType

from perca.errors import BadInput
from perca.model import CrossTenantAccess, InboundTrust, NotRead, TenantId
from perca.wire.missing import Gaps, gaps
from perca.wire.people import identifier
from perca.wire.values import Json, JsonValue, is_word, shown

_ACCEPTED = {
    "mfa": "isMfaAccepted",
    "compliant_device": "isCompliantDeviceAccepted",
    "hybrid_joined_device": "isHybridAzureADJoinedDeviceAccepted",
}
_HINT = "give what Graph answers, or leave it out if unknown"


def parse_cross_tenant(value: JsonValue, unread: Gaps | None = None) -> CrossTenantAccess | NotRead:
    """The cross-tenant access settings; NotRead where nobody knows which tenants have settings of their own."""
    unread = unread or gaps(())
    if value is None:
        return unread.partners or NotRead("crossTenantAccess was not given")
    if not isinstance(value, dict):
        raise BadInput("`crossTenantAccess` is no object", _HINT)
    given = value.get("default")
    if given is not None and not isinstance(given, dict):
        raise BadInput("`crossTenantAccess.default` is no object", _HINT)
    default = InboundTrust() if unread.default_trust is not None or given is None else _trust(given)
    partners = _partners(value.get("partners")) if "partners" in value else None
    if unread.partners is not None or partners is None:
        return unread.partners or NotRead("crossTenantAccess.partners were not given")
    return CrossTenantAccess(default, MappingProxyType(partners))


def _partners(value: JsonValue) -> dict[TenantId, InboundTrust | NotRead]:
    if not isinstance(value, list):
        raise BadInput("`crossTenantAccess.partners` is no list", _HINT)
    found: dict[TenantId, InboundTrust | NotRead] = {}
    for number, partner in enumerate(value, 1):
        if not isinstance(partner, dict):
            raise BadInput(f"entry {number} of `crossTenantAccess.partners` is no object", _HINT)
        tenant = TenantId(identifier(partner, "tenantId", f"entry {number} of `crossTenantAccess.partners`"))
        if found.setdefault(tenant, _of_partner(partner)) != _of_partner(partner):
            raise BadInput(f"`crossTenantAccess.partners` holds two that differ for `{tenant}`", "keep one")
    return found


def _of_partner(partner: Json) -> InboundTrust | NotRead:
    if "inboundTrust" not in partner:
        return NotRead("the inbound trust of a partner was not given")
    return _trust(partner, otherwise=True)


def _trust(configuration: Json, *, otherwise: bool | None = None) -> InboundTrust:
    """The trust of one configuration; `otherwise` is whether direct connect may be used where it doesn't say."""
    trust = configuration.get("inboundTrust")
    if trust is not None and not isinstance(trust, dict):
        raise BadInput(f"`inboundTrust` is `{shown(trust)}`", _HINT)
    told = {field: _flag(trust or {}, name) for field, name in _ACCEPTED.items()}
    direct = configuration.get("b2bDirectConnectInbound", {} if otherwise else None)
    return InboundTrust(**told, direct_connect=None if direct is None else not _is_blocked(direct))


def _flag(trust: Json, name: str) -> bool | None:
    value = trust.get(name)
    if value is None or isinstance(value, bool):
        return value
    raise BadInput(f"`inboundTrust.{name}` is `{shown(value)}`", "true or false is needed, or leave it out")


def _is_blocked(setting: JsonValue) -> bool:
    """Whether a B2B setting lets nobody in: it blocks all people, or all applications."""
    if not isinstance(setting, dict):
        return False
    return _blocks(setting.get("usersAndGroups"), "allusers") or _blocks(
        setting.get("applications"), "allapplications"
    )


def _blocks(part: JsonValue, everything: str) -> bool:
    if not isinstance(part, dict):
        return False
    targets = part.get("targets")
    if not is_word(part.get("accessType"), "blocked") or not isinstance(targets, list):
        return False
    named = [target.get("target") for target in targets if isinstance(target, dict)]
    return any(is_word(name, everything) for name in named)
