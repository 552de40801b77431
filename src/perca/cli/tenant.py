"""`perca tenant`: `seed` invents a company, `import` loads policies into it, `serve` lets any Graph client ask it.

The one place where a Perca database is made. A served tenant listens on the loopback interface alone, behind a bearer secret.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from perca.cli import words
from perca.cli.answer import Answer, Json, view_of
from perca.cli.blocks import Block, Heading, Line, Table, Tone
from perca.cli.commands import TABLE
from perca.cli.options import AsJson, SecretFile
from perca.errors import BadInput
from perca.tenant import Store

if TYPE_CHECKING:
    from perca.tenant.importing import ImportResult

app = typer.Typer(rich_markup_mode=None, add_completion=False, help=TABLE["tenant"])
Database = Annotated[Path, typer.Option("--db", metavar="FILE", help="The Perca database.")]


@app.command()
def seed(
    database: Database,
    people: Annotated[int, typer.Option("--people", metavar="N", help="How many people.")] = 2000,
    number: Annotated[
        int, typer.Option("--seed", metavar="S", help="The number that the company is invented from.")
    ] = 1,
    json: AsJson = False,
) -> Answer:
    """Invents a company: the same for the same numbers."""
    from perca.tenant.seed import kinds, seeded

    store = seeded(database, people, number)
    try:
        each = {kind: len(members) for kind, members in kinds(store).items()}
        about = {"database": str(database), **_identity(store), "people": sum(each.values()), "kinds": each}
    finally:
        store.close()
    return Answer("tenant-seed", lambda: about, lambda: _seeded(about), view=view_of(json))


def _identity(store: Store) -> Json:
    with store.reading() as now:
        return {"tenantId": now.setting("tenantId"), "displayName": now.all("organization")[0]["displayName"]}


def _seeded(about: Json) -> Iterator[Block]:
    yield Line(
        f"{about['displayName']} ({about['tenantId']}): {words.counted(about['people'], 'person', 'people')}, in {about['database']}",
        Tone.GOOD,
    )
    yield Table(
        ("kind", "#people"), tuple((words.kind(kind), f"{count:,}") for kind, count in about["kinds"].items())
    )


@app.command("import")
def import_(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH...", help="Policy files, or folders of them.")],
    database: Database,
    create_missing: Annotated[
        bool,
        typer.Option(
            "--create-missing", help="Create groups, locations and strengths that policies name, empty."
        ),
    ] = False,
    exclude_emergency: Annotated[
        bool, typer.Option("--exclude-emergency", help="Exclude the emergency accounts from each policy.")
    ] = False,
    json: AsJson = False,
) -> Answer:
    """Loads policies into a database; exits 1 when one was refused."""
    from perca.tenant.importing import import_files

    with _opened(database) as store:
        result = import_files(
            store, paths, create_missing=create_missing, exclude_emergency=exclude_emergency
        )
    return Answer(
        "tenant-import",
        lambda: _imported_json(database, result),
        lambda: _imported(database, result),
        frozenset({2} if result.refused else ()),
        view=view_of(json),
    )


@contextlib.contextmanager
def _opened(database: Path) -> Iterator[Store]:
    """The database; a new one if there is none, which stays only if all goes well."""
    is_new = not database.exists()
    store = Store.create(database) if is_new else Store.open(database)
    try:
        yield store
    except BaseException:
        store.close()
        if is_new:
            for end in ("", "-wal", "-shm"):
                Path(f"{database}{end}").unlink(missing_ok=True)
        raise
    store.close()


def _imported_json(database: Path, result: ImportResult) -> Json:
    return {
        "database": str(database),
        "stored": [asdict(each) for each in result.stored],
        "refused": [asdict(each) for each in result.refused],
        "created": [asdict(each) for each in result.made],
        "excluded": list(result.excluded),
        "remarks": list(result.remarks),
    }


def _imported(database: Path, result: ImportResult) -> Iterator[Block]:
    stored, refused = len(result.stored), len(result.refused)
    tone = Tone.UNSURE if refused else Tone.GOOD
    yield Line(f"{words.counted(stored, 'policy is', 'policies are')} in {database}, {refused} refused", tone)
    if result.excluded:
        yield Line(f"each excludes {words.counted(len(result.excluded), 'emergency account')}", depth=1)
    if result.refused:
        yield Heading("Refused")
        for each in result.refused:
            yield Line(f"{each.display_name or each.where}: {each.reason}", Tone.BAD, 1)
    if result.made:
        yield Heading("Created, empty")
        yield Table(("what", "name", "id"), tuple((each.kind, each.name, each.id) for each in result.made))
    if result.remarks:
        yield Heading("Remarks")
        yield from (Line(each, Tone.FAINT, 1) for each in result.remarks)


@app.command()
def serve(
    database: Database,
    port: Annotated[
        int,
        typer.Option(
            "--port", help="The port on the loopback interface; 0 takes any free one.", min=0, max=65535
        ),
    ] = 0,
    page_size: Annotated[
        int | None, typer.Option("--page-size", min=1, help="The most rows of a page.")
    ] = None,
    throttle: Annotated[
        str, typer.Option("--throttle", metavar="on|off", help="Microsoft's limits, in virtual time.")
    ] = "off",
    lag: Annotated[
        str | None,
        typer.Option(
            "--lag",
            metavar="KIND=T,...",
            help="How far the sign-in service is behind: policy=120s,members=600s,states=0s.",
        ),
    ] = None,
    faults: Annotated[
        str | None,
        typer.Option("--faults", metavar="KIND=...,...", help="429=RATE,503=RATE,deny=PATH."),
    ] = None,
    tls: Annotated[bool, typer.Option("--tls", help="Not built yet.", hidden=True)] = False,
    secret_file: SecretFile = None,
) -> None:
    """Serves a database until interrupted; the address is the first line of standard output."""
    from perca.app import bearer_secret
    from perca.cli import serving
    from perca.tenant import application
    from perca.tenant import serve as serve_app

    if tls:
        raise BadInput(
            "--tls is not built yet", "leave it out: the tenant is served on the loopback interface"
        )
    if throttle not in ("on", "off"):
        raise BadInput(f"`--throttle {throttle}` makes no sense", "on or off")
    secret = bearer_secret(secret_file)
    if not secret:
        raise BadInput("a served tenant needs a secret", "set PERCA_SECRET, or give --secret-file FILE")
    store = Store.open(database)
    try:
        serving.set_lags(store, lag)
        served = application(
            store,
            secret=secret,
            page_size=page_size,
            throttle=throttle == "on",
            **serving.faults(faults),
        )
        serve_app(served, port=port, started=_say_address)
    finally:
        store.close()


def _say_address(address: str) -> None:
    typer.echo(address)
