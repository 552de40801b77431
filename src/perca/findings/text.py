"""What a kind of finding says: one text for what is so, one for what may be so, one for what to do."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Text:
    """What is so, and what to do; `unsure` is what may be so, where nobody knows. `{who}`, `{policies}`, `{named}`, `{because}` and
    `{remedy}` are put in, and the endings of verbs that go with them."""

    so: str
    unsure: str
    fix: str
