"""Questions about a sign-in: the body of What-If and our member; left out is unknown, and what isn't modelled is named."""

import ipaddress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perca.errors import BadInput
from perca.model import (
    NATIVE,
    NO_CONTEXT,
    UNKNOWN_COUNTRY,
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
)
from perca.wire import as_what_if, emit_question, parse_question
from support import graph_json

A, B = "aaaaaaaa-0000-4000-8000-00000000000a", "bbbbbbbb-0000-4000-8000-00000000000b"

Json = dict[str, Any]

flags = st.none() | st.booleans()
guids = st.sampled_from(graph_json.GUIDS)
words = st.frozensets(st.sampled_from(["sms", "password,sms", "fido2"]), max_size=2)
devices = st.builds(
    Device,
    flags,
    st.sampled_from([None, "AzureAD", "ServerAD", "Workplace", "none"]),
    st.sampled_from(
        [
            frozenset(),
            frozenset({(DeviceProperty.DEVICE_OWNERSHIP, "Company")}),
            frozenset(
                {(DeviceProperty.PHYSICAL_IDS, frozenset({"a", "b"})), (DeviceProperty.EXTENSION_15, "")}
            ),
        ]
    ),
    st.booleans(),
)
sessions = st.builds(
    Session, flags, flags, flags, st.none() | st.integers(0, 10**6), words, st.none() | words
)
people = st.tuples(
    guids.map(UserId),
    st.none() | st.builds(External, st.none() | st.sampled_from(ExternalKind), guids.map(TenantId)),
    st.none(),
)
strangers = st.tuples(
    st.none(), st.builds(External, st.sampled_from(ExternalKind), st.none() | guids.map(TenantId)), st.none()
)
workloads = st.tuples(st.none(), st.none(), guids.map(AppId))
resources = st.tuples(guids.map(AppId), st.frozensets(guids.map(AppId), max_size=2), st.none())
actions = st.tuples(st.none(), st.just(frozenset()), st.none() | st.sampled_from(UserAction))


@st.composite
def _sign_ins(draw: st.DrawFn) -> SignIn:
    user, external, workload = draw(people | strangers | workloads)
    app, audiences, action = draw(resources | actions)
    return SignIn(
        user=user,
        external=external,
        workload=workload,
        app=app,
        audiences=audiences - {app},
        action=action,
        client=draw(st.none() | st.sampled_from(ClientApp)),
        platform=draw(st.none() | st.sampled_from(Platform)),
        flow=draw(st.none() | st.sampled_from(Flow)),
        address=draw(st.none() | st.ip_addresses()),
        country=draw(st.sampled_from([None, "de", "fr", UNKNOWN_COUNTRY])),
        inside_corpnet=draw(flags),
        compliant_network=draw(flags),
        sign_in_risk=draw(st.none() | st.sampled_from(RiskLevel)),
        user_risk=draw(st.none() | st.sampled_from(RiskLevel)),
        insider_risk=draw(st.none() | st.sampled_from(InsiderRisk)),
        context=draw(st.sampled_from([None, NO_CONTEXT, ContextId("c1"), ContextId("c99")])),
        scopes=draw(st.none() | st.sampled_from(Scopes)),
        requester=draw(st.none() | st.just(NATIVE) | guids.map(AppId)),
        credential=draw(st.none() | st.sampled_from(Credential)),
        device=draw(devices),
        session=draw(sessions),
        unrecognised=tuple(draw(st.lists(st.text(), max_size=2))),
    )


sign_ins = _sign_ins()


@given(sign_ins)
def test_a_sign_in_comes_back_as_it_was(sign_in: SignIn) -> None:
    assert parse_question(emit_question(sign_in), what_if_defaults=False) == sign_in


@given(sign_ins)
def test_what_if_fills_only_what_was_left_open(sign_in: SignIn) -> None:
    filled = parse_question(emit_question(sign_in), what_if_defaults=True)
    assert filled == as_what_if(sign_in) == as_what_if(filled)
    for name in SignIn.__slots__:
        if getattr(sign_in, name) is not None and name not in ("device", "session"):
            assert getattr(filled, name) == getattr(sign_in, name)


def question(**parts: Any) -> Json:
    return {
        "signInIdentity": {"@odata.type": "#microsoft.graph.userSignIn", "userId": A.upper()},
        "signInContext": {"@odata.type": "#microsoft.graph.applicationContext", "includeApplications": [B]},
        **parts,
    }


def conditions(**members: Any) -> SignIn:
    return parse_question(question(signInConditions=members), what_if_defaults=False)


def test_a_written_question_is_read() -> None:
    body = question(
        signInConditions={
            "devicePlatform": "IOS",
            "clientAppType": "browser",
            "signInRiskLevel": "none",
            "userRiskLevel": "high",
            "ipAddress": "192.0.2.1",
            "country": "DE",
            "deviceInfo": {"isCompliant": True, "trustType": "azuread", "model": "x"},
        },
        perca={"credential": "appPassword", "session": {"mfa": False, "remembered": True}},
        appliedPoliciesOnly=True,
    )
    assert parse_question(body, what_if_defaults=False) == SignIn(
        UserId(A),
        AppId(B),
        ClientApp.BROWSER,
        Platform.IOS,
        ipaddress.ip_address("192.0.2.1"),
        RiskLevel.NONE,
        RiskLevel.HIGH,
        Credential.APP_PASSWORD,
        Device(True, "AzureAD", frozenset({(DeviceProperty.MODEL, "x")})),
        Session(False, True),
        country="de",
    )


def test_what_is_left_out_is_unknown() -> None:
    assert conditions() == SignIn(UserId(A), AppId(B))
    assert conditions(devicePlatform=None, deviceInfo=None, ipAddress=None) == SignIn(UserId(A), AppId(B))


def test_what_if_reads_what_is_left_out_as_graph_does() -> None:
    assert parse_question(question(), what_if_defaults=True) == SignIn(
        UserId(A),
        AppId(B),
        ClientApp.ALL,
        Platform.ALL,
        None,
        RiskLevel.NONE,
        RiskLevel.NONE,
        Credential.PASSWORD,
        Device(False, "none", whole=True),
        Session(False, False, False),
        scopes=Scopes.MORE,
        requester=NATIVE,
        context=NO_CONTEXT,
        flow=Flow.NONE,
        country=UNKNOWN_COUNTRY,
        inside_corpnet=False,
        compliant_network=False,
        insider_risk=InsiderRisk.NONE,
    )


@pytest.mark.parametrize(
    ("parts", "named"),
    [
        ({"signInContext": {"includeApplications": ["Office365"]}}, 'signInContext.includeApplications ["Office365"]'),
        ({"signInConditions": {"clientAppType": "easSupported"}}, "signInConditions.clientAppType easSupported"),
        ({"signInConditions": {"signInRiskLevel": "hidden"}}, "signInConditions.signInRiskLevel hidden"),
        ({"signInConditions": {"novel": 1}}, "signInConditions.novel 1"),
        ({"signInContext": {"includeApplications": [A, "Office365"]}}, f'signInContext.includeApplications ["{A}","Office365"]'),
        ({"perca": {"session": {"mood": 5}}}, "perca.session.mood 5"),
        ({"novel": {"x": 1}}, 'novel {"x":1}'),
    ],
)  # fmt: skip
def test_what_is_not_modelled_is_named(parts: Json, named: str) -> None:
    assert parse_question(question(**parts), what_if_defaults=False).unrecognised == (named,)


def test_facts_of_workloads_change_nothing_about_a_person() -> None:
    person = conditions(servicePrincipalRiskLevel="high", agentIdRiskLevel="low")
    assert (person.unrecognised, person.workload_risk) == ((), "low"), (
        "the risk of an agent whose account it is"
    )
    body = {
        "signInIdentity": {"servicePrincipalId": A},
        "signInConditions": {"servicePrincipalRiskLevel": "high"},
    }
    read = parse_question(body, what_if_defaults=False)
    assert (read.user, read.workload) == (None, A)
    assert (read.workload_risk, read.unrecognised) == ("high", ())
    agent = {
        "signInIdentity": {"agentServicePrincipalId": A},
        "signInConditions": {"agentIdRiskLevel": "low"},
    }
    read = parse_question(agent, what_if_defaults=False)
    assert (read.workload, read.workload_risk, read.unrecognised) == (A, "low", ())
    assert parse_question({"signInIdentity": {"servicePrincipalId": A}}, True).workload_risk == "none"


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ({"signInContext": {"includeApplications": [B, A]}}, {"app": B, "audiences": frozenset({A})}),
        ({"signInContext": {"userAction": "RegisterOrJoinDevices"}}, {"app": None, "action": UserAction.REGISTER_DEVICE}),
        ({"signInContext": {"authenticationContextValue": "C7"}}, {"app": None, "context": "c7"}),
        ({"perca": {"context": "c3"}}, {"app": B, "context": "c3"}),
        ({"signInIdentity": {"externalUserType": "serviceProvider", "externalTenantId": A.upper()}}, {"user": None, "external": External(ExternalKind.SERVICE_PROVIDER, TenantId(A))}),
        ({"signInIdentity": {"userId": A, "externalUserType": "none"}}, {"user": A, "external": None}),
        ({"signInConditions": {"authenticationFlow": {"transferMethod": "deviceCodeFlow"}}}, {"flow": Flow.DEVICE_CODE}),
        ({"perca": {"scopes": "baseline", "requester": B}}, {"scopes": Scopes.BASELINE, "requester": B}),
    ],
)  # fmt: skip
def test_every_fact_has_its_place(parts: Json, expected: Json) -> None:
    read = parse_question(question(**parts), what_if_defaults=False)
    assert {name: getattr(read, name) for name in expected} == expected
    assert read.unrecognised == ()


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"signInIdentity": {"servicePrincipalId": ""}},
        question(perca={"context": "c100"}),
        question(signInContext={"userAction": "dance"}),
        question(signInContext={"userAction": "unknownFutureValue"}),
        question(signInContext={"agentContext": "x"}),
        question(perca={"requester": "somebody"}),
        question(perca={"session": {"age": -1}}),
        question(signInConditions={"country": "Germany"}),
        question(signInConditions={"deviceInfo": {"model": 5}}),
        question(signInConditions={"deviceInfo": {"physicalIds": "x"}}),
        question(signInIdentity={"userId": A, "externalUserType": "cousin"}),
        {"signInIdentity": {"userId": None}},
        {"signInIdentity": "x"},
        question(signInConditions=[]),
        question(perca={"credential": "retina"}),
        question(perca={"session": {"mfa": "yes"}}),
        question(perca={"session": True}),
        question(signInConditions={"clientAppType": "telnet"}),
        question(signInConditions={"devicePlatform": 5}),
        question(signInConditions={"ipAddress": "192.0.2"}),
        question(signInConditions={"ipAddress": 5}),
        question(signInConditions={"deviceInfo": {"trustType": "mine"}}),
        question(signInConditions={"deviceInfo": {"isCompliant": "True"}}),
        {**question(), "SignInIdentity": {}},
    ],
)
def test_a_question_that_makes_no_sense_is_refused(body: Json) -> None:
    with pytest.raises(BadInput) as caught:
        parse_question(body, what_if_defaults=True)
    assert "\n" not in caught.value.message


@given(st.dictionaries(st.sampled_from([*question(), "signInConditions", "perca", "x"]), graph_json.junk))
def test_any_object_is_a_question_or_bad_input(body: Json) -> None:
    try:
        parse_question(body, what_if_defaults=False)
    except BadInput:
        return
    assert body["signInIdentity"]
