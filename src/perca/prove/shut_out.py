"""The rules by which nobody gets in, as columns: each where it keeps everybody out, and the others at the clients and sessions where they do.

So what asks for anything at all counts at a legacy client, and what a device would do for counts at a device code; and nowhere else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from perca.model import Flow, Requirement
from perca.policy import (
    Answer,
    Basis,
    Certainty,
    Channel,
    Coordinate,
    No,
    Rule,
    Unknown,
    Yes,
    at_device_codes,
    shuts_out,
)
from perca.policy.device_codes import BY_DEVICE_CODE
from perca.policy.directory import View
from perca.space import Column


def keeping_out(columns: Iterable[Column], keeps_out: Callable[[Rule, bool], bool]) -> Iterator[Column]:
    """The columns whose rule `keeps_out`, for certain (False) or perhaps (True, then not `sure`); and of each that doesn't for certain
    another for the legacy clients that it shuts out, and one for device codes where more of it is left to do."""
    for column in columns:
        rule = column.rule
        sure = keeps_out(rule, False)
        if sure or keeps_out(rule, True):
            yield replace(column, sure=sure)
        if not sure and rule.clauses:
            shut_out = ShutOut(frozenset(rule.clauses))
            yield replace(column, rule=replace(rule, conditions=(*rule.conditions, shut_out)))
            left = at_device_codes(rule)
            sure = keeps_out(left, False)
            if left is not rule and (sure or keeps_out(left, True)):
                left = replace(left, conditions=(*rule.conditions, ByDeviceCode()))
                yield replace(column, rule=left, sure=sure)


@dataclass(frozen=True, slots=True)
class ByDeviceCode:
    """Holds for sessions that began with a device code."""

    coordinate: Coordinate = Coordinate.CHANNEL
    basis: Basis = Basis(Certainty.OFFICIAL, "concept-conditional-access-grant", "03/2026")

    def holds(self, view: View, value: object) -> Answer:
        """Whether this one did."""
        assert isinstance(value, Channel)
        if value.flow is None:
            return Unknown((BY_DEVICE_CODE,))
        return Yes(("a device code",)) if value.flow is Flow.DEVICE_CODE else No(("no device code",), ())


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
