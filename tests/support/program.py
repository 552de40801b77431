"""The installed program in a process of its own, and small pieces of Graph's JSON to give it."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PROGRAM = Path(sys.executable).with_name("perca")
SECRET = "a-secret-of-this-test"
CLEAN = {name: value for name, value in os.environ.items() if not name.startswith("PERCA_")}

Json = dict[str, Any]


@dataclass(frozen=True)
class Done:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Json:
        """The one object on standard output."""
        value = json.loads(self.out)
        assert isinstance(value, dict)
        return value

    @property
    def line(self) -> str:
        """The one line of an error; the next is its hint, and there is nothing else."""
        first, hint = self.err.splitlines()
        assert first.startswith("perca: ")
        assert hint.startswith("hint: ")
        return first.removeprefix("perca: ")


def program(*arguments: object, given: bytes = b"", cwd: Path | None = None, **environment: str) -> Done:
    """Runs the installed program."""
    ran = subprocess.run(
        [PROGRAM, *map(str, arguments)],
        input=given,
        capture_output=True,
        env=CLEAN | environment,
        cwd=cwd,
        timeout=120,
        check=False,
    )
    return Done(ran.returncode, ran.stdout.decode(), ran.stderr.decode())


@contextlib.contextmanager
def serving(database: Path, *options: str) -> Iterator[str]:
    """The tenant served by another process; yields its address."""
    process = subprocess.Popen(
        [PROGRAM, "tenant", "serve", "--db", database, *options],
        stdout=subprocess.PIPE,
        env=CLEAN | {"PERCA_SECRET": SECRET},
    )
    try:
        assert process.stdout is not None
        address = process.stdout.readline().decode().strip()
        assert address.startswith("http://127.0.0.1:")
        yield address
    finally:
        process.terminate()
        process.wait(20)
        assert process.stdout is not None
        process.stdout.close()


def until(true: Callable[[], bool], seconds: float = 30.0) -> None:
    """Waits for something to become true."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.02)


def id_of(number: int) -> str:
    """An identifier."""
    return f"00000000-0000-4000-8000-{number:012d}"


def policy(number: int, name: str, users: Json, **conditions: object) -> Json:
    """A policy that requires MFA."""
    return {
        "id": id_of(number),
        "displayName": name,
        "state": "enabled",
        "conditions": {
            "users": users,
            "applications": {"includeApplications": ["All"]},
            "clientAppTypes": ["all"],
            **conditions,
        },
        "grantControls": {"operator": "OR", "builtInControls": ["mfa"]},
    }


def question(person: int = 0, **conditions: object) -> Json:
    """A sign-in in a browser on Windows, from somewhere outside."""
    told = {"clientAppType": "browser", "devicePlatform": "windows", "ipAddress": "198.51.100.7"}
    return {
        "signInIdentity": {"userId": id_of(person)},
        "signInContext": {"includeApplications": ["00000002-0000-0ff1-ce00-000000000000"]},
        "signInConditions": told | conditions,
        "perca": {"credential": "password"},
    }
