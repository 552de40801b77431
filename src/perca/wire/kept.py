"""The text in a value's `kept`: members that the model doesn't carry, and the spelling of identifiers that aren't GUIDs.

A placeholder or a name that stands where an id belongs is compared without case like an id, and written back as it was.
"""

from __future__ import annotations

import json

from perca.model import fold, is_guid
from perca.wire.members import merged
from perca.wire.values import JsonObject, canonical


class Spelling:
    """How identifiers were first spelled, by their folded form; GUIDs are always written folded."""

    def __init__(self, known: dict[str, str] | None = None) -> None:
        self._first: dict[str, str] = dict(known or {})

    def read(self, text: str) -> str | None:
        """The folded identifier, remembered as it was spelled; None for a blank."""
        folded = fold(text)
        if folded and not is_guid(folded):
            self._first.setdefault(folded, text)
        return folded or None

    def write(self, identifier: str) -> str:
        """The identifier as it was spelled."""
        return self._first.get(identifier, identifier)

    def note(self, key: str, text: str) -> None:
        """Remembers the first text for something else that has more than one spelling."""
        self._first.setdefault(key, text)

    def noted(self, key: str) -> str | None:
        """The text remembered under that key."""
        return self._first.get(key)

    @property
    def known(self) -> dict[str, str]:
        """The spellings that folding lost."""
        return {folded: text for folded, text in self._first.items() if folded != text}


def keep(members: JsonObject, spelling: Spelling) -> str:
    """The text to keep."""
    parts: JsonObject = {"members": members, "spelling": {**spelling.known}}
    return canonical({name: part for name, part in parts.items() if part})


def spelling_of(kept: str) -> Spelling:
    """The spellings in a kept text."""
    return Spelling(json.loads(kept).get("spelling"))


def restored(built: JsonObject, kept: str) -> JsonObject:
    """A resource built from the model, with the members that were kept."""
    return merged(built, json.loads(kept).get("members", {}))
