"""Kinds of external people in a users condition: each way to write them, and every way in which they can't be read."""

from typing import Any

import pytest

from perca.model import ConditionalAccessPolicy, ExternalKind, ExternalScope, UserCondition, UserScope
from perca.wire import emit_policy, parse_policy, unrecognised_parts

A, B = "aaaaaaaa-0000-4000-8000-00000000000a", "bbbbbbbb-0000-4000-8000-00000000000b"
GUEST, PARTNER = ExternalKind.COLLABORATION_GUEST, ExternalKind.SERVICE_PROVIDER
PATH = "conditions.users.includeGuestsOrExternalUsers"
ALL_TENANTS = {"@odata.type": "#microsoft.graph.conditionalAccessAllExternalTenants", "membershipKind": "all"}
SOME_TENANTS = {"membershipKind": "enumerated", "members": [B.upper(), A]}

Json = dict[str, Any]


def read(users: Json) -> ConditionalAccessPolicy:
    return parse_policy({"id": A, "state": "enabled", "conditions": {"users": users}})


def include(users: Json) -> UserScope:
    condition = read(users).users
    assert isinstance(condition, UserCondition)
    return condition.include


def externals(types: Any, tenants: Any = None) -> UserScope:
    value = {"guestOrExternalUserTypes": types, "externalTenants": tenants}
    return include({"includeGuestsOrExternalUsers": value})


def named(scope: UserScope) -> list[str]:
    return [str(part) for part in scope.unrecognised]


@pytest.mark.parametrize(
    "types",
    [
        "b2bCollaborationGuest,serviceProvider",
        "ServiceProvider, B2bCollaborationGuest",
        ["B2BCollaborationGuest", "serviceprovider"],
    ],
)
@pytest.mark.parametrize("tenants", [None, {}, ALL_TENANTS, {"membershipKind": "All", "members": []}])
def test_types_are_flags_in_any_case_and_no_word_on_tenants_is_all_of_them(types: Any, tenants: Any) -> None:
    scope = externals(types, tenants)
    assert scope == UserScope(externals=(ExternalScope(frozenset({GUEST, PARTNER})),))


def test_tenants_can_be_listed() -> None:
    (scope,) = externals("b2bCollaborationGuest", SOME_TENANTS).externals
    assert scope == ExternalScope(frozenset({GUEST}), frozenset({A, B}))


@pytest.mark.parametrize("side", ["include", "exclude"])
def test_the_old_word_means_all_kinds_of_all_tenants(side: str) -> None:
    policy = read(
        {
            "includeUsers": ["All"],
            f"{side}Users": ["All"] * (side == "include") + ["guestsorexternalusers", B],
        }
    )
    assert isinstance(policy.users, UserCondition)
    scope = policy.users.include if side == "include" else policy.users.exclude
    assert scope.externals == (ExternalScope(frozenset(ExternalKind)),)
    assert (scope.users, scope.unrecognised) == ((B,), ())
    assert unrecognised_parts(policy) == (policy.applications,)


def test_the_old_word_and_the_types_are_each_written_back_as_they_were() -> None:
    word, types = (
        {"includeUsers": ["GuestsOrExternalUsers"]},
        {
            "includeGuestsOrExternalUsers": {
                "guestOrExternalUserTypes": ",".join(ExternalKind),
                "externalTenants": ALL_TENANTS,
            }
        },
    )
    assert include(word).externals == include(types).externals
    for users in (word, types, {**word, **types}):
        assert emit_policy(read(users))["conditions"]["users"] == users


def test_a_policy_of_ours_writes_the_types() -> None:
    policy = read({"includeUsers": ["GuestsOrExternalUsers"]})
    ours = ConditionalAccessPolicy(policy.id, "", policy.state, policy.users, policy.applications)
    kinds = {"guestOrExternalUserTypes": ",".join(ExternalKind)}
    assert emit_policy(ours)["conditions"]["users"] == {"includeGuestsOrExternalUsers": kinds}


@pytest.mark.parametrize(
    ("types", "tenants", "where"),
    [
        (
            "b2bCollaborationGuest,martian",
            None,
            f"{PATH}.guestOrExternalUserTypes b2bCollaborationGuest,martian",
        ),
        (["serviceProvider", 5], None, f"{PATH}.guestOrExternalUserTypes serviceProvider"),
        (None, ALL_TENANTS, f"{PATH}.guestOrExternalUserTypes empty"),
        ("serviceProvider", "all", f"{PATH}.externalTenants all"),
        (
            "serviceProvider",
            {"membershipKind": "some"},
            f'{PATH}.externalTenants {{"membershipKind":"some"}}',
        ),
        ("serviceProvider", {"membershipKind": "enumerated"}, f"{PATH}.externalTenants.members empty"),
        (
            "serviceProvider",
            {"membershipKind": "enumerated", "members": [A, "<Partner>"]},
            f"{PATH}.externalTenants.members <Partner>",
        ),
        (
            "serviceProvider",
            {"membershipKind": "all", "members": [A]},
            f'{PATH}.externalTenants {{"members":["{A}"],"membershipKind":"all"}}',
        ),
        ("serviceProvider", {**ALL_TENANTS, "except": [A]}, f'{PATH}.externalTenants.except ["{A}"]'),
    ],
)
def test_what_cannot_be_read_may_mean_anybody(types: Any, tenants: Any, where: str) -> None:
    assert where in named(externals(types, tenants))


def test_an_unknown_member_beside_the_types_may_mean_anybody() -> None:
    value = {"guestOrExternalUserTypes": "serviceProvider", "onlyOnMondays": True}
    assert named(include({"includeGuestsOrExternalUsers": value})) == [f"{PATH}.onlyOnMondays true"]
    assert named(include({"includeGuestsOrExternalUsers": ["All"]})) == [f"{PATH} All"]


@pytest.mark.parametrize(
    "value", [None, {}, {"guestOrExternalUserTypes": None}, {"guestOrExternalUserTypes": "none"}]
)
def test_no_type_is_nobody(value: Any) -> None:
    scope = include({"includeUsers": [A], "includeGuestsOrExternalUsers": value})
    assert (scope.externals, scope.unrecognised) == ((), ())


def test_the_word_for_the_accounts_of_agents_is_read() -> None:
    scope = include({"includeUsers": ["AllAgentIdUsers"]})
    assert scope == UserScope(agents=True)
    assert scope.means_nobody
