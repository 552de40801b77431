"""A fresh snapshot of the embedded tenant answers what `lockouts` and `gaps` ask of it; a refusal leaves one fact unknown."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import httpx2
import pytest

from perca.graph import Graph, GraphDirectory, HttpxTransport, secret
from perca.model import NotRead
from perca.ports import VirtualClock
from perca.tenant import Store, application
from perca.tenant.seed import mfa_settings
from perca.wire import parse_snapshot
from support.program import SECRET, Done, serving

PURPOSE = "which of them are rooms, shared mailboxes, devices or services (mailboxSettings.userPurpose)"
STRENGTH = "whether the person has the methods for authenticationStrength:00000000-0000-0000-0000-000000000004, and may use them"
"""One administrator's second factors are in the report, and certificates are in none."""
OWNERS = "who owns the groups that policies include or exclude (owners)"
FACTS = {
    "/domains": ("domains", "whether the account's domain is federated: 403 Authorization_RequestDenied"),
    "/users/signInActivity": (
        "users/signInActivity",
        "when the account last signed in with success (signInActivity)",
    ),
}


@pytest.fixture
def taken(database: Path, tmp_path: Path):
    """A snapshot of the tenant, which denies these paths, in a file; and what is missing from it."""

    def take(*deny: str) -> tuple[Path, list[str]]:
        store = Store.open(database)
        app = application(store, secret="s", deny=deny)

        async def whole():
            async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app)) as client:
                graph = Graph(HttpxTransport(client), "http://embedded", secret("s"), VirtualClock())
                return await GraphDirectory(graph, mfa_settings=mfa_settings(store)).snapshot()

        snapshot = asyncio.run(whole())
        store.close()
        path = tmp_path / f"{len(deny)}.snapshot.json"
        path.write_text(json.dumps(snapshot), "utf-8")
        return path, [gap["what"] for gap in snapshot["missing"]]

    return take


def unknown(done: Done) -> set[str]:
    """Everything that findings lack."""
    return {fact for each in done.json["findings"] for fact in each.get("missing", ())}


def test_what_is_unknown_to_lockouts_is_what_graph_does_not_list(perca, taken, emergency) -> None:
    path, missing = taken()
    done = perca("lockouts", path, *emergency, "--json")
    assert missing == []
    assert unknown(done) == {PURPOSE, STRENGTH}
    assert done.json["exitCodes"] == [1, 3]
    assert OWNERS not in unknown(perca("gaps", path, "--json"))


@pytest.mark.parametrize("deny", FACTS)
def test_a_refusal_leaves_one_fact_unknown(perca, taken, emergency, deny) -> None:
    what, fact = FACTS[deny]
    whole, _ = taken()
    path, missing = taken(deny)
    assert missing == [what]
    known = unknown(perca("lockouts", whole, *emergency, "--json"))
    assert unknown(perca("lockouts", path, *emergency, "--json")) - known == {fact}


UNREAD = {
    "users/signInActivity": "emergencyNeverTested",
    "policies/authenticationMethodsPolicy": "strengthNotMet",
    "domains": "emergencyFederated",
}
"""What a tenant refuses, and what is then not assessed that otherwise is."""


@pytest.mark.slow
@pytest.mark.parametrize("refused", [*([each] for each in UNREAD), list(UNREAD)], ids=lambda each: each[-1])
def test_a_served_tenant_that_refuses_is_read_all_the_same(
    perca, database: Path, emergency, tmp_path: Path, monkeypatch, refused: list[str]
) -> None:
    file, whole = tmp_path / "refused.json", tmp_path / "whole.json"
    faults = ",".join(f"deny=/{each}" for each in refused)
    assert perca("snapshot", "take", "--tenant", database, "-o", whole).code == 0
    with serving(database, "--faults", faults) as address:
        monkeypatch.setenv("PERCA_SECRET", SECRET)
        done = perca("snapshot", "take", "--tenant", address, "-o", file)
    assert (done.code, done.err) == (3, "")
    told = done.out.partition("Could not be read\n")[2]
    assert set(told.split("\n")) == {"", *(f"  {each}: 403 Authorization_RequestDenied" for each in refused)}
    read, everything = (json.loads(each.read_text("utf-8")) for each in (file, whole))
    for kind in ("users", "groups", "policies", "namedLocations", "registrations", "roleAssignments"):
        assert len(read[kind]) == len(everything[kind]) > 0
    done = perca("lockouts", file, *emergency, "--json")
    assert 3 in done.json["exitCodes"]
    unsure, before = (
        {each["kind"] for each in found.json["findings"] if not each["assessed"]}
        for found in (done, perca("lockouts", whole, *emergency, "--json"))
    )
    assert {UNREAD[each] for each in refused} <= unsure - before


def test_a_later_sign_in_is_no_difference(perca, database: Path, tmp_path: Path) -> None:
    before, after = tmp_path / "before.json", tmp_path / "after.json"
    assert perca("snapshot", "take", "--tenant", database, "-o", before).code == 0
    held = json.loads(before.read_text("utf-8"))
    for user in held["users"]:
        user["signInActivity"] = {"lastSuccessfulSignInDateTime": held["takenAt"]}
    after.write_text(json.dumps(held), "utf-8")
    assert (
        parse_snapshot(held).last_successes != parse_snapshot(json.loads(before.read_text())).last_successes
    )
    done = perca("diff", before, after)
    assert (done.code, done.out.startswith("Holds")) == (0, True)


def test_refused_methods_are_unknown_with_the_reason(taken) -> None:
    path, missing = taken("/policies/authenticationMethodsPolicy")
    assert missing == ["policies/authenticationMethodsPolicy"]
    read = parse_snapshot(json.loads(path.read_text("utf-8")))
    assert read.methods == NotRead("403 Authorization_RequestDenied")


def test_refused_owners_of_one_group_are_unknown_to_gaps(perca, taken) -> None:
    whole, _ = taken()
    held = json.loads(whole.read_text("utf-8"))["groups"]
    group = next(each for each in held if each["displayName"] == "MFA Exceptions")
    path, missing = taken(f"/groups/{group['id']}/owners")
    assert missing == [f"groups/{group['id']}/owners"]
    assert unknown(perca("gaps", path, "--json")) - unknown(perca("gaps", whole, "--json")) == {OWNERS}
