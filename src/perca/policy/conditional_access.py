"""A Conditional Access policy as a rule: its conditions, one coordinate each, and its grant controls as clauses.

Source: concept-conditional-access-policies and -grant (2024), FACTS.md 3.3. Only an enabled policy is enforced; a disabled one
is no rule; OR makes one clause of all controls, AND (or several controls without an operator) one clause of each. Under an operator
that we can't read it isn't certain that each is asked for.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from perca.model import (
    BLOCK,
    MFA,
    BuiltIn,
    Clause,
    ConditionalAccessPolicy,
    Control,
    Grant,
    Operator,
    PolicyState,
    StrengthControl,
    Tenant,
    Unrecognised,
)
from perca.policy.actions import UserActions
from perca.policy.applications import Applications
from perca.policy.channels import ClientApps, Platforms
from perca.policy.contexts import Contexts
from perca.policy.coordinates import Coordinate
from perca.policy.devices import DeviceFilter
from perca.policy.directory import View
from perca.policy.flows import Flows
from perca.policy.locations import Locations
from perca.policy.risks import Risk
from perca.policy.rule import Condition, Rule, Settling, Source, Unmodelled
from perca.policy.strength_reach import AskedForStrength
from perca.policy.strengths import BUILT_IN, demanded
from perca.policy.unread import unread_policies
from perca.policy.users import Users
from perca.policy.workloads import Workloads

PROVIDER = "multiConditionalAccess"
UNREAD = Source(PROVIDER, "perca:unreadPolicies", "Policies that could not be read")


def rules(view: View) -> Iterator[Rule]:
    """One rule for each policy that isn't disabled, in the tenant's order; and one for those that nobody read, if any."""
    for policy in view.tenant.policies:
        if policy.state is not PolicyState.DISABLED or not policy.settled:
            yield rule_of(policy, view.tenant)
    why = unread_policies(view.tenant)
    if why:
        what = Unmodelled(Unrecognised("policies", "; ".join(why)))
        yield Rule(UNREAD.id, UNREAD, (what,), (MFA, BLOCK))


def rule_of(policy: ConditionalAccessPolicy, tenant: Tenant) -> Rule:
    """The rule that the policy is; `enforced` unless it is report-only for certain, with no write of it under way."""
    return Rule(
        key=policy.id,
        source=Source(PROVIDER, policy.id, policy.display_name),
        conditions=tuple(_conditions(policy)),
        clauses=clauses_of(policy.grant, tenant),
        enforced=policy.state is not PolicyState.REPORT_ONLY or not policy.settled,
        session=policy.session,
    )


def _conditions(policy: ConditionalAccessPolicy) -> Iterator[Condition]:
    if isinstance(policy.state, Unrecognised):
        yield Unmodelled(policy.state)
    if not policy.settled:
        yield Settling()
    grant = policy.grant
    if grant is not None and isinstance(grant.operator, Unrecognised) and len(grant.controls) > 1:
        yield Unmodelled(grant.operator)
    if isinstance(policy.users, Unrecognised):
        yield Unmodelled(policy.users)
    elif policy.workloads is not None:
        yield Workloads(policy.workloads, policy.users)
    else:
        yield Users(policy.users)
    if isinstance(policy.applications, Unrecognised):
        yield Unmodelled(policy.applications)
    elif policy.applications.is_about_actions:
        yield UserActions(policy.applications, () if grant is None else grant.controls)
    elif policy.applications.is_about_contexts:
        yield Contexts(policy.applications)
    else:
        yield Applications(policy.applications)
    yield ClientApps(policy.client_apps)
    if policy.platforms is not None:
        yield Platforms(policy.platforms)
    if policy.locations is not None:
        yield Locations(policy.locations)
    if policy.sign_in_risk.levels or policy.sign_in_risk.unrecognised:
        yield Risk(policy.sign_in_risk, Coordinate.SIGN_IN_RISK)
    if policy.user_risk.levels or policy.user_risk.unrecognised:
        yield Risk(policy.user_risk, Coordinate.USER_RISK)
    if policy.insider_risk.levels or policy.insider_risk.unrecognised:
        yield Risk(policy.insider_risk, Coordinate.INSIDER_RISK)
    if policy.flows.flows or policy.flows.unrecognised:
        yield Flows(policy.flows)
    if policy.device is not None:
        yield DeviceFilter(policy.device)
    if grant is not None and any(isinstance(each, StrengthControl) for each in grant.controls):
        yield AskedForStrength(alone=len(grant.controls) == 1)
    for part in policy.unrecognised:
        yield Unmodelled(part)


def clauses_of(grant: Grant | None, tenant: Tenant) -> tuple[Clause, ...]:
    """What the grant controls ask for, strengths filled in from the tenant; a block stands alone."""
    if grant is None or not grant.controls:
        return ()
    controls = tuple(_with_combinations(control, tenant) for control in grant.controls)
    if BuiltIn.BLOCK in controls:
        return (BLOCK,)
    if grant.operator is Operator.OR:
        return (frozenset(controls),)
    return tuple(dict.fromkeys(frozenset({control}) for control in controls))


def _with_combinations(control: Control, tenant: Tenant) -> Control:
    if not isinstance(control, StrengthControl):
        return control
    held = tenant.strengths.get(control.strength)
    known = demanded(held) if held is not None else BUILT_IN.get(control.strength)
    return replace(control, combinations=known)
