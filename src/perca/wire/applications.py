"""What a policy protects: Graph's conditionalAccessApplications to and from the model."""

from __future__ import annotations

from perca.model import AppId, ApplicationCondition, ApplicationScope, Unrecognised, fold
from perca.wire.members import left_at, left_besides, names, take_entries, take_keyword, unread
from perca.wire.sides import Unclear, empty, guid, write
from perca.wire.values import JsonObject, JsonValue, says_nothing, shown

APPLICATIONS = names(
    "includeApplications excludeApplications includeUserActions includeAuthenticationContextClassReferences "
    "networkAccess globalSecureAccess",
    applicationFilter=names("mode rule"),
)
_RESOURCES_BESIDE_IDS = (
    "includeUserActions",
    "includeAuthenticationContextClassReferences",
    "networkAccess",
    "globalSecureAccess",
)


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
        write(written, f"{side}Applications", [*words, *scope.apps])
    return written
