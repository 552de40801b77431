"""Domains, the methods policy, last sign-ins and mailboxes: what isn't said, can't be read or is named in `missing` is unknown."""

from typing import Any

import pytest

from perca.errors import BadInput
from perca.model import Domain, MethodSetting, MethodsPolicy, MethodTargets, Missing, NotRead
from perca.wire.authentication import last_successes, mailboxes, parse_domains, parse_methods_policy
from perca.wire.snapshots import parse_snapshot

A, B, C, D, E = (f"{c * 8}-0000-4000-8000-00000000000{c}" for c in "abcde")


def test_domains_are_read() -> None:
    told = parse_domains(
        [
            {"id": "Contoso.OnMicrosoft.com", "authenticationType": "Managed", "isInitial": True},
            {
                "id": "contoso.example",
                "authenticationType": "federated",
                "isInitial": False,
                "federationConfiguration": [{"federatedIdpMfaBehavior": "acceptIfMfaDoneByFederatedIdp"}],
            },
            {"id": "odd.example", "authenticationType": "other", "isInitial": "yes"},
            {"id": "bare.example", "authenticationType": "Federated", "federatedIdpMfaBehavior": "rejectMfa"},
        ]
    )
    assert told == (
        Domain("contoso.onmicrosoft.com", False, True),
        Domain("contoso.example", True, False, "acceptifmfadonebyfederatedidp"),
        Domain("odd.example"),
        Domain("bare.example", True, None, "rejectmfa"),
    )


def test_two_words_for_whose_mfa_counts_are_none() -> None:
    both = [{"federatedIdpMfaBehavior": "a"}, {"federatedIdpMfaBehavior": "b"}]
    (domain,) = parse_domains([{"id": "x.example", "federationConfiguration": both}])  # type: ignore[list-item]
    assert domain == Domain("x.example")


@pytest.mark.parametrize("what", ["domains", "/v1.0/domains", "domains/contoso.example"])
def test_domains_named_in_missing_are_not_read(what: str) -> None:
    assert parse_domains([{"id": "contoso.example"}], (Missing(what, "403"),)) == NotRead("403")


def test_a_federation_named_in_missing_leaves_only_whose_mfa_counts_unknown() -> None:
    missing = (Missing("domains/contoso.example/federationConfiguration", "403"),)
    domain = {"id": "contoso.example", "authenticationType": "Federated", "federatedIdpMfaBehavior": "x"}
    assert parse_domains([domain], missing) == (Domain("contoso.example", True),)


@pytest.mark.parametrize("value", [{}, "x", [1], [{}], [{"id": " "}], [{"id": 1}]])
def test_no_domains(value: Any) -> None:
    with pytest.raises(BadInput):
        parse_domains(value)


def setting(id: str, state: object, include: object = None, exclude: object = None) -> dict[str, Any]:
    return {"id": id, "state": state, "includeTargets": include, "excludeTargets": exclude}


def test_the_methods_policy_is_read() -> None:
    everyone = [{"targetType": "group", "id": "all_users"}]
    some = [{"targetType": "group", "id": B.upper()}, {"targetType": "user", "id": C}, {"id": D}, 5]
    told = parse_methods_policy(
        {
            "authenticationMethodConfigurations": [
                setting("Fido2", "enabled", everyone, some),
                setting("Sms", "Disabled"),
                setting("Voice", "else", "nobody"),
                {"state": "enabled"},
            ]
        }
    )
    assert told == MethodsPolicy(
        {
            "fido2": MethodSetting(
                True,
                MethodTargets(everyone=True),
                MethodTargets(users=(C,), groups=(B,), unrecognised=(f'{{"id":"{D}"}}', "5")),  # type: ignore[arg-type]
            ),
            "sms": MethodSetting(False),
            "voice": MethodSetting(None, MethodTargets(unrecognised=("nobody",))),
        }
    )


@pytest.mark.parametrize(
    "value",
    [
        [],
        "x",
        {},
        {"authenticationMethodConfigurations": {}},
        {"authenticationMethodConfigurations": [setting("Sms", "enabled"), setting("sms", "disabled")]},
    ],
)
def test_no_methods_policy(value: Any) -> None:
    with pytest.raises(BadInput):
        parse_methods_policy(value)


@pytest.mark.parametrize(
    "what", ["policies/authenticationMethodsPolicy", "/beta/policies/authenticationMethodsPolicy"]
)
def test_a_methods_policy_named_in_missing_is_not_read(what: str) -> None:
    held = {"authenticationMethodConfigurations": []}
    assert parse_methods_policy(held, (Missing(what, "403"),)) == NotRead("403")  # type: ignore[arg-type]


def test_last_sign_ins_are_read() -> None:
    name = "lastSuccessfulSignInDateTime"
    users = [
        {"id": A.upper(), "signInActivity": {name: "2026-10-20T06:00:00Z"}},
        {"id": B, "signInActivity": {name: None}},
        {"id": C, "signInActivity": None},
        {"id": D, "signInActivity": {"lastSignInDateTime": "2026-10-20T06:00:00Z"}},
        {"id": E},
        {"id": "f", "signInActivity": {name: 5}},
        {"id": "g", "signInActivity": {name: ""}},
        {"signInActivity": {name: None}},
    ]
    assert last_successes(users) == {A: "2026-10-20T06:00:00Z", B: None, C: None}, (
        "null is never; nothing is unknown"
    )


def test_mailboxes_are_read() -> None:
    users = [
        {"id": A, "mailboxSettings": {"userPurpose": "Room"}},
        {"id": B, "mailboxSettings": {"userPurpose": None}},
        {"id": C, "mailboxSettings": "room"},
        {"id": D},
        {"mailboxSettings": {"userPurpose": "room"}},
    ]
    assert mailboxes(users) == {A: "room"}


def test_a_snapshot_holds_them() -> None:
    told = parse_snapshot(
        {
            "users": [{"id": A, "signInActivity": None, "mailboxSettings": {"userPurpose": "room"}}],
            "Domains": [{"id": "x.example"}],
            "authenticationMethodsPolicy": {"authenticationMethodConfigurations": []},
        }
    )
    assert (told.domains, told.methods) == ((Domain("x.example"),), MethodsPolicy({}))
    assert (told.last_successes, told.mailboxes) == ({A: None}, {A: "room"})


def test_a_snapshot_without_them_says_so() -> None:
    told = parse_snapshot({"users": []})
    assert isinstance(told.domains, NotRead)
    assert isinstance(told.methods, NotRead)
    assert (told.last_successes, told.mailboxes) == ({}, {})
