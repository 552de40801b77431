"""Who owns a group, as it is stored: one document a group, with the owners' ids and the kinds of their documents."""

from __future__ import annotations

from collections.abc import Iterable

from perca.tenant.json import Json
from perca.tenant.records import Reading


def owners_document(group: str, owners: Iterable[tuple[str, str]]) -> Json:
    """The document; each owner is an id with its kind."""
    return {"id": group, "owners": [{"id": id, "kind": kind} for id, kind in owners]}


def owners_of(now: Reading, group: str) -> list[tuple[str, str, Json]]:
    """Id, kind and document of those owners that are still there, by id."""
    stored = (now.get("owners", group) or {}).get("owners", ())
    found = ((each["id"], each["kind"], now.get(each["kind"], each["id"])) for each in stored)
    return sorted(((id, kind, body) for id, kind, body in found if body is not None), key=lambda row: row[0])
