"""The options that say what a proof may cost, and the budget that they mean: time runs from when it is made."""

from __future__ import annotations

from math import isfinite
from typing import Annotated

import typer

from perca.app import meter
from perca.errors import BadInput
from perca.prove import Budget

MOST_STATES, MOST_SECONDS, MOST_MEMORY = 500_000, 90.0, 4.0
"""What a proof may cost when nobody says otherwise."""

MostStates = Annotated[
    int,
    typer.Option("--most-states", metavar="N", min=1, help="States to look at before diagrams take over."),
]
MostSeconds = Annotated[
    float, typer.Option("--most-seconds", metavar="S", min=0, help="Seconds, then it is not decided.")
]
MostMemory = Annotated[
    float, typer.Option("--most-memory", metavar="GB", min=0, help="Gigabytes, then it is not decided.")
]


def budget_of(states: int, seconds: float, memory: float) -> Budget:
    """The budget of a proof."""
    if not (isfinite(seconds) and isfinite(memory)):
        raise BadInput("a budget of no finite size", "give --most-seconds and --most-memory a number")
    return Budget(states, seconds, int(memory * 10**9), meter())
