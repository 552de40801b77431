"""Lock-outs of tenants of every shape: whatever isn't known, there is an answer, ids are unique, and a certain witness is believed."""

import pytest

from perca.findings import fix, lockouts, sentence
from perca.policy import Outcome, decide
from perca.prove import Witness
from support.dice import Dice
from support.whole_policies import Theme
from support.whole_tenants import whole_tenant


@pytest.mark.parametrize("number", range(45))
def test_there_is_an_answer(number: int) -> None:
    dice = Dice(number, (0.0, 0.06, 0.2)[number % 3])
    tenant = whole_tenant(dice, tuple(Theme)[number % len(Theme)])
    people = tuple(tenant.users)
    found = lockouts(tenant, people[:2], people[2:3])
    assert len({each.id for each in found}) == len(found)
    for each in found:
        assert sentence(tenant, each)
        assert fix(tenant, each)
        assert set(each.people) <= set(people)
        assert set(each.policies) <= {policy.id for policy in tenant.policies}
        if isinstance(each.witness, Witness):
            assert decide(tenant, each.witness.sign_in).outcome is not Outcome.GRANTED
