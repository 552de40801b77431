"""People of other organisations: what kind of guest they are, where they are at home, and whom of them a policy means.

Source: FACTS.md 3.2 (guestOrExternalUserTypes, externalTenants) and CONTRACT (kinds of guests of a directory's own people).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from perca.model.ids import TenantId


class ExternalKind(StrEnum):
    """Graph's `guestOrExternalUserTypes`."""

    INTERNAL_GUEST = "internalGuest"
    COLLABORATION_GUEST = "b2bCollaborationGuest"
    COLLABORATION_MEMBER = "b2bCollaborationMember"
    DIRECT_CONNECT = "b2bDirectConnectUser"
    OTHER = "otherExternalUser"
    SERVICE_PROVIDER = "serviceProvider"

    @property
    def has_object(self) -> bool:
        """Whether such a person has an account in the directory."""
        return self in (
            ExternalKind.INTERNAL_GUEST,
            ExternalKind.COLLABORATION_GUEST,
            ExternalKind.COLLABORATION_MEMBER,
        )


@dataclass(frozen=True, slots=True)
class External:
    """Who somebody from outside is: the kind, and the home tenant; None where it isn't known."""

    kind: ExternalKind | None = None
    tenant: TenantId | None = None


@dataclass(frozen=True, slots=True)
class ExternalScope:
    """External people that a policy means: by kind, and from which tenants; `tenants` is None for all of them."""

    kinds: frozenset[ExternalKind]
    tenants: frozenset[TenantId] | None = None
