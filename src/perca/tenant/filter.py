"""`$filter` as Graph spells it, for the comparisons that this domain uses: text to a syntax tree, and the tree to SQL.

Promises that an expression is understood whole or refused with 400: nothing in it is ever ignored. Size and nesting are
bounded, so that no text can make the service work for long. Strings compare without regard to case, as the directory's do.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any, cast

from lark import Lark, Token, Transformer
from lark.exceptions import LarkError
from sqlalchemy import ColumnElement, and_, exists, false, func, literal, not_, or_, select, true

from perca.model import fold
from perca.tenant.errors import GraphError, bad_request
from perca.tenant.time import read

MAX_LENGTH = 4096
MAX_NESTING = 20
MAX_TERMS = 100

GRAMMAR = r"""
?start: any_of
?any_of: all_of ("or" all_of)*
?all_of: part ("and" part)*
?part: "not" "(" any_of ")" -> negation
     | "(" any_of ")"
     | PATH OPERATOR value -> comparison
     | PATH "in" "(" value ("," value)* ")" -> membership
     | "startswith"i "(" PATH "," value ")" -> starts_with
     | LIST "(" PATH ":" PATH OPERATOR value ")" -> some
value: STRING -> text
     | "null" -> null
     | "true" -> true
     | "false" -> false
     | TIME -> time
     | NUMBER -> number
OPERATOR.2: /(eq|ne|ge|gt|le|lt)\b/
STRING: /'([^']|'')*'/
TIME.3: /\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)/
NUMBER.2: /-?\d{1,15}\b/
LIST.3: /[A-Za-z_]\w*(\/[A-Za-z_]\w*)*\/any(?=\s*\()/
PATH: /(?!(and|or|not|in|null|true|false)\b)[A-Za-z_]\w*(\/[A-Za-z_]\w*)*/
%ignore /[ \t]+/
"""


@dataclass(frozen=True, slots=True)
class Moment:
    """A literal time, in microseconds."""

    at: int


Value = str | bool | int | Moment | None


@dataclass(frozen=True, slots=True)
class Compare:
    """`path operator value`."""

    path: str
    operator: str
    value: Value


@dataclass(frozen=True, slots=True)
class StartsWith:
    """`startsWith(path, value)`."""

    path: str
    value: Value


@dataclass(frozen=True, slots=True)
class Some:
    """`path/any(v: v operator value)`."""

    path: str
    operator: str
    value: Value


@dataclass(frozen=True, slots=True)
class Not:
    """Negation."""

    inner: Filter


@dataclass(frozen=True, slots=True)
class And:
    """All of them."""

    parts: tuple[Filter, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Any of them."""

    parts: tuple[Filter, ...]


Filter = Compare | StartsWith | Some | Not | And | Or


class _Tree(Transformer[Token, Any]):
    def any_of(self, parts: list[Filter]) -> Filter:
        return Or(tuple(parts))

    def all_of(self, parts: list[Filter]) -> Filter:
        return And(tuple(parts))

    def negation(self, parts: list[Filter]) -> Filter:
        return Not(parts[0])

    def comparison(self, parts: list[Any]) -> Filter:
        path, operator, value = parts
        return Compare(str(path), str(operator), value)

    def membership(self, parts: list[Any]) -> Filter:
        path, *values = parts
        return Or(tuple(Compare(str(path), "eq", value) for value in values))

    def starts_with(self, parts: list[Any]) -> Filter:
        path, value = parts
        return StartsWith(str(path), value)

    def some(self, parts: list[Any]) -> Filter:
        path, variable, used, operator, value = parts
        if variable != used:
            raise invalid(f"`{used}` is not the variable `{variable}`")
        return Some(str(path).removesuffix("/any"), str(operator), value)

    def text(self, parts: list[Token]) -> str:
        return str(parts[0])[1:-1].replace("''", "'")

    def null(self, _: list[Token]) -> None:
        return None

    def true(self, _: list[Token]) -> bool:
        return True

    def false(self, _: list[Token]) -> bool:
        return False

    def time(self, parts: list[Token]) -> Moment:
        return Moment(read(str(parts[0])))

    def number(self, parts: list[Token]) -> int:
        return int(parts[0])


def invalid(why: str) -> GraphError:
    """400 for a filter that can't be read."""
    return bad_request(f"Invalid filter clause: {why}.")


@lru_cache(maxsize=1)
def _parser() -> Lark:
    return Lark(GRAMMAR, parser="lalr", transformer=_Tree(), maybe_placeholders=False)


@lru_cache(maxsize=256)
def parse(text: str) -> Filter:
    """The tree of a `$filter` text. GraphError 400 when it is none, or is larger than we accept."""
    if len(text) > MAX_LENGTH:
        raise invalid(f"longer than {MAX_LENGTH} characters")
    outside = "".join(text.split("'")[::2])
    if outside.count("(") > MAX_NESTING * 2 or _nesting(outside) > MAX_NESTING:
        raise invalid(f"more than {MAX_NESTING} parentheses within each other")
    if len(outside.split()) > MAX_TERMS * 4:
        raise invalid(f"more than {MAX_TERMS} terms")
    try:
        return cast(Filter, _parser().parse(text))
    except LarkError as error:
        raise invalid(f"`{text[:80]}` can't be read") from error
    except ValueError as error:
        raise invalid(str(error)) from error


def _nesting(text: str) -> int:
    depth = deepest = 0
    for character in text:
        depth += (character == "(") - (character == ")")
        deepest = max(deepest, depth)
    return deepest


class Kind(StrEnum):
    """What a property holds."""

    TEXT = "text"
    FOLDED = "folded"
    """A text that is stored folded, so that an index finds it."""
    FLAG = "flag"
    NUMBER = "number"
    TIME = "time"
    LIST = "list"


@dataclass(frozen=True, slots=True)
class Property:
    """A property that can be filtered by: what it holds, and where the database has it."""

    kind: Kind
    column: ColumnElement[Any]


_ALLOWED = {
    Kind.TEXT: ("eq", "ne"),
    Kind.FOLDED: ("eq", "ne"),
    Kind.FLAG: ("eq", "ne"),
    Kind.NUMBER: ("eq", "ne", "ge", "gt", "le", "lt"),
    Kind.TIME: ("eq", "ne", "ge", "gt", "le", "lt"),
}


def where(tree: Filter, properties: Mapping[str, Property]) -> ColumnElement[bool]:
    """The SQL condition of a filter. GraphError 400 for a property, an operator or a value that doesn't belong."""
    match tree:
        case Or(parts):
            return or_(*(where(part, properties) for part in parts))
        case And(parts):
            return and_(*(where(part, properties) for part in parts))
        case Not(inner):
            return not_(func.coalesce(where(inner, properties), false()))
        case Compare(path, operator, value):
            return _comparison(_property(path, properties), path, operator, value)
        case StartsWith(path, value):
            held = _property(path, properties)
            if held.kind not in (Kind.TEXT, Kind.FOLDED) or not isinstance(value, str):
                raise invalid(f"startsWith needs a text and `{path}` or its value is none")
            start = func.substr(held.column, 1, len(value))
            return func.lower(start) == value.lower()
        case Some(path, operator, value):
            held = _property(path, properties)
            if held.kind is not Kind.LIST or operator != "eq" or not isinstance(value, str):
                raise invalid(f"`any` over `{path}` with `{operator}` is not supported")
            items = func.json_each(held.column).table_valued("value")
            return exists(
                select(literal(1)).select_from(items).where(func.lower(items.c.value) == value.lower())
            )


def _property(path: str, properties: Mapping[str, Property]) -> Property:
    held = properties.get(path)
    if held is None:
        raise invalid(f"`{path}` is not a property that can be filtered by")
    return held


def _comparison(held: Property, path: str, operator: str, value: Value) -> ColumnElement[bool]:
    if operator not in _ALLOWED.get(held.kind, ()):
        raise invalid(f"`{operator}` is not supported for `{path}`")
    column = held.column
    match held.kind, value:
        case _, None:
            if operator not in ("eq", "ne"):
                raise invalid(f"`{operator}` with null")
            return column.is_(None) if operator == "eq" else column.is_not(None)
        case Kind.TEXT, str():
            column, operand = func.lower(column), literal(value.lower())
        case Kind.FOLDED, str():
            operand = literal(fold(value))
        case Kind.FLAG, bool():
            operand = literal(1 if value else 0)
        case Kind.TIME, Moment(at):
            operand = literal(at)
        case Kind.NUMBER, int() if not isinstance(value, bool):
            operand = literal(value)
        case _:
            raise invalid(f"the value of `{path}` is of the wrong type")
    match operator:
        case "eq":
            return column == operand
        case "ne":
            return or_(column != operand, column.is_(None))
        case "ge":
            return column >= operand
        case "gt":
            return column > operand
        case "le":
            return column <= operand
        case _:
            return column < operand


EVERYTHING: ColumnElement[bool] = true()
