"""What a proof may cost, for `prove` and `diff`: states, seconds and memory; what is spent is not decided; Ctrl-C leaves nothing behind."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).resolve().parents[2] / "bench"))

from hostile import hostile

from support.program import CLEAN, PROGRAM, Done

Perca = Callable[..., Done]


@pytest.fixture
def hard(tmp_path: Path) -> Path:
    """A tenant that takes longer than anybody waits for here."""
    file = tmp_path / "hard.json"
    file.write_text(json.dumps(hostile("groups", 60, 2_000, apps=200, places=60)), "utf-8")
    return file


def test_diagrams_answer_as_the_walk_does(perca: Perca, snapshot: Path) -> None:
    walked, drawn = (perca("prove", snapshot, "--json", "--most-states", n).json for n in (500_000, 1))
    assert (walked["run"]["engine"], drawn["run"]["engine"]) == ("walk", "bdd")
    for name in ("holds", "failing", "notAssessed", "people", "combinations", "complete", "undecided"):
        assert walked[name] == drawn[name]
    assert drawn["regions"]


def test_what_is_spent_is_not_decided(perca: Perca, hard: Path) -> None:
    done = perca("prove", hard, "--json", "--most-seconds", "4")
    told = done.json
    assert (done.code, told["holds"], told["complete"], told["regions"]) == (3, None, False, [])
    assert told["notDecided"] in ("more than 2 seconds", "more than 4 seconds")
    assert 0 < told["undecided"]["people"] <= told["people"]
    assert told["run"]["engine"] in ("walk", "bdd")


@pytest.mark.parametrize(
    "options", [("--most-memory", "0.01"), ("--most-memory", "0.01", "--most-states", "5")]
)
def test_no_memory_is_not_decided(perca: Perca, hard: Path, options: tuple[str, ...]) -> None:
    done = perca("prove", hard, "--json", *options)
    assert (done.code, done.json["holds"]) == (3, None)
    assert "memory" in done.json["notDecided"]


@pytest.mark.parametrize("question", [(), ("--attacker", "password"), ("--any-membership",)])
def test_the_clock_binds_the_building_of_classes(perca: Perca, hard: Path, question: tuple[str, ...]) -> None:
    done = perca("prove", hard, "--json", "--most-seconds", "0.01", *question)
    told = done.json
    assert (done.code, told["holds"], told["complete"], told["regions"]) == (3, None, False, [])
    assert told["notDecided"] == "more than 0.01 seconds"
    shown = perca("prove", hard, "--most-seconds", "0.01", *question).out
    assert shown.startswith("Not assessed: more than 0.01 seconds\n")


def test_a_question_about_any_membership_says_which_budget_was_spent(perca: Perca, snapshot: Path) -> None:
    for option, value, said in (
        ("--most-memory", "0.001", "GB of memory"),
        ("--most-seconds", "0", "seconds"),
    ):
        done = perca("prove", snapshot, "--any-membership", "--json", option, value)
        assert (done.code, done.json["holds"], done.json["complete"]) == (3, None, False)
        assert said in done.json["notDecided"]


def test_a_difference_has_a_budget_too(perca: Perca, hard: Path, tmp_path: Path) -> None:
    after = tmp_path / "after.json"
    tenant = json.loads(hard.read_text("utf-8"))
    after.write_text(json.dumps(tenant | {"policies": tenant["policies"][::2]}), "utf-8")
    done = perca("diff", hard, after, "--json", "--most-seconds", "1")
    assert (done.code, done.json["holds"]) == (3, None)
    assert "seconds" in done.json["notDecided"]


@pytest.mark.parametrize("option", ["--most-seconds", "--most-memory"])
@pytest.mark.parametrize("value", ["nan", "inf", "-1", "soon"])
def test_a_budget_is_a_number(perca: Perca, snapshot: Path, option: str, value: str) -> None:
    assert perca("prove", snapshot, option, value).code == 2


@pytest.mark.parametrize("states", ["1000000", "1"], ids=["walk", "bdd"])
def test_an_interrupted_proof_leaves_nothing_behind(hard: Path, tmp_path: Path, states: str) -> None:
    before = set(tmp_path.iterdir())
    process = subprocess.Popen(
        [PROGRAM, "prove", hard, "--json", "--most-states", states],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=CLEAN | {"TMPDIR": str(tmp_path)},
        cwd=tmp_path,
    )
    try:
        time.sleep(3)
        assert process.poll() is None, "it is still at it"
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    finally:
        process.kill()
    assert process.returncode == 130
    assert json.loads(out)["error"]["code"] == "interrupted"
    assert err.decode().splitlines() == ["perca: interrupted"]
    assert set(tmp_path.iterdir()) == before
