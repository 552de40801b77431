"""`perca rollback`: takes back what a plan changed, in mirrored order: per-user MFA is on and read back before the policy goes off."""

from __future__ import annotations

import asyncio
from pathlib import Path

import typer

from perca.cli.answer import Answer
from perca.cli.commands import TABLE
from perca.cli.migration import answer, run_of, where_of
from perca.cli.options import AsJson, JournalFile, PlanFile, SecretFile, Tenant, Wave, YesTenant
from perca.cli.plan_file import journal_of
from perca.migrate.run import Outcome

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command(help=TABLE["rollback"])
def rollback(
    plan: PlanFile,
    wave: Wave = None,
    tenant: Tenant = None,
    journal: JournalFile = None,
    yes_tenant: YesTenant = None,
    secret_file: SecretFile = None,
    json: AsJson = False,
) -> Answer:
    """Takes everything back, or one wave; what can't come back exactly stands in the plan."""
    outcome = asyncio.run(_rollback(plan, wave, tenant, journal, yes_tenant, secret_file))
    return answer("rollback", outcome, journal_of(plan, journal), json)


async def _rollback(
    plan: str,
    wave: int | None,
    tenant: str | None,
    journal: Path | None,
    yes: str | None,
    secret_file: Path | None,
) -> Outcome:
    where = tenant if tenant is not None else where_of(plan, journal)
    async with run_of(
        plan, where, journal=journal, secret_file=secret_file, yes_tenant=yes, begins=False, wave=wave
    ) as run:
        return await run.rollback(wave=wave)
