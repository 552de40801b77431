"""The real program in a process of its own, a small seeded tenant, and a snapshot written by hand."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from perca.cli import main
from support.program import Done, Json, id_of, policy


@pytest.fixture
def perca(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Callable[..., Done]:
    """Runs a command in this process."""
    for name in [name for name in os.environ if name.startswith("PERCA_")]:
        monkeypatch.delenv(name)

    def run(*arguments: object) -> Done:
        capsys.readouterr()
        code = main([str(argument) for argument in arguments])
        said = capsys.readouterr()
        return Done(code, said.out, said.err)

    return run


@pytest.fixture(scope="session")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tenant of sixty people, for looking only: whoever writes takes `database`."""
    path = tmp_path_factory.mktemp("seeded") / "tenant.db"
    assert main(["tenant", "seed", "--people", "60", "--seed", "3", "--db", str(path)]) == 0
    return path


@pytest.fixture
def database(seeded: Path, tmp_path: Path) -> Path:
    """A copy of it, to be written to."""
    copy = tmp_path / "tenant.db"
    shutil.copy(seeded, copy)
    return copy


@pytest.fixture(scope="session")
def emergency(seeded: Path) -> list[str]:
    """The options that declare the emergency accounts of the seeded tenant."""
    from perca.tenant import Store
    from perca.tenant.seed import kinds

    with contextlib.closing(Store.open(seeded)) as store:
        accounts = kinds(store)["emergency"]
    return [word for account in accounts for word in ("--emergency", account)]


@pytest.fixture
def tenant() -> Json:
    """A snapshot of four people: one enforced, one enabled, two disabled; MFA for a group, but not in the office."""
    states = ("enforced", "enabled", "disabled", "disabled")
    outside = {"includeLocations": ["All"], "excludeLocations": ["AllTrusted"]}
    return {
        "format": "perca/snapshot/1",
        "tenantId": id_of(999),
        "displayName": "Four People",
        "takenAt": "2026-11-02T08:00:00Z",
        "users": [
            {
                "id": id_of(number),
                "userPrincipalName": f"person{number}@four.example",
                "displayName": f"Person {number}",
                "accountEnabled": True,
                "userType": "Member",
                "perUserMfaState": state,
            }
            for number, state in enumerate(states)
        ],
        "groups": [{"id": id_of(100), "displayName": "Some", "members": [id_of(0), id_of(2)]}],
        "policies": [
            policy(200, "MFA outside", {"includeGroups": [id_of(100)]}, locations=outside),
            policy(201, "Turned off", {"includeUsers": ["All"]}) | {"state": "disabled"},
        ],
        "namedLocations": [
            {
                "@odata.type": "#microsoft.graph.ipNamedLocation",
                "id": id_of(300),
                "displayName": "Office",
                "isTrusted": True,
                "ipRanges": [
                    {"@odata.type": "#microsoft.graph.iPv4CidrRange", "cidrAddress": "192.0.2.0/24"}
                ],
            }
        ],
        "authenticationStrengths": [],
        "servicePrincipals": [],
        "roleAssignments": [
            {"principalId": id_of(1), "roleDefinitionId": id_of(400), "directoryScopeId": "/"}
        ],
        "roleEligibilities": [],
        "registrations": [
            {
                "id": id_of(0),
                "isMfaRegistered": True,
                "isMfaCapable": True,
                "methodsRegistered": ["microsoftAuthenticatorPush"],
            }
        ],
        "securityDefaults": {"isEnabled": False},
        "mfaSettings": {
            "trustedIps": ["192.0.2.0/24"],
            "trustFederatedIntranet": False,
            "rememberMfaDays": None,
            "allowAppPasswords": True,
        },
        "missing": [],
    }


@pytest.fixture
def written(tmp_path: Path) -> Callable[..., Path]:
    """Writes a value as JSON into a file."""

    def write(value: object, name: str = "snapshot.json") -> Path:
        path = tmp_path / name
        path.write_text(json.dumps(value), "utf-8")
        return path

    return write


@pytest.fixture
def snapshot(tenant: Json, written: Callable[..., Path]) -> Path:
    """The four people in a file."""
    return written(tenant)
