"""What a tool says of a tenant: of whom it claims that they get in without MFA, and at which sign-ins or by which kind of gap."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from planted.served import Served
from planted.sign_ins import Box, Values


@dataclass(frozen=True)
class Claim:
    """One finding of a tool."""

    people: frozenset[str]
    """Ids of whom it is about; where it is `general`, nobody's."""
    where: tuple[Box, ...] | None = None
    """The sign-ins; None where the tool doesn't say."""
    kinds: frozenset[str] = frozenset()
    """The planted kinds that it would tell of, where it doesn't say at which sign-ins."""
    general: bool = False
    """Whether it says of the tenant that there is something, and not of whom."""
    assessed: bool = True
    """False where the tool says that it doesn't know."""
    words: str = ""


@dataclass(frozen=True)
class Answer:
    """All that a tool says of one tenant."""

    claims: tuple[Claim, ...]
    remarks: tuple[str, ...] = ()
    """What it could not read, and findings that are about no gap."""


class Tool(Protocol):
    """Something that looks for gaps."""

    @property
    def name(self) -> str:
        """What it is called in the table, with its version."""
        ...

    def ask(self, served: Served, values: Values, folder: Path) -> Answer:
        """What it says of a served tenant; `folder` is for its files. Raises `programs.Failed` when it gives no answer."""
        ...
