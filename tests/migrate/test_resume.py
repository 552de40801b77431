"""A run that dies at any point of any kind of step goes on from its journal, or goes back; nobody loses MFA meanwhile.

Here the fault is an exception in process, for every kind of step and point; tests/crash kills processes.
"""

from pathlib import Path

import pytest

from perca.migrate.steps import Step
from perca.migrate.verify import verify
from perca.model import PerUserState
from perca.wire import configuration
from support.living import Living, live


class Dead(BaseException):
    """The process is gone."""


class DieAt:
    """Dies at the named point, when it is reached for the n-th time."""

    def __init__(self, point: str, time: int = 1) -> None:
        self.point = point
        self.left = time

    def at(self, point: str) -> None:
        """Dies when it is time."""
        if point == self.point:
            self.left -= 1
            if self.left == 0:
                raise Dead(point)


KINDS = {
    "createGroup": 1,
    "addMembers": 2,
    "createPolicy": 1,
    "checkPolicy": 1,
    "setPolicy": 1,
    "seePolicyAct": 2,
    "setStates": 2,
    "readStates": 1,
}
POINTS = ("before", "asked", "after", "seen")


@pytest.mark.parametrize("point", POINTS)
@pytest.mark.parametrize("kind", list(KINDS))
@pytest.mark.parametrize("then", ["resume", "rollback"])
def test_a_dead_run_goes_on_or_back(tmp_path: Path, kind: str, point: str, then: str) -> None:
    async def story(tenant: Living) -> None:
        plan = await tenant.plan(waves=2)
        prober = tenant.prober(plan.concerned)

        async def look(step: Step) -> None:
            if step.kind in ("setStates", "setPolicy"):
                await prober.round(step.id)

        with tenant.run(plan, faults=DieAt(f"{kind}:{point}", KINDS[kind])) as run, pytest.raises(Dead):
            await run.apply()
        await prober.round("dead")
        with tenant.run(plan, between=look) as run:
            if then == "resume":
                assert (await run.resume()).done
            elif any(record.event == "asked" for record in run.journal.records):
                await run.rollback()
        await prober.round("alive")
        assert prober.gaps == []
        now = await tenant.now()
        if then == "resume":
            assert verify(plan, tenant.before, now).holds is True
            assert {now.users[p].per_user_mfa for p in plan.moved} == {PerUserState.DISABLED}
            assert sum(g.display_name == plan.name for g in now.groups.values()) == 1
            assert sum(p.display_name == plan.name for p in now.policies) == 1
        else:
            after = await tenant.connection.directory.snapshot()
            assert configuration(after) == configuration(tenant.snapshot)

    live(tmp_path, story)


@pytest.mark.parametrize("point", POINTS)
@pytest.mark.parametrize("kind", ["setStates", "readStates", "setPolicy", "deletePolicy", "deleteGroup"])
def test_a_rollback_that_dies_goes_on(tmp_path: Path, kind: str, point: str) -> None:
    async def story(tenant: Living) -> None:
        plan = await tenant.plan(waves=2)
        prober = tenant.prober(plan.concerned)
        with tenant.run(plan) as run:
            await run.apply()
        with tenant.run(plan, faults=DieAt(f"{kind}:{point}")) as run, pytest.raises(Dead):
            await run.rollback()
        await prober.round("dead")
        with tenant.run(plan) as run:
            await run.resume()
        await prober.round("back")
        assert prober.gaps == []
        assert configuration(await tenant.connection.directory.snapshot()) == configuration(tenant.snapshot)

    live(tmp_path, story)
