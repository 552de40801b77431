"""JSON values as they come: their type, one canonical text of each, and when a member says nothing.

Promises that whatever `says_nothing` passes over could not narrow or widen a policy, and that text shown to people holds no
control characters.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any

from perca.errors import BadInput
from perca.model import fold

JsonValue = None | bool | int | float | str | list["JsonValue"] | dict[str, "JsonValue"]
JsonObject = dict[str, JsonValue]
Json = dict[str, Any]
"""A Graph resource as Graph spells it, for whoever writes one out."""

MAX_DEPTH = 64
"""How deep input may be nested; Graph's own resources stay under ten."""

_ANNOTATIONS = frozenset(
    "type context id etag editLink readLink navigationLink associationLink count".casefold().split()
)


def canonical(value: JsonValue) -> str:
    """The one text of a value: members sorted, no blanks."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def shown(value: JsonValue) -> str:
    """A value for people: a text as it is, anything else as canonical JSON; control characters escaped."""
    text = value if isinstance(value, str) else canonical(value)
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def is_metadata(key: str) -> bool:
    """Whether a member only describes its neighbour or an action: `x@odata.type`, `#microsoft.graph.restore`.

    `@odata.bind` refers to a resource, and `@odata.nextLink` says that something is left out: they are not metadata.
    """
    _, odata, annotation = key.casefold().rpartition("@odata.")
    return annotation in _ANNOTATIONS if odata else key.startswith("#")


def says_nothing(value: JsonValue) -> bool:
    """Whether a value is null, empty, or an object all of whose members say nothing or are metadata."""
    if isinstance(value, dict):
        return all(is_metadata(key) or says_nothing(item) for key, item in value.items())
    return value is None or value == "" or value == []


def is_word(value: JsonValue, word: str) -> bool:
    """Whether a value is that word, which is folded."""
    return isinstance(value, str) and fold(value) == word


def check_depth(value: JsonValue, name: str) -> None:
    """Raises BadInput when the value is nested deeper than MAX_DEPTH; needs no recursion itself."""
    level: list[JsonValue] = [value]
    for _ in range(MAX_DEPTH):
        level = [
            inner
            for outer in level
            if not _NESTING.isdisjoint(
                map(type, within := _inner(outer))
            )  # a list of a million texts isn't gone through
            for inner in within
            if isinstance(inner, dict | list)
        ]
        if not level:
            return
    raise BadInput(
        f"`{name}` is nested deeper than {MAX_DEPTH} levels", "no Graph resource is: check the file"
    )


_NESTING = frozenset({dict, list})


def _inner(value: JsonValue) -> Collection[JsonValue]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()
