"""Teams: people who are out of the policy for everyone, and under policies about their own group alone."""

from __future__ import annotations

from planted.company import Company
from planted.sign_ins import Box
from planted.truth import Planted


def team(company: Company, name: str, what: str, number: int = 5) -> tuple[list[str], str]:
    """Makes people who are excluded from the policies for everybody as members of a group of their own; returns them and it."""
    people = company.people(name, number)
    return people, company.exempt_people(f"{what} {name}", people)


def planted(
    company: Company, kind: str, people: list[str], group: str, open: tuple[Box, ...], because: str
) -> Planted:
    """What was planted among a team: its policies are those about its group, and can be lent."""
    policies = [
        each
        for each in company.policies
        if each["conditions"]["users"] == {"includeGroups": [group]} and each["state"] == "enabled"
    ]
    return Planted(kind, people, open, because, group, policies)
