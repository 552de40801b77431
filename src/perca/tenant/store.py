"""The embedded tenant's file: one SQLite database, opened by as many processes as like.

Promises that a request is one transaction, that readers see one moment and don't wait for a writer, and that every write
to a policy, a membership or a per-user state leaves its old value and its virtual time in `changes`. Identifiers come from
the seed number and a counter in the file, so the same run gives the same ones, in whichever process.
"""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

from perca.errors import BadInput, RemoteFailed
from perca.tenant import schema
from perca.tenant.guid import made_guid
from perca.tenant.json import loads
from perca.tenant.records import Name, Reading, Writing, begin
from perca.tenant.time import START, micros

APPLICATION_ID = 0x50455243
"""`PERC` in the header of the file, by which a Perca database is known."""
VERSION = 1


def tenant_name(number: int) -> Name:
    """The name of the tenant that a seed number stands for."""
    guid = made_guid(number, "tenant")
    return Name(guid, "Ostrava Instruments", f"ostrava{number}.onmicrosoft.com")


class Store:
    """An open embedded tenant. Every use of it stands in `with store.reading()` or `with store.writing()`."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self.path = path
        self._connection = connection
        self._lock = threading.RLock()
        row = connection.execute(schema.GET_SETTING.text, {"name": "number"}).fetchone()
        self.number = int(loads(row[0]))

    @classmethod
    def create(cls, path: Path, *, number: int = 0, name: Name | None = None) -> Store:
        """Makes a new, empty tenant. BadInput when the file is already there."""
        if path.exists():
            raise BadInput(f"`{path}` is already there", "name a new file, or delete that one first")
        try:
            connection = _connect(path, create=True)
        except sqlite3.Error as error:
            raise BadInput(
                f"`{path}` can't be created: {error}", "is the folder there, and may you write to it?"
            ) from error
        name = name or tenant_name(number)
        with _transaction(connection, "IMMEDIATE"):
            connection.execute(f"PRAGMA application_id={APPLICATION_ID}")
            connection.execute(f"PRAGMA user_version={VERSION}")
            for definition in schema.definitions():
                connection.execute(definition)
            begin(connection, number, micros(START), name)
        connection.execute("PRAGMA journal_mode=WAL")
        return cls(connection, path)

    @classmethod
    def open(cls, path: Path) -> Store:
        """Opens an existing tenant. BadInput when there is none, or the file is something else."""
        _look(path)
        try:
            connection = _connect(path, create=False)
            connection.execute("SELECT one FROM clock").fetchone()
            return cls(connection, path)
        except (sqlite3.Error, TypeError, ValueError) as error:
            hint = "may you write to it? a damaged one is made anew with `perca tenant seed`"
            raise BadInput(f"`{path}` can't be opened: {error}", hint) from error

    @contextlib.contextmanager
    def reading(self) -> Iterator[Reading]:
        """The tenant at one moment."""
        with self._lock, self._failing_in_words(), _transaction(self._connection, "DEFERRED"):
            yield Reading(self._connection, self.number)

    @contextlib.contextmanager
    def writing(self) -> Iterator[Writing]:
        """The tenant, to be changed: all of it or, when the block raises, nothing."""
        with self._lock, self._failing_in_words(), _transaction(self._connection, "IMMEDIATE"):
            writing = Writing(self._connection, self.number)
            yield writing
            writing.finish()

    @contextlib.contextmanager
    def _failing_in_words(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.OperationalError as error:  # locked for too long, a full disk: nothing of ours
            hint = "is another program at it, or the disk full? then try again"
            raise RemoteFailed(f"the database `{self.path}` failed: {error}", hint) from error

    def close(self) -> None:
        """Lets go of the file."""
        with self._lock:
            self._connection.close()


def _connect(path: Path, *, create: bool) -> sqlite3.Connection:
    mode = "rwc" if create else "rw"
    uri = f"{path.absolute().as_uri()}?mode={mode}"
    connection = sqlite3.connect(uri, uri=True, isolation_level=None, check_same_thread=False, timeout=15.0)
    if (
        not create
    ):  # a new file's first page is written straight into it, so that its header can be looked at at once
        connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")
    connection.execute("PRAGMA cache_size=-32768")
    return connection


def _look(path: Path) -> None:
    """BadInput unless the first bytes are those of a Perca database that we can read; nothing is opened or made."""
    hint = "name a database that `perca tenant seed` made"
    try:
        with path.open("rb") as file:
            head = file.read(100)
    except FileNotFoundError:
        raise BadInput(f"no Perca database at `{path}`", hint) from None
    except OSError as error:
        raise BadInput(f"`{path}` can't be read: {error.strerror}", hint) from error
    if head[:16] != b"SQLite format 3\0" or int.from_bytes(head[68:72], "big") != APPLICATION_ID:
        raise BadInput(f"`{path}` is not a Perca database", hint)
    if (version := int.from_bytes(head[60:64], "big")) > VERSION:
        raise BadInput(f"`{path}` was made by a newer Perca (version {version})", "use that one")


@contextlib.contextmanager
def _transaction(connection: sqlite3.Connection, how: str) -> Iterator[None]:
    connection.execute(f"BEGIN {how}")
    try:
        yield
    except BaseException:
        connection.rollback()
        raise
    connection.commit()
