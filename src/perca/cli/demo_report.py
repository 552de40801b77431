"""The demo's report: what came of the run, put in the words of the page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from perca import __version__
from perca.cli import words
from perca.cli.granted import shortened
from perca.cli.plan_text import proved
from perca.cli.status import Status
from perca.migrate.prober import Gap
from perca.model import PerUserState, Tenant, UserId
from perca.prove import Coverage
from perca.report import (
    BySource,
    Figure,
    Flow,
    HeldBack,
    Kind,
    Person,
    Proved,
    Report,
    RolledBack,
    Tried,
    Wave,
)

if TYPE_CHECKING:
    from perca.cli.demo_run import Ran


def report_of(ran: Ran) -> Report:
    """The page's contents."""
    plan, good = ran.plan, is_good(ran)
    states, combinations = proved(plan)
    moved, held = len(plan.choice.moved), len(plan.choice.held)
    return Report(
        tenant_name=plan.tenant_name,
        tenant_id=plan.tenant_id,
        setting="An invented company in the tenant that Perca carries inside. Perca has never met a live Entra tenant.",
        began=ran.journal[0].at[:19].replace("T", " "),
        ended=ran.journal[-1].at[:19].replace("T", " "),
        policy=plan.name,
        good=good,
        headline=_headline(moved, good),
        figures=(
            Figure(f"{moved:,}", "people moved to one Conditional Access policy"),
            Figure(f"{held:,}", "people held back, still under per-user MFA"),
            Figure(
                words.magnitude(combinations),
                "sign-ins proved: at none does anybody need less than before",
                _all_hold(ran),
            ),
            Figure(
                f"{len(ran.prober.gaps):,}",
                f"failures in {ran.prober.tried:,} sign-ins tried meanwhile",
                not ran.prober.gaps,
            ),
        ),
        before=tuple(_by_source(ran.status_before)),
        after=tuple(_by_source(ran.status_after)),
        flows=_flows(ran),
        waves=tuple(_waves(ran)),
        held_back=held_back(ran),
        to_look_after=tuple(
            Counter(flag for person in plan.choice.moved for flag in person.flags).most_common()
        ),
        proved=Proved(
            _all_hold(ran), states, words.magnitude(combinations), _universe(ran), ran.verified.holds
        ),
        tried=Tried(
            ran.prober.rounds,
            ran.prober.tried,
            ran.prober.needed,
            tuple(gap_words(ran.before, gap) for gap in ran.prober.gaps),
        ),
        rolled_back=RolledBack(ran.rollback_differences),
        cannot_be_undone=plan.exceptions(),
        assumptions=tuple(map(shortened, plan.assumptions)),
        next_steps=tuple(_next_steps(ran)),
        kinds=tuple(Kind(words.kind(kind.value), *fates(ran, people)) for kind, people in ran.kinds.items()),
        people=tuple(_people(ran)),
        version=__version__,
    )


def is_good(ran: Ran) -> bool:
    """Whether everything that the demo claims holds."""
    broken = ran.prober.gaps or ran.rollback_differences or ran.empty_kinds
    return bool(_all_hold(ran) and ran.verified.holds and not broken)


def _all_hold(ran: Ran) -> bool:
    return bool(ran.plan.proofs) and all(each.holds for each in ran.plan.proofs)


def _headline(moved: int, good: bool) -> str:
    if good:
        return f"{moved:,} people were moved, and at no moment did anybody need less MFA than before."
    return "The migration ran, and not everything holds: see what was proved and what was tried."


def _by_source(status: Status) -> Iterator[BySource]:
    for name, found in (("all sources", status.all), ("Conditional Access", status.conditional_access)):
        count = Counter(found.values())
        yield BySource(
            name,
            count[Coverage.ALWAYS],
            count[Coverage.SOMETIMES],
            count[Coverage.NEVER],
            count[Coverage.NOT_ASSESSED],
        )


def _flows(ran: Ran) -> tuple[Flow, ...]:
    """Everybody by their source before and after, the moved first."""
    count: Counter[tuple[str, str]] = Counter()
    for person in ran.before.users:
        if person in ran.after.users:
            count[source(ran.status_before, person), source(ran.status_after, person)] += 1
    order = {name: place for place, name in enumerate(_SOURCES)}
    ordered = sorted(count.items(), key=lambda item: (order[item[0][0]], order[item[0][1]]))
    return tuple(Flow(before, after, people) for (before, after), people in ordered)


_SOURCES = (
    "per-user MFA",
    "Conditional Access, always",
    "Conditional Access, sometimes",
    "not required",
    "not assessed",
)


def source(status: Status, person: UserId) -> str:
    """Where a person's MFA comes from, in a word: per-user MFA where it is on, else policies."""
    state = status.tenant.users[person].per_user_mfa
    if state in (PerUserState.ENABLED, PerUserState.ENFORCED):
        return _SOURCES[0]
    if state is not PerUserState.DISABLED:
        return _SOURCES[4]
    match status.conditional_access[person]:
        case Coverage.ALWAYS:
            return _SOURCES[1]
        case Coverage.SOMETIMES:
            return _SOURCES[2]
        case Coverage.NEVER:
            return _SOURCES[3]
        case Coverage.NOT_ASSESSED:
            return _SOURCES[4]


def _waves(ran: Ran) -> Iterator[Wave]:
    seen: Mapping[str, Mapping[str, object]] = {
        record.step: record.detail
        for record in ran.journal
        if record.event == "seen" and "row" in record.detail
    }
    for number, wave in enumerate(ran.plan.choice.waves, 1):
        detail = seen.get(f"seen:{number}", {})
        at = str(detail.get("rowAt", ""))[:19].replace("T", " ")
        yield Wave(number, len(wave), at, str(detail.get("row", "")))


def held_back(ran: Ran) -> tuple[HeldBack, ...]:
    """The people held back, those with the same reason together; how many sign-ins a reason rests on differs and is left to the plan."""
    by_reason: dict[tuple[str, str], list[str]] = {}
    for held in ran.plan.choice.held:
        by_reason.setdefault((_alike(held.reason), held.until), []).append(held.user_principal_name)
    return tuple(HeldBack(reason, until, tuple(people)) for (reason, until), people in by_reason.items())


def _alike(reason: str) -> str:
    """The reason without the number that it begins with."""
    number, _, rest = reason.partition(" ")
    return rest if number.isdigit() else reason


def _universe(ran: Ran) -> tuple[tuple[str, str], ...]:
    first = ran.plan.proofs[0].proof if ran.plan.proofs else ran.verified.weaker
    return tuple(
        (words.COORDINATES.get(name, name), words.magnitude(size))
        for name, size in first.universe.items()
        if size != 1
    )


def _next_steps(ran: Ran) -> Iterator[str]:
    yield "Somebody who joins the company later is not in the group: put them in, or write a policy for everybody."
    if ran.plan.choice.held:
        yield f"Free the {len(ran.plan.choice.held):,} people who were held back, then make another plan."
    if any(person.flags for person in ran.plan.choice.moved):
        yield "Look after the people listed as moved and to be looked after, those without a method first."
    yield "Watch who may edit the group: whoever takes a person out of it takes them out of MFA."


def fates(ran: Ran, people: tuple[UserId, ...]) -> tuple[int, int, int, int]:
    """How many people there are, and how many of them were moved, held back, and left under per-user MFA."""
    some, choice = frozenset(people), ran.plan.choice
    return (
        len(people),
        sum(person.id in some for person in choice.moved),
        sum(person.id in some for person in choice.held),
        sum(person.id in some for person in choice.stays),
    )


def _people(ran: Ran) -> Iterator[Person]:
    choice = ran.plan.choice
    for number, wave in enumerate(choice.waves, 1):
        for person in wave:
            yield _person(ran, person.id, f"moved in wave {number}", "; ".join(person.flags))
    for held in choice.held:
        yield _person(ran, held.id, "held back", held.reason)
    for person in choice.stays:
        yield _person(ran, person.id, "stays", "emergency access account")


def _person(ran: Ran, id: UserId, what: str, note: str) -> Person:
    user = ran.before.users[id]
    after = source(ran.status_after, id) if id in ran.after.users else "no longer in the tenant"
    before = f"{source(ran.status_before, id)} ({user.per_user_mfa})"
    return Person(
        user.display_name or user.user_principal_name, user.user_principal_name, before, after, what, note
    )


def gap_words(before: Tenant, gap: Gap) -> str:
    """A failure of the prober in one sentence."""
    return f"{gap.when}: {words.sign_in(before, gap.sign_in)}: {gap.words}"
