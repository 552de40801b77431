"""The rules by which nobody gets in, as columns: each where it keeps everybody out, and the others where they shut out legacy clients.

So that what asks for anything at all counts at a legacy client, and nowhere else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from perca.model import Requirement
from perca.policy import Answer, Basis, Certainty, Channel, Coordinate, No, Rule, Unknown, Yes, shuts_out
from perca.policy.directory import View
from perca.space import Column


def keeping_out(columns: Iterable[Column], keeps_out: Callable[[Rule, bool], bool]) -> Iterator[Column]:
    """The columns whose rule `keeps_out`, for certain (False) or perhaps (True, then not `sure`); and of each that doesn't for certain
    another for the legacy clients that it shuts out."""
    for column in columns:
        sure = keeps_out(column.rule, False)
        if sure or keeps_out(column.rule, True):
            yield replace(column, sure=sure)
        if not sure and column.rule.clauses:
            shut_out = ShutOut(frozenset(column.rule.clauses))
            yield replace(column, rule=replace(column.rule, conditions=(*column.rule.conditions, shut_out)))


@dataclass(frozen=True, slots=True)
class ShutOut:
    """Holds for the clients that can't meet what is asked because they are legacy clients (`policy.legacy_clients`)."""

    asked: Requirement
    coordinate: Coordinate = Coordinate.CHANNEL
    basis: Basis = Basis(Certainty.OFFICIAL, "concept-conditional-access-conditions", "06/2024")

    def holds(self, view: View, value: object) -> Answer:
        """Whether the client is shut out."""
        assert isinstance(value, Channel)
        if shuts_out(self.asked, value.client):
            return Yes(("a legacy client meets no control",))
        if shuts_out(self.asked, value.client, unknown_as=True):
            return Unknown(("whether the client can meet what is asked",))
        return No(("no legacy client",), ("clientApps",))
