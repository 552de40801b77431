"""Coverage: for each person, whether MFA (or a block) is required always, sometimes or never; by all sources or by some.

The walk of `always_mfa`, read person by person.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from enum import StrEnum

from perca.model import Tenant, UserId
from perca.policy import Principal, Rule, rulebook
from perca.prove.budget import Budget
from perca.prove.engine import Engine
from perca.prove.plain import in_question
from perca.prove.questions import AlwaysMfa, covering
from perca.prove.walk import BudgetSpent, Tally, Verdict, Walk
from perca.space import TooManyDevices, Universe, columns, space, universe_of


class Coverage(StrEnum):
    """At how many of a person's sign-ins nobody gets in without MFA."""

    ALWAYS = "always"
    SOMETIMES = "sometimes"
    NEVER = "never"
    NOT_ASSESSED = "notAssessed"


def coverage(
    tenant: Tenant,
    people: Iterable[UserId] | None = None,
    *,
    rules: Callable[[Rule], bool] = lambda rule: True,
    universe: Universe | None = None,
    budget: Budget | int = 500_000,
) -> dict[UserId, Coverage]:
    """Each person's coverage by the sources for whose rules `rules` is true; NOT_ASSESSED too when the budget is spent."""
    asked = tuple(tenant.users if people is None else people)
    try:
        over = universe or universe_of(tenant, people=asked)
    except TooManyDevices:
        return dict.fromkeys(asked, Coverage.NOT_ASSESSED)
    chosen = tuple(c for c in columns(rulebook(tenant)) if rules(c.rule))
    cut = space(covering(chosen), over)
    return covered(Engine(Walk(cut, AlwaysMfa(), budget)), over.people)


def covered(engine: Engine[Verdict], people: Sequence[UserId]) -> dict[UserId, Coverage]:
    """Each person's coverage, by the walk of `always_mfa`."""
    each, classes = engine.walk.rests[1].possible().number, engine.walk.space.axes[0].classes
    found = dict.fromkeys(people, Coverage.ALWAYS)
    for position in in_question(engine.walk):
        try:
            word = _word(engine.of_class(position), each)
        except BudgetSpent:
            word = Coverage.NOT_ASSESSED
        if word is not Coverage.ALWAYS:
            who = (value for value in classes[position].values if isinstance(value, Principal))
            found.update((one.user, word) for one in who if one.user is not None)
    return found


def _word(tally: Tally[Verdict], each: int) -> Coverage:
    fails, unknown = tally.number(Verdict.FAILS), tally.number(Verdict.UNKNOWN)
    covered = each - fails - unknown
    if covered == each:
        return Coverage.ALWAYS
    if fails and covered:
        return Coverage.SOMETIMES
    return Coverage.NOT_ASSESSED if unknown else Coverage.NEVER
