"""How two tenants differ: the walk's counts are those of trying every sign-in, both ways; and its regions hold what they say."""

from collections import Counter
from dataclasses import replace
from random import Random

import pytest

from perca.model import BuiltIn, Grant, Operator, SessionControls, SignInFrequency, Tenant
from perca.policy import decide, value_at
from perca.policy.session import weaker_session
from perca.prove import Change, Difference, Inquiry, Verdict, about_difference, about_sessions, exhaust
from perca.prove.questions import DIFFERENCES, SAME
from perca.prove.regions import regions
from perca.space import among
from support.random_tenants import UNIVERSE, Maker, sign_ins

ALL = list(sign_ins())
NUMBERS = range(45)


def pair(number: int) -> tuple[Tenant, Tenant]:
    maker = Maker(number, unknown=0.0 if number % 3 == 0 else 0.15)
    before = maker.tenant()
    after = before
    for _ in range(1 + number % 5):
        after = maker.edited(after)
    if number % 4 == 3 and after.policies:
        *others, last = after.policies
        blocking = replace(last, grant=Grant(Operator.OR, (BuiltIn.BLOCK,)))
        after = replace(after, policies=(*others, blocking))
    return before, after


def counted(asked: Inquiry[Difference]) -> Counter[Difference]:
    found: Counter[Difference] = Counter()
    for crowd, tally in asked.crowds():
        for label, (number, _) in tally.found.items():
            found[label] += crowd.weight * number
    return found


@pytest.mark.parametrize("number", NUMBERS)
def test_counts_are_those_of_every_sign_in(number: int) -> None:
    before, after = pair(number)
    wanted = exhaust.differences(before, after, ALL)
    del wanted[SAME]
    assert counted(about_difference(before, after, UNIVERSE)) == wanted


@pytest.mark.parametrize("number", range(20))
def test_regions_hold_each_difference_and_nothing_else(number: int) -> None:
    before, after = pair(number)
    found = regions(about_difference(before, after, UNIVERSE), DIFFERENCES, most=1000)
    assert found.complete
    for region in found.regions[:4]:
        inside = [
            sign_in
            for sign_in in ALL
            if all(among(side.values, value_at(sign_in, c)) for c, side in region.sides.items())
        ]
        assert exhaust.differences(before, after, inside) == {region.label: region.combinations}


def test_the_pairs_are_worth_their_while() -> None:
    """Each kind of change comes up: the laws above would be empty otherwise."""
    found: Counter[Change] = Counter()
    for number in range(90):
        found.update({way.change for way in counted(about_difference(*pair(number), UNIVERSE))})
    assert min(found[change] for change in Change if change is not Change.EQUAL) >= 1, found


def with_sessions(tenant: Tenant, number: int) -> Tenant:
    """The tenant, each of its policies with some limit to a session or none."""
    dice = Random(number)
    limits = [SignInFrequency(minutes, second) for minutes in (None, 60, 720) for second in (False, True)]
    sessions = [
        SessionControls(
            frequency=dice.choice([None, *limits]), persistent_browser=dice.choice([None, True, False])
        )
        for _ in tenant.policies
    ]
    policies = (replace(p, session=s) for p, s in zip(tenant.policies, sessions, strict=True))
    return replace(tenant, policies=tuple(policies))


@pytest.mark.parametrize("number", range(12))
def test_sessions_last_longer_where_decide_says_so(number: int) -> None:
    """Where everything is known the answer is that of the two decisions; where it isn't, nothing certain contradicts them."""
    tenant = Maker(number, unknown=0.0 if number % 2 else 0.15).tenant()
    before, after = with_sessions(tenant, number), with_sessions(tenant, number // 3)
    asked = about_sessions(before, after, UNIVERSE)
    told, some = counted(asked), ALL[number::7]
    wanted: Counter[Difference] = Counter()
    for sign_in in some if told.keys() & OPEN else ALL:
        limits = [decide(each, sign_in).lifetime for each in (before, after)]
        ways = [not weaker_session(*limits), not weaker_session(*reversed(limits))]
        wanted[Difference(*(Verdict.HOLDS if way else Verdict.FAILS for way in ways))] += 1
    del wanted[SAME]
    if not told.keys() & OPEN:
        assert told == wanted
    found = regions(asked, DIFFERENCES, most=1000)
    assert found.complete, "and each witness was held against decide"


OPEN = {way for way in DIFFERENCES if Verdict.UNKNOWN in way}
