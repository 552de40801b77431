"""A planted tenant on a socket of this machine, so that tools read it as they would read any tenant: by Graph, page by page.

The embedded tenant holds the planted resources as they are. It takes no policy that Graph would refuse, so a tenant that is served here
could exist.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from perca.model import PerUserState
from perca.tenant import Store
from perca.tenant.records import Name, Writing
from perca.tenant.validity import Checker
from planted.graph import DOMAIN, Json
from planted.programs import perca

SECRET = "a-secret-of-this-bench"
PAGE_SIZE = 7
"""The most rows of a page: every list that matters has several."""
_SIMPLE = {
    "users": "userPrincipalName",
    "registrations": None,
    "namedLocations": "displayName",
    "servicePrincipals": "appId",
    "roleAssignments": None,
}
"""What is stored as it stands, with the other name by which it is found."""


@dataclass(frozen=True)
class Served:
    """A tenant that answers, and what only its operator knows."""

    address: str
    mfa_settings: Json


@contextlib.contextmanager
def served(snapshot: Json, folder: Path, page_size: int = PAGE_SIZE) -> Iterator[Served]:
    """Serves the tenant until the block ends; `folder` is for its database."""
    database = folder / "tenant.db"
    load(snapshot, database)
    process = subprocess.Popen(
        [*perca(), "tenant", "serve", "--db", str(database), "--page-size", str(page_size)],
        stdout=subprocess.PIPE,
        env=os.environ | {"PERCA_SECRET": SECRET},
    )
    assert process.stdout is not None
    try:
        yield Served(process.stdout.readline().decode().strip(), snapshot["mfaSettings"])
    finally:
        process.terminate()
        process.wait(20)
        process.stdout.close()


def load(snapshot: Json, database: Path) -> None:
    """Makes a database of the snapshot. GraphError for a policy that Graph wouldn't take."""
    store = Store.create(database, name=Name(snapshot["tenantId"], snapshot["displayName"], DOMAIN))
    try:
        with store.writing() as now:
            _fill(now, snapshot)
    finally:
        store.close()


def _fill(now: Writing, snapshot: Json) -> None:
    for kind, key in _SIMPLE.items():
        for body in snapshot[kind]:
            stored = {name: value for name, value in body.items() if name != "perUserMfaState"}
            now.put(kind, body["id"], stored, body[key] if key else None)
    for user in snapshot["users"]:
        if (state := user["perUserMfaState"]) != "disabled":
            now.set_state(user["id"], PerUserState(state))
    people = {user["id"] for user in snapshot["users"]}
    for group in snapshot["groups"]:
        body = {name: value for name, value in group.items() if name != "members"}
        now.put("groups", group["id"], body, group["mailNickname"])
        for member in group["members"]:
            now.join(group["id"], member, "users" if member in people else "groups")
    for body in snapshot["roleEligibilities"]:
        now.put("roleEligibilitySchedules", body["id"], body)
    for body in snapshot["authenticationStrengths"]:
        now.put("strengths", body["id"], body, body["displayName"])
    now.put("mfaSettings", "mfaSettings", {"id": "mfaSettings", **snapshot["mfaSettings"]})
    checker = Checker(now)
    for policy in snapshot["policies"]:
        sent = {name: value for name, value in policy.items() if name not in _STAMPS}
        stamps = {name: policy.get(name) for name in _STAMPS}
        now.put("policies", policy["id"], {**stamps, **checker.policy(sent)}, policy["displayName"])


_STAMPS = ("id", "createdDateTime", "modifiedDateTime")
"""What Graph itself writes into a policy."""
