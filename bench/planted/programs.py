"""Programs that the bench runs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def perca() -> list[str]:
    """Perca's command, of the environment that runs this."""
    return [str(Path(sys.executable).with_name("perca"))]


class Failed(Exception):
    """A tool that gave no answer, and what it said instead."""


def run(*command: str, ok: tuple[int, ...] = (0,), env: dict[str, str] | None = None) -> str:
    """The program's standard output; Failed for an exit code that isn't expected."""
    done = subprocess.run(command, capture_output=True, text=True, env=env, timeout=600, check=False)
    if done.returncode not in ok:
        said = [line for line in done.stderr.splitlines() if line.strip() and not line.startswith("hint: ")]
        raise Failed(
            f"`{' '.join(command[:4])} …` ended with {done.returncode}: {said[-1] if said else '(nothing)'}"
        )
    return done.stdout


def version() -> str:
    """Perca's version."""
    return run(*perca(), "--version").strip().split()[-1]
