"""What of a person a condition can look at; nothing else may change its answer.

Promises that two people of a tenant get answers of one kind (yes, no, unknown) from a condition if no fact tells them apart: both are in
a group for certain or both aren't, the same while a write of it is settling, and so on. It may tell apart more than the condition does, never less.
`policy.reads` says the same of two tenants. LAW: classes made by these facts are those of asking `policy` about everybody.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from functools import reduce
from typing import TypeVar

from perca.model import GroupId, NotRead, RoleId, Tenant, User, UserCondition, UserId, UserScope, fold
from perca.policy import Condition, Coordinate
from perca.policy.administrators import ROLES, Administrator, narrower
from perca.policy.directory import View
from perca.policy.mandatory_mfa import Person
from perca.policy.per_user import AskedAtModernClients, CutOffFromLegacy
from perca.policy.security_defaults import SYNCHRONISATION, Protected
from perca.policy.strength_reach import AskedForStrength
from perca.policy.users import Users
from perca.policy.workloads import Workloads

T = TypeVar("T", bound=Hashable)
Account = Callable[[Tenant, User], Hashable]
"""A fact of a person's own account."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What tells people apart: membership of groups, roles at the tenant's scope, being on a list, and facts of the account."""

    groups: tuple[GroupId, ...] = ()
    roles: tuple[RoleId, ...] = ()
    lists: tuple[tuple[UserId, ...], ...] = ()
    accounts: tuple[Account, ...] = ()

    def __or__(self, other: Facts) -> Facts:
        return Facts(
            _once(self.groups, other.groups),
            _once(self.roles, other.roles),
            _once(self.lists, other.lists),
            _once(self.accounts, other.accounts),
        )


NOTHING = Facts()


def facts_of(conditions: Iterable[Condition], view: View) -> Facts | None:
    """All that the conditions on people look at; None where one of them isn't known here, and may look at anything."""
    found = NOTHING
    for condition in conditions:
        if condition.coordinate is Coordinate.PRINCIPAL:
            facts = _of(condition, view)
            if facts is None:
                return None
            found |= facts
    return found


def _of(condition: Condition, view: View) -> Facts | None:
    match condition:
        case Users(whom):
            return _of_users(whom)
        case Workloads(_, whom):
            return _of_users(whom)
        case AskedForStrength():
            return Facts(accounts=(is_agent, belonging, issuers))
        case AskedAtModernClients():
            return Facts(accounts=(state,))
        case CutOffFromLegacy():
            return Facts(accounts=(state, is_registered))
        case Protected():
            return Facts(roles=(SYNCHRONISATION,))
        case Administrator():
            return Facts(roles=tuple(ROLES)) | _narrower(view)
        case Person():
            return NOTHING
    return None


def _of_users(whom: UserCondition) -> Facts:
    sides = (whom.include, whom.exclude)
    return reduce(Facts.__or__, map(_of_scope, sides), Facts(accounts=(is_agent,)))


def _of_scope(scope: UserScope) -> Facts:
    lists = (scope.users,) if scope.users else ()
    return Facts(scope.groups, scope.roles, lists, (belonging,) if scope.externals else ())


def _narrower(view: View) -> Facts:
    """Who holds an administrator's role at a narrower scope, by themselves or through a group."""
    held = [UserId(each.principal) for each in narrower(view)]
    people = tuple(each for each in held if each in view.tenant.users)
    groups = tuple(GroupId(each) for each in held if each not in view.tenant.users)
    return Facts(groups=groups, lists=(people,) if people else ())


def is_agent(tenant: Tenant, user: User) -> Hashable:
    """Whether the account is an agent's."""
    return user.is_agent


def belonging(tenant: Tenant, user: User) -> Hashable:
    """Whose account it is: of a member or a guest, invited or not; of the name only whether there is one, and whether it says so."""
    name = user.user_principal_name
    return user.user_type, user.creation_type, bool(name), "#ext#" in fold(name)


def issuers(tenant: Tenant, user: User) -> Hashable:
    """Who vouches for the person."""
    return user.issuers


def state(tenant: Tenant, user: User) -> Hashable:
    """The state of per-user MFA; why it wasn't read tells nobody apart."""
    return None if isinstance(user.per_user_mfa, NotRead) else user.per_user_mfa._value_


def is_registered(tenant: Tenant, user: User) -> Hashable:
    """Whether a method is registered that counts for MFA."""
    held = tenant.registrations.get(user.id)
    return None if held is None else held.is_mfa_registered


def _once(one: tuple[T, ...], two: tuple[T, ...]) -> tuple[T, ...]:
    return tuple(dict.fromkeys((*one, *two)))
