"""The directory against the embedded tenant, in process and over a socket: one suite, one seed, the same answers."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

import httpx2
import pytest

from perca.errors import NotAssessed
from perca.graph import Graph, GraphDirectory, HttpxTransport, secret
from perca.model import NotRead, PerUserState, PolicyState
from perca.tenant import Control, Store, application
from perca.tenant.control import TenantClock, sending
from perca.tenant.seed import kinds, mfa_settings, seeded
from perca.tenant.serve import listen, server

SECRET = "a-secret-of-this-test"
PEOPLE = 60


@dataclass(frozen=True)
class Connected:
    """A seeded tenant, and the directory that knows it only through Graph."""

    directory: GraphDirectory
    control: Control
    store: Store
    clock: TenantClock


@asynccontextmanager
async def in_process(app) -> AsyncIterator[tuple[httpx2.AsyncClient, str]]:
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app)) as client:
        yield client, "http://embedded"


@asynccontextmanager
async def over_a_socket(app) -> AsyncIterator[tuple[httpx2.AsyncClient, str]]:
    listener, ready = listen(), threading.Event()
    serving = server(app, started=ready.set)
    thread = threading.Thread(target=serving.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    try:
        assert ready.wait(10)
        async with httpx2.AsyncClient(trust_env=False) as client:
            yield client, f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        serving.should_exit = True
        thread.join(10)
        listener.close()


@pytest.fixture(scope="module")
def company(tmp_path_factory):
    path = tmp_path_factory.mktemp("company") / "tenant.db"
    seeded(path, PEOPLE, 11).close()
    return path


@pytest.fixture(params=[in_process, over_a_socket], ids=["in process", "over a socket"])
def connect(request, company, tmp_path):
    """Connects to a copy of the company; keywords are the tenant's switches."""

    @asynccontextmanager
    async def connected(**switches) -> AsyncIterator[Connected]:
        path = tmp_path / "tenant.db"
        if not path.exists():
            path.write_bytes(company.read_bytes())
        store = Store.open(path)
        async with request.param(application(store, secret=SECRET, **switches)) as (client, root):
            control = Control(sending(client, root, SECRET))
            clock = await TenantClock.start(control)
            graph = Graph(HttpxTransport(client), root, secret(SECRET), clock)
            yield Connected(GraphDirectory(graph, mfa_settings=mfa_settings(store)), control, store, clock)
        store.close()

    return connected


def test_a_seeded_tenant_is_read_whole_under_its_own_throttle(connect, run):
    async def work():
        async with connect(throttle=True, page_size=7) as tenant:
            return await tenant.directory.snapshot(), kinds(tenant.store)

    snapshot, people = run(work())
    assert len(snapshot["users"]) == PEOPLE
    assert snapshot["missing"] == []
    assert {user["perUserMfaState"] for user in snapshot["users"]} == {"disabled", "enabled", "enforced"}
    assert {row["id"] for row in snapshot["registrations"]} == {user["id"] for user in snapshot["users"]}
    assert sum(map(len, people.values())) == PEOPLE
    assert any(group["members"] for group in snapshot["groups"])
    for part in (
        "policies",
        "namedLocations",
        "authenticationStrengths",
        "servicePrincipals",
        "roleAssignments",
    ):
        assert snapshot[part], part
    assert snapshot["securityDefaults"]["isEnabled"] is False
    assert snapshot["tenantId"]


def test_the_same_tenant_reads_the_same_in_process_and_over_a_socket(company, tmp_path, run):
    async def read(way):
        store = Store.open(path)
        async with way(application(store, secret=SECRET)) as (client, root):
            clock = await TenantClock.start(Control(sending(client, root, SECRET)))
            graph = Graph(HttpxTransport(client), root, secret(SECRET), clock)
            snapshot = await GraphDirectory(graph, mfa_settings=None).snapshot()
        store.close()
        return without_addresses(snapshot)

    def without_addresses(value):
        match value:
            case dict():
                named = value.items()
                return {name: without_addresses(each) for name, each in named if "@odata." not in name}
            case list():
                return [without_addresses(each) for each in value]
        return value

    snapshots = []
    for way in (in_process, over_a_socket):
        path = tmp_path / f"{way.__name__}.db"
        path.write_bytes(company.read_bytes())
        snapshots.append(run(read(way)))
    assert snapshots[0] == snapshots[1]


def test_a_group_and_a_policy_live_their_lives(connect, run):
    async def work():
        async with connect() as tenant:
            directory = tenant.directory
            users = [user["id"] for user in (await directory.snapshot())["users"]][:45]
            assert await directory.find_group("moved") is None
            group = await directory.create_group("People who moved", "moved", "made by a test")
            assert await directory.find_group("MOVED") == group
            assert await directory.members(group) == frozenset()
            await directory.add_members(group, users[:30])
            await directory.add_members(group, users)
            assert await directory.members(group) == frozenset(users)
            await directory.remove_members(group, users[40:])
            await directory.remove_members(group, users[40:])
            assert await directory.members(group) == frozenset(users[:40])
            policy = await directory.create_policy(require_mfa(group))
            await directory.set_policy_state(policy, PolicyState.ENABLED)
            read = await directory.policy(policy)
            assert read is not None
            assert read["state"] == "enabled"
            assert policy in {each["id"] for each in await directory.policies()}
            results = await directory.what_if(of_graph(question(users[0])))
            assert {row["id"]: row["policyApplies"] for row in results}[policy] is True
            await directory.delete_policy(policy)
            await directory.delete_policy(policy)
            assert await directory.policy(policy) is None
            await directory.delete_group(group)
            await directory.delete_group(group)
            assert await directory.find_group("moved") is None
            assert isinstance(await directory.members(group), NotRead)

    run(work())


def test_states_are_written_and_read_back(connect, run):
    async def work():
        async with connect() as tenant:
            directory, people = tenant.directory, kinds(tenant.store)
            everybody = [user for each in people.values() for user in each]
            before = await directory.per_user_states(everybody)
            assert await directory.set_per_user_states(dict.fromkeys(everybody, PerUserState.DISABLED)) == {}
            assert set((await directory.per_user_states(everybody)).values()) == {PerUserState.DISABLED}
            assert await directory.set_per_user_states(before) == {}
            after = await directory.per_user_states(everybody)
            stranger = "99999999-9999-4999-8999-999999999999"
            refused = await directory.set_per_user_states({stranger: PerUserState.DISABLED})
            unread = await directory.per_user_states([stranger, everybody[0]])
            return before, after, refused[stranger], unread[stranger]

    before, after, refused, unread = run(work())
    for person, state in before.items():
        raised = state is PerUserState.ENABLED and after[person] is PerUserState.ENFORCED
        assert after[person] is state or raised, "enabling a registered person makes them enforced"
    assert "404" in refused
    assert isinstance(unread, NotRead)


def test_what_is_denied_is_missing_and_the_rest_is_there(connect, run):
    async def work():
        async with connect() as tenant:
            whole = await tenant.directory.snapshot()
            group, user = whole["groups"][0]["id"], whole["users"][0]["id"]
        deny = (f"/groups/{group}/members", f"/users/{user}/authentication", "/roleManagement")
        async with connect(deny=deny) as tenant:
            assert isinstance(await tenant.directory.members(group), NotRead)
            return group, user, await tenant.directory.snapshot()

    group, user, snapshot = run(work())
    missing = {entry["what"]: entry["why"] for entry in snapshot["missing"]}
    assert set(missing.values()) == {"403 Authorization_RequestDenied"}
    assert missing.keys() >= {
        f"groups/{group}/members",
        f"users/{user}/authentication/requirements",
        "roleManagement/directory/roleAssignments",
        "roleManagement/directory/roleEligibilitySchedules",
    }
    assert len(missing) == 4
    assert "roleAssignments" not in snapshot
    assert [each["id"] for each in snapshot["users"] if "perUserMfaState" not in each] == [user]
    assert [each["id"] for each in snapshot["groups"] if "members" not in each] == [group]


def test_a_flaky_tenant_is_read_whole_all_the_same(connect, run):
    async def work():
        async with connect(too_many=0.15, unavailable=0.1, seed=5) as tenant:
            return await tenant.directory.snapshot()

    snapshot = run(work())
    assert snapshot["missing"] == []
    assert all("perUserMfaState" in user for user in snapshot["users"])


def test_a_wrong_secret_is_exit_3_and_is_not_shown(connect, run):
    async def work():
        async with connect() as tenant:
            graph = tenant.directory._graph
            wrong = Graph(graph._transport, graph.root, secret("not-the-secret"), tenant.clock)
            await GraphDirectory(wrong, mfa_settings=None).snapshot()

    with pytest.raises(NotAssessed, match="401 InvalidAuthenticationToken") as caught:
        run(work())
    assert "not-the-secret" not in caught.value.message


def test_a_sign_in_is_seen_in_the_log_by_person_and_time(connect, run):
    async def work():
        async with connect() as tenant:
            person, other = kinds(tenant.store)["disabled"][:2]
            since = tenant.clock.now() + timedelta(seconds=1)
            await tenant.clock.sleep(60)
            (ended,) = await tenant.control.sign_in([question(person)])
            await tenant.control.sign_in([question(other)])
            rows = await tenant.directory.sign_ins(since=since, people=[person])
            every = await tenant.directory.sign_ins(since=since)
            past = await tenant.directory.sign_ins(since=since - timedelta(days=40))
            return person, ended, rows, every, past

    person, ended, rows, every, past = run(work())
    assert [(row.id, row.user) for row in rows] == [(ended.row, person)]
    assert len(every) == 2
    assert len(past) > 2
    assert [row.at for row in past] == sorted((row.at for row in past), reverse=True)


def require_mfa(group):
    return {
        "displayName": "Require MFA of the people who moved",
        "state": "enabledForReportingButNotEnforced",
        "conditions": {
            "clientAppTypes": ["all"],
            "users": {"includeGroups": [group]},
            "applications": {"includeApplications": ["All"]},
        },
        "grantControls": {"operator": "OR", "builtInControls": ["mfa"]},
    }


def of_graph(asked):
    return {name: value for name, value in asked.items() if name != "perca"}


def question(user):
    return {
        "signInIdentity": {"@odata.type": "#microsoft.graph.userSignIn", "userId": user},
        "signInContext": {
            "@odata.type": "#microsoft.graph.applicationContext",
            "includeApplications": ["00000002-0000-0ff1-ce00-000000000000"],
        },
        "signInConditions": {
            "clientAppType": "browser",
            "ipAddress": "203.0.113.9",
            "devicePlatform": "windows",
            "signInRiskLevel": "none",
            "userRiskLevel": "none",
        },
        "perca": {"credential": "password"},
    }
