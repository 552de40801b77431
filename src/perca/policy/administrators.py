"""Who is an administrator to Security Defaults: a holder of one of the roles that the page names.

Source: security-defaults (07/2025), FACTS.md 5 and 7.2: fifteen roles of an include that other pages count differently, and two more. A role
counts where it is active at the scope of the tenant, as for policies; whether one that is held at a unit counts, no page says.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from perca.model import TENANT_SCOPE, ExternalKind, GroupId, NotRead, RoleAssignment, RoleId, UserId
from perca.policy.answer import Answer, No, Unknown, either
from perca.policy.basis import Basis, Certainty
from perca.policy.coordinates import Coordinate, Principal
from perca.policy.directory import View

ROLES = {
    RoleId("62e90394-69f5-4237-9190-012177145e10"): "Global Administrator",
    RoleId("9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3"): "Application Administrator",
    RoleId("c4e39bd9-1100-46d3-8c65-fb160da0071f"): "Authentication Administrator",
    RoleId("b0f54661-2d74-4c50-afa3-1ec803f12efe"): "Billing Administrator",
    RoleId("158c047a-c907-4556-b7ef-446551a6b5f7"): "Cloud Application Administrator",
    RoleId("b1be1c3e-b65d-4f19-8427-f6fa0d97feb9"): "Conditional Access Administrator",
    RoleId("29232cdf-9323-42fd-ade2-1d097af3e4de"): "Exchange Administrator",
    RoleId("729827e3-9c14-49f7-bb1b-9608f156bbb8"): "Helpdesk Administrator",
    RoleId("966707d0-3269-4727-9be2-8c3a10f19b9d"): "Password Administrator",
    RoleId("7be44c8a-adaf-4e2a-84d6-ab2649e08a13"): "Privileged Authentication Administrator",
    RoleId("e8611ab8-c189-46e8-94e1-60213ab1f814"): "Privileged Role Administrator",
    RoleId("194ae4cb-b126-40b2-bd5b-6091b380977d"): "Security Administrator",
    RoleId("f28a1f50-f6e7-4571-818b-6a12f2af6b6c"): "SharePoint Administrator",
    RoleId("69091246-20e8-4a56-aa4d-066075b2a7a8"): "Teams Administrator",
    RoleId("fe930be7-5e62-47db-91af-98c3a49a38b1"): "User Administrator",
    RoleId("0526716b-113d-4c15-b2c8-68e3c22b9f80"): "Authentication Policy Administrator",
    RoleId("45d8d3c5-c802-45c6-b32a-1d70b5e1e86e"): "Identity Governance Administrator",
}
"""The roles whose holders are asked at every sign-in."""


@dataclass(frozen=True, slots=True)
class Administrator:
    """Holds for people with one of the roles."""

    coordinate: Coordinate = Coordinate.PRINCIPAL
    basis: Basis = Basis(Certainty.OFFICIAL, "security-defaults", "07/2025")

    def holds(self, view: View, value: object) -> Answer:
        """Whether this person is an administrator; unknown where a role is held at a narrower scope alone."""
        assert isinstance(value, Principal)
        if value.user is None:
            return _without_account(value)
        named = [view.has_role(value.user, role) for role in ROLES]
        match either([*named, *_of_units(view, value.user)], "holds none of the administrators' roles"):
            case Unknown(facts):
                return Unknown(tuple(dict.fromkeys(facts)))
            case No(because):
                return No(because, ("users",))
            case yes:
                return yes


def _without_account(value: Principal) -> Answer:
    """Who has no account here is assigned no role here; but a service provider may act with one."""
    if value.external is not None and value.external.kind is ExternalKind.DIRECT_CONNECT:
        return No(("has no account to which a role could be assigned",), ("users",))
    return Unknown(("whether somebody without an account here acts with an administrator's role",))


def narrower(view: View) -> tuple[RoleAssignment, ...]:
    """The assignments of one of the roles at a narrower scope than the tenant."""
    assignments = view.tenant.role_assignments
    if isinstance(assignments, NotRead):
        return ()
    return tuple(each for each in assignments if each.role in ROLES and each.scope != TENANT_SCOPE)


def _of_units(view: View, user: UserId) -> Iterator[Answer]:
    for each in narrower(view):
        if UserId(each.principal) == user or not isinstance(_through_group(view, user, each), No):
            yield Unknown(
                (f"whether Security Defaults count {ROLES[each.role]} at the scope `{each.scope}`",)
            )


def _through_group(view: View, user: UserId, assigned: RoleAssignment) -> Answer:
    if UserId(assigned.principal) in view.tenant.users:
        return No()
    return view.in_group(user, GroupId(assigned.principal))
