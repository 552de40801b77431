"""Workloads and agents in a policy: what is read of them, what is named, and that no person is meant."""

from typing import Any

import pytest

from perca.model import RiskLevel, Unrecognised, UserCondition, UserScope, WorkloadCondition
from perca.wire import emit_policy, parse_policy, unrecognised_parts

A, B = "aaaaaaaa-0000-4000-8000-00000000000a", "bbbbbbbb-0000-4000-8000-00000000000b"
NOBODY = {"includeUsers": ["None"]}
OURS = {"includeServicePrincipals": ["ServicePrincipalsInMyTenant"]}

Json = dict[str, Any]


def policy(users: Any = NOBODY, **conditions: Any) -> Json:
    return {
        "id": A,
        "state": "enabled",
        "conditions": {"users": users, "applications": {"includeApplications": ["All"]}, **conditions},
        "grantControls": {"builtInControls": ["block"]},
    }


def workloads(**conditions: Any) -> WorkloadCondition | None:
    return parse_policy(policy(**conditions)).workloads


def named(resource: Json) -> list[str]:
    return [str(part) for part in unrecognised_parts(parse_policy(resource))]


def test_service_principals_are_read_by_word_and_by_id() -> None:
    apps = {
        "includeServicePrincipals": ["serviceprincipalsinmytenant", B.upper()],
        "excludeServicePrincipals": [A],
        "servicePrincipalFilter": None,
    }
    assert workloads(clientApplications=apps, servicePrincipalRiskLevels=["High"]) == WorkloadCondition(
        True, frozenset({B}), frozenset({A}), risks=frozenset({RiskLevel.HIGH})
    )


def test_agents_are_read_by_word_and_by_id() -> None:
    apps = {
        "includeServicePrincipals": [],
        "includeAgentIdServicePrincipals": ["All", B],
        "excludeAgentIdServicePrincipals": [A],
    }
    assert workloads(clientApplications=apps, agentIdRiskLevels="high,Medium") == WorkloadCondition(
        all_agents=True,
        agents=frozenset({B}),
        excluded_agents=frozenset({A}),
        agent_risks=frozenset({RiskLevel.MEDIUM, RiskLevel.HIGH}),
    )
    users = {"includeAgentUsers": ["All"], "excludeAgentUsers": [], "agentFilter": None}
    assert workloads(agents=users) == WorkloadCondition(all_agent_users=True)


@pytest.mark.parametrize(
    "conditions",
    [{}, {"clientApplications": None, "agents": None}, {"clientApplications": {"includeServicePrincipals": []}},
     {"servicePrincipalRiskLevels": [], "agentIdRiskLevels": ""}],
)  # fmt: skip
def test_a_policy_that_says_nothing_of_workloads_is_about_none(conditions: Json) -> None:
    assert workloads(**conditions) is None


@pytest.mark.parametrize(
    ("conditions", "where"),
    [
        ({"clientApplications": {**OURS, "servicePrincipalFilter": {"mode": "include", "rule": "x"}}},
         'conditions.clientApplications.servicePrincipalFilter {"mode":"include","rule":"x"}'),
        ({"clientApplications": {"includeServicePrincipals": ["<App>"]}},
         "conditions.clientApplications.includeServicePrincipals <App>"),
        ({"clientApplications": {**OURS, "excludeServicePrincipals": ["ServicePrincipalsInMyTenant"]}},
         "conditions.clientApplications.excludeServicePrincipals ServicePrincipalsInMyTenant"),
        ({"clientApplications": {**OURS, "onMondays": True}}, "conditions.clientApplications.onMondays true"),
        ({"clientApplications": ["All"]}, 'conditions.clientApplications ["All"]'),
        ({"agents": {"includeAgentUsers": [A]}}, f"conditions.agents.includeAgentUsers {A}"),
        ({"agents": {"includeAgentUsers": ["All"], "agentFilter": "x"}}, "conditions.agents.agentFilter x"),
        ({"clientApplications": OURS, "servicePrincipalRiskLevels": ["hidden"]},
         "conditions.servicePrincipalRiskLevels hidden"),
        ({"clientApplications": OURS, "agentIdRiskLevels": "high,dreadful"},
         "conditions.agentIdRiskLevels high,dreadful"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_named_and_may_narrow_it_to_any_workload(conditions: Json, where: str) -> None:
    assert named(policy(**conditions)) == [where]
    found = workloads(**conditions)
    assert found is not None
    assert [str(part) for part in found.unrecognised] == [where]


@pytest.mark.parametrize("users", [None, {}, {"includeUsers": [], "excludeUsers": []}])
def test_a_policy_about_workloads_may_say_nothing_of_users(users: Any) -> None:
    resource = policy(users, clientApplications=OURS)
    read = parse_policy(resource)
    assert read.users == UserCondition()
    assert emit_policy(read)["conditions"]["users"] == users
    assert isinstance(parse_policy(policy(None)).users, Unrecognised), (
        "without workloads that may mean anybody"
    )
    unclear = parse_policy(policy(None, clientApplications={"excludeServicePrincipals": [A]}))
    assert isinstance(unclear.users, Unrecognised), "nor does it help to leave some out of none"


def test_people_beside_workloads_stay() -> None:
    read = parse_policy(policy({"includeUsers": ["All"]}, clientApplications=OURS))
    assert read.users == UserCondition(UserScope(everyone=True))
    assert read.workloads == WorkloadCondition(all_of_the_tenant=True)
