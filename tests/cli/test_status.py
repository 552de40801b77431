"""`perca status`: each person's coverage by source, as numbers, as one object, or one object a line."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from support.program import Done, Json, id_of, policy

Perca = Callable[..., Done]


def test_each_person_by_each_source(perca: Perca, snapshot: Path) -> None:
    done = perca("status", snapshot, "--json")
    assert done.code == 0
    rows = {row["id"]: row for row in done.json["people"]}
    words = [(rows[id_of(n)]["mfa"], rows[id_of(n)]["conditionalAccess"]["mfa"]) for n in range(4)]
    assert words == [
        ("sometimes", "sometimes"),
        ("sometimes", "never"),
        ("sometimes", "sometimes"),
        ("never", "never"),
    ]
    assert [rows[id_of(n)]["conditionalAccess"]["policies"] for n in range(4)] == [
        [id_of(200)],
        [],
        [id_of(200)],
        [],
    ]
    assert [rows[id_of(n)]["perUserMfaState"] for n in range(4)] == [
        "enforced",
        "enabled",
        "disabled",
        "disabled",
    ]
    assert [rows[id_of(n)]["perUserMfa"] for n in range(4)] == ["sometimes", "sometimes", "never", "never"]
    assert {row["securityDefaults"] for row in rows.values()} == {"never"}
    first = rows[id_of(0)]
    assert (first["registered"], first["capable"], first["methods"]) == (
        True,
        True,
        ["microsoftAuthenticatorPush"],
    )
    assert rows[id_of(1)]["registered"] is None
    assert rows[id_of(1)]["roles"] == [id_of(400)]


def test_the_summary_counts_them(perca: Perca, snapshot: Path) -> None:
    told = perca("status", snapshot, "--json").json["summary"]
    assert told["mfa"] == {"always": 0, "sometimes": 3, "never": 1, "notAssessed": 0}
    assert told["perUserMfaState"] == {"disabled": 2, "enabled": 1, "enforced": 1, "notRead": 0}


def test_always(perca: Perca, tenant: Json, written: Callable[..., Path]) -> None:
    tenant["policies"].append(policy(204, "Everybody", {"includeUsers": ["All"]}))
    assert {row["mfa"] for row in perca("status", written(tenant), "--json").json["people"]} == {"always"}


def test_a_state_that_was_not_read_is_never_disabled(
    perca: Perca, tenant: Json, written: Callable[..., Path]
) -> None:
    del tenant["users"][3]["perUserMfaState"]
    done = perca("status", written(tenant), "--json")
    row = done.json["people"][3]
    assert (done.code, row["perUserMfaState"], row["mfa"]) == (3, None, "notAssessed")
    assert done.json["summary"]["perUserMfaState"]["notRead"] == 1


def test_one_object_a_person(perca: Perca, snapshot: Path) -> None:
    lines = perca("status", snapshot, "--json-lines").out.splitlines()
    assert [json.loads(line) for line in lines] == perca("status", snapshot, "--json").json["people"]
    assert perca("status", snapshot, "--json-lines", "--json").code == 2


SYNCHRONISATION = "d29b2b05-8046-44ba-8758-1e26182fcf32"


@pytest.fixture
def by_defaults(tenant: Json) -> Json:
    """Security Defaults are on; the second person is Global Administrator, the third synchronises directories."""
    tenant["securityDefaults"] = {"isEnabled": True}
    tenant["policies"] = []
    tenant["roleAssignments"] = [
        {"principalId": id_of(person), "roleDefinitionId": role, "directoryScopeId": "/"}
        for person, role in ((1, "62e90394-69f5-4237-9190-012177145e10"), (2, SYNCHRONISATION))
    ]
    for user in tenant["users"]:
        user["perUserMfaState"] = "disabled"
    return tenant


def test_security_defaults_use_the_four_words(
    perca: Perca, by_defaults: Json, written: Callable[..., Path]
) -> None:
    """What is at Microsoft's discretion is never certain: legacy clients and Azure management make it `sometimes`."""
    done = perca("status", written(by_defaults), "--json")
    rows = done.json["people"]
    assert [row["securityDefaults"] for row in rows] == ["sometimes", "always", "never", "sometimes"]
    assert [row["mfa"] for row in rows] == ["sometimes", "always", "never", "sometimes"]
    assert done.code == 0
    assert any("discretion" in each for each in done.json["assumptions"])
    by_defaults["securityDefaults"] = None
    unread = perca("status", written(by_defaults), "--json")
    assert [row["securityDefaults"] for row in unread.json["people"]][::2] == ["notAssessed", "never"]
    assert unread.code == 3


def test_per_user_mfa_beside_security_defaults(
    perca: Perca, by_defaults: Json, written: Callable[..., Path]
) -> None:
    by_defaults["users"][0]["perUserMfaState"] = "enforced"
    by_defaults["mfaSettings"] |= {"trustedIps": []}
    row = perca("status", written(by_defaults), "--json").json["people"][0]
    assert (row["securityDefaults"], row["mfa"]) == ("sometimes", "always")


@pytest.mark.parametrize(
    ("day", "word"), [("2026-11-02", "sometimes"), ("2025-01-01", "notAssessed"), ("2024-01-01", "never")]
)
def test_mandatory_mfa_is_told_by_date_and_not_counted_among_the_others(
    perca: Perca, tenant: Json, written: Callable[..., Path], day: str, word: str
) -> None:
    tenant["takenAt"] = day
    done = perca("status", written(tenant), "--json")
    assert {row["mandatoryMfa"] for row in done.json["people"]} == {word}
    assert done.json["summary"]["mandatoryMfa"][word] == 4
    assert done.json["people"][3]["mfa"] == "never"
    assert "Microsoft's mandatory MFA" in perca("status", written(tenant)).out


def test_people_are_listed_when_asked_for(perca: Perca, snapshot: Path) -> None:
    assert "person3@four.example" not in perca("status", snapshot).out
    assert "person3@four.example" in perca("status", snapshot, "--people").out
