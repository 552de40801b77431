"""Which parts of a Conditional Access policy go together: controls with each other, with conditions and with what is protected.

Source: FACTS.md 3.3.8, 3.3.9, 3.3.11, 3.6 and 14.2.4; Graph's conditionalAccessGrantControls (2026, its special considerations). The numbers
are the service's; where it isn't known what it says, the words are ours.
"""

from __future__ import annotations

import re

from perca.model import UserAction
from perca.tenant.errors import GraphError, malformed
from perca.tenant.json import Json
from perca.wire.filters import MAX_LENGTH

CONTEXT = re.compile("c[1-9][0-9]?")

_FOR_PASSWORD_CHANGE = ("users", "applications", "userRiskLevels", "clientAppTypes")


def controls_error(which: str) -> GraphError:
    """1032: a control that doesn't go with the others or with the conditions."""
    return malformed(f"1032: ConditionalActionPolicy validation failed due to {which}.")


def check_controls(grant: Json | None, conditions: Json) -> None:
    """GraphError 400 when the grant controls don't go together, or not with the conditions."""
    if grant is None:
        return
    controls = set(grant["builtInControls"])
    others = [*grant["termsOfUse"], *grant["customAuthenticationFactors"]]
    strength = grant["authenticationStrength"] is not None
    if "block" in controls and (len(controls) > 1 or others or strength):
        raise controls_error("InvalidControls")
    if "mfa" in controls and strength:
        raise controls_error("InvalidControls")
    if UserAction.REGISTER_DEVICE in conditions["applications"]["includeUserActions"]:
        _check_registering_devices(controls, [*others], conditions)
    if "passwordChange" in controls:
        _check_password_change(grant, controls, bool(others) or strength, conditions)
    if "riskRemediation" in controls:
        _check_remediation(grant, controls, bool(others), strength, conditions)


def _check_registering_devices(controls: set[str], others: list[str], conditions: Json) -> None:
    """Only MFA or a strength is asked of whoever registers a device, whatever the client and the device (3.3.8)."""
    if controls - {"mfa"} or others:
        raise controls_error("InvalidControls")
    if conditions["clientAppTypes"] != ["all"] or conditions["devices"] or conditions["deviceStates"]:
        raise malformed(
            "A policy on registering devices takes no client types, no device filter and no device states."
        )


def _check_password_change(grant: Json, controls: set[str], more: bool, conditions: Json) -> None:
    """It goes with MFA and nothing else, under AND, at a user risk, for all resources and no other condition."""
    fits = controls <= {"passwordChange", "mfa"} and not more
    alone = len(controls) == 1
    if not fits or (not alone and grant["operator"] != "AND") or not _is_for_people_at_risk(conditions):
        raise controls_error("InvalidPasswordResetControl")
    if any(value for name, value in conditions.items() if name not in _FOR_PASSWORD_CHANGE):
        raise controls_error("InvalidPasswordResetControl")


def _check_remediation(
    grant: Json, controls: set[str], others: bool, strength: bool, conditions: Json
) -> None:
    """It goes with a strength and nothing else, under AND, at a user risk, for all resources."""
    fits = controls == {"riskRemediation"} and strength and not others and grant["operator"] == "AND"
    if not fits or not _is_for_people_at_risk(conditions):
        raise controls_error("InvalidControls")


def _is_for_people_at_risk(conditions: Json) -> bool:
    applications = conditions["applications"]
    everything = applications["includeApplications"] == ["All"] and not applications["excludeApplications"]
    return bool(conditions["userRiskLevels"]) and everything and not applications["applicationFilter"]


def check_targets(applications: Json) -> None:
    """GraphError 400 when a policy protects more than one kind of target, or an action or a context that is none."""
    actions = applications["includeUserActions"]
    contexts = applications["includeAuthenticationContextClassReferences"]
    resources = applications["includeApplications"] or applications["applicationFilter"]
    if bool(actions) + bool(contexts) + bool(resources) > 1:
        raise malformed("A policy protects resources, or user actions, or authentication contexts.")
    for action in actions:
        if action not in tuple(UserAction):
            raise malformed(f"`{action}` is no user action.")
    for context in contexts:
        if not CONTEXT.fullmatch(context):
            raise malformed(f"`{context}` is no authentication context.")


def check_device_filter(conditions: Json) -> None:
    """GraphError 400 when a device filter has no mode or no rule, or one that is too long."""
    devices = conditions["devices"]
    held = devices.get("deviceFilter") if isinstance(devices, dict) else None
    if held is None:
        return
    rule = held.get("rule") if isinstance(held, dict) else None
    if not isinstance(rule, str) or held.get("mode") not in ("include", "exclude"):
        raise malformed("A device filter needs a mode and a rule.")
    if len(rule) > MAX_LENGTH:
        raise malformed(f"The rule of a device filter has at most {MAX_LENGTH} characters.")
