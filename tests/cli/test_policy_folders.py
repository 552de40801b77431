"""A folder of policy files where a snapshot may stand: with a directory beside it, in any shape that tools write, or with names for ids."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from support.program import Done, Json, id_of, policy
from support.review import sarif_run

Perca = Callable[..., Done]
Write = Callable[..., Path]


def mfa(number: int = 210, **users: object) -> Json:
    return policy(number, f"MFA {number}", {"includeUsers": ["All"], **users})


@pytest.fixture
def folder(tmp_path: Path) -> Callable[..., Path]:
    """Writes each value to a file of its own in a folder."""

    def write(name: str, **files: object) -> Path:
        path = tmp_path / name
        path.mkdir()
        for file, value in files.items():
            (path / f"{file}.json").write_text(json.dumps(value, indent=2), "utf-8")
        return path

    return write


Folder = Callable[..., Path]


def told(done: Done) -> Json:
    """The answer without what the run cost."""
    return {key: value for key, value in done.json.items() if key != "run"}


def test_two_folders_are_compared_as_two_snapshots_would_be(
    perca: Perca, folder: Folder, written: Write, tenant: Json, snapshot: Path
) -> None:
    less = mfa(210, excludeGroups=[id_of(100)])
    before = folder("before", a=mfa(), b=[mfa(211)], c={"value": [mfa(212)]})
    after = folder("after", a=less)
    done = perca("diff", before, after, "--directory", snapshot, "--json")
    sides = (
        written(tenant | {"policies": [mfa(), mfa(211), mfa(212)]}, "b.json"),
        written(tenant | {"policies": [less]}, "a.json"),
    )
    assert done.code == 1
    assert told(done) == told(perca("diff", *sides, "--json"))
    same = perca("diff", before, before, "--directory", snapshot, "--json")
    assert (same.code, same.json["holds"], same.json["people"]) == (0, True, 4)


def test_a_folder_and_a_snapshot_s_policies(
    perca: Perca, folder: Folder, written: Write, tenant: Json, snapshot: Path
) -> None:
    exported = written({"value": tenant["policies"]}, "policies.json")
    files = folder("files", a=tenant["policies"][0], b=tenant["policies"][1])
    done = perca("diff", exported, files, "--directory", snapshot, "--json")
    assert (done.code, done.json["holds"]) == (0, True)
    done = perca("diff", snapshot, files, "--directory", snapshot, "--json")
    assert (done.code, done.json["holds"]) == (0, True)


@pytest.mark.parametrize("command", ["gaps", "lockouts"])
def test_findings_of_a_folder_are_those_of_the_snapshot(
    perca: Perca, folder: Folder, tenant: Json, snapshot: Path, command: str
) -> None:
    files = folder("files", a=tenant["policies"][0], b=tenant["policies"][1])
    there = perca(command, files, "--directory", snapshot, "--json")
    assert told(there) == told(perca(command, snapshot, "--json"))
    assert there.json["findings"]


def test_without_people_it_says_what_to_add(perca: Perca, folder: Folder, snapshot: Path) -> None:
    files = folder("files", a=mfa())
    for arguments in (
        ("diff", files, files),
        ("diff", files, snapshot),
        ("lockouts", files),
        ("gaps", files),
    ):
        done = perca(*arguments)
        assert done.code == 2
        assert "holds policies and no people" in done.line
        assert "--directory SNAPSHOT" in done.err


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({}, "holds no .json file"),
        ({"a": mfa(), "b": {"displayName": "Office", "ipRanges": []}}, "is no Conditional Access policy"),
        ({"a": mfa(), "b": {"format": "perca/snapshot/1", "users": []}}, "is a snapshot"),
        ({"a": {"value": [mfa()], "@odata.nextLink": "x"}}, "is one page of several"),
        ({"a": mfa(includeGroups=[{"group": "Nobody's"}])}, "there is none of that name"),
    ],
)
def test_what_is_no_whole_set_of_policies_is_refused(
    perca: Perca, folder: Folder, snapshot: Path, files: Json, said: str
) -> None:
    path = folder("files", **files)
    done = perca("diff", path, path, "--directory", snapshot)
    assert done.code == 2
    assert said in done.line


def test_a_file_that_is_no_json_is_refused(perca: Perca, folder: Folder, snapshot: Path) -> None:
    path = folder("files", a=mfa())
    (path / "b.json").write_text('{"id": ', "utf-8")
    done = perca("diff", path, path, "--directory", snapshot)
    assert done.code == 2
    assert "b.json` is not JSON" in done.line


def test_what_the_directory_lacks_is_not_assessed(
    perca: Perca, folder: Folder, written: Write, tenant: Json
) -> None:
    tenant["missing"] = [{"what": f"groups/{id_of(100)}/members", "why": "403 Forbidden"}]
    before = folder("before", a=mfa())
    after = folder("after", a=policy(210, "MFA 210", {"includeGroups": [id_of(100)]}))
    done = perca("diff", before, after, "--directory", written(tenant), "--json")
    assert 3 in done.json["exitCodes"]
    assert done.json["holds"] is not True


def test_policies_that_the_directory_could_not_read_are_the_folder_s(
    perca: Perca, folder: Folder, written: Write, tenant: Json
) -> None:
    del tenant["policies"]
    path = folder("files", a=mfa())
    done = perca("diff", path, path, "--directory", written(tenant), "--json")
    assert (done.code, done.json["holds"]) == (0, True)


def test_names_for_ids_mean_the_directory_s(
    perca: Perca, folder: Folder, written: Write, tenant: Json, snapshot: Path, tmp_path: Path
) -> None:
    named = tmp_path / "named"
    assert perca("policies", "export", snapshot, "-o", named).code == 0
    assert '"group": "Some"' in (named / "MFA outside.json").read_text("utf-8")
    done = perca("diff", snapshot, named, "--directory", snapshot, "--json")
    assert (done.code, done.json["holds"]) == (0, True)
    read = perca("diff", named, named, "--directory", snapshot, "--json").json
    assert read["complete"]


def test_each_finding_is_placed_at_its_policy_s_file(
    perca: Perca, folder: Folder, snapshot: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    gone = mfa(211)
    folder("before", a=mfa(), b=gone)
    folder("after", a=mfa(210, excludeUsers=[id_of(3)]))
    run = sarif_run(perca("diff", "before", "after", "--directory", snapshot, "--as", "sarif").out)
    (result,) = (each for each in run["results"] if each["ruleId"] == "weaker")
    found = [each["physicalLocation"] for each in (*result["locations"], *result.get("relatedLocations", ()))]
    assert {each["artifactLocation"]["uri"] for each in found} == {"after/a.json", "before/b.json"}
    assert {each["region"]["startLine"] for each in found} == {2}


def test_a_policy_without_an_id_keeps_its_own_whatever_is_added(
    perca: Perca, folder: Folder, snapshot: Path
) -> None:
    def without_id(made: Json) -> Json:
        return {key: value for key, value in made.items() if key != "id"}

    one, other = without_id(mfa(210)), without_id(mfa(211, excludeUsers=[id_of(3)]))
    less = one | {"conditions": one["conditions"] | {"users": {"includeUsers": [id_of(0)]}}}
    ids = []
    for name, more in (("x", {}), ("y", {"a": other})):
        before, after = folder(f"{name}1", **more, m=one), folder(f"{name}2", **more, m=less)
        done = perca("diff", before, after, "--directory", snapshot, "--json")
        assert done.code == 1
        ids.append({each["policies"][0] for each in done.json["regions"] if each["change"] == "weaker"})
    assert ids[0] == ids[1]


def test_standard_input_is_one_thing(perca: Perca, folder: Folder) -> None:
    path = folder("files", a=mfa())
    assert perca("diff", "-", path, "--directory", "-").code == 2
    assert perca("lockouts", "-", "--directory", "-").code == 2
