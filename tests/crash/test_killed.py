"""A run in one process against a tenant in another is killed, for each kind of step and at each point; then it goes on, or goes back.

300 people, three waves, lag; the processes are the real program's. The prober signs in throughout, from a third process.
"""

import asyncio
import contextlib
import functools
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from perca import app
from perca.embedded import EmbeddedSignIns
from perca.migrate.plan import Plan, read
from perca.migrate.prober import Prober
from perca.tenant import Store
from perca.tenant.seed import kinds, mfa_settings
from perca.wire import configuration, parse_snapshot
from support.living import seeded

SECRET = "a-secret-of-the-crash-tests"
PERCA = Path(sys.executable).with_name("perca")
SECONDS = 120
"""No process of these tests takes longer."""

KINDS = {
    "createGroup": 1,
    "addMembers": 2,
    "createPolicy": 1,
    "checkPolicy": 1,
    "setPolicy": 1,
    "seePolicyAct": 3,
    "setStates": 2,
    "readStates": 2,
}
"""Each kind of step, and which of them is struck."""
POINTS = ("before", "asked", "after")
"""Before anything; asked, and the request not yet sent; the request answered, and not yet seen."""


def perca(*arguments: str, fault: str = "") -> subprocess.CompletedProcess[str]:
    """The real program, to its end or its death."""
    environment = {**os.environ, "PERCA_SECRET": SECRET, "PERCA_FAULT": fault}
    return subprocess.run(
        [str(PERCA), *arguments],
        env=environment,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )


@functools.cache
def planned() -> tuple[Path, Path]:
    """A seeded database with its lags set, and a plan made from it: copied for each case."""
    folder = Path(tempfile.mkdtemp(prefix="perca-crash-"))
    database = Path(shutil.copy(seeded(300), folder / "tenant.db"))
    with contextlib.closing(Store.open(database)) as store:
        accounts = kinds(store)["emergency"]
    emergency = [word for account in accounts for word in ("--emergency", account)]
    made = perca(
        "plan", "--tenant", str(database), "--goal", "group", *emergency, "--waves", "3", "--soak", "1h",
        "-o", str(folder / "plan.json"),
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
    return database, folder / "plan.json"


@contextlib.contextmanager
def served(database: Path) -> Iterator[str]:
    """The tenant in a process of its own; yields its address."""
    process = subprocess.Popen(
        [str(PERCA), "tenant", "serve", "--db", str(database), "--lag", "policy=240s,members=1200s"],
        env={**os.environ, "PERCA_SECRET": SECRET},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdout is not None
    try:
        found = re.search(r"http://\S+", process.stdout.readline())
        assert found is not None
        yield found.group()
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(SECONDS)
        process.stdout.close()


class Watch:
    """The prober against the served tenant, and a reader of it."""

    def __init__(self, address: str, plan: Plan, settings: dict[str, Any]) -> None:
        self.address = address
        self.plan = plan
        self.settings = settings
        self.prober: Prober | None = None

    async def snapshot(self) -> dict[str, Any]:
        """The tenant as it is now."""
        async with app.served(self.address, SECRET, self.settings) as connection:
            return await connection.directory.snapshot()

    async def around(
        self, *commands: tuple[str, ...], fault: str = ""
    ) -> list[subprocess.CompletedProcess[str]]:
        """Runs the commands one after the other while the prober signs in again and again."""
        async with app.served(self.address, SECRET, self.settings) as connection:
            assert connection.control is not None
            if self.prober is None:
                before = parse_snapshot(self.plan.before)
                service = EmbeddedSignIns(connection.control)
                self.prober = Prober(before, self.plan.concerned, self.plan.options.emergency, service)
            else:
                self.prober.service = EmbeddedSignIns(connection.control)
            ended = []
            for command in commands:
                running = asyncio.create_task(asyncio.to_thread(perca, *command, fault=fault))
                while not running.done():
                    await self.prober.round(" ".join(command[:1]))
                    await asyncio.sleep(0.3)
                ended.append(await running)
            await self.prober.round("afterwards")
        return ended


@pytest.mark.slow
@pytest.mark.parametrize("then", ["resume", "rollback"])
@pytest.mark.parametrize("point", POINTS)
@pytest.mark.parametrize("kind", list(KINDS))
def test_a_killed_run_goes_on_or_back(tmp_path: Path, kind: str, point: str, then: str) -> None:
    database, plan_file = (Path(shutil.copy(each, tmp_path)) for each in planned())
    plan = read(json.loads(plan_file.read_text()))
    with contextlib.closing(Store.open(database)) as store:
        settings = mfa_settings(store)

    async def story(address: str) -> None:
        watch = Watch(address, plan, settings)
        first = ("apply", str(plan_file), "--tenant", address, "--yes-tenant", plan.tenant_id)
        (killed,) = await watch.around(first, fault=f"{kind}:{point}:{KINDS[kind]}")
        assert killed.returncode == -signal.SIGKILL, killed.stderr
        (ended,) = await watch.around((then, str(plan_file)))
        assert watch.prober is not None
        assert watch.prober.gaps == []
        if then == "resume":
            assert ended.returncode == 0, ended.stderr
            checked = perca("verify", str(plan_file), "--tenant", address)
            assert checked.returncode == 0, checked.stderr
            return
        nothing = kind == "createGroup" and point == "before"
        assert ended.returncode == (2 if nothing else 0), ended.stderr
        assert configuration(await watch.snapshot()) == configuration(plan.before)

    with served(database) as address:
        asyncio.run(story(address))
