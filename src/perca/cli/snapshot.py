"""`perca snapshot`: `read` says what is understood of files, `take` reads a whole tenant into one.

What a tenant refuses to show is in the snapshot's `missing`, and makes the exit code 3; it is never filled in.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from perca.cli import words
from perca.cli.answer import Answer, Json, view_of
from perca.cli.blocks import Block, Heading, Line, Tone
from perca.cli.commands import TABLE
from perca.cli.files import STREAM, object_in, write_json
from perca.cli.options import AsJson, SecretFile, Tenant
from perca.errors import BadInput
from perca.wire import NotReadable, Read, ReadInPart, Row, survey

app = typer.Typer(rich_markup_mode=None, add_completion=False, help=TABLE["snapshot"])


@app.command()
def read(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH...", help="Files, or folders of .json files.")],
    json: AsJson = False,
) -> Answer:
    """Reads policy files or snapshots of any known shape, a row a file; exits 2 when one was refused."""
    rows = survey(paths)
    refused = any(isinstance(row, NotReadable) for row in rows)
    return Answer(
        "snapshot-read",
        lambda: {"files": [_row(row) for row in rows], "summary": _summary(rows)},
        lambda: _text(rows),
        frozenset({2} if refused else ()),
        "wire",
        view_of(json),
    )


_WORDS = {Read: "read", ReadInPart: "readInPart", NotReadable: "refused"}


def _row(row: Row) -> Json:
    return {"outcome": _WORDS[type(row)], **asdict(row)}


def _summary(rows: list[Row]) -> Json:
    counted = Counter(_WORDS[type(row)] for row in rows)
    return {"files": len(rows), **{word: counted[word] for word in _WORDS.values()}}


def _text(rows: list[Row]) -> Iterator[Block]:
    for row in rows:
        match row:
            case Read(path, policies, remarks):
                yield Line(f"read      {path}  ({words.counted(policies, 'policy', 'policies')})", Tone.GOOD)
            case ReadInPart(path, policies, unrecognised, remarks):
                yield Line(
                    f"in part   {path}  ({words.counted(policies, 'policy', 'policies')})", Tone.UNSURE
                )
                yield from (Line(f"not understood: {part}", Tone.FAINT, 5) for part in unrecognised)
            case NotReadable(path, reason, hint):
                yield Line(f"refused   {path}", Tone.BAD)
                yield Line(reason, depth=5)
                yield Line(f"hint: {hint}", Tone.FAINT, 5)
                remarks = ()
        yield from (Line(f"remark: {each}", Tone.FAINT, 5) for each in remarks)
    count = _summary(rows)
    yield Heading(
        f"{words.counted(count['files'], 'file')}: {count['read']} read, {count['readInPart']} read in part, {count['refused']} refused"
    )


@app.command()
def take(
    output: Annotated[
        str,
        typer.Option(
            "-o",
            "--output",
            metavar="SNAPSHOT",
            help="The file to write, packed if it ends in .gz; - is standard output.",
        ),
    ],
    tenant: Tenant = None,
    secret_file: SecretFile = None,
    mfa_settings: Annotated[
        Path | None,
        typer.Option(
            "--mfa-settings",
            metavar="FILE",
            help="The per-user MFA service settings as you know them: Graph can't read them.",
        ),
    ] = None,
    json: AsJson = False,
) -> Answer:
    """Reads a whole tenant; exits 3 when something could not be read, and names it."""
    import asyncio

    from perca.app import bearer_of, connect, target

    if json and output == STREAM:
        raise BadInput("--json and a snapshot on standard output at once", "give -o a file")
    where = target(tenant)
    settings = object_in(str(mfa_settings)) if mfa_settings is not None else None
    secret = bearer_of(where, secret_file)

    async def reading() -> Json:
        async with connect(where, secret=secret, mfa_settings=settings) as connection:
            return await connection.directory.snapshot()

    taken = asyncio.run(reading())
    write_json(output, taken)
    missing = taken["missing"]
    return Answer(
        "snapshot-take",
        lambda: _about(taken, output),
        lambda: () if output == STREAM else _taken(taken, output),
        frozenset({3} if missing else ()),
        "graph",
        view_of(json),
    )


def _about(taken: Json, output: str) -> Json:
    kinds = ("users", "groups", "policies", "namedLocations", "registrations")
    counts = {kind: len(taken[kind]) for kind in kinds if kind in taken}
    named = {name: taken.get(name) for name in ("tenantId", "displayName", "takenAt")}
    return {"file": output, **named, "counts": counts, "missing": taken["missing"]}


def _taken(taken: Json, output: str) -> Iterator[Block]:
    about = _about(taken, output)
    yield Line(
        f"{about['displayName'] or 'The tenant'} ({about['tenantId']}), read at {about['takenAt']}, is in {output}",
        Tone.GOOD,
    )
    yield Line(", ".join(f"{number:,} {_KINDS[kind]}" for kind, number in about["counts"].items()), depth=1)
    if about["missing"]:
        yield Heading("Could not be read")
        yield from (Line(f"{gap['what']}: {gap['why']}", Tone.UNSURE, 1) for gap in about["missing"])


_KINDS = {
    "users": "people",
    "groups": "groups",
    "policies": "policies",
    "namedLocations": "named locations",
    "registrations": "registrations",
}
