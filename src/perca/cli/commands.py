"""All commands by name, each with its one line; a command's file is imported when the command is run, and not before.

So `perca --help` costs nothing but this table, and a test compares the lines with the commands' own.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Annotated

import typer
from typer.core import TyperGroup

from perca import __version__
from perca.errors import BadInput

if TYPE_CHECKING:
    from typer._click import Command, Context, HelpFormatter  # the classes that typer's own group speaks of

TABLE = {
    "demo": "moves an invented tenant to Conditional Access, end to end, and writes the report",
    "snapshot": "reads a tenant into a file; or policy files, to say what is understood of them",
    "status": "each person's MFA: always, sometimes or never, and by which source",
    "explain": "one sign-in: its outcome, who asks for MFA, and why each policy applies or doesn't",
    "prove": "is MFA (or a block) required at every sign-in of these people?",
    "diff": "is one tenant never weaker than another, and where does it ask for less, more, or something else?",
    "gaps": "where MFA isn't required, why, and the smallest repair; and what only looks like cover",
    "lockouts": "who can't get in, or one day won't: emergency accounts, administrators, registration, strengths",
    "policies": "policies as files with names for ids, and back to the ids of a tenant",
    "plan": "the way from per-user MFA to Conditional Access, proved step by step",
    "apply": "carries a plan out",
    "resume": "finishes a run that was interrupted",
    "verify": "checks a tenant against a plan's promise",
    "rollback": "restores what a plan changed",
    "tenant": "invents, loads and serves an embedded tenant",
}
"""Name and line; the module of a command is `perca.cli.NAME`."""


class Commands(TyperGroup):
    """The group of all commands."""

    def list_commands(self, ctx: Context) -> list[str]:
        """The names, in the order of a migration."""
        return list(TABLE)

    def get_command(self, ctx: Context, cmd_name: str) -> Command | None:
        """The command, its file imported; None for a name that isn't one."""
        if cmd_name not in TABLE:
            return None
        return typer.main.get_command(import_module(f"perca.cli.{cmd_name}").app)

    def format_commands(self, ctx: Context, formatter: HelpFormatter) -> None:
        """Writes the table, importing nothing."""
        with formatter.section("Commands"):
            formatter.write_dl(list(TABLE.items()))


app = typer.Typer(
    cls=Commands,
    rich_markup_mode=None,
    add_completion=False,
    help=(
        "Moves a Microsoft Entra tenant from per-user MFA to Conditional Access, and proves that nobody loses MFA on the way."
    ),
)


@app.callback(invoke_without_command=True)
def perca(
    context: typer.Context,
    version: Annotated[
        bool, typer.Option("--version", is_eager=True, help="The version, and nothing else.")
    ] = False,
) -> None:
    """Options of the program itself."""
    if version:
        typer.echo(__version__)
        raise typer.Exit
    if context.invoked_subcommand is None:
        raise BadInput("no command was named", "`perca --help` lists them")


COMMANDS = typer.main.get_command(app)
