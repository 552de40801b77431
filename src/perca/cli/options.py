"""The options that several commands share, each spelled once."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

AsJson = Annotated[
    bool, typer.Option("--json", help="One JSON object on standard output, and nothing else there.")
]
Snapshot = Annotated[
    str, typer.Argument(metavar="SNAPSHOT", help="A snapshot or a policy export; - is standard input.")
]
Tenant = Annotated[
    str | None,
    typer.Option(
        "--tenant",
        metavar="TENANT",
        help="A Perca database, an http(s) Graph root, or entra:DOMAIN-OR-ID. Else PERCA_TENANT.",
    ),
]
SecretFile = Annotated[
    Path | None,
    typer.Option("--secret-file", metavar="FILE", help="The bearer secret of an address. Else PERCA_SECRET."),
]
PlanFile = Annotated[str, typer.Argument(metavar="PLAN", help="The plan's file.")]
JournalFile = Annotated[
    Path | None,
    typer.Option("--journal", metavar="FILE", help="The journal, if it isn't beside the plan."),
]
YesTenant = Annotated[
    str | None,
    typer.Option(
        "--yes-tenant", metavar="ID", help="The id of the tenant that may be written to, for an address."
    ),
]
Wave = Annotated[
    int | None,
    typer.Option("--wave", metavar="N", min=1, help="Up to this wave; in a rollback, this wave alone."),
]


class Shape(StrEnum):
    """What tools that review changes read."""

    SARIF = "sarif"
    JUNIT = "junit"


As = Annotated[
    Shape | None, typer.Option("--as", help="For a tool that reviews changes, on standard output.")
]
AcceptedFile = Annotated[
    Path | None,
    typer.Option(
        "--accepted",
        metavar="FILE",
        help="Findings that somebody answers for until a date: they don't count for the exit code.",
    ),
]
DirectoryFile = Annotated[
    str | None,
    typer.Option(
        "--directory",
        metavar="SNAPSHOT",
        help="Where people, groups and places come from, for policies that come without.",
    ),
]
