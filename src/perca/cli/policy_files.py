"""Policies as files: a folder read as one set, each policy with the file and the line where it stands; and a folder written whole.

A folder holds policy files alone, of any shape that tools write, or with names for ids. What else belongs to a tenant comes from a
snapshot beside it, so that a set without people is never taken for one about everybody.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import re
import shutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec

from perca.cli.answer import Json
from perca.cli.files import STREAM, read_bytes
from perca.errors import BadInput
from perca.model import ConditionalAccessPolicy, Missing, PolicyId, Tenant
from perca.wire import NotReadable, has_own_id, read_policies, resources, survey
from perca.wire.decode import decode, load
from perca.wire.exports import is_partial
from perca.wire.naming import Names, names_in
from perca.wire.policies import made_up_id
from perca.wire.portable import Unresolved, speaks_of_names, unnamed
from perca.wire.snapshots import POLICIES, read_tenant
from perca.wire.values import JsonObject, JsonValue

WITHOUT_PEOPLE = (
    "add --directory SNAPSHOT: a snapshot with the people, groups and places that the policies speak of"
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a policy stands: a file, and the line."""

    path: str
    line: int


@dataclass(frozen=True, slots=True)
class Filed:
    """A policy as it stands in a file, which is not translated; `number` counts within the file."""

    path: Path
    number: int
    resource: JsonObject


def is_folder(name: str) -> bool:
    """Whether the argument names a folder."""
    return name != STREAM and Path(name).is_dir()


def filed(folder: Path) -> list[Filed]:
    """All policies of a folder's files, in the order of the paths; raises BadInput where a file isn't one of policies."""
    return [each for path in _files(folder) for each in _filed(path)]


def _files(folder: Path) -> list[Path]:
    rows = survey([folder])
    for row in rows:
        if isinstance(row, NotReadable):
            raise BadInput(row.reason, row.hint or "correct the file")
    return [Path(row.path) for row in rows]


def _filed(path: Path) -> Iterator[Filed]:
    value = decode(load(path), str(path))
    if isinstance(value, dict) and {"users", "format"} & {key.lower() for key in value}:
        raise BadInput(
            f"`{path}` is a snapshot, and the folder is read as policies", "name it with --directory"
        )
    if is_partial(value):
        raise BadInput(
            f"`{path}` is one page of several", "export all pages: a policy that isn't there may be the one"
        )
    for number, (_, resource) in enumerate(resources(value, str(path))):
        yield Filed(path, number, resource)


class Directory:
    """A snapshot that gives people, groups and places to policies that come from elsewhere."""

    def __init__(self, name: str) -> None:
        data, self.called = read_bytes(name)
        self.tenant = read_tenant(data, self.called)
        self._data = data
        self._names: Names | None = None

    @property
    def names(self) -> Names:
        """The names of its things."""
        if self._names is None:
            from perca.cli.well_known import NAMES

            self._names = names_in(decode(self._data, self.called), NAMES)
        return self._names


def tenant_of(name: str, directory: Directory | None = None) -> Tenant:
    """The tenant that a snapshot describes, or a folder of policy files; with a directory, all but the policies is the directory's."""
    if is_folder(name):
        if directory is None:
            raise BadInput(f"the folder `{name}` holds policies and no people", WITHOUT_PEOPLE)
        return _with_policies(directory.tenant, policies_of(Path(name), directory))
    tenant = read_tenant(*read_bytes(name))
    if directory is not None:
        unread = tuple(each for each in tenant.missing if is_about_policies(each))
        return _with_policies(directory.tenant, tenant.policies, unread)
    return tenant


def tenant_in(name: str, directory: str | None) -> Tenant:
    """The same, of the one file or folder that a command asks about."""
    if name == directory == STREAM:
        raise BadInput("standard input can't be two files", "name one of them")
    return tenant_of(name, None if directory is None else Directory(directory))


def _with_policies(
    tenant: Tenant, policies: tuple[ConditionalAccessPolicy, ...], unread: tuple[Missing, ...] = ()
) -> Tenant:
    others = tuple(each for each in tenant.missing if not is_about_policies(each))
    return replace(tenant, policies=policies, missing=(*others, *unread))


def is_about_policies(missing: Missing) -> bool:
    """Whether what could not be read is a policy, or all of them."""
    return missing.what.strip("/").startswith(POLICIES)


def policies_of(folder: Path, directory: Directory) -> tuple[ConditionalAccessPolicy, ...]:
    """The folder's policies, names resolved in the directory; one without an id has one by its file that no other change moves."""
    found = filed(folder)
    read = read_policies([_with_ids(each, directory) for each in found], str(folder))
    return tuple(
        policy if has_own_id(policy) else replace(policy, id=_made_up(folder, each))
        for policy, each in zip(read, found, strict=True)
    )


def _made_up(folder: Path, each: Filed) -> PolicyId:
    where = f"{each.path.relative_to(folder).as_posix()}\x1f{each.number}"
    return made_up_id(int(hashlib.sha256(where.encode()).hexdigest()[:15], 16))


def _with_ids(each: Filed, directory: Directory) -> JsonValue:
    if not speaks_of_names(each.resource):
        return each.resource
    from perca.cli.well_known import EVERYWHERE

    done = unnamed(each.resource, directory.names, EVERYWHERE)
    if done.unresolved:
        wrong = "; ".join(map(in_words, done.unresolved))
        raise BadInput(
            f"`{each.path}` names what `{directory.called}` doesn't hold once: {wrong}",
            "name things as the directory does",
        )
    return done.policy


def in_words(unresolved: Unresolved) -> str:
    """The name, and why it stands for nothing."""
    return f"{unresolved.thing.value} `{unresolved.name}`: {unresolved.why}"


def places(names: Iterable[str], wanted: Iterable[str]) -> Mapping[str, Place]:
    """Where each of these policies stands, by its id; the first of the files and folders counts."""
    sought, found = frozenset(wanted), dict[str, Place]()
    for name in names:
        if name == STREAM:
            continue
        for id, place in _in_folder(Path(name)) if is_folder(name) else _in_file(Path(name), sought):
            found.setdefault(id, place)
    return {id: place for id, place in found.items() if id in sought}


def _in_folder(folder: Path) -> Iterator[tuple[str, Place]]:
    found = filed(folder)
    read = read_policies([_bare(each.resource) for each in found], str(folder))
    for policy, each in zip(read, found, strict=True):
        id = policy.id if has_own_id(policy) else _made_up(folder, each)
        line = dict(_lines(each.path, frozenset({policy.id}))).get(policy.id, 1)
        yield id, Place(str(each.path), line)


def _bare(resource: JsonObject) -> JsonValue:
    """The resource with nothing but what gives it its id."""
    return {**{key: value for key, value in resource.items() if key.lower() == "id"}, "conditions": {}}


def _in_file(path: Path, sought: frozenset[str]) -> Iterator[tuple[str, Place]]:
    lines = dict(_lines(path, sought))
    for id in sought:
        yield id, Place(str(path), lines.get(id, 1))


_ID = re.compile(r'"id"\s*:\s*"([^"\\]+)"', re.IGNORECASE)


def _lines(path: Path, sought: frozenset[str]) -> Iterator[tuple[str, int]]:
    """The lines of the file on which these ids are given to something, each id's first."""
    text, line, start, seen = _text(path), 1, 0, set[str]()
    for match in _ID.finditer(text):
        id = match[1].strip().lower()
        if id in sought and id not in seen:
            line += text.count("\n", start, match.start())
            start = match.start()
            seen.add(id)
            yield id, line


def _text(path: Path) -> str:
    data = load(path)
    data = gzip.decompress(data) if data.startswith(b"\x1f\x8b") else data
    return data.decode(json.detect_encoding(data), errors="replace")


def file_names(policies: Iterable[JsonObject]) -> list[str]:
    """A name for each policy's file, after the policy's own; where several would have the same, with a number."""
    given, names = set[str](), []
    for policy in policies:
        wanted = name = _file_name(policy)
        number = 1
        while name.casefold() in given:
            number += 1
            name = f"{wanted} ({number})"
        given.add(name.casefold())
        names.append(f"{name}.json")
    return names


_UNFIT = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*\ud800-\udfff]+')


def _file_name(policy: JsonObject) -> str:
    fit = (_UNFIT.sub("_", text).strip(" .")[:80].strip(" .") for text in called(policy))
    return next((text for text in fit if text), "policy")


def called(policy: JsonObject) -> Iterator[str]:
    """What the policy is called: its name, then its id, as far as it has them."""
    for wanted in ("displayname", "id"):
        yield from (
            value
            for key, value in policy.items()
            if key.lower() == wanted
            if isinstance(value, str) and value
        )


def write_folder(folder: Path, files: Mapping[str, Json]) -> None:
    """Writes the folder: either all files are there afterwards, or nothing. Raises BadInput where it is there and isn't empty."""
    new = folder.with_name(f".{folder.name}.{os.getpid()}.new")
    try:
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise BadInput(
                f"`{folder}` is there, and isn't an empty folder", "name a new folder, or empty it"
            )
        new.mkdir()
        for name, policy in files.items():
            (new / name).write_bytes(msgspec.json.format(msgspec.json.encode(policy), indent=2) + b"\n")
        new.replace(folder)
    except OSError as error:
        raise BadInput(
            f"`{folder}` can't be written: {(error.strerror or str(error)).lower()}",
            "name a folder within one that is there",
        ) from error
    finally:
        shutil.rmtree(new, ignore_errors=True)
