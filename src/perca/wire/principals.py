"""Service principals: the applications of a tenant, with their owner and their custom security attributes, from Graph to the model.

Promises that attributes which a reader wasn't shown are NotRead, never none. Only texts are read: policies can't name attributes of
another type (concept-filter-for-applications, 03/2026).
"""

from __future__ import annotations

from collections.abc import Iterator

from perca.model import AGENT, AppId, Application, NotRead, TenantId, fold
from perca.wire.people import is_kind, text
from perca.wire.values import Json, JsonObject, JsonValue, is_metadata


def parse_application(principal: Json) -> tuple[AppId, Application] | None:
    """The application by its appId; None for a service principal without one."""
    app = _id(principal, "appId")
    if app is None:
        return None
    owner, own = _id(principal, "appOwnerOrganizationId"), _id(principal, "id")
    return AppId(app), Application(
        text(principal, "displayName") or "",
        None if owner is None else TenantId(owner),
        None if own is None else AppId(own),
        parse_attributes(principal.get("customSecurityAttributes")),
        AGENT if is_kind(principal, "agentIdentity") else text(principal, "servicePrincipalType"),
        text(principal, "signInAudience"),
    )


def parse_attributes(sets: JsonValue) -> frozenset[tuple[str, str | frozenset[str]]] | NotRead:
    """`customSecurityAttributes`: each attribute as `Set_Attribute` with its text or its texts; null is what Graph says to who may not see them."""
    if not isinstance(sets, dict):
        return NotRead("custom security attributes were not read")
    return frozenset(
        entry for name, held in sets.items() if isinstance(held, dict) for entry in _of_set(name, held)
    )


def _of_set(name: str, held: JsonObject) -> Iterator[tuple[str, str | frozenset[str]]]:
    for attribute, value in held.items():
        if is_metadata(attribute):
            continue
        if isinstance(value, str):
            yield f"{name}_{attribute}", value
        elif isinstance(value, list) and value and all(isinstance(each, str) for each in value):
            yield f"{name}_{attribute}", frozenset(map(str, value))


def _id(principal: Json, name: str) -> str | None:
    value = principal.get(name)
    return fold(value) if isinstance(value, str) and fold(value) else None
