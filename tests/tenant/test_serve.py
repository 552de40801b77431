"""A tenant served by a process of its own: on this machine only, and whole again after it was killed."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import httpx2
import pytest

from perca.errors import BadInput
from perca.tenant import Store
from perca.tenant.serve import listen

from .conftest import SECRET

CODE = """
import sys
from pathlib import Path
from perca.tenant import Store, application, serve
serve(application(Store.open(Path(sys.argv[1])), secret=sys.argv[2]), started=lambda address: print(address, flush=True))
"""


@contextmanager
def served(store: Store) -> Iterator[tuple[subprocess.Popen[str], httpx2.Client]]:
    process = subprocess.Popen(
        [sys.executable, "-c", CODE, str(store.path), SECRET],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        address = process.stdout.readline().strip()
        assert address.startswith("http://127.0.0.1:")
        headers = {"Authorization": f"Bearer {SECRET}"}
        with httpx2.Client(base_url=address, headers=headers, timeout=10) as client:
            yield process, client
    finally:
        process.kill()
        process.communicate(timeout=10)


def test_it_answers_as_soon_as_it_says_so_and_ends_quietly(store: Store) -> None:
    with served(store) as (process, client):
        assert client.get("/perca/clock").json()["now"] == "2026-11-02T08:00:00Z"
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=10)
        assert (process.returncode, err) == (0, "")
        assert out == ""


def test_what_was_answered_is_there_after_a_kill(store: Store) -> None:
    body = {"displayName": "g", "mailNickname": "g", "mailEnabled": False, "securityEnabled": True}
    with served(store) as (process, client):
        made = client.post("/v1.0/groups", json=body)
        assert made.status_code == 201
        process.kill()
    with served(store) as (_, client):
        assert client.get(f"/v1.0/groups/{made.json()['id']}").json()["displayName"] == "g"


def test_a_port_that_is_taken_is_bad_input() -> None:
    taken = listen()
    try:
        with pytest.raises(BadInput):
            listen(taken.getsockname()[1])
        with pytest.raises(BadInput):
            listen(99_999)
    finally:
        taken.close()
