"""Policy files of other tenants: stored with their meaning, or refused with the reason; what was made for them is listed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from perca.errors import BadInput
from perca.tenant import Store
from perca.tenant.importing import import_files
from perca.tenant.seed import Kind, kinds, seeded
from perca.tenant.sign_in import SignInService, attempt

from .conftest import NOBODY, policy, question


@pytest.fixture
def company(tmp_path: Path) -> Store:
    return seeded(tmp_path / "x.db", 50, 1)


def written(folder: Path, name: str, body: Any) -> Path:
    path = folder / name
    path.write_text(body if isinstance(body, str) else json.dumps(body), "utf-8")
    return path


def policies(store: Store) -> dict[str, dict[str, Any]]:
    with store.reading() as now:
        return {str(body["displayName"]): body for body in now.all("policies")}


def test_a_placeholder_is_the_same_new_group_everywhere(company: Store, tmp_path: Path) -> None:
    first = written(
        tmp_path,
        "1.json",
        policy("one", users={"includeGroups": ["<Admins>"], "excludeGroups": ["<Break Glass>"]}),
    )
    second = written(
        tmp_path, "2.json", policy("two", users={"includeUsers": ["All"], "excludeGroups": ["<break glass>"]})
    )
    done = import_files(company, [first, second], create_missing=True, exclude_emergency=False)
    assert [(made.kind, made.name) for made in done.made] == [
        ("groups", "<Admins>"),
        ("groups", "<Break Glass>"),
    ]
    held = policies(company)
    (group,) = held["one"]["conditions"]["users"]["excludeGroups"]
    assert held["two"]["conditions"]["users"]["excludeGroups"] == [group]
    with company.reading() as now:
        assert (now.get("groups", group) or {})["displayName"] == "Break Glass"
        assert now.members(group) == []
    again = import_files(company, [first], create_missing=False, exclude_emergency=False)
    assert (len(again.stored), again.made) == (1, ())


def test_what_is_missing_is_made_empty_and_listed(company: Store, tmp_path: Path) -> None:
    body = policy(
        "strange",
        controls=(),
        apps={"includeApplications": [NOBODY]},
        users={"includeGroups": [NOBODY]},
        locations={"includeLocations": ["All"], "excludeLocations": [NOBODY]},
    )
    body["grantControls"]["authenticationStrength"] = {
        "id": NOBODY,
        "displayName": "Keys",
        "allowedCombinations": ["fido2"],
    }
    done = import_files(
        company, [written(tmp_path, "1.json", body)], create_missing=True, exclude_emergency=False
    )
    assert {made.kind for made in done.made} == {"groups", "namedLocations", "strengths", "servicePrincipals"}
    with company.reading() as now:
        assert (now.get("namedLocations", NOBODY) or {})["ipRanges"] == []
        assert (now.get("strengths", NOBODY) or {})["allowedCombinations"] == ["fido2"]
        assert now.find("servicePrincipals", NOBODY) is not None


def test_without_leave_to_make_it_the_policy_is_refused_and_nothing_is_made(
    company: Store, tmp_path: Path
) -> None:
    before = policies(company)
    file = written(
        tmp_path, "1.json", [policy("fine"), policy("missing", users={"includeGroups": ["<Admins>"]})]
    )
    done = import_files(company, [file], create_missing=False, exclude_emergency=False)
    assert [stored.display_name for stored in done.stored] == ["fine"]
    assert [(refused.display_name, refused.reason) for refused in done.refused] == [
        ("missing", "group `<Admins>` is not in the tenant")
    ]
    assert set(policies(company)) == set(before) | {"fine"}


def test_a_refused_policy_leaves_nothing_that_was_made_for_it(company: Store, tmp_path: Path) -> None:
    wrong = policy("wrong", users={"includeGroups": ["<Admins>"]}, controls=("block", "mfa"))
    done = import_files(
        company, [written(tmp_path, "1.json", wrong)], create_missing=True, exclude_emergency=False
    )
    assert (done.stored, done.made) == ((), ())
    assert done.refused[0].reason.startswith("1032")
    with company.reading() as now:
        assert [row for row in now.all("groups") if row["displayName"] == "Admins"] == []


def test_emergency_accounts_are_excluded_by_id_from_each_policy(company: Store, tmp_path: Path) -> None:
    file = written(
        tmp_path,
        "1.json",
        {"value": [policy("one"), policy("two", users={"includeUsers": ["All"], "excludeUsers": [NOBODY]})]},
    )
    done = import_files(company, [file], create_missing=False, exclude_emergency=True)
    accounts = kinds(company)[Kind.EMERGENCY]
    assert list(done.excluded) == accounts
    held = policies(company)
    assert held["one"]["conditions"]["users"]["excludeUsers"] == accounts
    assert held["two"]["conditions"]["users"]["excludeUsers"] == [NOBODY, *accounts]


def test_a_tenant_without_emergency_accounts_cannot_exclude_them(store: Store, tmp_path: Path) -> None:
    with pytest.raises(BadInput):
        import_files(
            store, [written(tmp_path, "1.json", policy())], create_missing=True, exclude_emergency=True
        )


def test_people_are_found_by_name_and_an_unknown_one_is_never_guessed(company: Store, tmp_path: Path) -> None:
    with company.reading() as now:
        person = now.all("users")[0]
    name = str(person["userPrincipalName"])
    bodies = [
        policy("known", users={"includeUsers": [name.upper()], "excludeUsers": ["nobody@elsewhere.example"]}),
        policy("unknown", users={"includeUsers": ["nobody@elsewhere.example"]}),
    ]
    done = import_files(
        company, [written(tmp_path, "1.json", bodies)], create_missing=True, exclude_emergency=False
    )
    users = policies(company)["known"]["conditions"]["users"]
    assert (users["includeUsers"], users["excludeUsers"]) == ([person["id"]], [])
    assert [refused.display_name for refused in done.refused] == ["unknown"]
    assert len(done.remarks) == 1


def test_conditions_that_no_schema_knows_are_kept(company: Store, tmp_path: Path) -> None:
    file = written(tmp_path, "1.json", policy("new", moonPhases={"includePhases": ["full"]}))
    import_files(company, [file], create_missing=False, exclude_emergency=False)
    assert policies(company)["new"]["conditions"]["moonPhases"] == {"includePhases": ["full"]}


def test_a_file_that_holds_no_policy_is_refused_with_its_name(company: Store, tmp_path: Path) -> None:
    for name, text in (
        ("cut.json", '{"displayName": "x", "cond'),
        ("list.json", "[1]"),
        ("other.json", '{"a": 1}'),
    ):
        done = import_files(
            company, [written(tmp_path, name, text)], create_missing=True, exclude_emergency=False
        )
        assert (done.stored, len(done.refused)) == ((), 1)
        assert name in done.refused[0].where
        assert done.refused[0].reason


def test_nothing_to_import_is_bad_input(company: Store, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    for path in (tmp_path / "empty", tmp_path / "missing.json"):
        with pytest.raises(BadInput):
            import_files(company, [path], create_missing=True, exclude_emergency=False)


def test_an_imported_policy_is_enforced(company: Store, tmp_path: Path) -> None:
    person = kinds(company)[Kind.DISABLED][0]
    done = import_files(
        company, [written(tmp_path, "1.json", policy("all"))], create_missing=False, exclude_emergency=True
    )
    assert done.stored[0].state == "enabled"
    (result,) = SignInService(company).sign_in([attempt(question(person))])
    assert result.mfa == "required"


def test_real_policy_sets_are_stored_or_refused_with_a_reason(shared_fixtures: Path, tmp_path: Path) -> None:
    stored = 0
    for number, folder in enumerate(sorted((shared_fixtures / "policies").iterdir())):
        company = seeded(tmp_path / f"{number}.db", 50, 1)
        done = import_files(company, [folder], create_missing=True, exclude_emergency=True)
        assert all(refused.reason for refused in done.refused)
        assert done.stored, folder.name
        assert len(done.refused) <= 1 + len(done.stored) // 10, [refused.reason for refused in done.refused]
        accounts = set(kinds(company)[Kind.EMERGENCY])
        with company.reading() as now:
            for body in now.all("policies"):
                users = body["conditions"]["users"]
                assert users is None or accounts <= set(users["excludeUsers"])
        stored += len(done.stored)
        company.close()
    assert stored > 300
