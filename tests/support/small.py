"""Small words for building a tenant of which everything is known, and a sign-in of which everything is; a test changes one thing."""

from __future__ import annotations

import ipaddress
from dataclasses import replace
from typing import Any

from perca.model import (
    NATIVE,
    NO_CONTEXT,
    Address,
    AppId,
    Application,
    ApplicationCondition,
    ApplicationScope,
    BuiltIn,
    ClientApp,
    ConditionalAccessPolicy,
    Control,
    Credential,
    Device,
    Flow,
    Grant,
    Group,
    GroupId,
    IpNamedLocation,
    IpRange,
    LocationId,
    MfaSettings,
    NotRead,
    ObjectId,
    Operator,
    PerUserState,
    Platform,
    PolicyId,
    PolicyState,
    Registration,
    RiskLevel,
    RoleId,
    Scopes,
    Session,
    SignIn,
    StrengthControl,
    StrengthId,
    Tenant,
    TenantId,
    Unrecognised,
    User,
    UserCondition,
    UserId,
    UserScope,
)
from perca.policy import Answer, Decision, No, RuleAnswer, Unknown, Yes, decide

ADA, BEN, CLEO = UserId("ada"), UserId("ben"), UserId("cleo")
STAFF, TEAM, SQUAD, STRANGE = GroupId("staff"), GroupId("team"), GroupId("squad"), GroupId("strange")
GLOBAL_ADMIN = RoleId("62e90394-69f5-4237-9190-012177145e10")
HELPDESK = RoleId("729827e3-9c14-49f7-bb1b-9608f156bbb8")
MAIL, FILES, OTHER_APP = AppId("mail"), AppId("files"), AppId("other")
OFFICE, BRANCH = LocationId("office"), LocationId("branch")
AT_OFFICE, ELSEWHERE = ipaddress.ip_address("198.51.100.7"), ipaddress.ip_address("203.0.113.9")
MFA_STRENGTH, PASSWORDLESS, RESISTANT = (
    StrengthId(f"00000000-0000-0000-0000-00000000000{n}") for n in (2, 3, 4)
)
SOMETHING = Unrecognised("conditions.somewhere", "something")
SECRET = NotRead("403 Authorization_RequestDenied")
NO_SETTINGS = MfaSettings((), False, None, False)
HERE = TenantId("this-tenant")
OWN = Application("Ours", HERE, attributes=frozenset())
"""An application of the tenant's own, without attributes."""
ALL_APPS = ApplicationCondition(ApplicationScope(everything=True))


def person(id: UserId, state: PerUserState | NotRead = PerUserState.DISABLED) -> User:
    return User(id, f"{id}@example.com", str(id).title(), state, True, "Member", False)


def group(id: GroupId, *members: str, unsettled: tuple[str, ...] = ()) -> Group:
    return Group(id, str(id).title(), frozenset(map(ObjectId, members)), frozenset(map(ObjectId, unsettled)))


def place(id: LocationId, *ranges: str, trusted: bool | None = False, **more: Any) -> IpNamedLocation:
    return IpNamedLocation(id, str(id).title(), trusted, tuple(map(IpRange, ranges)), **more)


def people(
    *users: UserId, groups: tuple[GroupId, ...] = (), roles: tuple[RoleId, ...] = (), all: bool = False
) -> UserScope:
    return UserScope(everyone=all, users=users, groups=groups, roles=roles)


EVERYONE = people(all=True)


def grant(*controls: Control, operator: Operator | Unrecognised | None = Operator.OR) -> Grant:
    return Grant(operator, controls)


def policy(id: str = "p", **more: Any) -> ConditionalAccessPolicy:
    """MFA for everybody, everywhere; whatever is given differs."""
    whole: dict[str, Any] = {
        "state": PolicyState.ENABLED,
        "users": UserCondition(EVERYONE),
        "applications": ALL_APPS,
        "grant": grant(BuiltIn.MFA),
    }
    return ConditionalAccessPolicy(PolicyId(id), f"Policy {id}", **{**whole, **more})


def strength(id: StrengthId) -> StrengthControl:
    return StrengthControl(id)


def tenant(*policies: ConditionalAccessPolicy, **more: Any) -> Tenant:
    """Three people without per-user MFA, each registered by phone; nothing else, and nothing unknown.

    As of a day before Microsoft's own mandatory MFA: the tenant's rules are all there are.
    """
    whole: dict[str, Any] = {
        "users": {id: person(id) for id in (ADA, BEN, CLEO)},
        "registrations": {id: Registration(id, True, True, ("mobilePhone",)) for id in (ADA, BEN, CLEO)},
        "applications": {MAIL: OWN, FILES: OWN},
        "id": HERE,
        "security_defaults": False,
        "mfa_settings": NO_SETTINGS,
        "policies": policies,
        "taken_at": "2024-06-01",
    }
    return Tenant(**{**whole, **more})


def of(*groups: Group) -> dict[GroupId, Group]:
    return {each.id: each for each in groups}


def at(*places: IpNamedLocation) -> dict[LocationId, IpNamedLocation]:
    return {each.id: each for each in places}


def with_state(state: PerUserState | NotRead, **more: Any) -> Tenant:
    """A tenant in which Ada has that per-user MFA state."""
    return tenant(users={ADA: person(ADA, state), BEN: person(BEN)}, **more)


FRESH = SignIn(
    user=ADA,
    app=MAIL,
    client=ClientApp.BROWSER,
    platform=Platform.WINDOWS,
    address=ELSEWHERE,
    sign_in_risk=RiskLevel.NONE,
    user_risk=RiskLevel.NONE,
    credential=Credential.PASSWORD,
    flow=Flow.NONE,
    device=Device(compliant=False, trust_type="none"),
    session=Session(mfa=False, remembered=False),
    context=NO_CONTEXT,
    scopes=Scopes.MORE,
    requester=NATIVE,
)
"""A fresh sign-in with the password, of which every fact is known."""


def sign_in(**more: Any) -> SignIn:
    return replace(FRESH, **more)


def address(text: str) -> Address:
    return ipaddress.ip_address(text)


def answer(tenant: Tenant, question: SignIn = FRESH, id: str = "p") -> RuleAnswer:
    """What becomes of one rule."""
    return next(each for each in decide(tenant, question).rules if each.rule.key == id)


def applies(tenant: Tenant, question: SignIn = FRESH, id: str = "p") -> bool | None:
    """Whether the rule applies: True, False, None for unknown."""
    found: Answer = answer(tenant, question, id).answer
    return {Yes: True, No: False, Unknown: None}[type(found)]


def facts(decision: Decision) -> str:
    return "; ".join(decision.missing)
