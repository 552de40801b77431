"""Which controls are MFA-grade and which imply which, for certain and perhaps."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perca.model import (
    BLOCK,
    UNREADABLE,
    AuthenticationStrength,
    BuiltIn,
    Control,
    CustomFactor,
    Narrowing,
    StrengthControl,
    StrengthId,
    TermsOfUse,
    UnrecognisedControl,
)
from perca.policy import Mfa, clause_entails, decide, entails, guarantees_mfa, rulebook
from perca.policy.strengths import (
    BUILT_IN,
    MFA_GRADE,
    RETIRED,
    combinations,
    control_entails,
    demanded,
    is_known,
    is_mfa_grade,
)
from support.small import FRESH, MFA_STRENGTH, PASSWORDLESS, RESISTANT, facts, grant, policy, strength, tenant

OWN = StrengthId("own")
ODD = UnrecognisedControl("verifiedID")
BUILT = {id: StrengthControl(id, allowed) for id, allowed in BUILT_IN.items()}
UNREAD = StrengthControl(OWN, None)
FIDO2 = combinations("fido2")


def allows(text: str) -> StrengthControl:
    return StrengthControl(OWN, combinations(text))


def test_a_combination_of_mfa_grade_is_a_strong_method_or_two_factors() -> None:
    """FACTS.md 10.4; a password with a certificate was seen in real exports. Everything else may be anything."""
    firsts, seconds = ("password", "federatedSingleFactor"), (
        "sms", "voice", "microsoftAuthenticatorPush", "softwareOath", "hardwareOath",
    )  # fmt: skip
    strong = (
        "windowsHelloForBusiness", "fido2", "x509CertificateMultiFactor", "deviceBasedPush", "federatedMultiFactor",
        "temporaryAccessPassOneTime", "temporaryAccessPassMultiUse",
    )  # fmt: skip
    pairs = [f"{first},{second}" for first in firsts for second in seconds]
    seen = [
        f"password,{certificate}"
        for certificate in ("x509CertificateSingleFactor", "x509CertificateMultiFactor")
    ]
    assert combinations("; ".join([*strong, *pairs, *seen])) == MFA_GRADE


@pytest.mark.parametrize("control", [BuiltIn.MFA, *BUILT.values()])
def test_mfa_and_the_built_in_strengths_are_mfa_grade(control: Control) -> None:
    assert is_mfa_grade(control)


@pytest.mark.parametrize(
    "control",
    [*(each for each in BuiltIn if each is not BuiltIn.MFA), TermsOfUse("terms"), CustomFactor("duo")],
)
def test_no_other_control_is_not_even_perhaps(control: Control) -> None:
    assert not is_mfa_grade(control)
    assert not is_mfa_grade(control, unknown_as=True)


@pytest.mark.parametrize(
    ("allowed", "certainly", "perhaps"),
    [
        ("fido2", True, True),
        ("SMS, Password; fido2", True, True),
        ("password,x509CertificateSingleFactor", True, True),
        ("password", False, False),
        ("fido2; sms", False, False),
        ("password,sms; qrCodePin", False, False),
        ("federatedSingleFactor", False, False),
        ("fido2; somethingNew", False, True),
        ("somethingNew; sms", False, False),
        ("", False, True),
    ],
)
def test_a_strength_is_mfa_grade_iff_every_combination_is(
    allowed: str, certainly: bool, perhaps: bool
) -> None:
    assert is_mfa_grade(allows(allowed)) is certainly
    assert is_mfa_grade(allows(allowed), unknown_as=True) is perhaps


@pytest.mark.parametrize("control", [UNREAD, ODD])
def test_what_nobody_read_may_be_mfa_grade_and_is_never_certainly(control: Control) -> None:
    assert not is_mfa_grade(control)
    assert is_mfa_grade(control, unknown_as=True)


def test_mfa_or_a_compliant_device_guarantees_nothing() -> None:
    assert not guarantees_mfa(frozenset({BuiltIn.MFA, BuiltIn.COMPLIANT_DEVICE}), unknown_as=True)
    assert guarantees_mfa(frozenset({BuiltIn.MFA, BUILT[RESISTANT]}))
    assert not guarantees_mfa(frozenset(), unknown_as=True)


def test_the_lattice_of_the_built_in_strengths() -> None:
    weak, middle, strong = BUILT[MFA_STRENGTH], BUILT[PASSWORDLESS], BUILT[RESISTANT]
    for stronger, weaker in ((strong, middle), (middle, weak), (strong, weak)):
        assert control_entails(stronger, weaker)
        assert not control_entails(weaker, stronger)
        assert not control_entails(weaker, stronger, unknown_as=True)
    for each in (weak, middle, strong):
        assert control_entails(each, BuiltIn.MFA)
        assert not control_entails(BuiltIn.MFA, each, unknown_as=True), (
            "external MFA satisfies no strength (13.12)"
        )


def test_an_unknown_strength_implies_itself_and_perhaps_another() -> None:
    assert control_entails(UNREAD, UNREAD)
    for other in (BUILT[RESISTANT], BuiltIn.MFA):
        assert not control_entails(UNREAD, other)
        assert control_entails(UNREAD, other, unknown_as=True)
    assert not control_entails(BUILT[RESISTANT], UNREAD)
    assert control_entails(BUILT[RESISTANT], UNREAD, unknown_as=True)
    assert not control_entails(UNREAD, BuiltIn.COMPLIANT_DEVICE, unknown_as=True)


def test_a_block_implies_every_clause_and_nothing_else_implies_a_block() -> None:
    assert entails(frozenset({BLOCK}), frozenset({BUILT[RESISTANT]}))
    assert not entails(frozenset({frozenset({BuiltIn.MFA})}), BLOCK, unknown_as=True)
    assert not entails(frozenset(), frozenset({BuiltIn.MFA}), unknown_as=True)


controls = st.sampled_from(
    [*BuiltIn, *BUILT.values(), UNREAD, ODD, allows("fido2; password,sms"), allows("sms")]
)
clauses = st.frozensets(controls, min_size=1, max_size=3)


@given(clauses, clauses, clauses)
def test_implication_is_reflexive_and_transitive(a: frozenset, b: frozenset, c: frozenset) -> None:
    assert clause_entails(a, a)
    if clause_entails(a, b) and clause_entails(b, c):
        assert clause_entails(a, c)


@given(clauses, clauses)
def test_what_is_certain_is_possible_and_implication_keeps_the_grade(a: frozenset, b: frozenset) -> None:
    assert clause_entails(a, b, unknown_as=True) or not clause_entails(a, b)
    assert guarantees_mfa(a, unknown_as=True) or not guarantees_mfa(a)
    if clause_entails(a, b) and guarantees_mfa(b):
        assert guarantees_mfa(a)


@given(clauses, clauses)
def test_more_alternatives_are_weaker(a: frozenset, b: frozenset) -> None:
    if a - RETIRED:
        assert clause_entails(a, a | b)
    assert clause_entails(a, a | b, unknown_as=True)


APP = BuiltIn.APPROVED_APPLICATION


def test_an_approved_app_beside_mfa_may_be_no_choice_any_more() -> None:
    """It was to be retired in March 2026, as if it weren't selected; whether that has come, nobody told us."""
    either = frozenset({APP, BuiltIn.MFA})
    assert not guarantees_mfa(either)
    assert guarantees_mfa(either, unknown_as=True)
    assert not guarantees_mfa(frozenset({APP}), unknown_as=True), "it never becomes MFA"
    assert not guarantees_mfa(frozenset({APP, BuiltIn.COMPLIANT_DEVICE}), unknown_as=True)


def test_an_approved_app_alone_may_ask_for_nothing() -> None:
    alone, either = frozenset({APP}), frozenset({APP, BuiltIn.COMPLIANT_APPLICATION})
    assert clause_entails(alone, alone)
    assert not clause_entails(alone, either)
    assert clause_entails(alone, either, unknown_as=True)
    assert not clause_entails(alone, frozenset({BuiltIn.MFA}), unknown_as=True)
    assert clause_entails(frozenset({BuiltIn.COMPLIANT_APPLICATION}), either)
    assert not clause_entails(either, frozenset({BuiltIn.COMPLIANT_APPLICATION}))
    assert clause_entails(either, frozenset({BuiltIn.COMPLIANT_APPLICATION}), unknown_as=True)


def test_what_a_configuration_narrows_is_stronger_and_never_taken_for_equal() -> None:
    keys, some, others = (
        StrengthControl(
            OWN, demanded(AuthenticationStrength(OWN, "own", combinations("fido2"), narrowings=n))
        )
        for n in ((), (Narrowing(FIDO2, "these"),), (Narrowing(FIDO2, "those"),))
    )
    assert control_entails(some, keys)
    assert not control_entails(keys, some, unknown_as=True)
    assert not control_entails(some, others, unknown_as=True)
    for each in (keys, some, others):
        assert is_mfa_grade(each)
        assert control_entails(each, each)
        assert control_entails(each, BUILT[RESISTANT])


def test_a_configuration_narrows_the_combinations_that_it_is_about() -> None:
    told = AuthenticationStrength(
        OWN, "own", combinations("fido2; password,sms"), narrowings=(Narrowing(FIDO2, "these"),)
    )
    assert demanded(told) == combinations("narrowed:these,fido2; password,sms")
    anything = replace(told, narrowings=(Narrowing(None, "odd"),))
    assert demanded(anything) == combinations("narrowed:odd,fido2; narrowed:odd,password,sms")
    assert not is_mfa_grade(
        StrengthControl(OWN, demanded(replace(told, allowed_combinations=combinations("sms"))))
    )


def test_a_combination_that_nobody_can_read_may_be_any() -> None:
    odd = StrengthControl(OWN, frozenset({frozenset({"unrecognised:5"})}))
    assert not control_entails(odd, BUILT[RESISTANT])
    assert control_entails(odd, BUILT[RESISTANT], unknown_as=True)
    assert control_entails(BUILT[RESISTANT], odd, unknown_as=True)


def test_external_mfa_and_custom_controls_meet_no_strength() -> None:
    for other in (BuiltIn.MFA, CustomFactor("duo")):
        for each in BUILT.values():
            assert not control_entails(other, each, unknown_as=True)


def test_the_tenants_own_list_of_a_strength_counts() -> None:
    weakened = AuthenticationStrength(MFA_STRENGTH, "edited", combinations("password"))
    asked = tenant(policy(grant=grant(strength(MFA_STRENGTH))), strengths={MFA_STRENGTH: weakened})
    assert decide(asked, FRESH).mfa is Mfa.NOT_REQUIRED


@pytest.mark.parametrize(
    ("clause", "known"),
    [
        ({BuiltIn.MFA}, True),
        ({BUILT[RESISTANT], BuiltIn.COMPLIANT_DEVICE}, True),
        ({UNREAD}, False),
        ({StrengthControl(OWN, frozenset())}, False),
        ({allows(f"fido2; {UNREADABLE}odd")}, False),
        ({ODD, BuiltIn.MFA}, False),
        ({*RETIRED, BuiltIn.MFA}, False),
    ],
)
def test_what_meets_a_clause_is_known_where_nothing_about_it_is_open(
    clause: set[Control], known: bool
) -> None:
    assert is_known(frozenset(clause)) is known


def test_a_built_in_strength_is_known_without_the_tenants_list() -> None:
    assert decide(tenant(policy(grant=grant(strength(RESISTANT)))), FRESH).mfa is Mfa.REQUIRED


def test_a_strength_that_is_not_in_the_data_is_unknown_and_never_no() -> None:
    decision = decide(tenant(policy(grant=grant(strength(OWN)))), FRESH)
    assert decision.mfa is Mfa.NOT_ASSESSED
    assert "authentication strength `own` is not in the data" in facts(decision)
    assert "whether authenticationStrength:own can only be met by MFA" in facts(decision)


def test_a_control_word_that_is_not_modelled_is_unknown() -> None:
    decision = decide(tenant(policy(grant=grant(ODD))), FRESH)
    assert decision.mfa is Mfa.NOT_ASSESSED
    beside = decide(tenant(policy(grant=grant(ODD, BuiltIn.COMPLIANT_DEVICE))), FRESH)
    assert beside.mfa is Mfa.NOT_REQUIRED, "the device is enough, whatever the word means"


def test_strengths_are_filled_in_from_the_tenant() -> None:
    held = AuthenticationStrength(OWN, "own", combinations("fido2"))
    book = rulebook(tenant(policy(grant=grant(strength(OWN))), strengths={OWN: held}))
    assert (frozenset({allows("fido2")}),) in [rule.clauses for rule in book.rules]
