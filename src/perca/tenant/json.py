"""JSON inside the embedded tenant: text to objects and back, in one spelling.

Promises that `dumps` is compact and keeps the order of members, so that stored fragments can be joined into pages.
"""

from __future__ import annotations

from typing import Any

import msgspec

Json = dict[str, Any]
"""A Graph resource as Graph spells it."""

_decoder = msgspec.json.Decoder()
_encoder = msgspec.json.Encoder()


def dumps(value: object) -> str:
    """Compact JSON of anything that `loads` could give."""
    return _encoder.encode(value).decode()


def dump_bytes(value: object) -> bytes:
    """Compact JSON as bytes."""
    return _encoder.encode(value)


def loads(text: str | bytes) -> Any:
    """The value of a JSON text. Raises ValueError when it is none, or is nested too deeply to be read."""
    try:
        return _decoder.decode(text)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ValueError(str(error)) from error
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


def load_object(text: str | bytes) -> Json:
    """The JSON object that `text` says. Raises ValueError when it says anything else."""
    value = loads(text)
    if not isinstance(value, dict):
        raise ValueError("not a JSON object")
    return value
