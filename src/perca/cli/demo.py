"""`perca demo`: the whole road once, on an invented tenant: seed, snapshot, plan, apply in waves with the prober looking, verify, and a
copy taken back; then the report.

Nothing here is staged: it is the commands' own code against the embedded tenant, whose sign-in service lags behind every write.
"""

from __future__ import annotations

import asyncio
import contextlib
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from perca.cli import demo_text
from perca.cli.answer import Answer, view_of
from perca.cli.commands import TABLE
from perca.cli.demo_run import Demo, Ran, run
from perca.cli.options import AsJson
from perca.errors import BadInput

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command(help=TABLE["demo"])
def demo(
    people: Annotated[
        int, typer.Option("--people", metavar="N", help="How many people the company has.")
    ] = 2000,
    out: Annotated[
        Path, typer.Option("--out", metavar="DIR", help="Where the report, the plan and the journal go.")
    ] = Path("perca-demo"),
    keep: Annotated[bool, typer.Option("--keep", help="Keep the databases, too.")] = False,
    number: Annotated[
        int, typer.Option("--seed", metavar="S", help="The number that the company is invented from.")
    ] = 1,
    waves: Annotated[
        int, typer.Option("--waves", metavar="N", min=1, help="In how many waves people are moved.")
    ] = 3,
    socket: Annotated[
        bool, typer.Option("--socket", help="Serve the tenant on the loopback interface and ask it there.")
    ] = False,
    json: AsJson = False,
) -> Answer:
    """Exits 1 when anything that it claims doesn't hold."""
    with _folder(out, keep) as databases:
        ran = asyncio.run(run(Demo(people, number, waves, socket, out, databases)))
    kept = databases if keep else None
    return Answer(
        "demo",
        lambda: demo_text.as_json(ran, kept),
        lambda: demo_text.as_text(ran, kept),
        codes(ran),
        "walk",
        view_of(json),
    )


def codes(ran: Ran) -> frozenset[int]:
    """1 for a finding, 3 for what isn't assessed."""
    broken = ran.prober.gaps or ran.rollback_differences or ran.verified.holds is False or ran.empty_kinds
    return frozenset({1} if broken else ()) | frozenset({3} if ran.verified.holds is None else ())


@contextlib.contextmanager
def _folder(out: Path, keep: bool) -> Iterator[Path]:
    """Makes the folder; yields where the databases go: there if they are kept, else somewhere that is gone afterwards."""
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BadInput(
            f"`{out}` can't be made: {(error.strerror or str(error)).lower()}",
            "name another folder with --out",
        ) from error
    if keep:
        yield out
        return
    with tempfile.TemporaryDirectory(prefix="perca-demo-") as folder:
        yield Path(folder)
