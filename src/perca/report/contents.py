"""What a report says, as values: whoever makes one fills these in, and the page only draws them.

Whatever wasn't done is None, and the page says so in its place: nothing that is missing looks like a success.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """A number that stands at the top, with what it counts."""

    number: str
    label: str
    good: bool | None = None
    """True for a success, False for a finding, None for neither."""


@dataclass(frozen=True, slots=True)
class BySource:
    """How many people need MFA always, sometimes, never, or aren't assessed, by one source or by all."""

    source: str
    always: int
    sometimes: int
    never: int
    not_assessed: int

    @property
    def people(self) -> int:
        """Everybody."""
        return self.always + self.sometimes + self.never + self.not_assessed


@dataclass(frozen=True, slots=True)
class Flow:
    """So many people whose MFA came from one source before and comes from another after."""

    before: str
    after: str
    people: int


@dataclass(frozen=True, slots=True)
class Wave:
    """A wave that was moved: how many, and the row of the sign-in log in which the policy was seen to act on it."""

    number: int
    people: int
    seen_at: str
    row: str


@dataclass(frozen=True, slots=True)
class HeldBack:
    """People with the same reason, still covered by per-user MFA, and what would free them."""

    reason: str
    until: str
    people: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Person:
    """One person before and after."""

    name: str
    sign_in_name: str
    before: str
    after: str
    what: str
    """What happened: `moved in wave 2`, `held back`, `stays`."""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Proved:
    """What was proved: how many states of the tenant, over how many sign-ins each, and the sizes of what they are made of."""

    holds: bool | None
    states: int
    combinations: str
    universe: tuple[tuple[str, str], ...]
    verified: bool | None
    """Whether the promise held on a fresh reading afterwards; None where that isn't assessed."""


@dataclass(frozen=True, slots=True)
class Tried:
    """What the prober tried while the migration ran, and each failure in words."""

    rounds: int
    sign_ins: int
    needed: int
    """How many of one round needed MFA before."""
    gaps: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RolledBack:
    """A copy was taken back: what differs from the snapshot beyond what the plan lists."""

    differences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of person in an invented company, and what happened to them."""

    name: str
    people: int
    moved: int
    held_back: int
    stays: int


@dataclass(frozen=True, slots=True)
class Report:
    """Everything on the page."""

    tenant_name: str
    tenant_id: str
    setting: str
    """What kind of tenant this was, so that nobody takes an invented one for a real one."""
    began: str
    ended: str
    policy: str
    good: bool
    headline: str
    figures: tuple[Figure, ...]
    before: tuple[BySource, ...]
    after: tuple[BySource, ...]
    flows: tuple[Flow, ...]
    waves: tuple[Wave, ...]
    held_back: tuple[HeldBack, ...]
    to_look_after: tuple[tuple[str, int], ...]
    """What an administrator should know of people who were moved, with how many they are."""
    proved: Proved
    tried: Tried | None
    rolled_back: RolledBack | None
    cannot_be_undone: tuple[str, ...]
    assumptions: tuple[str, ...]
    next_steps: tuple[str, ...]
    kinds: tuple[Kind, ...]
    people: tuple[Person, ...]
    version: str
