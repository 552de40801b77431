"""Who of the emergency accounts provably gets in, and whether it is certain that one doesn't."""

from dataclasses import replace

import pytest

from perca.migrate.guard import refused
from perca.model import (
    AppId,
    ApplicationCondition,
    ApplicationScope,
    BuiltIn,
    ClientApp,
    ClientAppCondition,
    ConditionalAccessPolicy,
    PerUserState,
    PolicyState,
    Tenant,
    Unrecognised,
    UserCondition,
    UserId,
    UserScope,
)
from support.company import EMERGENCY, company, policy

FIRST, SECOND = EMERGENCY
EVERYBODY = UserCondition(UserScope(everyone=True))


def of_everybody(*controls: BuiltIn, **other: object) -> ConditionalAccessPolicy:
    return replace(policy("everybody", *controls), **{"users": EVERYBODY, **other})  # type: ignore[arg-type]


def with_account(person: UserId, **members: object) -> Tenant:
    tenant = company()
    return replace(tenant, users={**tenant.users, person: replace(tenant.users[person], **members)})  # type: ignore[arg-type]


@pytest.mark.parametrize("state", list(PerUserState))
def test_an_account_gets_in_whatever_its_per_user_state(state: PerUserState) -> None:
    """Enforced: it is asked for MFA that it can do. Legacy clients aren't what an emergency account is kept for."""
    assert refused(with_account(FIRST, per_user_mfa=state), EMERGENCY) == {}


@pytest.mark.parametrize(("enabled", "certain"), [(False, True), (None, False)])
def test_an_account_that_is_or_may_be_disabled_does_not_get_in(enabled: bool | None, certain: bool) -> None:
    found = refused(with_account(FIRST, account_enabled=enabled), EMERGENCY)
    assert {person: each.certain for person, each in found.items()} == {FIRST: certain}


def test_an_account_that_is_not_there_does_not_get_in() -> None:
    tenant = company()
    users = {id: user for id, user in tenant.users.items() if id != FIRST}
    assert refused(replace(tenant, users=users), EMERGENCY)[FIRST].certain


def test_a_policy_that_asks_for_mfa_locks_nobody_out() -> None:
    assert refused(company(of_everybody(BuiltIn.MFA)), EMERGENCY) == {}


def test_a_block_of_everybody_locks_both_out_for_certain() -> None:
    found = refused(company(of_everybody(BuiltIn.BLOCK)), EMERGENCY)
    assert {person: each.certain for person, each in found.items()} == {FIRST: True, SECOND: True}


@pytest.mark.parametrize("app", [AppId("c44b4083-3bb0-49c1-b47d-974e53cbdf3c")], ids=["the admin portal"])
def test_a_block_of_one_listed_resource_is_enough(app: AppId) -> None:
    blocked = of_everybody(BuiltIn.BLOCK, applications=ApplicationCondition(ApplicationScope(apps=(app,))))
    assert set(refused(company(blocked), EMERGENCY)) == set(EMERGENCY)


def test_a_block_of_legacy_clients_locks_no_emergency_account_out() -> None:
    legacy = ClientAppCondition(frozenset({ClientApp.ACTIVE_SYNC, ClientApp.OTHER}))
    assert refused(company(of_everybody(BuiltIn.BLOCK, client_apps=legacy)), EMERGENCY) == {}


@pytest.mark.parametrize("state", [PolicyState.REPORT_ONLY, PolicyState.DISABLED])
def test_a_block_that_is_not_enforced_locks_nobody_out(state: PolicyState) -> None:
    assert refused(company(of_everybody(BuiltIn.BLOCK, state=state)), EMERGENCY) == {}


@pytest.mark.parametrize(
    "other",
    [
        {"unrecognised": (Unrecognised("conditions.times", "{}"),)},
        {"settled": False},
    ],
    ids=["a condition that isn't modelled", "a write of it is still settling"],
)
def test_a_block_that_may_apply_may_lock_out(other: dict[str, object]) -> None:
    found = refused(company(of_everybody(BuiltIn.BLOCK, **other)), EMERGENCY)
    assert [each.certain for each in found.values()] == [False, False]


def test_a_device_that_must_be_compliant_may_lock_out() -> None:
    found = refused(company(of_everybody(BuiltIn.COMPLIANT_DEVICE)), EMERGENCY)
    assert set(found) == set(EMERGENCY)
