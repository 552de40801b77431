"""`perca apply`: carries a plan out, proving the promise again before each write. `--dry-run` prints the exact requests and sends none."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from perca.cli.answer import Answer
from perca.cli.commands import TABLE
from perca.cli.migration import answer, run_of
from perca.cli.options import AsJson, JournalFile, PlanFile, SecretFile, Tenant, Wave, YesTenant
from perca.cli.plan_file import journal_of
from perca.cli.spans import seconds
from perca.migrate.run import Outcome

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command(help=TABLE["apply"])
def apply(
    plan: PlanFile,
    tenant: Tenant = None,
    wave: Wave = None,
    soak: Annotated[
        str | None,
        typer.Option(
            "--soak",
            metavar="T",
            help="Another time than the plan's to wait after the policy was seen to act.",
        ),
    ] = None,
    journal: JournalFile = None,
    yes_tenant: YesTenant = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Print the exact requests, and send none.")
    ] = False,
    secret_file: SecretFile = None,
    json: AsJson = False,
) -> Answer:
    """Exits 0 when the steps asked for are done, 1 when a need no longer holds."""
    wait = None if soak is None else seconds(soak)
    if dry_run:
        from perca.cli.dry_run import requests

        return requests(plan, tenant, wave, secret_file, json)
    outcome = asyncio.run(_apply(plan, tenant, wave, wait, journal, yes_tenant, secret_file))
    return answer("apply", outcome, journal_of(plan, journal), json)


async def _apply(
    plan: str,
    tenant: str | None,
    wave: int | None,
    soak: float | None,
    journal: Path | None,
    yes: str | None,
    secret_file: Path | None,
) -> Outcome:
    async with run_of(
        plan, tenant, journal=journal, secret_file=secret_file, yes_tenant=yes, begins=True, wave=wave
    ) as run:
        run.soak = soak
        return await run.apply(wave=wave)
