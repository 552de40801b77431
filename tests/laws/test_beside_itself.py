"""A tenant beside itself: never weaker, whatever is unknown of it; unless writes are under way."""

import pytest

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
