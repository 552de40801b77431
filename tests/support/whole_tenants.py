"""Random tenants of every recognised shape, for the laws and for the comparison with brute force.

Twelve people of every kind, groups within groups, roles at the tenant and at a unit, ranges that overlap, countries, the compliant
network, applications with attributes, trust of other tenants, settings; and each of these as something that nobody read.
"""

from collections.abc import Callable
from dataclasses import replace
from types import MappingProxyType

from perca.model import (
    AGENT,
    DIRECTORY,
    NOBODY_CHOSE,
    TENANT_SCOPE,
    AppId,
    Application,
    AuthenticationStrength,
    CompliantNetworkLocation,
    CountryLookup,
    CountryNamedLocation,
    CrossTenantAccess,
    Group,
    GroupId,
    InboundTrust,
    IpNamedLocation,
    IpRange,
    LocationId,
    MfaSettings,
    NamedLocation,
    Narrowing,
    NotRead,
    ObjectId,
    OtherNamedLocation,
    PerUserState,
    PolicyId,
    PolicyState,
    Registration,
    RoleAssignment,
    Tenant,
    User,
    UserId,
)
from perca.policy.strengths import combinations
from support import whole_names as names
from support.dice import Dice
from support.whole_filters import ATTRIBUTES
from support.whole_policies import Theme, device, places, policy, random_policies, state

REFUSED = NotRead("refused")


def whole_tenant(dice: Dice, theme: Theme | None = None) -> Tenant:
    """A tenant. Security Defaults are on only where no policy is: the service keeps it so."""
    policies = random_policies(dice, theme or dice.one(tuple(Theme)))
    defaults: bool | NotRead = REFUSED if dice.unsure(1 / 3) else False
    if dice.maybe(0.2):
        policies = tuple(replace(each, state=PolicyState.REPORT_ONLY, settled=True) for each in policies)
        defaults = True if dice.maybe(0.7) else defaults
    return Tenant(
        users={each: user(dice, each) for each in names.PEOPLE},
        groups={each: group(dice, each) for each in names.GROUPS},
        role_assignments=REFUSED if dice.unsure(1 / 3) else assignments(dice),
        registrations={
            each: Registration(each, is_mfa_registered=dice.maybe())
            for each in names.PEOPLE
            if dice.maybe(0.8)
        },
        policies=policies,
        strengths={} if dice.unsure(2) else {names.CUSTOM_STRENGTH: strength(dice)},
        named_locations={each: place(dice, each) for each in names.PLACES if not dice.unsure(0.5)},
        applications={each: application(dice, each) for each in names.HELD},
        id=names.HOME,
        security_defaults=defaults,
        mfa_settings=settings(dice),
        cross_tenant=REFUSED if dice.unsure() else cross_tenant(dice),
        baseline_scopes=baseline(dice),
        registration_policy=REFUSED if dice.unsure() else dice.maybe(),
    )


def user(dice: Dice, id: UserId) -> User:
    per_user = REFUSED if dice.unsure() else dice.dice.choices(list(PerUserState), weights=(2, 1, 1))[0]
    guest, invited = dice.maybe(0.25), dice.maybe(0.3)
    return User(
        id,
        f"{id}#EXT#@example.com" if invited and dice.maybe() else f"{id}@example.com",
        per_user_mfa=per_user,
        user_type=None if dice.unsure() else "Guest" if guest else "Member",
        creation_type=None if dice.unsure() else "Invitation" if invited else "",
        is_agent=dice.maybe(0.05),
    )


def group(dice: Dice, id: GroupId) -> Group:
    if dice.unsure(0.5):
        return Group(id, str(id), REFUSED)
    members = {ObjectId(m) for m in (*dice.some(names.PEOPLE, 4), *dice.some(names.GROUPS, 1))}
    members |= {ObjectId("nobody-knows")} if dice.unsure(0.25) else set()
    unsettled = frozenset(ObjectId(m) for m in dice.some(names.PEOPLE, 2) if dice.unsettled())
    return Group(id, str(id), frozenset(members), unsettled)


def assignments(dice: Dice) -> tuple[RoleAssignment, ...]:
    principals = (*names.PEOPLE, *names.GROUPS)
    return tuple(
        RoleAssignment(
            ObjectId(dice.one(principals)),
            dice.one(names.ROLES),
            TENANT_SCOPE if dice.maybe(0.6) else names.UNIT,
        )
        for _ in range(dice.dice.randint(0, 5))
    )


def strength(dice: Dice) -> AuthenticationStrength:
    weak = ("password", "sms,federatedSingleFactor; password", "password,sms; sms")
    strong = ("fido2", "password,sms; fido2", "hardwareOath,federatedSingleFactor")
    allowed = combinations(dice.one((*weak, *strong)))
    narrowed = (Narrowing(dice.one((None, combinations("fido2"))), '{"key":1}'),) * dice.maybe(0.2)
    return AuthenticationStrength(names.CUSTOM_STRENGTH, "other", allowed, narrowings=narrowed)


def place(dice: Dice, id: LocationId) -> NamedLocation:
    trusted = None if dice.unsure(1 / 3) else dice.maybe(0.65)
    if dice.unsure(1 / 3):
        return OtherNamedLocation(id, str(id), "odd")
    if id == names.GSA:
        return CompliantNetworkLocation(id, str(id), trusted, dice.unclear())
    if id in names.LANDS:
        return CountryNamedLocation(
            id,
            str(id),
            frozenset(dice.some(names.COUNTRIES, 2, 1)),
            None if dice.unsure() else dice.maybe(),
            None if dice.unsure() else dice.dice.choices(list(CountryLookup), weights=(4, 1))[0],
            dice.unclear(),
        )
    return IpNamedLocation(id, str(id), trusted, ranges(dice), dice.unclear())


def ranges(dice: Dice) -> tuple[IpRange, ...]:
    return tuple(map(IpRange, dice.some(names.CIDRS, 2, dice.maybe(0.9))))


def application(dice: Dice, id: AppId) -> Application:
    """A service principal; Microsoft's own are applications of another tenant, and the one for baseline scopes is the tenant's."""
    microsofts = id not in (*names.OWN, names.PLACEHOLDER_APP)
    owners = (names.HOMES[0],) if microsofts else (names.HOME, names.HOME, *names.HOMES)
    owner = names.HOME if id == names.PLACEHOLDER_APP else None if dice.unsure() else dice.one(owners)
    kinds = ("Application",) if microsofts else (*["Application"] * 3, "ManagedIdentity", AGENT)
    held = frozenset(
        (name, frozenset(dice.some(values, 2, 1)) if name == "Team_parts" else dice.one(values))
        for name, values in ATTRIBUTES.items()
        if dice.maybe(0.6)
    )
    return Application(
        name=str(id)[-4:],
        owner=owner,
        object_id=id,
        attributes=REFUSED if dice.unsure() else held,
        kind=None if dice.unsure() else dice.one(kinds),
        audience=None if dice.unsure() else dice.one(("AzureADMyOrg", "AzureADMyOrg", "AzureADMultipleOrgs")),
    )


def settings(dice: Dice) -> MfaSettings:
    return MfaSettings(
        trusted_ips=REFUSED if dice.unsure() else ranges(dice) if dice.maybe(0.6) else (),
        trust_federated_intranet=REFUSED if dice.unsure() else dice.maybe(0.35),
        allow_app_passwords=REFUSED if dice.unsure() else dice.maybe(),
    )


def cross_tenant(dice: Dice) -> CrossTenantAccess:
    def trust() -> InboundTrust:
        return InboundTrust(*(None if dice.unsure() else dice.maybe() for _ in range(4)))

    partners = {home: REFUSED if dice.unsure(0.5) else trust() for home in names.HOMES if dice.maybe()}
    return CrossTenantAccess(trust(), MappingProxyType(partners))


def baseline(dice: Dice) -> AppId | NotRead | None:
    return REFUSED if dice.unsure() else dice.one((None, DIRECTORY, names.PLACEHOLDER_APP, NOBODY_CHOSE))


# ------------------------------------------------------------------------------------------------------------- edits


def edited(dice: Dice, tenant: Tenant) -> Tenant:
    """The tenant after one to three changes, of any kind that a migration or an administrator makes."""
    for change in dice.dice.choices(EDITS, k=dice.dice.randint(1, 3)):
        tenant = change(dice, tenant)
    return tenant


def _person(dice: Dice, tenant: Tenant) -> Tenant:
    id = dice.one(names.PEOPLE)
    return replace(tenant, users={**tenant.users, id: user(dice, id)})


def _state_of_a_person(dice: Dice, tenant: Tenant) -> Tenant:
    id = dice.one(names.PEOPLE)
    changed = replace(tenant.users[id], per_user_mfa=dice.one(tuple(PerUserState)))
    return replace(tenant, users={**tenant.users, id: changed})


def _registration(dice: Dice, tenant: Tenant) -> Tenant:
    id = dice.one(names.PEOPLE)
    return replace(tenant, registrations={**tenant.registrations, id: Registration(id, dice.maybe())})


def _members(dice: Dice, tenant: Tenant) -> Tenant:
    id = dice.one(names.GROUPS)
    return replace(tenant, groups={**tenant.groups, id: group(dice, id)})


def _roles(dice: Dice, tenant: Tenant) -> Tenant:
    return replace(tenant, role_assignments=assignments(dice))


def _place(dice: Dice, tenant: Tenant) -> Tenant:
    id = dice.one(names.PLACES)
    return replace(tenant, named_locations={**tenant.named_locations, id: place(dice, id)})


def _service_settings(dice: Dice, tenant: Tenant) -> Tenant:
    return replace(tenant, mfa_settings=settings(dice))


def _strength(dice: Dice, tenant: Tenant) -> Tenant:
    return replace(tenant, strengths={names.CUSTOM_STRENGTH: strength(dice)})


def _application(dice: Dice, tenant: Tenant) -> Tenant:
    id = dice.one(names.HELD)
    return replace(tenant, applications={**tenant.applications, id: application(dice, id)})


def _trust(dice: Dice, tenant: Tenant) -> Tenant:
    return replace(tenant, cross_tenant=cross_tenant(dice), baseline_scopes=baseline(dice))


def _more(dice: Dice, tenant: Tenant) -> Tenant:
    return replace(
        tenant, policies=(*tenant.policies, policy(dice, PolicyId(f"policy-new-{len(tenant.policies)}")))
    )


def _fewer(dice: Dice, tenant: Tenant) -> Tenant:
    gone = dice.one(tenant.policies) if tenant.policies else None
    return replace(tenant, policies=tuple(each for each in tenant.policies if each is not gone))


def _another(dice: Dice, tenant: Tenant) -> Tenant:
    """One policy in another state, elsewhere or on other devices."""
    if not tenant.policies:
        return tenant
    old = dice.one(tenant.policies)
    match dice.dice.randrange(3):
        case 0:
            new = replace(old, state=state(dice), settled=not dice.unsettled())
        case 1:
            new = places(dice, old)
        case _:
            new = device(dice, old)
    return replace(tenant, policies=tuple(new if each is old else each for each in tenant.policies))


EDITS: tuple[Callable[[Dice, Tenant], Tenant], ...] = (
    _person,
    _state_of_a_person,
    _registration,
    _members,
    _roles,
    _place,
    _service_settings,
    _strength,
    _application,
    _trust,
    _more,
    _fewer,
    _another,
    _another,
)
