"""What went wrong, as the user is told: one line, a hint, an exit code; and as JSON for scripts.

Errors of ours carry all three. A usage error is 2. Anything else is a fault of ours: 70, one line, and no traceback unless
`PERCA_DEBUG` asks for it.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass

import typer

from perca import __version__
from perca.app import debugging
from perca.cli.printable import printable
from perca.errors import BadInput, NotAssessed, PercaError, Refused, RemoteFailed


@dataclass(frozen=True, slots=True)
class Failure:
    """An error for people and scripts; `word` is its kind."""

    code: int
    word: str
    message: str
    hint: str = ""
    cause: BaseException | None = None


INTERRUPTED = Failure(130, "interrupted", "interrupted")

_WORDS = (
    (BadInput, "badInput"),
    (Refused, "refused"),
    (NotAssessed, "notAssessed"),
    (RemoteFailed, "remoteFailed"),
)


def failure_of(error: Exception) -> Failure:
    """The failure that an exception means to a user."""
    match error:
        case PercaError():
            word = next((word for kind, word in _WORDS if isinstance(error, kind)), "fault")
            cause = error if error.exit_code == 70 else None
            return Failure(error.exit_code, word, _line(error.message), _line(error.hint), cause)
        case typer.TyperException():
            return Failure(2, "usage", _usage(error), _usage_hint(error))
        case typer.Abort():
            return INTERRUPTED
        case MemoryError():
            return Failure(
                70,
                "fault",
                "there is not enough memory",
                "give the command a smaller tenant, or more memory",
                error,
            )
        case OSError():
            what = f"`{error.filename}`: " if error.filename else ""
            return Failure(
                70, "fault", _line(f"{what}{(error.strerror or str(error)).lower()}"), _FAULT, error
            )
    kind = type(error).__name__
    return Failure(
        70, "fault", _line(f"a fault in Perca itself: {kind}: {error}".rstrip(": ")), _FAULT, error
    )


_FAULT = "set PERCA_DEBUG=1 to see where, and report it"


def report(failure: Failure, *, as_json: bool) -> int:
    """Says it on standard error, for scripts on standard output too; returns the exit code."""
    if as_json:
        error = {
            "code": failure.word,
            "message": failure.message,
            "hint": failure.hint,
            "exitCode": failure.code,
        }
        import msgspec

        body = {
            "format": "perca/error/1",
            "error": error,
            "run": {"engine": "perca", "seconds": 0.0, "version": __version__},
        }
        sys.stdout.write(msgspec.json.encode(body).decode() + "\n")
        sys.stdout.flush()
    if failure.cause is not None and debugging():
        import traceback

        traceback.print_exception(failure.cause, file=sys.stderr)
    sys.stderr.write(f"perca: {failure.message}\n")
    if failure.hint:
        sys.stderr.write(f"hint: {failure.hint}\n")
    return failure.code


def _line(text: str) -> str:
    """One line without control characters."""
    return printable(" ".join(text.split()))


def _usage(error: typer.TyperException) -> str:
    text = _line(error.format_message()).rstrip(".")
    return text[:1].lower() + text[1:].replace("'", "`")


def _usage_hint(error: typer.TyperException) -> str:
    context = getattr(error, "ctx", None)
    path = context.command_path if context is not None else "perca"
    return f"`{path} --help` shows how"
