"""Whole tenants: gaps and near misses of different kinds in one company, where some people are under the policies of several.

Truth stays known, for three reasons. Each kind has people of its own, and no policy of one kind is about people of another, unless it
is lent. What all share (the policies for everybody, the group of exceptions, places, roles, strengths) is only ever added to, and only to the detriment
of a kind's own people. And where policies are lent, what is open is what is open under each: `Planted.also_under`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import gcd

from planted.company import Company
from planted.graph import Json
from planted.kinds import KINDS
from planted.sign_ins import Box, Values, meet, without
from planted.truth import Kind, Planted

IN_ONE = 4
"""So many gaps, and so many near misses, of as many kinds, are planted in one tenant; `_under_several` adds more of both."""
SHIFT, STRIDE = 9, 5
"""How far in the order of kinds the near misses of a tenant are from its gaps; and one kind from the next in the list of families."""


@dataclass(frozen=True)
class Tenant:
    """A tenant and the truth about it; whoever isn't planted needs MFA at every sign-in."""

    name: str
    snapshot: Json
    planted: tuple[Planted, ...]
    values: Values

    @property
    def gaps(self) -> tuple[Planted, ...]:
        """What is one."""
        return tuple(each for each in self.planted if each.is_gap)

    @property
    def near_misses(self) -> tuple[Planted, ...]:
        """What only looks like one."""
        return tuple(each for each in self.planted if not each.is_gap)

    def open(self, person: str) -> tuple[Box, ...]:
        """The sign-ins at which a password alone lets somebody in."""
        return next((each.open for each in self.planted if person in each.people), ())


def tenant(number: int) -> Tenant:
    """The tenant of that number; `all_tenants` are as many as it takes to have every kind, both ways."""
    company = Company(number)
    first = number * IN_ONE
    planted = [kind.gap(company, f"{kind.name}-gap") for kind in _some(first)]
    planted += [kind.near_miss(company, f"{kind.name}-near") for kind in _some(first + SHIFT)]
    planted += _under_several(company, planted, company.values())
    return Tenant(f"tenant {number}", company.snapshot(), tuple(planted), company.values())


def all_tenants() -> Iterator[Tenant]:
    """Every kind at least once as a gap and once as a near miss."""
    yield from map(tenant, range(-(-len(KINDS) // IN_ONE)))


def alone(kind: Kind, *, gap: bool) -> Tenant:
    """A tenant with one kind in it, as a gap or as a near miss: where to look when a tool is wrong."""
    company = Company(0)
    planted = (kind.gap if gap else kind.near_miss)(company, kind.name)
    what = "gap" if gap else "near miss"
    return Tenant(f"{kind.name}, {what}", company.snapshot(), (planted,), company.values())


def _some(first: int) -> list[Kind]:
    """Kinds of several families: each kind is as often among them as any other."""
    assert gcd(STRIDE, len(KINDS)) == 1
    return [KINDS[(first + n) * STRIDE % len(KINDS)] for n in range(IN_ONE)]


def _under_several(company: Company, planted: list[Planted], values: Values) -> Iterator[Planted]:
    """More people of each gap, each time under the policies of a few others, too.

    Under those of other gaps, as many as leave anything open: a smaller gap. Under those of a near miss: nothing is open, so one more.
    """
    gaps = [each for each in planted if each.is_gap]
    for gap in gaps:
        lenders = [each for each in gaps if each is not gap and each.policies]
        if lenders and any(without(meet(gap.open, each.open), (), values) for each in lenders):
            made = _again(company, gap, "several")
            for other in lenders:
                if without(meet(made.open, other.open), (), values):
                    made.also_under(other)
            yield made
    closed = [each for each in planted if not each.is_gap and each.policies]
    for gap, other in zip(gaps, closed, strict=False):
        made = _again(company, gap, "closed")
        made.also_under(other)
        yield made


def _again(company: Company, gap: Planted, name: str) -> Planted:
    kind = next(kind for kind in KINDS if kind.name == gap.kind)
    return kind.gap(company, f"{gap.kind}-{name}")
