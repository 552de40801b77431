"""People whom a policy seems to be about through a role, or as guests, or whom per-user MFA still holds."""

from __future__ import annotations

from planted.company import Company, guests
from planted.graph import ROLES, assignment, id_of
from planted.sign_ins import LEGACY, channels
from planted.truth import ALWAYS, Kind, Planted


def at_a_unit(company: Company, name: str) -> Planted:
    """They hold the role of a policy at an administrative unit only."""
    people = company.people(name, 3)
    group = company.exempt_people(f"Unit Helpdesk {name}", people)
    scope = f"/administrativeUnits/{id_of('unit', name)}"
    company.assignments += [
        assignment("roleAssignments", each, "Helpdesk Administrator", scope) for each in people
    ]
    company.policy(f"MFA for helpdesk {name}", {"includeRoles": [ROLES["Helpdesk Administrator"]]}, "mfa")
    return Planted("unit-role", people, ALWAYS, "policies don't count a role that is held at a unit", group)


def through_a_group(company: Company, name: str) -> Planted:
    """They hold it for the whole tenant, through a group."""
    people = company.people(name, 3)
    group = company.group(f"Helpdesk {name}", people, roles=True)
    company.exempt(group)
    company.assignments.append(assignment("roleAssignments", group, "Helpdesk Administrator"))
    company.policy(f"MFA for helpdesk {name}", {"includeRoles": [ROLES["Helpdesk Administrator"]]}, "mfa")
    return Planted("unit-role", people, (), "a group of theirs holds the role for the whole tenant")


def eligible(company: Company, name: str) -> Planted:
    """They could activate the role of a policy, and haven't."""
    people = company.people(name, 3)
    group = company.exempt_people(f"Reporting {name}", people)
    company.eligibilities += [assignment("roleEligibilities", each, "Reports Reader") for each in people]
    company.policy(f"MFA for reports {name}", {"includeRoles": [ROLES["Reports Reader"]]}, "mfa")
    return Planted("eligible-only", people, ALWAYS, "who is only eligible holds no role", group)


def eligible_for_an_exclusion(company: Company, name: str) -> Planted:
    """They could activate a role that is excluded, and haven't."""
    people = company.people(name, 3)
    company.eligibilities += [
        assignment("roleEligibilities", each, "Groups Administrator") for each in people
    ]
    company.exclude("excludeRoles", ROLES["Groups Administrator"])
    return Planted("eligible-only", people, (), "who is only eligible isn't excluded")


def wrong_type(company: Company, name: str) -> Planted:
    """Invited guests are excluded, and the policy for guests is about invited members."""
    people = company.people(name, 8, guest=True, invited=True)
    group = company.group(f"Partners {name}", people)
    company.exclude_guests("b2bCollaborationGuest")
    company.policy(
        f"MFA for guests {name}", {"includeGuestsOrExternalUsers": guests("b2bCollaborationMember")}, "mfa"
    )
    return Planted(
        "guest-type", people, ALWAYS, "they are guests, and the policy names invited members", group
    )


def right_type(company: Company, name: str) -> Planted:
    """Local guests are excluded, and a policy of their own is about their kind."""
    people = company.people(name, 8, guest=True)
    company.exclude_guests("internalGuest")
    company.policy(
        f"MFA for local guests {name}", {"includeGuestsOrExternalUsers": guests("internalGuest")}, "mfa"
    )
    return Planted("guest-type", people, (), "the second policy names their kind")


def enabled_and_never_registered(company: Company, name: str) -> Planted:
    """No policy is about them; per-user MFA is enabled, and a legacy client still takes the password until they register."""
    people = company.people(name, 4, state="enabled", registered=False)
    group = company.exempt_people(f"Starters {name}", people)
    legacy = ({"channel": channels(LEGACY)},)
    return Planted("per-user-mfa", people, legacy, "enabled isn't enforced before the registration", group)


def enforced(company: Company, name: str) -> Planted:
    """No policy asks them for MFA; per-user MFA does, and legacy clients are blocked for them."""
    people = company.people(name, 4, state="enforced")
    group = company.exempt_people(f"Old Hands {name}", people)
    company.policy(
        f"No legacy for old hands {name}", {"includeGroups": [group]}, "block", clientAppTypes=[*LEGACY]
    )
    return Planted("per-user-mfa", people, (), "per-user MFA asks them at every modern client")


KINDS = (
    Kind("unit-role", at_a_unit, through_a_group),
    Kind("eligible-only", eligible, eligible_for_an_exclusion),
    Kind("guest-type", wrong_type, right_type),
    Kind("per-user-mfa", enabled_and_never_registered, enforced),
)
