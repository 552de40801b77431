"""A tenant beside itself: never weaker, whatever is unknown of it; unless writes are under way."""

from dataclasses import replace

import pytest

from perca.model import Tenant
from perca.policy import rulebook
from perca.policy.reads import SideBySide
from perca.prove import never_weaker
from support.random_tenants import UNIVERSE, Maker


@pytest.mark.parametrize("number", range(30))
def test_a_tenant_is_never_weaker_than_itself(number: int) -> None:
    """Whatever is unknown in it is the same unknown twice."""
    tenant = Maker(number, unknown=0.4, settling=False).tenant()
    assert never_weaker(tenant, tenant, universe=UNIVERSE).holds is True


@pytest.mark.parametrize("number", range(20))
def test_what_is_settling_may_have_changed_by_the_next_look(number: int) -> None:
    """So a tenant with writes under way isn't certainly as strong as itself, and never certainly weaker."""
    tenant = Maker(number, unknown=0.4).tenant()
    assert never_weaker(tenant, tenant, universe=UNIVERSE).holds is not False


@pytest.mark.parametrize("settling", [True, False])
@pytest.mark.parametrize("number", range(100))
def test_one_directory_is_as_two_that_hold_the_same(number: int, settling: bool) -> None:
    """Short cuts for tenants that hold the very same people and groups change nothing of for whom a rule is one."""
    tenant = Maker(number, unknown=0.3, settling=settling).tenant()
    people = frozenset(tenant.users)
    before, one, two = rulebook(tenant), rulebook(replace(tenant)), rulebook(copied(tenant))
    for rule, same, other in zip(before.rules, one.rules, two.rules, strict=True):
        alike = SideBySide(before, one, people).same(rule, same)
        assert alike == SideBySide(before, two, people).same(rule, other)


def copied(tenant: Tenant) -> Tenant:
    """The tenant with mappings of its own."""
    return replace(
        tenant, users={**tenant.users}, groups={**tenant.groups}, registrations={**tenant.registrations}
    )
