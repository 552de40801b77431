"""`perca policies`: `export` writes a tenant's policies as files with names for ids, `import` gives such files the ids of a tenant.

Nothing is written to a tenant. There and back into the same tenant, each policy is what it was, member by member; a name that the
tenant lacks, or has twice, refuses the whole.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from perca.cli import words
from perca.cli.answer import Answer, Json, view_of
from perca.cli.blocks import Block, Heading, Line, Tone
from perca.cli.commands import TABLE
from perca.cli.files import STREAM, read_bytes, write_json
from perca.cli.options import AsJson, Snapshot
from perca.cli.policy_files import (
    Directory,
    called,
    file_names,
    filed,
    is_about_policies,
    is_folder,
    write_folder,
)
from perca.errors import BadInput
from perca.wire import resources
from perca.wire.decode import decode
from perca.wire.exports import is_partial
from perca.wire.missing import parse_missing
from perca.wire.naming import names_in
from perca.wire.policies import parse_policy
from perca.wire.portable import Translation, named, unnamed
from perca.wire.values import JsonObject, JsonValue

app = typer.Typer(rich_markup_mode=None, add_completion=False, help=TABLE["policies"])
_JSON = (".json", ".json.gz")


@dataclass(frozen=True)
class Written:
    """What was translated, and where it is; nothing was written where something is unresolved. `missing` names policies that nobody read."""

    output: str
    translations: Sequence[Translation]
    missing: Sequence[str] = ()

    @property
    def refused(self) -> bool:
        """Whether a name stands for nothing, or for several things."""
        return any(each.unresolved for each in self.translations)


@app.command()
def export(
    snapshot: Snapshot,
    output: Annotated[
        Path, typer.Option("-o", "--output", metavar="DIR", help="The folder to make; a file a policy.")
    ],
    json: AsJson = False,
) -> Answer:
    """Writes each policy to a file, with names for ids; exits 3 when an id had to stay, and names it."""
    from perca.cli.well_known import EVERYWHERE, NAMES

    value = decode(*read_bytes(snapshot))
    found = _policies(value, snapshot)
    names = names_in(value, NAMES)
    done = [named(policy, names, EVERYWHERE) for policy in found]
    policies = [each.policy for each in done]
    write_folder(output, dict(zip(file_names(policies), policies, strict=True)))
    return _answer("policies-export", Written(str(output), done, [*_unread(value)]), json)


@app.command(name="import")
def import_(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="A folder of policy files, with names for ids or without.")
    ],
    into: Annotated[
        str,
        typer.Option(
            "--into", metavar="SNAPSHOT", help="The tenant whose ids are meant; - is standard input."
        ),
    ],
    output: Annotated[
        str,
        typer.Option(
            "-o",
            "--output",
            metavar="DIR|FILE",
            help="The folder to make, or one .json file; - is standard output.",
        ),
    ],
    json: AsJson = False,
) -> Answer:
    """Writes the policies with a tenant's ids; exits 1 when it lacks a name or has it twice, and writes nothing then."""
    from perca.cli.well_known import EVERYWHERE

    if json and output == STREAM:
        raise BadInput("--json and policies on standard output at once", "give -o a file")
    if not is_folder(str(folder)):
        raise BadInput(f"`{folder}` is no folder", "name a folder of policy files")
    names = Directory(into).names
    found = filed(folder)
    done = [unnamed(each.resource, names, EVERYWHERE) for each in found]
    written = Written(output, done)
    if not written.refused:
        policies = [each.policy for each in done]
        for each in found:
            check_policy(each.resource, f"`{each.path}`")
        if output == STREAM or output.lower().endswith(_JSON):
            write_json(output, {"value": policies})
        else:
            write_folder(Path(output), dict(zip(file_names(policies), policies, strict=True)))
    return _answer("policies-import", written, json)


def _policies(value: JsonValue, name: str) -> list[JsonObject]:
    """The policies of a snapshot or an export, each as it stands there; raises BadInput for one that can't be read."""
    if isinstance(value, dict) and "conditions" not in {key.lower() for key in value}:
        held = [item for key, item in value.items() if key.lower() == "policies"]
        if not held and {"format", "users"} & {key.lower() for key in value}:
            raise BadInput(f"`{name}` holds no policies", "take a snapshot with `perca snapshot take`")
        value = held[0] if held else value
    found = [*resources(value, name)]
    for where, each in found:
        check_policy(each, where)
    return [each for _, each in found]


def _unread(value: JsonValue) -> Iterator[str]:
    """Which policies nobody read, and why."""
    if is_partial(value):
        yield "the export is one page of several"
    for key, told in value.items() if isinstance(value, dict) else ():
        if key.lower() == "missing":
            yield from (f"{each.what}: {each.why}" for each in parse_missing(told) if is_about_policies(each))


def check_policy(policy: JsonObject, where: str) -> None:
    """Raises BadInput, which says where, for a policy that can't be read."""
    try:
        parse_policy(policy)
    except BadInput as error:
        raise BadInput(f"{where}: {error.message}", error.hint or "correct the policy") from error


def _answer(kind: str, written: Written, json: bool) -> Answer:
    carried = any(each.carried for each in written.translations)
    return Answer(
        kind,
        lambda: as_json(written),
        lambda: () if written.output == STREAM and not written.refused else as_text(written),
        frozenset([1] * written.refused + [3] * (carried or bool(written.missing))),
        "wire",
        view_of(json),
    )


def as_json(written: Written) -> Json:
    """Where the policies are, which names stand for nothing, and which ids were carried as they are."""
    each = [(_name(one), one) for one in written.translations]
    return {
        "output": None if written.refused else written.output,
        "policies": len(written.translations),
        "unresolved": [
            {"policy": name, "where": u.where, "kind": u.thing.value, "name": u.name, "why": u.why}
            for name, one in each
            for u in one.unresolved
        ],
        "notTranslated": [
            {"policy": name, "where": c.where, "id": c.id, "why": c.why}
            for name, one in each
            for c in one.carried
        ],
        "missing": list(written.missing),
    }


def as_text(written: Written) -> Iterator[Block]:
    """What was written or why not, then what was carried as it is."""
    told = as_json(written)
    if written.refused:
        yield Line("Refused: names that the tenant lacks, or has twice. Nothing was written.", Tone.BAD)
        for each in told["unresolved"]:
            yield Line(
                f"{each['policy']}: {each['where']}: {each['kind']} `{each['name']}`: {each['why']}", depth=1
            )
    else:
        count = words.counted(told["policies"], "policy", "policies")
        yield Line(f"{count} in {written.output}", Tone.GOOD)
    for each in written.missing:
        yield Line(f"not all policies were read: {each}", Tone.UNSURE, 1)
    if told["notTranslated"]:
        yield Heading("Carried as they are, and not translated")
    for each in told["notTranslated"]:
        yield Line(f"{each['policy']}: {each['where']}: {each['id']}: {each['why']}", Tone.UNSURE, 1)


def _name(done: Translation) -> str:
    return next(called(done.policy), "a policy without a name")
