"""A Conditional Access policy: Graph JSON to the model and back.

LAW: `emit_policy(parse_policy(x))` is the normal form of `x` (docs/reference/normal-form.md), and `parse_policy(emit_policy(p)) == p`.
Promises that no condition is dropped: whatever says something and isn't recognised is Unrecognised, at its place or on the policy.
"""

from __future__ import annotations

import re

from perca.model import (
    ClientApp,
    ConditionalAccessPolicy,
    Flow,
    FlowCondition,
    InsiderRisk,
    PolicyId,
    PolicyState,
    RiskLevel,
    Unrecognised,
    fold,
)
from perca.wire.applications import APPLICATIONS, applications_json, take_applications
from perca.wire.controls import GRANT, grant_json, take_grant
from perca.wire.filters import DEVICES, filter_json, take_device_filter
from perca.wire.kept import Spelling, keep, restored, spelling_of
from perca.wire.lists import (
    FLOWS,
    PLATFORMS,
    flags,
    in_order,
    platforms_json,
    take_clients,
    take_flows,
    take_insider_risk,
    take_platforms,
    take_risk,
)
from perca.wire.locations import LOCATIONS, locations_json, take_locations
from perca.wire.members import left_besides, names, pruned, spelled, take_text, take_word, unread
from perca.wire.session import SESSION, session_json, take_session
from perca.wire.users import USERS, take_users, users_json
from perca.wire.values import Json, JsonObject, JsonValue, check_depth, says_nothing, shown
from perca.wire.workloads import AGENTS, CLIENT_APPLICATIONS, take_workloads, workloads_json

NAMES = names(
    "id displayName state createdDateTime modifiedDateTime description templateId policyApplies analysisReasons "
    "deletedDateTime partialEnablementStrategy",
    conditions=names(
        "clientAppTypes signInRiskLevels userRiskLevels servicePrincipalRiskLevels insiderRiskLevels "
        "agentIdRiskLevels deviceStates agentContext times clients",
        users=USERS,
        clientApplications=CLIENT_APPLICATIONS,
        agents=AGENTS,
        applications=APPLICATIONS,
        platforms=PLATFORMS,
        locations=LOCATIONS,
        devices=DEVICES,
        authenticationFlows=FLOWS,
    ),
    grantControls=GRANT,
    sessionControls=SESSION,
)
"""The members that are known by name, whatever their case."""

_SILENT = NAMES.keys() - {"deletedDateTime", "partialEnablementStrategy"}
"""Members of a policy that are read elsewhere, or tell when and why it was made and never whether it applies."""

_READ = names(
    "users applications clientAppTypes platforms locations signInRiskLevels userRiskLevels insiderRiskLevels "
    "devices authenticationFlows clientApplications agents servicePrincipalRiskLevels agentIdRiskLevels"
).keys()
_STATES = {fold(state): state for state in PolicyState}
_MADE_UP = re.compile(r"no-id-[0-9]+")


def made_up_id(number: int) -> PolicyId:
    """The id of a policy that came without one; it is never written."""
    return PolicyId(f"no-id-{number}")


def has_own_id(policy: ConditionalAccessPolicy) -> bool:
    """Whether the policy's id came with it, rather than being empty or made up."""
    return bool(policy.id) and _MADE_UP.fullmatch(policy.id) is None


def parse_policy(resource: Json) -> ConditionalAccessPolicy:
    """The policy that a Graph resource describes; total for every object, whatever its members are.

    A policy without an id has the empty one. Raises BadInput for a member in two spellings, or absurd nesting.
    """
    check_depth(resource, "the policy")
    whole, rest = spelled(resource, NAMES), spelled(resource, NAMES)
    ids = Spelling()
    identifier = _take_id(rest, ids)
    name = take_text(rest, "displayName") or ""
    state = take_word(rest, "state", _STATES) or unread(rest, "state", "state")
    found = rest.get("conditions")
    conditions: JsonObject = found if isinstance(found, dict) else {}
    if found == {}:  # kinds of clients are always written, so an empty object needs no keeping
        del rest["conditions"]
    device, devices_left = take_device_filter(conditions)
    workloads = take_workloads(conditions)
    return ConditionalAccessPolicy(
        id=PolicyId(identifier),
        display_name=name,
        state=state,
        users=take_users(conditions, ids, about_workloads=workloads is not None and workloads.includes_any),
        applications=take_applications(conditions),
        client_apps=take_clients(conditions),
        platforms=take_platforms(conditions),
        locations=take_locations(conditions, ids),
        sign_in_risk=take_risk(conditions, "signInRiskLevels"),
        user_risk=take_risk(conditions, "userRiskLevels"),
        insider_risk=take_insider_risk(conditions),
        device=device,
        flows=take_flows(conditions),
        workloads=workloads,
        grant=take_grant(rest, ids),
        unrecognised=(*devices_left, *_conditions_left(found), *left_besides(rest, _SILENT, "")),
        session=take_session(rest, ids),
        kept=keep(pruned(rest, whole), ids),
    )


def emit_policy(policy: ConditionalAccessPolicy) -> Json:
    """The policy as a Graph resource in normal form; of a policy that we made, the body that creates it."""
    ids = spelling_of(policy.kept)
    built: JsonObject = {"id": ids.write(policy.id)} if has_own_id(policy) else {}
    if policy.display_name:
        built["displayName"] = policy.display_name
    if isinstance(policy.state, PolicyState):
        built["state"] = policy.state.value
    built["conditions"] = _conditions_json(policy, ids)
    if policy.grant is not None:
        built["grantControls"] = grant_json(policy.grant, ids)
    built["sessionControls"] = session_json(policy.session, ids)
    return restored({name: value for name, value in built.items() if value != {}}, policy.kept)


def _take_id(rest: JsonObject, ids: Spelling) -> str:
    identifier = rest.get("id")
    if not isinstance(identifier, str):
        return ""
    if _MADE_UP.fullmatch(fold(identifier)) is None and fold(identifier):
        del rest["id"]
    return ids.read(identifier) or ""


def _conditions_left(conditions: JsonValue) -> tuple[Unrecognised, ...]:
    if not isinstance(conditions, dict):
        return () if says_nothing(conditions) else (Unrecognised("conditions", shown(conditions)),)
    return left_besides(conditions, _READ, "conditions")


def _conditions_json(policy: ConditionalAccessPolicy, ids: Spelling) -> JsonObject:
    parts: JsonObject = {}
    if not isinstance(policy.users, Unrecognised):
        parts["users"] = users_json(policy.users, ids)
    if not isinstance(policy.applications, Unrecognised):
        parts["applications"] = applications_json(policy.applications)
    parts["clientAppTypes"] = [*in_order(policy.client_apps.types, ClientApp)]
    if policy.platforms is not None:
        parts["platforms"] = platforms_json(policy.platforms)
    if policy.locations is not None:
        parts["locations"] = locations_json(policy.locations, ids)
    if policy.device is not None:
        parts["devices"] = {"deviceFilter": filter_json(policy.device)}
    parts["signInRiskLevels"] = [*in_order(policy.sign_in_risk.levels, RiskLevel)]
    parts["userRiskLevels"] = [*in_order(policy.user_risk.levels, RiskLevel)]
    parts["insiderRiskLevels"] = flags(policy.insider_risk.levels, InsiderRisk)
    parts["authenticationFlows"] = _flows_json(policy.flows)
    if policy.workloads is not None:
        parts.update(workloads_json(policy.workloads))
    return {name: part for name, part in parts.items() if part}


def _flows_json(condition: FlowCondition) -> JsonObject:
    return {"transferMethods": flags(condition.flows, Flow)} if condition.flows else {}
