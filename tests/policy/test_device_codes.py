"""At a device code no device can be shown: what is left of a demand there (case M66)."""

import pytest

from perca.model import BLOCK, AppId, BuiltIn, Clause, Flow, SignIn, UserId
from perca.policy import Rule, Source, as_asked, at_device_codes, without_devices

COMPLIANT, JOINED, MFA, TERMS = (
    BuiltIn.COMPLIANT_DEVICE,
    BuiltIn.DOMAIN_JOINED_DEVICE,
    BuiltIn.MFA,
    BuiltIn.PASSWORD_CHANGE,
)


def rule(*clauses: Clause) -> Rule:
    return Rule("r", Source("", "r", "R"), (), clauses)


@pytest.mark.parametrize(
    ("asked", "left"),
    [
        ({COMPLIANT}, BLOCK),
        ({COMPLIANT, JOINED}, BLOCK),
        ({COMPLIANT, MFA}, frozenset({MFA})),
        ({JOINED, MFA, TERMS}, frozenset({MFA, TERMS})),
        ({MFA}, frozenset({MFA})),
        ({BuiltIn.BLOCK}, BLOCK),
    ],
)
def test_what_is_left(asked: set[BuiltIn], left: Clause) -> None:
    clause: Clause = frozenset(asked)
    assert without_devices(frozenset({clause})) == {left}
    assert at_device_codes(rule(clause)).clauses == (left,)


def test_every_clause_is_looked_at_and_nothing_else_changes() -> None:
    both = rule(frozenset({COMPLIANT, MFA}), frozenset({TERMS}))
    left = at_device_codes(both)
    assert (left.key, left.source, left.enforced) == (both.key, both.source, True)
    assert set(left.clauses) == {frozenset({MFA}), frozenset({TERMS})}
    plain = rule(frozenset({TERMS}), frozenset({MFA}))
    assert at_device_codes(plain) is plain


@pytest.mark.parametrize("flow", [*Flow, None])
def test_only_where_it_certainly_began_with_a_code(flow: Flow | None) -> None:
    asked = rule(frozenset({COMPLIANT}))
    found = as_asked(asked, SignIn(UserId("ada"), flow=flow))
    assert (found is asked) is (flow is not Flow.DEVICE_CODE)
    of_workload = SignIn(None, workload=AppId("w"), flow=flow)
    assert as_asked(asked, of_workload) is asked
