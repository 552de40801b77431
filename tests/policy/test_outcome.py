"""How a sign-in ends: what is done, what is still to do, what can't be done, and what nobody can say."""

import pytest

from perca.model import (
    BuiltIn,
    ClientApp,
    Control,
    Credential,
    CustomFactor,
    Device,
    Operator,
    Registration,
    Session,
    SignIn,
    TermsOfUse,
    UnrecognisedControl,
)
from perca.policy import Outcome, decide
from support.small import (
    ADA,
    FRESH,
    MFA_STRENGTH,
    PASSWORDLESS,
    RESISTANT,
    facts,
    grant,
    policy,
    sign_in,
    strength,
    tenant,
)

GRANTED, PROMPT, BLOCKED, OPEN = Outcome.GRANTED, Outcome.PROMPT, Outcome.BLOCKED, Outcome.NOT_ASSESSED
MFA, DEVICE, HYBRID = BuiltIn.MFA, BuiltIn.COMPLIANT_DEVICE, BuiltIn.DOMAIN_JOINED_DEVICE
EVERY_CONTROL = [
    *BuiltIn,
    TermsOfUse("terms"),
    CustomFactor("duo"),
    UnrecognisedControl("odd"),
    strength(MFA_STRENGTH),
    strength(RESISTANT),
]


def ends(
    question: SignIn,
    *controls: Control,
    operator: Operator = Operator.OR,
    methods: tuple[str, ...] = ("mobilePhone",),
) -> Outcome:
    asked = tenant(
        policy(grant=grant(*controls, operator=operator)),
        registrations={ADA: Registration(ADA, True, True, methods)},
    )
    return decide(asked, question).outcome


def test_nothing_asked_is_granted() -> None:
    assert decide(tenant(), FRESH).outcome is GRANTED


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, PROMPT),
        ({"session": Session(mfa=True)}, GRANTED),
        ({"session": Session(remembered=True)}, GRANTED),
        ({"session": Session()}, PROMPT),
        ({"credential": Credential.PASSKEY}, GRANTED),
        ({"credential": None}, PROMPT),
        ({"credential": Credential.FEDERATED}, OPEN),
        ({"credential": Credential.CERTIFICATE}, OPEN),
        ({"client": ClientApp.MODERN}, PROMPT),
        ({"client": ClientApp.OTHER}, BLOCKED),
        ({"client": ClientApp.ACTIVE_SYNC}, BLOCKED),
        ({"client": None}, OPEN),
        ({"client": ClientApp.ALL}, OPEN),
        ({"client": None, "session": Session(mfa=True)}, GRANTED),
    ],
)
def test_mfa(facts: dict[str, object], expected: Outcome) -> None:
    assert ends(sign_in(**facts), MFA) is expected


def test_somebody_without_a_method_is_asked_to_register() -> None:
    assert ends(FRESH, MFA, methods=()) is PROMPT
    assert decide(tenant(policy(), registrations={}), FRESH).outcome is PROMPT


@pytest.mark.parametrize(
    ("device", "control", "expected"),
    [
        (Device(compliant=True), DEVICE, GRANTED),
        (Device(compliant=False), DEVICE, BLOCKED),
        (Device(), DEVICE, OPEN),
        (Device(trust_type="ServerAD"), HYBRID, GRANTED),
        (Device(trust_type="serverad"), HYBRID, GRANTED),
        (Device(trust_type="AzureAD"), HYBRID, BLOCKED),
        (Device(trust_type="none"), HYBRID, BLOCKED),
        (Device(compliant=True), HYBRID, OPEN),
    ],
)
def test_devices(device: Device, control: Control, expected: Outcome) -> None:
    assert ends(sign_in(device=device), control) is expected


@pytest.mark.parametrize("client", [ClientApp.ACTIVE_SYNC, ClientApp.OTHER])
@pytest.mark.parametrize("control", EVERY_CONTROL)
def test_a_legacy_client_meets_no_control(client: ClientApp, control: Control) -> None:
    device = Device(compliant=True, trust_type="ServerAD")
    question = sign_in(client=client, device=device, session=Session(mfa=True))
    outlook = control in (BuiltIn.APPROVED_APPLICATION, BuiltIn.COMPLIANT_APPLICATION)
    unclear = isinstance(control, UnrecognisedControl) or (outlook and client is ClientApp.ACTIVE_SYNC)
    assert ends(question, control) is (OPEN if unclear else BLOCKED)


@pytest.mark.parametrize("control", [DEVICE, HYBRID])
def test_a_good_device_is_no_answer_while_the_client_may_be_a_legacy_one(control: Control) -> None:
    device = Device(compliant=True, trust_type="ServerAD")
    assert ends(sign_in(client=None, device=device), control) is OPEN
    assert ends(sign_in(client=None, device=Device(False, "none")), control) is BLOCKED


@pytest.mark.parametrize(
    ("control", "facts", "methods", "expected"),
    [
        (strength(MFA_STRENGTH), {}, ("mobilePhone",), PROMPT),
        (strength(MFA_STRENGTH), {}, ("softwareOneTimePasscode",), PROMPT),
        (strength(MFA_STRENGTH), {}, (), OPEN),
        (strength(MFA_STRENGTH), {}, ("email",), OPEN),
        (strength(MFA_STRENGTH), {"session": Session(mfa=True)}, (), GRANTED),
        (strength(MFA_STRENGTH), {"session": Session(remembered=True)}, ("mobilePhone",), OPEN),
        (strength(MFA_STRENGTH), {"credential": Credential.FEDERATED}, ("mobilePhone",), OPEN),
        (strength(RESISTANT), {}, ("mobilePhone",), OPEN),
        (strength(RESISTANT), {}, ("passKeyDeviceBound",), PROMPT),
        (strength(RESISTANT), {"credential": Credential.PASSKEY}, (), GRANTED),
        (strength(RESISTANT), {"session": Session(mfa=True)}, ("fido2",), OPEN),
        (strength(PASSWORDLESS), {}, ("microsoftAuthenticatorPasswordless",), PROMPT),
        (strength(PASSWORDLESS), {}, ("microsoftAuthenticatorPush",), OPEN),
    ],
)
def test_strengths(
    control: Control, facts: dict[str, object], methods: tuple[str, ...], expected: Outcome
) -> None:
    assert ends(sign_in(**facts), control, methods=methods) is expected


def test_without_a_row_of_registration_a_strength_is_open() -> None:
    asked = tenant(policy(grant=grant(strength(MFA_STRENGTH))), registrations={})
    assert decide(asked, FRESH).outcome is OPEN


@pytest.mark.parametrize(
    "control",
    [
        BuiltIn.APPROVED_APPLICATION,
        BuiltIn.COMPLIANT_APPLICATION,
        BuiltIn.PASSWORD_CHANGE,
        BuiltIn.RISK_REMEDIATION,
        TermsOfUse("terms"),
        CustomFactor("duo"),
        UnrecognisedControl("odd"),
    ],
)
def test_what_no_fact_of_ours_shows_is_open(control: Control) -> None:
    decision = decide(tenant(policy(grant=grant(control))), FRESH)
    assert decision.outcome is OPEN
    assert f"whether the sign-in meets {control}" in facts(decision)


COMPLIANT, UNKNOWN_DEVICE = Device(compliant=True), Device()


@pytest.mark.parametrize(
    ("device", "operator", "expected"),
    [
        (COMPLIANT, Operator.OR, GRANTED),
        (COMPLIANT, Operator.AND, PROMPT),
        (Device(compliant=False), Operator.OR, PROMPT),
        (Device(compliant=False), Operator.AND, BLOCKED),
        (UNKNOWN_DEVICE, Operator.OR, OPEN),
        (UNKNOWN_DEVICE, Operator.AND, OPEN),
    ],
)
def test_mfa_beside_a_compliant_device(device: Device, operator: Operator, expected: Outcome) -> None:
    assert ends(sign_in(device=device), MFA, DEVICE, operator=operator) is expected


def test_each_missing_fact_is_named() -> None:
    both = tenant(policy(grant=grant(DEVICE, HYBRID, operator=Operator.AND)))
    named = facts(decide(both, sign_in(device=Device())))
    assert "whether the device is compliant" in named
    assert "whether the device is hybrid joined" in named
    named = facts(decide(tenant(policy()), sign_in(client=None)))
    assert named == "whether the client is a legacy client, which can't meet mfa"
    named = facts(decide(tenant(policy()), sign_in(credential=Credential.FEDERATED)))
    assert named == "whether the first factor `federated` was MFA already"
