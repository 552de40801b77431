"""What the demo does, step by step, and what came of it as one value that its text, its JSON and its report are made from."""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from perca.app import Connection, embedded, over_socket
from perca.cli.demo_report import report_of
from perca.cli.files import write_bytes, write_json
from perca.cli.migration import say
from perca.cli.plan_file import journal_of
from perca.cli.plan_text import csv_rows
from perca.cli.status import Status, status_of
from perca.embedded import EmbeddedSignIns
from perca.migrate import plan as plans
from perca.migrate.evidence import legacy_use
from perca.migrate.journal import Journal, Record
from perca.migrate.plan import Json, Options, Plan
from perca.migrate.prober import Prober
from perca.migrate.restored import differences
from perca.migrate.run import Outcome, Run
from perca.migrate.steps import Step, change
from perca.migrate.verify import Verified, verify
from perca.model import Tenant, UserId
from perca.ports import SeededEntropy
from perca.report import render
from perca.tenant import Store
from perca.tenant.seed import Kind, kinds, mfa_settings, seeded
from perca.wire.snapshots import parse_snapshot

POLICY_LAG = 120.0
MEMBERS_LAG = 600.0
STATE_LAG = 60.0
"""Seconds by which the tenant's sign-in service is behind each kind of write."""


@dataclass(frozen=True, slots=True)
class Demo:
    """What was asked for. `databases` is where the tenant and its copy go."""

    people: int
    number: int
    waves: int
    socket: bool
    out: Path
    databases: Path


@dataclass(frozen=True)
class Ran:
    """Everything that came of it."""

    plan: Plan
    before: Tenant
    after: Tenant
    status_before: Status
    status_after: Status
    outcome: Outcome
    journal: tuple[Record, ...]
    prober: Prober
    verified: Verified
    rollback_differences: tuple[str, ...]
    kinds: Mapping[Kind, tuple[UserId, ...]]
    out: Path

    @property
    def empty_kinds(self) -> tuple[Kind, ...]:
        """The kinds of people of whom there is nobody: then the demo has shown nothing about them."""
        return tuple(kind for kind, people in self.kinds.items() if not people)

    @property
    def report(self) -> Path:
        """Where the report is."""
        return self.out / "report.html"


async def run(demo: Demo) -> Ran:
    """The whole road; what it writes is in `demo.out` when it returns."""
    say(f"inventing a company of {demo.people:,} people from the number {demo.number}")
    database = demo.databases / "tenant.db"
    with contextlib.closing(seeded(database, demo.people, demo.number)) as store:
        told = kinds(store)
        each = {kind: tuple(told.get(kind.value, ())) for kind in Kind}
        settings = mfa_settings(store)
        async with _connection(store, settings, demo) as connection:
            ran = await _forward(demo, connection, each)
        copy = _copy(database, demo.databases / "copy.db")
    say("taking a copy back")
    ran = replace(ran, rollback_differences=await _back(demo, ran, copy, settings))
    write_bytes(str(ran.report), render(report_of(ran)).encode())
    return ran


@contextlib.asynccontextmanager
async def _connection(store: Store, settings: Json, demo: Demo) -> AsyncIterator[Connection]:
    """The tenant, in process or over a socket; the client's own chance comes from the demo's number, so that a demo can be repeated."""
    way = over_socket if demo.socket else embedded
    async with way(store, settings, SeededEntropy(demo.number)) as connection:
        yield connection


async def _forward(demo: Demo, connection: Connection, each: Mapping[Kind, tuple[UserId, ...]]) -> Ran:
    control = connection.control
    assert control is not None
    await control.lag(policy=POLICY_LAG, members=MEMBERS_LAG, states=STATE_LAG)
    say("taking the snapshot")
    taken = await connection.directory.snapshot()
    before = parse_snapshot(taken)
    say("making the plan, and proving every state that it leads through")
    legacy = await legacy_use(connection.directory, connection.clock)
    options = Options(each[Kind.EMERGENCY], waves=demo.waves)
    marker = SeededEntropy(demo.number).guid()[:8]
    plan = plans.make(
        taken, before, options, legacy, marker=marker, made_at=connection.clock.now().isoformat()
    )
    plan_file = demo.out / "plan.json"
    write_json(str(demo.out / "before.snapshot.json"), taken)
    write_json(str(plan_file), plan.to_json())
    write_bytes(str(demo.out / "plan.csv"), ("\n".join(csv_rows(plan)) + "\n").encode())
    journal_file = journal_of(str(plan_file), None)
    journal_file.unlink(missing_ok=True)

    service = EmbeddedSignIns(control)
    prober = Prober(before, plan.concerned, options.emergency, service)
    with Journal(journal_file, connection.clock) as journal:
        outcome = await _apply(plan, before, connection, journal, service, prober)
        records = tuple(journal.records)
    await connection.clock.sleep(2 * max(POLICY_LAG, MEMBERS_LAG, STATE_LAG))
    await _look(prober, "afterwards", everything=True)
    say("reading the tenant afresh and checking the promise")
    taken_after = await connection.directory.snapshot()
    write_json(str(demo.out / "after.snapshot.json"), taken_after)
    after = parse_snapshot(taken_after)
    return Ran(
        plan,
        before,
        after,
        status_of(before),
        status_of(after),
        outcome,
        records,
        prober,
        verify(plan, before, after),
        (),
        each,
        demo.out,
    )


async def _apply(
    plan: Plan,
    before: Tenant,
    connection: Connection,
    journal: Journal,
    service: EmbeddedSignIns,
    prober: Prober,
) -> Outcome:
    """Carries the plan out; the prober looks before, and after each write while it is still settling."""
    await _look(prober, "before")

    async def between(step: Step) -> None:
        if change(step.action) is not None:
            await _look(prober, step.id)

    run = Run(
        plan,
        before,
        connection.directory,
        journal,
        connection.clock,
        service,
        progress=lambda step: say(f"step {step}"),
        between=between,
    )
    return await run.apply()


async def _look(prober: Prober, when: str, *, everything: bool = False) -> None:
    found = await prober.round(when, everything=everything)
    say(f"  prober, {when}: {'nobody got in without MFA' if not found else f'{found} failures'}")


def _copy(database: Path, copy: Path) -> Path:
    """A copy of the database as it is at one moment, whoever has it open."""
    with (
        contextlib.closing(sqlite3.connect(database)) as source,
        contextlib.closing(sqlite3.connect(copy)) as to,
    ):
        source.backup(to)
    return copy


async def _back(demo: Demo, ran: Ran, copy: Path, settings: Json) -> tuple[str, ...]:
    """Takes the copy back with a copy of the journal, and says what differs from the snapshot then."""
    journal_file = demo.databases / "rollback.journal.jsonl"
    shutil.copy(journal_of(str(demo.out / "plan.json"), None), journal_file)
    with contextlib.closing(Store.open(copy)) as store:
        async with _connection(store, settings, demo) as connection:
            assert connection.control is not None
            service = EmbeddedSignIns(connection.control)
            with Journal(journal_file, connection.clock) as journal:
                await Run(
                    ran.plan, ran.before, connection.directory, journal, connection.clock, service
                ).rollback()
            return differences(ran.plan, ran.plan.before, await connection.directory.snapshot())
