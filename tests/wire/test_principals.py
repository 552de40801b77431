"""Service principals and the choice for baseline scopes, as a snapshot says them: what wasn't shown is unknown and never none."""

from typing import Any

import pytest

from perca.model import DIRECTORY, NOBODY_CHOSE, AppId, Application, NotRead, TenantId
from perca.wire import parse_snapshot
from perca.wire.principals import parse_application, parse_attributes

A, B, C = (f"{c * 8}-0000-4000-8000-00000000000{c}" for c in "abc")

Json = dict[str, Any]


def test_an_application_is_read_with_its_owner() -> None:
    found = parse_application(
        {"id": A.upper(), "appId": B.upper(), "displayName": "Mail", "appOwnerOrganizationId": C}
    )
    assert found == (AppId(B), Application("Mail", TenantId(C), AppId(A)))


@pytest.mark.parametrize("odd", [None, "", 5, [C]])
def test_what_an_application_does_not_say_is_unknown(odd: Any) -> None:
    found = parse_application({"appId": B, "displayName": odd, "appOwnerOrganizationId": odd, "id": odd})
    assert found is not None
    assert (found[1].owner, found[1].object_id) == (None, None)
    assert isinstance(found[1].attributes, NotRead)
    assert parse_application({"id": A, "appId": odd}) is None


def test_attributes_are_read_by_set_and_name() -> None:
    sets = {
        "Engineering": {
            "@odata.type": "#microsoft.graph.customSecurityAttributeValue",
            "Project@odata.type": "#Collection(String)",
            "Project": ["Baker", "Cascade"],
            "Cost": "1001",
        },
        "Marketing": {"@odata.type": "#microsoft.graph.customSecurityAttributeValue", "Cost": "7"},
    }
    assert parse_attributes(sets) == {
        ("Engineering_Project", frozenset({"Baker", "Cascade"})),
        ("Engineering_Cost", "1001"),
        ("Marketing_Cost", "7"),
    }


def test_no_attributes_are_not_unread_attributes() -> None:
    assert parse_attributes({}) == frozenset()
    assert isinstance(parse_attributes(None), NotRead)
    assert isinstance(parse_attributes("secret"), NotRead)


@pytest.mark.parametrize("value", [True, 5, None, [], [1], ["x", 1]])
def test_attributes_that_are_no_texts_are_none_that_a_policy_could_name(value: Any) -> None:
    assert parse_attributes({"Set": {"Name": value}}) == frozenset()


# Baseline scopes


def chosen(resource: Any, **more: Any) -> AppId | NotRead | None:
    return parse_snapshot({"users": [], "conditionalAccessSettings": resource, **more}).baseline_scopes


def settings(app: Any) -> Json:
    return {"advancedSettings": {"baselineScopes": {"resourceAppId": app}}}


@pytest.mark.parametrize(
    ("resource", "expected"),
    [
        (settings(DIRECTORY.upper()), DIRECTORY),
        (settings(A), AppId(A)),
        (settings("00000000-0000-0000-0000-000000000000"), None),
        (settings(None), NOBODY_CHOSE),
        ({"advancedSettings": {"baselineScopes": None}}, NOBODY_CHOSE),
        ({"advancedSettings": None, "exclusions": None}, NOBODY_CHOSE),
        ({}, NOBODY_CHOSE),
    ],
)
def test_what_a_tenant_chose_for_baseline_scopes(resource: Json, expected: AppId | None) -> None:
    assert chosen(resource) == expected


@pytest.mark.parametrize(
    "resource",
    [
        None,
        "x",
        [],
        settings("x"),
        settings(5),
        {"advancedSettings": "x"},
        {"advancedSettings": {"baselineScopes": []}},
    ],
)
def test_what_cannot_be_read_of_the_choice_is_unknown(resource: Any) -> None:
    assert isinstance(chosen(resource), NotRead)


def test_a_choice_named_as_missing_is_not_read_whatever_stands_there() -> None:
    gap = [{"what": "/beta/identity/conditionalAccess/settings", "why": "403"}]
    assert chosen(settings(DIRECTORY), missing=gap) == NotRead("403")
