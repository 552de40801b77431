"""People, groups, assignments, registrations, settings: what the resource doesn't say is unknown, never a default."""

from typing import Any

import pytest

from perca.errors import BadInput
from perca.model import IpRange, MfaSettings, NotRead, PerUserState, Registration, RoleAssignment, User
from perca.wire import (
    parse_group,
    parse_mfa_settings,
    parse_per_user_state,
    parse_registration,
    parse_role_assignment,
    parse_security_defaults,
    parse_user,
)
from perca.wire.settings import parse_registration_policy

A, B, C = (f"{c * 8}-0000-4000-8000-00000000000{c}" for c in "abc")


def test_a_person_is_read() -> None:
    assert parse_user(
        {
            "id": A.upper(),
            "userPrincipalName": "Ada@example.com",
            "displayName": "Ada",
            "accountEnabled": False,
            "userType": "Guest",
            "onPremisesSyncEnabled": True,
            "perUserMfaState": "Enforced",
        }
    ) == User(A, "Ada@example.com", "Ada", PerUserState.ENFORCED, False, "Guest", True)  # type: ignore[arg-type]  # an id


def test_what_a_person_does_not_say_is_unknown() -> None:
    user = parse_user({"id": A, "accountEnabled": "true"})
    assert isinstance(user.per_user_mfa, NotRead)
    assert (user.account_enabled, user.user_type, user.synchronised, user.is_guest) == (
        None,
        None,
        None,
        None,
    )


def test_null_says_that_an_account_never_was_on_premises() -> None:
    assert parse_user({"id": A, "onPremisesSyncEnabled": None}).synchronised is False


@pytest.mark.parametrize(
    ("identities", "issuers"),
    [
        ([{"signInType": "federated", "issuer": "ExternalAzureAD"}], {"externalazuread"}),
        ([{"issuer": "mail"}, {"issuer": "contoso.example"}], {"mail", "contoso.example"}),
        ([], None),
        (None, None),
        ([{"signInType": "federated"}], None),
        (["mail"], None),
        ("mail", None),
    ],
)
def test_who_vouches_for_a_person_is_read_whole_or_not_at_all(
    identities: Any, issuers: set[str] | None
) -> None:
    assert parse_user({"id": A, "identities": identities}).issuers == issuers


@pytest.mark.parametrize("word", [None, "unknownFutureValue", "", 0, True, {}])
def test_a_state_that_is_no_known_word_is_not_disabled(word: Any) -> None:
    assert isinstance(parse_per_user_state(word), NotRead)


@pytest.mark.parametrize("state", PerUserState)
def test_every_state_is_read(state: PerUserState) -> None:
    assert parse_per_user_state(state.value.upper()) is state


@pytest.mark.parametrize("id", [None, "", "  ", 5])
def test_nobody_is_without_an_id(id: Any) -> None:
    for parse in (parse_user, parse_group, parse_registration):
        with pytest.raises(BadInput, match="has no `id`"):
            parse({"id": id})


def test_members_are_people_and_groups_by_id() -> None:
    group = parse_group(
        {
            "id": A,
            "displayName": "All",
            "members": [B.upper(), {"id": C}, {"@odata.type": "#microsoft.graph.device", "id": "d"}],
            "otherMembers": ["e"],
            "isAssignableToRole": True,
        }
    )
    assert group.members == {B, C}
    assert group.role_assignable is True
    assert parse_group({"id": A, "members": []}).members == frozenset()


@pytest.mark.parametrize(
    "members",
    [{}, {"members": None}, {"members": [B], "members@odata.nextLink": "https://graph.example/next"}],
)
def test_members_that_were_not_given_are_not_nobody(members: Any) -> None:
    assert isinstance(parse_group({"id": A, **members}).members, NotRead)


@pytest.mark.parametrize("members", [B, 5, [5], [None], [""], [{"displayName": "x"}]])
def test_members_that_are_no_ids_are_bad_input(members: Any) -> None:
    with pytest.raises(BadInput):
        parse_group({"id": A, "members": members})


def test_an_assignment_keeps_its_scope() -> None:
    row = {"principalId": A, "roleDefinitionId": B.upper(), "directoryScopeId": "/administrativeUnits/X"}
    assert parse_role_assignment(row) == RoleAssignment(A, B, "/administrativeunits/x")  # type: ignore[arg-type]  # ids


@pytest.mark.parametrize("missing", ["principalId", "roleDefinitionId", "directoryScopeId"])
def test_an_assignment_without_one_of_its_parts_is_bad_input(missing: str) -> None:
    row = {"principalId": A, "roleDefinitionId": B, "directoryScopeId": "/"}
    del row[missing]
    with pytest.raises(BadInput, match=missing):
        parse_role_assignment(row)


def test_a_registration_is_read() -> None:
    row = {"id": A, "isMfaRegistered": True, "isMfaCapable": "yes", "methodsRegistered": ["mobilePhone", 5]}
    assert parse_registration(row) == Registration(A, True, None, ("mobilePhone",))  # type: ignore[arg-type]  # an id


def test_settings_that_were_left_out_are_unknown() -> None:
    assert parse_mfa_settings({}) == MfaSettings()
    assert parse_mfa_settings({"trustedIps": []}).trusted_ips == ()
    assert parse_mfa_settings(
        {
            "trustedIps": ["192.0.2.0/24"],
            "trustFederatedIntranet": False,
            "rememberMfaDays": 30,
            "allowAppPasswords": True,
        }
    ) == MfaSettings((IpRange("192.0.2.0/24"),), False, 30, True)


@pytest.mark.parametrize(
    "settings",
    [
        {"trustedIps": "192.0.2.0/24"},
        {"trustedIps": ["192.0.2.0/40"]},
        {"trustedIps": [5]},
        {"trustFederatedIntranet": "no"},
        {"rememberMfaDays": True},
        {"rememberMfaDays": -1},
        {"allowAppPasswords": 1},
    ],
)
def test_settings_that_make_no_sense_are_bad_input(settings: Any) -> None:
    with pytest.raises(BadInput, match="mfaSettings"):
        parse_mfa_settings(settings)


@pytest.mark.parametrize("value", [None, True, {}, {"isEnabled": None}, {"isEnabled": "true"}])
def test_a_registration_policy_that_nobody_told_is_unknown(value: Any) -> None:
    assert isinstance(parse_registration_policy(value), NotRead)
    assert parse_registration_policy({"isEnabled": True}) is True


@pytest.mark.parametrize("value", [None, True, {}, {"isEnabled": None}, {"isEnabled": "true"}])
def test_security_defaults_that_do_not_say_are_unknown(value: Any) -> None:
    assert isinstance(parse_security_defaults(value), NotRead)
    assert parse_security_defaults({"isEnabled": False}) is False
