"""How a sign-in ends: what is done, what is still to do, what can't be done, and what nobody can say."""

from dataclasses import replace
from typing import Any

import pytest

from perca.model import (
    ApplicationCondition,
    AuthenticationStrength,
    BuiltIn,
    ClientApp,
    Control,
    Credential,
    CrossTenantAccess,
    CustomFactor,
    Device,
    External,
    ExternalKind,
    Flow,
    InboundTrust,
    Narrowing,
    NotRead,
    Operator,
    Registration,
    RiskCondition,
    RiskLevel,
    Session,
    SignIn,
    StrengthControl,
    StrengthId,
    TenantId,
    TermsOfUse,
    UnrecognisedControl,
    User,
    UserAction,
)
from perca.policy import Mfa, Outcome, decide
from perca.policy.strengths import combinations
from support.small import (
    ADA,
    FRESH,
    MFA_STRENGTH,
    PASSWORDLESS,
    RESISTANT,
    facts,
    grant,
    person,
    policy,
    sign_in,
    strength,
    tenant,
)

GRANTED, PROMPT, BLOCKED, OPEN = Outcome.GRANTED, Outcome.PROMPT, Outcome.BLOCKED, Outcome.NOT_ASSESSED
MFA, DEVICE, HYBRID = BuiltIn.MFA, BuiltIn.COMPLIANT_DEVICE, BuiltIn.DOMAIN_JOINED_DEVICE
OWN = StrengthId("own")
GUEST = replace(person(ADA), user_type="Guest", creation_type="Invitation")
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
    outlook = control is BuiltIn.COMPLIANT_APPLICATION and client is ClientApp.ACTIVE_SYNC
    unclear = isinstance(control, UnrecognisedControl) or control is BuiltIn.APPROVED_APPLICATION or outlook
    assert ends(question, control) is (OPEN if unclear else BLOCKED)


@pytest.mark.parametrize("control", [DEVICE, HYBRID])
def test_a_good_device_is_no_answer_while_the_client_may_be_a_legacy_one(control: Control) -> None:
    device = Device(compliant=True, trust_type="ServerAD")
    assert ends(sign_in(client=None, device=device), control) is OPEN
    assert ends(sign_in(client=None, device=Device(False, "none")), control) is BLOCKED


def test_a_strength_met_by_a_password_is_no_answer_while_the_client_may_be_a_legacy_one() -> None:
    """A password is no sign of a modern client, as MFA is: the legacy client that has it meets no control."""
    weak = AuthenticationStrength(OWN, "weak", combinations("password"))
    world = tenant(policy(grant=grant(strength(OWN))), strengths={OWN: weak})
    assert decide(world, sign_in()).outcome is GRANTED
    assert decide(world, sign_in(client=ClientApp.OTHER)).outcome is BLOCKED
    assert decide(world, sign_in(client=None)).outcome is OPEN


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
    "control", [BuiltIn.APPROVED_APPLICATION, BuiltIn.COMPLIANT_APPLICATION, UnrecognisedControl("odd")]
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


def end(question: SignIn, *controls: Control, operator: Operator = Operator.OR, **more: Any) -> Outcome:
    """How it ends for Ada, registered for all that a phone can do, where `more` of the tenant is given."""
    row = Registration(ADA, True, True, ("mobilePhone",))
    asked = tenant(policy(grant=grant(*controls, operator=operator)), **{"registrations": {ADA: row}, **more})
    return decide(asked, question).outcome


USED = Session(mfa=True, methods=frozenset({"password", "sms"}))


@pytest.mark.parametrize(
    ("session", "control", "expected"),
    [
        (USED, MFA, GRANTED),
        (Session(methods=frozenset({"password", "sms"})), MFA, GRANTED),
        (Session(methods=frozenset({"password"})), MFA, PROMPT),
        (USED, strength(MFA_STRENGTH), GRANTED),
        (USED, strength(RESISTANT), PROMPT),
        (Session(mfa=True, methods=frozenset({"fido2"})), strength(RESISTANT), GRANTED),
        (Session(mfa=True, methods=frozenset({"externalauthenticationmethod"})), MFA, GRANTED),
        (
            Session(mfa=True, methods=frozenset({"externalauthenticationmethod"})),
            strength(MFA_STRENGTH),
            PROMPT,
        ),
        (Session(mfa=True), strength(RESISTANT), OPEN),
    ],
)
def test_a_strength_looks_at_the_methods_that_were_used(
    session: Session, control: Control, expected: Outcome
) -> None:
    """13.12: external MFA is MFA and meets no strength."""
    row = Registration(ADA, True, True, ("mobilePhone", "passKeyDeviceBound"))
    assert end(sign_in(session=session), control, registrations={ADA: row}) is expected


@pytest.mark.parametrize(
    ("credential", "control", "expected"),
    [
        (Credential.WINDOWS_HELLO, MFA, GRANTED),
        (Credential.WINDOWS_HELLO, strength(RESISTANT), GRANTED),
        (Credential.TEMPORARY_ACCESS_PASS, MFA, GRANTED),
        (Credential.TEMPORARY_ACCESS_PASS, strength(MFA_STRENGTH), GRANTED),
        (Credential.TEMPORARY_ACCESS_PASS, strength(RESISTANT), OPEN),
        (Credential.CERTIFICATE, strength(RESISTANT), OPEN),
        (None, strength(MFA_STRENGTH), PROMPT),
    ],
)
def test_the_first_factor_may_be_enough(
    credential: Credential | None, control: Control, expected: Outcome
) -> None:
    assert end(sign_in(credential=credential), control) is expected


def own(allowed: str, *narrowings: Narrowing) -> dict[StrengthId, AuthenticationStrength]:
    return {OWN: AuthenticationStrength(OWN, "own", combinations(allowed), narrowings=narrowings)}


def test_a_key_that_a_configuration_may_not_take_is_no_key() -> None:
    passkey = sign_in(credential=Credential.PASSKEY)
    assert end(passkey, StrengthControl(OWN), strengths=own("fido2")) is GRANTED
    narrowed = own("fido2", Narrowing(combinations("fido2"), "these"))
    assert end(passkey, StrengthControl(OWN), strengths=narrowed) is OPEN


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (Registration(ADA, True, True, ("mobilePhone",)), PROMPT),
        (Registration(ADA, True, False, ("mobilePhone",)), OPEN),
        (Registration(ADA, True, None, ("mobilePhone",)), OPEN),
    ],
)
def test_a_method_that_nobody_may_use_is_no_method(row: Registration, expected: Outcome) -> None:
    """13.12: who is registered isn't capable yet."""
    assert end(FRESH, strength(MFA_STRENGTH), registrations={ADA: row}) is expected


RISKY = sign_in(sign_in_risk=RiskLevel.HIGH)
AT_RISK = RiskCondition(frozenset({RiskLevel.HIGH}))


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (Registration(ADA, True, True), PROMPT),
        (Registration(ADA, False, False), BLOCKED),
        (Registration(ADA, None, None), OPEN),
        (None, OPEN),
    ],
)
def test_at_a_risk_nobody_registers_for_mfa(row: Registration | None, expected: Outcome) -> None:
    rows = {} if row is None else {ADA: row}
    asked = tenant(policy(sign_in_risk=AT_RISK), registrations=rows)
    assert decide(asked, RISKY).outcome is expected
    plain = tenant(policy(), registrations=rows)
    assert decide(plain, RISKY).outcome is PROMPT, "the risk isn't why it is asked"


USER_AT_RISK = sign_in(user_risk=RiskLevel.HIGH)


@pytest.mark.parametrize(
    ("question", "more", "expected"),
    [
        (USER_AT_RISK, {}, PROMPT),
        (FRESH, {}, OPEN),
        (USER_AT_RISK, {"users": {ADA: replace(person(ADA), synchronised=True)}}, OPEN),
        (USER_AT_RISK, {"users": {ADA: replace(person(ADA), synchronised=None)}}, OPEN),
        (USER_AT_RISK, {"users": {ADA: GUEST}}, BLOCKED),
        (USER_AT_RISK, {"registrations": {ADA: Registration(ADA, False, False)}}, BLOCKED),
        (USER_AT_RISK, {"registrations": {}}, OPEN),
        (replace(USER_AT_RISK, credential=Credential.PASSKEY), {}, OPEN),
        (replace(USER_AT_RISK, client=ClientApp.OTHER), {}, BLOCKED),
    ],
)
def test_a_password_change_is_asked_of_people_at_risk(
    question: SignIn, more: dict[str, Any], expected: Outcome
) -> None:
    assert end(question, BuiltIn.PASSWORD_CHANGE, **more) is expected


@pytest.mark.parametrize(
    ("question", "users", "expected"),
    [(USER_AT_RISK, person(ADA), PROMPT), (FRESH, person(ADA), OPEN), (USER_AT_RISK, GUEST, OPEN)],
)
def test_a_risk_is_remedied_by_signing_in_again(question: SignIn, users: User, expected: Outcome) -> None:
    assert end(question, BuiltIn.RISK_REMEDIATION, users={ADA: users}) is expected


def test_terms_of_use_are_accepted_once() -> None:
    terms = TermsOfUse("terms")
    assert end(FRESH, terms) is PROMPT
    assert end(sign_in(session=Session(accepted=frozenset({"terms"}))), terms) is GRANTED
    assert end(sign_in(session=Session(accepted=frozenset({"others"}))), terms) is PROMPT
    assert end(sign_in(client=None, session=Session(accepted=frozenset({"terms"}))), terms) is OPEN


def test_a_custom_control_is_asked_for_and_nobody_knows_whether_it_was_met_before() -> None:
    assert end(FRESH, CustomFactor("duo")) is PROMPT
    assert end(sign_in(session=Session(mfa=True)), CustomFactor("duo")) is OPEN


def test_an_approved_app_may_no_longer_be_asked_for() -> None:
    app = BuiltIn.APPROVED_APPLICATION
    alone = decide(tenant(policy(grant=grant(app))), FRESH)
    assert (alone.outcome, alone.mfa) == (OPEN, Mfa.NOT_REQUIRED)
    beside = decide(tenant(policy(grant=grant(app, MFA))), FRESH)
    assert (beside.outcome, beside.mfa) == (OPEN, Mfa.NOT_ASSESSED)
    assert "whether approvedApplication is still asked for" in facts(beside)
    done = decide(tenant(policy(grant=grant(app, MFA))), sign_in(session=Session(mfa=True)))
    assert done.outcome is GRANTED
    assert end(sign_in(client=ClientApp.OTHER), app, MFA) is BLOCKED, "with the app or without"


@pytest.mark.parametrize(
    ("flow", "expected"),
    [(Flow.NONE, GRANTED), (Flow.DEVICE_CODE, BLOCKED), (Flow.TRANSFER, GRANTED), (None, OPEN)],
)
def test_no_device_can_be_shown_to_a_device_code(flow: Flow | None, expected: Outcome) -> None:
    device = Device(compliant=True, trust_type="ServerAD")
    for control in (DEVICE, HYBRID):
        assert end(sign_in(device=device, flow=flow), control) is expected


TRUSTED, DISTRUSTED = CrossTenantAccess(InboundTrust(True, True, True)), CrossTenantAccess()
UNREAD = NotRead("403")
COLLABORATION, DIRECT = ExternalKind.COLLABORATION_GUEST, ExternalKind.DIRECT_CONNECT
HOME = TenantId("home")


def from_outside(kind: ExternalKind | None, **more: Any) -> SignIn:
    user = ADA if kind is COLLABORATION else None
    return sign_in(user=user, external=External(kind, HOME), **more)


@pytest.mark.parametrize(
    ("kind", "trust", "session", "expected"),
    [
        (COLLABORATION, DISTRUSTED, Session(), PROMPT),
        (COLLABORATION, DISTRUSTED, Session(home_mfa=True), PROMPT),
        (COLLABORATION, DISTRUSTED, Session(mfa=True), GRANTED),
        (COLLABORATION, TRUSTED, Session(), PROMPT),
        (COLLABORATION, TRUSTED, Session(home_mfa=True), GRANTED),
        (COLLABORATION, UNREAD, Session(), PROMPT),
        (COLLABORATION, UNREAD, Session(home_mfa=True), OPEN),
        (DIRECT, DISTRUSTED, Session(), BLOCKED),
        (DIRECT, DISTRUSTED, Session(home_mfa=True), BLOCKED),
        (DIRECT, DISTRUSTED, Session(mfa=True), BLOCKED),
        (DIRECT, TRUSTED, Session(), PROMPT),
        (DIRECT, TRUSTED, Session(home_mfa=True), GRANTED),
        (DIRECT, UNREAD, Session(home_mfa=True), OPEN),
        (ExternalKind.SERVICE_PROVIDER, DISTRUSTED, Session(), OPEN),
        (ExternalKind.SERVICE_PROVIDER, TRUSTED, Session(home_mfa=True), GRANTED),
        (None, DISTRUSTED, Session(), OPEN),
    ],
)
def test_mfa_of_people_from_outside(
    kind: ExternalKind | None, trust: CrossTenantAccess | NotRead, session: Session, expected: Outcome
) -> None:
    assert end(from_outside(kind, session=session), MFA, cross_tenant=trust) is expected


@pytest.mark.parametrize(
    ("kind", "trust", "session", "control", "expected"),
    [
        (COLLABORATION, DISTRUSTED, Session(), MFA_STRENGTH, PROMPT),
        (COLLABORATION, DISTRUSTED, Session(), RESISTANT, BLOCKED),
        (COLLABORATION, DISTRUSTED, Session(methods=frozenset({"fido2"}), home_mfa=True), RESISTANT, BLOCKED),
        (COLLABORATION, TRUSTED, Session(), MFA_STRENGTH, PROMPT),
        (COLLABORATION, TRUSTED, Session(), RESISTANT, OPEN),
        (COLLABORATION, TRUSTED, Session(home_mfa=True), MFA_STRENGTH, GRANTED),
        (COLLABORATION, TRUSTED, Session(home_mfa=True), RESISTANT, OPEN),
        (COLLABORATION, TRUSTED, Session(methods=frozenset({"fido2"}), home_mfa=True), RESISTANT, GRANTED),
        (COLLABORATION, UNREAD, Session(), MFA_STRENGTH, OPEN),
        (DIRECT, DISTRUSTED, Session(), MFA_STRENGTH, BLOCKED),
        (ExternalKind.OTHER, DISTRUSTED, Session(), MFA_STRENGTH, OPEN),
        (ExternalKind.OTHER, TRUSTED, Session(), MFA_STRENGTH, OPEN),
    ],
)
def test_strengths_of_people_from_outside(
    kind: ExternalKind,
    trust: CrossTenantAccess | NotRead,
    session: Session,
    control: StrengthId,
    expected: Outcome,
) -> None:
    assert end(from_outside(kind, session=session), strength(control), cross_tenant=trust) is expected


@pytest.mark.parametrize(
    ("second", "expected"),
    [
        ("sms", PROMPT),
        ("voice", PROMPT),
        ("microsoftAuthenticatorPush", PROMPT),
        ("softwareOath", PROMPT),
        ("hardwareOath", BLOCKED),
    ],
)
def test_a_guest_does_here_what_the_page_lists(second: str, expected: Outcome) -> None:
    here = {"strengths": own(f"password,{second}"), "cross_tenant": DISTRUSTED}
    assert end(from_outside(COLLABORATION), StrengthControl(OWN), **here) is expected


@pytest.mark.parametrize(
    ("trust", "compliant", "expected"),
    [
        (DISTRUSTED, True, BLOCKED),
        (TRUSTED, True, GRANTED),
        (TRUSTED, False, BLOCKED),
        (TRUSTED, None, OPEN),
        (UNREAD, True, OPEN),
        (UNREAD, False, BLOCKED),
    ],
)
def test_a_device_from_elsewhere_counts_where_it_is_trusted(
    trust: CrossTenantAccess | NotRead, compliant: bool | None, expected: Outcome
) -> None:
    question = from_outside(COLLABORATION, device=Device(compliant, "ServerAD"))
    assert end(question, DEVICE, cross_tenant=trust) is expected


def test_who_may_be_of_the_tenant_or_from_outside_gets_the_answer_that_is_true_of_both() -> None:
    maybe = replace(person(ADA), user_type="Guest")
    told = {"users": {ADA: maybe}, "cross_tenant": DISTRUSTED}
    assert end(FRESH, MFA, **told) is PROMPT
    assert end(sign_in(device=Device(compliant=True)), DEVICE, **told) is OPEN


@pytest.mark.parametrize(
    ("credential", "expected"),
    [
        (Credential.WINDOWS_HELLO, PROMPT),
        (Credential.PASSKEY, OPEN),
        (Credential.TEMPORARY_ACCESS_PASS, GRANTED),
    ],
)
def test_a_factor_that_is_bound_to_a_device_registers_none(credential: Credential, expected: Outcome) -> None:
    at = ApplicationCondition(actions=frozenset({UserAction.REGISTER_DEVICE}))
    asked = tenant(policy(applications=at))
    question = sign_in(app=None, action=UserAction.REGISTER_DEVICE, credential=credential)
    assert decide(asked, question).outcome is expected
