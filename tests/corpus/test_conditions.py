"""No rule without a case: the corpus has a sign-in for each thing that each condition can say."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

import pytest

import perca.policy
from perca.policy import No, Unknown, Yes, rulebook, value_at
from perca.policy.mandatory_mfa import Perhaps
from perca.policy.rule import Settling, Unmodelled
from perca.policy.security_defaults import Discretion, MayBeOn, ToResource
from support.cases import CASES

ANSWERS = {
    **{each: {Unknown} for each in (Unmodelled, MayBeOn, Discretion)},
    Perhaps: {Unknown, No},
    ToResource: {Unknown, Yes},
}
"""What a condition can say that can't both hold and not hold: nobody could read it, or Microsoft never says."""
NO_SNAPSHOT_SAYS = (Settling,)
"""A write that is under way stands in no file: the laws have it."""


def conditions() -> list[type]:
    """Every class of `policy` that is a condition."""
    found: dict[str, type] = {}
    for module in pkgutil.iter_modules(perca.policy.__path__, "perca.policy."):
        for name, value in vars(importlib.import_module(module.name)).items():
            is_condition = isinstance(value, type) and hasattr(value, "holds") and hasattr(value, "basis")
            if is_condition and not getattr(value, "_is_protocol", False) and value not in NO_SNAPSHOT_SAYS:
                found[name] = value
    return list(found.values())


@cache
def said() -> frozenset[tuple[type, type]]:
    """Each condition with each kind of answer that it gives somewhere in the corpus."""
    return frozenset(
        (
            type(condition),
            type(condition.holds(rulebook(case.tenant), value_at(sign_in, condition.coordinate))),
        )
        for case in CASES.values()
        for sign_in, _ in case.sign_ins
        for rule in rulebook(case.tenant).rules
        for condition in rule.conditions
    )


@pytest.mark.parametrize("condition", conditions(), ids=lambda each: each.__name__)
def test_each_condition_has_a_case_in_which_it_holds_and_one_in_which_it_does_not(condition: type) -> None:
    wanted = ANSWERS.get(condition, {Yes, No})
    assert {answer for each, answer in said() if each is condition} >= wanted


def test_there_are_conditions() -> None:
    assert len(conditions()) > 15
