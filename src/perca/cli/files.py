"""Files as arguments: `-` is standard input or output, and what is written is written whole or not at all."""

from __future__ import annotations

import gc
import gzip
import os
import sys
from pathlib import Path

import msgspec

from perca.cli.answer import Json
from perca.errors import BadInput
from perca.model import Tenant
from perca.wire.decode import MAX_BYTES, decode, load
from perca.wire.snapshots import read_tenant

STREAM = "-"


def read_bytes(name: str) -> tuple[bytes, str]:
    """The bytes, and what errors call them."""
    if name != STREAM:
        return load(Path(name)), name
    data = sys.stdin.buffer.read(MAX_BYTES + 1)
    return data, "standard input"


def tenant_in(name: str) -> Tenant:
    """The tenant that a snapshot file describes.

    The collector of cycles never looks at it again: a command holds it to its end, and it may be of a million people.
    """
    tenant = read_tenant(*read_bytes(name))
    gc.freeze()
    return tenant


def object_in(name: str) -> Json:
    """The JSON object in a file; raises BadInput when it is anything else."""
    data, called = read_bytes(name)
    value = decode(data, called)
    if not isinstance(value, dict):
        raise BadInput(f"`{called}` holds no JSON object", "check the file")
    return value


def write_json(name: str, value: Json) -> None:
    """Writes the value as indented JSON, packed where the name ends in `.gz`."""
    data = msgspec.json.format(msgspec.json.encode(value), indent=1) + b"\n"
    write_bytes(name, gzip.compress(data, mtime=0) if name.endswith(".gz") else data)


def write_bytes(name: str, data: bytes) -> None:
    """Writes the file: either all of it is there afterwards, or what was there before."""
    if name == STREAM:
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        return
    path = Path(name)
    new = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        with new.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        new.replace(path)
    except OSError as error:
        new.unlink(missing_ok=True)
        raise BadInput(
            f"`{name}` can't be written: {(error.strerror or str(error)).lower()}",
            "name a file in a folder that is there",
        ) from error
