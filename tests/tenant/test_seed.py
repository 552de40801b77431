"""The invented company: one of each kind of person, the same for the same number, and a tenant that Graph accepts."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest

from perca.errors import BadInput
from perca.model import PerUserState
from perca.policy import Mfa, decide
from perca.tenant import Store, application
from perca.tenant.builtin import DIRECTORY_SYNCHRONIZATION, GLOBAL_ADMINISTRATOR
from perca.tenant.picture import Picture
from perca.tenant.schema import Statement
from perca.tenant.seed import SMALLEST, Kind, kinds, mfa_settings, seed, seeded
from perca.tenant.sign_in import attempt
from perca.tenant.validity import Checker

from .conftest import SECRET, Asking, in_process, question


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Asking:
    store = seeded(tmp_path_factory.mktemp("seed") / "x.db", 300, 1)
    return in_process(application(store, secret=SECRET), store)


def rows(store: Store, kind: str) -> dict[str, dict[str, Any]]:
    with store.reading() as now:
        return {str(body["id"]): body for body in now.all(kind)}


def state(store: Store, person: str) -> PerUserState:
    with store.reading() as now:
        return now.state(person)


@pytest.mark.parametrize("people", [SMALLEST, 51, 300, 777])
def test_each_person_has_one_kind_and_no_kind_is_empty(tmp_path: Path, people: int) -> None:
    store = seeded(tmp_path / "x.db", people, 3)
    of_kind = kinds(store)
    assert set(of_kind) == set(Kind)
    assert all(of_kind.values())
    everybody = [person for each in of_kind.values() for person in each]
    assert sorted(everybody) == sorted(rows(store, "users"))
    assert len(everybody) == people
    on = sum(state(store, person) is not PerUserState.DISABLED for person in everybody)
    assert on == people * 60 // 100
    store.close()


@pytest.mark.parametrize("people", [0, 1, SMALLEST - 1, 10**9])
def test_too_few_people_are_refused_before_anything_is_made(tmp_path: Path, people: int) -> None:
    with pytest.raises(BadInput):
        seeded(tmp_path / "x.db", people, 1)
    assert list(tmp_path.iterdir()) == []


def test_a_tenant_is_seeded_once(tmp_path: Path) -> None:
    store = seeded(tmp_path / "x.db", 50, 1)
    with pytest.raises(BadInput):
        seed(store, 50, 1)
    store.close()


def digest(path: Path, people: int, number: int) -> str:
    store = seeded(path, people, number)
    with store.reading() as now:
        kept = [
            now.texts(kind) for kind in ("users", "groups", "policies", "registrations", "roleAssignments")
        ]
        kept.append([row[0] for row in now.rows(_rows())])
    store.close()
    return hashlib.sha256(repr(kept).encode()).hexdigest()


def _rows() -> Statement:
    return Statement(
        "SELECT sign_ins.id || at || text FROM sign_ins JOIN texts ON texts.id = what ORDER BY position", {}
    )


def test_the_same_number_gives_the_same_company_and_another_one_another(tmp_path: Path) -> None:
    first = digest(tmp_path / "1.db", 60, 5)
    assert digest(tmp_path / "2.db", 60, 5) == first
    assert digest(tmp_path / "3.db", 60, 6) != first


def test_emergency_accounts_are_what_microsoft_asks_for(company: Asking) -> None:
    store = company.store
    users, registrations = rows(store, "users"), rows(store, "registrations")
    roles = {
        (row["principalId"], row["roleDefinitionId"], row["directoryScopeId"])
        for row in rows(store, "roleAssignments").values()
    }
    accounts = kinds(store)[Kind.EMERGENCY]
    assert sorted(state(store, account) for account in accounts) == [
        PerUserState.DISABLED,
        PerUserState.ENFORCED,
    ]
    for account in accounts:
        assert users[account]["userPrincipalName"].endswith(".onmicrosoft.com")
        assert users[account]["onPremisesSyncEnabled"] is None
        assert "fido2" in registrations[account]["methodsRegistered"]
        assert (account, GLOBAL_ADMINISTRATOR, "/") in roles
        for policy in rows(store, "policies").values():
            assert account in policy["conditions"]["users"]["excludeUsers"]
        assert company.all(f"/beta/auditLogs/signIns?$filter=userId eq '{account}' and status/errorCode eq 0")


def test_the_kinds_are_what_they_are_called(company: Asking) -> None:
    store = company.store
    users, registrations, of_kind = rows(store, "users"), rows(store, "registrations"), kinds(store)
    assignments = rows(store, "roleAssignments").values()
    scopes = {row["principalId"]: row["directoryScopeId"] for row in assignments}

    for person in of_kind[Kind.ENABLED_UNREGISTERED]:
        assert state(store, person) is PerUserState.ENABLED
        assert registrations[person]["isMfaRegistered"] is False
    for person in of_kind[Kind.BLOCKED_ACCOUNT]:
        assert (users[person]["accountEnabled"], state(store, person)) == (False, PerUserState.ENFORCED)
    for person in of_kind[Kind.SMS_ONLY]:
        assert (registrations[person]["methodsRegistered"], state(store, person)) == (
            ["mobilePhone"],
            PerUserState.ENFORCED,
        )
    for person in of_kind[Kind.GUEST]:
        assert (users[person]["userType"], state(store, person)) == ("Guest", PerUserState.ENFORCED)
    for person in of_kind[Kind.UNIT_ADMINISTRATOR]:
        assert scopes[person].startswith("/administrativeUnits/")
        assert state(store, person) is PerUserState.ENFORCED
    for person in of_kind[Kind.ADMINISTRATOR]:
        assert state(store, person) is PerUserState.ENFORCED
    held = [person for person in of_kind[Kind.ADMINISTRATOR] if scopes.get(person) == "/"]
    assert held
    (account,) = of_kind[Kind.SYNCHRONISATION]
    assert state(store, account) is PerUserState.DISABLED
    assert users[account]["onPremisesSyncEnabled"] is True
    assert any(
        row["principalId"] == account and row["roleDefinitionId"] == DIRECTORY_SYNCHRONIZATION
        for row in assignments
    )
    for person in of_kind[Kind.DISABLED]:
        assert state(store, person) is PerUserState.DISABLED


def test_app_passwords_are_used_on_legacy_clients_in_the_log(company: Asking) -> None:
    store = company.store
    passed = 0
    for person in kinds(store)[Kind.APP_PASSWORD]:
        with store.reading() as now:
            assert now.app_passwords(person) > 0
        used = company.all(f"/beta/auditLogs/signIns?$filter=userId eq '{person}'")
        legacy = [
            row for row in used if row["clientAppUsed"] not in ("Browser", "Mobile Apps and Desktop clients")
        ]
        assert legacy
        passed += sum(row["status"]["errorCode"] == 0 for row in legacy)
    assert passed


def test_the_log_reaches_back_thirty_days_and_no_further(company: Asking) -> None:
    times = [row["createdDateTime"] for row in company.all("/beta/auditLogs/signIns?$select=createdDateTime")]
    assert times == sorted(times, reverse=True)
    assert min(times) >= "2026-10-03T07:00:00Z"
    assert max(times) <= "2026-11-02T07:00:00Z"
    assert min(times) < "2026-10-06"


def test_the_policies_are_ones_that_the_service_takes(company: Asking) -> None:
    with company.store.reading() as now:
        for policy in now.all("policies"):
            assert Checker(now).policy(policy)["conditions"] == policy["conditions"]


def test_the_policies_leave_most_people_to_per_user_mfa(company: Asking) -> None:
    """Without their per-user state, people who aren't administrators get in without MFA somewhere."""
    store = company.store
    with store.reading() as now:
        tenant = Picture(lagging=False).tenant(now)
    for kind in (Kind.ENFORCED, Kind.SMS_ONLY, Kind.GUEST, Kind.ENABLED_UNREGISTERED):
        for person in kinds(store)[kind]:
            asked = attempt(
                question(person, app="00000005-0000-0ff1-ce00-000000000000", address="198.51.100.100")
            ).sign_in
            decision = decide(tenant, asked)
            assert {source.provider for source in decision.sources} == {"user"}, decision.sources
            assert decision.mfa is Mfa.REQUIRED


def test_one_policy_excludes_people_through_a_group_within_a_group(company: Asking) -> None:
    groups = {row["displayName"]: row["id"] for row in rows(company.store, "groups").values()}
    (policy,) = [
        p for p in rows(company.store, "policies").values() if p["conditions"]["users"]["excludeGroups"]
    ]
    assert policy["conditions"]["users"]["excludeGroups"] == [groups["MFA Exceptions"]]
    direct = {row["id"] for row in company.all(f"/v1.0/groups/{groups['MFA Exceptions']}/members")}
    every = {row["id"] for row in company.all(f"/v1.0/groups/{groups['MFA Exceptions']}/transitiveMembers")}
    nested = every - direct
    assert nested & set(kinds(company.store)[Kind.ENFORCED])


def test_one_policy_is_not_recognised_and_concerns_few(company: Asking) -> None:
    store = company.store
    with store.reading() as now:
        tenant = Picture(lagging=False).tenant(now)
    (strange,) = [policy for policy in tenant.policies if policy.unrecognised]
    assert strange.unrecognised[0].where.startswith("conditions.deviceStates")
    report, mail = "00000009-0000-0000-c000-000000000000", "00000002-0000-0ff1-ce00-000000000000"

    def unclear(app: str) -> set[str]:
        asked = [attempt(question(person, app=app)).sign_in for person in tenant.users]
        return {each.user for each in asked if decide(tenant, each).missing}

    assert 1 <= len(unclear(report)) <= 5
    assert unclear(report) <= set(kinds(store)[Kind.DISABLED])
    assert unclear(mail) == set()


def test_the_operator_knows_the_service_settings_and_graph_does_not(company: Asking) -> None:
    assert mfa_settings(company.store)["trustedIps"] == ["198.51.100.0/26", "203.0.113.192/26"]
    person = kinds(company.store)[Kind.ENFORCED][0]
    assert company.sign_in(person, address="203.0.113.200")["mfa"] == "notRequired"
    assert company.sign_in(person, address="203.0.113.9")["mfa"] == "required"


def test_most_sign_ins_of_the_log_were_successful(company: Asking) -> None:
    ended = [row["status"]["errorCode"] for row in company.all("/beta/auditLogs/signIns?$select=status")]
    assert ended.count(0) > len(ended) / 2
    assert 50131 not in ended
