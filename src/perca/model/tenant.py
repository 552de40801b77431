"""A tenant as a value: everything that decides whether a sign-in needs MFA, and what of it could not be read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from perca.model.authentication import Domain, MethodsPolicy
from perca.model.conditions import ConditionalAccessPolicy
from perca.model.controls import AuthenticationStrength
from perca.model.ids import AppId, GroupId, LocationId, StrengthId, TenantId, UserId
from perca.model.organisations import Application, CrossTenantAccess
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
    applications: Mapping[AppId, Application] = field(default_factory=lambda: MappingProxyType({}))
    """The service principals of applications."""
    security_defaults: bool | NotRead = NotRead("security defaults were not read")
    mfa_settings: MfaSettings = MfaSettings()
    id: TenantId = TenantId("")
    display_name: str = ""
    taken_at: str = ""
    missing: tuple[Missing, ...] = ()
    cross_tenant: CrossTenantAccess | NotRead = NotRead("cross-tenant access settings were not read")
    baseline_scopes: AppId | NotRead | None = NotRead("how baseline scopes are enforced was not given")
    """The resource as which requests for baseline scopes alone are evaluated; None where "all resources" with exclusions still leaves them out (FACTS.md 3.4); `NOBODY_CHOSE` where that hangs on the rollout."""
    registration_policy: bool | NotRead = NotRead("whether there is a registration policy was not read")
    """Whether the P2 registration policy asks people to register; it never asks for MFA (10.8)."""
    defaults_ask_at_risk: bool = False
    """How the embedded tenant fills in Microsoft's judgement under Security Defaults (docs/decisions/0006); of a real one nobody knows it."""
    domains: tuple[Domain, ...] | NotRead = NotRead("domains were not read")
    methods: MethodsPolicy | NotRead = NotRead("the authentication methods policy was not read")
    last_successes: Mapping[UserId, str | None] = field(default_factory=lambda: MappingProxyType({}))
    """When people last signed in with success; None for never, and nothing of somebody of whom it isn't known."""
    mailboxes: Mapping[UserId, str] = field(default_factory=lambda: MappingProxyType({}))
    """What people's mailboxes are for, folded: `user`, `room`, `shared`, `equipment`; nothing where it isn't known."""
