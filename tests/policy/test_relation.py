"""Weaker, stronger, equal, incomparable: two requirements side by side."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perca.model import BLOCK, BuiltIn, Control, Requirement, StrengthControl, StrengthId, UnrecognisedControl
from perca.policy import Relation, compare
from perca.policy.strengths import BUILT_IN, combinations

EQUAL, STRONGER, WEAKER = Relation.EQUAL, Relation.STRONGER, Relation.WEAKER
APART, OPEN = Relation.INCOMPARABLE, Relation.NOT_ASSESSED
MFA, DEVICE, TERMS = BuiltIn.MFA, BuiltIn.COMPLIANT_DEVICE, BuiltIn.PASSWORD_CHANGE
WEAK, MIDDLE, STRONG = (StrengthControl(id, allowed) for id, allowed in BUILT_IN.items())
TWIN = StrengthControl(StrengthId("twin"), STRONG.combinations)
UNREAD = StrengthControl(StrengthId("unread"))
ODD = UnrecognisedControl("odd")
PASSWORD = StrengthControl(StrengthId("password"), combinations("password"))
NOTHING: Requirement = frozenset()


def asked(*clauses: tuple[Control, ...]) -> Requirement:
    return frozenset(map(frozenset, clauses))


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (NOTHING, NOTHING, EQUAL),
        (NOTHING, asked((MFA,)), STRONGER),
        (asked((MFA,)), asked((MFA, DEVICE)), WEAKER),
        (asked((MFA,)), asked((MFA,), (DEVICE,)), STRONGER),
        (asked((MFA,)), asked((DEVICE,)), APART),
        (asked((MFA,)), asked((STRONG,)), STRONGER),
        (asked((STRONG,)), asked((MIDDLE,)), WEAKER),
        (asked((STRONG,)), asked((TWIN,)), EQUAL),
        (asked((MFA,)), asked((MFA,), (MFA, DEVICE)), EQUAL),
        (asked((STRONG,)), asked((STRONG,), (MFA,)), EQUAL),
        (asked((MFA,)), asked((MFA, STRONG)), EQUAL),
        (asked((STRONG,), (DEVICE,)), asked((MFA,)), WEAKER),
        (asked((STRONG, DEVICE)), asked((MFA,)), APART),
        (asked((MFA,)), asked((PASSWORD,)), APART),
        (asked((MFA,), (DEVICE,)), frozenset({BLOCK}), STRONGER),
        (frozenset({BLOCK}), asked((MFA,), (DEVICE,)), WEAKER),
        (frozenset({BLOCK}), frozenset({BLOCK}) | asked((MFA,)), EQUAL),
        (asked((MFA,)), asked((UNREAD,)), OPEN),
        (asked((UNREAD,)), asked((UNREAD,)), EQUAL),
        (asked((ODD,)), asked((DEVICE,)), OPEN),
        (asked((MFA,)), asked((ODD,), (MFA,)), OPEN),
        (NOTHING, asked((ODD,)), STRONGER),
    ],
)
def test_requirements_are_compared(before: Requirement, after: Requirement, expected: Relation) -> None:
    assert compare(before, after) is expected


MIRROR = {EQUAL: EQUAL, STRONGER: WEAKER, WEAKER: STRONGER, APART: APART, OPEN: OPEN}
controls = st.sampled_from(
    [*(each for each in BuiltIn if each is not BuiltIn.BLOCK), WEAK, MIDDLE, STRONG, UNREAD, ODD, PASSWORD]
)
clauses = st.just(BLOCK) | st.frozensets(controls, min_size=1, max_size=2)
requirements = st.frozensets(clauses, max_size=3)
"""A block stands alone in its clause: `policy.conditional_access` makes no others."""


@given(requirements, requirements)
def test_seen_from_the_other_side_it_is_the_mirror(before: Requirement, after: Requirement) -> None:
    assert compare(after, before) is MIRROR[compare(before, after)]


@given(requirements, requirements)
def test_asking_for_more_is_never_weaker(before: Requirement, more: Requirement) -> None:
    assert compare(before, before | more) in (EQUAL, STRONGER, OPEN)
    assert compare(before, before) is EQUAL


@given(requirements, requirements, requirements)
def test_the_relation_is_transitive(one: Requirement, two: Requirement, three: Requirement) -> None:
    steps = {compare(one, two), compare(two, three)}
    if steps <= {EQUAL, STRONGER}:
        assert compare(one, three) in steps
