"""The people from outside of a question are enough: to every policy, any other stranger is like one of them."""

import pytest

from perca.model import (
    CrossTenantAccess,
    External,
    ExternalKind,
    ExternalScope,
    InboundTrust,
    Tenant,
    TenantId,
    UserCondition,
    UserScope,
)
from perca.policy import Principal
from perca.policy.directory import View
from perca.policy.homes import homes
from perca.policy.users import Users
from perca.space import universe_of
from support.small import EVERYONE, policy, tenant

A, B, C = (TenantId(each) for each in "abc")
STRANGERS = [each for each in ExternalKind if not each.has_object]


def of(*tenants: TenantId) -> UserScope:
    return UserScope(externals=(ExternalScope(frozenset(STRANGERS), frozenset(tenants)),))


@pytest.mark.parametrize(
    "asked",
    [
        tenant(policy()),
        tenant(policy(users=UserCondition(of(A)))),
        tenant(policy(users=UserCondition(EVERYONE, of(A, B)))),
        tenant(policy(users=UserCondition(of(A))), policy(users=UserCondition(of(B)))),
        tenant(policy(), cross_tenant=CrossTenantAccess(partners={A: InboundTrust(mfa=True)})),
    ],
)
def test_any_other_stranger_is_like_one_of_those_asked_about(asked: Tenant) -> None:
    def seen(stranger: External) -> object:
        who, view = Principal(None, stranger), View(asked)
        about = tuple(type(Users(each.users).holds(view, who)) for each in asked.policies)
        return about, homes(asked, who)

    known = [seen(each) for each in universe_of(asked).strangers]
    for kind in STRANGERS:
        for home in (A, B, C):
            assert seen(External(kind, home)) in known


def test_whoever_is_named_with_both_tenants_counts_once() -> None:
    before, after = tenant(policy(users=UserCondition(of(A)))), tenant(policy(users=UserCondition(of(A, B))))
    homes_asked = [each.tenant for each in universe_of(before, after).strangers]
    assert len(homes_asked) == len(STRANGERS) * len(set(homes_asked)) == len(STRANGERS) * 3
