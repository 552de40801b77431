"""A filter rule as a syntax tree: what a device filter or an application filter asks of named attributes.

Source: FACTS.md 3.3 (device filter grammar). `wire` reads the rule language; `policy` says what it means. INVARIANT: a tree is no deeper
than a few hundred levels: parentheses leave no trace, and a negation of a negation is none.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class FilterMode(StrEnum):
    """Whether what the rule matches is what the policy is about, or what it leaves out."""

    INCLUDE = "include"
    EXCLUDE = "exclude"


class FilterOperator(StrEnum):
    """How a comparison compares, without the leading dash."""

    EQ = "eq"
    NE = "ne"
    STARTS_WITH = "startsWith"
    NOT_STARTS_WITH = "notStartsWith"
    ENDS_WITH = "endsWith"
    NOT_ENDS_WITH = "notEndsWith"
    CONTAINS = "contains"
    NOT_CONTAINS = "notContains"
    IN = "in"
    NOT_IN = "notIn"


@dataclass(frozen=True, slots=True)
class Comparison:
    """One attribute against one value, or a list of them (`-in`, `-notIn`)."""

    attribute: str
    """As Graph spells it: a device property such as `trustType`, or a custom security attribute `Set_Attribute`."""
    operator: FilterOperator
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """Holds iff the other doesn't."""

    of: Expression


@dataclass(frozen=True, slots=True)
class AllOf:
    """Holds iff all of them hold."""

    of: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Holds iff one of them holds."""

    of: tuple[Expression, ...]


Expression = Comparison | Not | AllOf | AnyOf


@dataclass(frozen=True, slots=True)
class Filter:
    """A filter of a policy: its mode, its rule as it was written, and what the rule says."""

    mode: FilterMode
    rule: str
    expression: Expression = field(repr=False)
    """The rule read; it says no more than `rule` does."""
