"""A notice: what is found, as tools see it that review changes: a stable id, a kind, how bad, words, and the policies to look at."""

from __future__ import annotations

import re
from dataclasses import dataclass

from perca.cli.finding import says
from perca.findings import Finding, Kind, Severity, fix, likeness
from perca.model import Tenant


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing found. Where it isn't `assessed`, it may or may not be so; where it doesn't `count`, the exit code doesn't hang on it.

    What nobody can accept, since nobody knows what it is, has an empty id: "there are more such sign-ins".
    """

    id: str
    kind: str
    severity: Severity
    words: str
    policies: tuple[str, ...] = ()
    """The policies to look at, the one to change first."""
    to_do: str = ""
    assessed: bool = True
    counts: bool = True

    @property
    def message(self) -> str:
        """What is so, or may be, and what would mend it."""
        said = self.words if self.assessed else f"Not assessed: {self.words}"
        return f"{said}. To do: {self.to_do}." if self.to_do else f"{said}."


def notice_of(tenant: Tenant, found: Finding) -> Notice:
    """The finding as a notice."""
    repaired = () if found.repair is None or not found.repair.id else (found.repair.id,)
    words = says(tenant, found)
    if found.missing:
        words = f"{words} (not known: {'; '.join(found.missing)})"
    return Notice(
        "" if found.kind is Kind.MORE_GAPS else found.id,
        found.kind.value,
        found.severity,
        words,
        tuple(dict.fromkeys((*repaired, *found.policies))),
        ". Careful: ".join(filter(None, (fix(tenant, found), likeness(tenant, found)))),
        found.assessed,
    )


def in_words(kind: str) -> str:
    """A kind as words: `tooFewEmergencyAccounts` is `too few emergency accounts`."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", kind).lower()
