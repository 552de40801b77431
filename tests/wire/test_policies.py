"""Policies: what is recognised, and where each thing that isn't stands. The names of the tests are the claims."""

import copy
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perca.errors import BadInput
from perca.model import (
    BuiltIn,
    ClientApp,
    ClientAppCondition,
    ConditionalAccessPolicy,
    CustomFactor,
    Grant,
    GroupId,
    Operator,
    Platform,
    PolicyId,
    PolicyState,
    RoleId,
    StrengthControl,
    StrengthId,
    TermsOfUse,
    Unrecognised,
    UnrecognisedControl,
    UserScope,
)
from perca.wire import emit_policy, parse_policy, unrecognised_parts
from support import fresh_policies, graph_json

A, B = "aaaaaaaa-0000-4000-8000-00000000000a", "bbbbbbbb-0000-4000-8000-00000000000b"
STRENGTH = "00000000-0000-0000-0000-000000000004"

Json = dict[str, Any]


def policy(**conditions: Any) -> Json:
    """An ordinary policy with these conditions."""
    usual = {
        "users": {"includeUsers": ["All"]},
        "applications": {"includeApplications": ["All"]},
        "clientAppTypes": ["all"],
    }
    return {
        "id": A,
        "displayName": "Require MFA",
        "state": "enabled",
        "conditions": {**usual, **conditions},
        "grantControls": {"operator": "OR", "builtInControls": ["mfa"]},
    }


def users(**members: Any) -> ConditionalAccessPolicy:
    return parse_policy(policy(users={"includeUsers": ["All"], **members}))


def named(read: ConditionalAccessPolicy) -> list[str]:
    return [str(part) for part in unrecognised_parts(read)]


def test_an_ordinary_policy_is_read_whole() -> None:
    read = parse_policy(policy())
    assert read.id == A
    assert read.display_name == "Require MFA"
    assert read.state is PolicyState.ENABLED
    assert read.users == replace(read.users, include=UserScope(everyone=True))  # type: ignore[arg-type]  # not Unrecognised
    assert read.client_apps == ClientAppCondition()
    assert read.grant == Grant(Operator.OR, (BuiltIn.MFA,))
    assert read.kept == "{}"
    assert named(read) == []


@given(fresh_policies.policies)
def test_a_policy_that_we_make_comes_back_as_it_was(made: ConditionalAccessPolicy) -> None:
    assert parse_policy(emit_policy(made)) == made


def test_the_body_that_creates_our_policy_holds_what_graph_needs_and_no_more() -> None:
    made = replace(parse_policy(policy(users={"includeGroups": [A], "excludeUsers": [B]})), id=PolicyId(""))
    assert emit_policy(made) == {
        "displayName": "Require MFA",
        "state": "enabled",
        "conditions": {
            "users": {"includeGroups": [A], "excludeUsers": [B]},
            "applications": {"includeApplications": ["All"]},
            "clientAppTypes": ["all"],
        },
        "grantControls": {"operator": "OR", "builtInControls": ["mfa"]},
    }


def test_a_made_up_id_is_not_written() -> None:
    made = replace(parse_policy(policy()), id=PolicyId("no-id-3"))
    assert "id" not in emit_policy(made)


def test_a_changed_state_is_written_and_everything_else_kept() -> None:
    resource = {**policy(devices={"deviceFilter": {"mode": "exclude", "rule": "x"}}), "templateId": None}
    changed = replace(parse_policy(resource), state=PolicyState.DISABLED)
    assert emit_policy(changed) == {**resource, "state": "disabled"}


PLACES = [
    (),
    ("conditions",),
    *(("conditions", part) for part in ("users", "applications", "platforms", "locations")),
    ("grantControls",),
    ("sessionControls",),
]


@given(graph_json.policies, st.sampled_from(PLACES), st.sampled_from([1, False, "x", {"inner": 1}, ["x"]]))
def test_a_member_that_nobody_knows_is_named_wherever_it_might_matter(
    resource: Json, path: tuple[str, ...], value: Any
) -> None:
    place = resource = copy.deepcopy(resource)
    for name in path:
        key = next((key for key in place if key.lower() == name.lower()), name)
        place[key] = place[key] if isinstance(place.get(key), dict) else {}
        place = place[key]
    place["unheardOf"] = value
    assert any("unheardOf" in part for part in named(parse_policy(resource)))


# Users


def test_groups_and_roles_keep_whatever_stands_for_their_id() -> None:
    read = users(includeGroups=["<Admins>"], includeRoles=[B.upper()], excludeGroups=["<ADMINS>"])
    assert not isinstance(read.users, Unrecognised)
    assert read.users.include.groups == (GroupId("<admins>"),)
    assert read.users.include.roles == (RoleId(B),)
    assert named(read) == []
    written = emit_policy(read)["conditions"]["users"]
    assert written["includeGroups"] == ["<Admins>"]
    assert written["excludeGroups"] == ["<Admins>"], "spelled as the first of them"


@pytest.mark.parametrize("entry", ["a@b.example", "<User>", "Alex", "", 5, None, ["All"]])
@pytest.mark.parametrize("side", ["include", "exclude"])
def test_an_entry_that_is_no_id_may_mean_anybody_on_its_side(entry: Any, side: str) -> None:
    read = users(**{f"{side}Users": [entry, B]})
    assert not isinstance(read.users, Unrecognised)
    scope, other = (read.users.include, read.users.exclude)[:: 1 if side == "include" else -1]
    assert [part.where for part in scope.unrecognised] == [f"conditions.users.{side}Users"]
    assert scope.users == (B,)
    assert other.unrecognised == () or other == UserScope()


@pytest.mark.parametrize("word", ["All", "all", "None"])
def test_a_keyword_for_everybody_is_not_known_to_exclude(word: str) -> None:
    assert named(users(excludeUsers=[word])) == [f"conditions.users.excludeUsers {word}"]


def test_an_unknown_member_of_users_may_include_and_may_exclude() -> None:
    read = users(includeAgents=["All"])
    assert not isinstance(read.users, Unrecognised)
    assert read.users.include.unrecognised == read.users.exclude.unrecognised != ()


@pytest.mark.parametrize("value", [None, 5, "All", ["All"], True])
def test_users_that_are_no_object_are_not_read_as_nobody(value: Any) -> None:
    assert isinstance(parse_policy(policy(users=value)).users, Unrecognised)


@pytest.mark.parametrize("value", [{}, {"includeUsers": []}, {"excludeUsers": [B]}, {"includeUsers": None}])
def test_users_that_include_nobody_are_not_understood(value: Json) -> None:
    assert named(parse_policy(policy(users=value))) == ["conditions.users.includeUsers empty"]


# Clients, platforms, places, risks


@pytest.mark.parametrize("value", [None, [], {}, ""])
def test_no_client_types_means_all_of_them(value: Any) -> None:
    read = parse_policy(policy(clientAppTypes=value))
    assert read.client_apps == ClientAppCondition(frozenset({ClientApp.ALL}))
    assert emit_policy(read)["conditions"]["clientAppTypes"] == ["all"]


@pytest.mark.parametrize("value", [["easSupported"], ["novel"], "browser", 5])
def test_client_types_that_are_not_understood_are_not_all(value: Any) -> None:
    read = parse_policy(policy(clientAppTypes=value)).client_apps
    assert read.types == frozenset()
    assert len(read.unrecognised) == 1


def test_platforms_are_read_in_any_case() -> None:
    read = parse_policy(
        policy(platforms={"includePlatforms": ["ALL"], "excludePlatforms": ["ios", "macos"]})
    ).platforms
    assert read is not None
    assert read.include == {Platform.ALL}
    assert read.exclude == {Platform.IOS, Platform.MACOS}


@pytest.mark.parametrize(
    "value", [{"includePlatforms": []}, {}, None, {"includePlatforms": [], "excludePlatforms": []}]
)
def test_platforms_that_say_nothing_are_no_condition(value: Any) -> None:
    assert parse_policy(policy(platforms=value)).platforms is None


@pytest.mark.parametrize(
    ("name", "value", "where"),
    [
        ("platforms", {"excludePlatforms": ["iOS"]}, "conditions.platforms.includePlatforms empty"),
        ("platforms", {"includePlatforms": ["unknown"]}, "conditions.platforms.includePlatforms unknown"),
        ("platforms", {"includePlatforms": ["all"], "excludePlatforms": ["all"]}, "conditions.platforms.excludePlatforms all"),
        ("platforms", ["iOS"], 'conditions.platforms ["iOS"]'),
        ("locations", {"excludeLocations": ["AllTrusted"]}, "conditions.locations.includeLocations empty"),
        ("locations", {"includeLocations": ["All"], "excludeLocations": ["All"]}, "conditions.locations.excludeLocations All"),
        ("locations", "All", "conditions.locations All"),
        ("signInRiskLevels", ["high", "hidden"], "conditions.signInRiskLevels hidden"),
        ("userRiskLevels", "high", "conditions.userRiskLevels high"),
        ("insiderRiskLevels", "dreadful", "conditions.insiderRiskLevels dreadful"),
        ("servicePrincipalRiskLevels", ["low", "hidden"], "conditions.servicePrincipalRiskLevels hidden"),
        ("authenticationFlows", {"transferMethods": "telepathy"}, "conditions.authenticationFlows.transferMethods telepathy"),
        ("deviceStates", {"includeStates": ["All"]}, 'conditions.deviceStates {"includeStates":["All"]}'),
        ("times", {"isEnabled": False}, 'conditions.times {"isEnabled":false}'),
        ("unheardOf", 0, "conditions.unheardOf 0"),
        ("users@odata.bind", "x", "conditions.users@odata.bind x"),
    ],
)  # fmt: skip
def test_a_condition_that_is_not_modelled_is_named(name: str, value: Any, where: str) -> None:
    assert named(parse_policy(policy(**{name: value}))) == [where]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("locations", []),
        ("devices", {"deviceFilter": None, "includeDevices": [], "@odata.type": "#microsoft.graph.conditionalAccessDevices"}),
        ("authenticationFlows", {"transferMethods": "none"}),
        ("signInRiskLevels", []),
        ("clientApplications", None),
        ("users@odata.type", "#microsoft.graph.conditionalAccessUsers"),
    ],
)  # fmt: skip
def test_a_condition_that_says_nothing_is_none(name: str, value: Any) -> None:
    assert named(parse_policy(policy(**{name: value}))) == []


# State, controls, the rest


@pytest.mark.parametrize(("value", "shown"), [("on", "on"), (None, "null"), (True, "true")])
def test_a_state_that_is_not_understood_is_neither_on_nor_off(value: Any, shown: str) -> None:
    assert parse_policy({**policy(), "state": value}).state == Unrecognised("state", shown)


def test_a_policy_without_a_state_says_so() -> None:
    without = policy()
    del without["state"]
    assert parse_policy(without).state == Unrecognised("state", "missing")


def test_all_kinds_of_controls_are_read() -> None:
    grant = {
        "operator": "and",
        "builtInControls": ["MFA", "compliantNetwork"],
        "authenticationStrength": {"id": STRENGTH, "displayName": "Phishing-resistant MFA"},
        "termsOfUse": ["ToU"],
        "customAuthenticationFactors": ["Factor"],
        "authenticationStrength@odata.context": "x",
    }
    resource = {**policy(), "grantControls": grant}
    read = parse_policy(resource)
    assert read.grant == Grant(
        Operator.AND,
        (
            BuiltIn.MFA,
            StrengthControl(StrengthId(STRENGTH)),
            TermsOfUse("tou"),
            CustomFactor("factor"),
            UnrecognisedControl("compliantNetwork"),
        ),
    )
    assert emit_policy(read)["grantControls"] == {
        **grant,
        "operator": "AND",
        "builtInControls": ["mfa", "compliantNetwork"],
    }


@pytest.mark.parametrize("grant", [None, {}, {"operator": "OR"}, {"operator": "OR", "builtInControls": []}])
def test_grant_controls_that_ask_for_nothing_are_none(grant: Any) -> None:
    resource = {**policy(), "grantControls": grant}
    assert parse_policy(resource).grant is None
    assert emit_policy(parse_policy(resource)) == resource


@pytest.mark.parametrize(
    "grant",
    [
        5,
        ["mfa"],
        {"builtInControls": "mfa"},
        {"authenticationStrength": {"displayName": "Strong"}},
        {"authenticationStrength@odata.bind": "https://graph.example/policies/x"},
        {"novel": True},
        {"termsOfUse": [5]},
    ],
)
def test_a_grant_that_is_not_understood_is_a_control_that_is_no_mfa(grant: Any) -> None:
    read = parse_policy({**policy(), "grantControls": grant}).grant
    assert read is not None
    assert all(isinstance(control, UnrecognisedControl) for control in read.controls)


def test_an_operator_that_is_not_understood_is_named() -> None:
    grant = {"operator": "XOR", "builtInControls": ["mfa", "compliantDevice"]}
    assert named(parse_policy({**policy(), "grantControls": grant})) == ["grantControls.operator XOR"]


@pytest.mark.parametrize(
    ("name", "control", "stops"),
    [
        ("signInFrequency", {"isEnabled": True, "value": 1, "type": "hours"}, False),
        ("persistentBrowser", {"isEnabled": True, "mode": "never"}, False),
        ("applicationEnforcedRestrictions", {"isEnabled": True}, False),
        ("cloudAppSecurity", {"isEnabled": True, "cloudAppSecurityType": "blockDownloads"}, False),
        ("continuousAccessEvaluation", {"mode": "strictLocation"}, False),
        ("disableResilienceDefaults", True, False),
        ("secureSignInSession", {"isEnabled": True}, True),
        ("secureSignInSession", {"isEnabled": False}, False),
        ("secureSignInSession", {}, False),
        ("globalSecureAccessFilteringProfile", {"isEnabled": True, "profileId": A}, True),
        ("networkAccessSecurity", {"policyId": A}, True),
        ("signInFrequency", 5, True),
        ("signInFrequency", {"isEnabled": False, "value": 1, "type": "weeks"}, False),
        ("signInFrequency", {"isEnabled": True, "value": 1, "type": "weeks"}, True),
        ("signInFrequency", {"value": 1, "type": "hours"}, True),
        ("persistentBrowser", {"isEnabled": True, "mode": "sometimes"}, True),
        ("novel", {"x": 1}, True),
    ],
)
def test_session_controls_that_might_stop_a_sign_in_are_named(name: str, control: Any, stops: bool) -> None:
    read = parse_policy({**policy(), "sessionControls": {name: control}})
    assert bool(read.session.unrecognised) == stops
    assert read.unrecognised == ()


@pytest.mark.parametrize(
    "member",
    [
        "createdDateTime",
        "templateId",
        "description",
        "@odata.context",
        "#microsoft.graph.restore",
        "policyApplies",
    ],
)
def test_members_that_only_tell_of_the_policy_are_kept_and_no_conditions(member: str) -> None:
    resource = {**policy(), member: {"x": 1}}
    assert named(parse_policy(resource)) == []
    assert emit_policy(parse_policy(resource)) == resource


@pytest.mark.parametrize("member", ["deletedDateTime", "partialEnablementStrategy", "novel"])
def test_members_that_might_change_whether_it_applies_are_named(member: str) -> None:
    assert named(parse_policy({**policy(), member: "x"})) == [f"{member} x"]
    assert named(parse_policy({**policy(), member: None})) == []


def test_a_member_in_two_spellings_is_refused() -> None:
    with pytest.raises(BadInput, match="`state` and `State`"):
        parse_policy({**policy(), "State": "disabled"})


def test_control_characters_are_not_shown_raw() -> None:
    assert named(users(includeUsers=["\x1b[2Jx\x9b"])) == ["conditions.users.includeUsers \\x1b[2Jx\\x9b"]
