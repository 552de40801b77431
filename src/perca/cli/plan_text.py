"""A plan as text: a summary, the whole of it, and one row a person for spreadsheets.

A cell that a spreadsheet would take for a formula is quoted, since names come from the tenant.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator

from perca.cli import words
from perca.cli.blocks import Block, Heading, Line, Table, Tone
from perca.cli.granted import granted
from perca.cli.spans import span
from perca.migrate.goal import Moved
from perca.migrate.plan import Json, Plan


def summary(plan: Plan) -> Iterator[Block]:
    """Who is moved, held back and stays; what was proved."""
    choice = plan.choice
    yield Line(
        f"{plan.tenant_name or 'The tenant'} ({plan.tenant_id}): from per-user MFA to one Conditional Access policy",
        Tone.STRONG,
    )
    waves = ", ".join(f"{len(wave):,}" for wave in choice.waves)
    yield Line(
        f"{words.counted(len(choice.moved), 'person is', 'people are')} moved, in {words.counted(len(choice.waves), 'wave')} ({waves})",
        depth=1,
    )
    if choice.held:
        yield Line(
            f"{words.counted(len(choice.held), 'person is', 'people are')} held back, and stay under per-user MFA",
            Tone.UNSURE,
            1,
        )
    if choice.stays:
        yield Line(
            f"{words.counted(len(choice.stays), 'emergency account keeps its', 'emergency accounts keep their')} per-user MFA",
            depth=1,
        )
    flags = Counter(flag for person in choice.moved for flag in person.flags)
    yield from (
        Line(f"{count:,} of those moved: {flag}", Tone.FAINT, 1) for flag, count in flags.most_common()
    )
    states, combinations = proved(plan)
    yield Line(
        f"{words.counted(states, 'state')} proved, {words.magnitude(combinations)} sign-ins: at none does anybody need less than before",
        Tone.GOOD,
        1,
    )


def proved(plan: Plan) -> tuple[int, int]:
    """How many states of the tenant were proved, forward and back, and over how many sign-ins in all."""
    if plan.proofs:
        states = [each.proof.combinations for each in plan.proofs if each.step != END]
        return len(states), sum(states)
    return len(plan.proved), sum(int(each["combinations"]) for each in plan.proved)


END = "end"
"""The proof of who always needs MFA in the end, which is about no step, and which `verify` makes again."""


def whole(plan: Plan) -> Iterator[Block]:
    """The plan for people: first what an administrator must know, then the steps, then the way back."""
    yield from summary(plan)
    document = plan.to_json()
    yield Line(f"made at {plan.made_at[:19]}; group and policy: `{plan.name}`", Tone.FAINT, 1)
    yield Heading("First of all")
    yield Line(document["joiners"], Tone.UNSURE, 1)
    yield Line(document["replay"], Tone.UNSURE, 1)
    yield Heading("Steps")
    yield from _steps(plan, document["steps"])
    yield Heading("The way back")
    yield from _steps(plan, document["rollback"])
    yield Heading("What can't come back exactly")
    yield from (Line(each, depth=1) for each in plan.exceptions())
    if plan.choice.held:
        yield Heading("Held back")
        yield Table(
            ("person", "why", "until"),
            tuple((h.user_principal_name, h.reason, h.until) for h in plan.choice.held),
        )
    yield from _to_look_after(plan)
    yield from granted(plan.assumptions)


def _to_look_after(plan: Plan) -> Iterator[Block]:
    """The people who were flagged, those with the same flag together."""
    by_flag: dict[str, list[str]] = {}
    for person in plan.choice.moved:
        for flag in person.flags:
            by_flag.setdefault(flag, []).append(person.user_principal_name)
    if not by_flag:
        return
    yield Heading("Moved, and to be looked after")
    for flag, names in by_flag.items():
        yield Line(f"{flag}: {words.counted(len(names), 'person', 'people')}", depth=1)
        yield Line(words.listed(names), Tone.FAINT, 2)
    yield Line("each by name: perca plan show PLAN --as csv", Tone.FAINT, 1)


def _steps(plan: Plan, steps: list[Json]) -> Iterator[Block]:
    soak = span(plan.options.soak)
    for number, step in enumerate(steps, 1):
        proof = step["proof"]
        holds = "proved" if proof.get("holds") is True else "not proved"
        wave = f"wave {step['wave']}: " if step["wave"] else ""
        wait = f" for {soak}" if step["kind"] == "seePolicyAct" else ""
        yield Line(f"{number:>2}. {wave}{step['does']}{wait}", depth=1)
        details = f"{holds}; seen: {step['seen']}"
        yield Line(details, Tone.FAINT, 3)
        if "cannotBeUndone" in step:
            yield Line(f"can't be undone: {step['cannotBeUndone']}", Tone.UNSURE, 3)


COLUMNS = ("id", "userPrincipalName", "perUserMfaState", "whatHappens", "wave", "note", "until")


def csv_rows(plan: Plan) -> Iterator[str]:
    """The header and one line a person, in the plan's order."""
    yield _csv(COLUMNS)
    for number, wave in enumerate(plan.choice.waves, 1):
        for person in wave:
            yield _csv((*_known(person), "moved", str(number), "; ".join(person.flags), ""))
    for held in plan.choice.held:
        yield _csv((held.id, held.user_principal_name, "", "held back", "", held.reason, held.until))
    for person in plan.choice.stays:
        yield _csv((*_known(person), "stays", "", "emergency access account", ""))


def _known(person: Moved) -> tuple[str, str, str]:
    return person.id, person.user_principal_name, str(person.state)


def _csv(cells: tuple[str, ...]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="").writerow([_inert(cell) for cell in cells])
    return line.getvalue()


def _inert(cell: str) -> str:
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell
