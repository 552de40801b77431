"""Moving from Security Defaults to policies: what is asked at Microsoft's discretion may be asked, so it must be covered afterwards."""

from dataclasses import replace

import pytest

from perca.model import (
    SETTLING,
    AppId,
    Application,
    ApplicationCondition,
    ApplicationScope,
    BuiltIn,
    ClientApp,
    ClientAppCondition,
    ConditionalAccessPolicy,
    NotRead,
    ObjectId,
    RoleAssignment,
    Tenant,
    UserCondition,
)
from perca.policy.security_defaults import AZURE_MANAGEMENT, SYNCHRONISATION
from perca.prove import Coverage, always_mfa, coverage, never_weaker
from support.small import ADA, BEN, CLEO, EVERYONE, GLOBAL_ADMIN, MAIL, SECRET, grant, people, policy, tenant

PORTAL, MANAGER = AppId("c44b4083-3bb0-49c1-b47d-974e53cbdf3c"), AppId("797f4846-ba00-4fd7-ba43-dac1f8f63013")
APPS = {app: Application(app) for app in (MAIL, PORTAL, MANAGER)}
ROLES = (
    RoleAssignment(ObjectId(ADA), GLOBAL_ADMIN),
    RoleAssignment(ObjectId(CLEO), SYNCHRONISATION),
)
LEGACY = ClientAppCondition(frozenset({ClientApp.ACTIVE_SYNC, ClientApp.OTHER}))
NO_LEGACY = policy("legacy", client_apps=LEGACY, grant=grant(BuiltIn.BLOCK))


def with_defaults(**more: object) -> Tenant:
    """Ada is an administrator, Ben nobody special, and Cleo synchronises directories."""
    return tenant(security_defaults=True, role_assignments=ROLES, applications=APPS, **more)


def without(before: Tenant, *policies: ConditionalAccessPolicy) -> Tenant:
    return replace(before, security_defaults=False, policies=policies)


def test_turning_them_off_is_weaker_for_all_but_the_account_that_is_left_out() -> None:
    before = with_defaults()
    assert never_weaker(before, without(before), [ADA]).holds is False
    assert never_weaker(before, without(before), [BEN]).holds is False, "legacy clients were blocked"
    assert never_weaker(before, without(before), [CLEO]).holds is True


def test_mfa_for_all_and_a_legacy_block_replace_them() -> None:
    before = with_defaults()
    assert never_weaker(before, without(before, policy(), NO_LEGACY)).holds is True


def test_what_is_at_discretion_must_be_covered_and_is_no_certain_loss() -> None:
    """Administrators, Azure management and legacy clients are replaced; ordinary people may have been asked for MFA elsewhere."""
    before = with_defaults()
    admins = policy("admins", users=UserCondition(people(roles=(GLOBAL_ADMIN,))))
    azure = policy("azure", applications=ApplicationCondition(ApplicationScope(apps=tuple(AZURE_MANAGEMENT))))
    after = without(before, admins, azure, NO_LEGACY)
    assert never_weaker(before, after, [ADA]).holds is True
    ordinary = never_weaker(before, after, [BEN])
    assert ordinary.holds is None
    assert ordinary.failing == 0
    assert ordinary.unassessed_people == (BEN,)
    assert any(
        "Microsoft judges" in fact for w in ordinary.witnesses if w.before for fact in w.before.missing
    )


def test_azure_management_is_a_certain_loss_where_a_policy_leaves_it_out() -> None:
    before = with_defaults()
    leaving_out = policy(
        applications=ApplicationCondition(
            ApplicationScope(everything=True), ApplicationScope(apps=(MANAGER,))
        )
    )
    proof = never_weaker(before, without(before, leaving_out, NO_LEGACY), [BEN])
    assert proof.holds is False
    assert {witness.sign_in.app for witness in proof.witnesses} == {MANAGER}


def test_policies_can_be_no_weaker_than_defaults_without_covering_the_account_that_synchronises() -> None:
    before = with_defaults()
    excluding = policy(users=UserCondition(EVERYONE, people(CLEO)))
    no_legacy = replace(NO_LEGACY, users=UserCondition(EVERYONE, people(CLEO)))
    assert never_weaker(before, without(before, excluding, no_legacy)).holds is True


@pytest.mark.parametrize("told", [True, SECRET])
def test_what_is_unknown_on_both_sides_cancels(told: bool | NotRead) -> None:
    before = replace(with_defaults(), security_defaults=told)
    assert never_weaker(before, before).holds is True


def test_what_settles_does_not_cancel() -> None:
    settling = replace(with_defaults(), security_defaults=SETTLING)
    assert never_weaker(settling, settling).holds is None


def test_they_are_never_a_proof_for_ordinary_people() -> None:
    proof = always_mfa(with_defaults(), [BEN])
    assert (proof.holds, proof.failing) == (None, 0)
    assert always_mfa(with_defaults(), [ADA]).holds is True
    assert always_mfa(with_defaults(), [CLEO]).holds is False


def test_coverage_by_them() -> None:
    words = coverage(with_defaults(), rules=lambda rule: rule.source.provider == "securityDefaults")
    assert words == {ADA: Coverage.ALWAYS, BEN: Coverage.NOT_ASSESSED, CLEO: Coverage.NEVER}


@pytest.mark.parametrize(
    ("before", "after", "holds"),
    [
        ("2026-11-02", "2026-11-24", True),
        ("2025-06-01", "2026-11-24", True),
        ("2026-06-01", "2026-08-01", True),
        ("2024-01-01", "2026-11-24", True),
        ("", "", True),
        ("2026-11-24", "2024-01-01", False),
        ("2026-11-24", "2026-06-01", None),
        ("", "2026-11-24", None),
    ],
)
def test_two_snapshots_of_one_tenant_differ_in_their_day_and_not_in_mandatory_mfa(
    before: str, after: str, holds: bool | None
) -> None:
    one, two = (tenant(applications=APPS, taken_at=day) for day in (before, after))
    assert never_weaker(one, two).holds is holds
