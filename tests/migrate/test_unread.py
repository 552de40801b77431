"""What can't be read is never taken for fine: the run stops there, says so, and can go on once it can be read."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from perca.errors import NotAssessed, Refused, RemoteFailed
from perca.graph.directory import GraphDirectory
from perca.migrate.directory import SignInRow
from perca.migrate.plan import Plan
from perca.model import GroupId, NotRead, ObjectId, PerUserMfa, PerUserState, UserId
from support.living import Living, live
from support.lying import Lying

DENIED = NotRead("403 Authorization_RequestDenied")
Lie = Callable[[GraphDirectory, Plan], Mapping[str, Any]]


def a_state_is_refused(real: GraphDirectory, plan: Plan) -> Mapping[str, Any]:
    async def states(people: Sequence[UserId]) -> dict[UserId, PerUserMfa]:
        read: dict[UserId, PerUserMfa] = dict(await real.per_user_states(people))
        return {person: DENIED if person == plan.moved[0] else state for person, state in read.items()}

    return {"per_user_states": states}


def a_state_is_left_out(real: GraphDirectory, plan: Plan) -> Mapping[str, Any]:
    async def states(people: Sequence[UserId]) -> dict[UserId, PerUserMfa]:
        return {p: s for p, s in (await real.per_user_states(people)).items() if p != plan.moved[0]}

    return {"per_user_states": states}


def a_write_of_a_state_fails(real: GraphDirectory, plan: Plan) -> Mapping[str, Any]:
    async def write(states: Mapping[UserId, PerUserState]) -> dict[UserId, str]:
        rest = {person: state for person, state in states.items() if person != plan.moved[0]}
        failed = dict(await real.set_per_user_states(rest))
        return failed | ({plan.moved[0]: "403"} if plan.moved[0] in states else {})

    return {"set_per_user_states": write}


def members_are_refused(real: GraphDirectory, plan: Plan) -> Mapping[str, Any]:
    async def members(group: GroupId) -> NotRead:
        return DENIED

    return {"members": members}


def members_do_not_arrive(real: GraphDirectory, plan: Plan) -> Mapping[str, Any]:
    async def members(group: GroupId) -> frozenset[ObjectId] | NotRead:
        read = await real.members(group)
        return read if isinstance(read, NotRead) else read - {ObjectId(plan.moved[0])}

    return {"members": members}


def policies_are_refused(real: GraphDirectory, plan: Plan) -> Mapping[str, Any]:
    async def policies() -> None:
        raise NotAssessed("GET policies: 403 AccessDenied", "grant Policy.Read.All")

    return {"policies": policies}


def the_log_is_refused(real: GraphDirectory, plan: Plan) -> Mapping[str, Any]:
    async def sign_ins(**_: object) -> NotRead:
        return DENIED

    return {"sign_ins": sign_ins}


def the_log_stays_empty(real: GraphDirectory, plan: Plan) -> Mapping[str, Any]:
    async def sign_ins(**_: object) -> list[SignInRow]:
        return []

    return {"sign_ins": sign_ins}


@pytest.mark.parametrize(
    "lie",
    [
        a_state_is_refused,
        a_state_is_left_out,
        a_write_of_a_state_fails,
        members_are_refused,
        members_do_not_arrive,
        policies_are_refused,
        the_log_is_refused,
        the_log_stays_empty,
    ],
)
def test_a_run_stops_at_what_it_cannot_read_and_goes_on_once_it_can(tmp_path: Path, lie: Lie) -> None:
    async def story(tenant: Living) -> None:
        plan = await tenant.plan(waves=2)
        prober = tenant.prober(plan.concerned)
        real = tenant.connection.directory
        with tenant.run(plan) as run:
            run.directory = Lying(real, **lie(real, plan))
            for deed in (run.apply, run.resume):
                with pytest.raises(NotAssessed):
                    await deed()
        await prober.round("stopped")
        with tenant.run(plan) as run:
            assert (await run.resume()).done
        await prober.round("gone on")
        assert prober.gaps == []

    live(tmp_path, story)


async def what_if_is_refused(question: object) -> None:
    raise NotAssessed("POST evaluate: 403", "grant it")


async def what_if_does_not_answer(question: object) -> None:
    raise RemoteFailed("POST evaluate: 503", "try again")


@pytest.mark.parametrize("what_if", [what_if_is_refused, what_if_does_not_answer])
def test_what_if_that_cannot_be_asked_is_written_down_as_not_asked(
    tmp_path: Path, what_if: Callable[[object], Awaitable[None]]
) -> None:
    async def story(tenant: Living) -> None:
        plan = await tenant.plan(waves=1)
        with tenant.run(plan) as run:
            run.directory = Lying(run.directory, what_if=what_if)
            assert (await run.apply()).done
            seen = next(r for r in run.journal.records if r.step == "check" and r.event == "seen")
        assert str(seen.detail["whatIf"]).startswith("not asked: POST evaluate")

    live(tmp_path, story)


def test_what_if_that_says_no_stops_before_the_policy_is_on(tmp_path: Path) -> None:
    async def what_if(question: object) -> list[object]:
        return []

    async def story(tenant: Living) -> None:
        plan = await tenant.plan(waves=1)
        with tenant.run(plan) as run:
            run.directory = Lying(run.directory, what_if=what_if)
            with pytest.raises(Refused, match="What-If says"):
                await run.apply()
        assert PerUserState.DISABLED not in (await tenant.states(plan.moved)).values()
        assert (await tenant.roll_back(plan)).done

    live(tmp_path, story)


@pytest.mark.parametrize(
    "result", ["notApplied", "notEnabled", "reportOnlySuccess", "unknown", "", "Success "]
)
def test_a_row_in_which_the_policy_was_not_enforced_is_no_evidence(tmp_path: Path, result: str) -> None:
    async def story(tenant: Living) -> None:
        plan = await tenant.plan(waves=1)
        real = tenant.connection.directory

        async def sign_ins(**asked: Any) -> list[SignInRow]:
            policy, now = await tenant.policy_of(plan), tenant.connection.clock.now()
            return [SignInRow("row", plan.moved[-1], now, "Browser", {policy: result})]

        with tenant.run(plan) as run:
            run.directory = Lying(real, sign_ins=sign_ins)
            with pytest.raises(NotAssessed, match="not seen to act"):
                await run.apply()
        assert PerUserState.DISABLED not in (await tenant.states(plan.moved)).values()

    live(tmp_path, story)


def test_a_row_at_the_very_moment_of_the_write_is_no_evidence(tmp_path: Path) -> None:
    async def story(tenant: Living) -> None:
        plan = await tenant.plan(waves=1)

        async def sign_ins(**asked: Any) -> list[SignInRow]:
            policy = await tenant.policy_of(plan)
            return [SignInRow("row", plan.moved[-1], asked["since"], "Browser", {policy: "success"})]

        with tenant.run(plan) as run:
            run.directory = Lying(run.directory, sign_ins=sign_ins)
            with pytest.raises(NotAssessed, match="not seen to act"):
                await run.apply()

    live(tmp_path, story)
