"""An attacker with certain means: what stops them, what doesn't, and that `decide` says so of each sign-in left to them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from perca.errors import BadInput
from perca.model import BuiltIn, ClientApp, ClientAppCondition, Grant, Operator, PerUserState, Tenant
from perca.policy import Outcome, decide
from perca.policy.strengths import is_mfa_grade
from perca.prove import Verdict, answer
from perca.prove.reachable import Attacker, about_reach, left_to
from perca.space import universe_of
from support.random_tenants import UNIVERSE, Maker, sign_ins

MANAGED = {BuiltIn.COMPLIANT_DEVICE, BuiltIn.DOMAIN_JOINED_DEVICE}


def asking(*controls: BuiltIn, clients: frozenset[ClientApp] = frozenset({ClientApp.ALL})) -> Tenant:
    """A tenant of one person and one policy that asks for these of everybody, everywhere."""
    maker = Maker(0, unknown=0.0)
    tenant, broad = maker.tenant(), maker.broad()
    policy = replace(
        broad,
        users=replace(broad.users, exclude=type(broad.users.exclude)()),
        client_apps=ClientAppCondition(clients),
        grant=Grant(Operator.OR, controls),
    )
    id, user = next(iter(tenant.users.items()))
    return replace(
        tenant,
        users={id: replace(user, per_user_mfa=PerUserState.DISABLED)},
        policies=(policy,),
        security_defaults=False,
    )


def holds(tenant: Tenant, *means: Attacker) -> bool | None:
    return answer(about_reach(tenant, universe_of(tenant, people=tenant.users), means)).holds


@pytest.mark.parametrize(
    ("controls", "kept_out", "with_legacy_clients", "by_device_code"),
    [
        ((BuiltIn.MFA,), True, True, False),  # whoever enters the code does it
        ((BuiltIn.BLOCK,), True, True, True),
        ((BuiltIn.MFA, BuiltIn.COMPLIANT_DEVICE), True, True, False),
        ((BuiltIn.DOMAIN_JOINED_DEVICE,), True, True, True),  # which no device code shows
        ((BuiltIn.MFA, BuiltIn.COMPLIANT_APPLICATION), False, None, False),  # ActiveSync is sent to Outlook
        ((BuiltIn.PASSWORD_CHANGE,), False, True, False),
    ],
)
@pytest.mark.parametrize("means", Attacker)
def test_what_stops_an_attacker(
    controls: tuple[BuiltIn, ...],
    kept_out: bool,
    with_legacy_clients: bool | None,
    by_device_code: bool,
    means: Attacker,
) -> None:
    odd = {Attacker.LEGACY_CLIENT: with_legacy_clients, Attacker.DEVICE_CODE: by_device_code}
    assert holds(asking(*controls), means) is odd.get(means, kept_out)


def test_a_policy_for_modern_clients_leaves_the_legacy_ones_open() -> None:
    tenant = asking(BuiltIn.MFA, clients=frozenset({ClientApp.BROWSER, ClientApp.MODERN}))
    assert holds(tenant, Attacker.PASSWORD) is True
    assert holds(tenant, Attacker.LEGACY_CLIENT) is False


def test_means_that_do_not_go_together() -> None:
    with pytest.raises(BadInput, match="no sign-in is left"):
        holds(asking(BuiltIn.MFA), Attacker.LEGACY_CLIENT, Attacker.DEVICE_CODE)


@pytest.mark.parametrize("number", range(20))
def test_it_counts_what_decide_says(number: int) -> None:
    tenant = Maker(number, unknown=0.0 if number % 2 else 0.2).tenant()
    means = (Attacker.PASSWORD,) if number % 3 else (Attacker.LEGACY_CLIENT,)
    proof = answer(about_reach(tenant, UNIVERSE, means))
    decisions = [decide(tenant, each) for each in sign_ins(left_to(means, UNIVERSE))]
    sure = sum(
        any(all(c is BuiltIn.BLOCK or c in MANAGED or is_mfa_grade(c) for c in x) for x in d.guaranteed)
        or (d.outcome is Outcome.BLOCKED and means == (Attacker.LEGACY_CLIENT,))
        for d in decisions
    )
    assert proof.combinations - proof.failing - proof.unassessed == sure
    assert proof.holds is (False if proof.failing else None if proof.unassessed else True)
    assert Verdict.HOLDS is about_reach(tenant, UNIVERSE, means).walk.question.fine
