"""`perca demo`: every claim holds, in process and over a socket alike; and a run in which something doesn't hold says so."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from perca.cli import demo_run
from perca.cli.demo import codes
from perca.cli.demo_run import Ran
from perca.migrate.prober import Gap
from perca.tenant.seed import Kind
from support.program import Done, Json

pytestmark = pytest.mark.slow
Perca = Callable[..., Done]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo")


@pytest.fixture(scope="module")
def ran(folder: Path) -> Ran:
    """One small demo, for several claims about it."""
    import asyncio

    return asyncio.run(demo_run.run(demo_run.Demo(60, 1, 3, False, folder, folder)))


def test_every_claim_holds(ran: Ran) -> None:
    assert codes(ran) == frozenset()
    assert len(ran.plan.choice.moved) > 20
    assert all(each.holds for each in ran.plan.proofs)
    assert ran.verified.holds is True
    assert (ran.prober.gaps, ran.rollback_differences, ran.empty_kinds) == ([], (), ())
    assert ran.prober.needed > 0
    assert ran.prober.rounds >= 10


def test_the_prober_looked_while_writes_were_settling(ran: Ran) -> None:
    """Its rounds stand between what was asked and what was seen to act."""
    waits = [
        record.at for record in ran.journal if record.event == "seen" and record.step.startswith("seen:")
    ]
    asked = [
        record.at for record in ran.journal if record.event == "asked" and record.step.startswith("members:")
    ]
    assert all(a < b for a, b in zip(asked, waits, strict=True))


@pytest.mark.parametrize(
    "broken",
    [
        lambda ran: replace(ran, rollback_differences=("users/x is gone",)),
        lambda ran: replace(ran, verified=replace(ran.verified, holds=False)),
        lambda ran: replace(ran, kinds={**ran.kinds, Kind.GUEST: ()}),
    ],
    ids=["rollback", "verify", "a kind without people"],
)
def test_a_claim_that_does_not_hold_fails_the_demo(ran: Ran, broken: Callable[[Ran], Ran]) -> None:
    assert codes(broken(ran)) == {1}


def test_somebody_who_got_in_without_mfa_fails_the_demo(ran: Ran) -> None:
    sign_in = ran.verified.always.witnesses[0].sign_in if ran.verified.always.witnesses else None
    ran.prober.gaps.append(Gap("now", sign_in, "got in"))  # type: ignore[arg-type]
    try:
        assert codes(ran) == {1}
    finally:
        ran.prober.gaps.clear()


def test_what_it_writes(ran: Ran, folder: Path, perca: Perca) -> None:
    plan = folder / "plan.json"
    assert perca("plan", "show", plan).code == 0
    assert perca("prove", folder / "after.snapshot.json", "--who", f"plan:{plan}").code == 0
    assert perca("prove", folder / "before.snapshot.json", "--who", f"plan:{plan}").code == 1
    assert "people were moved" in (folder / "report.html").read_text("utf-8")


def test_over_a_socket_the_same_as_in_process(perca: Perca, tmp_path: Path) -> None:
    told: list[Json] = []
    for name, options in (("one", ()), ("two", ("--socket",))):
        done = perca("demo", "--people", 60, "--seed", 2, "--out", tmp_path / name, "--json", *options)
        assert done.code == 0, done.out
        told.append({key: value for key, value in done.json.items() if key not in ("run", "paths")})
    assert told[0] == told[1]
    assert sum(kind["people"] for kind in told[0]["kinds"].values()) == 60
    assert not list((tmp_path / "one").glob("*.db"))


def test_keep_keeps_the_databases(perca: Perca, tmp_path: Path) -> None:
    out = tmp_path / "kept"
    done = perca("demo", "--people", 60, "--waves", 1, "--out", out, "--keep", "--json")
    assert done.code == 0
    assert {Path(path).name for path in done.json["paths"].values()} <= {path.name for path in out.iterdir()}
    verified = perca("verify", out / "plan.json", "--tenant", out / "tenant.db", "--json")
    assert (verified.code, verified.json["done"]) == (0, True)
    again = perca("demo", "--people", 60, "--out", out, "--keep")
    assert (again.code, "already there" in again.err) == (2, True)
    assert json.loads((out / "plan.json").read_text("utf-8"))["format"] == "perca/plan/1"
