"""Policies that are about the right people and don't ask for MFA after all: an alternative, a weak strength, a state."""

from __future__ import annotations

from planted.company import Company
from planted.graph import PHISHING_RESISTANT, strength
from planted.kinds.teams import planted
from planted.sign_ins import MODERN, channels
from planted.truth import ALWAYS, Kind, Planted

_DEVICE_CAN_BE_SHOWN = ({"channel": channels(MODERN, flows=("none", "authenticationTransfer"))},)
"""A legacy client meets no control, and a device code shows no device."""
_PASSWORD_IS_ENOUGH = ({"channel": channels(MODERN)},)
"""A legacy client meets no strength, so it is blocked."""


def or_a_device(company: Company, name: str) -> Planted:
    """MFA or a compliant device: whoever has one gets in without MFA."""
    people = company.people(name, 5)
    group = company.exempt_people(f"Engineers {name}", people)
    company.policy(f"MFA for engineers {name}", {"includeGroups": [group]}, "mfa", "compliantDevice")
    return planted(company, "or-control", people, group, _DEVICE_CAN_BE_SHOWN, "a compliant device is enough")


def and_a_device(company: Company, name: str) -> Planted:
    """MFA and a compliant device."""
    people = company.people(name, 5)
    group = company.exempt_people(f"Engineers {name}", people)
    company.policy(
        f"MFA for engineers {name}", {"includeGroups": [group]}, "mfa", "compliantDevice", operator="AND"
    )
    return planted(company, "or-control", people, group, (), "both are asked for")


def weak_strength(company: Company, name: str) -> Planted:
    """A strength of the tenant's own that a password meets."""
    people = company.people(name, 5)
    group = company.exempt_people(f"Warehouse {name}", people)
    own = strength(f"Standard sign-in {name}", ["password", "fido2"], mfa=False)
    company.strengths.append(own)
    company.policy(f"Strength for warehouse {name}", {"includeGroups": [group]}, strength=own["id"])
    return Planted("strength", people, _PASSWORD_IS_ENOUGH, "the strength allows a password alone", group)


def good_strength(company: Company, name: str) -> Planted:
    """No policy on them says `mfa`; one asks for a strength that is MFA."""
    people = company.people(name, 5)
    group = company.exempt_people(f"Warehouse {name}", people)
    company.policy(f"Strength for warehouse {name}", {"includeGroups": [group]}, strength=PHISHING_RESISTANT)
    return Planted("strength", people, (), "every combination of the strength is MFA")


def report_only(company: Company, name: str) -> Planted:
    """The only policy on them reports and never acts."""
    people = company.people(name, 4)
    group = company.exempt_people(f"Legal {name}", people)
    company.policy(
        f"MFA for legal {name}",
        {"includeGroups": [group]},
        "mfa",
        state="enabledForReportingButNotEnforced",
    )
    return Planted("report-only", people, ALWAYS, "report-only never acts", group)


def report_only_beside(company: Company, name: str) -> Planted:
    """One that reports stands beside one that acts."""
    people = company.people(name, 4)
    group = company.exempt_people(f"Legal {name}", people)
    company.policy(f"MFA for legal {name}", {"includeGroups": [group]}, "mfa")
    company.policy(
        f"MFA for legal, next {name}",
        {"includeGroups": [group]},
        "mfa",
        state="enabledForReportingButNotEnforced",
    )
    return Planted("report-only", people, (), "the other policy acts")


def disabled_namesake(company: Company, name: str) -> Planted:
    """The policy on them is off; the one of the same name that is on is about somebody else."""
    people = company.people(name, 4)
    group = company.exempt_people(f"Finance {name}", people)
    company.policy(f"MFA for finance {name}", {"includeGroups": [group]}, "mfa", state="disabled")
    company.policy(f"MFA for finance {name}", {"includeUsers": company.emergency}, "mfa", serial=2)
    return Planted("same-name", people, ALWAYS, "of two policies of one name, theirs is off", group)


def enabled_namesake(company: Company, name: str) -> Planted:
    """The policy on them is on; its namesake is off."""
    people = company.people(name, 4)
    group = company.exempt_people(f"Finance {name}", people)
    company.policy(f"MFA for finance {name}", {"includeGroups": [group]}, "mfa", serial=2)
    company.policy(f"MFA for finance {name}", {"includeGroups": [group]}, "mfa", state="disabled")
    return Planted("same-name", people, (), "of two policies of one name, one is on")


KINDS = (
    Kind("or-control", or_a_device, and_a_device),
    Kind("strength", weak_strength, good_strength),
    Kind("report-only", report_only, report_only_beside),
    Kind("same-name", disabled_namesake, enabled_namesake),
)
