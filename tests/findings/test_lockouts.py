"""Lock-outs: each kind is found in a tenant where it is so, and not in its twin, which is fit; what isn't known is never fine."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest

from perca.errors import BadInput
from perca.findings import Finding, Kind, Severity, fix, listed, lockouts, sentence
from perca.findings.barred import lacks
from perca.findings.plain import first_factors
from perca.model import (
    ApplicationCondition,
    ApplicationScope,
    AuthenticationStrength,
    BuiltIn,
    ClientApp,
    ClientAppCondition,
    Credential,
    Domain,
    Flow,
    FlowCondition,
    Group,
    InsiderRisk,
    InsiderRiskCondition,
    LocationCondition,
    LocationScope,
    MethodSetting,
    MethodsPolicy,
    MethodTargets,
    Missing,
    NotRead,
    ObjectId,
    Operator,
    PerUserState,
    PolicyState,
    Registration,
    RiskCondition,
    RiskLevel,
    RoleAssignment,
    StrengthId,
    Tenant,
    UserCondition,
    UserId,
    UserScope,
)
from perca.policy import Mfa, Outcome, decide
from perca.policy.security_defaults import SYNCHRONISATION
from perca.prove import Witness
from perca.prove.locked_out import Access
from support.fit import (
    ADA,
    ADMIN,
    BEN,
    BLOCKED,
    EDITABLE,
    EMERGENCY,
    EXCLUDED,
    FIRST,
    MANAGED,
    NO_METHOD,
    PROTECTED,
    REGISTERING,
    SECOND,
    STAFF,
    SYNC,
    account,
    fit,
    for_all,
    methods,
    with_registration,
    with_user,
)
from support.small import (
    EVERYONE,
    GLOBAL_ADMIN,
    HELPDESK,
    MAIL,
    MFA_STRENGTH,
    OFFICE,
    RESISTANT,
    SECRET,
    SOMETHING,
    at,
    grant,
    people,
    place,
    policy,
    strength,
)

HIGH, MEDIUM, LOW = Severity.HIGH, Severity.MEDIUM, Severity.LOW
EVERYBODY_ELSE = UserCondition(EVERYONE, EXCLUDED)
OUTSIDE_OFFICE = LocationCondition(LocationScope(anywhere=True), LocationScope(locations=(OFFICE,)))
COMPLIANT = {"grant": grant(BuiltIn.COMPLIANT_DEVICE)}
ASKING_TO_REGISTER = for_all("registering", applications=REGISTERING)
STRONG = for_all("strong", users=UserCondition(people(groups=(STAFF,))), grant=grant(strength(RESISTANT)))


def found(tenant: Tenant, emergency: tuple[UserId, ...] = EMERGENCY, **more: Any) -> tuple[Finding, ...]:
    return lockouts(tenant, emergency, **more)


def of_staff(**more: Any) -> Any:
    return policy("staff", users=UserCondition(people(groups=(STAFF,))), **more)


def test_a_fit_tenant_has_none() -> None:
    assert found(fit()) == ()


@dataclass(frozen=True)
class Case:
    """A tenant with one lock-out; what is found of it, and only that."""

    tenant: Callable[[], Tenant]
    kind: Kind
    severity: Severity
    people: tuple[UserId, ...]
    policies: tuple[str, ...] = ()


def without_permanent_role() -> Tenant:
    held = fit()
    assert isinstance(held.role_assignments, tuple)
    return replace(held, role_assignments=held.role_assignments[1:])


def for_first(**more: Any) -> Any:
    """A policy that leaves the second account out by id, and whatever is said of the first."""
    return policy("odd", **more)


def but(**exclude: Any) -> UserCondition:
    return UserCondition(EVERYONE, replace(EXCLUDED, users=(SECOND,), **exclude))


CASES = {
    "disabled": Case(
        lambda: with_user(fit(), FIRST, account_enabled=False), Kind.EMERGENCY_DISABLED, HIGH, (FIRST,)
    ),
    "synchronised": Case(
        lambda: with_user(fit(), FIRST, synchronised=True), Kind.EMERGENCY_SYNCHRONISED, HIGH, (FIRST,)
    ),
    "on another domain": Case(
        lambda: with_user(fit(), FIRST, user_principal_name="first@fit.example"),
        Kind.EMERGENCY_OUTSIDE_INITIAL_DOMAIN,
        MEDIUM,
        (FIRST,),
    ),
    "of a federated domain": Case(
        lambda: fit(domains=(replace(MANAGED[0], federated=True), MANAGED[1])),
        Kind.EMERGENCY_FEDERATED,
        HIGH,
        (FIRST, SECOND),
    ),
    "no Global Administrator": Case(
        without_permanent_role, Kind.EMERGENCY_NOT_PERMANENT_ADMINISTRATOR, HIGH, (FIRST,)
    ),
    "without a strong method": Case(
        lambda: with_registration(fit(), Registration(FIRST, True, True, ("mobilePhone",)), FIRST),
        Kind.EMERGENCY_WITHOUT_STRONG_METHOD,
        HIGH,
        (FIRST,),
    ),
    "never signed in": Case(
        lambda: fit(last_successes={FIRST: None, SECOND: "2026-10-20T06:00:00Z"}),
        Kind.EMERGENCY_NEVER_TESTED,
        MEDIUM,
        (FIRST,),
    ),
    "not signed in for 91 days": Case(
        lambda: fit(last_successes={FIRST: "2026-08-03T23:00:00Z", SECOND: "2026-08-04T00:00:00Z"}),
        Kind.EMERGENCY_NEVER_TESTED,
        MEDIUM,
        (FIRST,),
    ),
    "blocked": Case(
        lambda: fit(for_first(users=UserCondition(people(FIRST)), **BLOCKED)),
        Kind.EMERGENCY_NOT_EXCLUDED,
        HIGH,
        (FIRST,),
        ("odd",),
    ),
    "asked for MFA": Case(
        lambda: fit(for_first(users=UserCondition(people(FIRST)))),
        Kind.EMERGENCY_NOT_EXCLUDED,
        MEDIUM,
        (FIRST,),
        ("odd",),
    ),
    "excluded through a group": Case(
        lambda: fit(for_first(users=but(groups=(EDITABLE,)))),
        Kind.EMERGENCY_EXCLUDED_BY_GROUP,
        MEDIUM,
        (FIRST,),
        ("odd",),
    ),
    "no administrator at the portal": Case(
        lambda: fit(policy("admins", users=UserCondition(people(ADMIN)), **BLOCKED)),
        Kind.NO_ADMINISTRATOR_GETS_IN,
        HIGH,
        (ADMIN,),
        ("admins",),
    ),
    "one administrator of two at the portal": Case(
        lambda: with_two_administrators(
            policy(
                "portal",
                users=UserCondition(people(ADA)),
                applications=ApplicationCondition(
                    ApplicationScope(everything=True), ApplicationScope(apps=(MAIL,))
                ),
                **BLOCKED,
            )
        ),
        Kind.ADMINISTRATOR_BARRED,
        MEDIUM,
        (ADA,),
        ("portal",),
    ),
    "blocked everywhere": Case(
        lambda: fit(of_staff(**BLOCKED)), Kind.NEVER_GETS_IN, HIGH, (ADA, BEN), ("staff",)
    ),
    "no method, and asked for MFA to register": Case(
        lambda: with_registration(fit(ASKING_TO_REGISTER, methods=methods("temporaryAccessPass")), NO_METHOD),
        Kind.CANNOT_REGISTER,
        HIGH,
        (ADA,),
        ("registering",),
    ),
    "no method, and a place to register": Case(
        lambda: with_registration(
            fit(
                for_all("registering", applications=REGISTERING, locations=OUTSIDE_OFFICE, **BLOCKED),
                named_locations=at(place(OFFICE, "198.51.100.0/24")),
            ),
            NO_METHOD,
        ),
        Kind.REGISTERS_ONLY_SOMEWHERE,
        LOW,
        (ADA,),
        ("registering",),
    ),
    "the synchronisation account": Case(
        lambda: fit(policy("wide", users=UserCondition(EVERYONE, UserScope(users=EMERGENCY)))),
        Kind.SYNCHRONISATION_CAUGHT,
        HIGH,
        (SYNC,),
        ("wide",),
    ),
    "a room": Case(
        lambda: with_room(Registration(UserId("room"), False, False)),
        Kind.UNATTENDED_CAUGHT,
        MEDIUM,
        (UserId("room"),),
        ("all",),
    ),
    "a strength that nobody meets": Case(
        lambda: fit(STRONG), Kind.STRENGTH_NOBODY_MEETS, HIGH, (ADA, BEN), ("strong",)
    ),
    "a strength that one doesn't meet": Case(
        lambda: with_registration(fit(STRONG), Registration(ADA, True, True, ("fido2SecurityKey",))),
        Kind.STRENGTH_NOT_MET,
        MEDIUM,
        (BEN,),
        ("strong",),
    ),
}
BESIDE = {
    "no administrator at the portal": {Kind.ADMINISTRATOR_BARRED, Kind.NEVER_GETS_IN},
    "a strength that nobody meets": {Kind.NEVER_GETS_IN},
    "a strength that one doesn't meet": {Kind.NEVER_GETS_IN},
}
"""What must be found besides: whoever is barred everywhere is barred at the portal; who has no strong method may get in nowhere."""


def with_two_administrators(*policies: Any) -> Tenant:
    held = fit(*policies)
    assert isinstance(held.role_assignments, tuple)
    return replace(
        held, role_assignments=(*held.role_assignments, RoleAssignment(ObjectId(ADA), GLOBAL_ADMIN))
    )


def with_room(row: Registration) -> Tenant:
    held, room = fit(), row.user
    return replace(
        with_registration(held, row, room),
        users={**held.users, room: account(room)},
        mailboxes={**held.mailboxes, room: "room"},
    )


@pytest.mark.parametrize("name", CASES)
def test_each_kind_is_found_where_it_is_so(name: str) -> None:
    case = CASES[name]
    all_of_it = found(case.tenant())
    mine = [each for each in all_of_it if each.kind is case.kind]
    assert {each.kind for each in all_of_it} - {case.kind} == BESIDE.get(name, set())
    assert all(each.assessed for each in mine)
    assert {each.severity for each in mine} == {case.severity}
    assert tuple(person for each in mine for person in each.people) == case.people
    assert {each for finding in mine for each in finding.policies} == set(case.policies)


def test_every_kind_has_a_case() -> None:
    told = {case.kind for case in CASES.values()}
    elsewhere = {Kind.TOO_FEW_EMERGENCY_ACCOUNTS, Kind.EMERGENCY_BARRED}  # below, and among what isn't known
    assert set(LOCKOUTS_IN_ORDER) - told == elsewhere


LOCKOUTS_IN_ORDER = list(Kind)[: list(Kind).index(Kind.STRENGTH_NOT_MET) + 1]
"""The kinds of lock-outs; other kinds of findings follow."""


@pytest.mark.parametrize("name", CASES)
def test_what_is_found_can_be_said(name: str) -> None:
    tenant = CASES[name].tenant()
    for each in found(tenant):
        for text in (sentence(tenant, each), fix(tenant, each)):
            assert text
            assert not set(text) & set("{}")
        nameless = (Kind.NO_ADMINISTRATOR_GETS_IN, Kind.STRENGTH_NOBODY_MEETS)
        assert each.kind in nameless or str(each.people[0]) in sentence(tenant, each)


@pytest.mark.parametrize("name", CASES)
def test_a_witness_shows_it_and_a_repair_mends_it(name: str) -> None:
    tenant = CASES[name].tenant()
    for each in found(tenant):
        if isinstance(each.witness, Witness):
            decision = decide(tenant, each.witness.sign_in)
            assert decision.outcome is not Outcome.GRANTED
            assert each.witness.sign_in.user in each.people
        if each.repair is not None:
            mended = tuple(each.repair if p.id == each.repair.id else p for p in tenant.policies)
            assert mended != tenant.policies
            assert each.id not in {other.id for other in found(replace(tenant, policies=mended))}


def test_some_have_a_witness_and_some_a_repair() -> None:
    """Or the claims above would be about nothing."""
    every = [each for case in CASES.values() for each in found(case.tenant())]
    assert sum(each.witness is not None for each in every) >= 7
    assert sum(each.repair is not None for each in every) >= 5


@pytest.mark.parametrize("declared", [(), (FIRST,), (FIRST, FIRST)])
def test_fewer_than_two_emergency_accounts(declared: tuple[UserId, ...]) -> None:
    kinds = [each.kind for each in found(fit(), declared)]
    assert Kind.TOO_FEW_EMERGENCY_ACCOUNTS in kinds


def test_the_policy_that_keeps_an_emergency_account_out_is_told_from_one_that_asks() -> None:
    mine = UserCondition(people(FIRST))
    device, mfa = found(fit(policy("device", users=mine, **COMPLIANT), policy("mfa", users=mine)))
    assert (device.policies, device.severity) == (("device",), HIGH)
    assert isinstance(device.witness, Witness)
    assert [each.id for each in device.witness.decision.blocked_by] == ["device"]
    assert (mfa.policies, mfa.severity, mfa.witness) == (("mfa",), MEDIUM, None)


def test_kinds_and_severities_are_words_that_scripts_rely_on() -> None:
    assert [kind.value for kind in LOCKOUTS_IN_ORDER] == WORDS.split()
    assert [each.word for each in Severity] == ["high", "medium", "low"]


WORDS = """
tooFewEmergencyAccounts emergencyBarred emergencyNotExcluded emergencyExcludedByGroup emergencyDisabled emergencySynchronised
emergencyOutsideInitialDomain emergencyFederated emergencyNotPermanentAdministrator emergencyWithoutStrongMethod emergencyNeverTested
noAdministratorGetsIn administratorBarred neverGetsIn cannotRegister registersOnlySomewhere synchronisationCaught unattendedCaught
strengthNobodyMeets strengthNotMet
"""


def eligible(*principals: str) -> Tenant:
    roles = tuple(RoleAssignment(ObjectId(each), GLOBAL_ADMIN) for each in principals)
    return fit(role_eligibilities=(*roles, RoleAssignment(ObjectId(FIRST), HELPDESK)))


def test_a_role_for_which_only_others_are_eligible_is_permanent() -> None:
    assert found(eligible(BEN, STAFF)) == ()
    (through_a_group,) = found(eligible(EDITABLE))
    assert (through_a_group.people, through_a_group.assessed) == ((FIRST,), False)


def test_the_report_stands_in_for_a_methods_policy_that_nobody_read() -> None:
    assert found(fit(methods=NotRead("403"))) == ()


def test_a_repair_leaves_everything_else_as_it_is() -> None:
    exclude = UserScope(users=EMERGENCY, roles=(HELPDESK,), groups=(EDITABLE,))
    (only,) = found(fit(policy("wide", users=UserCondition(EVERYONE, exclude))))
    assert only.repair == policy(
        "wide", users=UserCondition(EVERYONE, replace(exclude, roles=(HELPDESK, SYNCHRONISATION)))
    )


def test_what_is_not_decided_always_names_a_reason() -> None:
    """A finding without a missing fact would count as certain."""
    assert lacks(Access((ADA,), 5, 0, 5))
    assert lacks(Access((ADA,), 5, 0, 0, not_decided="more than 1 states")) == ("more than 1 states",)


def test_first_factors_are_those_that_a_person_has() -> None:
    held = fit()
    assert first_factors(held, ADA) == {Credential.PASSWORD}
    assert first_factors(held, FIRST) == {Credential.PASSWORD, Credential.PASSKEY}
    both = Registration(ADA, True, True, ("temporaryAccessPass", "windowsHelloForBusiness"))
    assert first_factors(with_registration(held, both), ADA) == {
        Credential.PASSWORD,
        Credential.TEMPORARY_ACCESS_PASS,
        Credential.WINDOWS_HELLO,
    }


def test_who_is_excluded_through_a_role_assignable_group_is_out_of_reach() -> None:
    assert found(fit(for_first(users=but(groups=(PROTECTED,))))) == ()


def test_only_the_groups_that_keep_the_account_out_are_named() -> None:
    (only,) = found(fit(for_first(users=but(groups=(STAFF, EDITABLE)))))
    assert only.named == ("Editable",)


def test_a_policy_that_reaches_nobody_like_them_is_no_matter() -> None:
    assert found(fit(of_staff())) == ()


@pytest.mark.parametrize(
    "harmless",
    [
        of_staff(**BLOCKED, state=PolicyState.REPORT_ONLY),
        of_staff(**BLOCKED, state=PolicyState.DISABLED),
        of_staff(
            **BLOCKED, client_apps=ClientAppCondition(frozenset({ClientApp.OTHER, ClientApp.ACTIVE_SYNC}))
        ),
        of_staff(**BLOCKED, applications=ApplicationCondition(ApplicationScope(apps=(MAIL,)))),
        of_staff(**COMPLIANT),
        of_staff(**BLOCKED, locations=OUTSIDE_OFFICE),
        of_staff(**BLOCKED, user_risk=RiskCondition(frozenset({RiskLevel.LOW, RiskLevel.HIGH}))),
        of_staff(**BLOCKED, sign_in_risk=RiskCondition(frozenset({RiskLevel.LOW, RiskLevel.HIGH}))),
        of_staff(**BLOCKED, insider_risk=InsiderRiskCondition(frozenset({InsiderRisk.MINOR}))),
        of_staff(**BLOCKED, flows=FlowCondition(frozenset({Flow.DEVICE_CODE}))),
    ],
    ids=[
        "report-only",
        "off",
        "legacy clients",
        "one resource",
        "a compliant device",
        "outside the office",
        "a person at risk",
        "a sign-in at risk",
        "an insider",
        "a device code",
    ],
)
def test_who_gets_in_somewhere_is_not_locked_out(harmless: Any) -> None:
    assert found(fit(harmless, named_locations=at(place(OFFICE, "198.51.100.0/24")))) == ()


def test_two_policies_that_leave_no_place_together() -> None:
    """One blocks outside the office, another inside: neither does it alone."""
    inside = LocationCondition(LocationScope(locations=(OFFICE,)))
    held = fit(
        of_staff(**BLOCKED, locations=OUTSIDE_OFFICE),
        policy("inside", users=UserCondition(people(groups=(STAFF,))), locations=inside, **BLOCKED),
        named_locations=at(place(OFFICE, "198.51.100.0/24")),
    )
    (only,) = found(held)
    assert (only.kind, only.people, only.policies) == (Kind.NEVER_GETS_IN, (ADA, BEN), ("staff", "inside"))


@pytest.mark.parametrize(
    ("gate", "methods_", "kinds"),
    [
        (ASKING_TO_REGISTER, methods(), set()),
        (ASKING_TO_REGISTER, methods("temporaryAccessPass"), {Kind.CANNOT_REGISTER}),
        (
            for_all("registering", applications=REGISTERING, **COMPLIANT),
            methods(),
            {Kind.REGISTERS_ONLY_SOMEWHERE},
        ),
        (
            for_all(
                "registering",
                applications=REGISTERING,
                grant=grant(BuiltIn.MFA, BuiltIn.COMPLIANT_DEVICE, operator=Operator.OR),
            ),
            methods("temporaryAccessPass"),
            {Kind.REGISTERS_ONLY_SOMEWHERE},
        ),
        (for_all("registering", applications=REGISTERING, **BLOCKED), methods(), {Kind.CANNOT_REGISTER}),
    ],
    ids=["MFA, and a pass", "MFA, no pass", "a device", "MFA or a device", "blocked"],
)
def test_registering_without_a_method(gate: Any, methods_: MethodsPolicy, kinds: set[Kind]) -> None:
    held = with_registration(fit(gate, methods=methods_), NO_METHOD)
    assert {each.kind for each in found(held)} == kinds
    assert found(fit(gate, methods=methods_)) == (), "everybody has a method"


def test_a_pass_is_no_way_where_a_passkey_is_asked_for() -> None:
    gate = for_all("registering", applications=REGISTERING, grant=grant(strength(RESISTANT)))
    kinds = {each.kind for each in found(with_registration(fit(gate), NO_METHOD))}
    assert kinds == {Kind.CANNOT_REGISTER, Kind.STRENGTH_NOBODY_MEETS}
    assert {each.kind for each in found(fit(gate))} == {Kind.STRENGTH_NOBODY_MEETS}


def test_a_pass_that_some_may_have() -> None:
    """The methods policy gives passes to the staff alone."""
    only = MethodSetting(True, MethodTargets(groups=(STAFF,)))
    held = with_registration(fit(ASKING_TO_REGISTER, methods=methods(temporaryaccesspass=only)), NO_METHOD)
    assert found(held) == ()
    excluded = replace(only, exclude=MethodTargets(users=(ADA,)))
    held = with_registration(
        fit(ASKING_TO_REGISTER, methods=methods(temporaryaccesspass=excluded)), NO_METHOD
    )
    assert [each.kind for each in found(held)] == [Kind.CANNOT_REGISTER]


def test_a_service_that_the_operator_names() -> None:
    assert [each.kind for each in found(fit(), unattended=(BEN,))] == [Kind.UNATTENDED_CAUGHT]


def test_a_policy_for_legacy_clients_keeps_no_modern_service_out() -> None:
    legacy = ClientAppCondition(frozenset({ClientApp.OTHER, ClientApp.ACTIVE_SYNC}))
    wide = UserCondition(EVERYONE, UserScope(users=EMERGENCY))
    assert found(fit(policy("legacy", users=wide, client_apps=legacy, **BLOCKED)), unattended=()) == ()


def test_what_may_keep_the_synchronisation_account_out_is_not_assessed() -> None:
    wide = UserCondition(EVERYONE, UserScope(users=EMERGENCY))
    each = found(fit(policy("odd", users=wide, unrecognised=(SOMETHING,))))
    (mine,) = (one for one in each if one.kind is Kind.SYNCHRONISATION_CAUGHT)
    assert (mine.people, mine.policies, mine.repair is not None) == ((SYNC,), ("odd",), True)
    assert any("conditions.somewhere" in fact for fact in mine.missing)


def test_who_holds_a_role_for_certain_is_told_though_others_may() -> None:
    """A group with the role could not be read; one account holds it by itself."""
    held = fit(policy("wide", users=UserCondition(EVERYONE, UserScope(users=EMERGENCY))))
    assert isinstance(held.role_assignments, tuple)
    more = RoleAssignment(ObjectId("unread"), SYNCHRONISATION)
    held = replace(held, role_assignments=(*held.role_assignments, more))
    mine = [each for each in found(held) if each.kind is Kind.SYNCHRONISATION_CAUGHT]
    assert [(each.assessed, each.people) for each in mine] == [(True, (SYNC,)), (False, ())]


def test_rooms_that_are_asked_and_people_who_are_not() -> None:
    """Nobody is taken for a room who can answer, is a guest, or isn't asked for MFA."""
    held = with_registration(fit(mailboxes={}), NO_METHOD)
    (only,) = found(held)
    assert (only.kind, only.people, only.severity, only.policies) == (
        Kind.UNATTENDED_CAUGHT,
        (ADA,),
        LOW,
        ("all",),
    )
    assert found(with_user(held, ADA, user_type="Guest")) == ()
    assert found(replace(held, policies=())) == ()
    assert found(replace(held, mailboxes={ADA: "user"})) == ()


def test_a_room_for_which_somebody_answers() -> None:
    assert found(with_room(Registration(UserId("room"), True, True, ("mobilePhone",)))) == ()


def test_who_meets_a_strength_needs_no_certainty_whether_it_is_asked() -> None:
    both = {id: Registration(id, True, True, ("fido2SecurityKey",)) for id in (ADA, BEN)}
    held = fit(replace(STRONG, unrecognised=(SOMETHING,)))
    assert found(replace(held, registrations={**held.registrations, **both})) == ()


def test_a_block_on_registering_needs_no_methods_policy_to_be_certain() -> None:
    gate = for_all("registering", applications=REGISTERING, **BLOCKED)
    each = found(with_registration(fit(gate, methods=NotRead("403")), NO_METHOD))
    assert [(one.kind, one.assessed) for one in each] == [(Kind.CANNOT_REGISTER, True)]


def test_a_strength_is_called_by_its_name() -> None:
    own = AuthenticationStrength(StrengthId("own"), "Keys alone", frozenset({frozenset({"fido2"})}))
    mine = UserCondition(people(ADA))
    held = fit(policy("own", users=mine, grant=grant(strength(own.id))), strengths={own.id: own})
    (only,) = (each for each in found(held) if each.kind is Kind.STRENGTH_NOBODY_MEETS)
    assert only.named == ("Keys alone",)
    assert "`Keys alone`" in sentence(held, only)


def test_who_may_show_a_device_instead_needs_no_strength() -> None:
    either = grant(strength(RESISTANT), BuiltIn.COMPLIANT_DEVICE)
    assert found(fit(of_staff(grant=either))) == ()


def test_a_method_that_the_policy_takes_away_meets_no_strength() -> None:
    both = {id: Registration(id, True, True, ("fido2SecurityKey",)) for id in (ADA, BEN)}
    held = fit(STRONG)
    held = replace(held, registrations={**held.registrations, **both})
    assert found(held) == ()
    switched_off = found(replace(held, methods=methods("fido2")))
    assert Kind.STRENGTH_NOBODY_MEETS in {each.kind for each in switched_off}
    assert Kind.EMERGENCY_WITHOUT_STRONG_METHOD in {each.kind for each in switched_off}


UNKNOWN = {
    "enabled": (
        lambda: with_user(fit(), FIRST, account_enabled=None),
        Kind.EMERGENCY_DISABLED,
        "accountEnabled",
    ),
    "synchronised": (
        lambda: with_user(fit(), FIRST, synchronised=None),
        Kind.EMERGENCY_SYNCHRONISED,
        "onPremisesSyncEnabled",
    ),
    "name": (
        lambda: with_user(fit(), FIRST, user_principal_name=""),
        Kind.EMERGENCY_OUTSIDE_INITIAL_DOMAIN,
        "userPrincipalName",
    ),
    "domains": (lambda: fit(domains=NotRead("403 at domains")), Kind.EMERGENCY_FEDERATED, "403 at domains"),
    "kind of domain": (
        lambda: fit(domains=(Domain("fit.onmicrosoft.com"),)),
        Kind.EMERGENCY_FEDERATED,
        "domains don't say",
    ),
    "roles": (lambda: fit(role_assignments=SECRET), Kind.EMERGENCY_NOT_PERMANENT_ADMINISTRATOR, str(SECRET)),
    "eligible roles": (
        lambda: fit(role_eligibilities=SECRET),
        Kind.EMERGENCY_NOT_PERMANENT_ADMINISTRATOR,
        "permanent",
    ),
    "an activated role": (
        lambda: fit(role_eligibilities=(RoleAssignment(ObjectId(FIRST), GLOBAL_ADMIN),)),
        Kind.EMERGENCY_NOT_PERMANENT_ADMINISTRATOR,
        "eligible",
    ),
    "methods of the account": (
        lambda: with_registration(fit(), None, FIRST),
        Kind.EMERGENCY_WITHOUT_STRONG_METHOD,
        "userRegistrationDetails",
    ),
    "whether the account may use its passkey": (
        lambda: with_registration(
            fit(methods=NotRead("403 at methods")),
            Registration(FIRST, True, None, ("fido2SecurityKey",)),
            FIRST,
        ),
        Kind.EMERGENCY_WITHOUT_STRONG_METHOD,
        "403 at methods",
    ),
    "whether it is the passkey that the account may use": (
        lambda: with_registration(
            fit(methods=NotRead("403 at methods")),
            Registration(FIRST, True, True, ("fido2SecurityKey", "mobilePhone")),
            FIRST,
        ),
        Kind.EMERGENCY_WITHOUT_STRONG_METHOD,
        "403 at methods",
    ),
    "a certificate": (
        lambda: with_registration(
            fit(methods=methods(x509certificate=MethodSetting(True, MethodTargets(everyone=True)))),
            Registration(FIRST, True, True, ("mobilePhone",)),
            FIRST,
        ),
        Kind.EMERGENCY_WITHOUT_STRONG_METHOD,
        "certificate",
    ),
    "the last sign-in": (lambda: fit(last_successes={}), Kind.EMERGENCY_NEVER_TESTED, "signInActivity"),
    "a last sign-in that can't be read": (
        lambda: fit(last_successes={FIRST: "long ago", SECOND: "2026-10-20T06:00:00Z"}),
        Kind.EMERGENCY_NEVER_TESTED,
        "signInActivity",
    ),
    "the day of the data": (
        lambda: replace(fit(), taken_at=""),
        Kind.EMERGENCY_NEVER_TESTED,
        "takenAt",
    ),
    "policies": (
        lambda: fit(missing=(Missing("identity/conditionalAccess/policies", "403"),)),
        Kind.EMERGENCY_NOT_EXCLUDED,
        "identity/conditionalAccess/policies",
    ),
    "members of a group": (
        lambda: fit(
            policy("odd", users=UserCondition(people(groups=(EDITABLE,))), **BLOCKED),
            groups={STAFF: Group(STAFF), EDITABLE: Group(EDITABLE, "Editable", NotRead("403 at members"))},
        ),
        Kind.EMERGENCY_NOT_EXCLUDED,
        "403 at members",
    ),
    "whether a home's MFA counts": (
        lambda: with_user(fit(), FIRST, user_type="Guest", per_user_mfa=PerUserState.ENFORCED),
        Kind.EMERGENCY_BARRED,
        "crossTenantAccessPolicy",
    ),
    "whether an administrator is enabled": (
        lambda: with_user(fit(), ADMIN, account_enabled=None),
        Kind.NO_ADMINISTRATOR_GETS_IN,
        "accountEnabled",
    ),
    "a condition of a block": (
        lambda: fit(of_staff(**BLOCKED, unrecognised=(SOMETHING,))),
        Kind.NEVER_GETS_IN,
        "conditions.somewhere",
    ),
    "methods of a person": (
        lambda: with_registration(fit(ASKING_TO_REGISTER, methods=methods("temporaryAccessPass")), None),
        Kind.CANNOT_REGISTER,
        "userRegistrationDetails",
    ),
    "whether a pass may be issued": (
        lambda: with_registration(fit(ASKING_TO_REGISTER, methods=NotRead("403 at methods")), NO_METHOD),
        Kind.CANNOT_REGISTER,
        "temporary access pass",
    ),
    "whether a pass may be issued where a device would do": (
        lambda: with_registration(
            fit(
                for_all(
                    "registering",
                    applications=REGISTERING,
                    grant=grant(BuiltIn.MFA, BuiltIn.COMPLIANT_DEVICE, operator=Operator.OR),
                ),
                methods=NotRead("403 at methods"),
            ),
            NO_METHOD,
        ),
        Kind.REGISTERS_ONLY_SOMEWHERE,
        "temporary access pass",
    ),
    "whether a policy is about registering": (
        lambda: with_registration(
            fit(
                for_all("odd", applications=ApplicationCondition(unrecognised_actions=(SOMETHING,))),
                methods=methods("temporaryAccessPass"),
            ),
            NO_METHOD,
        ),
        Kind.CANNOT_REGISTER,
        "conditions.somewhere",
    ),
    "who synchronises": (
        lambda: fit(role_assignments=SECRET),
        Kind.SYNCHRONISATION_CAUGHT,
        "Directory Synchronization Accounts",
    ),
    "what a mailbox is for": (
        lambda: with_registration(fit(mailboxes={}), NO_METHOD),
        Kind.UNATTENDED_CAUGHT,
        "userPurpose",
    ),
    "methods of a room": (
        lambda: with_room(Registration(UserId("room"))),
        Kind.UNATTENDED_CAUGHT,
        "userRegistrationDetails",
    ),
    "methods of somebody who may be a room": (
        lambda: with_registration(fit(mailboxes={}), None),
        Kind.UNATTENDED_CAUGHT,
        "userRegistrationDetails",
    ),
    "which methods an account has that is registered": (
        lambda: with_registration(fit(), Registration(FIRST, True, True), FIRST),
        Kind.EMERGENCY_WITHOUT_STRONG_METHOD,
        "userRegistrationDetails",
    ),
    "methods for a strength": (
        lambda: with_registration(fit(STRONG), None),
        Kind.STRENGTH_NOT_MET,
        "userRegistrationDetails",
    ),
    "what a strength allows": (
        lambda: fit(
            policy("strong", users=UserCondition(people(ADA)), grant=grant(strength(StrengthId("lost"))))
        ),
        Kind.STRENGTH_NOT_MET,
        "what authentication strength `lost` allows",
    ),
    "whether a strength is asked of them": (
        lambda: fit(replace(STRONG, unrecognised=(SOMETHING,))),
        Kind.STRENGTH_NOT_MET,
        "conditions.somewhere",
    ),
    "a federated domain's MFA": (
        lambda: fit(
            policy("strong", users=UserCondition(people(ADA)), grant=grant(strength(MFA_STRENGTH))),
            domains=(MANAGED[0], Domain("fit.example", federated=True)),
            registrations={**fit().registrations, ADA: Registration(ADA, True, True, ("email",))},
        ),
        Kind.STRENGTH_NOT_MET,
        "federatedIdpMfaBehavior",
    ),
}


@pytest.mark.parametrize("name", UNKNOWN)
def test_what_is_not_known_is_not_assessed_and_named(name: str) -> None:
    make, kind, fact = UNKNOWN[name]
    tenant = make()
    mine = [each for each in found(tenant) if each.kind is kind]
    unsure = [each for each in mine if not each.assessed]
    assert unsure, "never taken for fine"
    assert any(fact in missing for each in unsure for missing in each.missing)
    assert all(sentence(tenant, each) for each in unsure)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (NO_METHOD, "ada@fit.example has no method and is asked for MFA"),
        (None, "ada@fit.example may have no method and is asked for MFA"),
        (Registration(ADA, True, None), "ada@fit.example may have no method and is asked for MFA"),
    ],
    ids=["none", "not read", "perhaps not usable"],
)
def test_that_somebody_has_no_method_is_said_only_where_it_was_read(
    row: Registration | None, said: str
) -> None:
    held = with_registration(fit(mailboxes={}), row)
    (only,) = found(held)
    assert sentence(held, only).startswith(said)
    assert any("userRegistrationDetails" in each for each in only.missing) is (row is not NO_METHOD)


def test_a_row_without_methods_shows_no_lack_of_them() -> None:
    """Who is registered has some method: a strength isn't said to be out of reach, nor that nobody has what it asks for."""
    rows = {id: Registration(id, True, True) for id in (ADA, BEN)}
    held = fit(STRONG)
    held = replace(held, registrations={**held.registrations, **rows})
    mine = [each for each in found(held) if each.kind in (Kind.STRENGTH_NOT_MET, Kind.STRENGTH_NOBODY_MEETS)]
    assert [(each.kind, each.assessed) for each in mine] == [(Kind.STRENGTH_NOT_MET, False)]


def test_a_device_filter_that_is_too_rich_decides_nothing() -> None:
    from perca.findings import barred, plain

    ground = replace(plain.Ground.of(fit(), EMERGENCY), over="more devices than we go through")
    (only,) = barred.findings(ground)
    assert only.missing == ("more devices than we go through",)


def test_ids_are_those_of_what_it_is_about() -> None:
    """One person more, other names, other words: the same finding. Another policy: another one."""
    held = fit(of_staff(**BLOCKED))
    (one,) = found(held)
    more = replace(held, users={**held.users, UserId("dan"): account(UserId("dan"))}, mailboxes={})
    staff = Group(STAFF, "Renamed", frozenset(map(ObjectId, (ADA, BEN, "dan"))))
    (two,) = (
        each
        for each in found(replace(more, groups={**held.groups, STAFF: staff}))
        if each.kind is Kind.NEVER_GETS_IN
    )
    assert (one.id, len(one.people), len(two.people)) == (two.id, 2, 3)
    (other,) = found(fit(replace(of_staff(**BLOCKED), id="another")))
    assert other.id != one.id


def test_ids_are_unique() -> None:
    for case in CASES.values():
        ids = [each.id for each in found(case.tenant())]
        assert len(ids) == len(set(ids))


def test_an_id_is_the_same_in_every_process() -> None:
    (only,) = found(with_user(fit(), FIRST, account_enabled=False))
    assert only.id == "4d9a9690346928e3"


def test_the_certain_and_the_worst_come_first() -> None:
    held = fit(of_staff(**BLOCKED), last_successes={FIRST: None}, domains=NotRead("403"))
    order = [(not each.assessed, each.severity) for each in found(held)]
    assert order == sorted(order)
    assert len(set(order)) >= 3


def test_questions_about_nobody() -> None:
    with pytest.raises(BadInput, match="nobody"):
        lockouts(Tenant(), ())
    with pytest.raises(BadInput, match="emergency account `dora` is not in the data"):
        found(fit(), (FIRST, UserId("dora")))
    with pytest.raises(BadInput, match="account `dora` is not in the data"):
        found(fit(), unattended=(UserId("dora"),))


def test_accounts_are_listed_and_no_finding() -> None:
    held = with_user(with_room(Registration(UserId("room"), True, True)), BEN, account_enabled=False)
    assert list(listed(held)) == [(BEN, "disabled"), (UserId("room"), "room")]
    assert found(held) == ()


def test_disabled_people_are_not_locked_out() -> None:
    held = fit(of_staff(**BLOCKED))
    for person in (ADA, BEN):
        held = with_user(held, person, account_enabled=False)
    assert found(held) == ()


@pytest.mark.parametrize(
    "changed",
    [
        lambda held: with_user(held, ADA, is_agent=True),
        lambda held: with_user(held, ADA, account_enabled=False),
        lambda held: replace(held, mailboxes={**held.mailboxes, ADA: "room"}),
        lambda held: replace(
            held, role_assignments=(*held.role_assignments, RoleAssignment(ObjectId(ADA), SYNCHRONISATION))
        ),
    ],
    ids=["an agent", "switched off", "a room", "the account that synchronises"],
)
def test_who_is_no_person_is_left_to_other_checks(changed: Callable[[Tenant], Tenant]) -> None:
    gates = (ASKING_TO_REGISTER, STRONG, of_staff(**BLOCKED))
    held = with_registration(fit(*gates, methods=methods("temporaryAccessPass")), NO_METHOD)
    kinds = (Kind.NEVER_GETS_IN, Kind.CANNOT_REGISTER, Kind.STRENGTH_NOBODY_MEETS)
    assert all(any(each.kind is kind and ADA in each.people for each in found(held)) for kind in kinds)
    assert not any(each.kind in kinds and ADA in each.people for each in found(changed(held)))


def test_mfa_is_what_is_asked() -> None:
    """The tenant is no empty one: everybody but those left out needs MFA."""
    from support.small import sign_in

    assert decide(fit(), sign_in(user=ADA)).mfa is Mfa.REQUIRED
