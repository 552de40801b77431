"""Security Defaults: legacy clients, administrators and Azure management for certain, everybody else at Microsoft's discretion."""

from dataclasses import replace

import pytest

from perca.model import (
    AppId,
    BuiltIn,
    ClientApp,
    Credential,
    External,
    ExternalKind,
    NotRead,
    ObjectId,
    PerUserState,
    PolicyState,
    RiskLevel,
    RoleAssignment,
    RoleId,
    Scopes,
    Session,
    Tenant,
    UserAction,
    UserId,
)
from perca.policy import Certainty, Mfa, Outcome, decide
from perca.policy.administrators import ROLES
from perca.policy.security_defaults import SYNCHRONISATION
from support.cases import CASES
from support.small import (
    ADA,
    BEN,
    FRESH,
    GLOBAL_ADMIN,
    SECRET,
    STAFF,
    TEAM,
    applies,
    facts,
    grant,
    group,
    of,
    person,
    policy,
    sign_in,
    tenant,
    with_state,
)

RULES = ("legacy", "admins", "azureManagement", "discretion")
READER = RoleId("f2ef992c-3afb-46b9-b7cf-a126ee74c451")
PORTAL, MANAGER, CLI, POWERSHELL, MOBILE = (
    AppId(app)
    for app in (
        "c44b4083-3bb0-49c1-b47d-974e53cbdf3c",
        "797f4846-ba00-4fd7-ba43-dac1f8f63013",
        "04b07795-8ddb-461a-bbee-02f9e1bf7b46",
        "1950a258-227b-4e31-a9cf-717495945fc2",
        "0c1307d4-29d6-4389-a11c-5cbe7f65d7fa",
    )
)
GRAPH = AppId("00000003-0000-0000-c000-000000000000")
UNIT = "/administrativeUnits/north"


def key(name: str) -> str:
    return f"perca:securityDefaults:{name}"


def on(*assignments: RoleAssignment, **more: object) -> Tenant:
    return tenant(security_defaults=True, role_assignments=assignments, **more)


def held(role: RoleId, by: str = ADA, scope: str = "/") -> RoleAssignment:
    return RoleAssignment(ObjectId(by), role, scope)


def keys(of: Tenant) -> set[str]:
    return {each.rule.key for each in decide(of, FRESH).rules}


@pytest.mark.parametrize("client", [ClientApp.ACTIVE_SYNC, ClientApp.OTHER])
@pytest.mark.parametrize("credential", [Credential.PASSWORD, Credential.APP_PASSWORD])
def test_legacy_clients_are_blocked_whatever_they_present(client: ClientApp, credential: Credential) -> None:
    decision = decide(on(), sign_in(client=client, credential=credential))
    assert decision.outcome is Outcome.BLOCKED
    assert key("legacy") in {source.id for source in decision.blocked_by}


@pytest.mark.parametrize("client", [None, ClientApp.ALL])
def test_a_client_that_may_be_old_may_be_blocked(client: ClientApp | None) -> None:
    assert applies(on(), sign_in(client=client), key("legacy")) is None
    assert applies(on(), FRESH, key("legacy")) is False


@pytest.mark.parametrize("role", sorted(ROLES))
def test_each_administrator_is_asked_at_every_sign_in(role: RoleId) -> None:
    decision = decide(on(held(role)), FRESH)
    assert (decision.mfa, decision.outcome) == (Mfa.REQUIRED, Outcome.PROMPT)
    assert [source.id for source in decision.sources] == [key("admins")]
    assert decide(on(held(role)), sign_in(user=BEN)).mfa is Mfa.NOT_ASSESSED


def test_each_role_has_a_sign_in_in_the_corpus() -> None:
    """The roles of the page stand twice, as a rule and as a case: none is lost or added unnoticed."""
    case = CASES["security-defaults-ask-administrators"]
    assigned = case.tenant.role_assignments
    assert not isinstance(assigned, NotRead)
    assert sorted(each.role for each in assigned) == sorted([*ROLES, READER])
    called = {user.id: user.user_principal_name.partition("@")[0] for user in case.tenant.users.values()}
    for each in assigned:
        if "-" in (name := called.get(UserId(each.principal), "")):
            assert name == ROLES[each.role].casefold().replace(" ", "-")
    asked = {sign_in.user for sign_in, expected in case.sign_ins if expected["mfa"] == "required"}
    assert len(asked) == len(ROLES)


def test_other_roles_are_no_administrators() -> None:
    assert applies(on(held(READER)), FRESH, key("admins")) is False


def test_a_role_held_through_nested_groups_counts() -> None:
    nested = of(group(STAFF, TEAM), group(TEAM, ADA))
    assert applies(on(held(GLOBAL_ADMIN, STAFF), groups=nested), FRESH, key("admins")) is True


def test_nobody_says_whether_a_role_at_a_unit_counts() -> None:
    assert applies(on(held(GLOBAL_ADMIN, scope=UNIT)), FRESH, key("admins")) is None
    through = on(held(GLOBAL_ADMIN, STAFF, UNIT), groups=of(group(STAFF, BEN)))
    assert applies(through, sign_in(user=BEN), key("admins")) is None
    assert applies(through, FRESH, key("admins")) is False
    assert applies(on(held(GLOBAL_ADMIN), held(GLOBAL_ADMIN, scope=UNIT)), FRESH, key("admins")) is True
    assert applies(on(held(READER, scope=UNIT)), FRESH, key("admins")) is False


@pytest.mark.parametrize("app", [PORTAL, MANAGER, CLI, POWERSHELL])
def test_everybody_is_asked_at_azure_management(app: AppId) -> None:
    decision = decide(on(), sign_in(app=app))
    assert decision.mfa is Mfa.REQUIRED
    assert key("azureManagement") in {source.id for source in decision.sources}


def test_azure_management_is_also_reached_by_a_request_that_needs_it_besides() -> None:
    assert applies(on(), sign_in(audiences=frozenset({MANAGER})), key("azureManagement")) is True


def test_what_is_not_azure_management() -> None:
    assert applies(on(), sign_in(app=GRAPH, scopes=Scopes.MORE), key("azureManagement")) is False
    assert applies(on(), FRESH, key("azureManagement")) is False
    assert applies(on(), sign_in(app=MOBILE), key("azureManagement")) is None, "no page names it"
    assert applies(on(), sign_in(app=None), key("azureManagement")) is None


def test_whom_microsoft_asks_else_is_never_certain() -> None:
    decision = decide(on(), FRESH)
    assert (decision.mfa, decision.outcome) == (Mfa.NOT_ASSESSED, Outcome.NOT_ASSESSED)
    assert "Microsoft judges MFA necessary" in facts(decision)
    assert decision.guaranteed == frozenset()
    done = decide(on(), sign_in(session=Session(mfa=True)))
    assert (done.mfa, done.outcome) == (Mfa.NOT_ASSESSED, Outcome.GRANTED), "asked or not, it is done"


def test_accounts_that_synchronise_directories_are_left_out_of_everything() -> None:
    both = on(held(SYNCHRONISATION), held(GLOBAL_ADMIN))
    for question in (FRESH, sign_in(client=ClientApp.OTHER), sign_in(app=GRAPH)):
        decision = decide(both, question)
        assert (decision.mfa, decision.outcome) == (Mfa.NOT_REQUIRED, Outcome.GRANTED)
    assert [applies(both, FRESH, key(name)) for name in RULES] == [False] * 4


def test_where_nobody_may_read_roles_anybody_may_be_left_out() -> None:
    unread = tenant(security_defaults=True, role_assignments=SECRET)
    assert decide(unread, sign_in(client=ClientApp.OTHER)).outcome is Outcome.NOT_ASSESSED
    assert "role assignments" in facts(decide(unread, sign_in(app=PORTAL)))


@pytest.mark.parametrize("kind", list(ExternalKind))
def test_people_from_outside_are_treated_like_members(kind: ExternalKind) -> None:
    """Of an account that isn't named nobody knows whether it is left out."""
    stranger, certain = {"user": None, "external": External(kind)}, not kind.has_object
    blocked = decide(on(), sign_in(**stranger, client=ClientApp.OTHER)).outcome
    assert blocked is (Outcome.BLOCKED if certain else Outcome.NOT_ASSESSED)
    assert applies(on(), sign_in(**stranger, app=MANAGER), key("azureManagement")) is (certain or None)
    assert applies(on(), sign_in(**stranger), key("discretion")) is None
    guest = on(users={ADA: replace(person(ADA), user_type="Guest", creation_type="Invitation")})
    assert decide(guest, sign_in(client=ClientApp.OTHER)).outcome is Outcome.BLOCKED


def test_only_somebody_without_an_account_that_could_act_with_a_role_may_be_an_administrator() -> None:
    def asked(kind: ExternalKind) -> bool | None:
        return applies(on(), sign_in(user=None, external=External(kind)), key("admins"))

    assert asked(ExternalKind.DIRECT_CONNECT) is False
    assert asked(ExternalKind.SERVICE_PROVIDER) is None


def test_workloads_are_no_people() -> None:
    robot = sign_in(user=None, workload=AppId("robot"), client=ClientApp.OTHER, app=MANAGER)
    assert [applies(on(held(GLOBAL_ADMIN)), robot, key(name)) for name in RULES] == [False] * 4


def test_the_trusted_ips_of_per_user_mfa_exempt_nobody() -> None:
    everywhere = on(held(GLOBAL_ADMIN))
    assert decide(everywhere, sign_in()).mfa is Mfa.REQUIRED
    assert not any(
        condition.coordinate == "network"
        for each in decide(everywhere, FRESH).rules
        if each.rule.source.provider == "securityDefaults"
        for condition in each.rule.conditions
    ), "nothing can be configured"


def test_what_is_asked_at_user_actions_no_page_says() -> None:
    action = sign_in(app=None, action=UserAction.REGISTER_DEVICE)
    assert applies(on(held(GLOBAL_ADMIN)), action, key("admins")) is None
    assert decide(on(held(GLOBAL_ADMIN)), action).mfa is Mfa.NOT_ASSESSED


def test_security_defaults_that_are_off_are_no_rule() -> None:
    assert not {key(name) for name in RULES} & keys(tenant())


@pytest.mark.parametrize("name", RULES)
def test_when_nobody_read_whether_they_are_on_all_of_it_is_open(name: str) -> None:
    unread = tenant(security_defaults=SECRET, role_assignments=(held(GLOBAL_ADMIN),))
    question = sign_in(client=ClientApp.OTHER) if name == "legacy" else sign_in(app=PORTAL)
    assert applies(unread, question, key(name)) is None
    assert "securityDefaults" in facts(decide(unread, FRESH))


@pytest.mark.parametrize(
    ("state", "settled", "off"),
    [
        (PolicyState.ENABLED, True, True),
        (PolicyState.ENABLED, False, False),
        (PolicyState.REPORT_ONLY, True, False),
        (PolicyState.DISABLED, True, False),
    ],
)
def test_a_policy_that_is_on_shows_that_unread_defaults_are_off(
    state: PolicyState, settled: bool, off: bool
) -> None:
    unread = tenant(policy(state=state, settled=settled), security_defaults=SECRET)
    assert (not {key(name) for name in RULES} & keys(unread)) is off


def test_an_enabled_policy_does_not_outvote_what_was_read() -> None:
    assert {key(name) for name in RULES} <= keys(tenant(policy(), security_defaults=True))


def test_per_user_mfa_beside_them_makes_the_answer_certain() -> None:
    decision = decide(with_state(PerUserState.ENFORCED, security_defaults=True), FRESH)
    assert (decision.mfa, [source.id for source in decision.sources]) == (
        Mfa.REQUIRED,
        ["perca:perUserMfa"],
    )


def test_the_embedded_tenant_asks_at_risk_instead_of_judging() -> None:
    embedded = on(defaults_ask_at_risk=True)
    calm = decide(embedded, FRESH)
    assert (calm.mfa, calm.outcome) == (Mfa.NOT_REQUIRED, Outcome.GRANTED)
    for risky in (sign_in(sign_in_risk=RiskLevel.LOW), sign_in(user_risk=RiskLevel.HIGH)):
        assert (decide(embedded, risky).mfa, decide(embedded, risky).outcome) == (
            Mfa.REQUIRED,
            Outcome.PROMPT,
        )


def test_each_rule_says_that_microsoft_says_so() -> None:
    for each in decide(on(), FRESH).rules:
        if each.rule.source.provider == "securityDefaults":
            assert each.rule.basis.certainty is Certainty.OFFICIAL
            assert {condition.basis.page for condition in each.rule.conditions} == {"security-defaults"}


def test_a_block_of_a_policy_is_told_beside_theirs() -> None:
    both = tenant(policy(grant=grant(BuiltIn.BLOCK)), security_defaults=True)
    blocked = decide(both, sign_in(client=ClientApp.OTHER)).blocked_by
    assert {source.provider for source in blocked} == {"securityDefaults", "multiConditionalAccess"}


def test_not_read_is_told_with_its_reason() -> None:
    assert "403" in facts(decide(tenant(security_defaults=NotRead("403")), FRESH))
