"""A tenant as a value: everything that decides whether a sign-in needs MFA, and what of it could not be read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from perca.model.conditions import ConditionalAccessPolicy
from perca.model.controls import AuthenticationStrength
from perca.model.ids import AppId, GroupId, LocationId, StrengthId, TenantId, UserId
from perca.model.people import Group, Registration, RoleAssignment, User
from perca.model.places import MfaSettings, NamedLocation
from perca.model.unknown import Missing, NotRead


@dataclass(frozen=True)
class Tenant:
    """A tenant's data at one moment; mappings are never changed after they are given."""

    users: Mapping[UserId, User] = field(default_factory=lambda: MappingProxyType({}))
    groups: Mapping[GroupId, Group] = field(default_factory=lambda: MappingProxyType({}))
    role_assignments: tuple[RoleAssignment, ...] | NotRead = ()
    role_eligibilities: tuple[RoleAssignment, ...] | NotRead = ()
    registrations: Mapping[UserId, Registration] = field(default_factory=lambda: MappingProxyType({}))
    policies: tuple[ConditionalAccessPolicy, ...] = ()
    named_locations: Mapping[LocationId, NamedLocation] = field(default_factory=lambda: MappingProxyType({}))
    strengths: Mapping[StrengthId, AuthenticationStrength] = field(
        default_factory=lambda: MappingProxyType({})
    )
    applications: Mapping[AppId, str] = field(default_factory=lambda: MappingProxyType({}))
    """Service principals' app ids, with their names."""
    security_defaults: bool | NotRead = NotRead("security defaults were not read")
    mfa_settings: MfaSettings = MfaSettings()
    id: TenantId = TenantId("")
    display_name: str = ""
    taken_at: str = ""
    missing: tuple[Missing, ...] = ()
