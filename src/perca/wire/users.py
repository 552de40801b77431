"""Whom a policy is about: Graph's conditionalAccessUsers to and from the model.

The old word `GuestsOrExternalUsers` means all kinds of external people of all tenants, as Microsoft reads it since it has words for the
kinds (authentication-conditional-access, 05/2024); which of the two a policy says is kept.
"""

from __future__ import annotations

from perca.model import (
    ExternalKind,
    ExternalScope,
    GroupId,
    RoleId,
    Unrecognised,
    UserCondition,
    UserId,
    UserScope,
)
from perca.wire.externals import EXTERNALS, externals_json, take_externals
from perca.wire.kept import Spelling
from perca.wire.members import left_at, left_besides, names, take_entries, take_keyword, unread
from perca.wire.sides import Unclear, empty, guid, write
from perca.wire.values import JsonObject, says_nothing

USERS = names(
    "includeUsers excludeUsers includeGroups excludeGroups includeRoles excludeRoles",
    includeGuestsOrExternalUsers=EXTERNALS,
    excludeGuestsOrExternalUsers=EXTERNALS,
)
ALL_KINDS = ExternalScope(frozenset(ExternalKind))
_OLD_WORD = "GuestsOrExternalUsers"
_AGENTS = "AllAgentIdUsers"


def take_users(
    conditions: JsonObject, ids: Spelling, *, about_workloads: bool
) -> UserCondition | Unrecognised:
    """The users condition; Unrecognised where there is none, or none that can be read.

    A policy `about_workloads` may say nothing of users: it is then about none, for Graph asks for one of the two.
    """
    users, path = conditions.get("users"), "conditions.users"
    if about_workloads and says_nothing(users):
        return UserCondition()
    if not isinstance(users, dict):
        return unread(conditions, "users", path)
    either = left_besides(users, USERS, path)
    include = _user_scope(users, "include", ids, path, either)
    if include == UserScope():
        include = UserScope(unrecognised=empty(f"{path}.includeUsers"))
    return UserCondition(include, _user_scope(users, "exclude", ids, path, either))


def _user_scope(users: JsonObject, side: str, ids: Spelling, path: str, either: Unclear) -> UserScope:
    listed = f"{side}Users"
    everyone = side == "include" and take_keyword(users, listed, "All")
    nobody = side == "include" and take_keyword(users, listed, "None")
    by_word = take_keyword(users, listed, _OLD_WORD)
    agents = take_keyword(users, listed, _AGENTS)
    people = take_entries(users, listed, guid)
    groups = take_entries(users, f"{side}Groups", ids.read)
    roles = take_entries(users, f"{side}Roles", ids.read)
    left = tuple(e for kind in ("Users", "Groups", "Roles") for e in left_at(users, f"{side}{kind}", path))
    kinds, unclear = take_externals(users, f"{side}{_OLD_WORD}", path)
    if by_word:
        ids.note(_said_by_word(side), _OLD_WORD)
    return UserScope(
        everyone,
        nobody,
        tuple(map(UserId, people)),
        tuple(map(GroupId, groups)),
        tuple(map(RoleId, roles)),
        (*left, *unclear, *either),
        (*([] if kinds is None else [kinds]), *[ALL_KINDS] * by_word),
        agents,
    )


def users_json(condition: UserCondition, ids: Spelling) -> JsonObject:
    """What `take_users` took."""
    written: JsonObject = {}
    for side, scope in (("include", condition.include), ("exclude", condition.exclude)):
        by_word = ALL_KINDS in scope.externals and ids.noted(_said_by_word(side)) is not None
        words = [*["All"] * scope.everyone, *["None"] * scope.nobody]
        words += [*[_OLD_WORD] * by_word, *[_AGENTS] * scope.agents]
        write(written, f"{side}Users", [*words, *scope.users])
        write(written, f"{side}Groups", [ids.write(group) for group in scope.groups])
        write(written, f"{side}Roles", [ids.write(role) for role in scope.roles])
        for kinds in scope.externals[: len(scope.externals) - by_word]:
            written[f"{side}{_OLD_WORD}"] = externals_json(kinds)
    return written


def _said_by_word(side: str) -> str:
    """Under which key it is kept that the old word was used; no identifier is folded to it."""
    return f"{side}Users {_OLD_WORD}"
