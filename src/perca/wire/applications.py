"""What a policy protects: Graph's conditionalAccessApplications to and from the model.

A policy protects resources, or user actions, or authentication contexts: the service accepts no other (FACTS.md 14.2.1). One that names
several is read as a policy on resources, and what it names besides may mean any resource. A word among the actions or the
contexts that isn't known means no resource, whatever it means.
"""

from __future__ import annotations

from perca.model import (
    AppGroup,
    AppId,
    ApplicationCondition,
    ApplicationScope,
    ContextId,
    Filter,
    FilterMode,
    Unrecognised,
    UserAction,
    fold,
    is_context,
)
from perca.wire.filters import FILTER, SECURITY_ATTRIBUTES, filter_json, take_filter
from perca.wire.lists import in_order
from perca.wire.members import left_at, left_besides, names, take_entries, take_keyword, unread
from perca.wire.sides import Unclear, empty, guid, write
from perca.wire.values import JsonObject, says_nothing

_ACTIONS, _CONTEXTS = "includeUserActions", "includeAuthenticationContextClassReferences"
_ELSE = (_ACTIONS, _CONTEXTS, "networkAccess", "globalSecureAccess")
APPLICATIONS = names(f"includeApplications excludeApplications {' '.join(_ELSE)}", applicationFilter=FILTER)
_GROUPS = {fold(group): group for group in AppGroup}
_ACTION_WORDS = {fold(action): action for action in UserAction}
_MODES = {fold(mode) for mode in FilterMode}


def take_applications(conditions: JsonObject) -> ApplicationCondition | Unrecognised:
    """The applications condition; Unrecognised where there is none, or none that can be read."""
    apps, path = conditions.get("applications"), "conditions.applications"
    if not isinstance(apps, dict):
        return unread(conditions, "applications", path)
    either = left_besides(apps, APPLICATIONS, path)
    said = [name for name in APPLICATIONS if not says_nothing(apps.get(name))]
    if said == [_ACTIONS] and not either:
        actions = take_entries(apps, _ACTIONS, lambda text: _ACTION_WORDS.get(fold(text)))
        others = left_at(apps, _ACTIONS, path)
        return ApplicationCondition(actions=frozenset(actions), unrecognised_actions=others)
    if said == [_CONTEXTS] and not either:
        contexts = take_entries(apps, _CONTEXTS, _context)
        others = left_at(apps, _CONTEXTS, path)
        return ApplicationCondition(contexts=frozenset(contexts), unrecognised_contexts=others)
    return _take_resources(apps, path, either)


def _context(text: str) -> ContextId | None:
    return ContextId(fold(text)) if is_context(text) else None


def _take_resources(apps: JsonObject, path: str, either: Unclear) -> ApplicationCondition:
    found = take_filter(apps, "applicationFilter", path, SECURITY_ATTRIBUTES)
    beside = tuple(entry for name in _ELSE for entry in left_at(apps, name, path))
    mode = _mode(apps, found)
    include = _take_scope(apps, "include", path, (*beside, *either), found if mode != "exclude" else None)
    exclude = _take_scope(apps, "exclude", path, either, found if mode != "include" else None)
    if include == ApplicationScope():
        include = ApplicationScope(unrecognised=empty(f"{path}.includeApplications"))
    return ApplicationCondition(include, exclude)


def _mode(apps: JsonObject, found: Filter | Unrecognised | None) -> str | None:
    """The side on which a filter acts; None for both, where it doesn't say."""
    if isinstance(found, Filter):
        return found.mode
    value = apps.get("applicationFilter")
    mode = value.get("mode") if isinstance(value, dict) else None
    return fold(mode) if isinstance(mode, str) and fold(mode) in _MODES else None


def _take_scope(
    apps: JsonObject, side: str, path: str, unclear: Unclear, found: Filter | Unrecognised | None
) -> ApplicationScope:
    name = f"{side}Applications"
    everything = side == "include" and take_keyword(apps, name, "All")
    nothing = side == "include" and take_keyword(apps, name, "None")
    groups = take_entries(apps, name, lambda text: _GROUPS.get(fold(text)))
    ids = take_entries(apps, name, guid)
    left = left_at(apps, name, path)
    return ApplicationScope(
        everything,
        nothing,
        tuple(map(AppId, ids)),
        (*left, *([found] if isinstance(found, Unrecognised) else []), *unclear),
        frozenset(groups),
        found if isinstance(found, Filter) else None,
    )


def applications_json(condition: ApplicationCondition) -> JsonObject:
    """What `take_applications` took."""
    written: JsonObject = {}
    for side, scope in (("include", condition.include), ("exclude", condition.exclude)):
        words = [*["All"] * scope.everything, *["None"] * scope.nothing, *in_order(scope.groups, AppGroup)]
        write(written, f"{side}Applications", [*words, *scope.apps])
        if scope.filter is not None:
            written["applicationFilter"] = filter_json(scope.filter)
    write(written, _ACTIONS, in_order(condition.actions, UserAction))
    write(written, _CONTEXTS, sorted(condition.contexts, key=lambda context: int(context[1:])))
    return written
