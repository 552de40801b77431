"""What rules ask for together: a conjunction; report-only rules add nothing; a block is one clause beside the others."""

from dataclasses import replace

from perca.model import BLOCK, MFA, BuiltIn
from perca.policy import Rule, Source, covers, is_blocked, requirement, requires_mfa

SOURCE = Source("multiConditionalAccess", "p", "Policy")
DEVICE = frozenset({BuiltIn.COMPLIANT_DEVICE})
EITHER = frozenset({BuiltIn.MFA, BuiltIn.COMPLIANT_DEVICE})


def rule(*clauses: frozenset) -> Rule:
    return Rule("p", SOURCE, (), clauses)


def test_all_clauses_are_asked_for_once() -> None:
    assert requirement([rule(MFA, DEVICE), rule(MFA), rule()]) == {MFA, DEVICE}
    assert requirement([]) == frozenset()


def test_what_is_only_reported_is_not_asked_for() -> None:
    reported = replace(rule(MFA), enforced=False)
    assert requirement([reported, rule(DEVICE)]) == {DEVICE}
    assert not covers(reported)


def test_controls_of_several_policies_do_not_merge() -> None:
    assert requirement([rule(EITHER), rule(MFA)]) == {EITHER, MFA}
    assert requires_mfa(requirement([rule(EITHER), rule(MFA)]))
    assert not requires_mfa(requirement([rule(EITHER), rule(DEVICE)]))


def test_a_block_is_no_demand_of_mfa_and_covers_all_the_same() -> None:
    asked = requirement([rule(BLOCK)])
    assert is_blocked(asked)
    assert not requires_mfa(asked)
    assert covers(rule(BLOCK))


def test_a_rule_covers_iff_some_clause_of_it_needs_mfa() -> None:
    assert covers(rule(DEVICE, MFA))
    assert not covers(rule(DEVICE))
    assert not covers(rule(EITHER))
    assert not covers(rule())
