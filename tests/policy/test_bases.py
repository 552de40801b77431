"""How sure a rule's answer is: as the surest of the conditions that fail, or as the least sure of all that hold and of the demand."""

import random

import pytest

from perca.model import ClientApp, ClientAppCondition, Flow, FlowCondition
from perca.policy import No, Unknown, rulebook, value_at
from support.random_tenants import Maker, sign_ins
from support.small import policy, sign_in, tenant

ALL = list(sign_ins())


@pytest.mark.parametrize("number", range(6))
def test_each_rule_is_as_sure_as_what_decides(number: int) -> None:
    book = rulebook(Maker(number).tenant())
    for question in random.Random(number).sample(ALL, 40):
        for rule, basis in zip(book.rules, book.bases(question), strict=True):
            said = [(c.basis, c.holds(book, value_at(question, c.coordinate))) for c in rule.conditions]
            failing = [each.certainty for each, answer in said if isinstance(answer, No)]
            if failing:
                assert basis is not None
                assert basis.certainty is min(failing)
            elif any(isinstance(answer, Unknown) for _, answer in said):
                assert basis is None
            else:
                assert basis is not None
                assert basis.certainty is max([rule.basis.certainty, *(each.certainty for each, _ in said)])


def test_each_of_several_conditions_on_one_coordinate_counts() -> None:
    browsers, device_codes = (
        ClientAppCondition(frozenset({ClientApp.BROWSER})),
        FlowCondition(frozenset({Flow.DEVICE_CODE})),
    )
    book = rulebook(tenant(policy(client_apps=browsers, flows=device_codes)))
    number = [rule.key for rule in book.rules].index("p")
    assert book.bases(sign_in(flow=None))[number] is None
    fails = book.bases(sign_in(flow=Flow.NONE))[number]
    assert fails is not None
    assert fails.page == "concept-authentication-flows"
