"""Whom a policy is about, what it protects and where: the conditions with an include and an exclude side.

Source: FACTS of Graph's conditionalAccessUsers, -Applications and -Locations. What isn't recognised stands on the side where it
would act; what might act on either side stands on both, so that the condition is unknown wherever it matters. A keyword for
everything is read on the include side only: Graph documents none for the other.
"""

from __future__ import annotations

from perca.model import (
    AppId,
    ApplicationCondition,
    ApplicationScope,
    GroupId,
    LocationCondition,
    LocationId,
    LocationScope,
    RoleId,
    Unrecognised,
    UserCondition,
    UserId,
    UserScope,
    fold,
    is_guid,
)
from perca.wire.kept import Spelling
from perca.wire.members import left_at, left_besides, names, take_entries, take_keyword, unread
from perca.wire.values import JsonObject, JsonValue, says_nothing, shown

Unclear = tuple[Unrecognised, ...]

USERS = names(
    "includeUsers excludeUsers includeGroups excludeGroups includeRoles excludeRoles "
    "includeGuestsOrExternalUsers excludeGuestsOrExternalUsers"
)
APPLICATIONS = names(
    "includeApplications excludeApplications includeUserActions includeAuthenticationContextClassReferences "
    "networkAccess globalSecureAccess",
    applicationFilter=names("mode rule"),
)
LOCATIONS = names("includeLocations excludeLocations")
_RESOURCES_BESIDE_IDS = (
    "includeUserActions",
    "includeAuthenticationContextClassReferences",
    "networkAccess",
    "globalSecureAccess",
)


def guid(text: str) -> str | None:
    """The folded GUID; None for anything else, which might be a name for anybody."""
    return fold(text) if is_guid(text) else None


def empty(where: str) -> Unclear:
    """A side that includes nothing: Graph refuses that, so we don't know what was meant."""
    return (Unrecognised(where, "empty"),)


def take_users(conditions: JsonObject, ids: Spelling) -> UserCondition | Unrecognised:
    """The users condition; Unrecognised where there is none, or none that can be read."""
    users, path = conditions.get("users"), "conditions.users"
    if not isinstance(users, dict):
        return unread(conditions, "users", path)
    either = left_besides(users, USERS, path)
    include = _user_scope(users, "include", ids, path, either)
    if include == UserScope():
        include = UserScope(unrecognised=empty(f"{path}.includeUsers"))
    return UserCondition(include, _user_scope(users, "exclude", ids, path, either))


def _user_scope(users: JsonObject, side: str, ids: Spelling, path: str, either: Unclear) -> UserScope:
    everyone = side == "include" and take_keyword(users, "includeUsers", "All")
    nobody = side == "include" and take_keyword(users, "includeUsers", "None")
    people = take_entries(users, f"{side}Users", guid)
    groups = take_entries(users, f"{side}Groups", ids.read)
    roles = take_entries(users, f"{side}Roles", ids.read)
    kinds = ("Users", "Groups", "Roles", "GuestsOrExternalUsers")
    left = tuple(entry for kind in kinds for entry in left_at(users, f"{side}{kind}", path))
    return UserScope(
        everyone,
        nobody,
        tuple(map(UserId, people)),
        tuple(map(GroupId, groups)),
        tuple(map(RoleId, roles)),
        (*left, *either),
    )


def users_json(condition: UserCondition, ids: Spelling) -> JsonObject:
    """What `take_users` took."""
    written: JsonObject = {}
    for side, scope in (("include", condition.include), ("exclude", condition.exclude)):
        words = [*["All"] * scope.everyone, *["None"] * scope.nobody]
        _write(written, f"{side}Users", [*words, *scope.users])
        _write(written, f"{side}Groups", [ids.write(group) for group in scope.groups])
        _write(written, f"{side}Roles", [ids.write(role) for role in scope.roles])
    return written


def take_applications(conditions: JsonObject) -> ApplicationCondition | Unrecognised:
    """The applications condition; Unrecognised where there is none, or none that can be read."""
    apps, path = conditions.get("applications"), "conditions.applications"
    if not isinstance(apps, dict):
        return unread(conditions, "applications", path)
    either = left_besides(apps, APPLICATIONS, path)
    filter_in, filter_out = _filter_sides(apps.get("applicationFilter"), f"{path}.applicationFilter")
    beside = tuple(entry for name in _RESOURCES_BESIDE_IDS for entry in left_at(apps, name, path))
    include = _application_scope(apps, "include", path, (*beside, *filter_in, *either))
    if include == ApplicationScope():
        include = ApplicationScope(unrecognised=empty(f"{path}.includeApplications"))
    return ApplicationCondition(include, _application_scope(apps, "exclude", path, (*filter_out, *either)))


def _filter_sides(value: JsonValue, where: str) -> tuple[Unclear, Unclear]:
    if says_nothing(value):
        return (), ()
    found = (Unrecognised(where, shown(value)),)
    mode = value.get("mode") if isinstance(value, dict) else None
    match fold(mode) if isinstance(mode, str) else None:
        case "include":
            return found, ()
        case "exclude":
            return (), found
    return found, found


def _application_scope(apps: JsonObject, side: str, path: str, unclear: Unclear) -> ApplicationScope:
    name = f"{side}Applications"
    everything = side == "include" and take_keyword(apps, name, "All")
    nothing = side == "include" and take_keyword(apps, name, "None")
    ids = take_entries(apps, name, guid)
    return ApplicationScope(
        everything, nothing, tuple(map(AppId, ids)), (*left_at(apps, name, path), *unclear)
    )


def applications_json(condition: ApplicationCondition) -> JsonObject:
    """What `take_applications` took."""
    written: JsonObject = {}
    for side, scope in (("include", condition.include), ("exclude", condition.exclude)):
        words = [*["All"] * scope.everything, *["None"] * scope.nothing]
        _write(written, f"{side}Applications", [*words, *scope.apps])
    return written


def take_locations(conditions: JsonObject, ids: Spelling) -> LocationCondition | None:
    """The locations condition; None where the policy says nothing of places."""
    places, path = conditions.get("locations"), "conditions.locations"
    if says_nothing(places):
        return None
    if not isinstance(places, dict):
        return LocationCondition(LocationScope(unrecognised=(unread(conditions, "locations", path),)))
    either = left_besides(places, LOCATIONS, path)
    include = _location_scope(places, "include", ids, either)
    if include == LocationScope():
        include = LocationScope(unrecognised=empty(f"{path}.includeLocations"))
    return LocationCondition(include, _location_scope(places, "exclude", ids, either))


def _location_scope(places: JsonObject, side: str, ids: Spelling, either: Unclear) -> LocationScope:
    name = f"{side}Locations"
    anywhere = side == "include" and take_keyword(places, name, "All")
    trusted = take_keyword(places, name, "AllTrusted")
    named = take_entries(places, name, lambda text: None if fold(text) == "all" else ids.read(text))
    left = left_at(places, name, "conditions.locations")
    return LocationScope(anywhere, trusted, tuple(map(LocationId, named)), (*left, *either))


def locations_json(condition: LocationCondition, ids: Spelling) -> JsonObject:
    """What `take_locations` took."""
    written: JsonObject = {}
    for side, scope in (("include", condition.include), ("exclude", condition.exclude)):
        words = [*["All"] * scope.anywhere, *["AllTrusted"] * scope.all_trusted]
        _write(written, f"{side}Locations", [*words, *map(ids.write, scope.locations)])
    return written


def _write(written: JsonObject, name: str, entries: list[str]) -> None:
    if entries:
        written[name] = [*entries]
