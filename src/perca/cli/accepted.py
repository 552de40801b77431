"""Accepted findings: a file in which somebody answers for a finding, until a date, with a reason (docs/guide/pull-requests.md).

    {"format": "perca/accepted/1", "accepted": [{"id": ID, "owner": WHO, "until": "2027-03-31", "reason": WHY}]}

An entry is in force up to the end of its last day, UTC. One that has ended, or whose id nothing has any more, is said and changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from perca.cli.answer import Json
from perca.cli.blocks import Block, Heading, Line, Tone
from perca.cli.files import object_in
from perca.errors import BadInput
from perca.ports import Clock
from perca.wire.values import JsonValue, shown

FORMAT = "perca/accepted/1"
_HINT = 'each entry needs "id", "owner", "until" (as 2027-03-31) and "reason"'


@dataclass(frozen=True, slots=True)
class Entry:
    """A finding that somebody answers for."""

    id: str
    owner: str
    until: date
    reason: str

    @property
    def words(self) -> str:
        """By whom, until when, and why."""
        return f"accepted by {self.owner} until {self.until.isoformat()}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Accepted:
    """The entries of a file, on a day."""

    entries: tuple[Entry, ...] = ()
    today: date = date.min

    def of(self, id: str) -> Entry | None:
        """The entry by which the finding of that id is accepted today."""
        return next((each for each in self.entries if each.id == id and self.is_in_force(each)), None)

    def is_in_force(self, entry: Entry) -> bool:
        """Whether it hasn't ended."""
        return self.today <= entry.until

    def state(self, entry: Entry, found: Iterable[str]) -> str:
        """What the entry does beside findings of these ids: accepted, expired, or unknown."""
        if entry.id not in found:
            return "unknown"
        return "accepted" if self.is_in_force(entry) else "expired"

    def as_json(self, found: frozenset[str]) -> list[Json]:
        """Each entry with its state."""
        return [
            {
                "id": each.id,
                "owner": each.owner,
                "until": each.until.isoformat(),
                "reason": each.reason,
                "state": self.state(each, found),
            }
            for each in self.entries
        ]

    def remarks(self, found: frozenset[str]) -> Iterator[str]:
        """A line for each entry that changes nothing."""
        for each in self.entries:
            match self.state(each, found):
                case "unknown":
                    yield f"accepted finding {each.id} ({each.owner}) is not among the findings any more"
                case "expired":
                    yield f"accepted finding {each.id} ({each.owner}) has ended on {each.until.isoformat()}, and counts again"

    def as_text(self, found: frozenset[str]) -> Iterator[Block]:
        """The entries in force, then those that change nothing."""
        if not self.entries:
            return
        yield Heading("Accepted findings")
        for each in self.entries:
            if self.state(each, found) == "accepted":
                yield Line(f"{each.id}: {each.words}", depth=1)
        yield from (Line(each, Tone.UNSURE, 1) for each in self.remarks(found))


def accepted_in(path: Path | None, clock: Clock) -> Accepted:
    """The entries of the file, today; none where there is no file. Raises BadInput for one that can't be read as a whole."""
    if path is None:
        return Accepted()
    held = object_in(str(path))
    if held.get("format") != FORMAT:
        raise BadInput(f"`{path}`: its format is not `{FORMAT}`", f'begin it with {{"format": "{FORMAT}"')
    rows = held.get("accepted")
    if not isinstance(rows, list):
        raise BadInput(f"`{path}`: `accepted` is no list", _HINT)
    entries = [_entry(row, f"`{path}`: entry {number}") for number, row in enumerate(rows, 1)]
    twice = [each.id for n, each in enumerate(entries) if each.id in {one.id for one in entries[:n]}]
    if twice:
        raise BadInput(f"`{path}`: {twice[0]} is accepted twice", "keep one of the entries")
    return Accepted(tuple(entries), clock.now().date())


def _entry(row: JsonValue, where: str) -> Entry:
    if not isinstance(row, dict):
        raise BadInput(f"{where} is no object", _HINT)
    id, owner, until, reason = (
        _text(row.get(name), name, where) for name in ("id", "owner", "until", "reason")
    )
    try:
        ends = date.fromisoformat(until)
    except ValueError as error:
        raise BadInput(f"{where}: `until` is `{shown(until)}`, which is no date", _HINT) from error
    return Entry(id, owner, ends, reason)


def _text(value: JsonValue, name: str, where: str) -> str:
    if not isinstance(value, str) or not value.strip():
        raise BadInput(f"{where} has no `{name}`", _HINT)
    return value.strip()
