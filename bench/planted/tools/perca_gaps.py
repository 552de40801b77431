"""Perca's findings, by `perca gaps`: whom they name, not at which sign-ins; so a gap counts for whatever kind, as ca-radar's do."""

from __future__ import annotations

import json
from pathlib import Path

from planted.claims import Answer, Claim
from planted.kinds import KINDS
from planted.programs import perca, run, version
from planted.served import Served
from planted.sign_ins import Values
from planted.tools.perca import take

EVERY_KIND = frozenset(kind.name for kind in KINDS)


class PercaGaps:
    """The same program as `Perca`, asked for findings."""

    def __init__(self) -> None:
        self.name = f"perca gaps {version()}"

    def ask(self, served: Served, values: Values, folder: Path) -> Answer:
        """Takes a snapshot by Graph, then asks for its gaps."""
        return self.of(take(served, folder))

    def of(self, snapshot: Path) -> Answer:
        """What it says of a snapshot; what it doesn't know is remarked, as far as it is about gaps."""
        told = json.loads(run(*perca(), "gaps", str(snapshot), "--json", ok=(0, 1, 3)))
        gaps = [each for each in told["findings"] if each["kind"] == "gap"]
        claims = [
            Claim(frozenset(who["id"] for who in each["who"]), kinds=EVERY_KIND, words=each["words"])
            for each in gaps
            if each["assessed"]
        ]
        return Answer(
            tuple(claims), tuple(f"not assessed: {each['words']}" for each in gaps if not each["assessed"])
        )
