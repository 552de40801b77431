"""What apply, resume and rollback share: the tenant, the journal, the person whose sign-in shows that a policy acts, the answer.

Where the tenant is stands in the journal as a note, without its secret, so that `resume` and `rollback` find it. A write to an
address needs the tenant's id said aloud once: `--yes-tenant`.
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from perca.app import Connection, EmbeddedTenant, Target, bearer_of, connect, faults, target
from perca.cli import words
from perca.cli.answer import Answer, Json, view_of
from perca.cli.blocks import Block, Heading, Line, Tone
from perca.cli.plan_file import before_of, journal_of, plan_in
from perca.cli.printable import printable
from perca.embedded import EmbeddedSignIns
from perca.errors import BadInput
from perca.migrate.journal import Journal, read_journal
from perca.migrate.plan import Plan
from perca.migrate.run import Outcome, Run
from perca.migrate.sighting import Canary
from perca.model import Tenant as TenantData
from perca.model import UserId


@dataclass(frozen=True, slots=True)
class TellsOperator:
    """Nobody here can sign in for a person: says whose sign-in is waited for."""

    before: TenantData
    say: Callable[[str], None]

    async def sign_in(self, person: UserId) -> None:
        """Asks that the person signs in."""
        self.say(f"waiting for a sign-in of {words.person(self.before, person)} to any resource")


def canary_of(connection: Connection, before: TenantData) -> Canary:
    """Whoever can have a person sign in to this tenant."""
    return (
        EmbeddedSignIns(connection.control) if connection.control is not None else TellsOperator(before, say)
    )


def say(line: str) -> None:
    """Progress, on standard error."""
    sys.stderr.write(f"{printable(line)}\n")
    sys.stderr.flush()


def where_of(plan: str, journal: Path | None) -> str:
    """The tenant that the plan's journal names; raises BadInput where it names none."""
    path = journal_of(plan, journal)
    for record in reversed(read_journal(path)):
        if record.event == "note" and "where" in record.detail:
            return str(record.detail["where"])
    raise BadInput(f"the journal `{path}` doesn't say which tenant it is about", "`perca apply` begins a run")


@contextlib.asynccontextmanager
async def run_of(
    plan_name: str,
    tenant: str | None,
    *,
    journal: Path | None,
    secret_file: Path | None,
    yes_tenant: str | None,
    begins: bool,
    wave: int | None = None,
) -> AsyncIterator[Run]:
    """A run of the plan against the tenant, ready to go. Raises BadInput for a tenant that isn't the plan's."""
    plan = plan_in(plan_name)
    check_wave(plan, wave)
    where = target(tenant)
    async with connect(
        where, secret=bearer_of(where, secret_file), mfa_settings=plan.before.get("mfaSettings")
    ) as connection:
        check_tenant(plan, connection)
        if begins:
            confirm(plan, where, connection, yes_tenant)
        with Journal(journal_of(plan_name, journal), connection.clock) as opened:
            _note(opened, where)
            before = before_of(plan)
            canary = canary_of(connection, before)
            yield Run(
                plan,
                before,
                connection.directory,
                opened,
                connection.clock,
                canary,
                faults=faults(),
                progress=_progress(plan),
            )


def check_tenant(plan: Plan, connection: Connection) -> None:
    """BadInput when the tenant isn't the plan's."""
    if connection.id != plan.tenant_id:
        raise BadInput(
            f"the tenant is `{connection.name}` ({connection.id}), and the plan's is `{plan.tenant_name}` ({plan.tenant_id})",
            "name the plan's tenant",
        )


def check_wave(plan: Plan, wave: int | None) -> None:
    """BadInput when the plan has no such wave."""
    if wave is not None and wave > len(plan.waves):
        raise BadInput(
            f"the plan has {words.counted(len(plan.waves), 'wave')}, and no wave {wave}",
            "`perca plan show` lists them",
        )


def confirm(plan: Plan, where: Target, connection: Connection, yes_tenant: str | None) -> None:
    """BadInput unless a write to an address was agreed to by the tenant's id."""
    if isinstance(where, EmbeddedTenant) or (yes_tenant or "").strip().casefold() == connection.id:
        return
    concerned = words.counted(len(plan.moved), "person", "people")
    hint = f"to go on: --yes-tenant {connection.id}; to see the requests: --dry-run"
    if yes_tenant is not None:
        raise BadInput(
            f"--yes-tenant is `{yes_tenant}`, and the tenant is `{connection.name}` ({connection.id})", hint
        )
    raise BadInput(f"this writes to `{connection.name}` ({connection.id}) and concerns {concerned}", hint)


def _note(journal: Journal, where: Target) -> None:
    """Writes down where the tenant is, once for each place."""
    text = str(where.path.absolute()) if isinstance(where, EmbeddedTenant) else place(where)
    known = [
        record.detail["where"]
        for record in journal.records
        if record.event == "note" and "where" in record.detail
    ]
    if not known or known[-1] != text:
        journal.write("", "note", where=text)


def place(where: Target) -> str:
    """The target as `--tenant` spells it."""
    match where:
        case EmbeddedTenant(path):
            return str(path)
        case _:
            return getattr(where, "url", None) or f"entra:{getattr(where, 'name', '')}"


def _progress(plan: Plan) -> Callable[[str], None]:
    does = {step.id: step for step in (*plan.steps(), *plan.undo())}

    def progress(step: str) -> None:
        from perca.migrate.words import does as in_words

        say(f"{step}: {in_words(does[step])}" if step in does else step)

    return progress


def answer(kind: str, outcome: Outcome, journal: Path, json: bool) -> Answer:
    """The answer of a run."""
    return Answer(
        kind,
        lambda: outcome_json(outcome, journal),
        lambda: _text(kind, outcome, journal),
        frozenset({1} if outcome.differences else ()),
        "walk",
        view_of(json),
    )


def outcome_json(outcome: Outcome, journal: Path) -> Json:
    """A run's outcome in the words of CONTRACT."""
    return {
        "done": outcome.done,
        "steps": dict(outcome.steps),
        "proof": {"holds": True, "combinations": str(outcome.combinations)},
        "differences": list(outcome.differences),
        "evidence": list(outcome.evidence),
        "journal": str(journal),
    }


_ENDS = {
    "apply": ("Done: everybody in the plan is moved.", "Done up to the wave asked for; more is to come."),
    "rollback": ("Done: what the plan changed is taken back.", "Not finished."),
    "resume": (
        "Done: the run that was interrupted is finished.",
        "Done up to the wave asked for; more is to come.",
    ),
}


def _text(kind: str, outcome: Outcome, journal: Path) -> Iterator[Block]:
    whole, part = _ENDS[kind]
    yield Line(whole if outcome.done else part, Tone.GOOD if outcome.done else Tone.UNSURE)
    yield Line(
        ", ".join(f"{count} {kind}" for kind, count in outcome.steps.items()) or "no step", Tone.FAINT, 1
    )
    yield Line(
        f"{words.magnitude(outcome.combinations)} sign-ins proved before the writes: at none does anybody need less than before",
        depth=1,
    )
    yield from (Line(f"seen to act: row {row} of the sign-in log", Tone.FAINT, 1) for row in outcome.evidence)
    if outcome.differences:
        yield Heading("Differences")
        yield from (Line(each, Tone.BAD, 1) for each in outcome.differences)
    yield Line(f"journal: {journal}", Tone.FAINT, 1)
