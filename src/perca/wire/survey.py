"""Reads files and folders of policies or snapshots, and says for each file what came of it: `perca snapshot read`.

Promises a row for every file that was asked for, and never an error of its own: read, read with the unrecognised parts named,
or refused with the reason. Of a folder, all files with a JSON name are asked for.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from perca.errors import BadInput
from perca.model import OtherNamedLocation, Tenant
from perca.wire.decode import load
from perca.wire.named import unrecognised_parts
from perca.wire.remarks import remarks
from perca.wire.snapshots import read_tenant

_SUFFIXES = (".json", ".json.gz")


@dataclass(frozen=True, slots=True)
class Read:
    """A file that was understood; `remarks` are oddities, and what the file says it lacks."""

    path: str
    policies: int
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReadInPart:
    """A file that was read; `unrecognised` names each part that isn't modelled, and the policy or place it belongs to."""

    path: str
    policies: int
    unrecognised: tuple[str, ...]
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NotReadable:
    """A file that was refused, why, and what to do."""

    path: str
    reason: str
    hint: str


Row = Read | ReadInPart | NotReadable


def survey(paths: Iterable[Path]) -> list[Row]:
    """A row for each file, in the order asked for; the files of a folder in the order of their paths."""
    return [_row(file) for path in paths for file in _files(path)]


def _files(path: Path) -> Iterator[Path]:
    if not path.is_dir():
        yield path
        return
    found = [Path(folder) / name for folder, _, files in os.walk(path) for name in files]
    wanted = sorted(file for file in found if file.name.lower().endswith(_SUFFIXES))
    yield from wanted or [path]


def _row(path: Path) -> Row:
    try:
        if path.is_dir():
            raise BadInput(f"`{path}` holds no .json file", "name a file, or another folder")
        tenant = read_tenant(load(path), str(path))
    except BadInput as error:
        return NotReadable(str(path), error.message, error.hint)
    said = (*remarks(tenant), *(f"{entry.what} could not be read: {entry.why}" for entry in tenant.missing))
    parts = tuple(_unrecognised(tenant))
    if parts:
        return ReadInPart(str(path), len(tenant.policies), parts, said)
    return Read(str(path), len(tenant.policies), said)


def _unrecognised(tenant: Tenant) -> Iterator[str]:
    for policy in tenant.policies:
        for part in unrecognised_parts(policy):
            yield f"{policy.display_name or policy.id}: {part}"
    for place in tenant.named_locations.values():
        name = place.display_name or place.id
        if isinstance(place, OtherNamedLocation):
            yield f"{name}: {place.kind or 'a location without a kind'}"
        else:
            yield from (f"{name}: {part}" for part in place.unrecognised)
