"""What looks like cover at a gap and isn't: a policy that is report-only or turned off, MFA that is one of several choices, a strength
that can be met without MFA, a custom control.

Asked of the sign-ins that show the gaps, by the same `applies` as everything. Each such policy is one finding, however many gaps it is near.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from perca.findings.finding import Finding, Kind, Severity, finding
from perca.model import (
    ConditionalAccessPolicy,
    CustomFactor,
    PolicyId,
    PolicyState,
    StrengthControl,
    Tenant,
)
from perca.policy import Rule, Yes, covers, decide, guarantees_mfa
from perca.policy.conditional_access import PROVIDER
from perca.policy.strengths import is_mfa_grade


def near_misses(tenant: Tenant, gaps: Sequence[Finding]) -> Iterator[Finding]:
    """A finding for each policy that looks like cover at some of these gaps."""
    found: dict[tuple[PolicyId, Kind], list[Finding]] = {}
    for gap in gaps:
        for policy, kind in looking_like_cover(tenant, gap):
            found.setdefault((policy, kind), []).append(gap)
    for (policy, kind), near in found.items():
        concerned = {person for gap in near for person in gap.people}
        yield finding(
            kind,
            Severity.LOW,
            policy,
            people=tuple(user for user in tenant.users if user in concerned),
            witness=near[0].witness,
            policies=(policy,),
            of=tuple(gap.id for gap in near),
        )


def looking_like_cover(tenant: Tenant, gap: Finding) -> Iterator[tuple[PolicyId, Kind]]:
    """The policies that apply, or would, at a sign-in that shows the gap, and don't require MFA there."""
    if not gap.assessed:
        return
    seen: dict[tuple[PolicyId, Kind], None] = {}
    for region in gap.regions:
        decision = decide(all_on(tenant), region.witness.sign_in)
        for each in decision.rules:
            kind = _kind(tenant, each.rule) if isinstance(each.answer, Yes) else None
            if kind is not None:
                seen[PolicyId(each.rule.source.id), kind] = None
    yield from seen


def all_on(tenant: Tenant) -> Tenant:
    """The tenant with every policy on; the same object for the same tenant."""
    found: Tenant | None = vars(tenant).get("_all_on")
    if found is None:
        policies = tuple(
            replace(each, state=PolicyState.ENABLED) if _is_off(each) else each for each in tenant.policies
        )
        found = vars(tenant)["_all_on"] = replace(tenant, policies=policies)
    return found


def _is_off(policy: ConditionalAccessPolicy) -> bool:
    return policy.state in (PolicyState.REPORT_ONLY, PolicyState.DISABLED)


def _kind(tenant: Tenant, rule: Rule) -> Kind | None:
    """As what the rule looks like cover; None where it doesn't."""
    if rule.source.provider != PROVIDER:
        return None
    states = [policy.state for policy in tenant.policies if policy.id == rule.source.id]
    state = states[0] if len(states) == 1 else None
    if covers(rule):
        off = {PolicyState.REPORT_ONLY: Kind.REPORT_ONLY, PolicyState.DISABLED: Kind.TURNED_OFF}
        return off.get(state) if isinstance(state, PolicyState) else None
    if state is not PolicyState.ENABLED:
        return None
    return _by_controls(rule)


def _by_controls(rule: Rule) -> Kind | None:
    controls = {control for clause in rule.clauses for control in clause}
    if any(is_mfa_grade(control) for control in controls) and not any(map(guarantees_mfa, rule.clauses)):
        return Kind.ONE_OF_SEVERAL
    if any(isinstance(control, StrengthControl) for control in controls):
        return Kind.STRENGTH_WITHOUT_MFA
    return Kind.CUSTOM_CONTROL if any(isinstance(each, CustomFactor) for each in controls) else None
