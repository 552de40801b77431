"""The way back stays open whatever others have changed, and opens no gap: per-user MFA is back, and acts, before the policy goes."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from perca.errors import BadInput, NotAssessed, Refused
from perca.migrate.plan import Plan
from perca.migrate.prober import Prober
from perca.migrate.steps import Step
from perca.model import NotRead, PerUserMfa, PerUserState, UserId
from perca.wire import configuration
from support.living import Living, live
from support.lying import Lying

Meddle = Callable[[Living, Plan], Awaitable[None]]
BLOCK = {
    "displayName": "Block somebody",
    "state": "enabled",
    "conditions": {"applications": {"includeApplications": ["All"]}, "clientAppTypes": ["all"]},
    "grantControls": {"operator": "OR", "builtInControls": ["block"]},
}


def looking(prober: Prober) -> dict[str, Any]:
    """The prober looks after each step of a run."""

    async def look(step: Step) -> None:
        await prober.round(step.id)

    return {"between": look}


async def the_policy_is_deleted(tenant: Living, plan: Plan) -> None:
    await tenant.connection.directory.delete_policy(await tenant.policy_of(plan))


async def the_group_is_deleted(tenant: Living, plan: Plan) -> None:
    await tenant.connection.directory.delete_group(await tenant.group_of(plan))


async def everybody_else_s_policies_are_retired(tenant: Living, plan: Plan) -> None:
    for policy in tenant.before.policies:
        await tenant.connection.directory.delete_policy(policy.id)


async def somebody_held_back_loses_per_user_mfa(tenant: Living, plan: Plan) -> None:
    held = {each.id: PerUserState.DISABLED for each in plan.choice.held}
    assert held
    await tenant.connection.directory.set_per_user_states(held)


async def somebody_moved_is_enforced_by_hand(tenant: Living, plan: Plan) -> None:
    await tenant.connection.directory.set_per_user_states(dict.fromkeys(plan.moved, PerUserState.ENFORCED))


async def an_emergency_account_is_blocked(tenant: Living, plan: Plan) -> None:
    users = {"users": {"includeUsers": [tenant.emergency[0]]}}
    await tenant.connection.directory.create_policy({**BLOCK, "conditions": {**BLOCK["conditions"], **users}})  # type: ignore[dict-item]


async def security_defaults_are_turned_on(tenant: Living, plan: Plan) -> None:
    with tenant.store.reading() as now:
        (defaults,) = now.all("securityDefaults")
    tenant.change("securityDefaults", defaults["id"], isEnabled=True)


@pytest.mark.parametrize(
    "meddle",
    [
        the_policy_is_deleted,
        the_group_is_deleted,
        everybody_else_s_policies_are_retired,
        somebody_held_back_loses_per_user_mfa,
        somebody_moved_is_enforced_by_hand,
        an_emergency_account_is_blocked,
        security_defaults_are_turned_on,
    ],
)
def test_whatever_others_change_a_migration_can_be_taken_back(tmp_path: Path, meddle: Meddle) -> None:
    async def story(tenant: Living) -> None:
        plan = await tenant.plan(waves=2)
        await tenant.apply(plan, wave=1)
        await meddle(tenant, plan)
        assert (await tenant.roll_back(plan)).done
        for person, state in (await tenant.states(plan.moved)).items():
            was = tenant.before.users[person].per_user_mfa
            assert state in (was, PerUserState.ENFORCED)
        now = await tenant.now()
        assert plan.name not in {policy.display_name for policy in now.policies}
        assert plan.name not in {group.display_name for group in now.groups.values()}

    live(tmp_path, story)


@pytest.mark.parametrize("meddle", [the_policy_is_deleted, the_group_is_deleted])
def test_one_wave_can_be_taken_back_though_what_protects_it_is_gone(tmp_path: Path, meddle: Meddle) -> None:
    async def story(tenant: Living) -> None:
        plan = await tenant.plan(waves=2)
        await tenant.apply(plan, wave=1)
        await meddle(tenant, plan)
        assert (await tenant.roll_back(plan, wave=1)).done
        assert PerUserState.DISABLED not in (await tenant.states(plan.moved)).values()

    live(tmp_path, story)


@pytest.mark.parametrize("wave", [1, None])
def test_per_user_mfa_acts_before_the_policy_goes_though_its_writes_are_the_slowest(
    tmp_path: Path, wave: int | None
) -> None:
    async def story(tenant: Living) -> None:
        await tenant.control.lag(policy=0, members=0, states=600)
        plan = await tenant.plan(waves=2)
        prober = tenant.prober(plan.concerned)
        await tenant.apply(plan)
        await tenant.roll_back(plan, wave=wave, **looking(prober))
        assert prober.rounds >= 3
        assert prober.gaps == []

    live(tmp_path, story)


def test_the_policy_does_not_go_while_somebody_is_without_per_user_mfa(tmp_path: Path) -> None:
    async def story(tenant: Living) -> None:
        plan = await tenant.plan(waves=2)
        await tenant.apply(plan)
        somebody = plan.moved[0]

        async def undo_it(step: Step) -> None:
            if step.id == "restored:1":
                await tenant.connection.directory.set_per_user_states({somebody: PerUserState.DISABLED})

        name = tenant.before.users[somebody].user_principal_name
        with pytest.raises(Refused, match=rf"step `off` is not taken.*{name} would lose MFA"):
            await tenant.roll_back(plan, between=undo_it)

    live(tmp_path, story)


def test_the_policy_does_not_go_while_a_state_cannot_be_read(tmp_path: Path) -> None:
    async def story(tenant: Living) -> None:
        plan = await tenant.plan(waves=2)
        await tenant.apply(plan)
        real = tenant.connection.directory
        secret = plan.moved[0]
        told: list[UserId] = []

        async def states(people: list[UserId]) -> dict[UserId, PerUserMfa]:
            told.extend(people)
            read: dict[UserId, PerUserMfa] = dict(await real.per_user_states(people))
            return read | (
                {secret: NotRead("403 Denied")} if told.count(secret) > 1 and secret in people else {}
            )

        with tenant.run(plan) as run:
            run.directory = Lying(real, per_user_states=states)
            with pytest.raises(NotAssessed, match="step `off` is not taken"):
                await run.rollback()
        assert (await tenant.roll_back(plan)).done

    live(tmp_path, story)


def test_a_state_that_was_never_written_need_not_be_read_to_go_back(tmp_path: Path) -> None:
    async def story(tenant: Living) -> None:
        plan = await tenant.plan(waves=2)
        real = tenant.connection.directory
        secret = plan.moved[0]

        async def states(people: list[UserId]) -> dict[UserId, PerUserMfa]:
            read: dict[UserId, PerUserMfa] = dict(await real.per_user_states(people))
            return read | ({secret: NotRead("403 Denied")} if secret in people else {})

        with tenant.run(plan) as run:
            run.directory = Lying(real, per_user_states=states)
            with pytest.raises(NotAssessed, match="step `on` is not taken"):
                await run.apply()
            assert (await run.rollback()).done
        after = await tenant.connection.directory.snapshot()
        assert configuration(after) == configuration(tenant.snapshot)

    live(tmp_path, story)


def test_a_group_on_which_somebody_else_s_policy_relies_is_not_deleted(tmp_path: Path) -> None:
    async def story(tenant: Living) -> None:
        plan = await tenant.plan(waves=2)
        await tenant.apply(plan)
        users = {"users": {"includeGroups": [await tenant.group_of(plan)]}}
        body = {**BLOCK, "displayName": "Reuses the group", "conditions": {**BLOCK["conditions"], **users}}  # type: ignore[dict-item]
        await tenant.connection.directory.create_policy(body)
        with pytest.raises((Refused, NotAssessed), match="step `delete-group` is not taken"):
            await tenant.roll_back(plan)
        assert PerUserState.DISABLED not in (await tenant.states(plan.moved)).values()

    live(tmp_path, story)


def test_taking_back_a_wave_that_never_was_is_bad_input_and_ends_nothing(tmp_path: Path) -> None:
    async def story(tenant: Living) -> None:
        plan = await tenant.plan(waves=3)
        await tenant.apply(plan, wave=1)
        with pytest.raises(BadInput, match="nothing of wave 3"):
            await tenant.roll_back(plan, wave=3)
        assert (await tenant.apply(plan)).done

    live(tmp_path, story)


def test_waves_taken_back_one_by_one_and_then_the_rest_restore_the_tenant(tmp_path: Path) -> None:
    async def story(tenant: Living) -> None:
        plan = await tenant.plan(waves=3)
        prober = tenant.prober(plan.concerned)
        await tenant.apply(plan, wave=2)
        await tenant.roll_back(plan, wave=1, **looking(prober))
        await tenant.roll_back(plan, wave=1, **looking(prober))
        with pytest.raises(Refused, match="rolled back"):
            await tenant.apply(plan)
        with tenant.run(plan, **looking(prober)) as run:
            await run.resume()
        await tenant.roll_back(plan, **looking(prober))
        await tenant.roll_back(plan, **looking(prober))
        await prober.round("restored")
        assert prober.gaps == []
        after = await tenant.connection.directory.snapshot()
        assert configuration(after) == configuration(tenant.snapshot)

    live(tmp_path, story)
