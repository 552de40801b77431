"""Mutants of the specification that the suite itself tries each time; `./dev mutation` tries more of them (docs/mutation.md)."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parents[1]
EACH = 10


def mutation(*arguments: str) -> subprocess.CompletedProcess[str]:
    """The tool, on one core: the other tests have the rest."""
    return subprocess.run(
        [sys.executable, "-m", "mutation", "--jobs", "1", *arguments],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(TESTS)},
    )


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(101, 105))
def test_every_mutant_is_noticed_or_explained(seed: int) -> None:
    done = mutation("--quick", "--mutants", str(EACH), "--seed", str(seed))
    assert done.returncode == 0, (
        f"{done.stdout}\n{done.stderr}\nshown by: ./dev mutation --mutants {EACH} --seed {seed}"
    )
    assert f"mutation: {EACH} mutants: {EACH} killed, 0 survived" in done.stdout


@pytest.mark.slow
def test_the_code_as_it_is_survives() -> None:
    """Else every mutant would be noticed, whatever it does."""
    done = mutation("--mutants", "0", "--verbose")
    assert "the code as it is  survived" in done.stdout, done.stdout + done.stderr
