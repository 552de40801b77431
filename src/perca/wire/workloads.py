"""Which service principals and agents a policy is about: `clientApplications`, `agents` and their risks, to and from the model.

Source: conditionalAccessClientApplications (v1.0 and beta schema), FACTS.md 3.2 and 14.4.8. What of it isn't read, a filter or an agent's
user account by id, may narrow the policy to any workload: it is named. None of it is about a person.
"""

from __future__ import annotations

from perca.model import AppId, RiskLevel, WorkloadCondition, fold
from perca.wire.lists import flags, in_order, take_flags, take_risk
from perca.wire.members import left_at, left_besides, names, take_entries, take_keyword, unread
from perca.wire.sides import Unclear, guid, write
from perca.wire.values import JsonObject, says_nothing

CLIENT_APPLICATIONS = names(
    "includeServicePrincipals excludeServicePrincipals servicePrincipalFilter includeAgentIdServicePrincipals "
    "excludeAgentIdServicePrincipals agentIdServicePrincipalFilter"
)
AGENTS = names("includeAgentUsers excludeAgentUsers agentFilter")
OF_THE_TENANT = "ServicePrincipalsInMyTenant"
_AGENT_RISKS = {fold(level): level for level in RiskLevel if level is not RiskLevel.NONE}


def take_workloads(conditions: JsonObject) -> WorkloadCondition | None:
    """The workloads that the policy is about; None where it says nothing of any."""
    path = "conditions.clientApplications"
    apps, unread_apps = _object(conditions, "clientApplications", path)
    agents, unread_agents = _object(conditions, "agents", "conditions.agents")
    risk = take_risk(conditions, "servicePrincipalRiskLevels")
    agent_risks = take_flags(conditions, "agentIdRiskLevels", _AGENT_RISKS)
    found = WorkloadCondition(
        all_of_the_tenant=take_keyword(apps, "includeServicePrincipals", OF_THE_TENANT),
        include=_ids(apps, "includeServicePrincipals"),
        exclude=_ids(apps, "excludeServicePrincipals"),
        all_agents=take_keyword(apps, "includeAgentIdServicePrincipals", "All"),
        agents=_ids(apps, "includeAgentIdServicePrincipals"),
        excluded_agents=_ids(apps, "excludeAgentIdServicePrincipals"),
        all_agent_users=take_keyword(agents, "includeAgentUsers", "All"),
        risks=risk.levels,
        agent_risks=agent_risks,
        unrecognised=(
            *unread_apps,
            *(entry for name in CLIENT_APPLICATIONS for entry in left_at(apps, name, path)),
            *left_besides(apps, CLIENT_APPLICATIONS, path),
            *unread_agents,
            *(entry for name in AGENTS for entry in left_at(agents, name, "conditions.agents")),
            *left_besides(agents, AGENTS, "conditions.agents"),
            *risk.unrecognised,
            *left_at(conditions, "agentIdRiskLevels", "conditions"),
        ),
    )
    return None if found == WorkloadCondition() else found


def _object(conditions: JsonObject, name: str, path: str) -> tuple[JsonObject, Unclear]:
    """The member if it is an object, else nothing, named if it says something."""
    value = conditions.get(name)
    if isinstance(value, dict):
        return value, ()
    return {}, () if says_nothing(value) else (unread(conditions, name, path),)


def _ids(part: JsonObject, name: str) -> frozenset[AppId]:
    return frozenset(map(AppId, take_entries(part, name, guid)))


def workloads_json(condition: WorkloadCondition) -> JsonObject:
    """What `take_workloads` took, by the members of the conditions."""
    apps: JsonObject = {}
    tenant, agents = [OF_THE_TENANT] * condition.all_of_the_tenant, ["All"] * condition.all_agents
    write(apps, "includeServicePrincipals", [*tenant, *sorted(condition.include)])
    write(apps, "excludeServicePrincipals", sorted(condition.exclude))
    write(apps, "includeAgentIdServicePrincipals", [*agents, *sorted(condition.agents)])
    write(apps, "excludeAgentIdServicePrincipals", sorted(condition.excluded_agents))
    return {
        "clientApplications": apps,
        "agents": {"includeAgentUsers": ["All"]} if condition.all_agent_users else {},
        "servicePrincipalRiskLevels": [*in_order(condition.risks, RiskLevel)],
        "agentIdRiskLevels": flags(condition.agent_risks, RiskLevel),
    }
