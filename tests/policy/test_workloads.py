"""Workloads and agents: which of them a policy is about, that none is a person, and that no person is one of them."""

from dataclasses import replace
from typing import Any

import pytest

from perca.model import (
    AGENT,
    BLOCK,
    AppId,
    Application,
    BuiltIn,
    External,
    ExternalKind,
    RiskLevel,
    TenantId,
    Unrecognised,
    UserCondition,
    UserScope,
    WorkloadCondition,
)
from perca.policy import No, Outcome, Unknown, decide, is_blocked
from support.small import (
    ADA,
    EVERYONE,
    MAIL,
    SOMETHING,
    answer,
    applies,
    grant,
    people,
    person,
    policy,
    sign_in,
    tenant,
)

OURS, THEIRS = TenantId("ours"), TenantId("theirs")
ROBOT, OTHER = AppId("robot"), AppId("other")
NOBODY = UserCondition(UserScope(nobody=True))
OWN = Application("Robot", OURS, ROBOT, kind="Application", audience="AzureADMyOrg")
ALL_OF_OURS = WorkloadCondition(all_of_the_tenant=True)
ALL_AGENTS = WorkloadCondition(all_agents=True)
STRANGER = {"user": None, "external": External(ExternalKind.SERVICE_PROVIDER)}


def about(
    asked: WorkloadCondition, principal: Application | None = OWN, users: Any = NOBODY, **said: Any
) -> bool | None:
    """Whether a policy on these workloads is about that service principal, or whoever else signs in."""
    apps = {} if principal is None else {MAIL: principal}
    here = tenant(
        policy(users=users, workloads=asked, grant=grant(BuiltIn.BLOCK)), applications=apps, id=OURS
    )
    return applies(here, sign_in(**{"user": None, "workload": ROBOT, **said}))


@pytest.mark.parametrize("asked", [ALL_OF_OURS, WorkloadCondition(include=frozenset({ROBOT}))])
@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, True),
        ({"owner": THEIRS}, False),
        ({"audience": "AzureADMultipleOrgs"}, False),
        ({"kind": "ManagedIdentity", "owner": None, "audience": None}, False),
        ({"kind": "Legacy"}, None),
        ({"kind": AGENT}, None),
        ({"kind": None}, None),
        ({"owner": None}, None),
        ({"audience": None}, None),
        ({"owner": THEIRS, "kind": None, "audience": None}, False),
    ],
)
def test_only_the_tenants_own_applications_for_itself_are_covered(
    asked: WorkloadCondition, facts: dict[str, Any], expected: bool | None
) -> None:
    assert about(asked, replace(OWN, **facts)) is expected


def test_what_is_not_in_the_data_may_be_anybodys() -> None:
    assert about(ALL_OF_OURS, None) is None
    unnamed = tenant(policy(users=NOBODY, workloads=ALL_OF_OURS), applications={MAIL: OWN}, id="")
    assert applies(unnamed, sign_in(user=None, workload=ROBOT)) is None, "nobody told which tenant this is"


def test_a_service_principal_that_is_not_named_is_not_meant_and_exclude_beats_include() -> None:
    assert about(WorkloadCondition(include=frozenset({OTHER}))) is False
    assert about(replace(ALL_OF_OURS, exclude=frozenset({ROBOT}))) is False
    assert about(replace(ALL_OF_OURS, excluded_agents=frozenset({ROBOT}))) is False


@pytest.mark.parametrize(
    "asked", [ALL_OF_OURS, ALL_AGENTS, WorkloadCondition(), WorkloadCondition(unrecognised=(SOMETHING,))]
)
@pytest.mark.parametrize("somebody", [{"user": ADA}, {"user": "dora"}, STRANGER])
def test_a_policy_about_workloads_alone_is_never_about_a_person(
    asked: WorkloadCondition, somebody: dict[str, Any]
) -> None:
    assert about(asked, **{"workload": None, **somebody}) is False
    found = answer(
        tenant(policy(users=NOBODY, workloads=asked)), sign_in(**{"workload": None, **somebody})
    ).answer
    assert isinstance(found, No)
    assert found.unmet == ("users", "workloadIdentities")


def test_what_a_policy_about_people_and_workloads_means_nobody_knows() -> None:
    both = UserCondition(people(ADA))
    assert about(ALL_OF_OURS, users=both) is None
    assert about(ALL_OF_OURS, users=both, user=ADA, workload=None) is None
    assert about(ALL_OF_OURS, users=both, user="ben", workload=None) is False
    assert about(WorkloadCondition(include=frozenset({OTHER})), users=both) is False


@pytest.mark.parametrize("users", [UserCondition(EVERYONE), UserCondition(people(ADA, "robot"))])
def test_a_policy_about_people_is_never_about_a_workload(users: UserCondition) -> None:
    found = answer(tenant(policy(users=users)), sign_in(user=None, workload=ROBOT)).answer
    assert found == No(("a service principal is no person",), ("users",))
    unclear = UserCondition(UserScope(unrecognised=(SOMETHING,)))
    assert applies(tenant(policy(users=unclear)), sign_in(user=None, workload=ROBOT)) is None


def test_what_is_not_understood_may_narrow_it_or_not() -> None:
    unclear = (Unrecognised("conditions.clientApplications.servicePrincipalFilter", "x"),)
    assert about(replace(ALL_OF_OURS, unrecognised=unclear)) is None
    assert about(WorkloadCondition(include=frozenset({OTHER}), unrecognised=unclear)) is None


@pytest.mark.parametrize(
    ("kind", "expected"),
    [(AGENT, True), ("Application", False), ("ManagedIdentity", False), ("Novel", None), (None, None)],
)
def test_all_agents_means_agents(kind: str | None, expected: bool | None) -> None:
    assert about(ALL_AGENTS, replace(OWN, kind=kind)) is expected
    assert about(WorkloadCondition(agents=frozenset({ROBOT})), replace(OWN, kind=kind))


def test_a_risk_that_nobody_told_is_not_none() -> None:
    risky = replace(ALL_OF_OURS, risks=frozenset({RiskLevel.HIGH}))
    assert about(risky) is None
    assert about(risky, workload_risk=RiskLevel.HIGH)
    assert about(risky, workload_risk=RiskLevel.NONE) is False
    agents = replace(ALL_AGENTS, agent_risks=frozenset({RiskLevel.HIGH}))
    assert about(agents, replace(OWN, kind=AGENT)) is None
    assert about(agents, replace(OWN, kind=AGENT), workload_risk=RiskLevel.LOW) is False


def agents_account(users: UserCondition, **more: Any) -> bool | None:
    """Whether a policy is about the user account of an agent."""
    here = tenant(policy(users=users, **more), users={ADA: replace(person(ADA), is_agent=True)})
    return applies(here)


def test_whether_policies_for_people_cover_an_agents_account_nobody_knows() -> None:
    for scope in (EVERYONE, people(ADA)):
        assert agents_account(UserCondition(scope)) is None
    assert agents_account(UserCondition(people("ben"))) is False
    assert agents_account(UserCondition(UserScope(agents=True)))
    assert agents_account(UserCondition(UserScope(agents=True), UserScope(agents=True))) is False
    assert agents_account(UserCondition(UserScope(agents=True), people(ADA))) is None
    assert applies(tenant(policy(users=UserCondition(UserScope(agents=True))))) is False, "a person is none"


def test_a_policy_about_the_accounts_of_agents_is_about_them_and_no_person() -> None:
    asked = WorkloadCondition(all_agent_users=True)
    assert agents_account(NOBODY, workloads=asked)
    assert agents_account(NOBODY, workloads=ALL_AGENTS) is False
    assert agents_account(NOBODY, workloads=replace(asked, unrecognised=(SOMETHING,))) is None
    assert agents_account(NOBODY, workloads=replace(asked, agent_risks=frozenset({RiskLevel.HIGH}))) is None
    assert about(asked, user=ADA, workload=None) is False


def test_the_facts_that_are_missing_are_named() -> None:
    here = tenant(
        policy(users=NOBODY, workloads=ALL_OF_OURS),
        applications={MAIL: replace(OWN, owner=None, audience=None)},
        id=OURS,
    )
    found = answer(here, sign_in(user=None, workload=ROBOT)).answer
    assert found == Unknown(("of which tenant `robot` is", "for which tenants `robot` is"))


def test_a_block_ends_a_workloads_sign_in() -> None:
    here = tenant(
        policy(users=NOBODY, workloads=ALL_OF_OURS, grant=grant(BuiltIn.BLOCK)),
        applications={MAIL: OWN},
        id=OURS,
    )
    decision = decide(here, sign_in(user=None, workload=ROBOT))
    assert (decision.outcome, decision.guaranteed) == (Outcome.BLOCKED, frozenset({BLOCK}))
    assert not is_blocked(decide(here, sign_in()).possible)
