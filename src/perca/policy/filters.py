"""What a filter rule says of a thing with attributes: of a device, or of an application with its security attributes.

Source: concept-condition-filters-for-devices (05/2025), FACTS.md 3.3. An attribute that is null matches no positive operator and every
negative one; `contains` means a part of a text, and of several texts a whole one; letters count without case. How any other operator
compares several texts isn't documented, and is unknown.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar, assert_never

from perca.model import AllOf, AnyOf, Comparison, Expression, FilterOperator, Not, NotRead, Value
from perca.policy.answer import Answer, No, Unknown, Yes, every

T = TypeVar("T")
Read = Callable[[str], Value | NotRead]

_O = FilterOperator
POSITIVE = {
    _O.NE: _O.EQ,
    _O.NOT_STARTS_WITH: _O.STARTS_WITH,
    _O.NOT_ENDS_WITH: _O.ENDS_WITH,
    _O.NOT_CONTAINS: _O.CONTAINS,
    _O.NOT_IN: _O.IN,
}
"""Each negative operator with the one that it denies."""


def matches(expression: Expression, read: Read, name: str) -> Answer:
    """Whether the rule matches, with the facts that it looks at as reasons; `read` gives an attribute, `name` says of what."""
    answer = folded(expression, lambda each: _compared(each, read(each.attribute), name), negated, every)
    match answer:
        case Yes(because):
            return Yes(tuple(dict.fromkeys(because)))
        case No(because):
            return No(tuple(dict.fromkeys(because)))
        case Unknown(facts):
            return Unknown(tuple(dict.fromkeys(facts)))


def negated(answer: Answer) -> Answer:
    """Yes where it is No, and the other way round, for the same reasons."""
    match answer:
        case Yes(because):
            return No(because)
        case No(because):
            return Yes(because)
        case Unknown():
            return answer


def folded(
    expression: Expression,
    leaf: Callable[[Comparison], T],
    denied: Callable[[T], T],
    together: Callable[[Sequence[T]], T],
) -> T:
    """The value of a tree from those of its comparisons; one of several holds unless all are denied together.

    Works without recursion, so however deep the tree is.
    """
    waiting: list[tuple[Expression, bool]] = [(expression, False)]
    done: list[T] = []
    while waiting:
        node, ready = waiting.pop()
        match node:
            case Comparison():
                done.append(leaf(node))
            case Not(inner) if not ready:
                waiting += ((node, True), (inner, False))
            case AllOf(parts) | AnyOf(parts) if not ready:
                waiting.append((node, True))
                waiting += ((each, False) for each in reversed(parts))
            case Not():
                done.append(denied(done.pop()))
            case AllOf(parts):
                first = len(done) - len(parts)
                done[first:] = [together(done[first:])]
            case AnyOf(parts):
                first = len(done) - len(parts)
                done[first:] = [denied(together([denied(each) for each in done[first:]]))]
            case _ as never:
                assert_never(never)
    (value,) = done
    return value


def _compared(comparison: Comparison, held: Value | NotRead, name: str) -> Answer:
    if isinstance(held, NotRead):
        return Unknown((held.why,))
    operator = POSITIVE.get(comparison.operator, comparison.operator)
    found = compares(operator, held, comparison.values)
    if found is None:
        return Unknown((f"how `{comparison.operator}` compares the several texts of {comparison.attribute}",))
    told = "null" if held is None else f"`{held if isinstance(held, str) else ', '.join(sorted(held))}`"
    because = (f"{name}.{comparison.attribute} is {told}",)
    return Yes(because) if found is (operator is comparison.operator) else No(because)


def compares(operator: FilterOperator, held: Value, values: Sequence[str]) -> bool | None:
    """Whether a positive operator matches; None where nobody says so."""
    asked = [value.casefold() for value in values]
    if held is None:
        return False
    if not isinstance(held, str):
        known = {text.casefold() for text in held}
        return any(value in known for value in asked) if operator is _O.CONTAINS else None
    text = held.casefold()
    match operator:
        case _O.EQ | _O.IN:
            return text in asked
        case _O.STARTS_WITH:
            return text.startswith(tuple(asked))
        case _O.ENDS_WITH:
            return text.endswith(tuple(asked))
        case _:
            return any(value in text for value in asked)
