"""`perca prove --any-membership`: whoever may come, the smallest membership that opens a way in, and what is trusted."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from support.program import Done, Json, id_of, policy, program

Perca = Callable[..., Done]
Write = Callable[..., Path]
VPN, PILOT, EMERGENCY = id_of(110), id_of(111), id_of(3)


@pytest.fixture
def company(tenant: Json) -> Json:
    """MFA for all but a group and an emergency account; and for a pilot group, so that only who is in the one alone gets in without."""
    groups = [
        {"id": VPN, "displayName": "VPN exceptions", "members": []},
        {"id": PILOT, "displayName": "Pilot", "members": []},
    ]
    all_but = policy(
        210, "All", {"includeUsers": ["All"], "excludeGroups": [VPN], "excludeUsers": [EMERGENCY]}
    )
    return tenant | {"groups": groups, "policies": [all_but]}


def ask(perca: Perca, written: Write, company: Json, *more: object) -> Done:
    return perca("prove", written(company), "--any-membership", "--json", *more)


def test_the_smallest_membership_is_told(perca: Perca, written: Write, company: Json) -> None:
    done = ask(perca, written, company, "--trust-exclusions", EMERGENCY)
    assert (done.code, done.json["holds"]) == (1, False)
    assert {tuple(each["joins"]) for each in done.json["openings"]} == {(VPN,)}
    assert done.json["openings"][0]["words"] == "any member who joins `VPN exceptions`"
    assert done.json["regions"][0]["witness"]
    said = perca("prove", written(company), "--any-membership", "--trust-exclusions", EMERGENCY).out
    assert (
        "1. any member, local guest, B2B collaboration guest or B2B collaboration member who joins `VPN exceptions`"
        in said
    )


def test_a_person_excluded_by_id_needs_no_membership(perca: Perca, written: Write, company: Json) -> None:
    (only,) = ask(perca, written, company).json["openings"]
    assert (only["person"], only["joins"]) == (EMERGENCY, [])


def test_with_the_exclusions_trusted_it_holds(perca: Perca, written: Write, company: Json) -> None:
    done = ask(perca, written, company, "--trust-exclusions", EMERGENCY, "--trust-exclusions", VPN)
    assert (done.code, done.json["holds"], done.json["openings"]) == (0, True, [])


def test_a_second_exclusion_makes_it_two(perca: Perca, written: Write, company: Json) -> None:
    company["policies"].append(policy(211, "Too", {"includeUsers": ["All"], "excludeGroups": [PILOT]}))
    done = ask(perca, written, company, "--trust-exclusions", EMERGENCY)
    assert {tuple(each["joins"]) for each in done.json["openings"]} == {(VPN, PILOT)}
    assert done.json["openings"][0]["words"] == "any member who joins `VPN exceptions` and `Pilot`"


def test_who_joins_an_inner_group_is_in_the_outer(perca: Perca, written: Write, company: Json) -> None:
    company["groups"][0]["members"] = [PILOT]
    done = ask(perca, written, company, "--trust-exclusions", EMERGENCY, "--trust-exclusions", VPN)
    assert {tuple(each["joins"]) for each in done.json["openings"]} == {(PILOT,)}


def test_a_dynamic_group_is_not_assessed(perca: Perca, written: Write, company: Json) -> None:
    company["groups"][0] |= {"groupTypes": ["DynamicMembership"], "membershipRule": 'user.city -eq "Bern"'}
    done = ask(perca, written, company, "--trust-exclusions", EMERGENCY)
    assert (done.code, done.json["holds"]) == (3, None)
    assert "`VPN exceptions` (by its rule)" in done.json["openings"][0]["words"]


def test_a_file_of_policies_alone_is_enough(perca: Perca, written: Write, company: Json) -> None:
    bare = {"policies": company["policies"], "format": "perca/snapshot/1"}
    done = ask(perca, written, bare, "--trust-exclusions", EMERGENCY)
    assert done.code == 1
    assert {tuple(each["joins"]) for each in done.json["openings"]} == {(VPN,)}


@pytest.mark.parametrize(
    "more",
    [
        ("--trust-exclusions", "nobody-knows"),
        ("--who", "perUserMfa"),
    ],
)
def test_bad_input(perca: Perca, written: Write, company: Json, more: tuple[str, str]) -> None:
    assert ask(perca, written, company, *more).code == 2


def test_trusting_needs_the_question(perca: Perca, snapshot: Path) -> None:
    assert perca("prove", snapshot, "--trust-exclusions", VPN).code == 2


def test_the_answer_is_the_same_in_every_run(written: Write, company: Json) -> None:
    """Sets of texts have another order in each run of Python."""
    groups = [{"id": id_of(number), "displayName": f"Group {number}"} for number in range(120, 150)]
    every = {"includeUsers": ["All"], "excludeGroups": [each["id"] for each in groups]}
    file = written(company | {"groups": groups, "policies": [policy(210, "All", every)]})
    told = [
        program("prove", file, "--any-membership", "--json", PYTHONHASHSEED=str(seed)).json
        for seed in range(3)
    ]
    assert len(told[0]["openings"]) == 20
    assert told[0]["openings"] == told[1]["openings"] == told[2]["openings"]


def test_the_role_of_directory_synchronisation_has_a_name(
    perca: Perca, written: Write, company: Json
) -> None:
    role = "d29b2b05-8046-44ba-8758-1e26182fcf32"
    company["policies"] = [policy(210, "All", {"includeUsers": ["All"], "excludeRoles": [role]})]
    (only, *_) = ask(perca, written, company).json["openings"]
    assert only["words"] == "any member who is given the role Directory Synchronization Accounts"


def test_what_cannot_be_opens_nothing(perca: Perca, written: Write, company: Json) -> None:
    """ActiveSync is blocked where it can be, at Exchange; that nothing covers it elsewhere is no opening, and hides none."""
    company["policies"][0]["conditions"]["clientAppTypes"] = [
        "browser",
        "mobileAppsAndDesktopClients",
        "other",
    ]
    block = policy(211, "No ActiveSync", {"includeUsers": ["All"]})
    block["grantControls"]["builtInControls"] = ["block"]
    block["conditions"] |= {
        "applications": {"includeApplications": ["00000002-0000-0ff1-ce00-000000000000"]},
        "clientAppTypes": ["exchangeActiveSync"],
    }
    company["policies"].append(block)
    done = ask(perca, written, company, "--trust-exclusions", EMERGENCY)
    assert (done.code, done.json["holds"]) == (1, False)
    assert {tuple(each["joins"]) for each in done.json["openings"]} == {(VPN,)}
    trusted = ask(perca, written, company, "--trust-exclusions", EMERGENCY, "--trust-exclusions", VPN)
    assert (trusted.code, trusted.json["holds"]) == (0, True)


def test_what_it_hangs_on_is_told_by_name(perca: Perca, written: Write, company: Json) -> None:
    payroll, office = id_of(7), {"includeApplications": ["Office365"]}
    but_office = {"includeApplications": ["All"], "excludeApplications": ["Office365"]}
    company["policies"] = [
        policy(210, "Office", {"includeUsers": ["All"]}, applications=office),
        policy(211, "All else", {"includeUsers": ["All"]}, applications=but_office),
    ]
    company["servicePrincipals"] = [{"appId": payroll, "displayName": "Payroll"}]
    done = ask(perca, written, company)
    assert (done.code, done.json["holds"]) == (3, None)
    assert f"whether resource `{payroll}` is in Office365" in done.json["notDecided"]
    shown = perca("prove", written(company), "--any-membership").out.splitlines()[0]
    assert shown.startswith("Not assessed: it hangs on facts that are not known: ")
    assert "whether `Payroll` is in Office 365" in shown
    assert payroll not in shown
