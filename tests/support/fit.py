"""A tenant in which nobody is locked out and everything is known: two fit emergency accounts, an administrator, two people, a guest, the
account that synchronises directories. A test changes one thing and looks at what is found."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import Any

from perca.model import (
    ApplicationCondition,
    BuiltIn,
    ConditionalAccessPolicy,
    Domain,
    GroupId,
    MethodSetting,
    MethodsPolicy,
    MethodTargets,
    ObjectId,
    Registration,
    RoleAssignment,
    Tenant,
    User,
    UserAction,
    UserCondition,
    UserId,
    UserScope,
)
from perca.policy.security_defaults import SYNCHRONISATION
from support.small import EVERYONE, GLOBAL_ADMIN, grant, group, of, policy, tenant

FIRST, SECOND = UserId("first"), UserId("second")
EMERGENCY = (FIRST, SECOND)
ADMIN, ADA, BEN, SYNC = UserId("admin"), UserId("ada"), UserId("ben"), UserId("sync")
STAFF, PROTECTED, EDITABLE = GroupId("staff"), GroupId("protected"), GroupId("editable")
EXCLUDED = UserScope(users=EMERGENCY, roles=(SYNCHRONISATION,))
REGISTERING = ApplicationCondition(actions=frozenset({UserAction.REGISTER_SECURITY_INFORMATION}))
MANAGED = Domain("fit.onmicrosoft.com", federated=False, initial=True), Domain("fit.example", federated=False)
TAKEN_AT = "2026-11-02T08:00:00Z"
METHODS = (
    "fido2 microsoftAuthenticator sms voice softwareOath hardwareOath temporaryAccessPass x509Certificate"
)


def account(id: UserId, domain: str = "fit.example", **more: Any) -> User:
    whole: dict[str, Any] = {"account_enabled": True, "user_type": "Member", "synchronised": False}
    return User(id, f"{id}@{domain}", str(id).title(), **{**whole, **more})


def methods(*off: str, **settings: MethodSetting) -> MethodsPolicy:
    """Every method for everybody, but for certificates and those that are `off`."""
    away = {"x509certificate", *(name.casefold() for name in off)}
    everyone = MethodTargets(everyone=True)
    whole = {
        name.casefold(): MethodSetting(name.casefold() not in away, everyone) for name in METHODS.split()
    }
    return MethodsPolicy(MappingProxyType({**whole, **settings}))


def for_all(id: str = "all", **more: Any) -> ConditionalAccessPolicy:
    """MFA for everybody but those who must be left out."""
    return policy(id, **{"users": UserCondition(EVERYONE, EXCLUDED), **more})


def fit(*policies: ConditionalAccessPolicy, **more: Any) -> Tenant:
    """The tenant, with MFA for all and these policies."""
    users = (
        account(FIRST, "fit.onmicrosoft.com"),
        account(SECOND, "fit.onmicrosoft.com"),
        account(ADMIN),
        account(ADA),
        account(BEN),
        account(SYNC, "fit.onmicrosoft.com"),
    )
    whole: dict[str, Any] = {
        "users": {user.id: user for user in users},
        "registrations": {
            **{id: Registration(id, True, True, ("fido2SecurityKey",)) for id in EMERGENCY},
            **{id: Registration(id, True, True, ("mobilePhone",)) for id in (ADMIN, ADA, BEN)},
            SYNC: Registration(SYNC, False, False),
        },
        "role_assignments": (
            *(RoleAssignment(ObjectId(id), GLOBAL_ADMIN) for id in (*EMERGENCY, ADMIN)),
            RoleAssignment(ObjectId(SYNC), SYNCHRONISATION),
        ),
        "groups": of(
            group(STAFF, ADA, BEN),
            replace(group(PROTECTED, FIRST), role_assignable=True),
            group(EDITABLE, FIRST),
        ),
        "domains": MANAGED,
        "methods": methods(),
        "last_successes": dict.fromkeys(EMERGENCY, "2026-10-20T06:00:00Z"),
        "mailboxes": {**dict.fromkeys((ADMIN, ADA, BEN), "user")},
        "taken_at": TAKEN_AT,
    }
    return tenant(for_all(), *policies, **{**whole, **more})


def with_user(held: Tenant, id: UserId, **changes: Any) -> Tenant:
    """The tenant, something else being said of one account."""
    return replace(held, users={**held.users, id: replace(held.users[id], **changes)})


def with_registration(held: Tenant, row: Registration | None, id: UserId = ADA) -> Tenant:
    """The tenant with another row for one account, or with none."""
    rest = {user: each for user, each in held.registrations.items() if user != id}
    return replace(held, registrations=rest if row is None else {**rest, id: row})


BLOCKED = {"grant": grant(BuiltIn.BLOCK)}
NO_METHOD = Registration(ADA, False, False)
