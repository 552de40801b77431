"""How long a session may last: what the walk says of two tenants is what `decide` says of every sign-in.

What they ask for is compared in test_engines_agree.py.
"""

from collections import Counter
from dataclasses import replace
from random import Random

import pytest

from perca.model import SessionControls, SignInFrequency, Tenant
from perca.policy import decide
from perca.policy.session import weaker_session
from perca.prove import Difference, Inquiry, Verdict, about_sessions
from perca.prove.questions import DIFFERENCES, SAME
from perca.prove.regions import regions
from support.random_tenants import UNIVERSE, Maker, sign_ins

ALL = list(sign_ins())


def counted(asked: Inquiry[Difference]) -> Counter[Difference]:
    found: Counter[Difference] = Counter()
    for crowd, tally in asked.crowds():
        for label, (number, _) in tally.found.items():
            found[label] += crowd.weight * number
    return found


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
