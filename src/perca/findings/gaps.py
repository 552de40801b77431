"""Gaps and what goes with them: where MFA isn't required and why, what only looks like cover, who can take people out, and what of the
policies is stale or does nothing.

What isn't known, or wasn't decided, is a finding that isn't assessed. Declared emergency accounts aren't asked about: policies leave them
out on purpose, and `lockouts` looks after them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from perca.errors import BadInput
from perca.findings.causes import by_cause
from perca.findings.dangling import dangling
from perca.findings.editors import editors
from perca.findings.finding import Finding, Kind, Severity, finding
from perca.findings.near_misses import near_misses
from perca.findings.redundant import redundant
from perca.findings.repairs import MOST_REPAIRED, Repairs
from perca.findings.unnamed import doubted
from perca.model import Tenant, UserId
from perca.policy import Source
from perca.prove import Verdict, about_always_mfa
from perca.prove.redundancy import covers_alone
from perca.prove.regions import Regions, regions
from perca.prove.walk import BudgetSpent
from perca.space import TooManyDevices, Universe, universe_of

MOST = 60
"""So many regions are described; where there are more, a finding says so."""
_ORDER = {kind: n for n, kind in enumerate(Kind)}


def gaps(
    tenant: Tenant,
    people: Iterable[UserId] | None = None,
    emergency: Iterable[UserId] = (),
    *,
    repairs: bool = True,
) -> tuple[Finding, ...]:
    """All of them, the certain and the worst first; by default of everybody, people from outside included.

    Raises BadInput for a question about nobody.
    """
    declared = tuple(dict.fromkeys(emergency))
    asked = tuple(tenant.users if people is None else people)
    about = tuple(each for each in asked if each not in declared)
    try:
        over = universe_of(tenant, people=None if people is None else asked)
    except TooManyDevices as spent:
        return (finding(Kind.MORE_GAPS, Severity.HIGH, missing=(spent.message,)),)
    if not about and not over.strangers:
        raise BadInput(
            "a question about nobody", "name people that the data holds, apart from emergency accounts"
        )
    found = [*_open(tenant, replace(over, people=about), declared, repairs=repairs), *editors(tenant)]
    found += [*dangling(tenant), *redundant(tenant, over)]
    return tuple(sorted(found, key=lambda f: (not f.assessed, f.severity, _ORDER[f.kind], f.about)))


def covered_by(tenant: Tenant, people: Iterable[UserId] | None = None) -> tuple[Source, ...]:
    """The fewest sources, three at most, whose rules alone require MFA (or block) at every sign-in of these people; none where there are no such."""
    try:
        found = covers_alone(tenant, universe_of(tenant, people=people))
    except TooManyDevices:
        return ()
    return tuple(dict.fromkeys(rule.source for rule in found))


def _open(
    tenant: Tenant, over: Universe, emergency: tuple[UserId, ...], *, repairs: bool
) -> Iterator[Finding]:
    """The gaps, each with its repair, and what looks like cover near them."""
    inquiry = about_always_mfa(tenant, over)
    try:
        failing: Regions[Verdict] = regions(inquiry, (Verdict.FAILS,), MOST)
        unclear: Regions[Verdict] = regions(inquiry, (Verdict.UNKNOWN,), MOST)
    except BudgetSpent as spent:
        yield finding(Kind.MORE_GAPS, Severity.HIGH, missing=(str(spent) or "more than the budget allows",))
        return
    found = sorted(by_cause(inquiry, tenant, failing, unclear), key=lambda each: each.severity)
    repairing = Repairs(tenant, inquiry, emergency)
    for number, each in enumerate(found):
        mended = repairing.repaired(each) if repairs and number < MOST_REPAIRED else each
        yield mended if emergency else doubted(tenant, mended)
    yield from near_misses(tenant, [each for each in found if each.kind is Kind.GAP])
