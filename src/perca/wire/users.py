"""Whom a policy is about: Graph's conditionalAccessUsers to and from the model."""

from __future__ import annotations

from perca.model import GroupId, RoleId, Unrecognised, UserCondition, UserId, UserScope
from perca.wire.kept import Spelling
from perca.wire.members import left_at, left_besides, names, take_entries, take_keyword, unread
from perca.wire.sides import Unclear, empty, guid, write
from perca.wire.values import JsonObject

USERS = names(
    "includeUsers excludeUsers includeGroups excludeGroups includeRoles excludeRoles "
    "includeGuestsOrExternalUsers excludeGuestsOrExternalUsers"
)


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
        write(written, f"{side}Users", [*words, *scope.users])
        write(written, f"{side}Groups", [ids.write(group) for group in scope.groups])
        write(written, f"{side}Roles", [ids.write(role) for role in scope.roles])
    return written
