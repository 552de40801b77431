"""A snapshot's JSON as an embedded tenant, document for document, with the ids it has: for asking the served What-If about it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from perca.tenant import Store

Json = dict[str, Any]

_AS_THEY_ARE = {
    "users": "userPrincipalName",
    "registrations": None,
    "namedLocations": "displayName",
    "authenticationStrengths": "displayName",
    "servicePrincipals": "appId",
    "policies": "displayName",
}
_KINDS = {"authenticationStrengths": "strengths"}


def stored(snapshot: Json, path: Path) -> Store:
    """The embedded tenant that holds what the snapshot says, in a new file."""
    store = Store.create(path, number=7)
    with store.writing() as now:
        if "tenantId" in snapshot:
            now.set_setting("tenantId", snapshot["tenantId"])
        for name, key in _AS_THEY_ARE.items():
            for body in snapshot.get(name, []):
                whole = {"displayName": "", **body}
                now.put(_KINDS.get(name, name), body["id"].casefold(), whole, whole.get(key or ""))
        for number, row in enumerate(snapshot.get("roleAssignments", [])):
            now.put("roleAssignments", f"assignment-{number}", {"id": f"assignment-{number}", **row})
        for group in snapshot.get("groups", []):
            body = {name: value for name, value in group.items() if name != "members"}
            now.put("groups", group["id"].casefold(), {"displayName": "", **body})
            people = {user["id"] for user in snapshot.get("users", [])}
            for member in group.get("members", []):
                now.join(group["id"].casefold(), member.casefold(), "users" if member in people else "groups")
        settings = snapshot.get("mfaSettings", {})
        now.put("mfaSettings", "mfaSettings", {"id": "mfaSettings", **settings})
    return store
