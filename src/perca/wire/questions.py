"""A question about a sign-in: the body of Graph's What-If, with our optional member `perca`, to the model and back.

A field that is left out is unknown to us; with `what_if_defaults` it is read as Graph reads it. A wrong word is BadInput rather
than a guess. Promises that what changes the sign-in and isn't modelled (a user action, a context, a flow, a guest's kind) is named;
facts that only feed conditions which are unknown anyway (country, insider risk, more of the device) are passed over.
LAW: `parse_question(emit_question(s), False) == s`.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from dataclasses import replace
from enum import StrEnum
from typing import TypeVar

from perca.errors import BadInput
from perca.model import (
    Address,
    AppId,
    ClientApp,
    Credential,
    Device,
    Platform,
    RiskLevel,
    Session,
    SignIn,
    UserId,
    fold,
    is_guid,
)
from perca.wire.members import Names, left_besides, names, spelled, take_text
from perca.wire.values import Json, JsonObject, JsonValue, check_depth, says_nothing, shown

E = TypeVar("E", bound=StrEnum)

_PASSED_OVER = names("country insiderRiskLevel servicePrincipalRiskLevel agentIdRiskLevel deviceInfo")
_NAMES = names(
    "appliedPoliciesOnly",
    signInIdentity=names("userId externalTenantId externalUserType"),
    signInContext=names("includeApplications authenticationContextValue userAction"),
    signInConditions=names(
        "devicePlatform clientAppType signInRiskLevel userRiskLevel ipAddress",
        **{**_PASSED_OVER, "deviceInfo": names("isCompliant trustType")},
        authenticationFlow=names("transferMethod"),
    ),
    perca=names("credential context unrecognised", session=names("mfa remembered")),
)
_TRUST = {fold(word): word for word in ("AzureAD", "ServerAD", "Workplace", "none")}
_NOT_MODELLED = frozenset({"eassupported", "hidden", "unknownfuturevalue"})
"""Words of Graph's that we don't model: they are named, not refused."""


def parse_question(body: Json, what_if_defaults: bool) -> SignIn:
    """The sign-in that the question is about; raises BadInput when it names no user, or makes no sense."""
    check_depth(body, "the question")
    question = spelled(body, _NAMES)
    identity, context, conditions, ours = (
        _part(question, name) for name in ("signInIdentity", "signInContext", "signInConditions", "perca")
    )
    session, device = _part(ours, "session"), _part(conditions, "deviceInfo")
    user = take_text(identity, "userId")
    if user is None:
        raise BadInput("the question names no user", "`signInIdentity.userId` is needed")
    sign_in = SignIn(
        user=UserId(fold(user)),
        app=_take_app(context),
        client=_take_word(conditions, "clientAppType", ClientApp),
        platform=_take_word(conditions, "devicePlatform", Platform),
        address=_take_address(conditions),
        sign_in_risk=_take_word(conditions, "signInRiskLevel", RiskLevel),
        user_risk=_take_word(conditions, "userRiskLevel", RiskLevel),
        credential=_take_word(ours, "credential", Credential),
        device=Device(_take_flag(device, "isCompliant"), _take_trust(device)),
        session=Session(_take_flag(session, "mfa"), _take_flag(session, "remembered")),
        unrecognised=(*_take_named(ours), *_left(question, _NAMES, "")),
    )
    return as_what_if(sign_in) if what_if_defaults else sign_in


def as_what_if(sign_in: SignIn) -> SignIn:
    """The sign-in with what it leaves open read as What-If does: risks none, client type and platform `all`, device neither
    registered nor compliant; and, since What-If asks about a fresh sign-in, a password and no session."""
    device, session = sign_in.device, sign_in.session
    return replace(
        sign_in,
        client=sign_in.client or ClientApp.ALL,
        platform=sign_in.platform or Platform.ALL,
        sign_in_risk=sign_in.sign_in_risk or RiskLevel.NONE,
        user_risk=sign_in.user_risk or RiskLevel.NONE,
        credential=sign_in.credential or Credential.PASSWORD,
        device=Device(device.compliant or False, device.trust_type or "none"),
        session=Session(session.mfa or False, session.remembered or False),
    )


def emit_question(sign_in: SignIn) -> Json:
    """The question about the sign-in, with every field that it has; what is unknown is left out."""
    conditions = {
        "devicePlatform": sign_in.platform,
        "clientAppType": sign_in.client,
        "signInRiskLevel": sign_in.sign_in_risk,
        "userRiskLevel": sign_in.user_risk,
        "ipAddress": None if sign_in.address is None else str(sign_in.address),
        "deviceInfo": _known(
            {"isCompliant": sign_in.device.compliant, "trustType": sign_in.device.trust_type}
        ),
    }
    ours = {
        "credential": sign_in.credential,
        "session": _known({"mfa": sign_in.session.mfa, "remembered": sign_in.session.remembered}),
        "unrecognised": [*sign_in.unrecognised] or None,
    }
    apps = [] if sign_in.app is None else [sign_in.app]
    question = {
        "signInIdentity": {"@odata.type": "#microsoft.graph.userSignIn", "userId": sign_in.user},
        "signInContext": {"@odata.type": "#microsoft.graph.applicationContext", "includeApplications": apps},
        "signInConditions": _known(conditions) or {},
    }
    return {**question, "perca": _known(ours)} if _known(ours) else question


def _known(members: Json) -> Json | None:
    """The members that are known, words as plain text; None where none is."""
    found = {
        name: value.value if isinstance(value, StrEnum) else value
        for name, value in members.items()
        if value is not None
    }
    return found or None


def _part(whole: JsonObject, name: str) -> JsonObject:
    value = whole.get(name)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise BadInput(
            f"`{name}` of the question is `{shown(value)}`", "an object is needed, or leave it out"
        )
    return value


def _take_app(context: JsonObject) -> AppId | None:
    match context.get("includeApplications"):
        case [str(app)] if is_guid(app):
            del context["includeApplications"]
            return AppId(fold(app))
    return None


def _take_word(part: JsonObject, name: str, kind: type[E]) -> E | None:
    value = part.get(name)
    if value is None:
        return None
    word = fold(value) if isinstance(value, str) else ""
    if word in _NOT_MODELLED:
        return None
    known = {fold(each): each for each in kind}
    if word not in known:
        raise BadInput(f"`{name}` of the question is `{shown(value)}`", f"one of {', '.join(kind)} is needed")
    del part[name]
    return known[word]


def _take_trust(device: JsonObject) -> str | None:
    value = device.get("trustType")
    if value is None:
        return None
    word = _TRUST.get(fold(value)) if isinstance(value, str) else None
    if word is None:
        hint = f"one of {', '.join(_TRUST.values())} is needed"
        raise BadInput(f"`trustType` of the question is `{shown(value)}`", hint)
    del device["trustType"]
    return word


def _take_flag(part: JsonObject, name: str) -> bool | None:
    value = part.get(name)
    if value is not None and not isinstance(value, bool):
        raise BadInput(f"`{name}` of the question is `{shown(value)}`", "true or false is needed")
    part.pop(name, None)
    return value


def _take_address(conditions: JsonObject) -> Address | None:
    value = conditions.pop("ipAddress", None)
    if value is None:
        return None
    try:
        return ipaddress.ip_address(value.strip() if isinstance(value, str) else "")
    except ValueError as error:
        hint = "an IPv4 or IPv6 address is needed"
        raise BadInput(f"`ipAddress` of the question is `{shown(value)}`", hint) from error


def _take_named(ours: JsonObject) -> tuple[str, ...]:
    """The parts that another question of ours already named."""
    value = ours.get("unrecognised")
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        return ()
    del ours["unrecognised"]
    return tuple(map(str, value))


def _left(part: JsonObject, known: Names, path: str) -> Iterator[str]:
    """What is left of the question and says something: no flow, context or guest kind is said by `none`."""
    below = {name for name, value in part.items() if isinstance(value, dict) and known.get(name)}
    for name in sorted(below - {"deviceInfo"}):
        value = part[name]
        assert isinstance(value, dict)
        yield from _left(value, known[name], f"{path}{name}.")
    silent = {*below, *_PASSED_OVER, "appliedPoliciesOnly", *(n for n, v in part.items() if _is_none(v))}
    yield from (f"{path}{left}" for left in left_besides(part, silent, ""))


def _is_none(value: JsonValue) -> bool:
    return says_nothing(value) or (isinstance(value, str) and fold(value) == "none")
