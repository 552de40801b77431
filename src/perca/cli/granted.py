"""What an answer takes for granted, for people: of a long list of names the first few, for scripts get them all."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from perca.cli import words
from perca.cli.blocks import Block, Heading, Line, Tone

MOST = 3
"""At most this many policies or parts are named for one assumption."""
_NAMES = re.compile(r"`[^`]*`(?:, `[^`]*`)+")


def granted(assumptions: Iterable[str]) -> Iterator[Block]:
    """The assumptions under their heading."""
    yield Heading("Taken for granted")
    yield from (Line(shortened(each), Tone.FAINT, 1) for each in assumptions)


def shortened(said: str) -> str:
    """The sentence with the first few of a list of names, and how many more there are."""
    return _NAMES.sub(lambda found: _few(found[0][1:-1].split("`, `")), said)


def _few(names: Sequence[str]) -> str:
    return words.listed([f"`{each}`" for each in names], MOST)
