"""What a refusal says: Graph's status, code and text, made fit for one line; and which error of ours each becomes.

FACTS: an error body is `{"error": {"code", "message", "innerError": {…}}}`, its numbered texts stand in either message;
branch on status and code, never on words. What the other side wrote is not trusted: no control characters, no secrets.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import msgspec

from perca.errors import NotAssessed, PercaError, Refused, RemoteFailed
from perca.graph.permissions import needed
from perca.graph.transport import Response
from perca.model import NotRead

_CODE = re.compile(r"[A-Za-z0-9_.\-]{1,80}")
_SECRET = re.compile(r"(?i:bearer)\s+\S+|[\w\-]{16,}\.[\w\-]{16,}\.[\w\-]{16,}|[\w+/=\-]{64,}")
MOST_TEXT = 300


@dataclass(frozen=True, slots=True)
class Fault:
    """A refusal. Its text is `403 Authorization_RequestDenied`, as the `missing` list of a snapshot spells it."""

    status: int
    code: str = ""
    text: str = ""

    def __str__(self) -> str:
        return f"{self.status} {self.code}".rstrip()

    @classmethod
    def of(cls, response: Response, *, secret: str = "") -> Fault:
        """Reads the fault out of a response; a body that is no Graph error gives a fault without code and text."""
        try:
            body: object = msgspec.json.decode(response.body)
        except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
            body = None
        return cls.read(response.status, body, secret=secret)

    @classmethod
    def read(cls, status: int, body: object, *, secret: str = "") -> Fault:
        """Reads the fault out of an answer that is parsed already (a part of a batch)."""
        error = _member(body, "error")
        inner = _member(error, "innerError") or _member(error, "innererror")
        code, texts = _member(error, "code"), (_member(error, "message"), _member(inner, "message"))
        text = ": ".join(
            dict.fromkeys(_clean(text, secret) for text in texts if isinstance(text, str) and text)
        )
        return cls(status, code if isinstance(code, str) and _CODE.fullmatch(code) else "", text)


class Denied(NotAssessed):
    """401 or 403: we may not see or do this."""

    def __init__(self, message: str, hint: str, fault: Fault) -> None:
        super().__init__(message, hint)
        self.fault = fault


class NotThere(NotAssessed):
    """404: the thing isn't there, or isn't visible to us, or isn't there *yet*: the caller knows what that means."""

    def __init__(self, message: str, hint: str, fault: Fault) -> None:
        super().__init__(message, hint)
        self.fault = fault


def _member(value: object, name: str) -> object:
    return value.get(name) if isinstance(value, dict) else None


def _clean(text: str, secret: str) -> str:
    """The text on one line, printable, short, without anything that looks like a secret."""
    if secret:
        text = text.replace(secret, "…")
    line = " ".join("".join(c if c.isprintable() else " " for c in text[: 4 * MOST_TEXT]).split())
    return _SECRET.sub("…", line)[:MOST_TEXT].rstrip(".")


def raised(fault: Fault, method: str, path: str, *, reading: bool) -> PercaError:
    """The error that a refusal of `method path` becomes, with its hint.

    401 and 403 are Denied, 404 is NotThere (both NotAssessed); 429, 5xx and redirects are RemoteFailed; any other 4xx is Refused for a
    write, and RemoteFailed for a read, since then one of the two programs is wrong.
    """
    words = f"{method} {path}: {fault}" + (f" ({fault.text})" if fault.text else "")
    match fault.status:
        case 401:
            return Denied(words, "sign in again, or give the secret of this tenant", fault)
        case 403:
            return Denied(words, needed(method, path), fault)
        case 404:
            return NotThere(words, "it isn't there, or can't be seen with these permissions", fault)
        case 429:
            return RemoteFailed(
                words, "the tenant is throttled: try again later", status=429, code=fault.code
            )
        case status if 300 <= status < 400:
            return RemoteFailed(words, "redirects aren't followed: give the address itself", status=status)
        case status if 400 <= status < 500 and not reading:
            return Refused(words, "the service doesn't accept this; nothing was changed by it")
        case status:
            return RemoteFailed(
                words, "the other side failed: try again later", status=status, code=fault.code
            )


def refusal(error: PercaError) -> str | None:
    """Why one thing was not shown to us, as a snapshot's `missing` spells it; None when the other side failed altogether.

    401, 403, 404, 429 and any other 4xx are refusals. 5xx, a lost or a broken answer are failures.
    """
    match error:
        case Denied() | NotThere():
            return str(error.fault)
        case RemoteFailed(status=int(status)) if 400 <= status < 500:
            return f"{status} {error.code}".rstrip()
    return None


def not_read(error: PercaError, what: str = "") -> NotRead:
    """What a refused read leaves behind; raises the error again when it is no refusal."""
    why = refusal(error)
    if why is None:
        raise error
    return NotRead(f"{what}: {why}" if what else why)
