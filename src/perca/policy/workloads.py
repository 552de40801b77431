"""The workload identities condition: service principals and agents, which are never a person's sign-in.

Source: workload-identity (11/2023) and agent-id (04/2026), FACTS.md 3.3.13 and 14.4.8. A policy covers service principals of applications
that are the tenant's own and for it alone; never those of others, of applications for several tenants, or managed identities.
A policy with no people beside its workloads is about no person; what one with both means for people isn't documented.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from perca.model import AGENT, AppId, Application, RiskLevel, Tenant, UserCondition, WorkloadCondition, fold
from perca.policy.answer import Answer, No, Unknown, Yes, both, either, included_but_not_excluded, may_mean
from perca.policy.basis import Basis, Certainty
from perca.policy.coordinates import Coordinate, Principal
from perca.policy.directory import View
from perca.policy.users import AGENTS, Users, is_agent

NAMED = Yes(("named by its object id",))
MIXED = Unknown(("what a policy about both people and workloads means",))
ONE_TENANT = fold("AzureADMyOrg")
UNMET = ("workloadIdentities",)


@dataclass(frozen=True, slots=True)
class Workloads:
    """Holds for the service principals and agents that a policy is about; `beside` are the people whom it names, too."""

    condition: WorkloadCondition
    beside: UserCondition = UserCondition()
    coordinate: Coordinate = Coordinate.PRINCIPAL
    basis: Basis = Basis(Certainty.OFFICIAL, "workload-identity", "11/2023")

    def holds(self, view: View, value: object) -> Answer:
        """Whether the policy is about this service principal, or, where it names people beside, perhaps about this person."""
        assert isinstance(value, Principal)
        people_too = not self.beside.include.means_nobody
        if value.workload is not None:
            answer = self._of_workload(view.tenant, value.workload, value.risk)
        elif is_agent(view, value):
            answer = self._of_agent_user(value.risk)
        elif people_too:
            answer = Users(self.beside).holds(view, value)
        else:
            return No(("about workloads, and no people",), ("users", *UNMET))
        return MIXED if people_too and isinstance(answer, Yes) else answer

    def _of_workload(self, tenant: Tenant, workload: AppId, risk: RiskLevel | None) -> Answer:
        asked, principal = self.condition, _service_principal(tenant, workload)
        include = either(self._included(tenant, workload, principal), "not one of the included workloads")
        excluded = workload in asked.exclude or workload in asked.excluded_agents
        exclude = either([NAMED] if excluded else self._unclear(), "not one of the excluded workloads")
        answer = included_but_not_excluded(include, exclude)
        if isinstance(answer, No):
            return No(answer.because, UNMET)
        return both(both(answer, _at_risk(asked.risks, risk)), _at_risk(asked.agent_risks, risk))

    def _of_agent_user(self, risk: RiskLevel | None) -> Answer:
        asked = self.condition
        included = [AGENTS] if asked.all_agent_users and not asked.unrecognised else self._unclear()
        answer = either(included, "not about the user accounts of agents")
        if isinstance(answer, No):
            return No(answer.because, UNMET)
        return both(answer, _at_risk(asked.agent_risks, risk))

    def _included(self, tenant: Tenant, workload: AppId, principal: Application | None) -> Iterator[Answer]:
        asked = self.condition
        if workload in asked.include or asked.all_of_the_tenant:
            yield _is_covered(tenant, workload, principal)
        if workload in asked.agents:
            yield NAMED
        elif asked.all_agents:
            yield _is_an_agent(workload, principal)
        yield from self._unclear()

    def _unclear(self) -> Iterator[Answer]:
        if self.condition.unrecognised:
            yield may_mean(self.condition.unrecognised, "this workload")


def _service_principal(tenant: Tenant, workload: AppId) -> Application | None:
    return next((each for each in tenant.applications.values() if each.object_id == workload), None)


def _is_covered(tenant: Tenant, workload: AppId, principal: Application | None) -> Answer:
    """Whether Conditional Access looks at the service principal at all (case M54)."""
    if principal is None:
        return Unknown((f"service principal `{workload}` is not in the data",))
    kind, owner = fold(principal.kind or ""), principal.owner
    if kind == "managedidentity":
        return No(("no policy covers a managed identity",))
    if owner is not None and tenant.id and owner != tenant.id:
        return No(("no policy covers an application of another tenant",))
    if principal.audience is not None and fold(principal.audience) != ONE_TENANT:
        return No(("no policy covers an application for several tenants",))
    lacking = {
        "what kind of service principal": not kind,
        "of which tenant": owner is None or not tenant.id,
        "for which tenants": principal.audience is None,
    }
    if any(lacking.values()):
        return Unknown(tuple(f"{what} `{workload}` is" for what, lacks in lacking.items() if lacks))
    if kind == "application":
        return Yes(("an application of the tenant's own",))
    return Unknown(
        (f"whether policies for workloads cover a service principal of the kind `{principal.kind}`",)
    )


def _is_an_agent(workload: AppId, principal: Application | None) -> Answer:
    kind = None if principal is None else principal.kind
    if kind is None:
        return Unknown((f"whether service principal `{workload}` is an agent",))
    if fold(kind) == fold(AGENT):
        return Yes(("all identities of agents",))
    if fold(kind) in ("application", "managedidentity", "legacy", "socialidp"):
        return No(("not the identity of an agent",))
    return Unknown((f"whether service principal `{workload}` is an agent",))


def _at_risk(levels: frozenset[RiskLevel], risk: RiskLevel | None) -> Answer:
    if not levels:
        return Yes()
    if risk is None:
        return Unknown(("the risk of the workload is not known",))
    if risk in levels:
        return Yes((f"risk of the workload `{risk}`",))
    return No((f"risk of the workload `{risk}` is not one of the policy's",), UNMET)
