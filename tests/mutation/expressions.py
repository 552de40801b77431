"""How an expression may go wrong: a comparison, a conjunction, a sum, a call, a choice."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from mutation.nodes import Nodes, Rule, is_prose
from mutation.source import Edit

ANSWERS = ("Yes", "No", "Unknown")
COMPARISONS: dict[type[ast.cmpop], tuple[str, str]] = {
    ast.Eq: (r"==", "!="),
    ast.NotEq: (r"!=", "=="),
    ast.Lt: (r"<", "<="),
    ast.LtE: (r"<=", "<"),
    ast.Gt: (r">", ">="),
    ast.GtE: (r">=", ">"),
    ast.Is: (r"\bis\b", "is not"),
    ast.IsNot: (r"\bis\s+not\b", "is"),
    ast.In: (r"\bin\b", "not in"),
    ast.NotIn: (r"\bnot\s+in\b", "in"),
}
OPERATORS: dict[type[ast.operator], tuple[str, str]] = {
    ast.BitAnd: ("&", "|"),
    ast.BitOr: ("|", "&"),
    ast.LShift: ("<<", ">>"),
    ast.RShift: (">>", "<<"),
    ast.Add: ("+", "-"),
    ast.Sub: ("-", "+"),
    ast.Mult: ("*", "+"),
    ast.Pow: ("**", "*"),
}
OPPOSITES = {"any": "all", "all": "any", "min": "max", "max": "min"}
FOLDING = ("casefold", "strip", "lower", "upper")


def of_compare(nodes: Nodes, node: ast.Compare) -> Iterator[Edit]:
    """One operator turned or moved by one."""
    sides = [node.left, *node.comparators]
    for left, operator, right in zip(sides, node.ops, node.comparators, strict=False):
        (_, start), (end, _) = nodes.source.span(left), nodes.source.span(right)
        pattern, new = COMPARISONS[type(operator)]
        if found := re.search(pattern, nodes.source.cut(start, end)):
            offset = len(nodes.source.cut(start, end)[: found.start()].encode())
            yield Edit(start + offset, start + offset + len(found.group()), new)


def of_bool(nodes: Nodes, node: ast.BoolOp) -> Iterator[Edit]:
    """`and` for `or` and the other way round; and each operand left out."""
    old, new = ("and", "or") if isinstance(node.op, ast.And) else ("or", "and")
    pieces = _pieces(nodes, node, old)
    yield nodes.instead(node, f" {new} ".join(pieces))
    for left_out in range(len(pieces)):
        rest = pieces[:left_out] + pieces[left_out + 1 :]
        yield nodes.instead(node, f" {old} ".join(rest))


def _pieces(nodes: Nodes, node: ast.BoolOp, word: str) -> list[str]:
    """The operands, each with the brackets around it."""
    start, end = nodes.source.span(node)
    pieces = []
    for one, two in zip(node.values, node.values[1:], strict=False):
        after, before = nodes.source.span(one)[1], nodes.source.span(two)[0]
        between = nodes.source.cut(after, before)
        found = re.search(rf"\b{word}\b", between)
        assert found, between
        pieces.append((nodes.source.cut(start, after) + between[: found.start()]).strip())
        start = before - len(between[found.end() :].encode())
    pieces.append(nodes.source.cut(start, end).strip())
    return pieces


def of_not(nodes: Nodes, node: ast.UnaryOp) -> Iterator[Edit]:
    """`not` left out."""
    if isinstance(node.op, ast.Not):
        yield nodes.instead(node, nodes.source.of(node).removeprefix("not").strip())


def of_operation(nodes: Nodes, node: ast.BinOp) -> Iterator[Edit]:
    """Another operator; of a difference or a sum of things, only the first."""
    if is_prose(node) or type(node.op) not in OPERATORS:
        return
    counted = any(
        isinstance(each, ast.Constant) and isinstance(each.value, int) for each in (node.left, node.right)
    )
    if isinstance(node.op, (ast.Add, ast.Sub)) and not counted:
        yield nodes.instead(node, nodes.held(node.left))
        return
    (_, start), (end, _) = nodes.source.span(node.left), nodes.source.span(node.right)
    old, new = OPERATORS[type(node.op)]
    between = nodes.source.cut(start, end)
    yield Edit(start, end, between.replace(old, new, 1))


def of_call(nodes: Nodes, node: ast.Call) -> Iterator[Edit]:
    """The three answers for each other, `any` for `all`, `min` for `max`; a folding or a passed-on argument left out."""
    match node.func:
        case ast.Name(id=name) if name in ANSWERS:
            argument = nodes.source.of(node.args[0]) if node.args else ""
            yield from (nodes.instead(node, f"{other}({argument})") for other in ANSWERS if other != name)
        case ast.Name(id=name) if name in OPPOSITES:
            yield nodes.instead(node.func, OPPOSITES[name])
        case ast.Name(id="isinstance"):
            yield from _of_isinstance(nodes, node)
        case ast.Attribute(value=value, attr=attr) if attr in FOLDING and not node.args:
            yield nodes.instead(node, nodes.held(value))
    for keyword in node.keywords:
        if isinstance(keyword.value, ast.Name) and keyword.value.id == keyword.arg:
            rest = [each for each in (*node.args, *node.keywords) if each is not keyword]
            arguments = ", ".join(nodes.source.of(each) for each in rest)
            yield nodes.instead(node, f"{nodes.source.of(node.func)}({arguments})")


def _of_isinstance(nodes: Nodes, node: ast.Call) -> Iterator[Edit]:
    if not isinstance(nodes.parents[node], ast.UnaryOp):
        yield nodes.instead(node, f"not {nodes.source.of(node)}")
    match node.args:
        case [_, ast.Name(id=name) as kind] if name in ANSWERS:
            yield from (nodes.instead(kind, other) for other in ANSWERS if other != name)


def of_choice(nodes: Nodes, node: ast.IfExp) -> Iterator[Edit]:
    """The two sides swapped."""
    one, test, two = (nodes.held(each) for each in (node.body, node.test, node.orelse))
    yield nodes.instead(node, f"{two} if {test} else {one}")


def of_filter(nodes: Nodes, node: ast.comprehension) -> Iterator[Edit]:
    """Each condition of a comprehension left out."""
    yield from (nodes.instead(each, "True") for each in node.ifs)


EXPRESSIONS: tuple[Rule, ...] = (
    (ast.Compare, of_compare),
    (ast.BoolOp, of_bool),
    (ast.UnaryOp, of_not),
    (ast.BinOp, of_operation),
    (ast.Call, of_call),
    (ast.IfExp, of_choice),
    (ast.comprehension, of_filter),
)
