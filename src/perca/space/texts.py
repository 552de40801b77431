"""Texts as filters tell them apart: by how they begin and end, by what is within them, and by what they are as a whole.

Source: FACTS.md 3.3 (operators of filters). A text that is none of those asked for as a whole is told apart by its longest beginning and end
and by the parts within it; put side by side with a mark between them that nobody asks for, these make a text with the same answers.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from itertools import chain

from perca.model import FilterOperator, Value
from perca.policy.filters import compares


@dataclass(frozen=True, slots=True)
class Look:
    """What a filter asks of a property: a positive operator and a text, which counts without case."""

    operator: FilterOperator
    text: str
    written: str = field(compare=False)
    """The text as the first filter spells it."""

    def sees(self, value: Value) -> bool:
        """Whether the answer is yes for that value."""
        if self.operator is FilterOperator.EQ:  # there may be thousands of these
            return isinstance(value, str) and value.casefold() == self.text
        return compares(self.operator, value, (self.text,)) is True


@dataclass(frozen=True, slots=True)
class Pieces:
    """How a text begins and ends, and what is within it."""

    start: str = ""
    end: str = ""
    within: tuple[str, ...] = ()

    def hold(self, text: str) -> bool:
        """Whether the folded text is within one of the pieces."""
        return any(text in piece.casefold() for piece in (self.start, self.end, *self.within))

    def joined(self, looks: Collection[Look], mark: str, otherwise: str) -> str:
        """A text of these pieces that shows the looks nothing else; `otherwise` where there are none, if that will do."""
        apart = mark.join((self.start, *self.within, self.end))
        plain = "".join((self.start, *self.within, self.end)) or otherwise
        return plain if all(look.sees(plain) is look.sees(apart) for look in looks) else apart


def mark_for(looks: Collection[Look]) -> str:
    """A character that is in none of the texts."""
    characters = chain("~|^", map(chr, range(0x2500, 0xD800)))
    return next(each for each in characters if not any(each in look.text for look in looks))
