"""plan, apply, resume, verify and rollback as commands: their answers, their exit codes, and what they leave behind."""

from __future__ import annotations

import asyncio
import contextlib
import csv
import io
import json
import signal
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from perca.app import EmbeddedTenant, connect
from perca.migrate.journal import read_journal
from perca.model import UserId
from perca.tenant import Store
from support.program import CLEAN, PROGRAM, SECRET, Done, Json, program, serving, until

pytestmark = pytest.mark.slow
Perca = Callable[..., Done]


@dataclass
class Road:
    """A tenant, a plan of three waves for it, and commands that are given both."""

    database: Path
    plan: Path
    perca: Perca

    def __call__(self, command: str, *arguments: object) -> Done:
        named = ("--tenant", self.database) if command in ("apply", "verify") else ()
        return self.perca(command, self.plan, *named, *arguments)

    @property
    def document(self) -> Json:
        value = json.loads(self.plan.read_text("utf-8"))
        assert isinstance(value, dict)
        return value

    def states(self) -> dict[str, str]:
        """Everybody's per-user state, as the tenant holds it."""
        with contextlib.closing(Store.open(self.database)) as store, store.reading() as now:
            return {user["id"]: now.state(user["id"]).value for user in now.all("users")}


@pytest.fixture
def road(perca: Perca, database: Path, tmp_path: Path, emergency: list[str]) -> Road:
    plan = tmp_path / "plan.json"
    done = perca("plan", "--tenant", database, *emergency, "--waves", 3, "-o", plan)
    assert done.code == 0, done.err
    return Road(database, plan, perca)


def test_there_and_back(road: Road) -> None:
    before = road.states()
    applied = road("apply", "--json")
    assert (applied.code, applied.json["format"], applied.json["done"]) == (0, "perca/apply/1", True)
    assert applied.json["steps"]["setStates"] == 3
    assert applied.json["proof"]["holds"] is True
    assert int(applied.json["proof"]["combinations"]) > 10**40
    assert len(applied.json["evidence"]) == 3
    assert Path(applied.json["journal"]).exists()
    moved = {person["id"] for person in road.document["people"]}
    assert {user for user, state in road.states().items() if state != before[user]} == moved

    verified = road("verify", "--json")
    assert (verified.code, verified.json["done"], verified.json["differences"]) == (0, True, [])
    assert verified.json["proof"]["alwaysMfa"]["people"] == len(moved)

    back = road("rollback", "--json")
    assert (back.code, back.json["done"], road.states()) == (0, True, before)
    assert road("apply").code == 1  # a plan that was taken back is not taken up again


def test_one_wave_and_then_the_rest(road: Road) -> None:
    done = road("apply", "--wave", 1, "--json")
    assert (done.code, done.json["done"], done.json["steps"]["setStates"]) == (0, False, 1)
    disabled = {user for user, state in road.states().items() if state == "disabled"}
    first = {person["id"] for person in road.document["people"] if person["wave"] == 1}
    later = {person["id"] for person in road.document["people"] if person["wave"] > 1}
    assert first <= disabled
    assert not later & disabled
    assert road("apply", "--json").json["done"] is True
    back = road("rollback", "--wave", 2, "--json")
    assert (back.code, back.json["steps"]) == (0, {"setStates": 1, "readStates": 1, "removeMembers": 1})
    assert road("apply", "--wave", 4).code == 2


def test_soak_is_waited_for_in_the_tenants_time(road: Road) -> None:
    def now() -> float:
        with contextlib.closing(Store.open(road.database)) as store, store.reading() as reading:
            return reading.times().now / 1e6

    start = now()
    assert road("apply", "--wave", 1, "--soak", "2h").code == 0
    middle = now()
    assert road("apply", "--wave", 2).code == 0
    assert 7200 <= middle - start < 86_400 <= now() - middle


def test_a_policy_that_is_gone_is_a_broken_promise(road: Road) -> None:
    assert road("apply").code == 0
    with contextlib.closing(Store.open(road.database)) as store, store.writing() as now:
        name = road.document["group"]["displayName"]
        (policy,) = (each["id"] for each in now.all("policies") if each["displayName"] == name)
        now.remove("policies", policy)
    done = road("verify", "--json")
    assert (done.code, done.json["done"], done.json["proof"]["holds"]) == (1, False, False)
    person = road.document["people"][0]["userPrincipalName"]
    assert any(line.startswith(f"{person}: ") for line in done.json["differences"])
    witnesses = done.json["proof"]["alwaysMfa"]["witnesses"]
    assert witnesses[0]["signInConditions"]["clientAppType"]
    assert "signs in to" in road("verify").out


async def exclude_through_a_nested_group(database: Path, policy_name: str, person: str) -> None:
    """An outer group, excluded from the policy, holds an inner group, which holds the person."""
    async with connect(EmbeddedTenant(database), secret="") as connection:
        directory = connection.directory
        outer = await directory.create_group("Exceptions", "exceptions", "")
        inner = await directory.create_group("Contractors", "contractors", "")
        await directory.add_members(outer, [UserId(inner)])
        await directory.add_members(inner, [UserId(person)])
        (policy,) = [each for each in await directory.policies() if each["displayName"] == policy_name]
        users = {**policy["conditions"]["users"], "excludeGroups": [outer]}
        graph = directory._graph
        body = {"conditions": {**policy["conditions"], "users": users}}
        await graph.patch(f"/v1.0/identity/conditionalAccess/policies/{policy['id']}", body)


def test_somebody_excluded_through_a_nested_group_is_named_with_a_witness(road: Road) -> None:
    assert road("apply").code == 0
    person = road.document["people"][0]
    name = road.document["group"]["displayName"]
    asyncio.run(exclude_through_a_nested_group(road.database, name, person["id"]))
    done = road("verify", "--json")
    assert (done.code, done.json["proof"]["holds"]) == (1, False)
    named = {line.partition(":")[0] for line in done.json["differences"]}
    assert named == {person["userPrincipalName"]}
    (witness,) = done.json["proof"]["alwaysMfa"]["witnesses"]
    assert witness["signInIdentity"]["userId"] == person["id"]


def test_a_step_whose_needs_no_longer_hold_is_not_taken(road: Road) -> None:
    assert road("apply", "--wave", 1).code == 0
    person = road.document["people"][0]
    name = road.document["group"]["displayName"]
    asyncio.run(exclude_through_a_nested_group(road.database, name, person["id"]))
    before = road.states()
    done = road("apply")
    assert done.code == 1
    assert person["userPrincipalName"] in done.err
    assert "would lose MFA" in done.err
    assert road.states() == before


def test_members_that_nobody_may_read_leave_the_promise_not_assessed(road: Road) -> None:
    assert road("apply").code == 0
    (group,) = {
        record.detail["id"]
        for record in read_journal(Path(f"{road.plan}.journal.jsonl"))
        if record.event == "seen" and record.step == "group"
    }
    with serving(road.database, "--faults", f"deny=/groups/{group}/members") as address:
        done = program("verify", road.plan, "--tenant", address, "--json", PERCA_SECRET=SECRET)
    assert (done.code, done.json["proof"]["holds"]) == (3, None)
    assert any("not assessed" in line for line in done.json["differences"])


def test_another_tenant_is_refused(road: Road, perca: Perca, tmp_path: Path) -> None:
    other = tmp_path / "other.db"
    assert perca("tenant", "seed", "--people", 60, "--seed", 4, "--db", other).code == 0
    for command in ("apply", "verify"):
        done = perca(command, road.plan, "--tenant", other)
        assert (done.code, "the plan's is" in done.err) == (2, True)
    assert not Path(f"{road.plan}.journal.jsonl").exists()


def test_an_address_is_written_to_only_when_its_id_was_said(road: Road) -> None:
    def ask(*options: str) -> Done:
        return program("apply", road.plan, "--tenant", address, *options, PERCA_SECRET=SECRET)

    before = road.states()
    with serving(road.database) as address:
        silent, wrong = ask(), ask("--yes-tenant", "another")
        assert (silent.code, wrong.code, road.states()) == (2, 2, before)
        for words in (
            road.document["tenantName"],
            road.document["tenantId"],
            str(len(road.document["people"])),
        ):
            assert words in silent.line
        shown = ask("--dry-run", "--json")
        assert (shown.code, shown.err) == (0, "")
        assert (shown.json["sent"], road.states()) == (0, before)
        done = ask("--yes-tenant", road.document["tenantId"].upper(), "--json")
        assert (done.code, done.json["done"]) == (0, True)


def test_a_dry_run_shows_every_request(road: Road) -> None:
    sent = road("apply", "--dry-run", "--json").json["requests"]
    people = [person["id"] for person in road.document["people"]]
    assert [each["path"] for each in sent[:1]] == ["/v1.0/groups"]
    members = [
        url.rpartition("/")[2] for each in sent for url in (each["body"] or {}).get("members@odata.bind", ())
    ]
    assert sorted(members) == sorted(people)
    written = [part for each in sent if each["path"] == "/beta/$batch" for part in each["body"]["requests"]]
    assert sorted(part["url"].split("/")[2] for part in written) == sorted(people)
    assert {part["body"]["perUserMfaState"] for part in written} == {"disabled"}
    (on,) = (each for each in sent if each["step"] == "on")
    assert (on["method"], on["body"]) == ("PATCH", {"state": "enabled"})


def test_a_run_that_was_killed_goes_on_without_being_told_where(road: Road, tmp_path: Path) -> None:
    """SIGKILL when the second wave is being disabled; `resume` needs neither the tenant nor its id again."""
    journal = Path(f"{road.plan}.journal.jsonl")
    with serving(road.database) as address:
        environment = CLEAN | {"PERCA_SECRET": SECRET}
        command = [
            PROGRAM,
            "apply",
            road.plan,
            "--tenant",
            address,
            "--yes-tenant",
            road.document["tenantId"],
        ]
        with subprocess.Popen(
            command, env=environment, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL
        ) as run:
            until(lambda: journal.exists() and b'"seen:2"' in journal.read_bytes())
            run.send_signal(signal.SIGKILL)
        done = program("resume", road.plan, "--json", PERCA_SECRET=SECRET)
        assert (done.code, done.json["done"]) == (0, True)
        assert program("verify", road.plan, PERCA_SECRET=SECRET).code == 0
        assert program("rollback", road.plan, PERCA_SECRET=SECRET).code == 0
    assert SECRET.encode() not in journal.read_bytes()


def test_nothing_to_resume_or_to_take_back(road: Road) -> None:
    assert (road("resume").code, road("rollback").code) == (2, 2)


def test_an_edited_plan_is_refused(road: Road) -> None:
    document = road.document
    document["steps"] = [step for step in document["steps"] if step["kind"] != "seePolicyAct"]
    road.plan.write_text(json.dumps(document), "utf-8")
    assert (road("apply").code, road.perca("plan", "show", road.plan).code) == (2, 2)


def test_a_plan_is_shown_to_people_and_to_spreadsheets(road: Road) -> None:
    text = road.perca("plan", "show", road.plan).out
    for words in ("First of all", "Steps", "The way back", "What can't come back exactly", "Held back"):
        assert f"\n{words}\n" in text
    rows = list(csv.DictReader(io.StringIO(road.perca("plan", "show", road.plan, "--as", "csv").out)))
    document = road.document
    everybody = (*document["people"], *document["heldBack"], *document["stays"])
    assert [row["id"] for row in rows] == [person["id"] for person in everybody]
    assert {row["whatHappens"] for row in rows} == {"moved", "held back", "stays"}
    told = road.perca("plan", "show", road.plan, "--json").json
    assert (told["format"], "before" in told, told["steps"]) == ("perca/plan/1", False, document["steps"])


@pytest.mark.parametrize("form", ["powershell", "change-request"])
def test_forms_that_are_not_built_say_so(road: Road, form: str) -> None:
    assert "not built yet" in road.perca("plan", "show", road.plan, "--as", form).line


def refusals(emergency: list[str]) -> Iterator[tuple[list[object], int, str]]:
    yield [], 1, "emergency accounts"
    yield emergency[:2], 1, "emergency accounts"
    yield [*emergency[:2], "--emergency", "nobody@four.example"], 2, "is not in the data"
    yield [*emergency, "--waves", 0], 2, "waves"
    yield [*emergency, "--goal", "roles"], 2, "not built yet"
    yield [*emergency, "--soak", "long"], 2, "no span of time"


def test_plans_that_are_not_made(perca: Perca, seeded: Path, tmp_path: Path, emergency: list[str]) -> None:
    for options, code, words in refusals(emergency):
        done = perca("plan", "--tenant", seeded, "-o", tmp_path / "plan.json", *options)
        assert (done.code, words in done.line) == (code, True), done
    assert list(tmp_path.iterdir()) == []


def test_a_plan_without_emergency_accounts_when_that_is_said(
    perca: Perca, seeded: Path, tmp_path: Path
) -> None:
    options = ("--without-emergency-accounts", "-o", tmp_path / "plan.json")
    assert perca("plan", "--tenant", seeded, *options).code == 0


def test_a_plan_from_a_file_does_not_know_the_sign_in_log(
    perca: Perca, seeded: Path, tmp_path: Path, emergency: list[str]
) -> None:
    snapshot, plan = tmp_path / "snapshot.json", tmp_path / "plan.json"
    assert perca("snapshot", "take", "--tenant", seeded, "-o", snapshot).code == 0
    done = perca("plan", "--snapshot", snapshot, *emergency, "-o", plan, "--json")
    assert done.code == 0
    assert done.json["heldBack"] == []
    assert any("legacy clients is known" in each for each in done.json["assumptions"])
