"""Authentication strengths: what they allow is a set of sets; spelling and order of methods are written back."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perca.model import AuthenticationStrength, StrengthId
from perca.policy.strengths import MFA_GRADE
from perca.wire import emit_strength, parse_strength
from support.normal_form import METHODS

A = "aaaaaaaa-0000-4000-8000-00000000000a"
B = "bbbbbbbb-0000-4000-8000-00000000000b"


def strength(*combinations: Any) -> dict[str, Any]:
    return {"id": A, "displayName": "Ours", "allowedCombinations": [*combinations], "policyType": "custom"}


def test_combinations_are_read_without_case_and_order() -> None:
    read = parse_strength(strength("FIDO2", "sms,password"))
    assert read.allowed_combinations == {frozenset({"fido2"}), frozenset({"password", "sms"})}
    assert read == parse_strength(emit_strength(read))


@pytest.mark.parametrize(
    "text",
    [
        "password,softwareOath",
        "softwareOath,password",
        "email,sms",
        "sms,email",
        "novel,Other",
        "federatedSingleFactor,voice",
    ],
)
def test_the_order_in_a_combination_is_written_back(text: str) -> None:
    assert emit_strength(parse_strength(strength(text))) == strength(text)


@given(st.frozensets(st.frozensets(st.sampled_from(METHODS), min_size=1, max_size=2), max_size=4))
def test_a_strength_that_we_make_comes_back_as_it_was(combinations: frozenset[frozenset[str]]) -> None:
    folded = frozenset(frozenset(method.casefold() for method in each) for each in combinations)
    made = AuthenticationStrength(StrengthId(A), "Ours", folded)
    assert parse_strength(emit_strength(made)) == made


@pytest.mark.parametrize("entry", [5, None, "", " , ", ["fido2"], "unrecognised:x"])
def test_a_combination_that_can_not_be_read_keeps_the_strength_from_being_mfa_grade(entry: Any) -> None:
    read = parse_strength(strength("fido2", entry))
    assert not read.allowed_combinations <= MFA_GRADE
    assert emit_strength(read) == strength("fido2", entry)


@pytest.mark.parametrize("value", [5, "fido2", {"fido2": True}])
def test_combinations_that_are_no_list_allow_something_unknown(value: Any) -> None:
    resource = {**strength(), "allowedCombinations": value}
    read = parse_strength(resource)
    assert read.allowed_combinations
    assert not read.allowed_combinations <= MFA_GRADE
    assert emit_strength(read) == resource


def configured(*configurations: Any) -> dict[str, Any]:
    return {**strength("password,sms", "fido2"), "combinationConfigurations": [*configurations]}


def test_a_configuration_is_read_and_kept() -> None:
    keys = {"id": B, "appliesToCombinations": ["fido2"], "allowedAAGUIDs": ["x"]}
    read = parse_strength(configured(keys))
    (narrowing,) = read.narrowings
    assert narrowing.combinations == {frozenset({"fido2"})}
    assert emit_strength(read) == configured(keys)
    again = parse_strength(configured({**keys, "id": A}))
    assert again.narrowings == read.narrowings, "the id of a configuration says nothing"
    assert parse_strength(configured({**keys, "allowedAAGUIDs": ["y"]})).narrowings != read.narrowings


@pytest.mark.parametrize("odd", [5, {"allowedAAGUIDs": ["x"]}, {"appliesToCombinations": ["fido2", 5]}])
def test_a_configuration_that_can_not_be_read_may_be_of_any_combination(odd: Any) -> None:
    (narrowing,) = parse_strength(configured(odd)).narrowings
    assert narrowing.combinations is None
    assert emit_strength(parse_strength(configured(odd))) == configured(odd)


def test_without_configurations_nothing_is_narrowed() -> None:
    assert parse_strength(configured()).narrowings == ()
    assert parse_strength(strength("fido2")).narrowings == ()
