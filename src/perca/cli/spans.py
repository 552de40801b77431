"""Spans of time as people write them: `90`, `90s`, `15m`, `24h`, `2d`."""

from __future__ import annotations

import re

from perca.errors import BadInput

_UNITS = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86_400}
_SPAN = re.compile(r"(\d{1,9}(?:\.\d{1,3})?)([smhd]?)", re.ASCII)


def seconds(text: str) -> float:
    """The span in seconds; raises BadInput for anything else."""
    span = _SPAN.fullmatch(text.strip().lower())
    if span is None:
        raise BadInput(f"`{text}` is no span of time", "give a number of seconds, or such as 15m, 24h, 2d")
    return float(span[1]) * _UNITS[span[2]]


def span(seconds: float) -> str:
    """The span as people say it."""
    for unit, word in ((86_400, "day"), (3600, "hour"), (60, "minute")):
        if seconds >= unit and seconds % unit == 0:
            number = round(seconds / unit)
            return f"{number} {word}{'' if number == 1 else 's'}"
    left = f"{seconds:.3f}".rstrip("0").rstrip(".")
    return f"{left} second{'' if left == '1' else 's'}"
