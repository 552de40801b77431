"""Files of policies: every wrapper that tools write; ids that are unique; and nothing that is no policy."""

from typing import Any

import pytest

from perca.errors import BadInput
from perca.model import PolicyState
from perca.wire import emit_policy, read_policies, resources
from perca.wire.exports import is_partial

A = "aaaaaaaa-0000-4000-8000-00000000000a"
POLICY: dict[str, Any] = {
    "id": A,
    "displayName": "Require MFA",
    "state": "enabled",
    "conditions": {
        "users": {"includeUsers": ["All"]},
        "applications": {"includeApplications": ["All"]},
        "clientAppTypes": ["all"],
    },
    "grantControls": {"operator": "OR", "builtInControls": ["mfa"]},
}
UPPER = {
    "Id": A,
    "DisplayName": "Require MFA",
    "State": "Enabled",
    "Conditions": {"Users": {"IncludeUsers": ["All"]}},
}


@pytest.mark.parametrize(
    "value",
    [
        POLICY,
        [POLICY],
        {"value": [POLICY], "@odata.context": "x"},
        {"value": [POLICY], "Count": 1},
        {"value": POLICY},
        {"Policies": [POLICY]},
        {"policies": {"value": [POLICY]}},
        {"@odata.context": "x", **POLICY},
    ],
)
def test_every_wrapper_gives_the_policy(value: Any) -> None:
    (policy,) = read_policies(value, "x")
    assert policy.id == A
    assert policy.display_name == "Require MFA"


def test_members_in_pascal_case_are_read() -> None:
    (policy,) = read_policies([UPPER], "x")
    assert policy.state is PolicyState.ENABLED
    assert policy.display_name == "Require MFA"


def test_a_template_gives_its_name_to_the_policy_and_no_id() -> None:
    details = {name: POLICY[name] for name in ("conditions", "grantControls")}
    template = {
        "id": A,
        "name": "Require it",
        "description": "why",
        "scenarios": "zeroTrust",
        "details": details,
    }
    (policy,) = read_policies(template, "x")
    assert policy.display_name == "Require it"
    assert policy.id == "no-id-1"
    assert str(policy.state) == "state missing"
    assert emit_policy(policy) == {
        **details,
        "displayName": "Require it",
        "templateId": A,
        "description": "why",
    }
    assert read_policies({"value": [template]}, "x") == [policy]


def test_an_empty_export_has_no_policies() -> None:
    for value in ([], {"value": []}, {"policies": []}):
        assert read_policies(value, "x") == []


def test_ids_are_made_up_where_missing_and_made_unique_where_repeated() -> None:
    without = {name: value for name, value in POLICY.items() if name != "id"}
    named = {**POLICY, "id": "no-id-1"}
    policies = read_policies(
        [named, without, POLICY, {**without, "id": 5}, {**POLICY, "id": A.upper()}, POLICY], "x"
    )
    assert [policy.id for policy in policies] == ["no-id-1", "no-id-2", A, "no-id-3", f"{A}~2", f"{A}~3"]
    assert [emit_policy(policy).get("id") for policy in policies] == ["no-id-1", None, A, 5, A, A]


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (None, "`x` is no Conditional Access policy but null"),
        (5, "`x` is no Conditional Access policy but 5"),
        ("All", "`x` is no Conditional Access policy but a text"),
        ({}, "it holds nothing"),
        (
            [POLICY, {"id": A, "ipRanges": []}],
            "entry 2 of `x` is no Conditional Access policy: it holds `id`, `ipRanges`",
        ),
        ([POLICY, [POLICY]], "entry 2 of `x` is no Conditional Access policy but a list"),
        ([POLICY, None], "entry 2 of `x` is no Conditional Access policy but null"),
        ({"value": None}, "it holds `value`"),
        ({"createdDateTime": "x", "a": 1, "b": 1, "c": 1, "d": 1, "e": 1, "f": 1}, "`d` and 2 more"),
        ([{**POLICY, "State": "enabled"}], "entry 1 of `x`: the members `state` and `State`"),
    ],
)
def test_what_is_no_policy_refuses_the_whole_and_says_where(value: Any, reason: str) -> None:
    with pytest.raises(BadInput) as caught:
        read_policies(value, "x")
    assert reason in caught.value.message


def test_one_page_of_several_is_known_to_be_partial() -> None:
    assert is_partial({"value": [], "@odata.nextLink": "https://graph.example/next"})
    assert not is_partial({"value": [], "@odata.nextLink": None})
    assert not is_partial([POLICY])


def test_resources_are_the_policies_as_they_stand() -> None:
    assert list(resources({"value": [POLICY]}, "x")) == [("entry 1 of `x`", POLICY)]
