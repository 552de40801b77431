"""How two tenants differ: what the one asks for at each sign-in beside the other, and how long a session may last.

The two are one tenant at two moments, as for `never_weaker`.
"""

from __future__ import annotations

from perca.model import SignIn, Tenant
from perca.policy import Rule, decide
from perca.policy.session import weaker_session
from perca.prove.ask import check, hold, no_less, sides_of, taken
from perca.prove.budget import Budget
from perca.prove.inquiry import Disagreement, Inquiry, Witness
from perca.prove.questions import Difference, Differing, Lasting, bearing, changed, limiting
from perca.prove.walk import Verdict, Walk
from perca.space import Side, Universe, space


def about_difference(
    before: Tenant, after: Tenant, over: Universe, budget: Budget | int = 500_000
) -> Inquiry[Difference]:
    """What `after` asks for at each sign-in, beside `before`; raises BadInput as `never_weaker` does."""
    check(over, before, after)
    sides = sides_of(before, after, over)
    bear = {id(column) for way in (Side.BEFORE, Side.AFTER) for column in bearing(sides, way)}
    sides = tuple(column for column in sides if id(column) in bear)
    cut = space(sides, over, only_with=changed(sides))

    def confirm(sign_in: SignIn, label: Difference) -> Witness:
        was, now = decide(before, sign_in), decide(after, sign_in)
        hold(label.no_less, no_less(now, was), sign_in)
        hold(label.no_more, no_less(was, now), sign_in)
        return Witness(sign_in, now, was, assessed=Verdict.UNKNOWN not in label)

    walk = Walk(cut, Differing(sides), budget)
    return Inquiry("difference", over, walk, confirm, taken(before, after, over))


def about_sessions(
    before: Tenant, after: Tenant, over: Universe, budget: Budget | int = 500_000
) -> Inquiry[Difference]:
    """Whether a session may last no longer in `after` than in `before`, and no shorter; raises BadInput as `never_weaker` does."""
    check(over, before, after)
    sides = limiting(sides_of(before, after, over, alike=_limit_the_same))
    cut = space(sides, over, only_with=changed(sides))

    def confirm(sign_in: SignIn, label: Difference) -> Witness:
        was, now = decide(before, sign_in), decide(after, sign_in)
        if Verdict.UNKNOWN not in label:
            told = (
                not weaker_session(was.lifetime, now.lifetime),
                not weaker_session(now.lifetime, was.lifetime),
            )
            if told != (label.no_less is Verdict.HOLDS, label.no_more is Verdict.HOLDS):
                raise Disagreement(f"walk and decide disagree on {sign_in}")
        return Witness(sign_in, now, was, assessed=Verdict.UNKNOWN not in label)

    return Inquiry("sessions", over, Walk(cut, Lasting(sides), budget), confirm, taken(before, after, over))


def _limit_the_same(rule: Rule, twin: Rule) -> bool:
    return rule.session == twin.session
