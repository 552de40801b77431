"""The sign-in service lags: for policies, for members and for per-user states, each by a time of its own."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perca.model import PerUserState
from perca.tenant import Store
from perca.tenant.picture import Picture
from perca.tenant.sign_in import SignInService, attempt

from .conftest import Asking, Make, policy, question

ROLE = "62e90394-69f5-4237-9190-012177145e10"


def mfa(ask: Asking, user: str, **more: Any) -> str:
    return str(ask.sign_in(user, **more)["mfa"])


def test_a_policy_is_enforced_after_the_policy_lag(ask: Asking) -> None:
    person = ask.user("ana")
    ask.lag(policy=120)
    ask.policy()
    assert mfa(ask, person) == "notRequired"
    ask.advance(119)
    assert mfa(ask, person) == "notRequired"
    ask.advance(1)
    assert mfa(ask, person) == "required"


def test_a_member_counts_after_the_members_lag_and_the_policy_lag_says_nothing_of_it(ask: Asking) -> None:
    person = ask.user("ana")
    group = ask.group("moved")
    ask.policy(users={"includeGroups": [group]})
    ask.advance(1)
    ask.lag(members=600)
    body = {"@odata.id": f"http://x/v1.0/directoryObjects/{person}"}
    assert ask("POST", f"/v1.0/groups/{group}/members/$ref", body).status == 204
    ask.advance(599)
    assert mfa(ask, person) == "notRequired"
    ask.advance(1)
    assert mfa(ask, person) == "required"


def test_somebody_who_left_still_counts_until_the_members_lag_is_over(ask: Asking) -> None:
    person = ask.user("ana")
    group = ask.group("moved", person)
    ask.policy(users={"includeGroups": [group]})
    ask.lag(members=600)
    ask.advance(600)
    assert ask("DELETE", f"/v1.0/groups/{group}/members/{person}/$ref").status == 204
    assert mfa(ask, person) == "required"
    ask.advance(600)
    assert mfa(ask, person) == "notRequired"


def test_a_deleted_group_still_has_its_members_until_the_members_lag_is_over(ask: Asking) -> None:
    person = ask.user("ana")
    group = ask.group("moved", person)
    ask.policy(users={"includeGroups": [group]})
    ask.lag(members=600)
    ask.advance(600)
    assert ask("DELETE", f"/v1.0/groups/{group}").status == 204
    assert mfa(ask, person) == "required"
    ask.advance(600)
    assert mfa(ask, person) == "notRequired"


def test_a_group_that_has_not_reached_yet_has_no_members_and_locks_nobody_out(ask: Asking) -> None:
    person = ask.user("ana")
    ask.lag(members=600)
    group = ask.group("moved", person)
    ask.policy(users={"includeGroups": [group]})
    assert ask.sign_in(person)["outcome"] == "granted"
    ask.advance(600)
    assert ask.sign_in(person)["outcome"] == "prompt"


def test_a_state_is_seen_at_once_unless_states_lag(ask: Asking) -> None:
    person = ask.user("ana")
    ask.state(person, "enforced")
    assert mfa(ask, person) == "required"
    ask.lag(states=30)
    ask.advance(30)
    ask.state(person, "disabled")
    assert mfa(ask, person) == "required"
    ask.advance(30)
    assert mfa(ask, person) == "notRequired"


def test_graph_shows_every_write_at_once(ask: Asking) -> None:
    ask.lag(policy=120, members=600, states=60)
    person = ask.user("ana")
    group = ask.group("moved", person)
    made = ask.policy(users={"includeGroups": [group]})
    ask.state(person, "enforced")
    assert [row["id"] for row in ask.all(f"/v1.0/groups/{group}/members")] == [person]
    assert [row["id"] for row in ask.all("/v1.0/identity/conditionalAccess/policies")] == [made]
    requirements = ask.get(f"/beta/users/{person}/authentication/requirements")
    assert requirements["perUserMfaState"] == "enforced"


def test_clock_and_lags_are_in_the_file(make: Make, store: Store) -> None:
    ask = make()
    ask.lag(policy=120, members=600)
    ask.advance(5.25)
    other = Store.open(store.path)
    clock = make(other).get("/perca/clock")
    assert clock == {
        "now": "2026-11-02T08:00:05.250000Z",
        "policyLag": 120.0,
        "membersLag": 600.0,
        "stateLag": 0.0,
    }
    other.close()


def test_a_second_process_sees_what_the_first_wrote(make: Make, store: Store) -> None:
    first, other = make(), Store.open(store.path)
    second = make(other)
    person = first.user("ana")
    assert second.sign_in(person)["mfa"] == "notRequired"
    first.policy()
    assert second.sign_in(person)["mfa"] == "required"
    second.state(person, "enforced")
    assert first.get(f"/beta/users/{person}/authentication/requirements")["perUserMfaState"] == "enforced"
    other.close()


OPERATIONS = st.lists(
    st.one_of(
        st.tuples(st.just("advance"), st.integers(0, 40)),
        st.tuples(st.just("lag"), st.integers(0, 60), st.integers(0, 60), st.integers(0, 60)),
        st.tuples(st.just("state"), st.integers(0, 2), st.sampled_from(list(PerUserState))),
        st.tuples(st.just("member"), st.integers(0, 1), st.integers(0, 2)),
        st.tuples(st.just("group"), st.integers(0, 1)),
        st.tuples(st.just("nest"), st.integers(0, 1)),
        st.tuples(st.just("account"), st.integers(0, 2), st.booleans(), st.booleans()),
        st.tuples(st.just("role"), st.integers(0, 2)),
        st.tuples(st.just("policy"), st.integers(0, 1), st.sampled_from(["enabled", "disabled"])),
        st.tuples(st.just("look")),
    ),
    max_size=25,
)


@given(OPERATIONS)
def test_what_is_kept_between_questions_equals_what_is_made_anew(
    tmp_path_factory: pytest.TempPathFactory, operations: list[tuple[Any, ...]]
) -> None:
    store = Store.create(tmp_path_factory.mktemp("law") / "tenant.db")
    people = [f"00000000-0000-4000-8000-00000000000{n}" for n in range(3)]
    groups = [f"00000000-0000-4000-9000-00000000000{n}" for n in range(2)]
    kept, service = Picture(lagging=True), SignInService(store)
    asked = [attempt(question(person, client=client)) for person in people for client in ("browser", "other")]
    for operation in operations:
        if operation[0] == "look":
            service.sign_in(asked)
        with store.writing() as now:
            match operation:
                case ("advance", seconds):
                    now.advance(seconds * 1_000_000)
                case ("lag", *lags):
                    now.set_lags(*(lag * 1_000_000 for lag in lags))
                case ("state", n, state):
                    now.set_state(people[n], state)
                case ("member", g, n):
                    if not now.join(groups[g], people[n], "users"):
                        now.leave(groups[g], people[n])
                case ("nest", g):
                    if not now.join(groups[g], groups[1 - g], "groups"):
                        now.leave(groups[g], groups[1 - g])
                case ("group", g):
                    if not now.remove_object("groups", groups[g]):
                        now.put("groups", groups[g], {"id": groups[g], "displayName": groups[g]}, groups[g])
                case ("account", n, enabled, registered):
                    body = {"id": people[n], "userPrincipalName": people[n], "accountEnabled": enabled}
                    now.put("users", people[n], body, people[n])
                    now.put("registrations", people[n], {"id": people[n], "isMfaRegistered": registered})
                case ("role", n):
                    body = {
                        "id": people[n],
                        "principalId": people[n],
                        "roleDefinitionId": ROLE,
                        "directoryScopeId": "/",
                    }
                    if not now.remove("roleAssignments", people[n]):
                        now.put("roleAssignments", people[n], body)
                case ("policy", n, state):
                    id = f"00000000-0000-4000-a000-00000000000{n}"
                    users = {"includeRoles": [ROLE]} if n else {"includeGroups": groups[:1]}
                    if not now.remove("policies", id):
                        now.put("policies", id, {"id": id, **policy(state=state, users=users)}, id)
                case _:
                    kept.tenant(now)
    with store.reading() as now:
        anew = Picture(lagging=True).tenant(now)
        moved = kept.tenant(now)
    for part in (
        "users",
        "groups",
        "registrations",
        "named_locations",
        "strengths",
        "mfa_settings",
        "applications",
    ):
        assert getattr(moved, part) == getattr(anew, part), part
    assert by_id(moved.policies) == by_id(anew.policies)
    assert frozenset(moved.role_assignments) == frozenset(anew.role_assignments)  # type: ignore[arg-type]
    fresh = SignInService(store).sign_in(asked)
    again = service.sign_in(asked)
    assert [(r.outcome, r.mfa, r.code) for r in again] == [(r.outcome, r.mfa, r.code) for r in fresh]
    store.close()


def by_id(policies: Any) -> list[Any]:
    return sorted(policies, key=lambda each: str(each.id))


def test_time_does_not_go_back(near: Asking) -> None:
    for body in (
        {"advance": -1},
        {"advance": "1"},
        {"advance": 1e99},
        {"advance": True},
        {},
        {"advance": 1, "x": 1},
    ):
        assert near("POST", "/perca/clock", body).status == 400
    assert near("POST", "/perca/lag", {"policy": -1}).status == 400
    assert near.get("/perca/clock")["now"] == "2026-11-02T08:00:00Z"
