"""The two questions of the road, as the walk asks them: is MFA always required, and is one tenant never weaker than another.

"Always MFA" means that some rule that certainly applies lets nobody in without MFA: it demands MFA, or blocks. "Never weaker" means
that whatever the tenant before may ask for, the tenant after certainly asks for, or for something that entails it.
"""

from __future__ import annotations

from dataclasses import replace

from perca.model import Requirement
from perca.policy import covers, entails, requirement
from perca.prove.walk import Rest, Verdict
from perca.space import Column, Side


class AlwaysMfa:
    """Does each sign-in meet a rule that lets nobody in without MFA? The columns are the covering rules alone."""

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


def covering(columns: tuple[Column, ...]) -> tuple[Column, ...]:
    """The columns whose rule alone lets nobody in without MFA; not `sure` where nobody knows whether its controls are MFA-grade."""
    return tuple(
        replace(column, sure=covers(column.rule))
        for column in columns
        if covers(column.rule, unknown_as=True)
    )


def bearing(columns: tuple[Column, ...]) -> tuple[Column, ...]:
    """The columns that bear on "never weaker": all of before, and those of after that may entail some clause of these.

    Exact, since a clause is entailed by a single clause or not at all.
    """
    asked = {clause for c in columns if c.side is Side.BEFORE for clause in c.rule.clauses}
    return tuple(
        column
        for column in columns
        if column.side is Side.BEFORE
        or any(entails(frozenset(column.rule.clauses), clause, unknown_as=True) for clause in asked)
    )


class NeverWeaker:
    """Does the tenant after certainly ask for whatever the tenant before may ask for?"""

    def __init__(self, columns: tuple[Column, ...]) -> None:
        self._columns = columns
        self._before = obligations(columns)
        self._after = _mask(columns, Side.AFTER) | _mask(columns, Side.BOTH)
        self._answers = {
            position: self._answering(frozenset(column.rule.clauses))
            for position, column in enumerate(columns)
            if column.side is Side.BEFORE
        }

    def _answering(self, asked: Requirement) -> int:
        """The columns of the tenant after each of which alone asks for all of that."""
        return sum(
            1 << position
            for position, column in enumerate(self._columns)
            if column.side is not Side.BEFORE
            if all(entails(frozenset(column.rule.clauses), clause) for clause in asked)
        )

    def settled(self, must: int, may: int, rest: Rest) -> Verdict | None:
        """Holds where each rule of before that may apply is sure to have a rule of after that asks for no less."""
        asked = may & self._before
        if not asked:
            return Verdict.HOLDS
        for position, answering in self._answers.items():
            if asked >> position & 1 and not rest.survives(must & answering):
                return None
        return Verdict.HOLDS

    def verdict(self, must: int, may: int) -> Verdict:
        """Holds iff what is certain after entails what is possible before; fails iff the best case doesn't help."""
        certain = self._asked(must & self._after)
        if all(entails(certain, clause) for clause in self._asked(may & self._before)):
            return Verdict.HOLDS
        possible = self._asked(may & self._after)
        if all(entails(possible, clause, unknown_as=True) for clause in self._asked(must & self._before)):
            return Verdict.UNKNOWN
        return Verdict.FAILS

    def _asked(self, mask: int) -> Requirement:
        return requirement(c.rule for position, c in enumerate(self._columns) if mask >> position & 1)


def obligations(columns: tuple[Column, ...]) -> int:
    """The columns of the tenant before alone."""
    return _mask(columns, Side.BEFORE)


def _mask(columns: tuple[Column, ...], side: Side) -> int:
    return sum(1 << position for position, column in enumerate(columns) if column.side is side)
