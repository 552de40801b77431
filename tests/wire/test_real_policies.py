"""Real policy files, written by nobody of this project: each is read, read with its unrecognised parts named, or refused."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from perca.model import Unrecognised, UserCondition, UserScope
from perca.wire import (
    NotReadable,
    ReadInPart,
    decode,
    emit_policy,
    load,
    parse_policy,
    read_policies,
    resources,
    survey,
    unrecognised_parts,
)
from perca.wire.values import canonical, says_nothing
from support.normal_form import normal_policy

Json = dict[str, Any]


@pytest.fixture(scope="module")
def real(shared_fixtures: Path) -> list[Json]:
    """Every policy of every file, as it stands there."""
    files = sorted((shared_fixtures / "policies").rglob("*.json"))
    assert len(files) > 400
    return [resource for file in files for _, resource in resources(decode(load(file), file.name), file.name)]


def test_every_file_has_an_outcome_and_every_policy_file_is_read(shared_fixtures: Path) -> None:
    files = sorted(path for path in shared_fixtures.rglob("*") if path.is_file())
    rows = survey(files)
    assert [row.path for row in rows] == [str(file) for file in files]
    for row in rows:
        relative = Path(row.path).relative_to(shared_fixtures)
        is_policy = relative.parts[0] == "policies" and relative.suffix == ".json"
        assert isinstance(row, NotReadable) != is_policy, row
        if isinstance(row, NotReadable):
            assert row.reason
            assert row.hint
            assert "\n" not in row.reason
        if isinstance(row, ReadInPart):
            assert all(row.unrecognised)


def test_what_is_written_back_is_the_normal_form(real: list[Json]) -> None:
    for resource in real:
        read = parse_policy(resource)
        written = emit_policy(read)
        assert canonical(written) == canonical(normal_policy(resource))
        assert parse_policy(written) == read


def test_every_condition_that_says_something_is_modelled_or_named(real: list[Json]) -> None:
    modelled = {
        "users": "users",
        "applications": "applications",
        "clientAppTypes": "client_apps",
        "platforms": "platforms",
        "locations": "locations",
        "signInRiskLevels": "sign_in_risk",
        "userRiskLevels": "user_risk",
        "insiderRiskLevels": "insider_risk",
        "devices": "device",
        "authenticationFlows": "flows",
        "clientApplications": "workloads",
        "agents": "workloads",
        "servicePrincipalRiskLevels": "workloads",
        "agentIdRiskLevels": "workloads",
    }
    for resource in real:
        read = parse_policy(resource)
        named = {part.where for part in unrecognised_parts(read)}
        for name, value in resource["conditions"].items():
            if "@" in name or says_nothing(value):
                continue
            assert name in modelled or f"conditions.{name}" in named, (name, value)
            if name in modelled:
                assert getattr(read, modelled[name]), (name, value)


WORDS = ("All", "None", "AllTrusted", "GuestsOrExternalUsers")
"""Words that are members of the model by themselves."""


def listed(conditions: Json) -> Iterator[tuple[str, str]]:
    """Every entry of the lists in the conditions that have sides."""
    for part in ("users", "applications", "platforms", "locations"):
        members = conditions.get(part)
        for name, entries in members.items() if isinstance(members, dict) else ():
            yield from ((name, entry) for entry in entries or () if isinstance(entries, list))


def test_every_entry_of_a_list_is_in_the_model_or_named(real: list[Json]) -> None:
    for resource in real:
        read = parse_policy(resource)
        model = repr(replace(read, kept="")).casefold()
        written = canonical(emit_policy(read)["conditions"]).casefold()
        for name, entry in listed(resource["conditions"]):
            assert entry.casefold() in written, (name, entry)
            assert entry in WORDS or entry.casefold() in model, (name, entry)


def test_guests_workloads_and_agents_are_read_to_the_last_word(real: list[Json]) -> None:
    read = [parse_policy(resource) for resource in real]
    named = [part.where for policy in read for part in unrecognised_parts(policy)]
    words = ("GuestsOrExternalUsers", "conditions.clientApplications", "conditions.agents", "IdRiskLevels")
    assert not [where for where in named if any(word in where for word in words)]
    scopes = [
        s for p in read if isinstance(p.users, UserCondition) for s in (p.users.include, p.users.exclude)
    ]
    assert sum(bool(scope.externals) for scope in scopes) > 40
    about_workloads = [policy for policy in read if policy.workloads is not None]
    assert len(about_workloads) > 8
    assert all(policy.users == UserCondition(UserScope(nobody=True)) for policy in about_workloads)


def test_ids_are_unique_in_each_file(shared_fixtures: Path) -> None:
    for file in sorted((shared_fixtures / "policies").rglob("*.json")):
        ids = [policy.id for policy in read_policies(decode(load(file), file.name), file.name)]
        assert len(set(ids)) == len(ids)
        assert all(ids)


def test_policies_without_a_state_are_neither_on_nor_off(real: list[Json]) -> None:
    without = [resource for resource in real if "state" not in {name.lower() for name in resource}]
    assert without
    assert all(isinstance(parse_policy(resource).state, Unrecognised) for resource in without)
