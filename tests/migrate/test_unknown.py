"""What isn't known is never taken for fine: reads that are refused, writes that fail for some, a tenant that changed while a run was away."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from migrate.test_resume import Dead, DieAt
from perca.errors import NotAssessed, Refused, RemoteFailed
from perca.migrate.directory import Account
from perca.migrate.plan import Plan
from perca.model import GroupId, NotRead, PerUserMfa, PerUserState, UserId
from support.living import Living, live
from support.lying import Lying

DENIED = NotRead("403 Authorization_RequestDenied")


def test_a_run_that_was_away_proves_again_before_it_writes_a_state_again(tmp_path: Path) -> None:
    """It died before the states were read back. Then somebody turned per-user MFA on again and deleted the policy."""

    async def story(tenant: Living) -> None:
        plan = await tenant.plan(waves=2)
        prober = tenant.prober(plan.concerned)
        with pytest.raises(Dead):
            await tenant.apply(plan, faults=DieAt("readStates:before"))
        await tenant.connection.directory.set_per_user_states(dict(plan.waves[0]))
        await tenant.connection.clock.sleep(3600)
        await tenant.connection.directory.delete_policy(await tenant.policy_of(plan))
        await tenant.connection.clock.sleep(3600)
        with tenant.run(plan) as run, pytest.raises(Refused, match="step `disable:1` is not taken"):
            await run.resume()
        await prober.round("resumed")
        assert prober.gaps == []
        assert await tenant.states(plan.waves[0]) == dict(plan.waves[0])

    live(tmp_path, story)


@pytest.mark.parametrize("why", ["403 Authorization_RequestDenied", "404 Request_ResourceNotFound", "429"])
def test_a_state_that_cannot_be_read_stops_the_run_before_anything_is_off(tmp_path: Path, why: str) -> None:
    async def story(tenant: Living) -> None:
        plan = await tenant.plan(waves=2)
        real = tenant.connection.directory

        async def states(people: Sequence[UserId]) -> dict[UserId, PerUserMfa]:
            read: dict[UserId, PerUserMfa] = dict(await real.per_user_states(people))
            return read | ({plan.moved[0]: NotRead(why)} if plan.moved[0] in people else {})

        with tenant.run(plan) as run:
            run.directory = Lying(real, per_user_states=states)
            with pytest.raises(NotAssessed, match=r"step `on` is not taken.*might lose MFA"):
                await run.apply()
            assert (await run.rollback()).done
        assert PerUserState.DISABLED not in (await tenant.states(plan.moved)).values()

    live(tmp_path, story)


def test_a_state_that_cannot_be_written_stops_the_run_and_it_can_be_taken_back(tmp_path: Path) -> None:
    async def story(tenant: Living) -> None:
        plan = await tenant.plan(waves=2)
        prober = tenant.prober(plan.concerned)
        real = tenant.connection.directory
        stuck = plan.moved[0]

        async def write(states: Mapping[UserId, PerUserState]) -> dict[UserId, str]:
            failed = dict(await real.set_per_user_states({p: s for p, s in states.items() if p != stuck}))
            return failed | ({stuck: "403 Authorization_RequestDenied"} if stuck in states else {})

        name = tenant.before.users[stuck].user_principal_name
        with tenant.run(plan) as run:
            run.directory = Lying(real, set_per_user_states=write)
            for go in (run.apply, run.resume):
                with pytest.raises(NotAssessed, match=f"`{name}` is enforced, not disabled"):
                    await go()
            assert (await run.rollback()).done
        await prober.round("back")
        assert prober.gaps == []
        assert PerUserState.DISABLED not in (await tenant.states(plan.moved)).values()

    live(tmp_path, story)


@pytest.mark.parametrize("name", ["policies", "named_locations", "strengths"])
def test_a_list_that_cannot_be_read_stops_the_run(tmp_path: Path, name: str) -> None:
    async def story(tenant: Living) -> None:
        plan = await tenant.plan(waves=2)
        await tenant.apply(plan, wave=1)

        async def refused() -> Any:
            raise NotAssessed(f"GET {name}: 403")

        async def broken() -> Any:
            raise RemoteFailed(f"GET {name}: 503")

        for lie, kind in ((refused, NotAssessed), (broken, RemoteFailed)):
            with tenant.run(plan) as run:
                run.directory = Lying(tenant.connection.directory, **{name: lie})
                with pytest.raises(kind, match=name):
                    await run.apply()
        assert await tenant.states(plan.waves[1]) == dict(plan.waves[1])

    live(tmp_path, story)


def test_members_that_cannot_be_read_stop_the_run(tmp_path: Path) -> None:
    async def story(tenant: Living) -> None:
        plan = await tenant.plan(waves=2)
        await tenant.apply(plan, wave=1)

        async def members(group: GroupId) -> NotRead:
            return DENIED

        with tenant.run(plan) as run:
            run.directory = Lying(tenant.connection.directory, members=members)
            with pytest.raises(NotAssessed, match="step `members:2` is not taken"):
                await run.apply()

    live(tmp_path, story)


def test_whether_an_emergency_account_is_enabled_must_be_known(tmp_path: Path) -> None:
    async def story(tenant: Living) -> None:
        plan = await tenant.plan(waves=2)
        real = tenant.connection.directory

        async def accounts(people: Sequence[UserId]) -> dict[UserId, Account | NotRead]:
            return {**(await real.accounts(people)), **dict.fromkeys(tenant.emergency, DENIED)}

        with tenant.run(plan) as run:
            run.directory = Lying(real, accounts=accounts)
            with pytest.raises(NotAssessed, match=r"step `group` is not taken.*may be disabled"):
                await run.apply()

    live(tmp_path, story)


def test_a_what_if_that_is_refused_is_said_to_be_so(tmp_path: Path) -> None:
    async def story(tenant: Living) -> None:
        plan = await tenant.plan(waves=1)

        async def what_if(question: dict[str, Any]) -> Any:
            raise NotAssessed("POST evaluate: 403")

        with tenant.run(plan) as run:
            run.directory = Lying(tenant.connection.directory, what_if=what_if)
            assert (await run.apply()).done
            (seen,) = [r.detail for r in run.journal.records if (r.event, r.step) == ("seen", "check")]
        assert seen["whatIf"] == "not asked: POST evaluate: 403"

    live(tmp_path, story)


def test_a_what_if_that_says_no_stops_the_run(tmp_path: Path) -> None:
    async def story(tenant: Living) -> None:
        plan = await tenant.plan(waves=1)

        async def what_if(question: dict[str, Any]) -> list[dict[str, Any]]:
            return [{"id": await tenant.policy_of(plan), "policyApplies": False}]

        with tenant.run(plan) as run:
            run.directory = Lying(tenant.connection.directory, what_if=what_if)
            with pytest.raises(Refused, match="What-If says"):
                await run.apply()
            assert (await run.rollback()).done

    live(tmp_path, story)


async def the_policy_goes(tenant: Living, plan: Plan) -> None:
    await tenant.connection.directory.delete_policy(await tenant.policy_of(plan))


async def somebody_leaves_the_group(tenant: Living, plan: Plan) -> None:
    await tenant.connection.directory.remove_members(await tenant.group_of(plan), [plan.moved[0]])


async def an_emergency_account_is_blocked(tenant: Living, plan: Plan) -> None:
    tenant.change("users", tenant.emergency[0], accountEnabled=False)


@pytest.mark.parametrize(
    "meddle", [the_policy_goes, somebody_leaves_the_group, an_emergency_account_is_blocked]
)
def test_a_run_that_has_nothing_left_to_do_is_done_only_if_the_promise_holds(
    tmp_path: Path, meddle: Callable[[Living, Plan], Awaitable[None]]
) -> None:
    async def story(tenant: Living) -> None:
        plan = await tenant.plan(waves=2)
        assert (await tenant.apply(plan)).done
        await meddle(tenant, plan)
        with tenant.run(plan) as run, pytest.raises(Refused, match="everything is written, and yet"):
            await run.resume()
        assert (await tenant.roll_back(plan)).done

    live(tmp_path, story)


def test_somebody_who_left_after_the_last_step_does_not_make_a_run_undone(tmp_path: Path) -> None:
    async def story(tenant: Living) -> None:
        plan = await tenant.plan(waves=2)
        await tenant.apply(plan)
        tenant.lose(plan.moved[0])
        with tenant.run(plan) as run:
            assert (await run.resume()).done

    live(tmp_path, story)
