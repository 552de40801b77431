"""Questions about a sign-in: the body of What-If and our member; left out is unknown, and what isn't modelled is named."""

import ipaddress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perca.errors import BadInput
from perca.model import (
    AppId,
    ClientApp,
    Credential,
    Device,
    Platform,
    RiskLevel,
    Session,
    SignIn,
    UserId,
)
from perca.wire import as_what_if, emit_question, parse_question
from support import graph_json

A, B = "aaaaaaaa-0000-4000-8000-00000000000a", "bbbbbbbb-0000-4000-8000-00000000000b"

Json = dict[str, Any]

flags = st.none() | st.booleans()
sign_ins = st.builds(
    SignIn,
    user=st.sampled_from(graph_json.GUIDS).map(UserId),
    app=st.none() | st.sampled_from(graph_json.GUIDS).map(AppId),
    client=st.none() | st.sampled_from(ClientApp),
    platform=st.none() | st.sampled_from(Platform),
    address=st.none() | st.ip_addresses(),
    sign_in_risk=st.none() | st.sampled_from(RiskLevel),
    user_risk=st.none() | st.sampled_from(RiskLevel),
    credential=st.none() | st.sampled_from(Credential),
    device=st.builds(Device, flags, st.sampled_from([None, "AzureAD", "ServerAD", "Workplace", "none"])),
    session=st.builds(Session, flags, flags),
    unrecognised=st.lists(st.text(), max_size=2).map(tuple),
)


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
        Device(True, "AzureAD"),
        Session(False, True),
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
        Device(False, "none"),
        Session(False, False),
    )


@pytest.mark.parametrize(
    ("parts", "named"),
    [
        ({"signInContext": {"userAction": "registerOrJoinDevices"}}, "signInContext.userAction registerOrJoinDevices"),
        ({"signInContext": {"authenticationContextValue": "c1"}}, "signInContext.authenticationContextValue c1"),
        ({"signInContext": {"includeApplications": [A, B]}}, f'signInContext.includeApplications ["{A}","{B}"]'),
        ({"signInContext": {"includeApplications": ["Office365"]}}, 'signInContext.includeApplications ["Office365"]'),
        ({"signInConditions": {"authenticationFlow": {"transferMethod": "deviceCodeFlow"}}}, "signInConditions.authenticationFlow.transferMethod deviceCodeFlow"),
        ({"signInConditions": {"clientAppType": "easSupported"}}, "signInConditions.clientAppType easSupported"),
        ({"signInConditions": {"signInRiskLevel": "hidden"}}, "signInConditions.signInRiskLevel hidden"),
        ({"signInConditions": {"novel": 1}}, "signInConditions.novel 1"),
        ({"signInIdentity": {"userId": A, "externalUserType": "b2bCollaborationGuest"}}, "signInIdentity.externalUserType b2bCollaborationGuest"),
        ({"perca": {"context": "c3"}}, "perca.context c3"),
        ({"perca": {"session": {"age": 5}}}, "perca.session.age 5"),
        ({"novel": {"x": 1}}, 'novel {"x":1}'),
    ],
)  # fmt: skip
def test_what_is_not_modelled_is_named(parts: Json, named: str) -> None:
    assert parse_question(question(**parts), what_if_defaults=False).unrecognised == (named,)


@pytest.mark.parametrize(
    "members",
    [
        {
            "authenticationFlow": {"transferMethod": "none"},
            "insiderRiskLevel": "minor",
            "servicePrincipalRiskLevel": "none",
        },
        {"country": "DE", "deviceInfo": {"operatingSystem": "x", "physicalIds": ["y"]}},
    ],
)
def test_facts_that_change_no_modelled_condition_are_passed_over(members: Json) -> None:
    assert conditions(**members).unrecognised == ()


@pytest.mark.parametrize(
    "body",
    [
        {},
        {
            "signInIdentity": {
                "@odata.type": "#microsoft.graph.servicePrincipalSignIn",
                "servicePrincipalId": A,
            }
        },
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
    assert body["signInIdentity"]["userId"]
