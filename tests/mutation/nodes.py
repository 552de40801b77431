"""The nodes of a source file that may be changed, and those that are left alone because no test should hang on them.

Left alone: documentation, annotations and type aliases, imports, decorators, assertions and what is raised, text for people (a
string with a space in it, an f-string), a rule's `Basis`, and `strict=` of `zip`. Everything else is fair game.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping

from mutation.source import Edit, Source

LOOSE = (ast.BoolOp, ast.IfExp, ast.Compare, ast.Lambda, ast.UnaryOp, ast.BinOp, ast.NamedExpr)
OF_TYPES = ("TypeVar", "NewType", "cast")

Enums = Mapping[str, tuple[str, ...]]
"""The members of every enumeration, by its name."""


class Nodes:
    """The nodes of a file, each with what it stands in."""

    def __init__(self, source: Source, enums: Enums) -> None:
        self.source = source
        self.enums = enums
        self.parents: dict[ast.AST, ast.AST] = {}

    def __iter__(self) -> Iterator[ast.AST]:
        """Those that may be changed, each after what it stands in."""
        waiting: list[ast.AST] = [self.source.tree]
        while waiting:
            node = waiting.pop()
            yield node
            for child in _children(node):
                self.parents[child] = node
                waiting.append(child)

    def up(self, node: ast.AST) -> Iterator[ast.AST]:
        """What the node stands in, the nearest first."""
        while node in self.parents:
            node = self.parents[node]
            yield node

    def instead(self, node: ast.AST, new: str) -> Edit:
        """The node replaced by that text."""
        return Edit(*self.source.span(node), new)

    def held(self, node: ast.AST) -> str:
        """The node's text, in brackets where it could fall apart without."""
        text = self.source.of(node)
        return f"({text})" if isinstance(node, LOOSE) else text

    def at_the_level_of_the_module(self, node: ast.AST) -> bool:
        """Whether it is in no function and no class."""
        return not any(
            isinstance(each, (ast.FunctionDef, ast.ClassDef, ast.Lambda)) for each in self.up(node)
        )


Rule = tuple[type[ast.AST] | tuple[type[ast.AST], ...], Callable[..., Iterator[Edit]]]
"""A kind of node, with what can be made of it: a function of all nodes and of one of that kind."""


def _children(node: ast.AST) -> Iterator[ast.AST]:
    for field, value in ast.iter_fields(node):
        if field in ("annotation", "returns", "decorator_list", "bases", "keywords") and not isinstance(
            node, ast.Call
        ):
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST) and not _is_left_alone(child):
                yield child


def _is_left_alone(node: ast.AST) -> bool:
    match node:
        case ast.Import() | ast.ImportFrom() | ast.Assert() | ast.Raise() | ast.JoinedStr():
            return True
        case ast.Expr(value=ast.Constant()):
            return True
        case ast.Assign(targets=[ast.Name(id="__all__")]):
            return True
        case ast.Assign(value=ast.Subscript() | ast.BinOp(op=ast.BitOr()) as value):
            return all(
                isinstance(each, ast.Name)
                and (each.id[0].isupper() or each.id in ("frozenset", "tuple", "str"))
                for each in ast.walk(value)
                if isinstance(each, ast.expr)
                and not isinstance(each, (ast.BinOp, ast.Subscript, ast.Tuple, ast.List))
            ) and not any(isinstance(each, ast.Name) and each.id.isupper() for each in ast.walk(value))
        case ast.Call(func=ast.Name(id=name)):
            return name == "Basis" or name in OF_TYPES
        case ast.keyword(arg="strict"):
            return True
        case ast.ClassDef(bases=[ast.Name(id="Protocol")]):
            return True
        case ast.AnnAssign(annotation=ast.Name(id="Basis" | "TypeAlias")):
            return True
    return False


def is_prose(node: ast.AST) -> bool:
    """Whether it is text for people, or the sentences of an answer."""
    match node:
        case ast.JoinedStr():
            return True
        case ast.Constant(value=str(text)):
            return any(letter.isspace() for letter in text)
        case ast.BinOp(left=left, right=right):
            return is_prose(left) or is_prose(right)
        case ast.Starred(value=ast.Attribute(attr="because")) | ast.Attribute(attr="because"):
            return True
    return False
