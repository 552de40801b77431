"""`perca tenant`: the only commands that make a database, and the server that any Graph client may ask."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from perca.tenant.seed import Kind
from support.program import SECRET, Done, Json, policy, program, serving

Perca = Callable[..., Done]


def ask(url: str, secret: str = SECRET) -> Any:
    request = urllib.request.Request(url, headers={"Authorization": f"Bearer {secret}"})
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=20) as answer:
        return json.loads(answer.read())


def test_seed_counts_every_kind(perca: Perca, tmp_path: Path) -> None:
    done = perca("tenant", "seed", "--people", 60, "--seed", 5, "--db", tmp_path / "t.db", "--json")
    kinds = done.json["kinds"]
    assert (done.code, set(kinds), sum(kinds.values())) == (0, {kind.value for kind in Kind}, 60)
    assert min(kinds.values()) > 0


def test_seed_writes_over_nothing(perca: Perca, database: Path) -> None:
    before = database.read_bytes()
    assert perca("tenant", "seed", "--people", 60, "--db", database).code == 2
    assert database.read_bytes() == before


def test_too_few_people_leave_nothing_behind(perca: Perca, tmp_path: Path) -> None:
    assert perca("tenant", "seed", "--people", 3, "--db", tmp_path / "t.db").code == 2
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_serve_asks_for_the_secret(seeded: Path) -> None:
    with serving(seeded, "--page-size", "7") as address:
        assert len(ask(f"{address}/v1.0/users")["value"]) == 7
        with pytest.raises(urllib.error.HTTPError, match="401") as refused:
            ask(f"{address}/v1.0/users", "another")
        refused.value.close()
    assert program("tenant", "serve", "--db", seeded).code == 2


@pytest.mark.slow
def test_lags_and_faults(database: Path) -> None:
    with serving(database, "--lag", "policy=2m,members=10m", "--faults", "deny=/groups") as address:
        clock = ask(f"{address}/perca/clock")
        assert (clock["policyLag"], clock["membersLag"], clock["stateLag"]) == (120, 600, 0)
        with pytest.raises(urllib.error.HTTPError, match="403") as refused:
            ask(f"{address}/v1.0/groups")
        refused.value.close()


@pytest.mark.parametrize(
    "option",
    [
        ("--lag", "policies=1s"),
        ("--lag", "policy=soon"),
        ("--faults", "429=2"),
        ("--faults", "drop=0.1"),
        ("--throttle", "maybe"),
        ("--tls",),
    ],
)
def test_switches_that_make_no_sense(
    perca: Perca, seeded: Path, option: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PERCA_SECRET", SECRET)
    assert perca("tenant", "serve", "--db", seeded, *option).code == 2


def test_import_stores_refuses_and_lists_what_it_made(perca: Perca, database: Path, tmp_path: Path) -> None:
    good = policy(1, "Brought over", {"includeGroups": ["<a group>"]})
    folder = tmp_path / "policies"
    folder.mkdir()
    (folder / "good.json").write_text(json.dumps(good), "utf-8")
    (folder / "bad.json").write_text("{", "utf-8")
    options = ("--db", database, "--create-missing", "--exclude-emergency", "--json")
    done = perca("tenant", "import", folder, *options)
    assert (done.code, [each["display_name"] for each in done.json["stored"]]) == (2, ["Brought over"])
    assert [each["kind"] for each in done.json["created"]] == ["groups"]
    assert len(done.json["excluded"]) == 2
    assert len(done.json["refused"]) == 1
    assert "Refused" in perca("tenant", "import", folder, "--db", database, "--create-missing").out


def test_import_makes_a_new_database_or_none(perca: Perca, tmp_path: Path) -> None:
    (tmp_path / "good.json").write_text(
        json.dumps(policy(1, "Brought over", {"includeUsers": ["All"]})), "utf-8"
    )
    new = tmp_path / "new.db"
    failed = perca("tenant", "import", tmp_path / "good.json", "--db", new, "--exclude-emergency")
    assert (failed.code, new.exists()) == (2, False)
    assert perca("tenant", "import", tmp_path / "good.json", "--db", new).code == 0
    assert perca("snapshot", "take", "--tenant", new, "-o", tmp_path / "s.json").code in (0, 3)
    taken: Json = json.loads((tmp_path / "s.json").read_text("utf-8"))
    assert [each["displayName"] for each in taken["policies"]] == ["Brought over"]
