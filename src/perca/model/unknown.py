"""What we don't know, as values: a thing we read and didn't understand, and a thing we could not read.

Neither is ever dropped. Both make the answers that hang on them "not assessed".
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Unrecognised:
    """Something in a resource that isn't modelled: where it stands (a dotted path of Graph names) and what it says."""

    where: str
    value: str

    def __str__(self) -> str:
        return f"{self.where} {self.value}"


@dataclass(frozen=True, slots=True)
class NotRead:
    """A fact of the tenant that we don't have: refused, missing, or a write that is still settling; `why` says which."""

    why: str

    def __str__(self) -> str:
        return self.why


SETTLING = NotRead("a write of it is still settling")
"""Said of a value that a write may or may not have reached yet; at the next look it may be another."""


@dataclass(frozen=True, slots=True)
class Missing:
    """A part of the tenant that a snapshot says it could not read: `what` is a Graph path."""

    what: str
    why: str
