"""Conditional Access policies as Graph resources.

Source: FACTS.md sections 3 and 14.4. A change is seen by the sign-in service after the policy lag; these routes show it at
once, as Graph does. PATCH replaces the members that are sent and keeps the others.
"""

from __future__ import annotations

from collections.abc import Mapping

from perca.tenant.api import shapes
from perca.tenant.api.collections import Collection, chosen, dated, held
from perca.tenant.api.exchange import NO_CONTENT, Answer, Ask, Route, answer_with
from perca.tenant.api.host import Host
from perca.tenant.api.odata import ITEM_OPTIONS, LIST_OPTIONS, cut, item, options, page
from perca.tenant.errors import malformed, not_found
from perca.tenant.json import Json, dumps, load_object
from perca.tenant.records import Reading
from perca.tenant.time import written
from perca.tenant.validity import Checker, known

ROOT = "/identity/conditionalAccess"
POLICIES = Collection(
    "policies",
    f"{ROOT}/policies",
    "identity/conditionalAccess/policies",
    shapes.POLICY,
    shapes.POLICY_FILTER,
    default=999,
)


def list_policies(host: Host, ask: Ask, _: Mapping[str, str]) -> Answer:
    """A page of policies, strengths written out."""
    wanted = options(ask, shapes.POLICY, LIST_OPTIONS, default=999, most=999, cap=host.switches.page_size)
    with host.store.reading() as now:
        rows, count = POLICIES.rows(now, wanted)
        kept, after = cut(rows, wanted.top, lambda row: str(row[0]))
        bodies = [written_out(now, ask, load_object(body)) for _, body in kept]
    items = [dumps(chosen(body, shapes.POLICY, wanted.select)) for body in bodies]
    return page(ask, POLICIES.context, items, after, count)


def show_policy(host: Host, ask: Ask, values: Mapping[str, str]) -> Answer:
    """One policy."""
    wanted = options(ask, shapes.POLICY, ITEM_OPTIONS, default=1, most=1, cap=None)
    with host.store.reading() as now:
        body = written_out(now, ask, held(now, "policies", values["id"]))
    return item(ask, POLICIES.context, chosen(body, shapes.POLICY, wanted.select))


def written_out(now: Reading, ask: Ask, policy: Json) -> Json:
    """The policy as this version shows it, with its strength whole (FACTS.md 14.4.7)."""
    shown = dict(policy)
    if ask.version == "v1.0":
        shown.pop("partialEnablementStrategy", None)
        shown["conditions"] = {k: v for k, v in policy["conditions"].items() if k != "deviceStates" or v}
    grant = policy.get("grantControls")
    if grant is not None and grant.get("authenticationStrength"):
        strength = now.get("strengths", grant["authenticationStrength"]["id"])
        place = f"identity/conditionalAccess/policies('{policy['id']}')/grantControls/authenticationStrength/$entity"
        shown["grantControls"] = {
            **{name: value for name, value in grant.items() if name != "authenticationStrength"},
            "authenticationStrength@odata.context": ask.context(place),
            "authenticationStrength": strength or grant["authenticationStrength"],
        }
    return shown


def create_policy(host: Host, ask: Ask, _: Mapping[str, str]) -> Answer:
    """Stores a new policy, if it is one that the service takes."""
    sent = ask.object()
    with host.store.writing() as now:
        checked = Checker(now).policy(sent)
        if now.count("policies") >= host.switches.policies:
            # The service's own words at the cap are not known; these are ours.
            raise malformed(
                f"The tenant has reached the maximum of {host.switches.policies} Conditional Access policies."
            )
        policy = dated(now.guid(), written(now.now), checked)
        now.put("policies", policy["id"], policy, policy["displayName"])
        shown = written_out(now, ask, policy)
    return answer_with({"@odata.context": ask.context(f"{POLICIES.context}/$entity"), **shown}, 201)


def change_policy(host: Host, ask: Ask, values: Mapping[str, str]) -> Answer:
    """Changes a policy: sent members replace, conditions one by one."""
    sent = ask.object()
    with host.store.writing() as now:
        policy = held(now, "policies", values["id"])
        known(sent)
        conditions = sent.get("conditions")
        merged = {**policy, **sent}
        if isinstance(conditions, dict):
            merged["conditions"] = {**policy["conditions"], **conditions}
        # What an import kept although the schema doesn't know it stays.
        checked = Checker(now, strict=False).policy(merged)
        fixed = {name: policy[name] for name in ("id", "createdDateTime", "deletedDateTime")}
        changed = {**fixed, "modifiedDateTime": written(now.now), **checked}
        now.put("policies", policy["id"], changed, changed["displayName"])
    return NO_CONTENT


def delete_policy(host: Host, ask: Ask, values: Mapping[str, str]) -> Answer:
    """Deletes a policy."""
    with host.store.writing() as now:
        if not now.remove("policies", values["id"]):
            raise not_found(values["id"])
    return NO_CONTENT


ROUTES = (
    Route("GET", POLICIES.path, list_policies),
    Route("POST", POLICIES.path, create_policy),
    Route("GET", f"{POLICIES.path}/{{id}}", show_policy),
    Route("PATCH", f"{POLICIES.path}/{{id}}", change_policy),
    Route("DELETE", f"{POLICIES.path}/{{id}}", delete_policy),
)
