"""The demo's answer: the same claims for people and for scripts. Nothing in the JSON depends on the machine but `run` and paths."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from perca.cli import words
from perca.cli.answer import Json
from perca.cli.blocks import Block, Heading, Line, Table, Tone
from perca.cli.demo_report import fates, gap_words, held_back, is_good
from perca.cli.demo_run import Ran
from perca.cli.plan_file import journal_of
from perca.cli.plan_text import proved
from perca.cli.status import summary


def as_json(ran: Ran, databases: Path | None) -> Json:
    """What was claimed and what was found."""
    states, combinations = proved(ran.plan)
    choice, prober = ran.plan.choice, ran.prober
    return {
        "done": is_good(ran),
        "tenantId": ran.plan.tenant_id,
        "displayName": ran.plan.tenant_name,
        "people": len(ran.before.users),
        "moved": len(choice.moved),
        "waves": [len(wave) for wave in choice.waves],
        "heldBack": [
            {
                "id": held.id,
                "userPrincipalName": held.user_principal_name,
                "reason": held.reason,
                "until": held.until,
            }
            for held in choice.held
        ],
        "stays": [person.id for person in choice.stays],
        "kinds": {kind.value: _fates(ran, kind_people) for kind, kind_people in ran.kinds.items()},
        "emptyKinds": [kind.value for kind in ran.empty_kinds],
        "proof": {
            "holds": all(each.holds for each in ran.plan.proofs),
            "states": states,
            "combinations": str(combinations),
            "universe": {name: str(size) for name, size in universe(ran).items()},
            "beforeWrites": str(ran.outcome.combinations),
        },
        "prober": {
            "rounds": prober.rounds,
            "signIns": prober.tried,
            "needed": prober.needed,
            "gaps": [gap_words(ran.before, gap) for gap in prober.gaps],
        },
        "verified": {"holds": ran.verified.holds, "differences": list(ran.verified.differences)},
        "rollback": {
            "differences": list(ran.rollback_differences),
            "exceptions": list(ran.plan.exceptions()),
        },
        "before": summary(ran.status_before),
        "after": summary(ran.status_after),
        "paths": _paths(ran, databases),
    }


def _fates(ran: Ran, people: tuple[str, ...]) -> Json:
    count, moved, held, stays = fates(ran, people)  # type: ignore[arg-type]  # user ids are strings
    return {
        "people": count,
        "moved": moved,
        "heldBack": held,
        "stays": stays,
        "notConcerned": count - moved - held - stays,
    }


def universe(ran: Ran) -> dict[str, int]:
    """The sizes of what a state was proved over."""
    return ran.plan.proofs[0].proof.universe if ran.plan.proofs else ran.verified.weaker.universe


def _paths(ran: Ran, databases: Path | None) -> Json:
    plan = ran.out / "plan.json"
    files = {
        "report": ran.report,
        "plan": plan,
        "journal": journal_of(str(plan), None),
        "spreadsheet": ran.out / "plan.csv",
    }
    if databases is not None:
        files |= {"tenant": databases / "tenant.db", "copy": databases / "copy.db"}
    return {name: str(path) for name, path in files.items()}


def as_text(ran: Ran, databases: Path | None) -> Iterator[Block]:
    """The claims, one after the other, each with its number."""
    choice, prober = ran.plan.choice, ran.prober
    states, combinations = proved(ran.plan)
    good = is_good(ran)
    yield Line(
        f"{ran.plan.tenant_name}, an invented company of {words.counted(len(ran.before.users), 'person', 'people')}",
        Tone.STRONG,
    )
    yield Line(
        "Everything below holds." if good else "Not everything below holds.", Tone.GOOD if good else Tone.BAD
    )
    yield Heading("Moved")
    yield Line(
        f"{words.counted(len(choice.moved), 'person', 'people')}, in {words.counted(len(choice.waves), 'wave')}, "
        "from per-user MFA to one Conditional Access policy",
        depth=1,
    )
    yield Heading("Proved")
    yield Line(
        f"{words.counted(states, 'state')} of the tenant, forward and back, with every write that was still settling:",
        depth=1,
    )
    yield Line(
        f"at none of {words.magnitude(combinations)} sign-ins does anybody need less than before",
        Tone.GOOD,
        1,
    )
    yield Line("each state over " + " × ".join(words.sizes(universe(ran))), Tone.FAINT, 1)
    yield from _verified(ran)
    yield Heading("Tried")
    yield Line(
        f"{prober.tried:,} sign-ins in {prober.rounds} rounds, before, during and after; {prober.needed:,} of each round needed MFA before",
        depth=1,
    )
    if prober.gaps:
        yield from (Line(gap_words(ran.before, gap), Tone.BAD, 1) for gap in prober.gaps[:20])
    else:
        yield Line(
            "none got in without MFA where it was required before; no emergency account was refused",
            Tone.GOOD,
            1,
        )
    yield Heading("Held back")
    for held in held_back(ran):
        names = words.listed(held.people)
        yield Line(f"{words.counted(len(held.people), 'person', 'people')}: {held.reason}", depth=1)
        yield Line(names, Tone.FAINT, 2)
    if not choice.held:
        yield Line("nobody", depth=1)
    yield Heading("Every kind of person, and what happened to them")
    yield _kinds(ran)
    yield from _back(ran)
    yield Heading(f"The report is {ran.report}")
    for name, path in _paths(ran, databases).items():
        if name != "report":
            yield Line(f"{name}: {path}", Tone.FAINT, 1)


def _verified(ran: Ran) -> Iterator[Block]:
    match ran.verified.holds:
        case True:
            yield Line(
                "read afresh afterwards: everybody moved needs MFA at every sign-in to a resource",
                Tone.GOOD,
                1,
            )
        case False:
            yield Line("read afresh afterwards: the promise does not hold", Tone.BAD, 1)
        case None:
            yield Line("read afresh afterwards: not assessed", Tone.UNSURE, 1)
    yield from (Line(line, Tone.BAD, 2) for line in ran.verified.differences[:10])


def _kinds(ran: Ran) -> Table:
    rows = []
    for kind, people in ran.kinds.items():
        numbers = _fates(ran, people)
        rows.append(
            (words.kind(kind.value), *(f"{number:,}" if number else "–" for number in numbers.values()))
        )
    return Table(
        ("kind", "#people", "#moved", "#held back", "#keep per-user MFA", "#not concerned"), tuple(rows)
    )


def _back(ran: Ran) -> Iterator[Block]:
    yield Heading("Taken back")
    if ran.rollback_differences:
        yield Line(
            f"a copy was rolled back, and differs from the snapshot: {words.counted(len(ran.rollback_differences), 'difference')}",
            Tone.BAD,
            1,
        )
        yield from (Line(each, Tone.BAD, 2) for each in ran.rollback_differences[:10])
    else:
        yield Line(
            "a copy was rolled back, and is as it was in the snapshot, up to what the plan lists:",
            Tone.GOOD,
            1,
        )
    yield from (Line(each, Tone.FAINT, 2) for each in ran.plan.exceptions()[-3:])
    if (more := len(ran.plan.exceptions()) - 3) > 0:
        yield Line(
            f"and {words.counted(more, 'person', 'people')} of whom it is listed by name", Tone.FAINT, 2
        )
