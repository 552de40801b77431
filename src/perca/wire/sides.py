"""What conditions with an include and an exclude side share: reading ids, naming an empty side, writing lists.

What isn't recognised stands on the side where it would act; what might act on either side stands on both, so that the condition is
unknown wherever it matters. A keyword for everything is read on the include side only: Graph documents none for the other.
"""

from __future__ import annotations

from perca.model import Unrecognised, fold, is_guid
from perca.wire.values import JsonObject

Unclear = tuple[Unrecognised, ...]


def guid(text: str) -> str | None:
    """The folded GUID; None for anything else, which might be a name for anybody."""
    return fold(text) if is_guid(text) else None


def empty(where: str) -> Unclear:
    """A side that includes nothing: Graph refuses that, so we don't know what was meant."""
    return (Unrecognised(where, "empty"),)


def write(written: JsonObject, name: str, entries: list[str]) -> None:
    if entries:
        written[name] = [*entries]
