"""Verify: the promise, checked on a fresh reading; broken, kept, or not known."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from migrate.test_safe import PLAN
from perca.errors import BadInput
from perca.migrate.change import world
from perca.migrate.steps import GROUP, change
from perca.migrate.verify import Verified, verify
from perca.model import (
    BuiltIn,
    GroupId,
    NotRead,
    PerUserState,
    PolicyState,
    Tenant,
    TenantId,
    UserCondition,
    UserId,
    UserScope,
)
from support.company import EMERGENCY, company, policy

BEFORE = company()
AFTER = world(BEFORE, [(each, True) for step in PLAN.steps() if (each := change(step.action)) is not None])


def found(now: Tenant) -> Verified:
    return verify(PLAN, BEFORE, now)


def with_person(name: str, **members: object) -> Tenant:
    person = UserId(name)
    return replace(AFTER, users={**AFTER.users, person: replace(AFTER.users[person], **members)})  # type: ignore[arg-type]


def without_person(name: str) -> Tenant:
    users = {id: user for id, user in AFTER.users.items() if id != name}
    group = AFTER.groups[GROUP]
    assert not isinstance(group.members, NotRead)
    groups = {**AFTER.groups, GROUP: replace(group, members=group.members - {name})}  # type: ignore[operator]
    return replace(AFTER, users=users, groups=groups)


def test_the_plan_s_end_keeps_the_promise() -> None:
    assert found(AFTER).holds is True
    assert found(AFTER).differences == ()


def our_policy(now: Tenant, **members: object) -> Tenant:
    policies = tuple(
        replace(each, **members) if each.display_name == PLAN.name else each  # type: ignore[arg-type]
        for each in now.policies
    )
    return replace(now, policies=policies)


BREAKS: dict[str, Callable[[], Tenant]] = {
    "the tenant as it was: per-user MFA exempts trusted places": lambda: BEFORE,
    "policy off": lambda: our_policy(AFTER, state=PolicyState.DISABLED),
    "policy in report-only": lambda: our_policy(AFTER, state=PolicyState.REPORT_ONLY),
    "no policy": lambda: replace(AFTER, policies=BEFORE.policies),
    "held back and disabled": lambda: with_person("hana", per_user_mfa=PerUserState.DISABLED),
    "emergency account disabled": lambda: with_person("emergency-1", account_enabled=False),
    "emergency account gone": lambda: without_person("emergency-1"),
    "emergency accounts blocked": lambda: replace(
        AFTER,
        policies=(
            *AFTER.policies,
            replace(policy("block", BuiltIn.BLOCK), users=UserCondition(UserScope(users=EMERGENCY[:1]))),
        ),
    ),
}


@pytest.mark.parametrize("name", list(BREAKS))
def test_what_breaks_the_promise(name: str) -> None:
    checked = found(BREAKS[name]())
    assert checked.holds is False
    assert checked.differences


UNKNOWNS: dict[str, Callable[[], Tenant]] = {
    "the group's members": lambda: replace(
        AFTER, groups={**AFTER.groups, GROUP: replace(AFTER.groups[GROUP], members=NotRead("403"))}
    ),
    "the group itself": lambda: replace(
        AFTER, groups={id: group for id, group in AFTER.groups.items() if id != GroupId(GROUP)}
    ),
    "the state of somebody held back": lambda: with_person("hana", per_user_mfa=NotRead("403")),
    "whether an emergency account is enabled": lambda: with_person("emergency-1", account_enabled=None),
}


@pytest.mark.parametrize("name", list(UNKNOWNS))
def test_what_is_not_known_is_neither_kept_nor_broken(name: str) -> None:
    checked = found(UNKNOWNS[name]())
    assert checked.holds is None
    assert checked.differences


def test_somebody_who_left_is_named_and_breaks_nothing() -> None:
    checked = found(without_person("ann"))
    assert checked.holds is True
    assert checked.differences == ("ann@example.com: is no longer in the tenant",)


def test_another_tenant_is_bad_input() -> None:
    with pytest.raises(BadInput, match="another"):
        found(replace(AFTER, id=TenantId("another")))
