"""A command's answer: one result with a view for people and a view for scripts, and the exit codes that apply.

Both views are made from the same result, and only the one that is asked for. Progress and remarks never come here: they go to
standard error.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum
from typing import Any

from perca import __version__
from perca.cli.blocks import Block, write

Json = dict[str, Any]


class View(Enum):
    """How an answer is shown."""

    TEXT = "text"
    JSON = "json"
    JSON_LINES = "json lines"
    DOCUMENT = "document"


PRECEDENCE = (4, 2, 1, 3)
"""Where several exit codes apply, the first of these counts."""


def first_of(codes: Iterable[int]) -> int:
    """The exit code that counts; 0 when none applies."""
    given = set(codes)
    return next((code for code in PRECEDENCE if code in given), 0)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command found or did. `rows` are the answer one row a person, where that makes sense; a `document` is it for other tools."""

    kind: str
    body: Callable[[], Json]
    text: Callable[[], Iterable[Block]]
    codes: frozenset[int] = frozenset()
    engine: str = "perca"
    view: View = View.TEXT
    rows: Callable[[], Iterable[Json]] | None = None
    document: Callable[[], str] | None = None

    @property
    def code(self) -> int:
        """The exit code."""
        return first_of(self.codes)


def view_of(json: bool, json_lines: bool = False) -> View:
    """The view that the options ask for."""
    return View.JSON if json else View.JSON_LINES if json_lines else View.TEXT


def whole(answer: Answer, seconds: float) -> Json:
    """The answer as one JSON object."""
    ordered = [code for code in PRECEDENCE if code in answer.codes]
    run = {"engine": answer.engine, "seconds": round(seconds, 3), "version": __version__}
    return {"format": f"perca/{answer.kind}/1", **answer.body(), "exitCodes": ordered, "run": run}


def present(answer: Answer, seconds: float) -> None:
    """Writes the answer to standard output in the view that was asked for."""
    match answer.view:
        case View.TEXT:
            write(answer.text(), sys.stdout)
        case View.JSON:
            sys.stdout.write(text_of(whole(answer, seconds)) + "\n")
        case View.JSON_LINES:
            for row in answer.rows() if answer.rows is not None else ():
                sys.stdout.write(text_of(row) + "\n")
        case View.DOCUMENT:
            sys.stdout.write(answer.document() if answer.document is not None else "")


def text_of(value: Json) -> str:
    """Compact JSON on one line."""
    import msgspec

    return msgspec.json.encode(value).decode()
