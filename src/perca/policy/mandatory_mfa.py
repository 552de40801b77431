"""Microsoft's own mandatory MFA for its admin portals and tools, which no tenant can turn off or exclude anybody from.

Source: concept-mandatory-multifactor-authentication (04/2026), FACTS.md 9 and 13.3. It came in two phases, each of which a tenant
could put off until a date: the portals, at any sign-in; then the tools, for creating, changing and deleting alone, which no sign-in
shows. It is about people, emergency accounts among them, and not about workloads. What holds on the day on which the data was taken counts;
between a phase's beginning and its last date nobody knows.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import Enum

from perca.model import MFA, AppId
from perca.policy.admin_tools import CLI, MICROSOFT_365, MOBILE, PORTAL, POWERSHELL, RESOURCE_MANAGER, reaches
from perca.policy.answer import Answer, No, Yes
from perca.policy.basis import Basis, Certainty
from perca.policy.coordinates import Coordinate, Principal, Target
from perca.policy.directory import View
from perca.policy.rule import Condition, Rule, Source

PROVIDER = "mandatoryMfa"
"""Graph's enum has no word for it; this is ours (CONTRACT)."""
PAGE = Basis(Certainty.OFFICIAL, "concept-mandatory-multifactor-authentication", "04/2026")
PORTALS, TOOLS = "perca:mandatoryMfa:portals", "perca:mandatoryMfa:tools"
ADMIN_CENTER = "perca:mandatoryMfa:microsoft365"


class Enforcement(Enum):
    """How far a phase has come on some day."""

    NOT_YET = "it has not begun"
    ROLLING_OUT = (
        "whether mandatory MFA, which came to tenants one by one and could be put off, has reached this one"
    )
    EVERYWHERE = "it is enforced everywhere"
    UNDATED = "when the data was taken, since mandatory MFA came by date"


@dataclass(frozen=True, slots=True)
class Phase:
    """When a phase began, and until when a tenant could put it off."""

    begins: date
    until: date

    def on(self, taken_at: str) -> Enforcement:
        """How far the phase had come when data was taken; `taken_at` is an ISO 8601 date or time, or says nothing."""
        day = day_of(taken_at)
        if day is None:
            return Enforcement.UNDATED
        if day < self.begins:
            return Enforcement.NOT_YET
        return Enforcement.EVERYWHERE if day > self.until else Enforcement.ROLLING_OUT

    def lasts(self, before: str, after: str) -> bool:
        """Whether what it asks for when `before` was taken it still asks for when `after` was: it comes and doesn't go."""
        was, now = self.on(before), self.on(after)
        return was is now or (was is Enforcement.ROLLING_OUT and now is Enforcement.EVERYWHERE)


FIRST = Phase(date(2024, 10, 1), date(2025, 9, 30))
"""The Azure portal, with the Entra and Intune admin centers."""
FIRST_LATER = Phase(date(2025, 2, 1), date(2025, 9, 30))
"""The Microsoft 365 admin center."""
SECOND = Phase(date(2025, 10, 1), date(2026, 7, 1))
"""Azure CLI, PowerShell and mobile app, and whatever else writes through Azure Resource Manager."""


def day_of(moment: str) -> date | None:
    """The day of an ISO 8601 text; None when it is none."""
    try:
        return date.fromisoformat(moment[:10])
    except ValueError:
        return None


def as_of(taken_at: str) -> tuple[Enforcement, Enforcement, Enforcement]:
    """How far each phase had come when data was taken: the rules hang on nothing else."""
    return FIRST.on(taken_at), FIRST_LATER.on(taken_at), SECOND.on(taken_at)


def rules(view: View) -> Iterator[Rule]:
    """Its rules as of the day of the data; a phase that hadn't begun is none."""
    first, later, second = as_of(view.tenant.taken_at)
    if first is not Enforcement.NOT_YET:
        yield _rule(PORTALS, "admin portals", Portals(first))
    if later is not Enforcement.NOT_YET:
        yield _rule(ADMIN_CENTER, "Microsoft 365 admin center", Perhaps(FIRST_LATER, later, *_MICROSOFT_365))
    if second is not Enforcement.NOT_YET:
        yield _rule(TOOLS, "tools", Perhaps(SECOND, second, *_TOOLS))


_MICROSOFT_365 = (frozenset({MICROSOFT_365}), "which application is meant, since no page gives its id")
_TOOLS = (
    frozenset({CLI, POWERSHELL, MOBILE, RESOURCE_MANAGER}),
    "whether something will be created, changed or deleted: Microsoft's own mandatory MFA asks for that alone, and a sign-in doesn't show it",
)


def _rule(key: str, words: str, condition: Condition) -> Rule:
    source = Source(PROVIDER, key, f"Microsoft's mandatory MFA: {words}")
    return Rule(key, source, (Person(), condition), (MFA,), basis=PAGE)


@dataclass(frozen=True, slots=True)
class Person:
    """Holds for people, whoever they are; workloads are left out."""

    coordinate: Coordinate = Coordinate.PRINCIPAL
    basis: Basis = PAGE

    def holds(self, view: View, value: object) -> Answer:
        """Whether a person signs in."""
        assert isinstance(value, Principal)
        if value.workload is not None:
            return No(("a workload is no person",), ("users",))
        return Yes(("nobody is excluded",))


@dataclass(frozen=True, slots=True)
class Portals:
    """Holds for the Azure portal and the admin centers that go by its id, once that is enforced everywhere."""

    enforcement: Enforcement
    coordinate: Coordinate = Coordinate.TARGET
    basis: Basis = PAGE

    def holds(self, view: View, value: object) -> Answer:
        """Whether the sign-in is to the portal."""
        assert isinstance(value, Target)
        if self.enforcement is Enforcement.EVERYWHERE:
            return reaches(value, frozenset({PORTAL}), {})
        return reaches(value, frozenset(), {PORTAL: self.enforcement.value})


@dataclass(frozen=True, slots=True)
class Perhaps:
    """Might hold for some applications, and never certainly: `why` says what a sign-in doesn't show.

    How far the phase has come tells two of these not apart (`policy.reads` asks the phase).
    """

    phase: Phase
    enforcement: Enforcement = field(compare=False)
    apps: frozenset[AppId]
    why: str
    coordinate: Coordinate = Coordinate.TARGET
    basis: Basis = PAGE

    def holds(self, view: View, value: object) -> Answer:
        """Unknown for these applications, and for a resource that we don't know."""
        assert isinstance(value, Target)
        certain = self.enforcement is Enforcement.EVERYWHERE
        why = self.why if certain else f"{self.enforcement.value}; and {self.why}"
        return reaches(value, frozenset(), dict.fromkeys(self.apps, why))
