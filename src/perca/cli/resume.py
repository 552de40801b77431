"""`perca resume`: finishes whatever a plan's journal says was under way, forward or back; the tenant stands in the journal."""

from __future__ import annotations

import asyncio
from pathlib import Path

import typer

from perca.cli.answer import Answer
from perca.cli.commands import TABLE
from perca.cli.migration import answer, run_of, where_of
from perca.cli.options import AsJson, JournalFile, PlanFile, SecretFile, Tenant, YesTenant
from perca.cli.plan_file import journal_of
from perca.migrate.run import Outcome

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command(help=TABLE["resume"])
def resume(
    plan: PlanFile,
    tenant: Tenant = None,
    journal: JournalFile = None,
    yes_tenant: YesTenant = None,
    secret_file: SecretFile = None,
    json: AsJson = False,
) -> Answer:
    """The id that was agreed to for the run counts on: it is compared with the tenant's."""
    outcome = asyncio.run(_resume(plan, tenant, journal, yes_tenant, secret_file))
    return answer("resume", outcome, journal_of(plan, journal), json)


async def _resume(
    plan: str, tenant: str | None, journal: Path | None, yes: str | None, secret_file: Path | None
) -> Outcome:
    where = tenant if tenant is not None else where_of(plan, journal)
    async with run_of(
        plan, where, journal=journal, secret_file=secret_file, yes_tenant=yes, begins=False
    ) as run:
        return await run.resume()
