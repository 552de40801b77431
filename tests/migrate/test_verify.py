"""Verify reads afresh: broken where somebody is certainly worse off, not known where it hangs on what could not be read."""

from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from perca.migrate.plan import Plan
from perca.migrate.verify import verify
from perca.wire import parse_snapshot
from support.living import Living, live

Json = dict[str, Any]


def ours(rows: list[Json], plan: Plan) -> Json:
    return next(row for row in rows if row["displayName"] == plan.name)


def as_it_is(now: Json, plan: Plan) -> None:
    """Nothing happened."""


def somebody_left(now: Json, plan: Plan) -> None:
    now["users"] = [user for user in now["users"] if user["id"] != plan.moved[0]]


def the_policy_is_gone(now: Json, plan: Plan) -> None:
    now["policies"].remove(ours(now["policies"], plan))


def the_policy_is_off(now: Json, plan: Plan) -> None:
    ours(now["policies"], plan)["state"] = "disabled"


def somebody_left_the_group(now: Json, plan: Plan) -> None:
    ours(now["groups"], plan)["members"].remove(plan.moved[0])


def the_emergency_accounts_are_disabled(now: Json, plan: Plan) -> None:
    for user in now["users"]:
        if user["id"] in plan.options.emergency:
            user["accountEnabled"] = False


def the_members_are_not_read(now: Json, plan: Plan) -> None:
    group = ours(now["groups"], plan)
    del group["members"]
    now.setdefault("missing", []).append({"what": f"/groups/{group['id']}/members", "why": "403"})


def the_policies_are_not_read(now: Json, plan: Plan) -> None:
    del now["policies"]
    now.setdefault("missing", []).append({"what": "/identity/conditionalAccess/policies", "why": "403"})


@pytest.mark.parametrize(
    ("change", "holds"),
    [
        (as_it_is, True),
        (somebody_left, True),
        (the_policy_is_gone, False),
        (the_policy_is_off, False),
        (somebody_left_the_group, False),
        (the_emergency_accounts_are_disabled, False),
        (the_members_are_not_read, None),
        (the_policies_are_not_read, None),
    ],
)
def test_what_verify_says(tmp_path: Path, change: Callable[[Json, Plan], None], holds: bool | None) -> None:
    async def story(tenant: Living) -> None:
        plan = await tenant.plan(waves=1)
        await tenant.apply(plan)
        now = deepcopy(await tenant.connection.directory.snapshot())
        change(now, plan)
        found = verify(plan, tenant.before, parse_snapshot(now))
        assert found.holds is holds
        assert bool(found.differences) is (holds is not True or change is somebody_left)

    live(tmp_path, story)


def test_after_a_rollback_nobody_is_weaker_and_mfa_is_not_always_required(tmp_path: Path) -> None:
    async def story(tenant: Living) -> None:
        plan = await tenant.plan(waves=1)
        await tenant.apply(plan)
        await tenant.roll_back(plan)
        found = verify(plan, tenant.before, await tenant.now())
        assert found.weaker.holds is True

    live(tmp_path, story)
