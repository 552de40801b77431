"""Which rules decide nothing: one that can never apply, one without which the tenant is the same; and which few rules do it all alone.

Exact, over all sign-ins to resources and all user actions of a universe's people. A rule that is like another is redundant beside it, and
so is that other: only one of the two can go.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import reduce
from itertools import combinations
from operator import or_

from perca.model import PolicyId, SignIn, Tenant
from perca.policy import Coordinate, Rule, can_be, decide, entails, rulebook, sign_in_of
from perca.prove.ask import check, no_less
from perca.prove.difference import about_difference, about_sessions
from perca.prove.inquiry import Inquiry
from perca.prove.questions import AlwaysMfa, Difference, NeverWeaker, covering, on_side
from perca.prove.walk import BudgetSpent, Question, Verdict, Walk
from perca.space import Column, Side, Space, Universe, at_user_actions, columns, space

MOST_RULES = 3
"""Sets of at most so many rules are looked for."""
MOST_TRIED = 16
"""Among at most so many rules: the number of sets grows with the third power."""


def without(tenant: Tenant, policy: PolicyId) -> Tenant:
    """The tenant as if the policy weren't there."""
    return replace(tenant, policies=tuple(each for each in tenant.policies if each.id != policy))


def never_applies(tenant: Tenant, rule: Rule, over: Universe) -> Coordinate | None:
    """A coordinate of which no value lets the rule apply, neither at a resource nor at a user action; None where it may apply somewhere."""
    column = (Column(rule, rulebook(tenant)),)
    found = [_nowhere(space(column, each)) for each in (over, at_user_actions(over))]
    return None if None in found else found[0]


def _nowhere(cut: Space) -> Coordinate | None:
    if not cut.may:
        return Coordinate.NOTHING
    return next((axis.coordinate for axis in cut.axes if not any(each.may for each in axis.classes)), None)


def is_redundant(tenant: Tenant, policy: PolicyId, over: Universe, budget: int = 100_000) -> bool | None:
    """Whether without the policy as much is asked for at each sign-in to a resource, and each session may last as long; None where that
    isn't known.

    At user actions nothing may be known to differ: whether policies on all resources reach them is documented both ways.
    """
    after, actions = without(tenant, policy), at_user_actions(over)
    if any(_asks_for_less(tenant, after, each) for each in _shown(tenant, policy, over)):
        return False
    ways = (about_difference, about_sessions)
    answers = [_same(about(tenant, after, over, budget)) for about in ways]
    if False in answers or False in (_same(about(tenant, after, actions, budget)) for about in ways):
        return False
    return None if None in answers else True


def _shown(tenant: Tenant, policy: PolicyId, over: Universe) -> Iterator[SignIn]:
    """A sign-in that can be at which the policy certainly applies, if one is at hand: most policies are told by it to be no redundant ones."""
    for column in columns(rulebook(tenant)):
        if column.rule.key == policy:
            cut = space((column,), over)
            sure = {
                axis.coordinate: each.sample
                for axis in cut.axes
                for each in axis.classes
                if cut.must & each.must
            }
            if len(sure) == len(cut.axes) and can_be(sign_in_of(sure)):
                yield sign_in_of(sure)


def _asks_for_less(before: Tenant, after: Tenant, sign_in: SignIn) -> bool:
    return no_less(decide(after, sign_in), decide(before, sign_in)) is Verdict.FAILS


def _same(asked: Inquiry[Difference]) -> bool | None:
    unsure = False
    try:
        for _, tally in asked.crowds():
            if any(Verdict.FAILS in label for label in tally.found):
                return False
            unsure = unsure or bool(tally.found)
    except BudgetSpent:
        return None
    return None if unsure else True


def instead_of(tenant: Tenant, rule: Rule, over: Universe, budget: int = 20_000) -> tuple[Rule, ...]:
    """The fewest other rules, at most MOST_RULES, that alone ask for no less wherever the rule may apply, of a rule on resources at
    resources; none where there are no such."""
    asked = frozenset(rule.clauses)
    others = [
        each
        for each in columns(rulebook(tenant))
        if each.rule.key != rule.key
        and any(entails(frozenset(each.rule.clauses), clause) for clause in asked)
    ]
    mine = replace(next(c for c in columns(rulebook(tenant)) if c.rule.key == rule.key), side=Side.BEFORE)
    sides = (mine, *(replace(each, side=Side.AFTER) for each in others))
    for universe in (over, at_user_actions(over)):
        cut = space(sides, universe, only_with=on_side(sides, Side.BEFORE))
        if _reached(cut, 1):
            return tuple(sides[at].rule for at in _fewest(cut, NeverWeaker(sides), 1, budget) or ())
    return ()


def covers_alone(tenant: Tenant, over: Universe, budget: int = 20_000) -> tuple[Rule, ...]:
    """The fewest rules, at most MOST_RULES, by which alone MFA (or a block) is required at each sign-in; none where there are no such."""
    check(over, tenant)
    chosen = covering(columns(rulebook(tenant)))
    found = _fewest(space(chosen, over), AlwaysMfa(), 0, budget)
    return () if found is None else tuple(chosen[position].rule for position in found)


def _fewest(cut: Space, question: Question[Verdict], always: int, budget: int) -> tuple[int, ...] | None:
    """The positions of the fewest columns with which, and those in `always`, the question holds everywhere; None where there are none."""
    tried = sorted(_useful(cut, always), key=lambda each: -_breadth(cut, each))[:MOST_TRIED]
    for size in range(MOST_RULES + 1):
        for chosen in combinations(tried, size):
            mask = reduce(or_, (1 << position for position in chosen), always)
            if _holds(replace(cut, must=cut.must & mask, may=cut.may & mask), question, budget):
                return chosen
    return None


def _holds(cut: Space, question: Question[Verdict], budget: int) -> bool:
    walk = Walk(cut, question, budget)
    try:
        return not any(walk.of_class(position).found for position in range(len(cut.axes[0].classes)))
    except BudgetSpent:
        return False


def _reached(cut: Space, mask: int) -> bool:
    """Whether one of the rules in the mask may apply to a value of each coordinate."""
    return all(any(each.may & mask for each in axis.classes) for axis in cut.axes)


def _useful(cut: Space, always: int) -> Iterator[int]:
    """The other columns that may apply somewhere."""
    for position in range(len(cut.columns)):
        bit = 1 << position
        if not bit & always and all(any(each.must & bit for each in axis.classes) for axis in cut.axes):
            yield position


def _breadth(cut: Space, position: int) -> float:
    """The part of all sign-ins at which the rule certainly applies."""
    part = 1.0
    for axis in cut.axes:
        part *= sum(each.weight for each in axis.classes if each.must >> position & 1) / axis.weight
    return part
