"""The other engine: every raw sign-in that can be, one by one, judged by `policy` alone. It shares nothing with the walk but the meaning and
the names of the answers.

Unknown rules are tried both ways, and so are controls of unknown grade: a question holds for a sign-in iff it holds for every
completion of what is unknown, and fails iff it fails for every one. Which unknowns two tenants share is `policy.reads`'s word, here
as there; that word is checked by hiding facts that are known (tests/laws).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

from perca.model import Requirement, SignIn, Tenant, UserId
from perca.policy import (
    No,
    Rule,
    Rulebook,
    Yes,
    applies,
    as_asked,
    can_be,
    covers,
    entails,
    is_blocked,
    is_shut_out,
    requirement,
    rulebook,
)
from perca.policy.reads import SideBySide
from perca.prove.questions import Difference
from perca.prove.walk import Verdict

MOST_UNKNOWN = 12
"""More unknown rules than this for one sign-in and `exhaust` refuses: 2 to that power completions are tried."""


@dataclass(frozen=True, slots=True)
class Count:
    """How many sign-ins there were, how many fail, how many aren't assessed, and whom each concerns."""

    total: int
    fails: int
    unassessed: int
    failing_people: frozenset[UserId]
    unassessed_people: frozenset[UserId]


def always_mfa(tenant: Tenant, sign_ins: Iterable[SignIn]) -> Count:
    """Counts the sign-ins at which no rule lets nobody in without MFA."""
    book = rulebook(tenant)
    return _count(_judge_one(book, sign_in) for sign_in in sign_ins if can_be(sign_in))


def never_weaker(before: Tenant, after: Tenant, sign_ins: Iterable[SignIn]) -> Count:
    """Counts the sign-ins at which the tenant after asks for less than the tenant before."""
    asked = tuple(each for each in sign_ins if can_be(each))
    first, second = rulebook(before), rulebook(after)
    same = _same(first, second, asked)
    return _count(_judge_two(first, second, same, sign_in) for sign_in in asked)


def differences(before: Tenant, after: Tenant, sign_ins: Iterable[SignIn]) -> Counter[Difference]:
    """How many sign-ins differ in each way: whether the tenant after asks for no less, and whether for no more."""
    asked = tuple(each for each in sign_ins if can_be(each))
    first, second = rulebook(before), rulebook(after)
    same = _same(first, second, asked)
    return Counter(
        Difference(
            _verdict(_judge_two(first, second, same, sign_in)[1]),
            _verdict(_judge_two(second, first, same, sign_in)[1]),
            _newly_blocked(first, second, sign_in),
        )
        for sign_in in asked
    )


def _newly_blocked(before: Rulebook, after: Rulebook, sign_in: SignIn) -> bool:
    """Whether a block certainly applies after, and none can before."""
    must, unknown = _split(before, sign_in)
    blocked = is_blocked(requirement(_split(after, sign_in)[0]))
    return blocked and not is_blocked(requirement([*must, *unknown.values()]))


def _same(first: Rulebook, second: Rulebook, asked: Iterable[SignIn]) -> dict[str, frozenset[UserId]]:
    """For each rule that both have, for whom it looks at the same facts."""
    both = SideBySide(first, second, frozenset(sign_in.user for sign_in in asked if sign_in.user is not None))
    twins = {rule.key: rule for rule in second.rules}
    return {
        rule.key: both.same(rule, twins[rule.key]) if rule.key in twins else frozenset()
        for rule in first.rules
    }


def _verdict(verdicts: set[bool]) -> Verdict:
    if len(verdicts) > 1:
        return Verdict.UNKNOWN
    return Verdict.HOLDS if True in verdicts else Verdict.FAILS


def _judge_one(book: Rulebook, sign_in: SignIn) -> tuple[UserId | None, set[bool]]:
    must, unknown = _split(book, sign_in)
    verdicts = {
        any(
            covers(as_asked(rule, sign_in), unknown_as=grade) or is_shut_out(rule, sign_in, unknown_as=grade)
            for rule in [*must, *chosen]
        )
        for chosen in _completions(list(unknown.values()))
        for grade in (False, True)
    }
    return sign_in.user, verdicts


def _judge_two(
    before: Rulebook, after: Rulebook, same: Mapping[str, frozenset[UserId]], sign_in: SignIn
) -> tuple[UserId | None, set[bool]]:
    must_before, unknown_before = _split(before, sign_in)
    must_after, unknown_after = _split(after, sign_in)
    shared = {
        key: rule
        for key, rule in unknown_before.items()
        if key in unknown_after and sign_in.user in same[key]
    }
    mine = [rule for key, rule in unknown_before.items() if key not in shared]
    theirs = [rule for key, rule in unknown_after.items() if key not in shared]
    verdicts: set[bool] = set()
    for both in _completions(list(shared.values())):
        for old in _completions(mine):
            for new in _completions(theirs):
                asked = requirement([*must_before, *both, *old])
                verdicts |= _enough(requirement([*must_after, *both, *new]), asked)
    return sign_in.user, verdicts


@lru_cache(maxsize=4096)
def _enough(given: Requirement, asked: Requirement) -> frozenset[bool]:
    """Whether whoever meets the one meets the other, for the least and the most that controls of unknown grade may mean."""
    return frozenset(
        all(entails(given, clause, unknown_as=grade) for clause in asked) for grade in (False, True)
    )


def _split(book: Rulebook, sign_in: SignIn) -> tuple[list[Rule], dict[str, Rule]]:
    must: list[Rule] = []
    unknown: dict[str, Rule] = {}
    for rule in book.rules:
        if rule.enforced:
            answer = applies(rule, book, sign_in)
            if isinstance(answer, Yes):
                must.append(rule)
            elif not isinstance(answer, No):
                unknown[rule.key] = rule
    if len(unknown) > MOST_UNKNOWN:
        raise ValueError(f"{len(unknown)} unknown rules are too many to try")
    return must, unknown


def _completions(unknown: list[Rule]) -> Iterator[list[Rule]]:
    for choice in product((False, True), repeat=len(unknown)):
        yield [rule for rule, chosen in zip(unknown, choice, strict=True) if chosen]


def _count(judged: Iterable[tuple[UserId | None, set[bool]]]) -> Count:
    total = fails = unassessed = 0
    failing: set[UserId] = set()
    unclear: set[UserId] = set()
    for person, verdicts in judged:
        total += 1
        if verdicts == {False}:
            fails += 1
            if person is not None:
                failing.add(person)
        elif False in verdicts:
            unassessed += 1
            if person is not None:
                unclear.add(person)
    return Count(total, fails, unassessed, frozenset(failing), frozenset(unclear - failing))
