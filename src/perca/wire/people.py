"""People, groups, role assignments, registrations: Graph resources to the model. Nothing of them is written back.

Promises that a fact which the resource doesn't carry, or that isn't of its type, is None or NotRead, never a default; only an
id can't be missing.
"""

from __future__ import annotations

from typing import TypeGuard

from perca.errors import BadInput
from perca.model import (
    Group,
    GroupId,
    NotRead,
    ObjectId,
    PerUserMfa,
    PerUserState,
    Registration,
    RoleAssignment,
    RoleId,
    User,
    UserId,
    fold,
)
from perca.wire.values import Json, JsonValue, is_word, shown

_STATES = {fold(state): state for state in PerUserState}
_NOT_MEMBERS = ("device", "servicePrincipal", "application", "orgContact", "contact")
"""Kinds of members that are neither people nor groups."""
_BLANKS = "\t\x0b\x0c\r\x1c\x1d\x1e\x1f "
"""What is blank in ASCII, but the end of a line."""


def parse_user(resource: Json) -> User:
    """A person; `perUserMfaState` may stand beside Graph's own members, as in a snapshot."""
    return User(
        id=UserId(identifier(resource, "id", "the user")),
        user_principal_name=text(resource, "userPrincipalName") or "",
        display_name=text(resource, "displayName") or "",
        per_user_mfa=parse_per_user_state(resource.get("perUserMfaState")),
        account_enabled=_flag(resource, "accountEnabled"),
        user_type=text(resource, "userType"),
        synchronised=_synchronised(resource),
        creation_type=_told(resource, "creationType"),
        issuers=_issuers(resource.get("identities")),
        is_agent=is_kind(resource, "agentUser"),
    )


def _synchronised(resource: Json) -> bool | None:
    """Graph says null of an account that never was on premises."""
    name = "onPremisesSyncEnabled"
    return False if name in resource and resource[name] is None else _flag(resource, name)


def _issuers(identities: JsonValue) -> frozenset[str] | None:
    """The issuers of a person's identities; None where one of them can't be read."""
    if not isinstance(identities, list) or not identities:
        return None
    issuers = [each.get("issuer") if isinstance(each, dict) else None for each in identities]
    told = [fold(issuer) for issuer in issuers if isinstance(issuer, str)]
    return frozenset(told) if len(told) == len(issuers) else None


def parse_per_user_state(word: JsonValue) -> PerUserMfa:
    """A per-user MFA state as beta Graph spells it; NotRead for no word, or for one that isn't known."""
    if word is None:
        return NotRead("per-user MFA state was not read")
    state = _STATES.get(fold(word)) if isinstance(word, str) else None
    return NotRead(f"per-user MFA state `{shown(word)}` is not known") if state is None else state


def parse_group(resource: Json) -> Group:
    """A group; `members` are ids, or objects with an id; those that are neither people nor groups are left out.

    A group without `members`, or with only the first page of them, has members that were not read. `otherMembers`, where a
    snapshot lists devices and the like, are none of ours.
    """
    return Group(
        id=GroupId(identifier(resource, "id", "the group")),
        display_name=text(resource, "displayName") or "",
        members=_members(resource),
        role_assignable=_flag(resource, "isAssignableToRole"),
        membership_rule=text(resource, "membershipRule"),
        owners=_owners(resource),
    )


def _owners(resource: Json) -> frozenset[ObjectId] | NotRead:
    """The owners, applications among them; NotRead where they aren't there, or aren't all there."""
    owners = resource.get("owners")
    if owners is None or resource.get("owners@odata.nextLink"):
        return NotRead(
            "owners were not given" if owners is None else "only the first page of owners was given"
        )
    if not isinstance(owners, list):
        raise BadInput("`owners` of a group is no list", "a list of ids is needed; leave it out if unknown")
    ids = [
        each if isinstance(each, str) else each.get("id") if isinstance(each, dict) else None
        for each in owners
    ]
    if not all(isinstance(each, str) and fold(each) for each in ids):
        raise BadInput("an owner of a group is no id", "a list of ids is needed")
    return frozenset(ObjectId(fold(each)) for each in ids if isinstance(each, str))


def _members(resource: Json) -> frozenset[ObjectId] | NotRead:
    members = resource.get("members")
    if members is None:
        return NotRead("members were not given")
    if not isinstance(members, list):
        raise BadInput("`members` of a group is no list", "a list of ids is needed; leave it out if unknown")
    if resource.get("members@odata.nextLink"):
        return NotRead("only the first page of the members was given")
    if _are_folded(members):
        return frozenset(members)
    ids = [_member(member) for member in members]
    return frozenset(ObjectId(each) for each in ids if each is not None)


def _are_folded(members: list[JsonValue]) -> TypeGuard[list[ObjectId]]:
    """Whether all are ids that folding leaves as they are: asked of thousands at once, for one by one takes longer than to read them."""
    try:
        text = "\n".join(members)  # type: ignore[arg-type]  # what is no text raises TypeError
    except TypeError:
        return False
    plain = text.isascii() and text == text.lower() and not any(blank in text for blank in _BLANKS)
    return plain and text.count("\n") == len(members) - 1 and all(members)


def _member(member: JsonValue) -> str | None:
    if isinstance(member, str) and fold(member):
        return fold(member)
    if not isinstance(member, dict):
        raise BadInput(f"a member `{shown(member)}` of a group is no id", "a list of ids is needed")
    other = any(is_kind(member, kind) for kind in _NOT_MEMBERS)
    return None if other else identifier(member, "id", "a member of a group")


def parse_role_assignment(resource: Json) -> RoleAssignment:
    """An assignment; for built-in roles `roleDefinitionId` is the template id that policies name."""
    return RoleAssignment(
        principal=ObjectId(identifier(resource, "principalId", "the role assignment")),
        role=RoleId(identifier(resource, "roleDefinitionId", "the role assignment")),
        scope=identifier(resource, "directoryScopeId", "the role assignment"),
    )


def parse_registration(resource: Json) -> Registration:
    """A row of userRegistrationDetails."""
    methods = resource.get("methodsRegistered")
    return Registration(
        user=UserId(identifier(resource, "id", "the registration")),
        is_mfa_registered=_flag(resource, "isMfaRegistered"),
        is_mfa_capable=_flag(resource, "isMfaCapable"),
        methods=tuple(m for m in methods if isinstance(m, str)) if isinstance(methods, list) else (),
    )


def identifier(resource: Json, name: str, what: str) -> str:
    """The member as a folded identifier; raises BadInput when it isn't there."""
    value = resource.get(name)
    folded = fold(value) if isinstance(value, str) else ""
    if not folded:
        raise BadInput(f"{what} has no `{name}`", "every entry needs one")
    return folded


def text(resource: Json, name: str) -> str | None:
    """The member if it is a text that isn't empty."""
    value = resource.get(name)
    return value if isinstance(value, str) and value else None


def _told(resource: Json, name: str) -> str | None:
    """The text, empty where the resource says null; None where it doesn't say, or says something else."""
    value = resource.get(name)
    return value if isinstance(value, str) else "" if value is None and name in resource else None


def is_kind(resource: Json, kind: str) -> bool:
    """Whether the resource says that it is of that kind."""
    told = resource.get("@odata.type")
    return told is not None and is_word(told, fold(f"#microsoft.graph.{kind}"))


def _flag(resource: Json, name: str) -> bool | None:
    value = resource.get(name)
    return value if isinstance(value, bool) else None
