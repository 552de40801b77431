"""The control path outside Graph: the virtual clock, the lags of the sign-in service, and plain sign-ins.

For tests and the prober only, behind the same secret. docs/architecture.md is its description.
"""

from __future__ import annotations

from collections.abc import Mapping

from perca.errors import BadInput
from perca.tenant.api.exchange import Answer, Ask, Route, answer_with
from perca.tenant.api.host import Host
from perca.tenant.errors import malformed
from perca.tenant.json import Json, dumps
from perca.tenant.records import Times
from perca.tenant.sign_in import attempt_of
from perca.tenant.time import written

CONTROL = frozenset({"perca"})
MAX_SECONDS = 400 * 24 * 3600
MAX_SIGN_INS = 10_000


def shown(times: Times) -> Json:
    """The clock as it is answered: the time, and the lags in seconds."""
    return {
        "now": written(times.now),
        "policyLag": times.policy_lag / 1e6,
        "membersLag": times.members_lag / 1e6,
        "stateLag": times.state_lag / 1e6,
    }


def show_clock(host: Host, ask: Ask, _: Mapping[str, str]) -> Answer:
    """The virtual time and the lags."""
    with host.store.reading() as now:
        return answer_with(shown(now.times()))


def advance_clock(host: Host, ask: Ask, _: Mapping[str, str]) -> Answer:
    """Moves the virtual time on."""
    body = ask.object()
    by = _seconds(body, "advance")
    _only(body, {"advance"})
    with host.store.writing() as now:
        now.advance(by)
        return answer_with(shown(now.times()))


def set_lags(host: Host, ask: Ask, _: Mapping[str, str]) -> Answer:
    """Sets the lags that are sent and keeps the others."""
    body = ask.object()
    _only(body, {"policy", "members", "states"})
    with host.store.writing() as now:
        times = now.times()
        held = {"policy": times.policy_lag, "members": times.members_lag, "states": times.state_lag}
        now.set_lags(**{name: _seconds(body, name) if name in body else lag for name, lag in held.items()})
        return answer_with(shown(now.times()))


def sign_in(host: Host, ask: Ask, _: Mapping[str, str]) -> Answer:
    """Plain sign-ins against the lagging state, all in one transaction; a question that can't be read refuses them all."""
    body = ask.object()
    _only(body, {"signIns"})
    questions = body.get("signIns")
    if not isinstance(questions, list) or len(questions) > MAX_SIGN_INS:
        raise malformed(f"`signIns` is a list of at most {MAX_SIGN_INS} questions.")
    if not all(isinstance(question, dict) for question in questions):
        raise malformed("A question is an object.")
    try:
        attempts = [attempt_of(dumps(question)) for question in questions]
    except BadInput as error:
        raise malformed(f"{error.message}: {error.hint}") from error
    return answer_with({"results": [result.json() for result in host.sign_ins.sign_in(attempts)]})


def _seconds(body: Json, name: str) -> int:
    value = body.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= MAX_SECONDS:
        raise malformed(f"`{name}` is a number of seconds between 0 and {MAX_SECONDS}.")
    return round(value * 1e6)


def _only(body: Json, known: set[str]) -> None:
    if more := set(body) - known:
        raise malformed(f"`{sorted(more)[0]}` is not known here.")


ROUTES = (
    Route("GET", "/clock", show_clock, CONTROL),
    Route("POST", "/clock", advance_clock, CONTROL),
    Route("POST", "/lag", set_lags, CONTROL),
    Route("POST", "/sign-ins", sign_in, CONTROL),
)
