"""Every mutant of a file: each node that may be changed, in each way that its kind may go wrong."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from mutation.expressions import EXPRESSIONS
from mutation.nodes import Enums, Nodes
from mutation.source import Edit, Mutant, Source
from mutation.statements import STATEMENTS
from mutation.values import VALUES

RULES = (*EXPRESSIONS, *VALUES, *STATEMENTS)


def mutants(source: Source, enums: Enums) -> Iterator[Mutant]:
    """Every mutant of the file, in the order of its text."""
    seen: dict[tuple[str, str, str], int] = {}
    done = {source.text}
    for edit in sorted(_edits(source, enums), key=lambda each: (each.start, each.end, each.new)):
        text = source.edited(edit)
        if text in done:
            continue
        done.add(text)
        before, after = source.lines(edit)
        where = source.within(edit.start)
        number = seen[where, before, after] = seen.get((where, before, after), 0) + 1
        yield Mutant(source.name, where, before, after, number, source.line(edit.start), text)


def _edits(source: Source, enums: Enums) -> Iterator[Edit]:
    nodes = Nodes(source, enums)
    for node in nodes:
        for kinds, of in RULES:
            if isinstance(node, kinds):
                yield from of(nodes, node)


def enumerations(trees: Iterable[ast.AST]) -> Enums:
    """The members of every enumeration, by its name."""
    found: dict[str, tuple[str, ...]] = {}
    for tree in trees:
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef) and any(
                isinstance(base, ast.Name) and base.id.endswith(("Enum", "Flag")) for base in node.bases
            ):
                found[node.name] = tuple(
                    target.id
                    for each in node.body
                    if isinstance(each, ast.Assign)
                    for target in each.targets
                    if isinstance(target, ast.Name)
                )
    return found
