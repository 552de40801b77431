"""The questions as the walk asks them: is MFA always required; is one tenant never weaker than another; how do the two differ.

"Always MFA" means that some rule that certainly applies lets nobody in without MFA: it demands MFA, or blocks, or asks a legacy client
for anything at all, since such a client meets no control. "Never weaker" looks at what is asked alone, and not at who can meet it: it means
that whatever the tenant before may ask for, the tenant after certainly asks for, or for something that entails it. A difference is
that question asked both ways.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import NamedTuple

from perca.model import Requirement
from perca.policy import covers, entails, is_blocked, is_known, requirement
from perca.policy.session import UNLIMITED, Lifetime, lifetime, weaker_session
from perca.prove.shut_out import keeping_out
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
    """The columns whose rule alone lets nobody in without MFA; not `sure` where nobody knows whether its controls are MFA-grade.

    A rule that doesn't is a column for the legacy clients that it shuts out.
    """
    return tuple(keeping_out(columns, lambda rule, grade: covers(rule, unknown_as=grade)))


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
        self.columns = columns
        self.asking = on_side(columns, asking)
        self.giving = ((1 << len(columns)) - 1) & ~self.asking
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
        asked = may & self.asking
        if not asked:
            return Verdict.HOLDS
        for asking, answering in self._answers:
            if asked & asking and not rest.survives(must & answering):
                return None
        return Verdict.HOLDS

    def verdict(self, must: int, may: int) -> Verdict:
        """Holds iff what is certainly given entails what may be asked; fails iff the best case doesn't help."""
        certain = self._asked(must & self.giving)
        if all(entails(certain, clause) for clause in self._asked(may & self.asking)):
            return Verdict.HOLDS
        possible = self._asked(may & self.giving)
        if all(entails(possible, clause, unknown_as=True) for clause in self._asked(must & self.asking)):
            return Verdict.UNKNOWN
        return Verdict.FAILS

    def everywhere(self, label: Verdict, least: tuple[int, int], most: tuple[int, int]) -> bool:
        """By the bounds alone."""
        return self.verdict(*(most if label is Verdict.UNKNOWN else least)) is label

    def _asked(self, mask: int) -> Requirement:
        found = self._requirements.get(mask)
        if found is None:
            found = self._requirements[mask] = requirement(
                c.rule for position, c in enumerate(self.columns) if mask >> position & 1
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


class Change(StrEnum):
    """What the tenant after asks for at a sign-in, beside the tenant before."""

    EQUAL = "equal"
    WEAKER = "weaker"
    INCOMPARABLE = "incomparable"
    NOT_ASSESSED = "notAssessed"
    NEWLY_BLOCKED = "newlyBlocked"
    STRONGER = "stronger"


class Difference(NamedTuple):
    """How the tenant after stands to the tenant before at a sign-in."""

    no_less: Verdict
    """Whether the tenant after asks for no less than the one before."""
    no_more: Verdict
    """Whether it asks for no more."""
    blocked: bool = False
    """Whether nobody gets in after, for certain, and somebody might before."""

    @property
    def change(self) -> Change:
        """In one word. What certainly asks for less is WEAKER even where it may ask for something else besides."""
        match self.no_less, self.no_more:
            case Verdict.FAILS, Verdict.FAILS:
                return Change.INCOMPARABLE
            case Verdict.FAILS, _:
                return Change.WEAKER
            case Verdict.HOLDS, Verdict.HOLDS:
                return Change.EQUAL
            case Verdict.HOLDS, Verdict.FAILS:
                return Change.NEWLY_BLOCKED if self.blocked else Change.STRONGER
        return Change.NOT_ASSESSED


SAME = Difference(Verdict.HOLDS, Verdict.HOLDS)
DIFFERENCES = tuple(
    Difference(less, more, blocked)
    for less in (Verdict.FAILS, Verdict.UNKNOWN, Verdict.HOLDS)
    for more in (Verdict.FAILS, Verdict.UNKNOWN, Verdict.HOLDS)
    for blocked in (True, False)
    if (less, more) != SAME[:2]
)
"""All but none, losses first."""


class Differing:
    """Whether the tenant after asks for no less, and whether for no more, than the one before."""

    fine = SAME

    def __init__(self, columns: tuple[Column, ...]) -> None:
        self.less = NeverWeaker(columns, Side.BEFORE)
        self.more = NeverWeaker(columns, Side.AFTER)
        self._changed = changed(columns)
        blocks = sum(
            1 << at for at, column in enumerate(columns) if is_blocked(frozenset(column.rule.clauses))
        )
        self.blocks_before = blocks & ~on_side(columns, Side.AFTER)
        self.blocks_after = blocks & ~on_side(columns, Side.BEFORE)

    def kept(self, must: int, may: int, rest: Rest) -> tuple[int, int]:
        """Without the rules whose demand is certain anyway; nothing at all where no rule that changed is left."""
        return self.less.kept(must, may, rest) if may & self._changed else (0, 0)

    def settled(self, must: int, may: int, rest: Rest) -> Difference | None:
        """Equal where no rule that changed can apply; else where each way is settled."""
        if not may & self._changed:
            return SAME
        if self.less.settled(must, may, rest) is None:
            return None
        return None if self.more.settled(must, may, rest) is None else SAME

    def verdict(self, must: int, may: int) -> Difference:
        """Both ways."""
        blocked = bool(must & self.blocks_after) and not may & self.blocks_before
        return Difference(self.less.verdict(must, may), self.more.verdict(must, may), blocked)

    def everywhere(self, label: Difference, least: tuple[int, int], most: tuple[int, int]) -> bool:
        """Each part by the bounds alone."""
        return (
            self.less.everywhere(label.no_less, least, most)
            and self.more.everywhere(label.no_more, least, most)
            and self.verdict(*(least if label.blocked else most)).blocked is label.blocked
        )


class Lasting:
    """Whether a session may last no longer after, and no shorter, than before; a lifetime is never MFA.

    What both share and nobody knows is taken for two unknowns: UNKNOWN here may be less than could be said.
    """

    fine = SAME

    def __init__(self, columns: tuple[Column, ...]) -> None:
        self._columns = columns
        self._changed = changed(columns)
        every = (1 << len(columns)) - 1
        self._before = every & ~on_side(columns, Side.AFTER)
        self._after = every & ~on_side(columns, Side.BEFORE)

    def kept(self, must: int, may: int, rest: Rest) -> tuple[int, int]:
        """All; nothing where no rule that changed is left."""
        return (must, may) if may & self._changed else (0, 0)

    def settled(self, must: int, may: int, rest: Rest) -> Difference | None:
        """Equal where no rule that changed can apply."""
        return None if may & self._changed else SAME

    def verdict(self, must: int, may: int) -> Difference:
        """The longest and the shortest that a session may last, compared."""
        before = (self._limit(must & self._before), self._limit(may & self._before))
        after = (self._limit(must & self._after), self._limit(may & self._after))
        return Difference(_no_longer(before, after), _no_longer(after, before))

    def everywhere(self, label: Difference, least: tuple[int, int], most: tuple[int, int]) -> bool:
        """Each part by the bounds alone."""
        low, high = self.verdict(*least), self.verdict(*most)
        return all(
            (top if part is Verdict.UNKNOWN else bottom) is part
            for part, bottom, top in zip(label[:2], low[:2], high[:2], strict=True)
        )

    def _limit(self, mask: int) -> Lifetime:
        return lifetime(c.rule.session for position, c in enumerate(self._columns) if mask >> position & 1)


def _no_longer(one: tuple[Lifetime, Lifetime], other: tuple[Lifetime, Lifetime]) -> Verdict:
    """Whether the other lasts no longer; of each the longest and the shortest that it may last."""
    if not weaker_session(one[1], other[0]):
        return Verdict.HOLDS
    return Verdict.FAILS if weaker_session(one[0], other[1]) else Verdict.UNKNOWN


def limiting(columns: tuple[Column, ...]) -> tuple[Column, ...]:
    """The columns of rules that limit a session."""
    return tuple(c for c in columns if lifetime((c.rule.session,)) != UNLIMITED)


def changed(columns: tuple[Column, ...]) -> int:
    """The columns of one tenant alone."""
    return on_side(columns, Side.BEFORE) | on_side(columns, Side.AFTER)


def on_side(columns: tuple[Column, ...], side: Side) -> int:
    """The columns of one side alone."""
    return sum(1 << position for position, column in enumerate(columns) if column.side is side)
