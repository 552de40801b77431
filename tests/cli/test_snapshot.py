"""`perca snapshot`: a row a file, and a whole tenant in one file; what is missing is named."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from support.program import Done, Json, policy

Perca = Callable[..., Done]


def test_read_says_what_became_of_each_file(perca: Perca, tenant: Json, tmp_path: Path) -> None:
    files = {
        "1.json": json.dumps(tenant).encode(),
        "2.json": json.dumps([policy(1, "Times", {"includeUsers": ["All"]}, times={"a": 1})]).encode(
            "utf-16"
        ),
        "3.json": b'{"conditions": {',
        "4.txt": b"not asked for",
    }
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    done = perca("snapshot", "read", tmp_path, "--json")
    assert (done.code, done.json["exitCodes"]) == (2, [2])
    assert [row["outcome"] for row in done.json["files"]] == ["read", "readInPart", "refused"]
    assert "times" in done.json["files"][1]["unrecognised"][0]
    assert "truncated" in done.json["files"][2]["reason"]
    assert done.json["summary"] == {"files": 3, "read": 1, "readInPart": 1, "refused": 1}
    text = perca("snapshot", "read", tmp_path).out
    assert "3 files: 1 read, 1 read in part, 1 refused" in text


def test_take_writes_what_can_be_read_again(perca: Perca, seeded: Path, tmp_path: Path) -> None:
    path = tmp_path / "snapshot.json"
    done = perca("snapshot", "take", "--tenant", seeded, "-o", path, "--json")
    taken = json.loads(path.read_text("utf-8"))
    assert (done.code, done.json["missing"], taken["format"]) == (0, [], "perca/snapshot/1")
    assert done.json["counts"]["users"] == len(taken["users"]) == 60
    assert taken["mfaSettings"]["trustedIps"]
    assert perca("status", path).code == 0


def test_the_operators_word_wins(perca: Perca, seeded: Path, tmp_path: Path) -> None:
    settings, path = tmp_path / "settings.json", tmp_path / "snapshot.json"
    settings.write_text('{"trustedIps": ["203.0.113.0/24"]}', "utf-8")
    options = ("--mfa-settings", settings, "-o", path)
    assert perca("snapshot", "take", "--tenant", seeded, *options).code == 0
    assert json.loads(path.read_text("utf-8"))["mfaSettings"] == {"trustedIps": ["203.0.113.0/24"]}


def test_a_name_in_gz_is_packed_and_a_dash_is_standard_output(
    perca: Perca, seeded: Path, tmp_path: Path
) -> None:
    path = tmp_path / "snapshot.json.gz"
    assert perca("snapshot", "take", "--tenant", seeded, "-o", path).code == 0
    assert json.loads(gzip.decompress(path.read_bytes()))["users"]
    assert perca("prove", path, "--who", "all").code == 1
    assert perca("snapshot", "take", "--tenant", seeded, "-o", "-", "--json").code == 2


def test_the_tenant_of_the_environment(
    perca: Perca, seeded: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PERCA_TENANT", str(seeded))
    assert perca("snapshot", "take", "-o", tmp_path / "s.json").code == 0


def test_the_same_tenant_gives_the_same_snapshot_but_for_its_time(
    perca: Perca, seeded: Path, tmp_path: Path
) -> None:
    files = [tmp_path / name for name in ("a.json", "b.json")]
    for path in files:
        assert perca("snapshot", "take", "--tenant", seeded, "-o", path).code == 0
    first, second = (json.loads(path.read_text("utf-8")) for path in files)
    assert first | {"takenAt": None} == second | {"takenAt": None}
