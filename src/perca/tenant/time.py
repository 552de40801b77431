"""Virtual time in the embedded tenant: whole microseconds since 1970, and Graph's way to write them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

START = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)
"""When an embedded tenant begins."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def micros(moment: datetime) -> int:
    """The moment in microseconds."""
    return (moment - _EPOCH) // _MICROSECOND


def moment(at: int) -> datetime:
    """The moment that so many microseconds stand for."""
    return _EPOCH + timedelta(microseconds=at)


def written(at: int) -> str:
    """The moment as Graph writes it: seconds, and a fraction only where there is one."""
    text = moment(at).replace(tzinfo=None).isoformat()
    return text + "Z"


def read(text: str) -> int:
    """The moment of an ISO 8601 text with a zone. Raises ValueError when it is none."""
    when = datetime.fromisoformat(text)
    if when.tzinfo is None:
        raise ValueError(f"`{text}` has no zone")
    return micros(when)
