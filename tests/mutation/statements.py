"""How a statement may go wrong: a branch, a loop, a `return`, a `case`; and everything that is done only for its effect."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from mutation.expressions import ANSWERS, OPERATORS
from mutation.nodes import Nodes, Rule
from mutation.source import Edit


def of_branch(nodes: Nodes, node: ast.If | ast.While) -> Iterator[Edit]:
    """Taken when it should not be; or left out."""
    if not _is_turned_elsewhere(node.test):
        yield nodes.instead(node.test, f"not {nodes.held(node.test)}")
    if isinstance(node, ast.If) and not node.orelse and not nodes.source.of(node).startswith("elif"):
        yield nodes.instead(node, "pass")


def _is_turned_elsewhere(test: ast.expr) -> bool:
    """Whether another rule turns exactly this: a comparison by one operator, `not`, `isinstance`, `any` of one condition."""
    match test:
        case ast.Compare(ops=[ast.Eq() | ast.NotEq() | ast.Is() | ast.IsNot() | ast.In() | ast.NotIn()]):
            return True
        case ast.UnaryOp(op=ast.Not()) | ast.Call(func=ast.Name(id="isinstance")):
            return True
    return False


def of_loop(nodes: Nodes, node: ast.For) -> Iterator[Edit]:
    """Over nothing."""
    yield nodes.instead(node.iter, "()")


def of_return(nodes: Nodes, node: ast.Return) -> Iterator[Edit]:
    """The other truth value; nothing, where something is returned."""
    value = node.value
    if value is None:
        yield nodes.instead(node, "pass")
        return
    match value:
        case ast.Call(func=ast.Name(id=name)) if name in ANSWERS:
            return
        case ast.BoolOp() | ast.Compare(ops=[_, _, *_]) | ast.Call(func=ast.Name(id="any" | "all" | "bool")):
            yield nodes.instead(value, f"not {nodes.held(value)}")
        case ast.Compare() | ast.UnaryOp(op=ast.Not()) | ast.Constant():
            return
        case ast.Call(func=ast.Name(id="isinstance")):
            return
        case _:
            yield nodes.instead(value, "None")
    if isinstance(nodes.parents[node], ast.If):
        yield nodes.instead(node, "pass")


def of_statement(nodes: Nodes, node: ast.Expr) -> Iterator[Edit]:
    """A call, or what a generator gives out, left out."""
    if not _is_never(node):
        yield nodes.instead(node, "pass")


def _is_never(node: ast.stmt) -> bool:
    """Whether it only says to the type checker that nothing gets here."""
    match node:
        case ast.Expr(value=ast.Call(func=ast.Name(id="assert_never"))):
            return True
    return False


def of_assignment(nodes: Nodes, node: ast.Assign) -> Iterator[Edit]:
    """Left out, where it changes an object and no name."""
    if not any(isinstance(each, (ast.Name, ast.Tuple, ast.List)) for each in node.targets):
        yield nodes.instead(node, "pass")


def of_assignment_in_place(nodes: Nodes, node: ast.AugAssign) -> Iterator[Edit]:
    """Left out, or done with the other operator."""
    yield nodes.instead(node, "pass")
    if type(node.op) in OPERATORS:
        (_, start), (end, _) = nodes.source.span(node.target), nodes.source.span(node.value)
        old, new = OPERATORS[type(node.op)]
        yield Edit(start, end, nodes.source.cut(start, end).replace(old, new, 1))


def of_jump(nodes: Nodes, node: ast.Continue | ast.Break) -> Iterator[Edit]:
    """Left out, or the other one."""
    yield nodes.instead(node, "pass")
    yield nodes.instead(node, "break" if isinstance(node, ast.Continue) else "continue")


def of_case(nodes: Nodes, node: ast.match_case) -> Iterator[Edit]:
    """Its condition left out; the whole of it left out."""
    start, end = nodes.source.span(node.pattern)
    if node.guard is not None:
        yield Edit(end, nodes.source.span(node.guard)[1], "")
    match = nodes.parents[node]
    if isinstance(match, ast.Match) and len(match.cases) > 1 and not _is_never(node.body[0]):
        begin = nodes.source.text.rfind(b"case", 0, start)
        yield Edit(begin, nodes.source.span(node.body[-1])[1], "")


def of_alternatives(nodes: Nodes, node: ast.MatchOr) -> Iterator[Edit]:
    """Each alternative of a pattern left out."""
    texts = [nodes.source.of(each) for each in node.patterns]
    for number in range(len(texts)):
        yield nodes.instead(node, " | ".join(texts[:number] + texts[number + 1 :]))


STATEMENTS: tuple[Rule, ...] = (
    ((ast.If, ast.While), of_branch),
    (ast.For, of_loop),
    (ast.Return, of_return),
    (ast.Expr, of_statement),
    (ast.Assign, of_assignment),
    (ast.AugAssign, of_assignment_in_place),
    ((ast.Continue, ast.Break), of_jump),
    (ast.match_case, of_case),
    (ast.MatchOr, of_alternatives),
)
