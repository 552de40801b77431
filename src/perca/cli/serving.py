"""The switches of a served tenant as they are written on the command line: lags, and faults."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypedDict

from perca.cli.spans import seconds
from perca.errors import BadInput
from perca.tenant import Store


class Faults(TypedDict, total=False):
    """Arguments of `perca.tenant.application`."""

    too_many: float
    unavailable: float
    deny: tuple[str, ...]


_LAGS = ("policy", "members", "states")


def set_lags(store: Store, text: str | None) -> None:
    """Sets the lags that are named, and keeps the others; they stay in the database."""
    told = {name: seconds(value) for name, value in _pairs(text, "--lag", _LAGS)}
    if not told:
        return
    with store.writing() as now:
        times = now.times()
        held = {"policy": times.policy_lag, "members": times.members_lag, "states": times.state_lag}
        now.set_lags(**{name: round(told[name] * 1e6) if name in told else lag for name, lag in held.items()})


def faults(text: str | None) -> Faults:
    """The faults that are named. BadInput for one that isn't built yet."""
    found: Faults = {}
    denied: list[str] = []
    for name, value in _pairs(text, "--faults", ("429", "503", "deny", "drop", "slow", "half")):
        match name:
            case "429":
                found["too_many"] = _rate(value)
            case "503":
                found["unavailable"] = _rate(value)
            case "deny":
                denied.append(value)
            case _:
                raise BadInput(f"the fault `{name}` is not built yet", "those that are: 429, 503, deny")
    if denied:
        found["deny"] = tuple(denied)
    return found


def _pairs(text: str | None, option: str, names: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    for part in (text or "").split(","):
        name, equals, value = part.strip().partition("=")
        if not name and not equals:
            continue
        if name not in names or not value:
            raise BadInput(
                f"`{part.strip()}` in {option} makes no sense",
                f"give NAME=VALUE with one of {', '.join(names)}",
            )
        yield name, value


def _rate(text: str) -> float:
    try:
        rate = float(text)
    except ValueError:
        rate = -1.0
    if not 0 <= rate <= 1:
        raise BadInput(f"`{text}` is no rate", "give a number from 0 to 1")
    return rate
