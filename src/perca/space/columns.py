"""The rules of a question, each with its bit: of one tenant, or of two side by side with what they share told apart.

A rule that two tenants share, and that looks at the same facts in both, is one column (`BOTH`): whatever is unknown about it is the
same unknown on both sides, and cancels.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum

from perca.model import UserId
from perca.policy import Answer, Coordinate, No, Principal, Rule, Rulebook, Unknown, Yes
from perca.policy.reads import NOBODY, SideBySide

Check = Callable[[], None]
"""Called again and again while classes are built; it raises where they have cost too much."""


def unchecked() -> None:
    """Lets everything cost what it costs."""


class Side(Enum):
    """Which of two tenants a rule belongs to."""

    BEFORE = 1
    AFTER = 2
    BOTH = 3


@dataclass(frozen=True, slots=True)
class Column:
    """A rule with the tenant in which it is read; `only` narrows it to some people.

    `sure` is False where nobody knows whether the rule's demand counts: it may apply, and never certainly.
    """

    rule: Rule
    book: Rulebook
    side: Side = Side.BOTH
    only: frozenset[UserId] | None = None
    sure: bool = True

    def at(self, coordinate: Coordinate, value: object) -> Answer:
        """The conjunction of the rule's conditions on that coordinate, for that value."""
        if coordinate is Coordinate.PRINCIPAL and self.only is not None:
            assert isinstance(value, Principal)
            if (value.user or STRANGER) not in self.only:
                return No()
        unknown: Answer | None = None
        if coordinate is Coordinate.NOTHING and not self.sure:
            unknown = Unknown(("whether its demand counts",))
        for condition in self.rule.conditions:
            if condition.coordinate is coordinate:
                answer = condition.holds(self.book, value)
                if isinstance(answer, No):
                    return answer
                if isinstance(answer, Unknown):
                    unknown = answer
        return unknown or Yes()


def columns(book: Rulebook) -> tuple[Column, ...]:
    """A column for each enforced rule of one tenant."""
    return tuple(Column(rule, book) for rule in book.rules if rule.enforced)


STRANGER = UserId("")
"""Stands for everybody without an object in the directory: nothing that is unknown about them cancels."""


_STRANGERS = frozenset({STRANGER})


def compared(
    before: Rulebook,
    after: Rulebook,
    people: Iterable[UserId],
    *,
    strangers: bool = False,
    alike: Callable[[Rule, Rule], bool] = lambda rule, twin: True,
) -> tuple[Column, ...]:
    """The columns of two tenants side by side, what they share as one; `strangers` whether people from outside are asked about.

    Rules that aren't `alike` are never shared.
    """
    held = frozenset(people)
    everybody = held | _STRANGERS if strangers else held
    side_by_side = SideBySide(before, after, held)
    later = {rule.key: rule for rule in after.rules if rule.enforced}
    found: list[Column] = []
    for rule in before.rules:
        if not rule.enforced:
            continue
        twin = later.pop(rule.key, None)
        same = side_by_side.same(rule, twin) if twin is not None and alike(rule, twin) else NOBODY
        all_held = len(same) == len(held)
        if all_held and not strangers:
            found.append(Column(rule, before))
            continue
        others = None if not same else _STRANGERS if all_held else everybody - same
        if same:
            found.append(Column(rule, before, Side.BOTH, same))
        found.append(Column(rule, before, Side.BEFORE, others))
        if twin is not None:
            found.append(Column(twin, after, Side.AFTER, others))
    found.extend(Column(rule, after, Side.AFTER) for rule in later.values())
    return tuple(found)
