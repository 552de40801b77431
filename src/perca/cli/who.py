"""`--who`: the people a question is about. Somebody who may or may not be one of them is asked about too; nobody is an error."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from perca.errors import BadInput, NotAssessed
from perca.model import GroupId, PerUserState, RoleId, Tenant, User, UserId, fold
from perca.policy import Answer, No, rulebook
from perca.policy.unread import unread_people

_FORMS = "one of perUserMfa, all, role:ID, group:ID, user:ID, plan:FILE"


@dataclass(frozen=True, slots=True)
class Who:
    """People, in the tenant's order, and what they have in common in words."""

    people: tuple[UserId, ...]
    words: str
    everybody: bool = False
    """Whether people from outside, who have no object in the directory, are meant too."""
    unread: tuple[str, ...] = ()
    """Why there may be more of them, whom nobody read."""


def who(tenant: Tenant, asked: str) -> Who:
    """The people that `--who` names; raises BadInput when it names nobody."""
    kind, _, id = asked.partition(":")
    match fold(kind):
        case "all" if not id:
            found = Who(tuple(tenant.users), "everybody", everybody=True)
        case "perusermfa" if not id:
            found = Who(_where(tenant, _has_per_user_mfa), "everybody with per-user MFA")
        case "role" if id:
            found = Who(
                _in(tenant, lambda user: rulebook(tenant).has_role(user, RoleId(fold(id)))),
                f"holders of role `{id}`",
            )
        case "group" if id:
            _check_held(tenant, id)
            found = Who(
                _in(tenant, lambda user: rulebook(tenant).in_group(user, GroupId(fold(id)))),
                f"members of group `{id}`",
            )
        case "user" if id:
            found = Who(
                _where(tenant, lambda user: fold(id) in (user.id, fold(user.user_principal_name))), f"`{id}`"
            )
        case "plan" if id:
            from perca.cli.plan_file import people_of

            found = Who(
                tuple(user for user in people_of(id) if user in tenant.users), f"the people of plan `{id}`"
            )
        case _:
            raise BadInput(f"`{asked}` is nobody that --who can name", _FORMS)
    if fold(kind) not in ("user", "plan"):
        found = replace(found, unread=unread_people(tenant))
    if not found.people:
        hint = (
            _FORMS if tenant.users else "take a snapshot with people, or ask `perca prove --any-membership`"
        )
        raise BadInput(f"a question about nobody: the snapshot holds no {_nobody(found.words)}", hint)
    return found


def _check_held(tenant: Tenant, group: str) -> None:
    """NotAssessed for a group that the data doesn't hold: anybody might be a member."""
    if GroupId(fold(group)) not in tenant.groups:
        raise NotAssessed(
            f"group `{group}` is not in the snapshot: who its members are is not known", "check the id"
        )


def _nobody(words: str) -> str:
    return {"everybody": "people", "everybody with per-user MFA": "people with per-user MFA"}.get(
        words, words
    )


def _where(tenant: Tenant, matches: Callable[[User], bool]) -> tuple[UserId, ...]:
    return tuple(id for id, user in tenant.users.items() if matches(user))


def _has_per_user_mfa(user: User) -> bool:
    return user.per_user_mfa is not PerUserState.DISABLED


def _in(tenant: Tenant, holds: Callable[[UserId], Answer]) -> tuple[UserId, ...]:
    return tuple(user for user in tenant.users if not isinstance(holds(user), No))
