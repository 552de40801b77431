"""The rules of a question: of one tenant those that are enforced, of two what they share once and what differs once a side."""

from perca.model import PolicyState, UserCondition
from perca.policy import rulebook
from perca.space import columns, compared
from perca.space.columns import Column, Side
from support.small import ADA, BEN, CLEO, EVERYONE, STAFF, group, of, people, policy, tenant

EVERYBODY = frozenset({ADA, BEN, CLEO})


def of_policies(found: tuple[Column, ...]) -> list[tuple[str, Side, object]]:
    """The policies' columns: which, of which side, and for whom; None for everybody."""
    policies = (each for each in found if not each.rule.key.startswith("perca:"))
    return [(each.rule.key, each.side, each.only) for each in policies]


def test_a_policy_that_only_reports_is_no_column() -> None:
    book = rulebook(tenant(policy("on"), policy("reporting", state=PolicyState.REPORT_ONLY)))
    assert of_policies(columns(book)) == [("on", Side.BOTH, None)]
    assert of_policies(compared(book, book, EVERYBODY)) == [("on", Side.BOTH, None)]


def test_what_differs_for_some_is_shared_by_the_others_and_once_a_side_theirs() -> None:
    asked = policy(users=UserCondition(EVERYONE, people(groups=(STAFF,))))
    before, after = (rulebook(tenant(asked, groups=of(group(STAFF, *who)))) for who in ((), (ADA,)))
    assert of_policies(compared(before, after, EVERYBODY)) == [
        ("p", Side.BOTH, EVERYBODY - {ADA}),
        ("p", Side.BEFORE, {ADA}),
        ("p", Side.AFTER, {ADA}),
    ]


def test_what_one_of_them_has_alone_is_of_its_side() -> None:
    before, after = rulebook(tenant(policy("old"))), rulebook(tenant(policy("new")))
    assert of_policies(compared(before, after, EVERYBODY)) == [
        ("old", Side.BEFORE, None),
        ("new", Side.AFTER, None),
    ]
