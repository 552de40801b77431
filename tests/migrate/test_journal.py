"""The journal: asked and seen survive a crash, a half-written line is dropped, and any other damage is refused."""

from pathlib import Path

import pytest

from perca.errors import BadInput
from perca.migrate.journal import Journal, read_journal
from perca.ports import VirtualClock


def written(path: Path) -> None:
    with Journal(path, VirtualClock()) as journal:
        journal.write("apply", "began", plan="p")
        journal.write("apply", "asked", "group")
        journal.write("apply", "seen", "group", id="g")


def test_records_are_read_back_and_appended_to(tmp_path: Path) -> None:
    written(tmp_path / "j")
    with Journal(tmp_path / "j", VirtualClock()) as journal:
        assert [(r.event, r.step) for r in journal.records] == [
            ("began", ""),
            ("asked", "group"),
            ("seen", "group"),
        ]
        journal.write("apply", "ended")
    records = read_journal(tmp_path / "j")
    assert [r.sequence for r in records] == [0, 1, 2, 3]
    assert records[2].detail == {"id": "g"}


@pytest.mark.parametrize("cut", range(1, 120, 7))
def test_a_last_line_that_a_crash_left_half_written_is_dropped(tmp_path: Path, cut: int) -> None:
    path = tmp_path / "j"
    written(path)
    text = path.read_bytes()
    last = text.rstrip(b"\n").rfind(b"\n") + 1
    path.write_bytes(text[: min(last + cut, len(text) - 1)])
    with Journal(path, VirtualClock()) as journal:
        assert [r.event for r in journal.records] == ["began", "asked"]
        journal.write("apply", "seen", "group")
    assert [r.event for r in read_journal(path)] == ["began", "asked", "seen"]


@pytest.mark.parametrize("place", range(0, 600, 29))
def test_a_changed_byte_is_refused(tmp_path: Path, place: int) -> None:
    path = tmp_path / "j"
    written(path)
    text = bytearray(path.read_bytes())
    if text[place] in b"\n":
        place += 1
    text[place] ^= 1
    path.write_bytes(text)
    with pytest.raises(BadInput, match="journal"):
        read_journal(path)


def test_a_line_taken_out_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "j"
    written(path)
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(lines[0] + lines[2])
    with pytest.raises(BadInput, match="was changed"):
        Journal(path, VirtualClock())


def test_two_runs_cannot_write_at_once(tmp_path: Path) -> None:
    with Journal(tmp_path / "j", VirtualClock()), pytest.raises(BadInput, match="another run"):
        Journal(tmp_path / "j", VirtualClock())


def test_a_journal_that_is_not_there_is_bad_input(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="can't be read"):
        read_journal(tmp_path / "none")
    with pytest.raises(BadInput, match="can't be opened"):
        Journal(tmp_path / "no" / "folder", VirtualClock())
