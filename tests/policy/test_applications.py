"""The target resources condition: all resources, or resources by id; what isn't understood may mean any."""

import pytest

from perca.model import ApplicationCondition, ApplicationScope, Unrecognised
from perca.policy import No, Unknown
from support.small import FILES, MAIL, OTHER_APP, SOMETHING, answer, applies, policy, sign_in, tenant

ALL = ApplicationScope(everything=True)
NONE = ApplicationScope()
UNCLEAR = ApplicationScope(unrecognised=(SOMETHING,))


def named(*apps: str) -> ApplicationScope:
    return ApplicationScope(apps=apps)


@pytest.mark.parametrize(
    ("include", "exclude", "expected"),
    [
        (ALL, NONE, True),
        (named(MAIL), NONE, True),
        (named(FILES), NONE, False),
        (ApplicationScope(nothing=True), NONE, False),
        (NONE, NONE, False),
        (ALL, named(MAIL), False),
        (ALL, named(FILES), True),
        (named(MAIL), named(MAIL), False),
        (UNCLEAR, NONE, None),
        (ALL, UNCLEAR, None),
        (UNCLEAR, named(MAIL), False),
        (named(FILES), UNCLEAR, False),
        (ApplicationScope(apps=(FILES,), unrecognised=(SOMETHING,)), NONE, None),
        (ApplicationScope(apps=(MAIL,), unrecognised=(SOMETHING,)), NONE, True),
        (ALL, ApplicationScope(apps=(MAIL,), unrecognised=(SOMETHING,)), False),
    ],
)
def test_exclude_beats_include_and_unknown_stays_unknown(
    include: ApplicationScope, exclude: ApplicationScope, expected: bool | None
) -> None:
    assert applies(tenant(policy(applications=ApplicationCondition(include, exclude)))) is expected


def test_all_resources_holds_for_a_resource_that_nobody_knows() -> None:
    assert applies(tenant(policy()), sign_in(app=OTHER_APP))
    assert applies(tenant(policy()), sign_in(app=None))


def test_without_the_resource_a_policy_for_some_resources_is_unknown() -> None:
    for include, exclude in ((named(MAIL), NONE), (ALL, named(MAIL))):
        some = tenant(policy(applications=ApplicationCondition(include, exclude)))
        assert applies(some, sign_in(app=None)) is None


def test_an_applications_condition_that_cannot_be_read_may_mean_any_resource() -> None:
    unread = tenant(policy(applications=Unrecognised("conditions.applications", "null")))
    assert answer(unread).answer == Unknown(("conditions.applications is not modelled: null",))


def test_the_reason_is_graphs_word() -> None:
    found = answer(tenant(policy(applications=ApplicationCondition(named(FILES))))).answer
    assert found == No(("not one of the included resources",), ("application",))
