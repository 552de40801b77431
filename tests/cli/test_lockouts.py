"""`perca lockouts`: exit codes, the JSON of CONTRACT, and a list that people can read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from support.program import Done, Json, id_of, policy

Perca = Callable[..., Done]
Write = Callable[..., Path]

GLOBAL_ADMIN = "62e90394-69f5-4237-9190-012177145e10"
BOTH = ("--emergency", "first@fit.onmicrosoft.com", "--emergency", id_of(2))
METHODS = "Fido2 MicrosoftAuthenticator Sms Voice SoftwareOath HardwareOath TemporaryAccessPass"


def person(number: int, name: str, **more: object) -> Json:
    return {
        "id": id_of(number),
        "userPrincipalName": name,
        "displayName": name.partition("@")[0].title(),
        "accountEnabled": True,
        "userType": "Member",
        "onPremisesSyncEnabled": None,
        "perUserMfaState": "disabled",
        "signInActivity": {"lastSuccessfulSignInDateTime": "2026-10-20T06:00:00Z"},
        "mailboxSettings": {"userPurpose": "user"},
        **more,
    }


def row(number: int, *methods: str) -> Json:
    able = bool(methods)
    return {
        "id": id_of(number),
        "isMfaRegistered": able,
        "isMfaCapable": able,
        "methodsRegistered": list(methods),
    }


@pytest.fixture
def fit(tenant: Json) -> Json:
    """A tenant of two emergency accounts, an administrator and Ana, of which everything is known and in which nothing is amiss."""
    everyone = [{"targetType": "group", "id": "all_users"}]
    settings = [{"id": name, "state": "enabled", "includeTargets": everyone} for name in METHODS.split()]
    return tenant | {
        "users": [
            person(1, "first@fit.onmicrosoft.com"),
            person(2, "second@fit.onmicrosoft.com"),
            person(3, "admin@fit.example"),
            person(4, "ana@fit.example"),
        ],
        "groups": [{"id": id_of(100), "displayName": "Staff", "members": [id_of(4)]}],
        "policies": [
            policy(200, "MFA for all", {"includeUsers": ["All"], "excludeUsers": [id_of(1), id_of(2)]})
        ],
        "roleAssignments": [
            {"principalId": id_of(n), "roleDefinitionId": GLOBAL_ADMIN, "directoryScopeId": "/"}
            for n in (1, 2, 3)
        ],
        "registrations": [
            row(1, "fido2SecurityKey"),
            row(2, "passKeyDeviceBound"),
            row(3, "mobilePhone"),
            row(4, "microsoftAuthenticatorPush"),
        ],
        "domains": [
            {"id": "fit.onmicrosoft.com", "authenticationType": "Managed", "isInitial": True},
            {"id": "fit.example", "authenticationType": "Managed", "isInitial": False},
        ],
        "authenticationMethodsPolicy": {
            "authenticationMethodConfigurations": [*settings, {"id": "X509Certificate", "state": "disabled"}]
        },
    }


def blocking(number: int = 201) -> Json:
    block = {"operator": "OR", "builtInControls": ["block"]}
    return policy(number, "Nobody of the staff", {"includeGroups": [id_of(100)]}) | {"grantControls": block}


def test_nothing_is_amiss(perca: Perca, fit: Json, written: Write) -> None:
    done = perca("lockouts", written(fit), *BOTH, "--json")
    told = done.json
    assert (done.code, told["format"], told["findings"], told["exitCodes"]) == (0, "perca/lockouts/1", [], [])
    assert (told["accounts"], told["run"]["engine"]) == ([], "walk")
    done = perca("lockouts", written(fit), *BOTH)
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("Nothing found: nobody is locked out")


def test_a_finding_in_the_words_of_the_contract(perca: Perca, fit: Json, written: Write) -> None:
    fit["policies"].append(blocking())
    done = perca("lockouts", written(fit), *BOTH, "--json")
    (only,) = done.json["findings"]
    assert (done.code, done.json["exitCodes"]) == (1, [1])
    assert (only["kind"], only["severity"], only["assessed"]) == ("neverGetsIn", "high", True)
    assert (only["people"], only["who"]) == (1, [{"id": id_of(4), "userPrincipalName": "ana@fit.example"}])
    assert (only["policies"], only["missing"], only["repair"]) == ([id_of(201)], [], None)
    assert only["words"] == "ana@fit.example can't get in anywhere"
    assert "`Nobody of the staff`" in only["fix"]


def test_a_witness_is_confirmed_by_explain(perca: Perca, fit: Json, written: Write) -> None:
    fit["policies"].append(blocking())
    snapshot = written(fit)
    (only,) = perca("lockouts", snapshot, *BOTH, "--json").json["findings"]
    told = perca("explain", snapshot, written(only["witness"], "question.json"), "--json").json
    assert told["outcome"] == "blocked"
    assert [each["id"] for each in told["blockedBy"]] == [id_of(201)]


def test_a_repair_is_the_policy_as_it_would_be(perca: Perca, fit: Json, written: Write) -> None:
    fit["policies"][0]["conditions"]["users"]["excludeUsers"] = [id_of(2)]
    (only,) = perca("lockouts", written(fit), *BOTH, "--json").json["findings"]
    assert (only["kind"], only["severity"], only["about"]) == (
        "emergencyNotExcluded",
        "medium",
        sorted([id_of(1), id_of(200)]),
    )
    assert set(only["repair"]["conditions"]["users"]["excludeUsers"]) == {id_of(1), id_of(2)}
    fit["policies"] = [only["repair"]]
    assert perca("lockouts", written(fit), *BOTH).code == 0


def test_what_the_snapshot_does_not_hold_is_not_assessed(perca: Perca, fit: Json, written: Write) -> None:
    del fit["domains"]
    done = perca("lockouts", written(fit), *BOTH, "--json")
    assert (done.code, done.json["exitCodes"]) == (3, [3])
    assert [each["kind"] for each in done.json["findings"]] == ["emergencyFederated"] * 2
    assert {each["assessed"] for each in done.json["findings"]} == {False}
    done = perca("lockouts", written(fit), *BOTH)
    assert done.out.startswith("Not assessed: nothing was found, but not everything is known.\n")
    assert "whether the account's domain is federated: domains were not given" in done.out
    assert "first@fit.onmicrosoft.com, second@fit.onmicrosoft.com may sign in" in done.out


def test_both_codes_are_told_and_findings_count_first(perca: Perca, fit: Json, written: Write) -> None:
    del fit["domains"]
    fit["policies"].append(blocking())
    done = perca("lockouts", written(fit), *BOTH, "--json")
    assert (done.code, done.json["exitCodes"]) == (1, [1, 3])


@pytest.mark.parametrize("given", [(), BOTH[:2], (*BOTH[:2], "--emergency", id_of(1))])
def test_fewer_than_two_emergency_accounts(
    perca: Perca, fit: Json, written: Write, given: tuple[str, ...]
) -> None:
    done = perca("lockouts", written(fit), *given, "--json")
    assert done.code == 1
    assert "tooFewEmergencyAccounts" in [each["kind"] for each in done.json["findings"]]


@pytest.mark.parametrize("named", ["dora@fit.example", "", " ", id_of(9)])
def test_an_account_that_is_not_there(perca: Perca, snapshot: Path, named: str) -> None:
    for option in ("--emergency", "--unattended"):
        done = perca("lockouts", snapshot, option, named)
        assert (done.code, done.out) == (2, "")
        assert "is not in the data" in done.line


def test_a_name_that_several_have(perca: Perca, fit: Json, written: Write) -> None:
    fit["users"][1]["userPrincipalName"] = "first@fit.onmicrosoft.com"
    done = perca("lockouts", written(fit), *BOTH)
    assert done.code == 2
    assert "is the name of several people" in done.line


def test_a_question_about_nobody(perca: Perca, fit: Json, written: Write) -> None:
    for nobody in (fit | {"users": []}, {"value": []}):
        done = perca("lockouts", written(nobody), "--json")
        assert done.code == 2
        assert done.json["error"]["message"].startswith("a question about nobody")


def test_an_account_at_which_nobody_is(perca: Perca, fit: Json, written: Write) -> None:
    done = perca("lockouts", written(fit), *BOTH, "--unattended", "ANA@fit.example", "--json")
    (only,) = done.json["findings"]
    assert (only["kind"], only["policies"]) == ("unattendedCaught", [id_of(200)])


def test_ids_stay_when_numbers_change(perca: Perca, fit: Json, written: Write) -> None:
    fit["policies"].append(blocking())
    (one,) = perca("lockouts", written(fit), *BOTH, "--json").json["findings"]
    fit["users"].append(person(5, "ben@fit.example"))
    fit["registrations"].append(row(5, "mobilePhone"))
    fit["groups"][0]["members"].append(id_of(5))
    (two,) = perca("lockouts", written(fit), *BOTH, "--json").json["findings"]
    assert (one["people"], two["people"]) == (1, 2)
    assert one["id"] == two["id"]


def test_accounts_to_look_at_are_listed(perca: Perca, fit: Json, written: Write) -> None:
    fit["users"][3]["accountEnabled"] = False
    done = perca("lockouts", written(fit), *BOTH, "--json")
    assert (done.code, done.json["accounts"]) == (0, [{"id": id_of(4), "is": "disabled"}])
    assert "1 disabled: Ana (ana@fit.example)" in perca("lockouts", written(fit), *BOTH).out


def test_the_seeded_company_lacks_facts_and_no_more(
    perca: Perca, seeded: Path, emergency: list[str], tmp_path: Path
) -> None:
    """A real company's snapshot: no traceback, and nothing that isn't known is called fine."""
    file = tmp_path / "company.json"
    assert perca("snapshot", "take", "--tenant", seeded, "-o", file).code == 0
    done = perca("lockouts", file, *emergency, "--json")
    assert done.code in (1, 3)
    unsure = [each for each in done.json["findings"] if not each["assessed"]]
    assert {each["kind"] for each in unsure} == {
        "noAdministratorGetsIn",
        "administratorBarred",
        "unattendedCaught",
    }
    assert all(each["missing"] for each in unsure)
