"""Compares what a log says of a policy with what `decide` says, where the policy's definition is at hand.

The log doesn't tell everything that decides: groups, roles, the session. What hangs on that is open, and neither agrees nor disagrees.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from perca.model import (
    NO_CONTEXT,
    AppId,
    ConditionalAccessPolicy,
    Device,
    Flow,
    NotRead,
    Platform,
    PolicyState,
    RiskLevel,
    SignIn,
    Tenant,
    UserId,
)
from perca.policy import No, Unknown, decide
from perca.wire import parse_policy
from support.logged import OURS, Bad, Json, Logged, Result, client_of, values

APPLIES = {"success", "failure", "reportOnlySuccess", "reportOnlyFailure", "reportOnlyInterrupted"}
DOES_NOT = {"notApplied", "reportOnlyNotApplied"}
PLATFORMS = {
    "windows": Platform.WINDOWS,
    "macos": Platform.MACOS,
    "ios": Platform.IOS,
    "android": Platform.ANDROID,
    "linux": Platform.LINUX,
}
NOT_LOGGED = NotRead("a log doesn't say")
PRINTED = pytest.StashKey[list[str]]()
"""What is printed at the end of a run."""


@dataclass(frozen=True)
class Compared:
    """One logged result beside ours: it agrees, disagrees, or is open; and why."""

    where: str
    policy: str
    verdict: str
    why: str = ""


def definitions(*folders: Path) -> dict[str, Json]:
    """The policies that the files define, by folded id."""
    found: dict[str, Json] = {}
    for folder in folders:
        for _, value in values(folder):
            if not isinstance(value, Bad):
                found.update((str(each["id"]).casefold(), each) for each in _policies(value))
    return found


def _policies(value: Any) -> Iterator[Json]:
    if isinstance(value, list):
        for each in value:
            yield from _policies(each)
    elif isinstance(value, dict):
        if isinstance(value.get("conditions"), dict) and isinstance(value.get("id"), str):
            yield value
        else:
            for each in value.values():
                yield from _policies(each)


def compare(logged: Logged, known: dict[str, Json]) -> Iterator[Compared]:
    """Each result of the sign-in whose policy is defined."""
    for result in logged.results:
        if result.policy in known:
            policy = parse_policy(known[result.policy])
            verdict, why = _verdict(result, policy, question(logged.record))
            yield Compared(logged.where, result.policy, verdict, why)


def _verdict(result: Result, policy: ConditionalAccessPolicy, sign_in: SignIn) -> tuple[str, str]:
    off = policy.state is PolicyState.DISABLED
    if result.word == "notEnabled" or off:
        said = result.word == "notEnabled"
        return (
            ("agrees", "")
            if said is off
            else ("disagrees", f"{result.word}, and the policy is {policy.state}")
        )
    if result.word not in APPLIES | DOES_NOT:
        return "open", f"the log says {result.word}"
    tenant = Tenant(policies=(policy,), role_assignments=NOT_LOGGED, security_defaults=False)
    (judged,) = (each for each in decide(tenant, sign_in).rules if each.rule.source.id == policy.id)
    if result.word.startswith("reportOnly") is judged.rule.enforced:
        return "disagrees", f"{result.word}, and the policy is {policy.state}"
    match judged.answer:
        case Unknown(facts):
            return "open", "; ".join(facts)
        case No(because, unmet):
            if result.word in APPLIES:
                return "disagrees", f"{result.word}, and to us: {'; '.join(because)}"
            return _same_conditions(result, set(unmet))
    return ("agrees", "") if result.word in APPLIES else ("disagrees", f"{result.word}, and to us it applies")


def _same_conditions(result: Result, unmet: set[str]) -> tuple[str, str]:
    """The log may stop at the first condition that isn't met; none that it calls met may be unmet to us."""
    met = {word for each in result.satisfied for word in OURS.get(each, ())}
    failed = {word for each in result.not_satisfied for word in OURS.get(each, ())}
    if unmet <= met and unmet:
        return "disagrees", f"unmet to us {sorted(unmet)}, met to the log {sorted(met)}"
    if failed and not failed & unmet:
        return "disagrees", f"unmet to us {sorted(unmet)}, to the log {sorted(failed)}"
    return "agrees", ""


def question(record: Json) -> SignIn:
    """The sign-in as far as the record tells it."""
    device, place = _object(record, "devicedetail"), _object(record, "location")
    client = record.get("clientappused")
    return SignIn(
        user=UserId(str(record["userid"]).casefold()) if record.get("userid") else None,
        app=AppId(str(record["resourceid"]).casefold()) if record.get("resourceid") else None,
        client=client_of(client) if isinstance(client, str) and client else None,
        platform=next(
            (
                PLATFORMS[each]
                for each in PLATFORMS
                if str(device.get("operatingsystem", "")).casefold().startswith(each)
            ),
            None,
        ),
        address=_address(record.get("ipaddress")),
        country=str(place["countryorregion"]).casefold() if place.get("countryorregion") else None,
        sign_in_risk=_risk(record.get("risklevelduringsignin")),
        flow=Flow.DEVICE_CODE
        if str(record.get("authenticationprotocol")).casefold() == "devicecode"
        else None,
        context=NO_CONTEXT if record.get("authenticationcontextclassreferences") == [] else None,
        device=Device(compliant=_flag(device.get("iscompliant"))),
    )


def _object(record: Json, name: str) -> Json:
    value = record.get(name)
    return {str(key).casefold(): each for key, each in value.items()} if isinstance(value, dict) else {}


def _address(value: Any) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(str(value).strip())
    except ValueError:
        return None


def _risk(value: Any) -> RiskLevel | None:
    return next((each for each in RiskLevel if each.value == str(value).casefold()), None)


def _flag(value: Any) -> bool | None:
    return value if isinstance(value, bool) else None
