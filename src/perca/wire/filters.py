"""Filters of a policy, and the rule language in which they are written: `device.trustType -eq "ServerAD"` to a syntax tree.

Source: concept-condition-filters-for-devices (05/2025) for properties and operators, groups-dynamic-membership (12/2024) for the language:
not before and before or, a dash or none, words in any case. Promises that a rule is read whole or named with the reason; a text of any kind
and depth is one or the other, for the parser keeps its own stack.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, cast

from lark import Lark, Token, Transformer
from lark.exceptions import UnexpectedInput, UnexpectedToken

from perca.model import (
    AllOf,
    AnyOf,
    Comparison,
    DeviceProperty,
    Expression,
    Filter,
    FilterMode,
    FilterOperator,
    Not,
    Unrecognised,
    fold,
)
from perca.wire.members import left_besides, names, unread
from perca.wire.values import JsonObject, says_nothing, shown

FILTER = names("mode rule")
DEVICES = names("includeDevices excludeDevices includeDeviceStates excludeDeviceStates", deviceFilter=FILTER)
MAX_LENGTH = 3072

GRAMMAR = r"""
?start: any_of
?any_of: all_of (_OR all_of)*
?all_of: part (_AND part)*
?part: _NOT part -> negation
     | "(" any_of ")"
     | ATTRIBUTE OPERATOR value -> comparison
?value: TEXT | WORD
      | "[" TEXT ("," TEXT)* "]" -> several
_OR: /[-–]?or\b/i
_AND: /[-–]?and\b/i
_NOT: /[-–]?not\b/i
ATTRIBUTE: /[a-z]\w*(\.\w+)+/i
OPERATOR: /[-–]?[a-z]+/i
TEXT: /"[^"]*"/
WORD: /[^\s"()\[\],]+/
%ignore /\s+/
"""


class UnreadableRule(ValueError):
    """A rule that can't be read; the message says why."""


@dataclass(frozen=True, slots=True)
class Attribute:
    """What a rule may compare: its name as Graph spells it, the operators it takes, and its values where only those can occur."""

    name: str
    operators: frozenset[FilterOperator]
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Attributes:
    """The attributes that a kind of filter can name: `find` gives the one that is written so, or None."""

    of: str
    find: Callable[[str], Attribute | None]


_O = FilterOperator
_EQUAL = frozenset({_O.EQ, _O.NE})
_LISTED = _EQUAL | {_O.IN, _O.NOT_IN}
_HOLDS = frozenset({_O.CONTAINS, _O.NOT_CONTAINS})
_ANY = frozenset(FilterOperator)
_P = DeviceProperty
_FEWER = {
    _P.DEVICE_ID: _LISTED,
    _P.DEVICE_OWNERSHIP: _EQUAL,
    _P.IS_COMPLIANT: _EQUAL,
    _P.MDM_APP_ID: _LISTED,
    _P.PHYSICAL_IDS: _HOLDS,
    _P.PROFILE_TYPE: _EQUAL,
    _P.SYSTEM_LABELS: _HOLDS,
    _P.TRUST_TYPE: _EQUAL,
}
_WORDS = {_P.IS_COMPLIANT: ("True", "False"), _P.TRUST_TYPE: ("AzureAD", "ServerAD", "Workplace")}
_DEVICE = {
    f"device.{fold(each)}": Attribute(each.value, _FEWER.get(each, _ANY), _WORDS.get(each, ()))
    for each in DeviceProperty
}
_SECURITY = "customsecurityattribute."


def _security_attribute(written: str) -> Attribute | None:
    """`CustomSecurityAttribute.Set_Attribute`; which operators it takes isn't documented, so it takes all."""
    name = written[len(_SECURITY) :]
    known = fold(written).startswith(_SECURITY) and "_" in name and "." not in name
    return Attribute(name, _ANY) if known else None


DEVICE_PROPERTIES = Attributes("a device", lambda written: _DEVICE.get(fold(written)))
SECURITY_ATTRIBUTES = Attributes("an application", _security_attribute)


def take_device_filter(conditions: JsonObject) -> tuple[Filter | None, tuple[Unrecognised, ...]]:
    """The device filter, taken, and what else the condition on devices says: lists and states that Graph has deprecated."""
    devices, path = conditions.get("devices"), "conditions.devices"
    if says_nothing(devices):
        return None, ()
    if not isinstance(devices, dict):
        return None, (unread(conditions, "devices", path),)
    found = take_filter(devices, "deviceFilter", path, DEVICE_PROPERTIES)
    others = left_besides(devices, {"deviceFilter"}, path)
    return (None, (found, *others)) if isinstance(found, Unrecognised) else (found, others)


def take_filter(
    part: JsonObject, name: str, path: str, attributes: Attributes
) -> Filter | Unrecognised | None:
    """Takes the filter that the member is; Unrecognised, with the reason and nothing taken, where it can't be read; None for no filter.

    A mode in an odd spelling counts and stays where it is, so that it is written back.
    """
    value, where = part.get(name), f"{path}.{name}"
    if says_nothing(value):
        return None
    if not isinstance(value, dict):
        return unread(part, name, where)
    mode, rule = value.get("mode"), value.get("rule")
    try:
        if left_besides(value, FILTER, where):
            raise UnreadableRule("a filter has a mode and a rule")
        meant = _MODES.get(fold(mode)) if isinstance(mode, str) else None
        if meant is None:
            raise UnreadableRule("its mode is neither include nor exclude")
        if not isinstance(rule, str):
            raise UnreadableRule("its rule is no text")
        expression = read_rule(rule, attributes)
    except UnreadableRule as error:
        return Unrecognised(where, f"{shown(value)}: {error}")
    del value["rule"]
    if mode == meant:
        del value["mode"]
    return Filter(meant, rule, expression)


_MODES = {fold(mode): mode for mode in FilterMode}


def filter_json(condition: Filter) -> JsonObject:
    """What `take_filter` took, the rule exactly as it was."""
    return {"mode": condition.mode.value, "rule": condition.rule}


@lru_cache(maxsize=1024)
def read_rule(text: str, attributes: Attributes) -> Expression:
    """The rule as a tree; raises UnreadableRule with the reason. Equal texts give the same tree."""
    if len(text) > MAX_LENGTH:
        raise UnreadableRule(f"the rule is longer than {MAX_LENGTH} characters")
    try:
        return cast(Expression, _parser(attributes).parse(text))
    except UnexpectedInput as error:
        raise UnreadableRule(_reason(error, text)) from error


@lru_cache
def _parser(attributes: Attributes) -> Lark:
    """LALR with the tree built while reading: a transformer that runs afterwards would recurse, and fail at 900 parentheses."""
    return Lark(GRAMMAR, parser="lalr", transformer=_Tree(attributes), maybe_placeholders=False)


def _reason(error: UnexpectedInput, text: str) -> str:
    if isinstance(error, UnexpectedToken) and error.token.type == "$END":
        return "the rule ends too early"
    position = cast(int, error.pos_in_stream)
    return f"the rule can't be read from `{shown(text[position : position + 20])}` on"


class _Tree(Transformer[Token, Any]):
    def __init__(self, attributes: Attributes) -> None:
        super().__init__()
        self._attributes = attributes

    def any_of(self, parts: list[Expression]) -> Expression:
        """Flat: an alternative that is itself a list of alternatives was only in parentheses."""
        return AnyOf(
            tuple(each for part in parts for each in (part.of if isinstance(part, AnyOf) else (part,)))
        )

    def all_of(self, parts: list[Expression]) -> Expression:
        return AllOf(
            tuple(each for part in parts for each in (part.of if isinstance(part, AllOf) else (part,)))
        )

    def negation(self, parts: list[Expression]) -> Expression:
        (inner,) = parts
        return inner.of if isinstance(inner, Not) else Not(inner)

    def several(self, parts: list[Token]) -> list[Token]:
        return parts

    def comparison(self, parts: list[Any]) -> Expression:
        written, word, value = parts
        attribute = self._attributes.find(written)
        if attribute is None:
            raise UnreadableRule(f"`{written}` is no attribute of {self._attributes.of}")
        operator = _OPERATORS.get(fold(word.lstrip("-–")))
        if operator not in attribute.operators:
            raise UnreadableRule(f"`{word}` is no operator for `{written}`")
        listed = operator in (_O.IN, _O.NOT_IN)
        if listed != isinstance(value, list):
            raise UnreadableRule(f"`{word}` compares with {'a list' if listed else 'one value'}")
        return Comparison(
            attribute.name,
            operator,
            tuple(_value(each, attribute) for each in (value if listed else [value])),
        )


_OPERATORS = {fold(operator): operator for operator in FilterOperator}


def _value(token: Token, attribute: Attribute) -> str:
    """The value that is written; how quotes, backslashes and backticks within one are read isn't documented well enough."""
    text = token[1:-1] if token.type == "TEXT" else str(token)
    if token.type != "TEXT" and attribute.name != _P.IS_COMPLIANT:
        raise UnreadableRule(f"`{shown(text)}` is no text in double quotes")
    if attribute.words and fold(text) not in map(fold, attribute.words):
        raise UnreadableRule(f"`{shown(text)}` is none of the values of `{attribute.name}`")
    if "\\" in text or "`" in text:
        raise UnreadableRule(f"`{shown(text)}` holds an escape")
    return text
