"""Bad input, in the real program: the promised exit code, one line and a hint, no traceback, nothing half-written."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from support.program import SECRET, Done, Json, id_of, policy, program, serving

pytestmark = pytest.mark.slow


def refused(done: Done, code: int) -> str:
    """The line of an error."""
    assert done.code == code, done
    assert done.out == ""
    assert "Traceback" not in done.err
    return done.line


def test_a_truncated_file(snapshot: Path) -> None:
    snapshot.write_bytes(snapshot.read_bytes()[:-40])
    assert "it ends too early" in refused(program("prove", snapshot), 2)


def test_users_null_in_a_snapshot(tenant: Json, written: Callable[..., Path]) -> None:
    assert "`users` is null" in refused(program("status", written(tenant | {"users": None})), 2)


def test_users_null_in_a_policy_is_read_and_named(tenant: Json, written: Callable[..., Path]) -> None:
    odd = policy(202, "Odd", {})
    odd["conditions"]["users"] = None
    path = written(tenant | {"policies": [odd]})
    done = program("snapshot", "read", path)
    assert done.code == 0
    assert "not understood: Odd: conditions.users" in done.out
    assert program("prove", path).code == 3  # it may be about everybody


def test_a_group_that_contains_itself_is_read_with_a_remark(
    tenant: Json, written: Callable[..., Path]
) -> None:
    group = {"id": id_of(100), "displayName": "Some", "members": [id_of(0), id_of(100)]}
    path = written(tenant | {"groups": [group]})
    done = program("snapshot", "read", path)
    assert (done.code, "`Some` is a member of itself" in done.out) == (0, True)
    assert program("status", path).code == 0


def test_an_unreachable_tenant(tmp_path: Path) -> None:
    out = tmp_path / "snapshot.json"
    for environment in ({"PERCA_SECRET": SECRET}, {}):
        done = program("snapshot", "take", "--tenant", "http://127.0.0.1:9", "-o", out, **environment)
        assert "can't be reached" in refused(done, 4)
    assert list(tmp_path.iterdir()) == []


def test_an_address_without_a_secret(seeded: Path, tmp_path: Path) -> None:
    with serving(seeded) as address:
        done = program("snapshot", "take", "--tenant", address, "-o", tmp_path / "snapshot.json")
    assert "needs a secret" in refused(done, 2)


def test_a_wrong_secret(seeded: Path, tmp_path: Path) -> None:
    with serving(seeded) as address:
        done = program(
            "snapshot", "take", "--tenant", address, "-o", tmp_path / "s.json", PERCA_SECRET="another"
        )
    assert "401" in refused(done, 3)


def test_403_on_a_per_user_read(seeded: Path, tmp_path: Path, emergency: list[str]) -> None:
    """The person is named in what is missing, is held back by a plan, and nobody takes them for disabled."""
    from perca.tenant import Store
    from perca.tenant.seed import kinds

    store = Store.open(seeded)
    person = kinds(store)["enforced"][0]
    store.close()
    path, plan = tmp_path / "snapshot.json", tmp_path / "plan.json"
    with serving(seeded, "--faults", f"deny=/users/{person}/authentication/requirements") as address:
        done = program("snapshot", "take", "--tenant", address, "-o", path, "--json", PERCA_SECRET=SECRET)
        planned = program("plan", "--tenant", address, "-o", plan, *emergency, PERCA_SECRET=SECRET)
    assert (done.code, done.json["exitCodes"]) == (3, [3])
    assert [gap["what"] for gap in done.json["missing"]] == [f"users/{person}/authentication/requirements"]
    taken = json.loads(path.read_text("utf-8"))
    assert [user["id"] for user in taken["users"] if "perUserMfaState" not in user] == [person]
    assert planned.code == 3
    held = {entry["id"]: entry["reason"] for entry in json.loads(plan.read_text("utf-8"))["heldBack"]}
    assert "403" in held[person]


@pytest.mark.parametrize("typo", ["demo.bd", "./demo.bd", "entra:", "ftp://four.example", "http://", ""])
def test_a_tenant_that_is_none(typo: str, tmp_path: Path) -> None:
    (tmp_path / "demo.db").touch()
    done = program("snapshot", "take", "--tenant", typo, "-o", "s.json", cwd=tmp_path, PERCA_SECRET=SECRET)
    refused(done, 2)
    assert [path.name for path in tmp_path.iterdir()] == ["demo.db"]


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    path = tmp_path / "demo.db"
    path.write_text("not a database", "utf-8")
    assert "not a Perca database" in refused(program("snapshot", "take", "--tenant", path, "-o", "-"), 2)


def test_microsofts_cloud_is_not_built_yet(tmp_path: Path) -> None:
    done = program("snapshot", "take", "--tenant", "entra:four.example", "-o", "-", cwd=tmp_path)
    assert "not built yet" in refused(done, 2)


def test_a_question_about_nobody(snapshot: Path, written: Callable[..., Path]) -> None:
    assert "nobody" in refused(program("prove", snapshot, "--who", f"user:{id_of(77)}"), 2)
    bare = written([policy(200, "Only a policy", {"includeUsers": ["All"]})], "policies.json")
    assert "nobody" in refused(program("prove", bare), 2)
    assert "nobody" in refused(program("status", bare), 2)


def test_a_question_without_a_user(snapshot: Path, written: Callable[..., Path]) -> None:
    assert "names nobody" in refused(program("explain", snapshot, written({}, "question.json")), 2)


def test_a_folder_that_is_not_there(seeded: Path, tmp_path: Path) -> None:
    done = program("snapshot", "take", "--tenant", seeded, "-o", tmp_path / "nowhere" / "s.json")
    assert "can't be written" in refused(done, 2)


@pytest.mark.parametrize(
    "arguments", [["prov"], ["prove"], ["prove", "--nonsense", "x"], ["snapshot"], ["plan", "show"]]
)
def test_usage(arguments: list[str]) -> None:
    refused(program(*arguments), 2)


def test_with_json_an_error_is_an_object_too(tmp_path: Path) -> None:
    done = program("prove", tmp_path / "nothing.json", "--json")
    assert (done.code, done.json["error"]["code"], done.json["error"]["exitCode"]) == (2, "badInput", 2)
    assert done.line == done.json["error"]["message"]
    assert set(done.json["run"]) == {"engine", "seconds", "version"}
    usage = program("prov", "--json")
    assert (usage.code, usage.json["error"]["code"]) == (2, "usage")


def test_a_reader_that_has_enough_ends_nothing_badly(snapshot: Path) -> None:
    """Standard output is closed before anything is written."""
    import subprocess

    from support.program import CLEAN, PROGRAM

    command = f"'{PROGRAM}' status '{snapshot}' --people | true; echo ${{PIPESTATUS[0]}}"
    ran = subprocess.run(["bash", "-c", command], capture_output=True, env=CLEAN, check=False, timeout=60)
    assert (ran.stdout.strip(), ran.stderr) == (b"0", b"")
