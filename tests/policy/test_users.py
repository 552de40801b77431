"""The users condition: who is certainly meant, who certainly isn't, and every way of not knowing."""

import pytest

from perca.model import Group, NotRead, RoleAssignment, Unrecognised, UserCondition, UserId, UserScope
from perca.policy import No, Unknown, Yes
from support.small import (
    ADA,
    BEN,
    EVERYONE,
    GLOBAL_ADMIN,
    HELPDESK,
    SECRET,
    SOMETHING,
    SQUAD,
    STAFF,
    STRANGE,
    TEAM,
    answer,
    applies,
    group,
    of,
    people,
    policy,
    sign_in,
    tenant,
)

NOT_IN_THE_DATA = UserId("dora")
UNCLEAR = UserScope(unrecognised=(SOMETHING,))
NOBODY = UserScope()


def about(include: UserScope, exclude: UserScope = NOBODY, **more: object) -> bool | None:
    """Whether a policy with that scope is about Ada."""
    return applies(tenant(policy(users=UserCondition(include, exclude)), **more))


def test_all_users_means_guests_and_people_whom_nobody_has_read() -> None:
    assert about(EVERYONE)
    assert applies(tenant(policy()), sign_in(user=NOT_IN_THE_DATA))


@pytest.mark.parametrize("scope", [UserScope(), UserScope(nobody=True), people(BEN)])
def test_somebody_who_is_not_named_is_not_meant(scope: UserScope) -> None:
    assert about(scope) is False


def test_people_named_by_id_are_meant_even_if_nobody_has_read_them() -> None:
    assert about(people(ADA))
    named = tenant(policy(users=UserCondition(people(NOT_IN_THE_DATA))))
    assert applies(named, sign_in(user=NOT_IN_THE_DATA))


def test_direct_members_are_meant() -> None:
    assert about(people(groups=(STAFF,)), groups=of(group(STAFF, ADA)))
    assert about(people(groups=(STAFF,)), groups=of(group(STAFF, BEN))) is False


def test_nested_members_are_meant_and_the_answer_shows_the_way() -> None:
    groups = of(group(STAFF, TEAM), group(TEAM, SQUAD), group(SQUAD, ADA))
    found = answer(tenant(policy(users=UserCondition(people(groups=(STAFF,)))), groups=groups))
    assert found.answer == Yes(("member of `Staff` › `Team` › `Squad`", "all resources", "all client types"))


def test_of_several_ways_the_shortest_is_shown() -> None:
    groups = of(group(STAFF, TEAM, SQUAD), group(TEAM, SQUAD, ADA), group(SQUAD))
    found = answer(tenant(policy(users=UserCondition(people(groups=(STAFF,)))), groups=groups))
    assert "member of `Staff` › `Team`" in found.answer.because


def test_groups_that_contain_each_other_are_no_problem() -> None:
    groups = of(group(STAFF, TEAM), group(TEAM, STAFF, STRANGE), group(STRANGE, STRANGE, ADA))
    assert about(people(groups=(STAFF,)), groups=groups)
    assert (
        applies(tenant(policy(users=UserCondition(people(groups=(TEAM,)))), groups=groups), sign_in(user=BEN))
        is False
    )


def test_a_group_that_is_not_in_the_data_may_hold_anybody() -> None:
    assert about(people(groups=(STRANGE,))) is None
    assert about(people(groups=(STAFF,)), groups=of(group(STAFF, STRANGE))) is None
    assert about(EVERYONE, people(groups=(STRANGE,))) is None


def test_a_group_whose_members_nobody_may_read_may_hold_anybody() -> None:
    unread = of(Group(STAFF, "Staff", SECRET))
    assert about(people(groups=(STAFF,)), groups=unread) is None
    why = answer(tenant(policy(users=UserCondition(people(groups=(STAFF,)))), groups=unread)).answer
    assert why == Unknown(("members of group `Staff`: 403 Authorization_RequestDenied",))


def test_who_is_certainly_a_member_stays_one_beside_a_group_that_nobody_read() -> None:
    assert about(people(groups=(STAFF,)), groups=of(group(STAFF, ADA, STRANGE)))


def test_a_member_that_settles_may_or_may_not_be_one() -> None:
    joining = of(group(STAFF, unsettled=(ADA,)))
    leaving = of(group(STAFF, ADA, unsettled=(ADA,)))
    for groups in (joining, leaving):
        assert about(people(groups=(STAFF,)), groups=groups) is None
        assert about(EVERYONE, people(groups=(STAFF,)), groups=groups) is None


def test_a_member_that_settles_is_one_if_another_way_is_sure() -> None:
    groups = of(group(STAFF, TEAM, unsettled=(ADA,)), group(TEAM, ADA))
    assert about(people(groups=(STAFF,)), groups=groups)


def test_a_group_that_settles_within_another_may_bring_anybody() -> None:
    groups = of(group(STAFF, BEN, unsettled=(TEAM,)), group(TEAM, ADA))
    assert about(people(groups=(STAFF,)), groups=groups) is None
    staff = tenant(policy(users=UserCondition(people(groups=(STAFF,)))), groups=groups)
    assert applies(staff, sign_in(user=BEN))


def test_somebody_who_is_not_in_the_data_is_never_certainly_no_member() -> None:
    staff = tenant(policy(users=UserCondition(people(groups=(STAFF,)))), groups=of(group(STAFF, ADA)))
    assert applies(staff, sign_in(user=NOT_IN_THE_DATA)) is None


def assigned(principal: str, scope: str = "/", role: str = GLOBAL_ADMIN) -> tuple[RoleAssignment, ...]:
    return (RoleAssignment(principal, role, scope),)


def test_a_role_is_held_at_the_scope_of_the_tenant_only() -> None:
    assert about(people(roles=(GLOBAL_ADMIN,)), role_assignments=assigned(ADA))
    unit = assigned(ADA, "/administrativeUnits/u")
    assert about(people(roles=(GLOBAL_ADMIN,)), role_assignments=unit) is False
    assert about(EVERYONE, people(roles=(GLOBAL_ADMIN,)), role_assignments=unit)


def test_another_role_is_not_this_one() -> None:
    assert about(people(roles=(HELPDESK,)), role_assignments=assigned(ADA)) is False


def test_a_role_is_held_through_a_group_and_through_a_nested_one() -> None:
    groups = of(group(STAFF, TEAM), group(TEAM, ADA))
    admins = tenant(
        policy(users=UserCondition(people(roles=(GLOBAL_ADMIN,)))),
        groups=groups,
        role_assignments=assigned(STAFF),
    )
    found = answer(admins).answer
    assert isinstance(found, Yes)
    assert found.because[0] == f"holds role `{GLOBAL_ADMIN}` as member of `Staff` › `Team`"
    assert applies(admins, sign_in(user=BEN)) is False


def test_a_person_who_is_only_eligible_does_not_hold_the_role() -> None:
    assert about(people(roles=(GLOBAL_ADMIN,)), role_eligibilities=assigned(ADA)) is False


def test_a_role_held_by_something_that_nobody_read_may_be_held_by_anybody() -> None:
    assert about(people(roles=(GLOBAL_ADMIN,)), role_assignments=assigned(STRANGE)) is None
    assert about(people(roles=(GLOBAL_ADMIN,)), role_assignments=(*assigned(STRANGE), *assigned(ADA)))


def test_without_role_assignments_anybody_may_hold_a_role() -> None:
    for side in ((people(roles=(GLOBAL_ADMIN,)),), (EVERYONE, people(roles=(GLOBAL_ADMIN,)))):
        assert about(*side, role_assignments=NotRead("403")) is None


def test_a_placeholder_for_a_role_may_be_any_role() -> None:
    assert about(people(roles=("<admin role>",))) is None


def test_exclude_beats_include() -> None:
    for include in (EVERYONE, people(ADA), people(groups=(STAFF,))):
        assert about(include, people(ADA), groups=of(group(STAFF, ADA))) is False
    found = answer(tenant(policy(users=UserCondition(EVERYONE, people(ADA))))).answer
    assert found == No(("excluded: named by id",), ("users",))


@pytest.mark.parametrize(
    ("include", "exclude", "expected"),
    [
        (EVERYONE, UNCLEAR, None),
        (UNCLEAR, UserScope(), None),
        (UNCLEAR, people(ADA), False),
        (UNCLEAR, UNCLEAR, None),
        (people(BEN), UNCLEAR, False),
        (UserScope(everyone=True, unrecognised=(SOMETHING,)), UserScope(), True),
        (EVERYONE, UserScope(users=(ADA,), unrecognised=(SOMETHING,)), False),
    ],
)
def test_what_is_not_understood_is_unknown_unless_something_else_decides(
    include: UserScope, exclude: UserScope, expected: bool | None
) -> None:
    assert about(include, exclude) is expected


def test_a_users_condition_that_cannot_be_read_may_mean_anybody() -> None:
    found = answer(tenant(policy(users=Unrecognised("conditions.users", "null")))).answer
    assert found == Unknown(("conditions.users is not modelled: null",))


def test_what_is_missing_on_either_side_is_named() -> None:
    sides = UserCondition(people(groups=(STAFF,)), people(groups=(TEAM,)))
    unread = of(Group(STAFF, "Staff", SECRET), Group(TEAM, "Team", SECRET))
    found = answer(tenant(policy(users=sides), groups=unread)).answer
    assert found == Unknown(tuple(f"members of group `{each}`: {SECRET.why}" for each in ("Staff", "Team")))


def test_who_is_excluded_from_one_policy_is_still_in_another() -> None:
    both = tenant(policy(users=UserCondition(EVERYONE, people(ADA))), policy("q"))
    assert applies(both) is False
    assert applies(both, id="q")
