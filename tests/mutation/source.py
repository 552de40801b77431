"""A source file as text beside its syntax tree, and a mutant: that text with one small piece replaced.

A mutant is named by its file, its function and the lines before and after, never by a line number: its name stays while other lines
move. The text itself is what gets compiled, so what is shown is what was tried.
"""

from __future__ import annotations

import ast
import hashlib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

Key = tuple[str, str, str, str, int]


@dataclass(frozen=True, slots=True)
class Edit:
    """Replaces the bytes from `start` to before `end`."""

    start: int
    end: int
    new: str


class Source:
    """One file; `name` is its path below the package, such as `policy/answer.py`."""

    def __init__(self, name: str, text: bytes) -> None:
        self.name = name
        self.text = text
        self.tree = ast.parse(text)
        self._starts = [0]
        for line in text.splitlines(keepends=True):
            self._starts.append(self._starts[-1] + len(line))

    @classmethod
    def read(cls, root: Path, name: str) -> Source:
        """The file of that name below `root`."""
        return cls(name, (root / name).read_bytes())

    def span(self, node: ast.AST) -> tuple[int, int]:
        """Where the node begins, and where what follows it begins."""
        place = (node.lineno, node.col_offset, node.end_lineno, node.end_col_offset)  # type: ignore[attr-defined]
        return self._starts[place[0] - 1] + place[1], self._starts[place[2] - 1] + place[3]

    def cut(self, start: int, end: int) -> str:
        """The text between two places."""
        return self.text[start:end].decode()

    def of(self, node: ast.AST) -> str:
        """The node's own text, without brackets around it."""
        return self.cut(*self.span(node))

    def line(self, place: int) -> int:
        """The number of the line that holds the place."""
        return self.text.count(b"\n", 0, place) + 1

    def edited(self, edit: Edit) -> bytes:
        """The whole text with the edit made."""
        return self.text[: edit.start] + edit.new.encode() + self.text[edit.end :]

    def lines(self, edit: Edit) -> tuple[str, str]:
        """The lines that the edit touches, before and after, with single spaces."""
        first = self.text.rfind(b"\n", 0, edit.start) + 1
        last = self.text.find(b"\n", edit.end)
        last = len(self.text) if last < 0 else last
        after = self.cut(first, edit.start) + edit.new + self.cut(edit.end, last)
        return " ".join(self.cut(first, last).split()), " ".join(after.split())

    @cached_property
    def functions(self) -> list[tuple[int, int, str]]:
        """Every class and function with its span and its dotted name, outer ones first."""
        found: list[tuple[int, int, str]] = []

        def visit(node: ast.AST, prefix: str) -> None:
            for child in ast.iter_child_nodes(node):
                name = prefix
                if isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                    name = f"{prefix}.{child.name}" if prefix else child.name
                    found.append((*self.span(child), name))
                visit(child, name)

        visit(self.tree, "")
        return found

    def within(self, place: int) -> str:
        """The innermost class or function that holds the place; empty at the level of the module."""
        return next((name for start, end, name in reversed(self.functions) if start <= place < end), "")


@dataclass(frozen=True, slots=True)
class Mutant:
    """One changed piece of one file. `number` tells apart those that look the same within a function."""

    file: str
    where: str
    before: str
    after: str
    number: int
    line: int
    text: bytes

    @property
    def key(self) -> Key:
        """What names it for good: everything but the line and the rest of the file."""
        return (self.file, self.where, self.before, self.after, self.number)

    @property
    def module(self) -> str:
        """The dotted name of its module."""
        return "perca." + self.file.removesuffix(".py").replace("/", ".").removesuffix(".__init__")

    def rank(self, seed: int) -> bytes:
        """Its place in the order of that seed; of no other mutant's doing, so an edit elsewhere changes few samples."""
        return hashlib.sha256(repr((seed, self.key)).encode()).digest()

    def compiles(self) -> bool:
        """Whether the changed text is Python."""
        try:
            compile(self.text, self.file, "exec", dont_inherit=True)
        except SyntaxError:
            return False
        return True
