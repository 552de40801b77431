"""Authentication strengths: the three built-in ones, and custom ones.

Source: FACTS.md 10.4 and 14.4.6. The same strengths stand at two paths.
"""

from __future__ import annotations

from collections.abc import Mapping

from perca.tenant.api import shapes
from perca.tenant.api.collections import Collection
from perca.tenant.api.exchange import Answer, Ask, Route, answer_with
from perca.tenant.api.host import Host
from perca.tenant.errors import malformed
from perca.tenant.json import Json
from perca.tenant.time import written

STRENGTHS = Collection(
    "strengths",
    "/identity/conditionalAccess/authenticationStrength/policies",
    "identity/conditionalAccess/authenticationStrength/policies",
    shapes.STRENGTH,
    shapes.STRENGTH_FILTER,
)
STRENGTHS_OLD = Collection(
    "strengths",
    "/policies/authenticationStrengthPolicies",
    "policies/authenticationStrengthPolicies",
    shapes.STRENGTH,
    shapes.STRENGTH_FILTER,
)
MAX_STRENGTHS = 15


def create_strength(host: Host, ask: Ask, _: Mapping[str, str]) -> Answer:
    """Stores a new custom authentication strength."""
    sent = ask.object()
    with host.store.writing() as now:
        custom = [strength for strength in now.all("strengths") if strength.get("policyType") != "builtIn"]
        if len(custom) >= MAX_STRENGTHS:
            raise malformed(
                f"The tenant has reached the maximum of {MAX_STRENGTHS} custom authentication strengths."
            )
        strength = new_strength(now.guid(), written(now.now), sent)
        now.put("strengths", strength["id"], strength, strength["displayName"])
    context = ask.context(f"{STRENGTHS.context}/$entity")
    return answer_with({"@odata.context": context, **strength}, 201)


def new_strength(id: str, at: str, sent: Json) -> Json:
    """A custom strength as it is stored. GraphError 400 when it is none."""
    combinations = sent.get("allowedCombinations")
    if not isinstance(combinations, list) or not all(isinstance(entry, str) for entry in combinations):
        raise malformed("An authentication strength needs allowedCombinations.")
    if not isinstance(sent.get("displayName"), str):
        raise malformed("An authentication strength needs a displayName.")
    return {
        "id": id,
        "createdDateTime": at,
        "modifiedDateTime": at,
        "displayName": sent["displayName"],
        "description": sent.get("description") or "",
        "policyType": "custom",
        "requirementsSatisfied": "mfa",
        "allowedCombinations": combinations,
        "combinationConfigurations": [],
    }


ROUTES = (
    *STRENGTHS.routes(),
    Route("POST", STRENGTHS.path, create_strength),
    *STRENGTHS_OLD.routes(),
)
