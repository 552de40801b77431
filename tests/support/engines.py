"""Which engines can run which sign-ins of the corpus, and how many they run, by grade."""

from __future__ import annotations

from collections import Counter
from typing import Any

from perca.model import (
    NATIVE,
    NO_CONTEXT,
    UNKNOWN_COUNTRY,
    UNREGISTERED,
    ClientApp,
    Platform,
    Scopes,
    SignIn,
    Tenant,
)
from perca.policy import Coordinate, No, Yes, decide, value_at
from perca.policy.conditional_access import PROVIDER
from perca.policy.dependencies import needed_by
from perca.space import Block, Universe
from support.cases import CASES, Case

ENGINES = {
    "decide": "test_decisions.py::test_decide",
    "masks": "test_decisions.py::test_masks_say",
    "walk": "test_decisions.py::test_the_walk",
    "exhaustive": "test_decisions.py::test_the_walk",
    "What-If": "test_what_if.py::test_the_served",
}
"""Each engine, with the test that runs it."""


def is_whole(tenant: Tenant, sign_in: SignIn) -> bool:
    """Whether the sign-in is one of the space: every fact known, of somebody whom the tenant holds, or of a stranger."""
    facts = (
        sign_in.client,
        sign_in.platform,
        sign_in.flow,
        sign_in.address,
        sign_in.country,
        sign_in.inside_corpnet,
        sign_in.compliant_network,
        sign_in.sign_in_risk,
        sign_in.user_risk,
        sign_in.insider_risk,
        sign_in.context,
        sign_in.scopes,
        sign_in.requester,
        sign_in.credential,
        sign_in.app or sign_in.action,
    )
    return (
        None not in facts
        and sign_in.client is not ClientApp.ALL
        and sign_in.platform is not Platform.ALL
        and (sign_in.external is None if sign_in.user in tenant.users else sign_in.user is None)
        and sign_in.workload is None
        and not sign_in.unrecognised
    )


def alone(sign_in: SignIn) -> Universe:
    """The universe of that one sign-in."""
    at: dict[Coordinate, Any] = {each: value_at(sign_in, each) for each in Coordinate}
    network = at[Coordinate.NETWORK]
    address = network.address
    return Universe(
        people=() if sign_in.user is None else (sign_in.user,),
        strangers=() if sign_in.external is None else (sign_in.external,),
        targets=(at[Coordinate.TARGET],),
        channels=(at[Coordinate.CHANNEL],),
        addresses=(Block(address.version, int(address), int(address)),),
        countries=(network.country,),
        inside_corpnet=(network.inside_corpnet,),
        compliant_network=(network.compliant,),
        contexts=(at[Coordinate.CONTEXT],),
        sign_in_risks=(at[Coordinate.SIGN_IN_RISK],),
        user_risks=(at[Coordinate.USER_RISK],),
        insider_risks=(at[Coordinate.INSIDER_RISK],),
        devices=(at[Coordinate.DEVICE],),
    )


def told(tenant: Tenant, sign_in: SignIn) -> dict[str, bool]:
    """What `decide` knows for certain of each policy on that takes part, by id: whether it applies."""
    return {
        each.rule.source.id: isinstance(each.answer, Yes)
        for each in decide(tenant, sign_in).rules
        if each.rule.source.provider == PROVIDER and isinstance(each.answer, Yes | No)
    }


def is_sayable(tenant: Tenant, sign_in: SignIn) -> bool:
    """Whether What-If's request can say it, and What-If means the same by it, of somebody in the directory.

    Left out are service dependencies, which it ignores, and user actions, which it counts as resources (FACTS.md 4 and 14.2).
    """
    fresh = (sign_in.context, sign_in.scopes, sign_in.requester) == (NO_CONTEXT, Scopes.MORE, NATIVE)
    return (
        sign_in.user in tenant.users
        and sign_in.external is None
        and sign_in.app is not None
        and not needed_by(sign_in.app)
        and fresh
        and not sign_in.inside_corpnet
        and not sign_in.compliant_network
        and sign_in.country not in (None, UNKNOWN_COUNTRY)
        and sign_in.address is not None
        and sign_in.client is not None
        and sign_in.platform not in (None, Platform.UNKNOWN)
        and None not in (sign_in.flow, sign_in.sign_in_risk, sign_in.user_risk, sign_in.insider_risk)
        and (sign_in.device.whole or sign_in.device.trust_type == UNREGISTERED)
        and not sign_in.unrecognised
        and bool(told(tenant, sign_in))
    )


def _of(tenant: Tenant, sign_in: SignIn) -> set[str]:
    found = {"decide"}
    if is_whole(tenant, sign_in):
        found |= {"masks", "walk", "exhaustive"}
    return found | {"What-If"} if is_sayable(tenant, sign_in) else found


def engines(case: Case) -> tuple[str, ...]:
    """The engines that can run at least one sign-in of the case, in their order."""
    able = {name for sign_in, _ in case.sign_ins for name in _of(case.tenant, sign_in)}
    return tuple(name for name in ENGINES if name in able)


def counted() -> dict[str, Counter[str]]:
    """How many sign-ins each engine runs, by the grade of their cases."""
    numbers: dict[str, Counter[str]] = {name: Counter() for name in ENGINES}
    for case in CASES.values():
        for sign_in, _ in case.sign_ins:
            for name in _of(case.tenant, sign_in):
                numbers[name][case.grade] += 1
    return numbers
