"""What the things of a tenant are called: people, groups, roles and so on by name, and names by thing.

A snapshot is read for this as it is, so that collections which nothing else reads (`roleDefinitions`, `agreements`) give names too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from perca.model import fold
from perca.wire.values import JsonObject, JsonValue


class Thing(StrEnum):
    """What an id in a policy may stand for; the word is the member that holds its name."""

    USER = "user"
    GROUP = "group"
    ROLE = "role"
    APPLICATION = "application"
    SERVICE_PRINCIPAL = "servicePrincipal"
    LOCATION = "location"
    STRENGTH = "strength"
    TERMS = "terms"


_HELD: tuple[tuple[Thing, str, str, str], ...] = (
    (Thing.USER, "users", "id", "userPrincipalName"),
    (Thing.GROUP, "groups", "id", "displayName"),
    (Thing.ROLE, "roleDefinitions", "id", "displayName"),
    (Thing.APPLICATION, "servicePrincipals", "appId", "displayName"),
    (Thing.SERVICE_PRINCIPAL, "servicePrincipals", "id", "displayName"),
    (Thing.LOCATION, "namedLocations", "id", "displayName"),
    (Thing.STRENGTH, "authenticationStrengths", "id", "displayName"),
    (Thing.TERMS, "agreements", "id", "displayName"),
)
"""Where a snapshot holds them: collection, id, name."""


@dataclass(frozen=True, slots=True)
class Names:
    """The names of a tenant's things. `elsewhere` holds applications of other organisations: their ids are the same in every tenant."""

    names: Mapping[Thing, Mapping[str, str]]
    ids: Mapping[Thing, Mapping[str, tuple[str, ...]]]
    elsewhere: frozenset[str] = frozenset()

    def holds(self, thing: Thing, id: str) -> bool:
        """Whether the tenant holds a thing of that id, which is folded."""
        return id in self.names[thing]

    def name(self, thing: Thing, id: str) -> str:
        """Its name; empty where it has none."""
        return self.names[thing].get(id, "")

    def called(self, thing: Thing, name: str) -> tuple[str, ...]:
        """The ids of all things of that kind that are called so."""
        return self.ids[thing].get(_key(thing, name), ())


def names_in(snapshot: JsonValue, well_known: Mapping[Thing, Mapping[str, str]] | None = None) -> Names:
    """The names that a snapshot gives; of what is `well_known`, the name by which the snapshot calls it counts."""
    held = snapshot if isinstance(snapshot, dict) else {}
    known = well_known or {}
    names: dict[Thing, dict[str, str]] = {thing: {**known.get(thing, {})} for thing in Thing}
    for thing, collection, id, name in _HELD:
        for resource in _resources(held, collection):
            if found := fold(_text(resource, id)):
                names[thing][found] = _text(resource, name) or names[thing].get(found, "")
    return Names(names, {thing: _by_name(thing, names[thing]) for thing in Thing}, _elsewhere(held))


def _by_name(thing: Thing, names: Mapping[str, str]) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for id, name in names.items():
        if name:
            key = _key(thing, name)
            found[key] = (*found.get(key, ()), id)
    return found


def _key(thing: Thing, name: str) -> str:
    """Names compare as they are; user principal names without regard to case."""
    return fold(name) if thing is Thing.USER else name


def _elsewhere(snapshot: JsonObject) -> frozenset[str]:
    tenant = fold(_text(snapshot, "tenantId"))
    return frozenset(
        fold(_text(each, "appId"))
        for each in _resources(snapshot, "servicePrincipals")
        if tenant and fold(_text(each, "appOwnerOrganizationId")) not in ("", tenant)
    )


def _resources(snapshot: JsonObject, name: str) -> Iterator[JsonObject]:
    found = next((value for key, value in snapshot.items() if key.lower() == name.lower()), None)
    yield from (each for each in found if isinstance(each, dict)) if isinstance(found, list) else ()


def _text(resource: JsonObject, name: str) -> str:
    value = resource.get(name)
    return value if isinstance(value, str) else ""
