"""How sure a rule's answer is: as the surest of the conditions that fail, or as the least sure of all that hold and of the demand."""

import random

import pytest

from perca.policy import No, Unknown, rulebook, value_at
from support.random_tenants import Maker, sign_ins

ALL = list(sign_ins())


@pytest.mark.parametrize("number", range(6))
def test_each_rule_is_as_sure_as_what_decides(number: int) -> None:
    book = rulebook(Maker(number).tenant())
    for sign_in in random.Random(number).sample(ALL, 40):
        for rule, basis in zip(book.rules, book.bases(sign_in), strict=True):
            said = [(c.basis, c.holds(book, value_at(sign_in, c.coordinate))) for c in rule.conditions]
            failing = [each.certainty for each, answer in said if isinstance(answer, No)]
            if failing:
                assert basis is not None
                assert basis.certainty is min(failing)
            elif any(isinstance(answer, Unknown) for _, answer in said):
                assert basis is None
            else:
                assert basis is not None
                assert basis.certainty is max([rule.basis.certainty, *(each.certainty for each, _ in said)])
