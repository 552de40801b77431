"""Text that came from outside, made fit for a terminal: what isn't printable is shown as an escape, and can't move a cursor."""

from __future__ import annotations


def printable(text: str) -> str:
    """The text with control characters, direction marks and half characters as escapes."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
