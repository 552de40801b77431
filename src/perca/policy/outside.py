"""Who somebody is as somebody from outside: which kinds of guests or external people, and where at home.

Source: authentication-conditional-access (05/2024) and concept-conditional-access-users-groups (01/2024), FACTS.md 3.2. What a sign-in
says of the person wins over the directory. Who was invited is a B2B collaboration guest or member, by `userType`; a guest who wasn't
is a local one. Promises that a fact nobody told leaves every kind open that it could decide.
"""

from __future__ import annotations

from dataclasses import dataclass

from perca.model import External, ExternalKind, Tenant, TenantId, User, fold
from perca.policy.coordinates import Principal

Kinds = frozenset[ExternalKind]
"""The kinds that somebody is of at once; none for the tenant's own people."""

OWN: Kinds = frozenset()
LOCAL: Kinds = frozenset({ExternalKind.INTERNAL_GUEST})
_GUEST: Kinds = frozenset({ExternalKind.COLLABORATION_GUEST})
_MEMBER: Kinds = frozenset({ExternalKind.COLLABORATION_MEMBER})
COLLABORATION = _GUEST | _MEMBER
ANYBODY = frozenset(frozenset({kind}) for kind in ExternalKind) | {OWN}
_FROM_ELSEWHERE = ANYBODY - {OWN, LOCAL}
_WITHOUT_OBJECT = frozenset(frozenset({kind}) for kind in ExternalKind if not kind.has_object)


@dataclass(frozen=True, slots=True)
class Outsider:
    """What is known of somebody as somebody from outside."""

    possible: frozenset[Kinds]
    """What the person may be; one alternative where it is certain."""
    home: TenantId | None = None
    """The home tenant; None where nobody told it."""
    unclear: tuple[str, ...] = ()
    """The facts that would tell which alternative it is."""

    @property
    def kinds(self) -> Kinds | None:
        """The kinds where they are certain, else None."""
        return next(iter(self.possible)) if len(self.possible) == 1 else None


def outsider(tenant: Tenant, who: Principal) -> Outsider:
    """Who the principal, a person, is as somebody from outside."""
    said = who.external
    home = None if said is None else said.tenant
    if who.user is None:
        return _stranger(said, home)
    held = tenant.users.get(who.user)
    found = Outsider(ANYBODY, unclear=(f"person `{who.user}` is not in the data",))
    if held is not None:
        found = _of_the_directory(held)
    if said is None:
        return found
    if said.kind is not None:
        return Outsider(frozenset(_as_said(said.kind, each) for each in found.possible), home, found.unclear)
    possible = found.possible & _FROM_ELSEWHERE or _FROM_ELSEWHERE
    return Outsider(possible, home, ("the kind of external person",))


def may_have_an_account(who: Principal) -> bool:
    """Whether the principal may have an account of the directory: a workload hasn't, nor somebody of a kind without one."""
    if who.user is not None or who.workload is not None:
        return who.workload is None
    return who.external is not None and (who.external.kind is None or who.external.kind.has_object)


def _stranger(said: External | None, home: TenantId | None) -> Outsider:
    """Somebody who signs in without an account of the directory, or whose account isn't said."""
    if said is not None and said.kind is not None:
        return Outsider(frozenset({frozenset({said.kind})}), home)
    possible = _WITHOUT_OBJECT if said is None else _FROM_ELSEWHERE
    return Outsider(possible, home, ("the kind of external person",))


def _as_said(kind: ExternalKind, held: Kinds) -> Kinds:
    """What the sign-in says; somebody who uses direct connect and is a collaboration guest here, too, is both (case M10)."""
    both = held & COLLABORATION if kind is ExternalKind.DIRECT_CONNECT else OWN
    return both | {kind}


def _of_the_directory(user: User) -> Outsider:
    guest, invited = is_guest(user), was_invited(user)
    possible = frozenset(
        _KINDS[is_one, was_one]
        for is_one in ((True, False) if guest is None else (guest,))
        for was_one in ((True, False) if invited is None else (invited,))
    )
    unclear = []
    if guest is None:
        unclear.append(f"whether `{_name(user)}` is a guest or a member (userType)")
    if invited is None:
        unclear.append(f"whether `{_name(user)}` was invited (creationType)")
    return Outsider(possible, unclear=tuple(unclear))


_KINDS = {(True, True): _GUEST, (True, False): LOCAL, (False, True): _MEMBER, (False, False): OWN}
"""By whether somebody is a guest and was invited."""


def is_guest(user: User) -> bool | None:
    """Whether the account has the permissions of a guest; None where nobody said."""
    return {"guest": True, "member": False}.get(fold(user.user_type or ""))


def was_invited(user: User) -> bool | None:
    """Whether the account came by an invitation: `#EXT#` in its name, or so created; None where that isn't known.

    Of a member the name is word enough (CONTRACT); a guest without it, of whom nobody read how the account came, may be of either kind.
    """
    if "#ext#" in fold(user.user_principal_name) or fold(user.creation_type or "") == "invitation":
        return True
    if not user.user_principal_name:
        return None
    return False if user.creation_type is not None or is_guest(user) is False else None


def facts_of(user: User | None) -> object:
    """Everything of an account that decides which kind it is of."""
    if user is None:
        return None
    return (user.user_type, user.creation_type, user.user_principal_name, user.is_agent)


def _name(user: User) -> str:
    return user.user_principal_name or user.id
