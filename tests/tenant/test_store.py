"""The tenant's file: made once, opened only when it is one, and never left between two states."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import uuid
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perca.errors import BadInput, RemoteFailed
from perca.model import PerUserState
from perca.tenant import Store
from perca.tenant.guid import made_guid
from perca.tenant.schema import Statement
from perca.tenant.seed import company, seeded

PERSON = "00000000-0000-4000-8000-000000000001"


def test_an_existing_file_is_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    path.write_bytes(b"mine")
    with pytest.raises(BadInput):
        Store.create(path)
    with pytest.raises(BadInput):
        seeded(path, 50, 1)
    assert path.read_bytes() == b"mine"


def other_database(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE clock (one)")
    connection.commit()
    connection.close()


def truncated(path: Path) -> None:
    Store.create(path).close()
    path.write_bytes(path.read_bytes()[:2000])


def newer(path: Path) -> None:
    Store.create(path).close()
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version=99")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


@pytest.mark.parametrize(
    "wrong",
    [
        lambda path: None,
        lambda path: path.touch(),
        lambda path: path.write_text("policies"),
        lambda path: path.mkdir(),
        other_database,
        truncated,
        newer,
    ],
    ids=["missing", "empty", "text", "a folder", "another database", "truncated", "newer"],
)
def test_only_a_perca_database_is_opened(tmp_path: Path, wrong: object) -> None:
    path = tmp_path / "x.db"
    wrong(path)  # type: ignore[operator]
    before = sorted(tmp_path.iterdir())
    with pytest.raises(BadInput) as error:
        Store.open(path)
    assert error.value.exit_code == 2
    assert error.value.hint
    assert "\n" not in error.value.message
    assert sorted(file for file in tmp_path.iterdir() if file.suffix == ".db") == before


def test_a_transaction_that_raises_leaves_nothing(store: Store) -> None:
    given: list[str] = []

    def broken() -> None:
        with store.writing() as now:
            given.append(now.guid())
            now.set_state(PERSON, PerUserState.ENFORCED)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        broken()
    with store.writing() as now:
        assert now.state(PERSON) is PerUserState.DISABLED
        assert now.times().last == 0
        assert [now.guid()] == given


def test_a_process_killed_within_a_transaction_leaves_nothing(store: Store) -> None:
    code = f"""
import os
from pathlib import Path
from perca.model import PerUserState
from perca.tenant import Store
store = Store.open(Path({str(store.path)!r}))
with store.writing() as now:
    now.set_state({PERSON!r}, PerUserState.ENFORCED)
with store.writing() as now:
    now.set_state({PERSON!r}, PerUserState.DISABLED)
    now.advance(5)
    os._exit(9)
"""
    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=30).returncode == 9
    with store.reading() as now:
        assert now.state(PERSON) is PerUserState.ENFORCED
        assert len(now.rows(_changes())) == 1


def _changes() -> Statement:
    return Statement("SELECT seq FROM changes", {})


def test_a_reader_sees_one_moment_while_another_writes(store: Store) -> None:
    other = Store.open(store.path)
    with store.reading() as reading:
        assert reading.state(PERSON) is PerUserState.DISABLED
        with other.writing() as now:
            now.set_state(PERSON, PerUserState.ENFORCED)
        assert reading.state(PERSON) is PerUserState.DISABLED
    with store.reading() as reading:
        assert reading.state(PERSON) is PerUserState.ENFORCED
    other.close()


def test_two_that_write_in_turn_give_no_identifier_twice(store: Store) -> None:
    other = Store.open(store.path)
    given: list[str] = []
    for each in (store, other) * 3:
        with each.writing() as now:
            given.extend((now.guid(), now.guid()))
    assert len(set(given)) == 12
    other.close()


def test_a_seed_that_fails_leaves_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError

    path = tmp_path / "x.db"
    with monkeypatch.context() as during:
        during.setattr(company, "_policies", broken)
        with pytest.raises(ZeroDivisionError):
            seeded(path, 50, 1)
    assert not path.exists()
    seeded(path, 50, 1).close()
    assert [file.name for file in tmp_path.iterdir()] == ["x.db"]


@given(st.integers(), st.text())
def test_a_made_guid_is_a_guid_of_version_four(number: int, what: str) -> None:
    made = made_guid(number, what)
    assert str(uuid.UUID(made)) == made
    assert (uuid.UUID(made).version, uuid.UUID(made).variant) == (4, uuid.RFC_4122)
    assert made == made_guid(number, what) != made_guid(number, what + "x")


def test_a_database_that_stays_locked_is_a_failure_in_one_line(store: Store) -> None:
    other = sqlite3.connect(store.path)
    other.execute("BEGIN IMMEDIATE")
    store._connection.execute("PRAGMA busy_timeout=50")
    with pytest.raises(RemoteFailed) as error, store.writing():
        pass
    assert error.value.exit_code == 4
    assert "locked" in error.value.message
    other.close()
    with store.writing() as now:
        now.advance(1)
