"""`perca gaps`: exit codes, the JSON of CONTRACT, and a list that people can read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from perca.wire.policies import parse_policy
from support.program import Done, Json, id_of, policy

Perca = Callable[..., Done]
Write = Callable[..., Path]

ANDROID = {"includePlatforms": ["all"], "excludePlatforms": ["android"]}


@pytest.fixture
def covered(tenant: Json) -> Json:
    """The four people, all under one policy, from before Microsoft's own mandatory MFA; nothing is unknown."""
    return tenant | {
        "users": [each | {"perUserMfaState": "disabled"} for each in tenant["users"]],
        "groups": [],
        "policies": [policy(200, "MFA for all", {"includeUsers": ["All"]})],
        "takenAt": "2024-06-01T08:00:00Z",
    }


def test_nothing_is_open(perca: Perca, covered: Json, written: Write) -> None:
    done = perca("gaps", written(covered), "--json")
    told = done.json
    assert (done.code, told["format"], told["findings"], told["complete"]) == (0, "perca/gaps/1", [], True)
    assert told["coveredBy"] == [id_of(200)]
    shown = perca("gaps", written(covered)).out
    assert shown.startswith("No gap: MFA (or a block) is required")
    assert "alone enough: `MFA for all`" in shown


def test_a_gap_in_the_words_of_the_contract(perca: Perca, covered: Json, written: Write) -> None:
    covered["policies"] = [policy(200, "MFA for all", {"includeUsers": ["All"]}, platforms=ANDROID)]
    snapshot = written(covered)
    done = perca("gaps", snapshot, "--who", f"user:{id_of(2)}", "--json")
    (gap,) = [each for each in done.json["findings"] if each["kind"] == "gap"]
    assert done.code == 1
    assert (gap["severity"], gap["assessed"], gap["people"], gap["policies"]) == (
        "high",
        True,
        1,
        [id_of(200)],
    )
    assert gap["about"] == [f"{id_of(200)}/excludesPlatform/android"]
    assert "on Android" in gap["words"]
    assert gap["words"].endswith("nothing requires MFA: `MFA for all` excludes Android")
    assert [each["assessed"] for each in gap["regions"]] == [True]
    repair = parse_policy(gap["repair"])
    assert repair.platforms is None or not repair.platforms.exclude
    assert gap["fix"] == "take the exclusion out of `MFA for all`"
    mended = covered | {"policies": [gap["repair"]]}
    assert perca("gaps", written(mended), "--who", f"user:{id_of(2)}").code == 0


def test_a_witness_is_confirmed_by_explain(
    perca: Perca, covered: Json, written: Write, tmp_path: Path
) -> None:
    covered["policies"] = [policy(200, "MFA for all", {"includeUsers": ["All"]}, platforms=ANDROID)]
    snapshot = written(covered)
    for found in perca("gaps", snapshot, "--json").json["findings"]:
        told = perca("explain", snapshot, written(found["witness"], "question.json"), "--json").json
        assert told["mfa"] == "notRequired"


def test_what_is_not_known_is_exit_3(perca: Perca, covered: Json, written: Write) -> None:
    covered["policies"] = [policy(200, "MFA", {"includeUsers": ["All"], "excludeGroups": [id_of(100)]})]
    done = perca("gaps", written(covered), "--json")
    assert done.code == 3
    assert {each["assessed"] for each in done.json["findings"]} == {False}
    assert all(each["missing"] for each in done.json["findings"])
    assert "Not assessed" in perca("gaps", written(covered)).out


def test_owners_are_read(perca: Perca, covered: Json, written: Write) -> None:
    one = {"id": id_of(100), "displayName": "Out", "members": [], "isAssignableToRole": True}
    covered["policies"] = [policy(200, "MFA", {"includeUsers": ["All"], "excludeGroups": [id_of(100)]})]
    for owners, kinds in (([], {"emptyGroup"}), ([{"id": id_of(1)}], {"emptyGroup", "ownersTakeOut"})):
        covered["groups"] = [one | {"owners": owners}]
        found = perca("gaps", written(covered), "--json").json["findings"]
        assert {each["kind"] for each in found if each["assessed"]} == kinds
        assert all(each["assessed"] for each in found)
    covered["groups"] = [one]
    found = perca("gaps", written(covered), "--json").json["findings"]
    assert [each["kind"] for each in found if not each["assessed"]] == ["ownersTakeOut"]
    covered["groups"] = [one | {"owners": "nobody"}]
    assert perca("gaps", written(covered), "--json").code == 2


def test_near_misses_name_their_gaps(perca: Perca, covered: Json, written: Write) -> None:
    covered["policies"][0]["state"] = "enabledForReportingButNotEnforced"
    found = perca("gaps", written(covered), "--json").json["findings"]
    gaps = {each["id"] for each in found if each["kind"] == "gap"}
    (near,) = [each for each in found if each["kind"] == "reportOnlyIsNoCover"]
    assert gaps
    assert set(near["gaps"]) == gaps


def test_emergency_accounts(perca: Perca, covered: Json, written: Write) -> None:
    covered["policies"] = [policy(200, "MFA", {"includeUsers": ["All"], "excludeUsers": [id_of(1)]})]
    unnamed = perca("gaps", written(covered))
    assert unnamed.code == 1
    assert "warning: no emergency access accounts were named (--emergency)" in unnamed.out
    assert "to do: if these are no emergency access accounts (none were named" in unnamed.out
    (gap,) = perca("gaps", written(covered), "--json").json["findings"]
    assert "--emergency" in gap["warning"]
    assert "--emergency" in gap["fix"]
    assert gap["looksLikeEmergency"] == []
    done = perca("gaps", written(covered), "--emergency", "person1@four.example")
    assert "warning" not in done.out
    assert done.code == 0
    assert "emergency accounts are left out on purpose" in done.out
    assert perca("gaps", written(covered), "--emergency", "nobody@four.example").code == 2


def test_nobody_is_an_error(perca: Perca, covered: Json, written: Write) -> None:
    assert perca("gaps", written(covered), "--who", "perUserMfa").code == 2
    nobody = covered | {"users": []}
    done = perca("gaps", written(nobody), "--json")
    assert (done.code, done.json["error"]["code"]) == (2, "badInput")
