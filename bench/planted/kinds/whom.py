"""People whom a policy seems to be about and isn't, one by one and through groups."""

from __future__ import annotations

from planted.company import Company
from planted.truth import ALWAYS, Kind, Planted


def by_id(company: Company, name: str) -> Planted:
    """A policy excludes them one by one: the plainest gap there is, which any tool should find."""
    people = company.people(name, 3)
    for each in people:
        company.exclude("excludeUsers", each)
    return Planted(
        "excluded-by-id", people, ALWAYS, "they are excluded", company.group(f"Ids {name}", people)
    )


def by_id_and_covered(company: Company, name: str) -> Planted:
    """The same, and another policy includes them one by one."""
    people = company.people(name, 3)
    for each in people:
        company.exclude("excludeUsers", each)
    company.policy(f"MFA by id {name}", {"includeUsers": people}, "mfa")
    return Planted("excluded-by-id", people, (), "the second policy names them")


def one_group(company: Company, name: str) -> Planted:
    """A hundred people behind one entry of a policy."""
    people = company.people(name, 100)
    group = company.group(f"Field Service {name}", people)
    company.exclude("excludeGroups", group)
    return Planted("one-group", people, ALWAYS, "one excluded group holds a hundred people", group)


def one_group_covered(company: Company, name: str) -> Planted:
    """The same, and another policy is about them through two other groups."""
    people = company.people(name, 100)
    group = company.group(f"Field Service {name}", people)
    company.exclude("excludeGroups", group)
    halves = [company.group(f"Region {n} {name}", people[n::2]) for n in range(2)]
    company.policy(f"MFA for regions {name}", {"includeGroups": halves}, "mfa")
    return Planted("one-group", people, (), "a second policy is about two groups that together hold them all")


def nested(company: Company, name: str) -> Planted:
    """An exclusion three groups deep."""
    people = company.people(name, 5)
    inner = company.group(f"Scanners {name}", people)
    middle = company.group(f"Shared Devices {name}", [inner])
    outer = company.group(f"Legacy Exceptions {name}", [middle])
    company.exclude("excludeGroups", outer)
    return Planted("nested-groups", people, ALWAYS, "the excluded group holds them three groups deep", inner)


def nested_the_other_way(company: Company, name: str) -> Planted:
    """Their group holds an excluded group; that doesn't exclude them."""
    people = company.people(name, 5)
    inner = company.group(f"Vault {name}", company.emergency)
    company.group(f"Operations {name}", [*people, inner])
    company.exclude("excludeGroups", inner)
    return Planted(
        "nested-groups", people, (), "they are in the outer group, and only the inner one is excluded"
    )


def included_and_excluded(company: Company, name: str) -> Planted:
    """A policy names them by id, and excludes them two groups deep."""
    people = company.people(name, 3)
    group = company.exempt_people(f"Pilots {name}", people)
    outer = company.group(f"Leavers {name}", [group])
    company.policy(f"MFA for pilots {name}", {"includeUsers": people, "excludeGroups": [outer]}, "mfa")
    return Planted("include-and-exclude", people, ALWAYS, "exclude beats include", group)


def included_elsewhere(company: Company, name: str) -> Planted:
    """The same, and a second policy names them and excludes nobody."""
    people = company.people(name, 3)
    group = company.exempt_people(f"Pilots {name}", people)
    company.policy(f"MFA for pilots {name}", {"includeUsers": people, "excludeGroups": [group]}, "mfa")
    company.policy(f"MFA for pilots, again {name}", {"includeUsers": people}, "mfa")
    return Planted("include-and-exclude", people, (), "an exclusion of one policy exempts from no other")


def dynamic(company: Company, name: str) -> Planted:
    """A dynamic group is excluded, and they are its members."""
    people = company.people(name, 6)
    group = company.group(f"Interns {name}", people, f'(user.department -eq "Interns {name}")')
    company.exclude("excludeGroups", group)
    return Planted(
        "dynamic-group",
        people,
        ALWAYS,
        "the members of the excluded group are evaluated, and are these",
        group,
    )


def paused(company: Company, name: str) -> Planted:
    """The rule of an excluded group reads as if it held them; its evaluation is paused, and it doesn't."""
    people = company.people(name, 6)
    rule = f'(user.userPrincipalName -startsWith "{name}-")'
    group = company.group(f"Trainees {name}", company.emergency, rule, paused=True)
    company.exclude("excludeGroups", group)
    return Planted(
        "dynamic-group", people, (), "the rule names them, and nobody has evaluated it: they are no members"
    )


def behind_a_page(company: Company, name: str) -> Planted:
    """They come after others in an excluded group that Graph lists on many pages."""
    people = sorted(company.people(name, 40))
    group = company.group(f"Contractors {name}", people)
    company.exclude("excludeGroups", group)
    return Planted(
        "small-page", people, ALWAYS, "the excluded group's members fill more pages than one", group
    )


def covered_behind_a_page(company: Company, name: str) -> Planted:
    """The only policy about them is the last that Graph lists."""
    people = company.people(name, 4)
    group = company.exempt_people(f"Auditors {name}", people)
    company.policy(f"MFA for auditors {name}", {"includeGroups": [group]}, "mfa", last=True)
    return Planted("small-page", people, (), "the policy that covers them is on the last page")


KINDS = (
    Kind("excluded-by-id", by_id, by_id_and_covered),
    Kind("one-group", one_group, one_group_covered),
    Kind("nested-groups", nested, nested_the_other_way),
    Kind("include-and-exclude", included_and_excluded, included_elsewhere),
    Kind("dynamic-group", dynamic, paused),
    Kind("small-page", behind_a_page, covered_behind_a_page),
)
