"""What of a snapshot is configuration: a sign-in changes nothing of it, and whatever somebody changes does."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest

from perca.wire import configuration

Json = dict[str, Any]
ACTIVITY = {"what": "users/signInActivity", "why": "429"}
SNAPSHOT: Json = {
    "format": "perca/snapshot/1",
    "takenAt": "2026-11-02T08:00:00Z",
    "users": [
        {"id": "a", "signInActivity": {"lastSuccessfulSignInDateTime": "2026-11-01T08:00:00Z"}},
        {"id": "b", "signInActivity": None},
        {"id": "c"},
    ],
    "groups": [{"id": "g", "owners": ["a", "b"], "@odata.context": "here"}],
    "domains": [
        {
            "id": "four.example",
            "federationConfiguration": [
                {
                    "federatedIdpMfaBehavior": "rejectMfaByFederatedIdp",
                    "signingCertificateUpdateStatus": {"lastRunDateTime": "2026-11-01T08:00:00Z"},
                }
            ],
        }
    ],
    "missing": [{"what": "servicePrincipals", "why": "403"}],
}


def edited(edit: Callable[[Json], object]) -> Json:
    now = deepcopy(SNAPSHOT)
    edit(now)
    return now


def federation(now: Json) -> Json:
    return now["domains"][0]["federationConfiguration"][0]  # type: ignore[no-any-return]


BY_ITSELF: dict[str, Callable[[Json], object]] = {
    "the time": lambda now: now.update(takenAt="2026-11-03T08:00:00Z"),
    "a sign-in": lambda now: now["users"][0]["signInActivity"].update(
        lastSignInDateTime="2026-11-03T08:00:00Z"
    ),
    "a first sign-in": lambda now: now["users"][1].update(signInActivity={"lastSignInDateTime": "2026"}),
    "activity read of one more": lambda now: now["users"][2].update(signInActivity=None),
    "activity refused": lambda now: now["missing"].insert(0, ACTIVITY),
    "a certificate's renewal": lambda now: federation(now)["signingCertificateUpdateStatus"].clear(),
    "an address": lambda now: now["groups"][0].update({"members@odata.context": "elsewhere"}),
    "an order of ids": lambda now: now["groups"][0]["owners"].reverse(),
}
BY_SOMEBODY: dict[str, Callable[[Json], object]] = {
    "a person": lambda now: now["users"].pop(),
    "an owner": lambda now: now["groups"][0]["owners"].pop(),
    "the trust in a domain": lambda now: federation(now).update(federatedIdpMfaBehavior=None),
    "another refusal": lambda now: now["missing"].append({"what": "domains", "why": "403"}),
    "a refusal less": lambda now: now["missing"].clear(),
    "people refused": lambda now: now["missing"].append({"what": "users", "why": "403"}),
    "no list of what is missing": lambda now: now.pop("missing"),
}


@pytest.mark.parametrize("what", BY_ITSELF)
def test_what_changes_by_itself_is_none_of_it(what: str) -> None:
    now = edited(BY_ITSELF[what])
    assert now != SNAPSHOT
    assert configuration(now) == configuration(SNAPSHOT)


@pytest.mark.parametrize("what", BY_SOMEBODY)
def test_what_somebody_changes_is(what: str) -> None:
    assert configuration(edited(BY_SOMEBODY[what])) != configuration(SNAPSHOT)


@pytest.mark.parametrize(
    "path", ["users/signInActivity", "/v1.0/users/signInActivity", "beta/Users/SignInActivity"]
)
def test_refused_activity_is_told_by_any_spelling_of_its_path(path: str) -> None:
    assert configuration({"missing": [{"what": path, "why": "403"}]}) == {"missing": []}


def test_what_is_given_is_not_changed() -> None:
    given = deepcopy(SNAPSHOT)
    configuration(given)
    assert given == SNAPSHOT


@pytest.mark.parametrize("missing", [None, "all", [None, 5, "users", {"why": "403"}, {"what": 5}]])
def test_an_odd_list_of_what_is_missing_stays(missing: object) -> None:
    assert configuration({"missing": missing}) == {"missing": missing}
