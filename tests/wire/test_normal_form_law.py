"""Law: writing what was read gives the normal form, and reading that gives the same value; for any object at all."""

from collections.abc import Callable, Iterable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perca.errors import BadInput
from perca.model import ClientApp, Platform, RiskLevel
from perca.wire import (
    emit_named_location,
    emit_policy,
    emit_strength,
    parse_named_location,
    parse_policy,
    parse_strength,
)
from perca.wire.values import canonical
from support import graph_json
from support.normal_form import (
    CLIENTS,
    PLATFORMS,
    RISKS,
    normal_location,
    normal_policy,
    normal_strength,
)

Json = dict[str, Any]


def stands_twice(value: Any) -> bool:
    """Whether some object has two members that differ only in case: the one thing that is refused."""
    if isinstance(value, dict):
        return len({key.lower() for key in value}) < len(value) or any(map(stands_twice, value.values()))
    return isinstance(value, list) and any(map(stands_twice, value))


def holds(
    resource: Json, parse: Callable[[Json], Any], emit: Callable[[Any], Json], normal: Callable[[Json], Json]
) -> None:
    before = canonical(resource)
    try:
        value = parse(resource)
    except BadInput:
        assert stands_twice(resource)
        return
    written = emit(value)
    assert canonical(written) == canonical(normal(resource))
    assert parse(written) == value
    assert canonical(emit(parse(written))) == canonical(written)
    assert canonical(resource) == before, "reading changed its input"


@given(graph_json.policies)
def test_policies(resource: Json) -> None:
    holds(resource, parse_policy, emit_policy, normal_policy)


@given(graph_json.named_locations)
def test_named_locations(resource: Json) -> None:
    holds(resource, parse_named_location, emit_named_location, normal_location)


@given(graph_json.strengths)
def test_strengths(resource: Json) -> None:
    holds(resource, parse_strength, emit_strength, normal_strength)


@given(st.dictionaries(st.text(max_size=8), graph_json.junk, max_size=4))
def test_objects_that_are_nothing_of_the_kind(resource: Json) -> None:
    holds(resource, parse_policy, emit_policy, normal_policy)
    holds(resource, parse_named_location, emit_named_location, normal_location)
    holds(resource, parse_strength, emit_strength, normal_strength)


@pytest.mark.parametrize(
    ("listed", "known"),
    [
        (CLIENTS, ClientApp),
        (PLATFORMS, [each for each in Platform if each is not Platform.UNKNOWN]),
        (RISKS, RiskLevel),
    ],
    ids=["clients", "platforms", "risks"],
)
def test_the_page_lists_each_word_that_is_read(listed: list[str], known: Iterable[str]) -> None:
    assert listed == [*known]
