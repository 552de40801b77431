"""Law: a policy with names for ids, given the ids of the same tenant again, is the policy, member by member; whatever it holds."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from perca.errors import BadInput
from perca.wire import decode, load, parse_policy, resources
from perca.wire.naming import Names, Thing, names_in
from perca.wire.portable import named, speaks_of_names, unnamed
from perca.wire.values import canonical
from support import graph_json

Json = dict[str, Any]
IDS = [*graph_json.GUIDS, "<Group>"]
CALLED = ["Sales", "Sales", "sales", "All", "", "ana@x.example", graph_json.GUIDS[0]]
held = st.lists(
    st.builds(
        lambda id, app, name, owner: {
            "id": id,
            "appId": app,
            "displayName": name,
            "userPrincipalName": name,
            "appOwnerOrganizationId": owner,
        },
        st.sampled_from(IDS),
        st.sampled_from(graph_json.GUIDS),
        st.sampled_from(CALLED),
        st.sampled_from(["t", "other", None]),
    ),
    max_size=4,
)
COLLECTIONS = (
    "users groups roleDefinitions servicePrincipals namedLocations authenticationStrengths agreements"
).split()
snapshots = st.fixed_dictionaries(dict.fromkeys(COLLECTIONS, held)).map(
    lambda made: {"tenantId": "t", **made}
)


def round_trip(policy: Json, names: Names, everywhere: frozenset[str] = frozenset()) -> Json:
    before = copy.deepcopy(policy)
    there = named(policy, names, everywhere)
    assert policy == before, "translating changed its input"
    back = unnamed(there.policy, names, everywhere)
    assert (there.unresolved, back.unresolved) == ([], [])
    assert {(c.where, c.id) for c in back.carried} <= {(c.where, c.id) for c in there.carried}
    return back.policy


@given(graph_json.policies, snapshots)
def test_any_policy_in_any_tenant(policy: Json, snapshot: Json) -> None:
    back = round_trip(policy, names_in(snapshot))
    assert repr(back) == repr(policy)
    try:
        read = parse_policy(policy)
    except BadInput:
        return
    assert parse_policy(back) == read


@given(graph_json.policies, snapshots)
def test_what_is_said_of_a_policy_with_names(policy: Json, snapshot: Json) -> None:
    there = named(policy, names_in(snapshot)).policy
    assert speaks_of_names(there) is (there != policy)


@given(snapshots, st.sampled_from([*Thing]), st.sampled_from(CALLED))
def test_a_name_stands_for_all_that_are_called_so(snapshot: Json, thing: Thing, name: str) -> None:
    names = names_in(snapshot)
    assert set(names.called(thing, name)) == (
        {id for id, held in names.names[thing].items() if name and _alike(thing, held, name)}
    )


def _alike(thing: Thing, one: str, other: str) -> bool:
    return one.lower() == other.lower() if thing is Thing.USER else one == other


def test_real_policies(shared_fixtures: Path) -> None:
    seen = 0
    for path in sorted((shared_fixtures / "policies").rglob("*.json")):
        for _, policy in resources(decode(load(path), path.name), path.name):
            names = _of(policy)
            there = named(policy, names)
            assert canonical(round_trip(policy, names)) == canonical(policy)
            seen += there.policy != policy
    assert seen > 200


def _of(policy: Json) -> Names:
    """Names for all that real policies speak of: everything that stands where a group, a person and so on may stand."""
    conditions = policy.get("conditions") or {}
    users = {key.lower(): value for key, value in (conditions.get("users") or {}).items()}
    held: dict[str, set[str]] = {"users": set(), "groups": set(), "roleDefinitions": set()}
    for kind, collection in (("Users", "users"), ("Groups", "groups"), ("Roles", "roleDefinitions")):
        for side in ("include", "exclude"):
            entries = users.get(f"{side}{kind}".lower())
            held[collection] |= {each for each in entries or () if isinstance(each, str)}
    return names_in(
        {
            name: [
                {"id": id, "displayName": f"{name} {n}", "userPrincipalName": f"u{n}"}
                for n, id in enumerate(sorted(ids))
            ]
            for name, ids in held.items()
        }
    )
