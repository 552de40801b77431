"""A tenant is restored iff its snapshot is the same up to the plan's exceptions; each difference has a name."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest

from perca.migrate.goal import NOT_REGISTERED, Choice, Moved
from perca.migrate.plan import Options, Plan
from perca.migrate.restored import differences
from perca.model import PerUserState, UserId

PEOPLE = (
    Moved(UserId("a"), "a@four.example", PerUserState.ENABLED),
    Moved(UserId("b"), "b@four.example", PerUserState.ENABLED, (NOT_REGISTERED,)),
    Moved(UserId("c"), "c@four.example", PerUserState.ENFORCED),
)
BEFORE: dict[str, Any] = {
    "takenAt": "2026-11-02",
    "users": [
        {"id": person.id, "perUserMfaState": str(person.state), "signInActivity": None} for person in PEOPLE
    ],
    "groups": [{"id": "g", "members": ["a", "b"], "@odata.context": "here"}],
    "policies": [{"id": "p", "grantControls": {"x@odata.context": "here", "operator": "OR"}}],
    "securityDefaults": {"isEnabled": False},
}
PLAN = Plan("m", "t", "T", "now", Options(()), Choice((PEOPLE,), (), ()), (), BEFORE)


def changed(path: list[Any], value: object) -> dict[str, Any]:
    now = deepcopy(BEFORE)
    inner: Any = now
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = value
    return now


@pytest.mark.parametrize(
    "now",
    [
        deepcopy(BEFORE),
        changed(["takenAt"], "later"),
        changed(["groups", 0, "members"], ["b", "a"]),
        changed(["groups", 0, "@odata.context"], "elsewhere"),
        changed(["policies", 0, "grantControls", "x@odata.context"], "elsewhere"),
        changed(["users"], BEFORE["users"][::-1]),
        changed(["users", 0, "perUserMfaState"], "enforced"),
        changed(["users", 0, "signInActivity"], {"lastSuccessfulSignInDateTime": "2026-11-02T09:00:00Z"}),
    ],
)
def test_what_is_restored(now: dict[str, Any]) -> None:
    assert differences(PLAN, BEFORE, now) == ()


@pytest.mark.parametrize(
    ("now", "named"),
    [
        (changed(["users", 0, "perUserMfaState"], "disabled"), "users/a: perUserMfaState differs"),
        (changed(["users", 1, "perUserMfaState"], "enforced"), "users/b: perUserMfaState differs"),
        (changed(["users", 2, "perUserMfaState"], "enabled"), "users/c: perUserMfaState differs"),
        (changed(["groups", 0, "members"], ["a"]), "groups/g: members differs"),
        (changed(["groups", 0, "owners"], ["c"]), "groups/g: owners differs"),
        (changed(["policies"], []), "policies/p is gone"),
        (changed(["policies"], [*BEFORE["policies"], {"id": "q"}]), "policies/q is new"),
        (changed(["policies", 0, "grantControls", "operator"], "AND"), "policies/p: grantControls differs"),
        (changed(["securityDefaults", "isEnabled"], True), "securityDefaults differs"),
        (changed(["missing"], [{"what": "users", "why": "403"}]), "missing differs"),
    ],
)
def test_what_is_not(now: dict[str, Any], named: str) -> None:
    assert differences(PLAN, BEFORE, now) == (named,)


def test_whoever_registered_meanwhile_may_come_back_as_enforced() -> None:
    before = {**deepcopy(BEFORE), "registrations": [{"id": "b", "isMfaRegistered": False}]}
    now = deepcopy(before)
    now["registrations"][0]["isMfaRegistered"] = True
    now["users"][1]["perUserMfaState"] = "enforced"
    assert differences(PLAN, before, now) == ("registrations/b: isMfaRegistered differs",)
