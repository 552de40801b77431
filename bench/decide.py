"""How long one `decide` takes, in microseconds: `python bench/decide.py [people] [policies]`.

An invented tenant of 2,000 people and 28 policies over nested groups, roles, places, clients and risks; 3,000 different sign-ins,
processor time, after a warm-up of 200. The machine's load doesn't count, its speed does.
"""

from __future__ import annotations

import ipaddress
import random
import sys
import time

from perca.model import (
    AppId,
    ApplicationCondition,
    ApplicationScope,
    BuiltIn,
    ClientApp,
    ClientAppCondition,
    ConditionalAccessPolicy,
    Credential,
    Grant,
    Group,
    GroupId,
    IpNamedLocation,
    IpRange,
    LocationCondition,
    LocationId,
    LocationScope,
    MfaSettings,
    ObjectId,
    Operator,
    PerUserState,
    Platform,
    PlatformCondition,
    PolicyId,
    PolicyState,
    Registration,
    RiskCondition,
    RiskLevel,
    RoleAssignment,
    RoleId,
    SignIn,
    Tenant,
    User,
    UserCondition,
    UserId,
    UserScope,
)
from perca.policy import decide, rules

LEGACY = frozenset({ClientApp.ACTIVE_SYNC, ClientApp.OTHER})
DICE = random.Random(7)


def guid(kind: int, number: int) -> str:
    return f"{number:08x}-0000-4000-8000-{kind:012x}"


def invented(size: int, policies: int) -> Tenant:
    people = [UserId(guid(1, n)) for n in range(size)]
    names = [GroupId(guid(2, n)) for n in range(30)]
    groups = {name: frozenset(map(ObjectId, DICE.sample(people, min(60, size)))) for name in names}
    for n in range(8, 30, 4):
        groups[names[n]] |= {ObjectId(names[n - 3])}
    roles = [RoleId(guid(3, n)) for n in range(10)]
    places = [LocationId(guid(4, n)) for n in range(8)]
    return Tenant(
        users={each: User(each, "", per_user_mfa=DICE.choice(list(PerUserState))) for each in people},
        groups={name: Group(name, "", members) for name, members in groups.items()},
        role_assignments=tuple(RoleAssignment(ObjectId(DICE.choice(people)), role) for role in roles * 3),
        registrations={each: Registration(each, True, True, ("mobilePhone",)) for each in people},
        policies=tuple(policy(n, people, names, roles) for n in range(policies)),
        named_locations={
            each: IpNamedLocation(each, "", n % 2 == 0, tuple(IpRange(f"10.{n}.{m}.0/24") for m in range(4)))
            for n, each in enumerate(places)
        },
        applications={AppId(guid(5, n)): "" for n in range(20)},
        security_defaults=False,
        mfa_settings=MfaSettings((IpRange("203.0.113.0/24"),), False),
    )


def policy(
    n: int, people: list[UserId], groups: list[GroupId], roles: list[RoleId]
) -> ConditionalAccessPolicy:
    """Every third one is about everybody, every second about all resources, every fifth only reports."""
    narrow = UserScope(groups=tuple(DICE.sample(groups, 2)), roles=tuple(roles[:5]) if n % 4 == 1 else ())
    spared = UserScope(users=tuple(DICE.sample(people, 2)), groups=tuple(DICE.sample(groups, 1)))
    return ConditionalAccessPolicy(
        PolicyId(guid(6, n)),
        f"Policy {n}",
        PolicyState.ENABLED if n % 5 else PolicyState.REPORT_ONLY,
        UserCondition(narrow if n % 3 else UserScope(everyone=True), spared),
        ApplicationCondition(ApplicationScope(n % 2 == 0, apps=(AppId(guid(5, n % 20)),) * (n % 2))),
        ClientAppCondition() if n % 3 else ClientAppCondition(LEGACY),
        PlatformCondition(frozenset({Platform.ALL}), frozenset({Platform.IOS})) if n % 6 == 0 else None,
        LocationCondition(LocationScope(True), LocationScope(all_trusted=True)) if n % 4 == 0 else None,
        RiskCondition(frozenset({RiskLevel.HIGH})) if n % 7 == 0 else RiskCondition(),
        grant=Grant(Operator.OR, (BuiltIn.MFA if n % 3 else BuiltIn.BLOCK,)),
    )


def sign_in(tenant: Tenant) -> SignIn:
    client = DICE.choice((ClientApp.BROWSER, ClientApp.MODERN, ClientApp.OTHER))
    return SignIn(
        user=DICE.choice([*tenant.users]),
        app=DICE.choice([*tenant.applications]),
        client=client,
        platform=Platform.WINDOWS,
        address=ipaddress.ip_address(DICE.choice(("10.1.2.3", "198.51.100.7", "203.0.113.9"))),
        sign_in_risk=RiskLevel.NONE,
        user_risk=RiskLevel.NONE,
        credential=DICE.choice((Credential.PASSWORD, Credential.APP_PASSWORD)[: 1 + client.is_legacy]),
    )


def main(people: int = 2000, policies: int = 28) -> None:
    tenant = invented(people, policies)
    asked = [sign_in(tenant) for _ in range(3200)]
    for each in asked[:200]:
        decide(tenant, each)
    start = time.process_time()
    for each in asked[200:]:
        decide(tenant, each)
    spent = (time.process_time() - start) / len(asked[200:]) * 1e6
    print(f"{spent:.0f} µs a decision: {people} people, {policies} policies, {len(rules(tenant))} rules")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
