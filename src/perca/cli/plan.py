"""`perca plan`: makes a plan and proves every state that it leads through; `plan show` tells it to people and to spreadsheets.

A plan that can't be made safely is refused with its reasons. Making one writes nothing to the tenant.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from perca.app import SystemClock, SystemEntropy, bearer_of, connect, target
from perca.cli import plan_text
from perca.cli.answer import Answer, Json, View, view_of
from perca.cli.blocks import Block, Heading, Line, Tone
from perca.cli.commands import TABLE
from perca.cli.files import STREAM, object_in, read_bytes, write_json
from perca.cli.options import AsJson, SecretFile, Tenant
from perca.cli.plan_file import plan_in
from perca.cli.spans import seconds
from perca.errors import BadInput
from perca.migrate import plan as plans
from perca.migrate.evidence import legacy_use
from perca.migrate.goal import LegacyUse
from perca.migrate.plan import Options, Plan
from perca.model import NotRead, UserId, fold
from perca.model import Tenant as TenantData
from perca.wire.decode import decode
from perca.wire.snapshots import parse_snapshot

app = typer.Typer(rich_markup_mode=None, add_completion=False, help=TABLE["plan"])


class Goal(StrEnum):
    """What is to be reached."""

    GROUP = "group"
    ROLES = "roles"
    ALL_USERS = "all-users"
    STAY = "stay"
    SECURITY_DEFAULTS = "security-defaults"


@app.callback(invoke_without_command=True)
def plan(
    context: typer.Context,
    output: Annotated[
        str | None,
        typer.Option("-o", "--output", metavar="PLAN", help="The file to write; - is standard output."),
    ] = None,
    tenant: Tenant = None,
    snapshot: Annotated[
        str | None,
        typer.Option(
            "--snapshot", metavar="SNAPSHOT", help="Plan from a file; then the sign-in log is not known."
        ),
    ] = None,
    goal: Annotated[
        Goal, typer.Option("--goal", help="One policy for a group of the people moved.")
    ] = Goal.GROUP,
    emergency: Annotated[
        list[str] | None,
        typer.Option("--emergency", metavar="UPN-OR-ID", help="An emergency access account; at least two."),
    ] = None,
    without_emergency_accounts: Annotated[
        bool,
        typer.Option(
            "--without-emergency-accounts",
            help="Go on with fewer than two: nobody is kept out of harm's way.",
        ),
    ] = False,
    waves: Annotated[
        int, typer.Option("--waves", metavar="N", help="In how many groups people are moved.")
    ] = 1,
    soak: Annotated[
        str,
        typer.Option(
            "--soak", metavar="T", help="How long the policy must have acted before anything is disabled."
        ),
    ] = "24h",
    mfa_settings: Annotated[
        Path | None,
        typer.Option(
            "--mfa-settings", metavar="FILE", help="The per-user MFA service settings as you know them."
        ),
    ] = None,
    secret_file: SecretFile = None,
    json: AsJson = False,
) -> Answer | None:
    """Makes a plan; or, with `show`, shows one."""
    if context.invoked_subcommand is not None:
        return None
    _check(output, tenant, snapshot, goal, json)
    settings = object_in(str(mfa_settings)) if mfa_settings is not None else None
    wait = seconds(soak)
    if snapshot is not None:
        taken, legacy, made_at = *_from_file(snapshot, settings), SystemClock().now().isoformat()
    else:
        taken, legacy, made_at = asyncio.run(_from_tenant(tenant, secret_file, settings))
    before = parse_snapshot(taken)
    options = Options(emergency_of(before, emergency or ()), without_emergency_accounts, waves, wait)
    made = plans.make(taken, before, options, legacy, marker=SystemEntropy().guid()[:8], made_at=made_at)
    assert output is not None
    write_json(output, made.to_json())
    return Answer(
        "plan",
        lambda: {**without_snapshot(made), "file": output},
        lambda: () if output == STREAM else _made(made, output),
        codes(before),
        "walk",
        view_of(json),
    )


def _check(output: str | None, tenant: str | None, snapshot: str | None, goal: Goal, json: bool) -> None:
    if output is None:
        raise BadInput("no file for the plan was named", "give -o PLAN")
    if output == STREAM and json:
        raise BadInput("--json and a plan on standard output at once", "give -o a file")
    if tenant is not None and snapshot is not None:
        raise BadInput("--tenant and --snapshot at once", "choose one of them")
    if goal is not Goal.GROUP:
        raise BadInput(f"the goal `{goal}` is not built yet", "the goal that is: --goal group")


def _from_file(name: str, settings: Json | None) -> tuple[Json, LegacyUse]:
    data, called = read_bytes(name)
    value = decode(data, called)
    if not isinstance(value, dict) or "users" not in value:
        raise BadInput(f"`{called}` is no snapshot of a whole tenant", "take one with `perca snapshot take`")
    if settings is not None:
        value = {**value, "mfaSettings": settings}
    return value, LegacyUse(why_not="the plan was made from a file, without the sign-in log")


async def _from_tenant(
    tenant: str | None, secret_file: Path | None, settings: Json | None
) -> tuple[Json, LegacyUse, str]:
    where = target(tenant)
    async with connect(where, secret=bearer_of(where, secret_file), mfa_settings=settings) as connection:
        taken = await connection.directory.snapshot()
        legacy = await legacy_use(connection.directory, connection.clock)
        return taken, legacy, connection.clock.now().isoformat()


def emergency_of(tenant: TenantData, named: list[str] | tuple[str, ...]) -> tuple[UserId, ...]:
    """The accounts by id; a name that the data doesn't hold is left as it is, for the plan to refuse."""
    by_name = {fold(user.user_principal_name): id for id, user in tenant.users.items()}
    return tuple(dict.fromkeys(by_name.get(fold(each), UserId(fold(each))) for each in named))


def codes(before: TenantData) -> frozenset[int]:
    """3 when somebody's per-user state could not be read: they are held back, and the plan says nothing else of them."""
    unread = any(isinstance(user.per_user_mfa, NotRead) for user in before.users.values())
    return frozenset({3} if unread else ())


def without_snapshot(made: Plan) -> Json:
    """The plan's document as an answer: the snapshot within it is left out."""
    document = made.to_json()
    return {key: value for key, value in document.items() if key not in ("before", "format")}


def _made(made: Plan, output: str) -> Iterator[Block]:
    yield from plan_text.summary(made)
    yield Heading(f"The plan is in {output}. Nothing was written to the tenant.")
    yield Line(f"perca plan show {output}", Tone.FAINT, 1)
    yield Line(f"perca apply {output} --tenant TENANT", Tone.FAINT, 1)


class Form(StrEnum):
    """For whom a plan is shown."""

    TEXT = "text"
    CSV = "csv"
    POWERSHELL = "powershell"
    CHANGE_REQUEST = "change-request"


@app.command()
def show(
    file: Annotated[str, typer.Argument(metavar="PLAN", help="The plan's file.")],
    form: Annotated[Form, typer.Option("--as", help="For people, or for a spreadsheet.")] = Form.TEXT,
    json: AsJson = False,
) -> Answer:
    """Shows a plan."""
    if form in (Form.POWERSHELL, Form.CHANGE_REQUEST):
        raise BadInput(f"`--as {form}` is not built yet", "those that are: --as text, --as csv")
    shown = plan_in(file)
    view = view_of(json)
    if form is Form.CSV and view is View.TEXT:
        return Answer("plan", dict, lambda: (Line(row) for row in plan_text.csv_rows(shown)))
    return Answer("plan", lambda: without_snapshot(shown), lambda: plan_text.whole(shown), view=view)
