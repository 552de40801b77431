"""Policies that look at where one signs in from, and to what."""

from __future__ import annotations

from planted.company import Company
from planted.graph import id_of
from planted.kinds.teams import planted, team
from planted.places import HOME, HOME_COUNTRIES, TRUSTED, inside, location
from planted.truth import Kind, Planted


def _from(company: Company, name: str, group: str, include: list[str], exclude: list[str]) -> None:
    said = "everywhere but" if exclude else "from"
    company.policy(
        f"MFA {said} there {name}",
        {"includeGroups": [group]},
        "mfa",
        locations={"includeLocations": include, "excludeLocations": exclude},
        serial=2 if exclude else 1,
    )


def home_country(company: Company, name: str) -> Planted:
    """A policy that leaves the home countries out."""
    people, group = team(company, name, "Travellers")
    _from(company, name, group, ["All"], [location(HOME)])
    return planted(
        company,
        "country",
        people,
        group,
        ({"country": frozenset(HOME_COUNTRIES)},),
        "anybody in the home countries gets in with a password",
    )


def home_country_too(company: Company, name: str) -> Planted:
    """The same, and a second policy is about the home countries."""
    people, group = team(company, name, "Travellers")
    _from(company, name, group, ["All"], [location(HOME)])
    _from(company, name, group, [location(HOME)], [])
    return planted(
        company,
        "country",
        people,
        group,
        (),
        "the second policy is about the country that the first leaves out",
    )


def inner_range(company: Company, name: str) -> Planted:
    """The desk is left out everywhere, and also where the branch around it is covered."""
    people, group = team(company, name, "Branch")
    desk, branch = location("Branch Desk"), location("Branch Network")
    _from(company, f"{name} at the branch", group, [branch], [desk])
    _from(company, name, group, ["All"], [desk])
    return planted(
        company,
        "range-in-range",
        people,
        group,
        ({"address": inside("Branch Desk")},),
        "both policies leave the inner range out",
    )


def outer_range(company: Company, name: str) -> Planted:
    """The desk is left out by one policy, and inside the range of the other."""
    people, group = team(company, name, "Branch")
    _from(company, name, group, ["All"], [location("Branch Desk")])
    _from(company, name, group, [location("Branch Network")], [])
    return planted(
        company,
        "range-in-range",
        people,
        group,
        (),
        "the second policy's range holds what the first leaves out",
    )


def trusted_by_name(company: Company, name: str) -> Planted:
    """Trusted places are left out; a second policy is about the place whose name says that it is trusted, and it isn't."""
    people, group = team(company, name, "Board")
    _from(company, name, group, ["All"], ["AllTrusted"])
    _from(company, name, group, [location("Trusted Headquarters")], [])
    return planted(
        company,
        "all-trusted",
        people,
        group,
        ({"address": inside(TRUSTED)},),
        "the trusted place is another one, whose name doesn't say so",
    )


def trusted_by_mark(company: Company, name: str) -> Planted:
    """The same, and the second policy is about the only place that is trusted."""
    people, group = team(company, name, "Board")
    _from(company, name, group, ["All"], ["AllTrusted"])
    _from(company, name, group, [location(TRUSTED)], [])
    return planted(
        company, "all-trusted", people, group, (), "the only trusted place has a policy of its own"
    )


def _on(company: Company, name: str, group: str, include: list[str], *exclude: str) -> None:
    company.policy(
        f"MFA for {'all but some' if exclude else 'some'} {name}",
        {"includeGroups": [group]},
        "mfa",
        applications={"includeApplications": include, "excludeApplications": [*exclude]},
    )


PAYROLL, PAYROLL_TEST = id_of("app", "Payroll"), id_of("app", "Payroll Test")


def left_out_app(company: Company, name: str) -> Planted:
    """An application is left out, and the second policy is about its test installation."""
    people, group = team(company, name, "Clerks")
    _on(company, name, group, ["All"], PAYROLL)
    _on(company, name, group, [PAYROLL_TEST])
    return planted(
        company,
        "left-out-app",
        people,
        group,
        ({"app": frozenset({PAYROLL})},),
        "the second policy is about another application",
    )


def app_elsewhere(company: Company, name: str) -> Planted:
    """An application is left out, and has a policy of its own."""
    people, group = team(company, name, "Clerks")
    _on(company, name, group, ["All"], PAYROLL)
    _on(company, name, group, [PAYROLL])
    return planted(company, "left-out-app", people, group, (), "the application has a policy of its own")


KINDS = (
    Kind("country", home_country, home_country_too),
    Kind("range-in-range", inner_range, outer_range),
    Kind("all-trusted", trusted_by_name, trusted_by_mark),
    Kind("left-out-app", left_out_app, app_elsewhere),
)
