"""The questions as the walk asks them: is MFA always required; is one tenant never weaker than another; how do the two differ.

"Always MFA" means that some rule that certainly applies lets nobody in without MFA: it demands MFA, or blocks. "Never weaker" means
that whatever the tenant before may ask for, the tenant after certainly asks for, or for something that entails it. A difference is
that question asked both ways.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import NamedTuple

from perca.model import Requirement
from perca.policy import covers, entails, is_known, requirement
from perca.prove.walk import Rest, Verdict
from perca.space import Column, Side


class AlwaysMfa:
    """Does each sign-in meet a rule that lets nobody in without MFA? The columns are the covering rules alone."""

    fine = Verdict.HOLDS

    def kept(self, must: int, may: int, rest: Rest) -> tuple[int, int]:
        """All: each rule that is alive may yet be the last."""
        return must, may

    def settled(self, must: int, may: int, rest: Rest) -> Verdict | None:
        """Holds where a covering rule is sure to be left; fails where none can apply."""
        if not may:
            return Verdict.FAILS
        return Verdict.HOLDS if rest.survives(must) else None

    def verdict(self, must: int, may: int) -> Verdict:
        """Holds iff a covering rule certainly applies, fails iff none can."""
        if must:
            return Verdict.HOLDS
        return Verdict.UNKNOWN if may else Verdict.FAILS

    def everywhere(self, label: Verdict, least: tuple[int, int], most: tuple[int, int]) -> bool:
        """Exact for what fails: no rule may apply anywhere."""
        return self.verdict(*(most if label is Verdict.UNKNOWN else least)) is label


def covering(columns: tuple[Column, ...]) -> tuple[Column, ...]:
    """The columns whose rule alone lets nobody in without MFA; not `sure` where nobody knows whether its controls are MFA-grade."""
    return tuple(
        replace(column, sure=covers(column.rule))
        for column in columns
        if covers(column.rule, unknown_as=True)
    )


def bearing(columns: tuple[Column, ...], asking: Side = Side.BEFORE) -> tuple[Column, ...]:
    """The columns that bear on whether all is asked for that the side `asking` asks for: its own, and those that may entail some of it.

    Exact, since a clause is entailed by a single clause or not at all.
    """
    asked = {clause for c in columns if c.side is asking for clause in c.rule.clauses}
    return tuple(
        column
        for column in columns
        if column.side is asking
        or any(entails(frozenset(column.rule.clauses), clause, unknown_as=True) for clause in asked)
    )


class NeverWeaker:
    """Does one tenant certainly ask for whatever the other, `asking`, may ask for?"""

    fine = Verdict.HOLDS

    def __init__(self, columns: tuple[Column, ...], asking: Side = Side.BEFORE) -> None:
        self._columns = columns
        self._asking = on_side(columns, asking)
        self._giving = ((1 << len(columns)) - 1) & ~self._asking
        alike: dict[tuple[Side, Requirement], int] = {}
        for position, column in enumerate(columns):
            key = (column.side, frozenset(column.rule.clauses))
            alike[key] = alike.get(key, 0) | 1 << position
        self._answers = [(mask, _answering(key, alike)) for key, mask in alike.items() if key[0] is asking]
        implied = {key: _implied(key, alike) for key in alike}
        self._implied = [
            implied[column.side, frozenset(column.rule.clauses)] & ~(1 << position)
            for position, column in enumerate(columns)
        ]
        self._requirements: dict[int, Requirement] = {}

    def kept(self, must: int, may: int, rest: Rest) -> tuple[int, int]:
        """Without the rules whose demand is certain anyway, by a rule that applies whatever is left."""
        certain = must & rest.full
        while certain:
            position = certain.bit_length() - 1
            certain &= ~(1 << position) & ~(implied := self._implied[position])
            must &= ~implied
            may &= ~implied
        return must, may

    def settled(self, must: int, may: int, rest: Rest) -> Verdict | None:
        """Holds where each rule that may ask is sure to have a rule of the other tenant that asks for no less."""
        asked = may & self._asking
        if not asked:
            return Verdict.HOLDS
        for asking, answering in self._answers:
            if asked & asking and not rest.survives(must & answering):
                return None
        return Verdict.HOLDS

    def verdict(self, must: int, may: int) -> Verdict:
        """Holds iff what is certainly given entails what may be asked; fails iff the best case doesn't help."""
        certain = self._asked(must & self._giving)
        if all(entails(certain, clause) for clause in self._asked(may & self._asking)):
            return Verdict.HOLDS
        possible = self._asked(may & self._giving)
        if all(entails(possible, clause, unknown_as=True) for clause in self._asked(must & self._asking)):
            return Verdict.UNKNOWN
        return Verdict.FAILS

    def everywhere(self, label: Verdict, least: tuple[int, int], most: tuple[int, int]) -> bool:
        """By the bounds alone."""
        return self.verdict(*(most if label is Verdict.UNKNOWN else least)) is label

    def _asked(self, mask: int) -> Requirement:
        found = self._requirements.get(mask)
        if found is None:
            found = self._requirements[mask] = requirement(
                c.rule for position, c in enumerate(self._columns) if mask >> position & 1
            )
        return found


_Alike = Mapping[tuple[Side, Requirement], int]
"""The columns of each side that ask for the same."""


def _answering(asked: tuple[Side, Requirement], columns: _Alike) -> int:
    """The columns of the other tenant each of which alone asks for all of that."""
    return _either(
        mask
        for (side, given), mask in columns.items()
        if side is not asked[0] and all(entails(given, clause) for clause in asked[1])
    )


def _implied(stronger: tuple[Side, Requirement], columns: _Alike) -> int:
    """The columns that change nothing where this one applies: on its side, or on one of its two, and asking for no more.

    A demand that isn't wholly known is never one of them: it might entail what this one doesn't.
    """
    side, given = stronger
    return _either(
        mask
        for (other, asked), mask in columns.items()
        if side in (other, Side.BOTH)
        if all(is_known(clause) and entails(given, clause) for clause in asked)
    )


def _either(masks: Iterable[int]) -> int:
    found = 0
    for mask in masks:
        found |= mask
    return found


class Difference(NamedTuple):
    """How the tenant after stands to the tenant before at a sign-in."""

    no_less: Verdict
    """Whether the tenant after asks for no less than the one before."""
    no_more: Verdict
    """Whether it asks for no more."""


class Differing:
    """Whether the tenant after asks for no less, and whether for no more, than the one before."""

    fine = Difference(Verdict.HOLDS, Verdict.HOLDS)

    def __init__(self, columns: tuple[Column, ...]) -> None:
        self._less = NeverWeaker(columns, Side.BEFORE)
        self._more = NeverWeaker(columns, Side.AFTER)
        self._changed = on_side(columns, Side.BEFORE) | on_side(columns, Side.AFTER)

    def kept(self, must: int, may: int, rest: Rest) -> tuple[int, int]:
        """Without the rules whose demand is certain anyway; nothing at all where no rule that changed is left."""
        return self._less.kept(must, may, rest) if may & self._changed else (0, 0)

    def settled(self, must: int, may: int, rest: Rest) -> Difference | None:
        """Equal where no rule that changed can apply; else where each way is settled."""
        if not may & self._changed:
            return self.fine
        if self._less.settled(must, may, rest) is None:
            return None
        return None if self._more.settled(must, may, rest) is None else self.fine

    def verdict(self, must: int, may: int) -> Difference:
        """Both ways."""
        return Difference(self._less.verdict(must, may), self._more.verdict(must, may))

    def everywhere(self, label: Difference, least: tuple[int, int], most: tuple[int, int]) -> bool:
        """Both ways, by the bounds alone."""
        ways = (
            self._less.everywhere(label.no_less, least, most),
            self._more.everywhere(label.no_more, least, most),
        )
        return all(ways)


def on_side(columns: tuple[Column, ...], side: Side) -> int:
    """The columns of one side alone."""
    return sum(1 << position for position, column in enumerate(columns) if column.side is side)
