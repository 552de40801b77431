"""Law: each region of a difference has an id of its own, and names don't change it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from perca.cli.change import demand, region_id
from perca.cli.compared import compare
from perca.model import Tenant
from support.random_tenants import Maker


def ids(before: Tenant, after: Tenant) -> list[str]:
    found = compare(before, after).found.regions
    return [region_id(before, after, region, demand) for region in found]


def renamed(tenant: Tenant) -> Tenant:
    """The tenant with other names for everything."""
    return replace(
        tenant,
        policies=tuple(replace(each, display_name=f"New {each.id}") for each in tenant.policies),
        groups={id: replace(each, display_name=f"New {id}") for id, each in tenant.groups.items()},
        named_locations={
            id: replace(each, display_name=f"New {id}") for id, each in tenant.named_locations.items()
        },
        users={
            id: replace(each, display_name=f"New {id}", user_principal_name=f"new-{id}@example.com")
            for id, each in tenant.users.items()
        },
    )


@pytest.mark.parametrize("number", range(12))
def test_ids_are_distinct_and_names_do_not_change_them(number: int) -> None:
    before, after = Maker(number).tenant(), Maker(number + 1000).tenant()
    found = ids(before, after)
    assert len(set(found)) == len(found)
    assert ids(renamed(before), renamed(after)) == found


def test_there_are_regions_to_speak_of() -> None:
    assert sum(len(ids(Maker(n).tenant(), Maker(n + 1000).tenant())) for n in range(12)) > 50
