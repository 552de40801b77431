"""Every real policy gets an answer: whether it applies, or what isn't known; and one that isn't understood never applies for certain."""

from __future__ import annotations

import ipaddress
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from perca.model import (
    AppId,
    ClientApp,
    ConditionalAccessPolicy,
    Credential,
    Device,
    PerUserState,
    Platform,
    PolicyState,
    SignIn,
    Tenant,
    User,
    UserId,
)
from perca.policy import No, Unknown, Yes, decide
from perca.wire import as_what_if, decode, load, read_policies
from perca.wire.named import unrecognised_parts

ADA = UserId("aaaaaaaa-0000-4000-8000-00000000000a")
MAIL = AppId("00000002-0000-0ff1-ce00-000000000000")
PLAIN = as_what_if(
    SignIn(
        ADA,
        MAIL,
        ClientApp.BROWSER,
        Platform.WINDOWS,
        ipaddress.ip_address("203.0.113.9"),
        credential=Credential.PASSWORD,
        device=Device(True, "AzureAD", whole=True),
        country="de",
    )
)
ASKED = (
    PLAIN,
    replace(PLAIN, client=ClientApp.OTHER, platform=Platform.UNKNOWN),
    replace(PLAIN, client=ClientApp.MODERN, platform=Platform.IOS, device=Device(False, "none", whole=True)),
)


@pytest.fixture(scope="module")
def real(shared_fixtures: Path) -> list[ConditionalAccessPolicy]:
    files = sorted((shared_fixtures / "policies").rglob("*.json"))
    return [policy for file in files for policy in read_policies(decode(load(file), file.name), file.name)]


def alone(policy: ConditionalAccessPolicy) -> Tenant:
    """A tenant with that policy, turned on, and one member."""
    ada = User(ADA, "ada@example.com", per_user_mfa=PerUserState.DISABLED, user_type="Member")
    return Tenant(
        users={ADA: ada},
        policies=(replace(policy, state=PolicyState.ENABLED),),
        security_defaults=False,
        taken_at="2026-11-24",
    )


def test_every_policy_gets_an_answer(real: list[ConditionalAccessPolicy]) -> None:
    """And what leaves it open is named: a group, a place or a strength that the tenant lacks, or a part that isn't understood."""
    kinds: Counter[type] = Counter()
    for policy in real:
        for sign_in in ASKED:
            (answer,) = [a.answer for a in decide(alone(policy), sign_in).rules if a.rule.key == policy.id]
            kinds[type(answer)] += 1
            if isinstance(answer, Unknown):
                assert answer.facts, policy.display_name
            else:
                assert answer.because, policy.display_name
    assert min(kinds[kind] for kind in (Yes, No, Unknown)) > 5, kinds


def test_one_with_a_condition_that_is_not_understood_never_applies_for_certain(
    real: list[ConditionalAccessPolicy],
) -> None:
    strange = [policy for policy in real if policy.unrecognised]
    assert strange
    for policy in strange:
        for sign_in in ASKED:
            decision = decide(alone(policy), sign_in)
            (answer,) = [each.answer for each in decision.rules if each.rule.key == policy.id]
            assert not isinstance(answer, Yes)
            if isinstance(answer, Unknown):
                said = "; ".join(answer.facts)
                assert all(part.where in said for part in policy.unrecognised)


def test_few_conditions_are_left_that_nobody_understands(real: list[ConditionalAccessPolicy]) -> None:
    """What is documented is modelled; the rest is named, so that the list of what is missing can be read off."""
    left = Counter(part.where for policy in real for part in unrecognised_parts(policy) if "." in part.where)
    documented = (
        "deviceFilter",
        "applicationFilter",
        "Guests",
        "userActions",
        "ContextClass",
        "Flows",
        "insiderRisk",
    )
    readable = {where for where in left if any(word.lower() in where.lower() for word in documented)}
    assert not readable, readable
