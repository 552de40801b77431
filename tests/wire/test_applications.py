"""What a policy protects, as Graph writes it: one of three kinds of targets, each word in its place, nothing dropped."""

from pathlib import Path
from typing import Any

import pytest

from perca.model import (
    AllOf,
    AppGroup,
    ApplicationCondition,
    ApplicationScope,
    Comparison,
    FilterOperator,
    Unrecognised,
    UserAction,
)
from perca.wire import decode, emit_policy, load, parse_policy, resources, unrecognised_parts

A, B = "aaaaaaaa-0000-4000-8000-00000000000a", "bbbbbbbb-0000-4000-8000-00000000000b"
PATH = "conditions.applications"
CONTEXTS = "includeAuthenticationContextClassReferences"

Json = dict[str, Any]


def policy(members: Any) -> Json:
    return {
        "id": A,
        "state": "enabled",
        "conditions": {
            "users": {"includeUsers": ["All"]},
            "applications": members,
            "clientAppTypes": ["all"],
        },
        "grantControls": {"operator": "OR", "builtInControls": ["mfa"]},
    }


def read(members: Any) -> ApplicationCondition:
    """The condition; it comes back as it was when it is written and read again."""
    found = parse_policy(policy(members))
    assert parse_policy(emit_policy(found)) == found
    assert not isinstance(found.applications, Unrecognised)
    return found.applications


def named(members: Any) -> list[str]:
    return [str(part) for part in unrecognised_parts(parse_policy(policy(members)))]


@pytest.mark.parametrize("side", ["include", "exclude"])
def test_groups_of_applications_are_read_on_both_sides_in_any_case(side: str) -> None:
    members = {
        "includeApplications": ["All"],
        f"{side}Applications": ["OFFICE365", A, "microsoftadminportals", "AllAgentIdResources", "Office365"],
    }
    scope = getattr(read(members), side)
    assert scope == ApplicationScope(apps=(A,), groups=frozenset(AppGroup))
    assert named(members) == []
    written = emit_policy(parse_policy(policy(members)))["conditions"]["applications"]
    assert written[f"{side}Applications"] == ["Office365", "MicrosoftAdminPortals", "AllAgentIdResources", A]


@pytest.mark.parametrize("side", ["include", "exclude"])
@pytest.mark.parametrize("entry", ["xxxxxxxx-xxxx", "Office 365", "", "<app>"])
def test_another_word_may_mean_any_resource(side: str, entry: str) -> None:
    members = {"includeApplications": [A], f"{side}Applications": [entry, A]}
    assert named(members) == [f"{PATH}.{side}Applications {entry}"]


def test_all_is_no_word_of_the_other_side() -> None:
    assert named({"includeApplications": ["All"], "excludeApplications": ["All"]}) == [
        f"{PATH}.excludeApplications All"
    ]


# Actions and contexts


def test_user_actions_are_read_in_any_case() -> None:
    found = read(
        {
            "includeUserActions": ["URN:user:registerDevice"],
            "includeApplications": [],
            "applicationFilter": None,
        }
    )
    assert found == ApplicationCondition(actions=frozenset({UserAction.REGISTER_DEVICE}))


def test_contexts_are_read_in_any_case_and_written_in_order() -> None:
    members = {CONTEXTS: ["c10", "C2", "c2"]}
    assert read(members) == ApplicationCondition(contexts=frozenset({"c2", "c10"}))
    assert emit_policy(parse_policy(policy(members)))["conditions"]["applications"] == {
        CONTEXTS: ["c2", "c10"]
    }


@pytest.mark.parametrize("word", ["urn:user:accountrecovery", "urn:user:dance", 5, None])
def test_another_word_among_the_actions_is_no_resource(word: Any) -> None:
    found = read({"includeUserActions": ["urn:user:registerdevice", word]})
    assert found.actions == {UserAction.REGISTER_DEVICE}
    assert len(found.unrecognised_actions) == 1
    assert found.include == found.exclude == ApplicationScope()
    assert read({"includeUserActions": [word]}).is_about_actions


@pytest.mark.parametrize("word", ["c0", "c100", "c01", "<context>", "C"])
def test_a_word_that_is_no_context_is_named_among_them(word: str) -> None:
    found = read({CONTEXTS: ["c1", word]})
    assert found.contexts == {"c1"}
    assert named({CONTEXTS: ["c1", word]}) == [f"{PATH}.{CONTEXTS} {word}"]
    assert read({CONTEXTS: [word]}).is_about_contexts


@pytest.mark.parametrize(
    "beside",
    [
        {"includeApplications": ["All"]},
        {"includeApplications": [A]},
        {"includeApplications": ["None"]},
        {"excludeApplications": [A]},
        {"applicationFilter": {"mode": "include", "rule": 'CustomSecurityAttribute.A_B -eq "x"'}},
        {"networkAccess": {"includeTrafficProfiles": "m365"}},
        {"unheardOf": 1},
    ],
)
def test_a_policy_that_mixes_kinds_of_targets_may_mean_any_resource(beside: Json) -> None:
    """The service refuses it; dropping either part would make the policy seem narrower or wider than it is."""
    for name, word in (("includeUserActions", "urn:user:registerdevice"), (CONTEXTS, "c1")):
        found = read({**beside, name: [word]})
        assert found.actions == found.contexts == frozenset()
        assert Unrecognised(f"{PATH}.{name}", word) in found.include.unrecognised
    both = read({"includeUserActions": ["urn:user:registerdevice"], CONTEXTS: ["c1"]})
    assert len(both.include.unrecognised) == 2


def test_what_adds_to_the_target_stands_on_the_include_side() -> None:
    for name, value in (
        ("networkAccess", {"includeTrafficProfiles": "m365"}),
        ("globalSecureAccess", {"x": 1}),
    ):
        found = read({"includeApplications": ["All"], name: value})
        assert [part.where for part in found.include.unrecognised] == [f"{PATH}.{name}"]
        assert found.exclude.unrecognised == ()


# Filters


@pytest.mark.parametrize(("mode", "sides"), [("include", "i"), ("Exclude", "e"), ("other", "ie"), (5, "ie")])
def test_a_filter_that_cannot_be_read_stands_on_the_side_of_its_mode(mode: Any, sides: str) -> None:
    found = read({"includeApplications": ["All"], "applicationFilter": {"Mode": mode, "rule": "x"}})
    assert bool(found.include.unrecognised) == ("i" in sides)
    assert bool(found.exclude.unrecognised) == ("e" in sides)


@pytest.mark.parametrize("mode", ["include", "exclude"])
def test_a_filter_stands_on_the_side_of_its_mode(mode: str) -> None:
    rule = 'CustomSecurityAttribute.Eng_Project -contains "Baker" -and CustomSecurityAttribute.Eng_Cost -ne "1001"'
    found = read({"includeApplications": [A], "applicationFilter": {"mode": mode, "rule": rule}})
    other = found.exclude if mode == "include" else found.include
    on = getattr(found, mode).filter
    assert other.filter is None
    assert on.expression == AllOf(
        (
            Comparison("Eng_Project", FilterOperator.CONTAINS, ("Baker",)),
            Comparison("Eng_Cost", FilterOperator.NE, ("1001",)),
        )
    )


# What is no target


@pytest.mark.parametrize("members", [None, [], "x"])
def test_an_applications_condition_that_is_no_object_is_not_understood(members: Any) -> None:
    assert isinstance(parse_policy(policy(members)).applications, Unrecognised)


@pytest.mark.parametrize("members", [{}, {"includeApplications": []}, {"includeUserActions": []}])
def test_an_applications_condition_that_names_nothing_is_not_understood(members: Json) -> None:
    assert named(members) == [f"{PATH}.includeApplications empty"]


def test_a_policy_without_a_target_is_not_understood() -> None:
    without = policy({})
    del without["conditions"]["applications"]
    assert [str(part) for part in unrecognised_parts(parse_policy(without))] == [f"{PATH} missing"]


def test_groups_filters_actions_and_contexts_of_real_policies_are_read_whole(shared_fixtures: Path) -> None:
    files = sorted((shared_fixtures / "policies").rglob("*.json"))
    bodies = [body for file in files for _, body in resources(decode(load(file), file.name), file.name)]
    seen = {"groups": 0, "actions": 0}
    for body in bodies:
        condition = parse_policy(body).applications
        if isinstance(condition, Unrecognised):
            assert condition.value == "missing"
            continue
        left = [*condition.include.unrecognised, *condition.exclude.unrecognised]
        left += [*condition.unrecognised_actions, *condition.unrecognised_contexts]
        words = {each.value.casefold() for each in left}
        assert words.isdisjoint({each.casefold() for each in (*AppGroup, *UserAction)})
        assert not any("UserActions" in each.where or "Filter" in each.where for each in left)
        seen["groups"] += bool(condition.include.groups or condition.exclude.groups)
        seen["actions"] += bool(condition.actions)
    assert all(seen.values()), seen
