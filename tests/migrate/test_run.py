"""A migration carried out on a living tenant with lag, while a prober signs in; and back again."""

from dataclasses import replace
from pathlib import Path

import pytest

from migrate.test_safe import moved
from perca.errors import BadInput, NotAssessed, Refused
from perca.migrate.prober import Prober
from perca.migrate.run import Run
from perca.migrate.steps import CreatePolicy, Step
from perca.migrate.verify import verify
from perca.model import ClientApp, ClientAppCondition, PerUserState
from perca.wire import configuration
from support.living import Living, live


def test_everybody_is_moved_and_nobody_gets_in_without_mfa_at_any_moment(tmp_path: Path) -> None:
    async def story(tenant: Living) -> None:
        plan = await tenant.plan()
        prober = tenant.prober(plan.concerned)
        assert prober.needed > 200
        await prober.round("before")

        async def look(step: Step) -> None:
            await prober.round(step.id)

        with tenant.run(plan, between=look) as run:
            outcome = await run.apply()
        assert outcome.done
        assert len(outcome.evidence) == 3
        assert outcome.combinations > 10**40
        await prober.round("after")
        now = await tenant.now()
        assert {now.users[p].per_user_mfa for p in plan.moved} == {PerUserState.DISABLED}
        for person in plan.concerned:
            if person not in plan.moved:
                assert now.users[person] == tenant.before.users[person]
        checked = verify(plan, tenant.before, now)
        assert checked.holds is True
        assert not checked.differences

        with tenant.run(plan, between=look) as run:
            await run.rollback()
        await prober.round("rolled back")
        assert configuration(await tenant.connection.directory.snapshot()) == configuration(tenant.snapshot)
        assert prober.gaps == []
        assert prober.rounds == 2 + 16 + 1 + 9

    live(tmp_path, story)


def test_the_evidence_is_a_row_of_the_log_in_which_the_policy_applied_after_the_change(
    tmp_path: Path,
) -> None:
    async def story(tenant: Living) -> None:
        plan = await tenant.plan()
        with tenant.run(plan) as run:
            outcome = await run.apply()
            asked = {record.step: record.at for record in run.journal.records if record.event == "asked"}
        rows = await tenant.connection.directory.sign_ins(
            since=tenant.connection.clock.now().replace(year=2020)
        )
        by_id = {row.id: row for row in rows}
        now = await tenant.now()
        policy = next(p.id for p in now.policies if p.display_name == plan.name)
        for number, row in enumerate(outcome.evidence, start=1):
            assert by_id[row].applied[policy] in ("success", "failure")
            assert by_id[row].at.isoformat() > asked[f"members:{number}"]

    live(tmp_path, story)


def test_waves_can_be_separate_runs_and_one_can_go_back_alone(tmp_path: Path) -> None:
    async def story(tenant: Living) -> None:
        plan = await tenant.plan()
        prober = tenant.prober(plan.concerned)
        with tenant.run(plan) as run:
            first = await run.apply(wave=1)
        assert not first.done
        now = await tenant.now()
        off = {p for p in plan.concerned if now.users[p].per_user_mfa is PerUserState.DISABLED}
        assert off == {person.id for person in plan.choice.waves[0]}
        await prober.round("after wave 1")
        with tenant.run(plan) as run:
            assert (await run.apply()).done
        await prober.round("after all waves")
        with tenant.run(plan) as run:
            await run.rollback(wave=2)
        await prober.round("wave 2 is back")
        now = await tenant.now()
        on = {p for p in plan.moved if now.users[p].per_user_mfa is not PerUserState.DISABLED}
        assert on == {person.id for person in plan.choice.waves[1]}
        assert prober.gaps == []

    live(tmp_path, story)


def modern_only(steps: tuple[Step, ...]) -> list[Step]:
    kinds = ClientAppCondition(frozenset({ClientApp.BROWSER, ClientApp.MODERN}))
    return [
        replace(s, action=CreatePolicy(replace(s.action.policy, client_apps=kinds)))
        if isinstance(s.action, CreatePolicy)
        else s
        for s in steps
        if s.id != "check"
    ]


WRONG = {
    "disable before the policy is on": lambda steps: moved(steps, "disable:1", "on"),
    "disable before the evidence": lambda steps: moved(steps, "disable:1", "seen:1"),
    "a wave disabled before its members are in": lambda steps: moved(steps, "disable:2", "members:2"),
    "report-only taken for on": lambda steps: [
        s for s in steps if s.id != "on" and not s.id.startswith("seen")
    ],
    "modern clients only": modern_only,
}


def looked_at(run: Run, prober: Prober) -> None:
    async def look(step: Step) -> None:
        await prober.round(step.id)

    run.between = look


@pytest.mark.parametrize("order", list(WRONG))
def test_the_prober_catches_a_wrong_order_that_nobody_proved(tmp_path: Path, order: str) -> None:
    async def story(tenant: Living) -> None:
        plan = await tenant.plan(waves=2)
        prober = tenant.prober(plan.concerned)
        with tenant.run(plan, checked=False) as run:
            looked_at(run, prober)
            await run.apply(steps=WRONG[order](plan.steps()))
        assert prober.gaps
        assert all("without MFA" in gap.words for gap in prober.gaps)
        assert {gap.sign_in.user for gap in prober.gaps} <= set(plan.moved)

    live(tmp_path, story)


def test_the_prober_catches_a_policy_that_goes_off_before_per_user_mfa_is_back(tmp_path: Path) -> None:
    async def story(tenant: Living) -> None:
        plan = await tenant.plan(waves=2)
        prober = tenant.prober(plan.concerned)
        with tenant.run(plan) as run:
            await run.apply()
        assert await prober.round("applied") == 0
        back = moved(plan.undo(), "off", "restore:2")
        back = moved(back, "delete-policy", "restore:2")

        async def look(step: Step) -> None:
            await tenant.connection.clock.sleep(600)
            await prober.round(step.id)

        with tenant.run(plan, checked=False) as run:
            run.between = look
            await run.rollback(steps=back)
        assert prober.gaps

    live(tmp_path, story)


@pytest.mark.parametrize("order", list(WRONG))
def test_a_wrong_order_is_not_taken_when_it_is_proved(tmp_path: Path, order: str) -> None:
    async def story(tenant: Living) -> None:
        plan = await tenant.plan(waves=2)
        prober = tenant.prober(plan.concerned)
        with tenant.run(plan) as run, pytest.raises((Refused, NotAssessed), match="is not taken"):
            await run.apply(steps=WRONG[order](plan.steps()))
        await prober.round("stopped")
        assert prober.gaps == []

    live(tmp_path, story)


def test_a_restored_state_has_time_to_arrive_before_the_policy_goes(tmp_path: Path) -> None:
    """The sign-in service is ten minutes behind on per-user states here, and not at all on policies and members."""

    async def story(tenant: Living) -> None:
        plan = await tenant.plan(waves=2)
        prober = tenant.prober(plan.concerned)
        with tenant.run(plan) as run:
            await run.apply()
        await tenant.control.lag(policy=0, members=0, states=600)
        with tenant.run(plan) as run:
            looked_at(run, prober)
            await run.rollback()
        assert prober.gaps == []

    live(tmp_path, story)


def test_a_need_that_no_longer_holds_stops_the_run(tmp_path: Path) -> None:
    async def story(tenant: Living) -> None:
        plan = await tenant.plan(waves=2)
        with tenant.run(plan) as run:
            await run.apply(wave=1)
        policy = next(p for p in (await tenant.now()).policies if p.display_name == plan.name)
        await tenant.connection.directory.set_policy_state(policy.id, policy.state.REPORT_ONLY)
        with tenant.run(plan) as run, pytest.raises(Refused, match="would lose MFA"):
            await run.apply()
        now = await tenant.now()
        still = {person.id for person in plan.choice.waves[1]}
        assert all(now.users[p].per_user_mfa is not PerUserState.DISABLED for p in still)

    live(tmp_path, story)


def test_a_person_taken_out_of_the_group_stops_the_next_wave(tmp_path: Path) -> None:
    async def story(tenant: Living) -> None:
        plan = await tenant.plan(waves=2)
        with tenant.run(plan) as run:
            await run.apply(wave=1)
        group = next(g for g in (await tenant.now()).groups.values() if g.display_name == plan.name)
        gone = plan.choice.waves[0][0]
        await tenant.connection.directory.remove_members(group.id, [gone.id])
        with tenant.run(plan) as run, pytest.raises(Refused, match="would lose MFA"):
            await run.apply()

    live(tmp_path, story)


def test_a_plan_that_was_rolled_back_is_not_applied_again(tmp_path: Path) -> None:
    async def story(tenant: Living) -> None:
        plan = await tenant.plan(waves=1)
        with tenant.run(plan) as run:
            await run.apply()
            await run.rollback()
            with pytest.raises(Refused, match="rolled back"):
                await run.apply()

    live(tmp_path, story)


def test_a_journal_of_another_plan_is_refused(tmp_path: Path) -> None:
    async def story(tenant: Living) -> None:
        plan, other = await tenant.plan(waves=1), await tenant.plan(waves=2)
        with tenant.run(plan) as run:
            await run.apply()
        with tenant.run(other) as run, pytest.raises(BadInput, match="another plan"):
            await run.rollback()

    live(tmp_path, story)
