"""The mutants that no test can kill, as `docs/mutation.md` explains them: read from its headings and its differences."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from mutation.source import Key, Mutant

_ENTRY = re.compile(
    r"^### `(?P<file>[^`]+)`(?:, `(?P<where>[^`]+)`)?(?: \((?P<number>\d+)\))?\n+"
    r"```diff\n- (?P<before>.*)\n\+ ?(?P<after>.*)\n```\n+(?P<why>\S[^\n]*)",
    re.MULTILINE,
)
_HEADING = re.compile(r"^### ", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a mutant means the same as the code; `key` is the mutant's."""

    key: Key
    why: str


def explanations(page: Path) -> tuple[Explanation, ...]:
    """What the page explains. Raises ValueError where an entry has another shape, so that none is passed over."""
    text = page.read_text("utf-8")
    found = tuple(
        Explanation((e["file"], e["where"] or "", e["before"], e["after"], int(e["number"] or 1)), e["why"])
        for e in _ENTRY.finditer(text)
    )
    if len(found) != len(_HEADING.findall(text)):
        raise ValueError(f"{page.name}: an entry isn't a heading, a difference of one line and a reason")
    return found


def entry(mutant: Mutant) -> str:
    """The mutant as an entry of the page, without its reason."""
    where = f", `{mutant.where}`" if mutant.where else ""
    number = f" ({mutant.number})" if mutant.number > 1 else ""
    return f"### `{mutant.file}`{where}{number}\n\n```diff\n- {mutant.before}\n+ {mutant.after}\n```\n"
