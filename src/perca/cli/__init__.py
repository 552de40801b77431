"""The program: arguments in, one answer or one error out, and the exit code that CONTRACT promises.

Whatever happens, a user sees one line and a hint, never a traceback; with `--json` the error is an object on standard output too.
`PERCA_DEBUG` shows the traceback of a fault of ours.
"""

from __future__ import annotations

import contextlib
import io
import os
import sys
import time
from collections.abc import Sequence

from perca.cli.answer import Answer, present
from perca.cli.commands import COMMANDS
from perca.cli.failure import INTERRUPTED, Failure, failure_of, report

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command and returns its exit code; reads `sys.argv` when no arguments are given."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    _speak_any_text()
    started = time.monotonic()
    try:
        code = _run(given, started)
    except BrokenPipeError:
        code = _reader_left()
    return code


def _run(given: list[str], started: float) -> int:
    wants_json = "--json" in given[: given.index("--")] if "--" in given else "--json" in given
    code = 0
    try:
        outcome = COMMANDS.main(given or ["--help"], prog_name="perca", standalone_mode=False)
        if outcome == INTERRUPTED.code:
            return report(INTERRUPTED, as_json=wants_json)
        if not isinstance(outcome, Answer):
            return int(outcome or 0)
        code = outcome.code
        present(outcome, time.monotonic() - started)
        sys.stdout.flush()
        return code
    except BrokenPipeError:
        return _reader_left(code)
    except KeyboardInterrupt:
        return report(INTERRUPTED, as_json=wants_json)
    except Exception as error:
        failure: Failure = failure_of(error)
        return report(failure, as_json=wants_json)


def _speak_any_text() -> None:
    """A name that the terminal's encoding can't show is no reason to fail."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _reader_left(code: int = 0) -> int:
    """Whoever read our output has enough: the rest goes nowhere, quietly, at the end of the process too."""
    with contextlib.suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
    return code
