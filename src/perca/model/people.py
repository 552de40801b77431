"""Who is in a tenant: people, groups with nesting, role assignments with their scope, registrations of MFA methods."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from perca.model.ids import GroupId, ObjectId, RoleId, UserId
from perca.model.unknown import NotRead


class PerUserState(StrEnum):
    """A person's per-user MFA state, as beta Graph spells `perUserMfaState`."""

    DISABLED = "disabled"
    ENABLED = "enabled"
    ENFORCED = "enforced"


PerUserMfa = PerUserState | NotRead


@dataclass(frozen=True, slots=True)
class User:
    """A person's account. A fact that the source didn't carry is None; a per-user state that wasn't read is NotRead."""

    id: UserId
    user_principal_name: str
    display_name: str = ""
    per_user_mfa: PerUserMfa = NotRead("per-user MFA state was not read")
    account_enabled: bool | None = None
    user_type: str | None = None
    """`Member` or `Guest`, as Graph spells it."""
    synchronised: bool | None = None
    creation_type: str | None = None
    """`Invitation` for people who were invited, empty where it says null; None where the source didn't say."""
    is_agent: bool = False
    """Whether the account is an agent's, and so no person's."""
    issuers: frozenset[str] | None = None
    """Who vouches for the person, folded, as Graph's `identities` name it: `externalazuread`, `mail`; None where it isn't said."""

    @property
    def is_guest(self) -> bool | None:
        """Whether the account is a guest; None when the source didn't say."""
        return None if self.user_type is None else self.user_type.casefold() == "guest"


@dataclass(frozen=True, slots=True)
class Group:
    """A group and its direct members; `unsettled` are people who may or may not be members just now."""

    id: GroupId
    display_name: str = ""
    members: frozenset[ObjectId] | NotRead = frozenset()
    unsettled: frozenset[ObjectId] = frozenset()
    role_assignable: bool | None = None
    membership_rule: str | None = None
    owners: frozenset[ObjectId] | NotRead = NotRead("owners were not given")


TENANT_SCOPE = "/"


@dataclass(frozen=True, slots=True)
class RoleAssignment:
    """An active assignment of a built-in role to a person or a group; only those at `TENANT_SCOPE` count for policies."""

    principal: ObjectId
    role: RoleId
    scope: str = TENANT_SCOPE


@dataclass(frozen=True, slots=True)
class Registration:
    """A row of Graph's userRegistrationDetails; None where the row didn't say."""

    user: UserId
    is_mfa_registered: bool | None = None
    is_mfa_capable: bool | None = None
    methods: tuple[str, ...] = ()
