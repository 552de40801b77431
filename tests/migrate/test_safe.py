"""The order is proved state by state, and each wrong order fails the proof: six of them, with a person and a witness."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from perca.errors import BadInput, Refused
from perca.migrate import plan as plans
from perca.migrate.goal import LegacyUse
from perca.migrate.plan import Options, Plan
from perca.migrate.safe import StateProof, check
from perca.migrate.steps import CreatePolicy, Step, change
from perca.model import (
    BuiltIn,
    ClientApp,
    ClientAppCondition,
    LocationCondition,
    LocationScope,
    NotRead,
    PolicyState,
    Tenant,
    Unrecognised,
    UserId,
)
from perca.policy import Mfa
from support.company import EMERGENCY, company, policy

LEGACY = LegacyUse(30, {UserId("hana"): 7})


def made(tenant: Tenant, **options: object) -> Plan:
    chosen = Options(**{"emergency": EMERGENCY, "waves": 2, **options})  # type: ignore[arg-type]
    return plans.make({}, tenant, chosen, LEGACY, marker="0a1b2c3d", made_at="2026-11-24T00:00:00+00:00")


PLAN = made(company())


def failing(steps: Sequence[Step], start: Sequence[Step] = ()) -> list[StateProof]:
    done = tuple((s.id, each, True) for s in start if (each := change(s.action)) is not None)
    return [state for state in check(company(), steps, EMERGENCY, start=done) if not state.holds]


def moved(steps: Sequence[Step], step: str, before: str) -> list[Step]:
    """The steps with one of them put in front of another."""
    taken = next(each for each in steps if each.id == step)
    rest = [each for each in steps if each.id != step]
    place = next(n for n, each in enumerate(rest) if each.id == before)
    return [*rest[:place], taken, *rest[place:]]


def test_each_state_of_the_plan_holds_both_ways() -> None:
    assert all(state.holds for state in PLAN.proofs)
    assert {state.step for state in PLAN.proofs} == {s.id for s in (*PLAN.steps(), *PLAN.undo())} | {"end"}
    assert all(state.proof.combinations > 10**40 for state in PLAN.proofs)


WRONG = {
    "disable before the policy is on": moved(PLAN.steps(), "disable:1", "on"),
    "disable before the evidence": moved(PLAN.steps(), "disable:1", "seen:1"),
    "a wave disabled before its members are in": moved(PLAN.steps(), "disable:2", "members:2"),
    "a wave disabled before its members are seen to be in": moved(PLAN.steps(), "disable:2", "seen:2"),
    "report-only taken for on": [s for s in PLAN.steps() if s.id != "on"],
    "modern clients only": [
        replace(
            s,
            action=CreatePolicy(
                replace(
                    s.action.policy,
                    client_apps=ClientAppCondition(frozenset({ClientApp.BROWSER, ClientApp.MODERN})),
                )
            ),
        )
        if isinstance(s.action, CreatePolicy)
        else s
        for s in PLAN.steps()
    ],
}


@pytest.mark.parametrize("order", list(WRONG))
def test_a_wrong_order_fails_with_a_person_and_a_witness(order: str) -> None:
    states = failing(WRONG[order])
    assert states
    first = states[0]
    assert first.step.startswith("disable")
    assert first.proof.failing_people or first.proof.unassessed_people
    witness = first.proof.witnesses[0]
    assert witness.before is not None
    assert witness.before.mfa is Mfa.REQUIRED
    assert witness.decision.mfa is not Mfa.REQUIRED


def test_on_the_way_back_the_policy_may_not_go_off_first() -> None:
    assert not failing(PLAN.undo(), PLAN.steps())
    states = failing(moved(PLAN.undo(), "off", "restore:1"), PLAN.steps())
    assert states
    assert states[0].step == "off"
    assert set(states[0].proof.failing_people or states[0].proof.unassessed_people) == {
        person.id for person in PLAN.choice.waves[0]
    }


@pytest.mark.parametrize("wave", [1, 2])
def test_one_wave_can_go_back_alone(wave: int) -> None:
    assert not failing(PLAN.undo((wave,)), PLAN.steps())


def test_leaving_the_group_before_per_user_mfa_is_back_fails() -> None:
    assert failing(moved(PLAN.undo((1,)), "leave:1", "restore:1"), PLAN.steps())


def test_the_emergency_accounts_are_never_touched() -> None:
    for step in (*PLAN.steps(), *PLAN.undo()):
        action = step.action
        people = getattr(action, "people", ()) or tuple(getattr(action, "states", ()))
        assert not set(people) & set(EMERGENCY)


def test_security_defaults_on_make_no_plan() -> None:
    with pytest.raises(Refused, match="Security Defaults are on"):
        made(replace(company(), security_defaults=True))


def test_security_defaults_that_nobody_could_read_make_no_plan_without_an_enabled_policy() -> None:
    unread = replace(
        company(policy("off", BuiltIn.MFA, state=PolicyState.DISABLED)), security_defaults=NotRead("403")
    )
    with pytest.raises(Refused, match="not known"):
        made(unread)


def test_two_emergency_accounts_are_needed_or_an_explicit_word() -> None:
    with pytest.raises(Refused, match="two are needed"):
        made(company(), emergency=EMERGENCY[:1])
    assert made(company(), emergency=(), without_emergency_accounts=True)


def test_an_emergency_account_that_nobody_knows_is_bad_input() -> None:
    with pytest.raises(BadInput, match="not in the data"):
        made(company(), emergency=(*EMERGENCY, UserId("nobody")))


def test_an_emergency_account_that_a_policy_blocks_makes_no_plan() -> None:
    from perca.model import ApplicationCondition, ApplicationScope, UserCondition, UserScope

    everybody = replace(
        policy("block all", BuiltIn.BLOCK),
        users=UserCondition(UserScope(everyone=True), UserScope(users=EMERGENCY[:1])),
        applications=ApplicationCondition(ApplicationScope(everything=True)),
    )
    with pytest.raises(Refused, match=r"`emergency-2@example\.com` is blocked by `block all`"):
        made(company(everybody))


def test_an_emergency_account_under_a_condition_that_is_not_modelled_makes_no_plan() -> None:
    from perca.model import UserCondition, UserScope

    odd = replace(
        policy("odd", BuiltIn.BLOCK),
        users=UserCondition(UserScope(everyone=True)),
        unrecognised=(Unrecognised("conditions.times", "{}"),),
    )
    with pytest.raises(Refused, match=r"policy `odd`: conditions\.times"):
        made(company(odd))


@pytest.mark.parametrize("methods", [(), ("microsoftAuthenticatorPush",), None])
def test_an_emergency_account_without_a_passkey_makes_no_plan(methods: tuple[str, ...] | None) -> None:
    tenant = company()
    first = tenant.registrations[EMERGENCY[0]]
    bare = {id: row for id, row in tenant.registrations.items() if row is not first}
    if methods is not None:
        bare[first.user] = replace(first, methods=methods)
    with pytest.raises(Refused, match=r"`emergency-1@example\.com` has no phishing-resistant method"):
        made(replace(tenant, registrations=bare))


def test_policies_that_are_not_modelled_elsewhere_stop_nothing() -> None:
    odd = policy("odd", BuiltIn.MFA, unrecognised=(Unrecognised("conditions.times", "{}"),))
    assert all(state.holds for state in made(company(odd)).proofs)


def test_a_policy_with_trusted_places_excluded_does_not_stand_in_for_ours() -> None:
    """Its people would lose MFA at trusted places if it were taken for cover: ours has no such exclusion."""
    near = policy(
        "outside only",
        BuiltIn.MFA,
        locations=LocationCondition(LocationScope(anywhere=True), LocationScope(all_trusted=True)),
    )
    without_ours = [s for s in made(company(near)).steps() if s.id != "on"]
    states = [state for state in check(company(near), without_ours, EMERGENCY) if not state.holds]
    assert states
    assert "finn" in {str(person) for state in states for person in state.proof.failing_people}
