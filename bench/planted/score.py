"""How right a tool is: what of the planted gaps it found, and whom it accused of what isn't one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from planted.claims import Answer, Claim
from planted.sign_ins import Box, without
from planted.tenants import Tenant
from planted.truth import ALWAYS, Planted

EVERYBODY_ELSE = "everybody else"


@dataclass
class Score:
    """One tool's results over some tenants, by kind. Rows are about what was planted, so a kind counts each time it was."""

    gaps: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    """Gaps of which the claims name everybody, at every sign-in."""
    near_misses: Counter[str] = field(default_factory=Counter)
    alarms: Counter[str] = field(default_factory=Counter)
    """Near misses of which somebody is accused; and, for everybody else, people."""
    too_wide: Counter[str] = field(default_factory=Counter)
    """Gaps that were said to be wider than they are, about the right people."""
    unsure: Counter[str] = field(default_factory=Counter)
    """Of what was planted: how often the tool said that it doesn't know."""
    details: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    """Tenants of which the tool gave no answer."""

    @property
    def is_perfect(self) -> bool:
        """Whether every gap was found and nobody accused."""
        return self.found == self.gaps and not self.alarms.total() and not self.failed


def count(score: Score, tenant: Tenant, answer: Answer | None) -> None:
    """Adds what a tool said of a tenant; None where it said nothing."""
    claims = () if answer is None else answer.claims
    sure = [each for each in claims if each.assessed]
    for planted in tenant.planted:
        if planted.is_gap:
            _count_gap(score, tenant, planted, sure)
        else:
            _count_near_miss(score, tenant, planted, sure)
        score.unsure[planted.kind] += any(
            not each.assessed and _concerns(each, planted, tenant) for each in claims
        )
    of_others = _accused(tenant, sure) - {person for each in tenant.planted for person in each.people}
    score.alarms[EVERYBODY_ELSE] += len(of_others)


def _count_gap(score: Score, tenant: Tenant, gap: Planted, claims: list[Claim]) -> None:
    score.gaps[gap.kind] += 1
    missed = [person for person in gap.people if not _is_found(tenant, gap, claims, person)]
    score.found[gap.kind] += not missed
    if missed:
        score.details.append(
            f"{tenant.name}: missed {_name(gap)} for {len(missed)} of {len(gap.people)} people"
        )
    for claim in claims:
        if claim.where is None or claim.people.isdisjoint(gap.people):
            continue
        if beyond := without(claim.where, gap.open, tenant.values):
            where = f"{_name(gap)}: {_shown(tenant, beyond)}: {claim.words}"
            score.too_wide[gap.kind] += 1
            score.details.append(f"{tenant.name}: too wide, {where}")
            break


def _is_found(tenant: Tenant, gap: Planted, claims: list[Claim], person: str) -> bool:
    """Whether each open sign-in of the person is in a claim; a tool that doesn't say where must name the person and the kind."""
    where: list[Box] = []
    for claim in claims:
        if claim.where is None:
            if gap.kind in claim.kinds and (claim.general or person in claim.people):
                return True
        elif person in claim.people:
            where.extend(claim.where)
    return not without(gap.open, where, tenant.values)


def _count_near_miss(score: Score, tenant: Tenant, near: Planted, claims: list[Claim]) -> None:
    score.near_misses[near.kind] += 1
    for claim in claims:
        if _concerns(claim, near, tenant):
            score.alarms[near.kind] += 1
            score.details.append(f"{tenant.name}: false alarm, {_name(near)}: {claim.words}")
            return


def _concerns(claim: Claim, planted: Planted, tenant: Tenant) -> bool:
    """Whether it accuses somebody of these; a general one accuses where no gap of its kinds was planted at all."""
    if claim.general:
        return planted.kind in claim.kinds and not any(each.kind in claim.kinds for each in tenant.gaps)
    return not claim.people.isdisjoint(planted.people) and _is_about_something(claim, tenant)


def _accused(tenant: Tenant, claims: Iterable[Claim]) -> set[str]:
    users = {user["id"] for user in tenant.snapshot["users"]}
    about = [each for each in claims if not each.general and _is_about_something(each, tenant)]
    return users & {person for each in about for person in each.people}


def _is_about_something(claim: Claim, tenant: Tenant) -> bool:
    """Whether it is about a sign-in that the bench knows; what is said of Microsoft's own portals alone isn't."""
    return bool(without(ALWAYS if claim.where is None else claim.where, (), tenant.values))


def _name(planted: Planted) -> str:
    return planted.kind + "".join(f" under {each}" for each in planted.lenders)


def _shown(tenant: Tenant, boxes: tuple[Box, ...]) -> str:
    """The first product, by the sides that it doesn't hold all of."""
    narrow = {
        side: sorted(map(str, some))[:4]
        for side, some in boxes[0].items()
        if some != tenant.values.sides[side]
    }
    return f"{narrow}"


HEAD = ("kind", "gaps", "found", "near misses", "false alarms", "too wide", "not assessed")


def table(score: Score, kinds: Iterable[str]) -> list[tuple[str, ...]]:
    """A row a kind, then everybody else and the sum."""
    columns = (score.gaps, score.found, score.near_misses, score.alarms, score.too_wide, score.unsure)
    rows = [(kind, *(str(column[kind]) for column in columns)) for kind in kinds]
    rows.append((EVERYBODY_ELSE, "", "", "", f"{score.alarms[EVERYBODY_ELSE]} people", "", ""))
    rows.append(("all kinds", *(str(sum(column[kind] for kind in kinds)) for column in columns)))
    return [HEAD, *rows]
