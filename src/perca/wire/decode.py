"""Bytes to a JSON value: UTF-8, UTF-16 or UTF-32, with or without a byte order mark, gzip or not.

Promises a value or BadInput with the reason, never another error: truncated, not JSON, too large, too deep, a number that no
machine holds, a text that is no Unicode. A member that is written twice in one object, and not the same twice, becomes an
object that nobody can take for either: readers differ in which one they believe, and the other may be the condition that
mattered.
"""

from __future__ import annotations

import gzip
import io
import json
import math
import zlib
from pathlib import Path

from perca.errors import BadInput
from perca.wire.values import JsonObject, JsonValue, canonical, check_depth

MAX_BYTES = 1 << 30
"""How large input may be, unpacked."""

WRITTEN_TWICE = "(written twice)"
"""The one member of the object that stands for a member written twice; it holds all that was written."""

_GZIP = b"\x1f\x8b"
_MARKS = (  # longest first: the UTF-32 mark begins like the UTF-16 one
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_HINT = "a JSON file is needed, in UTF-8 or UTF-16, gzip or not"


class _Beyond(ValueError):
    """A number that a double can't hold, or that JSON doesn't know."""


def load(path: Path) -> bytes:
    """The file's bytes; raises BadInput when it isn't there, can't be read or is too large."""
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        reason = (error.strerror or "it can't be read").lower()
        raise BadInput(f"`{path}` can't be read: {reason}", "check the path") from error
    if len(data) > MAX_BYTES:
        raise _too_large(str(path))
    return data


def decode(data: bytes, name: str) -> JsonValue:
    """The JSON value that `data` says; `name` is what errors call it."""
    text = _text(_unpacked(data, name), name)
    if not text.strip():
        raise BadInput(f"`{name}` is empty", _HINT)
    try:
        value: JsonValue = json.loads(
            text, object_pairs_hook=_object, parse_constant=_refused, parse_float=_float
        )
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise BadInput(f"`{name}` is not JSON: {_reason(error, text)} at {where}", _HINT) from error
    except RecursionError as error:
        raise BadInput(f"`{name}` is nested too deeply", "no Graph resource is: check the file") from error
    except ValueError as error:
        raise BadInput(f"`{name}` holds a number out of range", _HINT) from error
    check_depth(value, name)
    return value


def _unpacked(data: bytes, name: str) -> bytes:
    if data.startswith(_GZIP):
        try:
            with gzip.GzipFile(fileobj=io.BytesIO(data)) as packed:
                data = packed.read(MAX_BYTES + 1)
        except (OSError, EOFError, zlib.error) as error:
            raise BadInput(f"`{name}` is gzip, and truncated or damaged", "fetch the file again") from error
    if len(data) > MAX_BYTES:
        raise _too_large(name)
    return data


def _too_large(name: str) -> BadInput:
    return BadInput(f"`{name}` is larger than {MAX_BYTES >> 20} MiB unpacked", "split it, or check the file")


def _text(data: bytes, name: str) -> str:
    encoding = _encoding(data)
    try:
        text = data.decode(encoding)
        # An escaped half of a character is legal JSON and no Unicode.
        if "\\" in text and ("\\ud" in text or "\\uD" in text):
            json.dumps(json.loads(text), ensure_ascii=False).encode()
    except UnicodeDecodeError as error:
        raise BadInput(f"`{name}` is not {encoding.removesuffix('-sig')} text", _HINT) from error
    except UnicodeEncodeError as error:
        raise BadInput(f"`{name}` holds half of a Unicode character", _HINT) from error
    except (ValueError, RecursionError):
        return text  # whoever parses it says what is wrong
    return text


def _encoding(data: bytes) -> str:
    """By its mark, else by where the zero bytes stand: JSON begins with a character of ASCII."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return encoding
    match [byte != 0 for byte in data[:4]]:
        case [False, False, False, True]:
            return "utf-32-be"
        case [True, False, False, False]:
            return "utf-32-le"
        case [False, True, *_]:
            return "utf-16-be"
        case [True, False, *_]:
            return "utf-16-le"
    return "utf-8"


def _object(pairs: list[tuple[str, JsonValue]]) -> JsonObject:
    members = dict(pairs)
    if len(members) == len(pairs):
        return members
    written: dict[str, dict[str, JsonValue]] = {}
    for key, value in pairs:
        written.setdefault(key, {}).setdefault(canonical(value), value)
    return {key: _one_of([*values.values()]) for key, values in written.items()}


def _one_of(values: list[JsonValue]) -> JsonValue:
    return values[0] if len(values) == 1 else {WRITTEN_TWICE: values}


def _refused(constant: str) -> JsonValue:
    raise _Beyond(constant)


def _float(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise _Beyond(text)
    return number


def _reason(error: json.JSONDecodeError, text: str) -> str:
    truncated = error.pos >= len(text.rstrip()) or error.msg.startswith("Unterminated string")
    return "it ends too early (truncated?)" if truncated else error.msg[:1].lower() + error.msg[1:]
