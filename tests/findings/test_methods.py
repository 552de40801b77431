"""Which methods somebody may use, and which combinations the person could show: yes, no, and what would tell."""

from dataclasses import replace
from typing import Any

import pytest

from perca.findings.methods import Can, allowed, can_meet, federated, possible
from perca.model import (
    Domain,
    Group,
    MethodSetting,
    MethodsPolicy,
    MethodTargets,
    NotRead,
    Registration,
    Tenant,
)
from perca.policy import Answer, No, Unknown, Yes, rulebook
from perca.policy.strengths import NARROWED, combinations
from support.fit import ADA, BEN, MANAGED, STAFF, fit, methods, with_registration, with_user
from support.small import group, of

EVERYONE, NOBODY = MethodTargets(everyone=True), MethodTargets()
STRANGE = MethodTargets(unrecognised=("{}",))
FEDERATED = (MANAGED[0], Domain("fit.example", federated=True))


def may(include: MethodTargets, exclude: MethodTargets = NOBODY, **more: Any) -> Answer:
    setting = MethodSetting(True, include, exclude)
    return allowed(rulebook(fit(methods=methods(fido2=setting), **more)), ADA, "fido2")


@pytest.mark.parametrize(
    ("include", "exclude", "kind"),
    [
        (EVERYONE, NOBODY, Yes),
        (MethodTargets(users=(ADA,)), NOBODY, Yes),
        (MethodTargets(groups=(STAFF,)), NOBODY, Yes),
        (NOBODY, NOBODY, No),
        (MethodTargets(users=(BEN,)), NOBODY, No),
        (EVERYONE, MethodTargets(users=(ADA,)), No),
        (EVERYONE, MethodTargets(groups=(STAFF,)), No),
        (EVERYONE, EVERYONE, No),
        (STRANGE, NOBODY, Unknown),
        (EVERYONE, STRANGE, Unknown),
        (STRANGE, STRANGE, Unknown),
        (NOBODY, STRANGE, No),
        (STRANGE, EVERYONE, No),
    ],
)
def test_exclude_beats_include(include: MethodTargets, exclude: MethodTargets, kind: type) -> None:
    assert isinstance(may(include, exclude), kind)


def test_a_group_that_nobody_read_leaves_it_open() -> None:
    unread = {STAFF: Group(STAFF, "Staff", NotRead("403"))}
    answer = may(MethodTargets(groups=(STAFF,)), groups=unread)
    assert isinstance(answer, Unknown)
    assert "403" in answer.facts[0]


def test_a_method_that_is_off_or_not_told() -> None:
    assert isinstance(allowed(rulebook(fit(methods=methods("fido2"))), ADA, "fido2"), No)
    for silent in (NotRead("403"), MethodsPolicy(), methods(fido2=MethodSetting(None, EVERYONE))):
        assert isinstance(allowed(rulebook(fit(methods=silent)), ADA, "fido2"), Unknown)


@pytest.mark.parametrize(
    ("domains", "answer"),
    [(MANAGED, False), (FEDERATED, True), (MANAGED[:1], None), (NotRead("403"), None)],
)
def test_whether_a_domain_is_federated(domains: Any, answer: bool | None) -> None:
    held = with_user(fit(domains=domains), ADA, user_principal_name="ADA@Fit.Example")
    assert federated(held, held.users[ADA]) is answer


def can(tenant: Tenant, allowed_: str, id: Any = ADA) -> tuple[Can, str]:
    found, facts = can_meet(rulebook(tenant), tenant.users[id], combinations(allowed_))
    return found, "; ".join(facts)


BY_PHONE = fit(methods=methods())


@pytest.mark.parametrize(
    ("allowed_", "answer"),
    [
        ("password,sms", Can.YES),
        ("fido2", Can.NO),
        ("windowsHelloForBusiness", Can.NO),
        ("fido2; password,sms", Can.YES),
        ("password", Can.YES),
        ("sms,federatedSingleFactor", Can.NO),
        ("x509CertificateMultiFactor", Can.NO),
        ("somethingNew", Can.UNKNOWN),
        ("password,somethingNew", Can.UNKNOWN),
        ("fido2,somethingNew", Can.NO),
        ("somethingNew; password,sms", Can.YES),
        ("temporaryAccessPassOneTime", Can.NO),
        ("password,voice", Can.YES),
    ],
)
def test_what_somebody_with_a_phone_can_show(allowed_: str, answer: Can) -> None:
    found, facts = can(BY_PHONE, allowed_)
    assert found is answer
    assert bool(facts) is (answer is Can.UNKNOWN)


def test_what_the_policy_takes_away_counts_no_more() -> None:
    assert can(fit(methods=methods("sms")), "password,sms")[0] is Can.NO
    assert can(fit(methods=methods("sms")), "password,voice")[0] is Can.YES


@pytest.mark.parametrize(
    ("name", "registered", "allowed_"),
    [
        ("microsoftAuthenticator", "microsoftAuthenticatorPush", "password,microsoftAuthenticatorPush"),
        ("microsoftAuthenticator", "microsoftAuthenticatorPasswordless", "deviceBasedPush"),
        ("softwareOath", "softwareOneTimePasscode", "password,softwareOath"),
        ("hardwareOath", "hardwareOneTimePasscode", "password,hardwareOath"),
        ("voice", "officePhone", "password,voice"),
        ("fido2", "passKeyDeviceBound", "fido2"),
        ("temporaryAccessPass", "temporaryAccessPass", "temporaryAccessPassOneTime"),
        ("temporaryAccessPass", "temporaryAccessPass", "temporaryAccessPassMultiUse"),
    ],
)
def test_each_method_has_its_setting(name: str, registered: str, allowed_: str) -> None:
    row = Registration(ADA, True, True, (registered,))
    assert can(with_registration(fit(methods=methods()), row), allowed_)[0] is Can.YES
    assert can(with_registration(fit(methods=methods(name)), row), allowed_)[0] is Can.NO


def test_windows_hello_needs_no_setting() -> None:
    row = Registration(ADA, True, True, ("windowsHelloForBusiness",))
    assert can(with_registration(fit(), row), "windowsHelloForBusiness")[0] is Can.YES


def test_what_no_report_shows() -> None:
    certificates = methods(x509certificate=MethodSetting(True, EVERYONE))
    assert can(fit(methods=certificates), "x509CertificateMultiFactor") == (
        Can.UNKNOWN,
        "whether the person has a certificate, which no report shows",
    )
    found, fact = can(fit(domains=FEDERATED), "federatedMultiFactor")
    assert (found, "federatedIdpMfaBehavior" in fact) == (Can.UNKNOWN, True)
    found, fact = can(fit(domains=NotRead("403 at domains")), "federatedMultiFactor")
    assert (found, "403 at domains" in fact) == (Can.UNKNOWN, True)


def test_a_row_that_is_missing_leaves_all_but_the_password_open() -> None:
    assert can(fit(), "somethingNew") == (Can.UNKNOWN, "whether the person has `somethingnew`")
    held = with_registration(fit(), None)
    assert can(held, "fido2") == (
        Can.UNKNOWN,
        "which methods the person has registered (userRegistrationDetails)",
    )
    assert can(held, "password")[0] is Can.YES
    off = with_registration(fit(methods=methods("fido2")), None)
    assert can(off, "fido2")[0] is Can.NO, "what is off can't be used, whatever is registered"


@pytest.mark.parametrize(
    ("capable", "registered", "answer"),
    [
        (True, ("softwareOneTimePasscode",), Can.YES),
        (True, ("email", "softwareOneTimePasscode", "securityQuestion"), Can.YES),
        (False, ("softwareOneTimePasscode",), Can.UNKNOWN),
        (None, ("softwareOneTimePasscode",), Can.UNKNOWN),
        (True, ("softwareOneTimePasscode", "mobilePhone"), Can.UNKNOWN),
        (True, ("softwareOneTimePasscode", "windowsHelloForBusiness"), Can.UNKNOWN),
        (True, ("softwareOneTimePasscode", "somethingNew"), Can.UNKNOWN),
    ],
)
def test_the_report_stands_in_for_a_policy_that_nobody_read_where_it_can_mean_no_other_method(
    capable: bool | None, registered: tuple[str, ...], answer: Can
) -> None:
    held = with_registration(
        fit(methods=NotRead("403 at methods")), Registration(ADA, True, capable, registered)
    )
    found, fact = can(held, "password,softwareOath")
    assert found is answer
    assert ("403 at methods" in fact) is (answer is Can.UNKNOWN)


def test_a_phone_may_be_for_texts_or_for_calls() -> None:
    held = with_registration(
        fit(methods=NotRead("403 at methods")), Registration(ADA, True, True, ("mobilePhone",))
    )
    assert can(held, "password,sms")[0] is Can.UNKNOWN


def test_a_narrowed_combination_is_open_for_whom_the_rest_fits() -> None:
    keys = with_registration(fit(), Registration(ADA, True, True, ("fido2SecurityKey",)))
    narrowed = frozenset({frozenset({"fido2", NARROWED + "some keys"})})
    assert can_meet(rulebook(keys), keys.users[ADA], narrowed)[0] is Can.UNKNOWN
    assert can_meet(rulebook(BY_PHONE), BY_PHONE.users[ADA], narrowed)[0] is Can.NO


def test_whether_the_policy_leaves_a_way() -> None:
    book = rulebook(fit(methods=methods("fido2")))
    assert not possible(book, ADA, combinations("fido2; x509CertificateMultiFactor"))
    assert possible(book, ADA, combinations("fido2; windowsHelloForBusiness"))
    assert possible(rulebook(fit(methods=NotRead("403"))), ADA, combinations("fido2"))


def test_members_through_groups_count() -> None:
    outer = replace(group(STAFF, "inner"), display_name="Outer")
    held = fit(methods=methods(fido2=MethodSetting(True, MethodTargets(groups=(STAFF,)))))
    held = replace(held, groups=of(outer, replace(group(STAFF, ADA), id="inner")))  # type: ignore[arg-type]
    assert isinstance(allowed(rulebook(held), ADA, "fido2"), Yes)
