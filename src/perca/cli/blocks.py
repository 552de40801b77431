"""What a human view is made of: lines, headings and tables; written plainly, or with rich where a terminal reads.

The same words in both. Text that came from a tenant can't move a cursor or change a colour: characters that aren't printable are
shown as escapes.
"""

from __future__ import annotations

import re
import textwrap
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, TextIO

from perca.cli.printable import printable

if TYPE_CHECKING:
    from rich.console import RenderableType


class Tone(Enum):
    """What a line means; on a terminal, its colour."""

    PLAIN = ""
    GOOD = "green"
    BAD = "bold red"
    UNSURE = "yellow"
    FAINT = "dim"
    STRONG = "bold"


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text, `depth` steps in."""

    text: str = ""
    tone: Tone = Tone.PLAIN
    depth: int = 0


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading, with an empty line before it."""

    text: str


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under column names; a column whose name begins with `#` holds numbers and is aligned to the right."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


Block = Line | Heading | Table


def write(blocks: Iterable[Block], stream: TextIO) -> None:
    """Writes the blocks: plainly, or for a terminal."""
    if stream.isatty():
        _write_rich(blocks, stream)
        return
    for block in blocks:
        for line in plain(block):
            stream.write(line + "\n")


def plain(block: Block) -> list[str]:
    """The block as lines of plain text."""
    match block:
        case Line(text, _, depth):
            return ["  " * depth + printable(text)]
        case Heading(text):
            return ["", printable(text)]
        case Table(columns, rows):
            return _aligned(columns, rows)


def _aligned(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    cells = [
        [name.removeprefix("#") for name in columns],
        *([printable(cell) for cell in row] for row in rows),
    ]
    widths = [max(_width(row[at]) for row in cells) for at in range(len(columns))]
    right = [name.startswith("#") for name in columns]
    return ["  " + "  ".join(map(_padded, row, widths, right)).rstrip() for row in cells]


def _padded(text: str, width: int, right: bool) -> str:
    blank = " " * (width - _width(text))
    return blank + text if right else text + blank


def _width(text: str) -> int:
    """How many columns a terminal gives to the text."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text
    )


def _write_rich(blocks: Iterable[Block], stream: TextIO) -> None:
    from rich.console import Console
    from rich.padding import Padding
    from rich.text import Text

    console = Console(file=stream, highlight=False, markup=False, emoji=False)
    for block in blocks:
        match block:
            case Line(text, tone, depth):
                for line in wrapped(printable(text), depth, console.width):
                    console.print(Text(line, style=tone.value))
            case Heading(text):
                console.print()
                console.print(Text(printable(text), style="bold"))
            case Table():
                console.print(Padding.indent(_rich_table(block), 2))


_NUMBERED = re.compile(r" *\d+\. ")


def wrapped(text: str, depth: int, width: int) -> list[str]:
    """The text as lines of a terminal; what follows a number stands under the first word after it."""
    indent = "  " * depth
    number = _NUMBERED.match(text)
    hanging = indent + " " * (len(number[0]) if number else 0)
    lines = textwrap.wrap(
        text,
        max(width, len(hanging) + 20),
        initial_indent=indent,
        subsequent_indent=hanging,
        break_on_hyphens=False,
    )
    return lines or [""]


def _rich_table(table: Table) -> RenderableType:
    from rich import box
    from rich.table import Table as RichTable
    from rich.text import Text

    drawn = RichTable(
        box=box.SIMPLE_HEAD, pad_edge=False, header_style="dim", show_edge=False, padding=(0, 2, 0, 0)
    )
    for name in table.columns:
        drawn.add_column(
            Text(name.removeprefix("#")), justify="right" if name.startswith("#") else "left", overflow="fold"
        )
    for row in table.rows:
        drawn.add_row(*(Text(printable(cell)) for cell in row))
    return drawn
