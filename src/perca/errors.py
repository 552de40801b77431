"""The one tree of errors that reach a user: a line, a hint, and the exit code that CONTRACT promises.

    PercaError              70  our own fault, unless a child says otherwise
    ├─ BadInput              2  a file, a name or a question that can't be read or makes no sense
    ├─ Refused               1  a plan that can't be made safely, a need that no longer holds, a promise broken
    ├─ NotAssessed           3  data, licence or permission is missing
    └─ RemoteFailed          4  the remote side can't be reached, or failed

The message is one line in lower case without a full stop; the hint says what to do next.
"""

from __future__ import annotations


class PercaError(Exception):
    """A failure with its line, its hint and its exit code."""

    exit_code = 70

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class BadInput(PercaError):
    """What we were given can't be read or makes no sense."""

    exit_code = 2


class Refused(PercaError):
    """We could go on, and won't: somebody would lose MFA, or be locked out, or the tenant isn't what the plan says."""

    exit_code = 1


class NotAssessed(PercaError):
    """The answer hangs on something that we could not read."""

    exit_code = 3


class RemoteFailed(PercaError):
    """The remote side could not be reached, or failed; `status` is the HTTP status where there was one."""

    exit_code = 4

    def __init__(self, message: str, hint: str = "", *, status: int | None = None, code: str = "") -> None:
        super().__init__(message, hint)
        self.status = status
        self.code = code
        """Graph's own error code, such as `Authorization_RequestDenied`."""
