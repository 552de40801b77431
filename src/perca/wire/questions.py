"""A question about a sign-in: the body of Graph's What-If, with our optional member `perca`, to the model and back.

A field that is left out is unknown to us; with `what_if_defaults` it is read as Graph reads it. A wrong word is BadInput rather
than a guess. Promises that what may change the sign-in and isn't modelled is named.
LAW: `parse_question(emit_question(s), False) == s`.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator
from dataclasses import replace
from enum import StrEnum
from typing import TypeVar

from perca.errors import BadInput
from perca.model import (
    NATIVE,
    NO_CONTEXT,
    UNKNOWN_COUNTRY,
    UNREGISTERED,
    Address,
    AppId,
    ClientApp,
    ContextId,
    Credential,
    Device,
    DeviceProperty,
    External,
    ExternalKind,
    Flow,
    InsiderRisk,
    Platform,
    RiskLevel,
    Scopes,
    Session,
    SignIn,
    TenantId,
    UserAction,
    UserId,
    fold,
    is_context,
    is_guid,
)
from perca.wire.members import Names, left_besides, names, spelled, take_text
from perca.wire.values import Json, JsonObject, JsonValue, check_depth, is_word, says_nothing, shown

E = TypeVar("E", bound=StrEnum)

_DEVICE = {
    "ownership": DeviceProperty.DEVICE_OWNERSHIP,
    **{
        each.value: each
        for each in DeviceProperty
        if each
        not in (DeviceProperty.DEVICE_OWNERSHIP, DeviceProperty.IS_COMPLIANT, DeviceProperty.TRUST_TYPE)
    },
}
"""The properties of a device beside those that controls ask for, as What-If names them."""
_NAMES = names(
    "appliedPoliciesOnly",
    signInIdentity=names(
        "userId externalTenantId externalUserType servicePrincipalId agentServicePrincipalId"
    ),
    signInContext=names("includeApplications authenticationContextValue userAction"),
    signInConditions=names(
        "devicePlatform clientAppType signInRiskLevel userRiskLevel ipAddress country insiderRiskLevel "
        "servicePrincipalRiskLevel agentIdRiskLevel",
        deviceInfo=names(f"isCompliant trustType {' '.join(_DEVICE)}"),
        authenticationFlow=names("transferMethod"),
    ),
    perca=names(
        "credential context scopes requester insideCorpnet compliantNetwork deviceIsWhole unrecognised",
        session=names("mfa remembered homeMfa age accepted methods"),
    ),
)
_TRUST = {fold(word): word for word in ("AzureAD", "ServerAD", "Workplace", UNREGISTERED)}
_NOT_MODELLED = frozenset({"eassupported", "hidden", "unknownfuturevalue"})
"""Words of Graph's that we don't model: they are named, not refused."""
_OF_WORKLOADS = frozenset({"servicePrincipalRiskLevel", "agentIdRiskLevel"})
"""Facts of workloads and agents: they change nothing about a person's sign-in."""
_ACTIONS = {
    "registerSecurityInformation": UserAction.REGISTER_SECURITY_INFORMATION,
    "registerOrJoinDevices": UserAction.REGISTER_DEVICE,
}


def parse_question(body: Json, what_if_defaults: bool) -> SignIn:
    """The sign-in that the question is about; raises BadInput when it names nobody, or makes no sense."""
    check_depth(body, "the question")
    question = spelled(body, _NAMES)
    identity, context, conditions, ours = (
        _part(question, name) for name in ("signInIdentity", "signInContext", "signInConditions", "perca")
    )
    session, device = _part(ours, "session"), _part(conditions, "deviceInfo")
    user, workload, external = _take_id(identity, "userId"), None, _take_external(identity)
    if user is None and external is None:
        workload = _take_id(identity, "servicePrincipalId") or _take_id(identity, "agentServicePrincipalId")
        if workload is None:
            raise BadInput(
                "the question names nobody",
                "`signInIdentity.userId`, `externalUserType` or `servicePrincipalId` is needed",
            )
    apps = _take_apps(context)
    _check_subject(context, apps)
    sign_in = SignIn(
        user=None if user is None else UserId(user),
        external=external,
        workload=None if workload is None else AppId(workload),
        workload_risk=_take_workload_risk(conditions, workload is not None),
        app=apps[0] if apps else None,
        audiences=frozenset(apps[1:]),
        action=_take_action(context),
        context=_take_context(context, ours),
        scopes=_take_word(ours, "scopes", Scopes),
        requester=_take_requester(ours),
        client=_take_word(conditions, "clientAppType", ClientApp),
        platform=_take_word(conditions, "devicePlatform", Platform),
        flow=_take_word(_part(conditions, "authenticationFlow"), "transferMethod", Flow),
        address=_take_address(conditions),
        country=_take_country(conditions),
        inside_corpnet=_take_flag(ours, "insideCorpnet"),
        compliant_network=_take_flag(ours, "compliantNetwork"),
        sign_in_risk=_take_word(conditions, "signInRiskLevel", RiskLevel),
        user_risk=_take_word(conditions, "userRiskLevel", RiskLevel),
        insider_risk=_take_word(conditions, "insiderRiskLevel", InsiderRisk),
        credential=_take_word(ours, "credential", Credential),
        device=_take_device(device, whole=_take_flag(ours, "deviceIsWhole") or False),
        session=_take_session(session),
        unrecognised=(*_take_named(ours), *_left(question, _NAMES, "", workload is not None)),
    )
    return as_what_if(sign_in) if what_if_defaults else sign_in


def as_what_if(sign_in: SignIn) -> SignIn:
    """The sign-in with what it leaves open read as What-If does: risks, flow, country and context none, client type and platform
    `all`, device neither registered nor compliant; and, since What-If asks about a fresh sign-in, a password and no session."""
    device, session = sign_in.device, sign_in.session
    return replace(
        sign_in,
        client=sign_in.client or ClientApp.ALL,
        platform=sign_in.platform or Platform.ALL,
        flow=sign_in.flow or Flow.NONE,
        country=sign_in.country or UNKNOWN_COUNTRY,
        inside_corpnet=sign_in.inside_corpnet or False,
        compliant_network=sign_in.compliant_network or False,
        sign_in_risk=sign_in.sign_in_risk or RiskLevel.NONE,
        user_risk=sign_in.user_risk or RiskLevel.NONE,
        insider_risk=sign_in.insider_risk or InsiderRisk.NONE,
        workload_risk=sign_in.workload_risk or (None if sign_in.workload is None else RiskLevel.NONE),
        context=sign_in.context or NO_CONTEXT,
        scopes=sign_in.scopes or Scopes.MORE,
        requester=sign_in.requester or NATIVE,
        credential=sign_in.credential or Credential.PASSWORD,
        device=replace(
            device,
            compliant=device.compliant or False,
            trust_type=device.trust_type or UNREGISTERED,
            whole=True,
        ),
        session=replace(
            session,
            mfa=session.mfa or False,
            remembered=session.remembered or False,
            home_mfa=session.home_mfa or False,
        ),
    )


def emit_question(sign_in: SignIn) -> Json:
    """The question about the sign-in, with every field that it has; what is unknown is left out."""
    conditions = {
        "devicePlatform": sign_in.platform,
        "clientAppType": sign_in.client,
        "authenticationFlow": _known({"transferMethod": sign_in.flow}),
        "signInRiskLevel": sign_in.sign_in_risk,
        "userRiskLevel": sign_in.user_risk,
        "insiderRiskLevel": sign_in.insider_risk,
        "agentIdRiskLevel"
        if sign_in.workload is None
        else "servicePrincipalRiskLevel": sign_in.workload_risk,
        "ipAddress": None if sign_in.address is None else str(sign_in.address),
        "country": sign_in.country.upper()
        if sign_in.country not in (None, UNKNOWN_COUNTRY)
        else sign_in.country,
        "deviceInfo": emit_device(sign_in.device),
    }
    session = sign_in.session
    methods = session.methods
    ours = {
        "credential": sign_in.credential,
        "context": sign_in.context,
        "scopes": sign_in.scopes,
        "requester": sign_in.requester,
        "insideCorpnet": sign_in.inside_corpnet,
        "compliantNetwork": sign_in.compliant_network,
        "deviceIsWhole": sign_in.device.whole or None,
        "session": _known(
            {
                "mfa": session.mfa,
                "remembered": session.remembered,
                "homeMfa": session.home_mfa,
                "age": session.age,
                "accepted": sorted(session.accepted) or None,
                "methods": None if methods is None else sorted(methods),
            }
        ),
        "unrecognised": [*sign_in.unrecognised] or None,
    }
    question = {
        "signInIdentity": _identity(sign_in),
        "signInContext": _context(sign_in),
        "signInConditions": _known(conditions) or {},
    }
    return {**question, "perca": _known(ours)} if _known(ours) else question


def _identity(sign_in: SignIn) -> Json:
    if sign_in.workload is not None:
        kind = "#microsoft.graph.servicePrincipalSignIn"
        return {"@odata.type": kind, "servicePrincipalId": sign_in.workload}
    external = sign_in.external or External()
    said = {
        "userId": sign_in.user,
        "externalUserType": external.kind,
        "externalTenantId": external.tenant,
    }
    return {"@odata.type": "#microsoft.graph.userSignIn", **(_known(said) or {})}


def _context(sign_in: SignIn) -> Json:
    if sign_in.action is not None:
        word = next(word for word, action in _ACTIONS.items() if action is sign_in.action)
        return {"@odata.type": "#microsoft.graph.userActionContext", "userAction": word}
    apps = [] if sign_in.app is None else [sign_in.app, *sorted(sign_in.audiences)]
    return {"@odata.type": "#microsoft.graph.applicationContext", "includeApplications": apps}


def emit_device(device: Device) -> Json | None:
    """What is known of the device, in the words of the question's `deviceInfo`; None where nothing is."""
    held = dict(device.properties)
    others = {name: held.get(each) for name, each in _DEVICE.items()}
    return _known(
        {
            "isCompliant": device.compliant,
            "trustType": device.trust_type,
            **{name: sorted(v) if isinstance(v, frozenset) else v for name, v in others.items()},
        }
    )


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


def _take_id(part: JsonObject, name: str) -> str | None:
    value = take_text(part, name)
    return None if value is None else fold(value)


def _take_external(identity: JsonObject) -> External | None:
    kind = _take_word(identity, "externalUserType", ExternalKind)
    tenant = _take_id(identity, "externalTenantId")
    if kind is None and tenant is None:
        return None
    return External(kind, None if tenant is None else TenantId(tenant))


def _take_apps(context: JsonObject) -> tuple[AppId, ...]:
    """The resources of the request; none of them where one isn't named by its id."""
    value = context.get("includeApplications")
    if not isinstance(value, list):
        return ()
    apps = [AppId(fold(app)) for app in value if isinstance(app, str) and is_guid(app)]
    if len(apps) != len(value):
        return ()
    del context["includeApplications"]
    return tuple(dict.fromkeys(apps))


def _check_subject(context: JsonObject, apps: tuple[AppId, ...]) -> None:
    """Refuses a question about something that is neither a resource, a user action nor a context: nobody could answer it."""
    novel = left_besides(context, _NAMES["signInContext"], "signInContext")
    if novel and not apps:
        raise BadInput(
            f"the question is about `{novel[0]}`", "a resource, a user action or a context is needed"
        )


def _take_action(context: JsonObject) -> UserAction | None:
    """The user action; a word that we don't know is refused, since no answer could be given about it."""
    value = context.get("userAction")
    if says_nothing(value):
        return None
    known = {fold(word): action for word, action in _ACTIONS.items()}
    action = known.get(fold(value)) if isinstance(value, str) else None
    if action is None:
        hint = f"one of {', '.join(_ACTIONS)} is needed"
        raise BadInput(f"`userAction` of the question is `{shown(value)}`", hint)
    del context["userAction"]
    return action


def _take_context(context: JsonObject, ours: JsonObject) -> ContextId | None:
    """The context that is asked for, in Graph's own place or beside a resource in ours."""
    for part, name in ((context, "authenticationContextValue"), (ours, "context")):
        value = part.get(name)
        if value is None:
            continue
        word = fold(value) if isinstance(value, str) else ""
        if word != NO_CONTEXT and not is_context(word):
            raise BadInput(
                f"`{name}` of the question is `{shown(value)}`", "a context from c1 to c99 is needed, or none"
            )
        del part[name]
        return ContextId(word)
    return None


def _take_requester(ours: JsonObject) -> AppId | None:
    value = ours.get("requester")
    if value is None:
        return None
    word = fold(value) if isinstance(value, str) else ""
    if word != NATIVE and not is_guid(word):
        raise BadInput(
            f"`requester` of the question is `{shown(value)}`", f"an application's id is needed, or {NATIVE}"
        )
    del ours["requester"]
    return AppId(word)


def _take_workload_risk(conditions: JsonObject, workload: bool) -> RiskLevel | None:
    """The risk of a service principal, or of an agent: by itself, or whose user account signs in."""
    risk = _take_word(conditions, "servicePrincipalRiskLevel", RiskLevel) if workload else None
    return _take_word(conditions, "agentIdRiskLevel", RiskLevel) if risk is None else risk


def _take_country(conditions: JsonObject) -> str | None:
    value = conditions.get("country")
    if value is None:
        return None
    word = fold(value) if isinstance(value, str) else ""
    if word != UNKNOWN_COUNTRY and re.fullmatch("[a-z]{2}", word) is None:
        raise BadInput(
            f"`country` of the question is `{shown(value)}`",
            f"a two-letter code is needed, or {UNKNOWN_COUNTRY}",
        )
    del conditions["country"]
    return word


def _take_device(info: JsonObject, *, whole: bool) -> Device:
    held: set[tuple[DeviceProperty, str | frozenset[str]]] = set()
    for name, each in _DEVICE.items():
        value = info.get(name)
        if value is None:
            continue
        if each.is_collection:
            held.add((each, frozenset(_texts(name, value))))
        elif isinstance(value, str):
            held.add((each, value))
        else:
            raise BadInput(f"`{name}` of the question is `{shown(value)}`", "a text is needed")
        del info[name]
    return Device(_take_flag(info, "isCompliant"), _take_trust(info), frozenset(held), whole)


def _take_session(session: JsonObject) -> Session:
    age = session.get("age")
    if age is not None and (isinstance(age, bool) or not isinstance(age, int) or age < 0):
        raise BadInput(f"`age` of the question is `{shown(age)}`", "a number of minutes is needed")
    session.pop("age", None)
    return Session(
        mfa=_take_flag(session, "mfa"),
        remembered=_take_flag(session, "remembered"),
        home_mfa=_take_flag(session, "homeMfa"),
        age=age if isinstance(age, int) else None,
        accepted=_take_texts(session, "accepted") or frozenset(),
        methods=_take_texts(session, "methods"),
    )


def _take_texts(part: JsonObject, name: str) -> frozenset[str] | None:
    value = part.get(name)
    if value is None:
        return None
    del part[name]
    return frozenset(map(fold, _texts(name, value)))


def _texts(name: str, value: JsonValue) -> list[str]:
    texts = [item for item in value if isinstance(item, str)] if isinstance(value, list) else []
    if not isinstance(value, list) or len(texts) != len(value):
        raise BadInput(f"`{name}` of the question is `{shown(value)}`", "a list of texts is needed")
    return texts


def _take_word(part: JsonObject, name: str, kind: type[E]) -> E | None:
    value = part.get(name)
    if value is None:
        return None
    word = fold(value) if isinstance(value, str) else ""
    if word in _NOT_MODELLED or (kind is ExternalKind and word == "none"):
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


def _left(part: JsonObject, known: Names, path: str, workload: bool) -> Iterator[str]:
    """What is left of the question and says something: no context or guest kind is said by `none`."""
    below = {name for name, value in part.items() if isinstance(value, dict) and known.get(name)}
    for name in sorted(below):
        value = part[name]
        assert isinstance(value, dict)
        yield from _left(value, known[name], f"{path}{name}.", workload)
    passed = () if workload else _OF_WORKLOADS
    silent = {*below, *passed, "appliedPoliciesOnly", *(n for n, v in part.items() if _is_none(v))}
    yield from (f"{path}{left}" for left in left_besides(part, silent, ""))


def _is_none(value: JsonValue) -> bool:
    return says_nothing(value) or is_word(value, "none")
