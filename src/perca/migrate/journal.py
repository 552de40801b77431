"""The journal: what was asked and what was seen, append-only, one JSON object a line, each line's hash over the one before.

A line is on the disk before the call returns. The hash chain is against accidents and careless edits, not against somebody who
rewrites it all. A last line that a crash left half written is dropped; any other damage is BadInput. One process at a time.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Any

from perca.errors import BadInput
from perca.ports import Clock

FORMAT = "perca/journal/1"
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Record:
    """One line: `event` is `began`, `asked`, `seen`, `note` or `ended`; `step` is empty for what isn't about one step."""

    sequence: int
    at: str
    run: str
    event: str
    step: str
    detail: Mapping[str, Any]
    previous: str
    hash: str


class Journal:
    """A journal that is open for writing."""

    def __init__(self, path: Path, clock: Clock) -> None:
        """Opens or begins the journal; raises BadInput when it is damaged, or when another process has it open."""
        self.path = path
        self._clock = clock
        self._file: IO[bytes] = _open(path)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            self._file.close()
            raise BadInput(f"another run has the journal `{path}` open", "wait until it has ended") from error
        self._file.seek(0)
        text = self._file.read()
        whole = text[: text.rfind(b"\n") + 1]
        try:
            self.records: list[Record] = _parse(whole, path)
        except BadInput:
            self._file.close()
            raise
        if whole != text:
            self._file.truncate(len(whole))

    def __enter__(self) -> Journal:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Ends writing and lets others in."""
        self._file.close()

    def write(self, run: str, event: str, step: str = "", **detail: object) -> Record:
        """Appends a record; it is on the disk when this returns."""
        previous = self.records[-1].hash if self.records else ""
        body = {
            "format": FORMAT,
            "sequence": len(self.records),
            "at": self._clock.now().isoformat(),
            "run": run,
            "event": event,
            "step": step,
            "detail": detail,
            "previous": previous,
        }
        body["hash"] = _hash(body)
        try:
            self._file.seek(0, os.SEEK_END)
            self._file.write(json.dumps(body, ensure_ascii=True).encode() + b"\n")
            self._file.flush()
            os.fsync(self._file.fileno())
        except OSError as error:
            raise BadInput(
                f"the journal `{self.path}` can't be written: {error.strerror}",
                "make room, then `perca resume`",
            ) from error
        record = _record(body)
        self.records.append(record)
        return record


def _open(path: Path) -> IO[bytes]:
    """The file, made where there is none; its name too is on the disk then. It is never emptied: another run may just have made it."""
    try:
        new = not path.exists()
        file = os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666), "r+b")
        if new:
            folder = os.open(path.parent, os.O_RDONLY | os.O_CLOEXEC)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)
        return file
    except OSError as error:
        raise BadInput(
            f"the journal `{path}` can't be opened: {error.strerror}", "give a path that can be written"
        ) from error


def read_journal(path: Path) -> list[Record]:
    """The records of a journal, for looking only. Raises BadInput when there is none or it is damaged."""
    try:
        text = path.read_bytes()
    except OSError as error:
        raise BadInput(
            f"the journal `{path}` can't be read: {error.strerror}", "give the journal of the run"
        ) from error
    return _parse(text[: text.rfind(b"\n") + 1], path)


def _parse(text: bytes, path: Path) -> list[Record]:
    records: list[Record] = []
    for number, line in enumerate(text.splitlines(), start=1):
        try:
            body = json.loads(line)
            record = _record(body)
            chained = record.previous == (records[-1].hash if records else "") and record.sequence == len(
                records
            )
            intact = chained and record.hash == _hash({k: v for k, v in body.items() if k != "hash"})
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise BadInput(
                f"line {number} of the journal `{path}` can't be read", "restore it from a copy"
            ) from error
        if not intact:
            raise BadInput(f"line {number} of the journal `{path}` was changed", "restore it from a copy")
        records.append(record)
    return records


def _hash(body: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(body, sort_keys=True, ensure_ascii=True).encode()).hexdigest()


def _record(body: Mapping[str, Any]) -> Record:
    if body["format"] != FORMAT:
        raise ValueError("another format")
    return Record(
        int(body["sequence"]),
        str(body["at"]),
        str(body["run"]),
        str(body["event"]),
        str(body["step"]),
        dict(body["detail"]),
        str(body["previous"]),
        str(body["hash"]),
    )
