"""Kinds of guests and external people in a users condition: what the directory shows, what a sign-in says, and what nobody told."""

from dataclasses import replace
from typing import Any

import pytest

from perca.model import (
    Credential,
    CrossTenantAccess,
    External,
    ExternalKind,
    ExternalScope,
    InboundTrust,
    NotRead,
    Tenant,
    TenantId,
    User,
    UserCondition,
    UserScope,
)
from perca.policy import No, Principal, Unknown, Yes
from perca.policy.outside import outsider
from perca.policy.trust import external_of
from support.small import (
    ADA,
    BEN,
    EVERYONE,
    GLOBAL_ADMIN,
    STAFF,
    answer,
    applies,
    group,
    of,
    people,
    person,
    policy,
    sign_in,
    tenant,
)

LOCAL, GUEST, MEMBER = (
    ExternalKind.INTERNAL_GUEST,
    ExternalKind.COLLABORATION_GUEST,
    ExternalKind.COLLABORATION_MEMBER,
)
DIRECT, OTHER, PARTNER = ExternalKind.DIRECT_CONNECT, ExternalKind.OTHER, ExternalKind.SERVICE_PROVIDER
HOME, ELSEWHERE = TenantId("home"), TenantId("elsewhere")
INVITED = {"user_principal_name": "ada_home.example#EXT#@contoso.example"}


def ada(**facts: Any) -> User:
    """Somebody of whom everything is known, and nothing shows that she is from outside."""
    return replace(person(ADA), **{"creation_type": "", **facts})


def kinds(*of_them: ExternalKind, tenants: frozenset[TenantId] | None = None) -> UserScope:
    return UserScope(externals=(ExternalScope(frozenset(of_them), tenants),))


def about(scope: UserScope, account: User | None = None, **more: Any) -> bool | None:
    """Whether a policy with that scope is about Ada."""
    users = {ADA: account or ada(), BEN: person(BEN)}
    said = {name: more.pop(name) for name in ("user", "external") if name in more}
    return applies(tenant(policy(users=UserCondition(scope)), users=users, **more), sign_in(**said))


@pytest.mark.parametrize(
    ("facts", "kind"),
    [
        ({"user_type": "Guest", **INVITED}, GUEST),
        ({"user_type": "guest", "creation_type": "Invitation"}, GUEST),
        ({"user_type": "Guest"}, LOCAL),
        ({"user_type": "Member", **INVITED}, MEMBER),
        ({"user_type": "Member", "creation_type": "invitation"}, MEMBER),
        ({"user_type": "Member"}, None),
        ({"user_type": "Member", "creation_type": "EmailVerified"}, None),
        ({"user_type": "Member", "creation_type": None}, None),
    ],
)
def test_the_directory_shows_the_kind(facts: dict[str, Any], kind: ExternalKind | None) -> None:
    for each in ExternalKind:
        if (each, kind) != (DIRECT, GUEST) and (each, kind) != (DIRECT, MEMBER):
            assert about(kinds(each), ada(**facts)) is (each is kind), each
    assert about(EVERYONE, ada(**facts))


@pytest.mark.parametrize(
    ("facts", "open_ones", "why"),
    [
        ({"user_type": None, **INVITED}, {GUEST, MEMBER}, "is a guest or a member (userType)"),
        ({"user_type": None}, {LOCAL}, "is a guest or a member (userType)"),
        ({"user_type": "Visitor"}, {LOCAL}, "is a guest or a member (userType)"),
        ({"user_type": "Guest", "creation_type": None}, {LOCAL, GUEST}, "was invited (creationType)"),
        ({"user_type": "Member", "user_principal_name": ""}, {MEMBER}, "was invited (creationType)"),
    ],
)
def test_a_fact_that_nobody_told_leaves_the_kind_open(
    facts: dict[str, Any], open_ones: set[ExternalKind], why: str
) -> None:
    account = ada(**facts)
    for each in (LOCAL, GUEST, MEMBER, OTHER, PARTNER):
        assert about(kinds(each), account) is (None if each in open_ones else False), each
    asked = tenant(policy(users=UserCondition(kinds(*open_ones))), users={ADA: account})
    found = answer(asked).answer
    certain = facts == {"user_type": None, **INVITED} or facts.get("user_type") == "Guest"
    assert isinstance(found, Yes if certain else Unknown), "whatever of these it is, it is meant"
    if isinstance(found, Unknown):
        assert why in found.facts[0]


def test_exclude_beats_include_for_guests_and_says_which() -> None:
    guests = tenant(
        policy(users=UserCondition(EVERYONE, kinds(GUEST))), users={ADA: ada(user_type="Guest", **INVITED)}
    )
    found = answer(guests).answer
    assert found == No(("excluded: `b2bCollaborationGuest` of any tenant",), ("users",))


def test_a_member_is_not_excluded_with_guests() -> None:
    everyone_else = policy(users=UserCondition(EVERYONE, kinds(*ExternalKind)))
    assert applies(tenant(everyone_else, users={ADA: ada()}))


def test_listed_tenants_need_the_home_tenant() -> None:
    scope, guest = kinds(GUEST, tenants=frozenset({HOME})), ada(user_type="Guest", **INVITED)
    assert about(scope, guest) is None, "the directory doesn't say where somebody is at home"
    assert about(scope, guest, external=External(tenant=HOME))
    assert about(scope, guest, external=External(GUEST, HOME))
    assert about(scope, guest, external=External(GUEST, ELSEWHERE)) is False
    local = kinds(LOCAL, tenants=frozenset({HOME}))
    assert about(local, ada(user_type="Guest")) is None, "a local guest has none"


def test_what_the_sign_in_says_wins_over_the_directory() -> None:
    assert about(kinds(PARTNER), ada(), external=External(PARTNER))
    assert about(kinds(LOCAL), ada(user_type="Guest"), external=External(OTHER)) is False
    assert about(kinds(GUEST, MEMBER), ada(user_type=None, **INVITED), external=External(tenant=HOME))
    from_somewhere = External(tenant=HOME)
    assert about(kinds(*ExternalKind), ada(), external=from_somewhere), "no longer one of the tenant's own"
    assert about(kinds(GUEST), ada(), external=from_somewhere) is None


STRANGERS = [DIRECT, OTHER, PARTNER]


@pytest.mark.parametrize("kind", STRANGERS)
def test_strangers_are_everybody_and_in_no_group_and_hold_no_role(kind: ExternalKind) -> None:
    stranger = {"user": None, "external": External(kind, HOME)}
    assert about(EVERYONE, **stranger)
    assert about(kinds(kind), **stranger)
    assert about(kinds(kind, tenants=frozenset({HOME})), **stranger)
    assert about(kinds(kind, tenants=frozenset({ELSEWHERE})), **stranger) is False
    assert about(kinds(*(set(ExternalKind) - {kind})), **stranger) is False
    named = people(ADA, groups=(STAFF,), roles=(GLOBAL_ADMIN,))
    assert about(named, **stranger, groups=of(group(STAFF, ADA))) is False
    unread = {"groups": {}, "role_assignments": NotRead("403")}
    assert about(named, **stranger, **unread) is False, "whoever is in them has an account"


@pytest.mark.parametrize("external", [External(GUEST), External(tenant=HOME)])
def test_a_guest_whose_account_is_not_said_may_be_any_of_them(external: External) -> None:
    assert about(people(ADA), user=None, external=external) is None
    assert about(people(groups=(STAFF,)), user=None, external=external, groups=of(group(STAFF))) is None
    assert about(people(roles=(GLOBAL_ADMIN,)), user=None, external=external) is None
    assert about(EVERYONE, user=None, external=external)


def test_somebody_of_whom_nothing_is_known_but_the_id_may_be_of_any_kind() -> None:
    for each in ExternalKind:
        assert about(kinds(each), user="dora") is None
    assert about(EVERYONE, user="dora")


def test_somebody_without_an_account_of_whom_nothing_is_said_is_a_stranger_of_any_kind() -> None:
    for each in ExternalKind:
        assert about(kinds(each), user=None) is (None if each in STRANGERS else False)
    assert about(kinds(*STRANGERS), user=None)


NOBODY_MAY = CrossTenantAccess()
SOME_MAY = CrossTenantAccess(partners={HOME: InboundTrust(direct_connect=True)})


@pytest.mark.parametrize("invited", [{"user_type": "Guest", **INVITED}, {"user_type": "Member", **INVITED}])
def test_policies_on_direct_connect_may_be_about_collaboration_guests(invited: dict[str, Any]) -> None:
    guest, direct = ada(**invited), kinds(DIRECT)
    assert about(direct, guest) is None, "the settings weren't read"
    assert about(direct, guest, cross_tenant=NOBODY_MAY) is False
    assert about(direct, guest, cross_tenant=SOME_MAY) is None, "her home may be the one"
    assert about(direct, guest, cross_tenant=SOME_MAY, external=External(tenant=ELSEWHERE)) is False
    assert about(direct, guest, cross_tenant=SOME_MAY, external=External(tenant=HOME)) is None
    listed = kinds(DIRECT, tenants=frozenset({ELSEWHERE}))
    assert about(listed, guest, external=External(GUEST, HOME)) is False
    assert about(direct, ada()) is False, "one of the tenant's own"


def test_a_guest_who_uses_direct_connect_is_of_both_kinds() -> None:
    guest, used = ada(user_type="Guest", **INVITED), External(DIRECT, HOME)
    assert about(kinds(DIRECT), guest, external=used)
    assert about(kinds(GUEST), guest, external=used)
    assert about(kinds(MEMBER), guest, external=used) is False
    assert about(kinds(GUEST), user=None, external=used) is False, "no presence, no guest"


def who(found: Tenant, **said: Any) -> External | Unknown | None:
    return external_of(found, sign_in(**said))


def test_who_somebody_is_as_somebody_from_outside() -> None:
    here = tenant(users={ADA: ada(user_type="Guest", **INVITED), BEN: replace(person(BEN), creation_type="")})
    assert who(here) == External(GUEST)
    assert who(here, external=External(tenant=HOME)) == External(GUEST, HOME)
    assert who(here, external=External(PARTNER, HOME)) == External(PARTNER, HOME)
    assert who(here, user=BEN) is None
    assert who(here, user=BEN, external=External(tenant=HOME)) == External(None, HOME)
    assert who(here, user=None, external=External(DIRECT)) == External(DIRECT)
    assert who(here, user=None, workload="app") is None
    assert isinstance(who(here, user="dora"), Unknown)
    untold = tenant(users={ADA: ada(user_type=None, creation_type=None)})
    facts = ("whether `ada@example.com` is a guest or a member (userType)",
             "whether `ada@example.com` was invited (creationType)")  # fmt: skip
    assert who(untold) == Unknown(facts)
    assert outsider(untold, Principal(ADA)).kinds is None


@pytest.mark.parametrize("credential", [Credential.PASSWORD, Credential.APP_PASSWORD])
def test_per_user_mfa_asks_nobody_without_an_account(credential: Credential) -> None:
    for external in map(External, STRANGERS):
        stranger = sign_in(user=None, external=external, credential=credential)
        assert applies(tenant(), stranger, id="perca:perUserMfa:modern") is False
        assert applies(tenant(), stranger, id="perca:perUserMfa:legacy") is False
    guest = sign_in(user=None, external=External(GUEST))
    assert applies(tenant(), guest, id="perca:perUserMfa:modern") is None
    workload = sign_in(user=None, workload="app")
    assert applies(tenant(), workload, id="perca:perUserMfa:modern") is False
