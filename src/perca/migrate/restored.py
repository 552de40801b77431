"""Whether a tenant is as it was in a snapshot, up to what a plan says can't come back exactly. Compares two snapshots as Graph spells them.

A difference is named by kind, id and member. Only `configuration` counts: that somebody signed in meanwhile is no difference.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from perca.migrate.goal import NOT_REGISTERED
from perca.migrate.plan import Plan
from perca.model import PerUserState, UserId, fold
from perca.wire import configuration

Json = dict[str, Any]


def differences(plan: Plan, before: Json, now: Json) -> tuple[str, ...]:
    """What differs beyond the plan's exceptions; empty when the tenant is restored."""
    before, now = configuration(before), configuration(now)
    registered = _registered(now)
    came_back_enforced = {
        person.id
        for person in plan.choice.moved
        if person.state is PerUserState.ENABLED
        and (NOT_REGISTERED not in person.flags or person.id in registered)
    }
    found: list[str] = []
    for name in sorted(before.keys() | now.keys()):
        old, new = before.get(name), now.get(name)
        if isinstance(old, list) and isinstance(new, list) and _have_ids(old) and _have_ids(new):
            found.extend(_of_collection(name, old, new, came_back_enforced))
        elif old != new:
            found.append(f"{name} differs")
    return tuple(found)


def _registered(snapshot: Json) -> frozenset[str]:
    """Who has registered an MFA method by now."""
    rows = snapshot.get("registrations")
    rows = rows if isinstance(rows, list) and _have_ids(rows) else []
    return frozenset(fold(row["id"]) for row in rows if row.get("isMfaRegistered") is True)


def _have_ids(rows: list[Any]) -> bool:
    return all(isinstance(row, dict) and isinstance(row.get("id"), str) for row in rows)


def _of_collection(name: str, old: list[Json], new: list[Json], enforced: set[UserId]) -> Iterator[str]:
    was = {fold(row["id"]): row for row in old}
    now = {fold(row["id"]): row for row in new}
    yield from (f"{name}/{id} is gone" for id in was if id not in now)
    yield from (f"{name}/{id} is new" for id in now if id not in was)
    for id, row in was.items():
        if id in now:
            yield from (
                f"{name}/{id}: {member} differs" for member in _members(row, now[id], UserId(id) in enforced)
            )


def _members(old: Json, new: Json, enforced: bool) -> Iterator[str]:
    for member in sorted(old.keys() | new.keys()):
        was, now = old.get(member), new.get(member)
        listed = enforced and member == "perUserMfaState" and (was, now) == ("enabled", "enforced")
        if not listed and was != now:
            yield member
