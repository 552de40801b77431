"""How a value may go wrong: a constant, a word of a table, a member of an enumeration, an element of a collection."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from mutation.nodes import Nodes, Rule, is_prose
from mutation.source import Edit


def of_constant(nodes: Nodes, node: ast.Constant) -> Iterator[Edit]:
    """The other truth value, the next number, another word; a word of a table left out."""
    match node.value:
        case bool(value):
            yield nodes.instead(node, str(not value))
        case int(value):
            yield nodes.instead(node, str(value + 1))
        case str(text) if not is_prose(node):
            yield nodes.instead(node, repr(text + "~"))
        case str() if nodes.at_the_level_of_the_module(node) and _is_a_table(nodes, node):
            start, end = nodes.source.span(node)
            for word in re.finditer(rb"[^\s\"']+", nodes.source.text[start:end]):
                yield Edit(start + word.start(), start + word.end(), "")


FOR_PEOPLE = re.compile(r"\b(a|an|and|for|in|is|may|not|of|or|that|the|to|whether|which|who)\b|(?<!\S)[A-Z]")
"""What sentences and names have, and tables of words haven't."""


def _is_a_table(nodes: Nodes, node: ast.Constant) -> bool:
    """Whether the text is a list of words to split, and none for people: no sentence and no name, in no call but one that splits it."""
    calls = [each for each in nodes.up(node) if isinstance(each, ast.Call)]
    return not FOR_PEOPLE.search(str(node.value)) and all(
        (isinstance(each.func, ast.Name) and each.func.id in ("combinations", "frozenset", "tuple"))
        or (isinstance(each.func, ast.Attribute) and each.func.attr == "split")
        for each in calls
    )


def of_member(nodes: Nodes, node: ast.Attribute) -> Iterator[Edit]:
    """The next member of the same enumeration."""
    match node.value:
        case ast.Name(id=name) if node.attr in (members := nodes.enums.get(name, ())) and len(members) > 1:
            following = members[(members.index(node.attr) + 1) % len(members)]
            yield nodes.instead(node, f"{name}.{following}")


def of_elements(nodes: Nodes, node: ast.Tuple | ast.List | ast.Set) -> Iterator[Edit]:
    """Each element left out, where it is one of many of a kind and not a pair of different things."""
    if not isinstance(getattr(node, "ctx", ast.Load()), ast.Load) or not _is_a_collection(nodes, node):
        return
    for number, element in enumerate(node.elts):
        if not is_prose(element):
            yield _without(nodes, node, [nodes.source.span(each) for each in node.elts], number)


def _is_a_collection(nodes: Nodes, node: ast.expr) -> bool:
    parent = nodes.parents[node]
    if isinstance(node, ast.Tuple) and isinstance(parent, (ast.Yield, ast.Subscript, ast.Match)):
        return False
    if isinstance(parent, (ast.comprehension, ast.Return)):
        return isinstance(node, (ast.List, ast.Set)) or any(isinstance(e, ast.Starred) for e in node.elts)  # type: ignore[attr-defined]
    return True


def of_dictionary(nodes: Nodes, node: ast.Dict) -> Iterator[Edit]:
    """Each entry left out."""
    spans = [
        (nodes.source.span(key or value)[0], nodes.source.span(value)[1])
        for key, value in zip(node.keys, node.values, strict=True)
    ]
    for number, key in enumerate(node.keys):
        if key is not None:
            yield _without(nodes, node, spans, number)


def _without(nodes: Nodes, node: ast.expr, spans: list[tuple[int, int]], number: int) -> Edit:
    """The display without one element: up to the comma after it, or from the end of the one before."""
    if len(spans) == 1:
        return nodes.instead(
            node, {ast.Tuple: "()", ast.List: "[]", ast.Set: "set()", ast.Dict: "{}"}[type(node)]
        )
    if len(spans) == 2 and isinstance(node, ast.Tuple):
        return nodes.instead(node, f"({nodes.source.cut(*spans[1 - number])},)")
    start, end = spans[number]
    if number + 1 == len(spans):
        return Edit(spans[number - 1][1], end, "")
    comma = nodes.source.cut(end, spans[number + 1][0]).index(",")
    return Edit(start, end + len(nodes.source.cut(end, spans[number + 1][0])[: comma + 1].encode()), "")


VALUES: tuple[Rule, ...] = (
    (ast.Constant, of_constant),
    (ast.Attribute, of_member),
    ((ast.Tuple, ast.List, ast.Set), of_elements),
    (ast.Dict, of_dictionary),
)
