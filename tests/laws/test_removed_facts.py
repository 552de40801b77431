"""Without a fact nothing is claimed that isn't true with it: of the sign-in, one part at a time; of the tenant, one thing unread.

So no missing fact turns "required" or "not assessed" into "not required", nor a block or a prompt into a sign-in that is let in. Thousands
of whole tenants; of two tenants side by side, and of all sign-ins at once, see test_hiding_facts.py.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

import pytest

from perca.model import UNREGISTERED, Device, Session, SignIn, Tenant
from perca.policy import Decision, Mfa, Outcome, Unknown, decide
from support.dice import Dice
from support.hiding import facts
from support.many import many
from support.whole_sign_ins import random_sign_in
from support.whole_tenants import whole_tenant

PARTS = (
    "scopes",
    "requester",
    "context",
    "client",
    "platform",
    "credential",
    "flow",
    "address",
    "country",
    "inside_corpnet",
    "compliant_network",
    "sign_in_risk",
    "user_risk",
    "insider_risk",
    "workload_risk",
)
FRESH = ("session", "credential")
"""Of these nothing told is taken for a fresh sign-in with a password (see the outcome's rules): that may claim more, and never a grant."""


@pytest.mark.slow
@many(2_000, 200)
def test_of_the_sign_in(numbers: range) -> None:
    for number in numbers:
        dice = Dice(number, unknown=0.05)
        tenant = without_agents(whole_tenant(dice))
        full = random_sign_in(dice)
        true = decide(tenant, full)
        for part, less in dice.some(tuple(without(full)), 8, 8):
            claimed = decide(tenant, less)
            assert claimed.mfa in (Mfa.NOT_ASSESSED, true.mfa), part
            if part not in FRESH:
                assert claimed.outcome in (Outcome.NOT_ASSESSED, true.outcome), part
            elif true.outcome is not Outcome.GRANTED:
                assert claimed.outcome is not Outcome.GRANTED, part
            said_is_so(claimed, true)


@pytest.mark.slow
@many(2_000, 200)
def test_of_the_session_nothing_changes_what_is_required(numbers: range) -> None:
    """It shapes how a sign-in ends: one of which nothing is told is a fresh one, and that is another sign-in."""
    for number in numbers:
        dice = Dice(number, unknown=0.05)
        tenant = whole_tenant(dice)
        full = random_sign_in(dice)
        true, fresh = decide(tenant, full), decide(tenant, replace(full, session=Session()))
        assert (fresh.mfa, fresh.guaranteed, fresh.possible) == (true.mfa, true.guaranteed, true.possible)
        assert [each.answer for each in fresh.rules] == [each.answer for each in true.rules]


def without_agents(tenant: Tenant) -> Tenant:
    """With the people as people: a question that names nobody is about a person, so a name may not show an agent."""
    return replace(tenant, users={id: replace(each, is_agent=False) for id, each in tenant.users.items()})


def without(full: SignIn) -> Iterator[tuple[str, SignIn]]:
    """The sign-in without one fact, and which one.

    Without any word on who signs in it would be a stranger's; without the kind, where a person is named, the directory's word on them would
    count, which needn't be the same.
    """
    for part in PARTS:
        if getattr(full, part, None) is not None:
            yield part, replace(full, **{part: None})
    if full.action is None:
        yield "app", replace(full, app=None)
    if full.external is not None:
        yield "home", replace(full, external=replace(full.external, tenant=None))
        if full.user is None:
            yield "kind", replace(full, external=replace(full.external, kind=None))
        elif full.external.kind is not None and full.external.kind.has_object:
            yield "user", replace(full, user=None)
    for device in less_of(full.device):
        yield "device", replace(full, device=device)
    for part in ("mfa", "remembered", "home_mfa", "methods"):
        yield "session", replace(full, session=replace(full.session, **{part: None}))


def less_of(full: Device) -> Iterator[Device]:
    yield Device()
    if full.trust_type != UNREGISTERED:
        yield replace(full, compliant=None, whole=False)
        yield replace(full, trust_type=None, whole=False)
        for held in sorted(full.properties, key=str):
            yield replace(full, properties=full.properties - {held}, whole=False)


@pytest.mark.slow
@many(2_000, 200)
def test_of_the_tenant(numbers: range) -> None:
    for number in numbers:
        dice = Dice(number, unknown=0.05, settling=False)
        tenant = whole_tenant(dice)
        sign_ins = [random_sign_in(dice) for _ in range(3)]
        for hidden in dice.some(tuple(facts(tenant)), 5, 5):
            seen = hidden(tenant)
            for sign_in in sign_ins:
                claimed, true = decide(seen, sign_in), decide(tenant, sign_in)
                assert claimed.mfa in (Mfa.NOT_ASSESSED, true.mfa)
                assert set(claimed.sources) <= set(true.sources)
                assert set(claimed.blocked_by) <= set(true.blocked_by)
                assert claimed.outcome in (Outcome.NOT_ASSESSED, true.outcome)
                said_is_so(claimed, true)


def said_is_so(claimed: Decision, true: Decision) -> None:
    """Rule by rule, of the rules that are in both."""
    full = {each.rule.key: each for each in true.rules}
    for each in claimed.rules:
        if each.rule.key in full and not isinstance(each.answer, Unknown):
            assert type(each.answer) is type(full[each.rule.key].answer), each.rule.key


def test_the_facts_matter() -> None:
    """Each part, removed, leaves some answer open that was certain: the laws above would be empty otherwise."""
    opened: Counter[str] = Counter()
    for number in range(1_200):
        dice = Dice(number)
        tenant = whole_tenant(dice)
        full = random_sign_in(dice)
        was = decide(tenant, full)
        for part, less in dice.some(tuple(without(full)), 6, 6):
            now = decide(tenant, less)
            opened[part] += sum(
                isinstance(less_sure.answer, Unknown) and not isinstance(sure.answer, Unknown)
                for sure, less_sure in zip(was.rules, now.rules, strict=True)
            )
            opened[part] += (was.outcome, was.mfa) != (now.outcome, now.mfa)
    seldom = {part for part, _ in opened.items() if not opened[part]}
    assert seldom == set()
    assert {"user", "app", "device", "kind", "home", *PARTS} - {"workload_risk"} <= opened.keys()
