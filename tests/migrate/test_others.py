"""Others are at work too: what they made isn't taken for ours, whom they rely on us for isn't dropped, what they change stops the run."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from perca.embedded import an_ordinary_sign_in
from perca.errors import BadInput, NotAssessed, Refused
from perca.graph import paths
from perca.migrate.goal import LegacyUse
from perca.migrate.plan import Plan, make
from perca.migrate.restored import differences
from perca.migrate.run import Run
from perca.migrate.verify import verify
from perca.model import ObjectId, PerUserState, PolicyState
from perca.wire import configuration, parse_snapshot
from support.living import Living, live

Meddle = Callable[[Living, Plan], Awaitable[None]]


async def patch(tenant: Living, plan: Plan, **members: Any) -> None:
    graph = tenant.connection.directory._graph
    await graph.patch(paths.written_policy(await tenant.policy_of(plan)), members)


async def conditions(tenant: Living, plan: Plan) -> dict[str, Any]:
    policy = await tenant.connection.directory.policy(await tenant.policy_of(plan))
    assert policy is not None
    held: dict[str, Any] = policy["conditions"]
    return held


async def excludes_somebody(tenant: Living, plan: Plan) -> None:
    users = (await conditions(tenant, plan))["users"]
    excluded = [*users["excludeUsers"], plan.moved[0]]
    await patch(tenant, plan, conditions={"users": {**users, "excludeUsers": excluded}})


async def knows_only_modern_clients(tenant: Living, plan: Plan) -> None:
    await patch(tenant, plan, conditions={"clientAppTypes": ["browser", "mobileAppsAndDesktopClients"]})


async def excludes_trusted_places(tenant: Living, plan: Plan) -> None:
    places = {"includeLocations": ["All"], "excludeLocations": ["AllTrusted"]}
    await patch(tenant, plan, conditions={"locations": places})


async def blocks(tenant: Living, plan: Plan) -> None:
    await patch(tenant, plan, grantControls={"operator": "OR", "builtInControls": ["block"]})


async def goes_to_report_only(tenant: Living, plan: Plan) -> None:
    policy = await tenant.policy_of(plan)
    await tenant.connection.directory.set_policy_state(policy, PolicyState.REPORT_ONLY)


async def is_deleted(tenant: Living, plan: Plan) -> None:
    await tenant.connection.directory.delete_policy(await tenant.policy_of(plan))


@pytest.mark.parametrize(
    "meddle",
    [
        excludes_somebody,
        knows_only_modern_clients,
        excludes_trusted_places,
        blocks,
        goes_to_report_only,
        is_deleted,
    ],
)
def test_a_policy_that_others_changed_stops_the_next_wave(tmp_path: Path, meddle: Meddle) -> None:
    async def story(tenant: Living) -> None:
        plan = await tenant.plan(waves=2)
        await tenant.apply(plan, wave=1)
        await meddle(tenant, plan)
        with pytest.raises(Refused, match="step `members:2` is not taken"):
            await tenant.apply(plan)
        second = await tenant.states(plan.waves[1])
        assert second == dict(plan.waves[1])

    live(tmp_path, story)


async def is_disabled(tenant: Living, plan: Plan) -> None:
    tenant.change("users", tenant.emergency[0], accountEnabled=False)


async def is_gone(tenant: Living, plan: Plan) -> None:
    tenant.lose(tenant.emergency[0])


@pytest.mark.parametrize("meddle", [is_disabled, is_gone])
def test_an_emergency_account_that_no_longer_gets_in_stops_the_run(tmp_path: Path, meddle: Meddle) -> None:
    async def story(tenant: Living) -> None:
        plan = await tenant.plan(waves=2)
        await tenant.apply(plan, wave=1)
        await meddle(tenant, plan)
        with pytest.raises(Refused, match=r"step `members:2` is not taken.*emergency account"):
            await tenant.apply(plan)

    live(tmp_path, story)


def test_an_emergency_account_in_the_group_still_gets_in(tmp_path: Path) -> None:
    async def story(tenant: Living) -> None:
        plan = await tenant.plan(waves=2)
        prober = tenant.prober(plan.concerned)
        await tenant.apply(plan, wave=1)
        await tenant.connection.directory.add_members(await tenant.group_of(plan), tenant.emergency)
        assert (await tenant.apply(plan)).done
        await prober.round("after")
        await tenant.roll_back(plan)
        await prober.round("back")
        assert prober.gaps == []

    live(tmp_path, story)


@pytest.mark.parametrize("wave", [0, 1])
def test_somebody_who_left_stops_nothing_and_is_named(tmp_path: Path, wave: int) -> None:
    async def story(tenant: Living) -> None:
        plan = await tenant.plan(waves=2)
        if wave:
            await tenant.apply(plan, wave=wave)
        person = plan.choice.waves[0][0]
        tenant.lose(person.id)
        outcome = await tenant.apply(plan)
        assert outcome.done
        back = await tenant.roll_back(plan)
        assert back.done
        assert [line.split(":")[0] for line in back.differences] == [person.user_principal_name]
        assert PerUserState.DISABLED not in (await tenant.states(plan.moved)).values()

    live(tmp_path, story)


def test_somebody_who_signs_in_meanwhile_stops_nothing_and_changes_nothing(tmp_path: Path) -> None:
    """Between the snapshot and the first write, between two waves, and before the way back: the plan goes on, and is the same plan."""

    async def story(tenant: Living) -> None:
        plan = await tenant.plan(waves=2)
        people = (*plan.concerned, *tenant.emergency)
        seen = [tenant.before.last_successes]

        async def everybody_signs_in() -> None:
            await tenant.connection.clock.sleep(60.0)
            await tenant.sign_ins.sign_ins([an_ordinary_sign_in(person) for person in people])
            seen.append((await tenant.now()).last_successes)
            assert seen[-1] != seen[-2]

        await everybody_signs_in()
        assert configuration(await tenant.connection.directory.snapshot()) == configuration(plan.before)
        await tenant.apply(plan, wave=1)
        await everybody_signs_in()
        assert (await tenant.apply(plan)).done
        assert verify(plan, tenant.before, await tenant.now()).holds is True
        await everybody_signs_in()
        assert (await tenant.roll_back(plan)).done
        await everybody_signs_in()
        assert differences(plan, plan.before, await tenant.connection.directory.snapshot()) == ()

    live(tmp_path, story)


def test_a_plan_from_a_snapshot_after_a_sign_in_is_the_same_plan(tmp_path: Path) -> None:
    async def story(tenant: Living) -> None:
        plan = await tenant.plan(waves=2)
        await tenant.sign_ins.sign_ins([an_ordinary_sign_in(person) for person in plan.moved])
        later = await tenant.connection.directory.snapshot()
        assert later["users"] != plan.before["users"]
        again = make(
            later, parse_snapshot(later), plan.options, LegacyUse(), marker=plan.marker, made_at=plan.made_at
        )
        first = make(
            plan.before, tenant.before, plan.options, LegacyUse(), marker=plan.marker, made_at=plan.made_at
        )
        assert replace(again, before={}).digest() == replace(first, before={}).digest()

    live(tmp_path, story)


def test_a_newcomer_in_a_group_that_policies_name_stops_nothing(tmp_path: Path) -> None:
    async def story(tenant: Living) -> None:
        plan = await tenant.plan(waves=2)
        await tenant.apply(plan, wave=1)
        new = "aaaaaaaa-0000-4000-8000-000000000001"
        with tenant.store.writing() as now:
            someone = now.get("users", plan.moved[0])
            assert someone is not None
            now.put(
                "users",
                new,
                {**someone, "id": new, "userPrincipalName": "new@four.example"},
                "new@four.example",
            )
            for group in tenant.before.groups:
                now.join(group, new, "users")
        assert (await tenant.apply(plan)).done

    live(tmp_path, story)


@pytest.mark.parametrize("then", ["rollback", "resume", "resume and rollback"])
def test_what_another_run_of_the_plan_made_is_never_touched(tmp_path: Path, then: str) -> None:
    """A second journal, after a first run disabled per-user MFA: whatever is done with it, the first run's policy and group stay."""

    async def story(tenant: Living) -> None:
        plan = await tenant.plan(waves=2)
        prober = tenant.prober(plan.concerned)
        await tenant.apply(plan)
        with tenant.run(plan, "second") as run:
            await refused(run.apply)
        if "resume" in then:
            with tenant.run(plan, "second") as run:
                await refused(run.resume)
        if "rollback" in then:
            with tenant.run(plan, "second") as run:
                await refused(run.rollback)
        await tenant.connection.clock.sleep(86_400)
        await prober.round("afterwards")
        assert prober.gaps == []
        group = (await tenant.now()).groups[await tenant.group_of(plan)]
        assert group.members == frozenset(map(ObjectId, plan.moved))
        assert (await tenant.roll_back(plan)).done

    async def refused(deed: Callable[[], Awaitable[Any]]) -> None:
        with pytest.raises((Refused, BadInput), match=r"didn't make it|nothing of this plan"):
            await deed()

    live(tmp_path, story)


def test_a_policy_of_the_plan_s_name_that_others_made_is_never_touched(tmp_path: Path) -> None:
    async def story(tenant: Living) -> None:
        plan = await tenant.plan(waves=2)
        body = {
            "displayName": plan.name,
            "state": "enabled",
            "conditions": {
                "users": {"includeUsers": [plan.moved[0]]},
                "applications": {"includeApplications": ["All"]},
                "clientAppTypes": ["all"],
            },
            "grantControls": {"operator": "OR", "builtInControls": ["mfa"]},
        }
        policy = await tenant.connection.directory.create_policy(body)
        with pytest.raises(Refused, match="this plan didn't make it"):
            await tenant.apply(plan)
        assert (await tenant.roll_back(plan)).done
        assert await tenant.connection.directory.policy(policy) is not None

    live(tmp_path, story)


def test_whoever_came_into_the_group_by_others_does_not_lose_the_policy(tmp_path: Path) -> None:
    async def story(tenant: Living) -> None:
        plan = await tenant.plan(waves=2)
        await tenant.apply(plan)
        joiner = next(
            user.id
            for user in tenant.before.users.values()
            if user.id not in plan.concerned and user.id not in tenant.emergency
        )
        group = await tenant.group_of(plan)
        await tenant.connection.directory.add_members(group, [joiner])
        name = tenant.before.users[joiner].user_principal_name
        with pytest.raises(Refused, match=rf"step `off` is not taken: `{name}`"):
            await tenant.roll_back(plan)
        assert PerUserState.DISABLED not in (await tenant.states(plan.moved)).values()
        await tenant.connection.directory.remove_members(group, [joiner])
        with tenant.run(plan) as run:
            assert isinstance(run, Run)
            assert (await run.resume()).done

    live(tmp_path, story)


def test_a_group_that_was_deleted_is_not_known_to_protect(tmp_path: Path) -> None:
    async def story(tenant: Living) -> None:
        plan = await tenant.plan(waves=2)
        await tenant.apply(plan, wave=1)
        await tenant.connection.directory.delete_group(await tenant.group_of(plan))
        with pytest.raises((NotAssessed, Refused), match="step `members:2` is not taken"):
            await tenant.apply(plan)

    live(tmp_path, story)
