"""What of a tenant a condition looks at: two tenants that agree on that give the same answers, known or unknown.

A condition that isn't listed here looks at nothing but the sign-in.
"""

from __future__ import annotations

from perca.model import MFA_TRUSTED_IPS, NotRead, UserId
from perca.policy.directory import View
from perca.policy.locations import Locations
from perca.policy.per_user import AskedAtModernClients, CutOffFromLegacy, OutsideTrustedIps
from perca.policy.rule import Condition
from perca.policy.users import Users


def reads(condition: Condition, view: View) -> object:
    """The tenant's data that the condition looks at for everybody, comparable with `==`."""
    tenant = view.tenant
    match condition:
        case Users(users):
            scopes = (users.include, users.exclude)
            groups = [view.nested_groups(group) for scope in scopes for group in scope.groups]
            roles = {role for scope in scopes for role in scope.roles}
            assignments = tenant.role_assignments
            if not roles or isinstance(assignments, NotRead):
                return (groups, assignments if roles else None, tenant.users.keys())
            held = [each for each in assignments if each.role in roles]
            nested = [
                view.nested_groups(group) for group in view.groups_among(each.principal for each in held)
            ]
            return (groups, held, nested, tenant.users.keys())
        case Locations(places):
            sides = (places.include, places.exclude)
            named = [tenant.named_locations.get(each) for side in sides for each in side.locations]
            trusted = any(side.all_trusted or MFA_TRUSTED_IPS in side.locations for side in sides)
            return (named, (tenant.named_locations, tenant.mfa_settings) if trusted else None)
        case OutsideTrustedIps():
            return tenant.mfa_settings
        case _:
            return None


def looks_at_one_person(condition: Condition) -> bool:
    """Whether the condition looks at data that each person has for themselves."""
    return isinstance(condition, AskedAtModernClients | CutOffFromLegacy)


def reads_of_person(condition: Condition, view: View, person: UserId) -> object:
    """The data of one person that the condition looks at besides."""
    match condition:
        case AskedAtModernClients():
            held = view.tenant.users.get(person)
            return None if held is None else held.per_user_mfa
        case CutOffFromLegacy():
            held = view.tenant.users.get(person)
            return None if held is None else (held.per_user_mfa, view.tenant.registrations.get(person))
        case _:
            return None
