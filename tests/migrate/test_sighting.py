"""The evidence is a sign-in of somebody whom we added last; where none can come, the run says so, and switches nothing off."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from perca.errors import NotAssessed
from perca.migrate.directory import SignInRow
from perca.migrate.sighting import READINGS
from perca.model import NotRead, PerUserState, UserId
from support.living import Living, live
from support.lying import Lying

DENIED = NotRead("403 Authorization_RequestDenied")


def test_somebody_who_was_a_member_already_shows_nothing_about_the_others(tmp_path: Path) -> None:
    """The wave's last person was put into the group by hand long before: their sign-in shows the policy, while the others' lags."""

    async def story(tenant: Living) -> None:
        plan = await tenant.plan(waves=2)
        prober = tenant.prober(plan.concerned)
        await tenant.apply(plan, wave=1)
        last = plan.choice.waves[1][-1].id
        await tenant.connection.directory.add_members(await tenant.group_of(plan), [last])
        await tenant.connection.clock.sleep(86_400)

        async def look(step: object) -> None:
            await prober.round(str(step))

        with tenant.run(plan, soak=0.0, between=look) as run:
            assert (await run.apply()).done
            (seen,) = [r.detail for r in run.journal.records if (r.event, r.step) == ("seen", "seen:2")]
        assert seen["person"] == plan.choice.waves[1][-2].id
        assert prober.gaps == []

    live(tmp_path, story)


def test_somebody_whose_sign_in_was_blocked_meanwhile_is_not_waited_for(tmp_path: Path) -> None:
    async def story(tenant: Living) -> None:
        plan = await tenant.plan(waves=2)
        await tenant.apply(plan, wave=1)
        tenant.change("users", plan.choice.waves[1][-1].id, accountEnabled=False)
        assert (await tenant.apply(plan)).done

    live(tmp_path, story)


def test_a_wave_of_which_nobody_can_sign_in_any_more_is_not_switched_off(tmp_path: Path) -> None:
    async def story(tenant: Living) -> None:
        plan = await tenant.plan(waves=2)
        await tenant.apply(plan, wave=1)
        for person in plan.waves[1]:
            tenant.change("users", person, accountEnabled=False)
        with pytest.raises(NotAssessed, match="nobody of wave 2 can sign in"):
            await tenant.apply(plan)
        assert await tenant.states(plan.waves[1]) == dict(plan.waves[1])
        assert (await tenant.roll_back(plan)).done

    live(tmp_path, story)


def test_a_log_that_cannot_be_read_ends_the_run_within_minutes_and_is_no_evidence(tmp_path: Path) -> None:
    async def story(tenant: Living) -> None:
        plan = await tenant.plan(waves=2)
        asked: list[UserId] = []

        async def sign_ins(*, since: datetime, people: list[UserId]) -> NotRead:
            asked.extend(people)
            return DENIED

        begun = tenant.connection.clock.now()
        with tenant.run(plan) as run:
            run.directory = Lying(tenant.connection.directory, sign_ins=sign_ins)
            with pytest.raises(NotAssessed, match=r"not seen to act.*403"):
                await run.apply()
        assert len(asked) == READINGS
        assert tenant.connection.clock.now() - begun < timedelta(hours=1)
        assert PerUserState.DISABLED not in (await tenant.states(plan.moved)).values()
        with tenant.run(plan) as run:
            assert (await run.resume()).done

    live(tmp_path, story)


@pytest.mark.parametrize("seconds", [-3600, -1, 0])
def test_a_row_from_before_the_write_or_of_its_very_moment_is_no_evidence(
    tmp_path: Path, seconds: int
) -> None:
    """Rows that name the policy as enforced, and are too old: nothing is taken from them."""

    async def story(tenant: Living) -> None:
        plan = await tenant.plan(waves=2)
        real = tenant.connection.directory

        async def sign_ins(*, since: datetime, people: list[UserId]) -> list[SignInRow]:
            at = since + timedelta(seconds=seconds)
            applied = {await tenant.policy_of(plan): "failure"}
            return [SignInRow("too-old", person, at, "Browser", applied) for person in people]

        with tenant.run(plan) as run:
            run.directory = Lying(real, sign_ins=sign_ins)
            with pytest.raises(NotAssessed, match="no such sign-in in the log"):
                await run.apply()
        assert PerUserState.DISABLED not in (await tenant.states(plan.moved)).values()

    live(tmp_path, story)


@pytest.mark.parametrize(
    "result", ["notApplied", "notEnabled", "unknown", "reportOnlySuccess", "reportOnlyInterrupted", ""]
)
def test_a_row_in_which_the_policy_was_not_enforced_is_no_evidence(tmp_path: Path, result: str) -> None:
    async def story(tenant: Living) -> None:
        plan = await tenant.plan(waves=1)
        real = tenant.connection.directory

        async def sign_ins(*, since: datetime, people: list[UserId]) -> list[SignInRow]:
            rows = await real.sign_ins(since=since, people=people)
            assert not isinstance(rows, NotRead)
            policy = await tenant.policy_of(plan)
            return [replace(row, applied={policy: result}) for row in rows]

        with tenant.run(plan) as run:
            run.directory = Lying(real, sign_ins=sign_ins)
            with pytest.raises(NotAssessed, match="no such sign-in in the log"):
                await run.apply()

    live(tmp_path, story)
