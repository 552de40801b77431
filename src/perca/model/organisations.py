"""Applications with their owners, and what a tenant trusts of what other tenants' people did at home.

Source: FACTS.md 13.13 (inbound trust); applicationFilter reads custom security attributes, which most readers may not see.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from perca.model.ids import AppId, TenantId
from perca.model.unknown import NotRead


@dataclass(frozen=True)
class Application:
    """The service principal of an application."""

    name: str = ""
    owner: TenantId | None = None
    """The tenant that owns the application; None where it isn't known."""
    object_id: AppId | None = None
    """The service principal's own id, by which policies for workloads name it."""
    attributes: frozenset[tuple[str, str | frozenset[str]]] | NotRead = NotRead(
        "custom security attributes were not read"
    )
    """Custom security attributes, `Set_Attribute` with its value."""
    kind: str | None = None
    """Graph's `servicePrincipalType`, or `AGENT`; None where the source didn't say."""
    audience: str | None = None
    """Graph's `signInAudience`: whether other tenants can use it, too; None where the source didn't say."""


AGENT = "AgentIdentity"
"""The kind of a service principal that is an agent's identity."""


@dataclass(frozen=True, slots=True)
class InboundTrust:
    """What is trusted of what people did, or have, at home; None where it isn't said (the default counts, or nobody knows)."""

    mfa: bool | None = None
    compliant_device: bool | None = None
    hybrid_joined_device: bool | None = None
    direct_connect: bool | None = None
    """Whether people of there may use B2B direct connect here; False only where nobody may."""


@dataclass(frozen=True)
class CrossTenantAccess:
    """The inbound trust of a tenant: by default, and for partners."""

    default: InboundTrust = InboundTrust(False, False, False, False)
    partners: Mapping[TenantId, InboundTrust | NotRead] = field(default_factory=lambda: MappingProxyType({}))
