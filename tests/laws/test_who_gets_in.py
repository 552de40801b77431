"""Who gets in is what `decide` says of each sign-in, one by one: counts, people, verdicts, with and without things unknown."""

from collections import Counter
from dataclasses import replace

import pytest

from perca.errors import BadInput
from perca.model import ClientApp, Credential, Device, Flow, Platform, Registration, RiskLevel, SignIn, Tenant
from perca.policy import Channel, No, Outcome, can_be, decide, outcome
from perca.policy.capability import capability_of
from perca.policy.requirement import demand
from perca.prove.locked_out import Access, access
from perca.prove.walk import Verdict
from perca.space import NO_DEVICE, Block
from support.dice import Dice
from support.random_tenants import BLOCK, CHANNELS, PEOPLE, UNIVERSE, Maker, sign_ins
from support.walked import universe_of_raw
from support.whole_policies import Theme
from support.whole_sign_ins import raw_values
from support.whole_tenants import whole_tenant

WINDOWS = Platform.WINDOWS
WAYS = (
    Channel(ClientApp.BROWSER, WINDOWS, Credential.PASSWORD, Flow.DEVICE_CODE),
    Channel(ClientApp.BROWSER, WINDOWS, Credential.CERTIFICATE, Flow.NONE),
    Channel(ClientApp.BROWSER, WINDOWS, Credential.TEMPORARY_ACCESS_PASS, Flow.NONE),
)
OVER = replace(
    UNIVERSE,
    channels=(*CHANNELS, *WAYS),
    addresses=(Block(4, BLOCK.first + 2, BLOCK.first + 3),),
    devices=(NO_DEVICE, Device(True, "ServerAD", whole=True), Device(None, "AzureAD", whole=True)),
)
ALL = list(sign_ins(OVER))
NARROW = replace(
    OVER,
    channels=CHANNELS[:1],
    targets=OVER.targets[:1],
    devices=OVER.devices[:1],
    sign_in_risks=(RiskLevel.NONE,),
)
FEW = list(sign_ins(NARROW))


def verdict(tenant: Tenant, sign_in: SignIn) -> Verdict:
    """Barred iff `decide` says blocked; in iff not even all rules that may apply could keep the person out."""
    decision = decide(tenant, sign_in)
    if decision.outcome is Outcome.BLOCKED:
        return Verdict.FAILS
    may = [each.rule for each in decision.rules if each.rule.enforced and not isinstance(each.answer, No)]
    worst = outcome(demand(may), capability_of(tenant, sign_in))
    return Verdict.HOLDS if worst in (Outcome.GRANTED, Outcome.PROMPT) else Verdict.UNKNOWN


def agree(tenant: Tenant, found: list[Access], tried: list[SignIn]) -> None:
    counts = {person: Counter[Verdict]() for each in found for person in each.people}
    for sign_in in tried:
        if sign_in.user is not None:
            counts[sign_in.user][verdict(tenant, sign_in)] += 1
    for each in found:
        for person in each.people:
            count = counts[person]
            assert (each.barred, each.unknown) == (count[Verdict.FAILS], count[Verdict.UNKNOWN])
            assert each.combinations == count.total()
            assert each.ever is (True if count[Verdict.HOLDS] else None if count[Verdict.UNKNOWN] else False)
        for witness, expected in ((each.witness, Verdict.FAILS), (each.unclear, Verdict.UNKNOWN)):
            assert (witness is not None) == (counts[each.people[0]][expected] > 0)
            assert witness is None or verdict(tenant, witness.sign_in) is expected


def with_registrations(tenant: Tenant) -> Tenant:
    """The tenant; the first person can do MFA, and of the second nothing is known."""
    more = {PEOPLE[0]: Registration(PEOPLE[0], True, True, ("mobilePhone", "fido2"))}
    return replace(
        tenant, registrations={p: r for p, r in {**tenant.registrations, **more}.items() if p != PEOPLE[1]}
    )


def random_tenant(number: int) -> Tenant:
    return with_registrations(Maker(number, unknown=0.0 if number % 3 == 0 else 0.2).tenant())


@pytest.mark.parametrize("number", range(12))
def test_counts_and_people(number: int) -> None:
    tenant = random_tenant(number)
    agree(tenant, list(access(tenant, OVER)), ALL)


@pytest.mark.parametrize("number", range(60))
def test_where_there_is_one_way_alone(number: int) -> None:
    tenant = random_tenant(number)
    agree(tenant, list(access(tenant, NARROW)), FEW)


@pytest.mark.slow
@pytest.mark.parametrize("number", range(12))
def test_tenants_of_every_shape(number: int) -> None:
    dice = Dice(number, (0.0, 0.06, 0.2)[number % 3])
    theme = tuple(Theme)[number % len(Theme)]
    tenant = whole_tenant(dice, theme)
    raw = raw_values(dice, theme)
    agree(tenant, list(access(tenant, universe_of_raw(raw))), list(filter(can_be, raw.sign_ins())))


def test_the_random_tenants_are_worth_their_while() -> None:
    """Each answer comes up often: the laws above would be empty otherwise."""
    found = [each for number in range(60) for each in access(random_tenant(number), NARROW)]
    ever = Counter(each.ever for each in found)
    always = Counter(each.always for each in found)
    assert min(ever[True], ever[False], ever[None]) >= 4
    assert min(always[True], always[False], always[None]) >= 4


def test_a_budget_that_is_spent_decides_nothing() -> None:
    (found, *_) = access(random_tenant(4), OVER, budget=1)
    assert (found.ever, found.always, found.not_decided) == (None, None, "more than 1 states")


def test_a_question_about_nobody_is_no_question() -> None:
    with pytest.raises(BadInput, match="nobody"):
        list(access(random_tenant(4), replace(OVER, people=())))
