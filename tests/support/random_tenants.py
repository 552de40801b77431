"""Random small tenants and universes for the laws: every recognised shape, and every way of not knowing.

Small enough that all raw sign-ins can be tried one by one: 4 people, 3 applications, 8 addresses, a handful of channels.
"""

import ipaddress
from collections.abc import Iterator
from dataclasses import replace
from itertools import product

from perca.model import (
    MFA_TRUSTED_IPS,
    NATIVE,
    UNKNOWN_COUNTRY,
    AppId,
    ApplicationCondition,
    ApplicationScope,
    AuthenticationStrength,
    BuiltIn,
    ClientApp,
    ClientAppCondition,
    ConditionalAccessPolicy,
    Control,
    Credential,
    Flow,
    Grant,
    Group,
    GroupId,
    InsiderRisk,
    IpNamedLocation,
    IpRange,
    LocationCondition,
    LocationId,
    LocationScope,
    MfaSettings,
    NamedLocation,
    NotRead,
    ObjectId,
    Operator,
    OtherNamedLocation,
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
    Scopes,
    SignIn,
    StrengthControl,
    StrengthId,
    Tenant,
    TermsOfUse,
    Unrecognised,
    UnrecognisedControl,
    User,
    UserCondition,
    UserId,
    UserScope,
)
from perca.policy import Channel, Coordinate, Network, Target, sign_in_of
from perca.policy.strengths import combinations
from perca.space import ANY_OTHER_APP, Block, Universe
from support.dice import WHAT, Dice

PEOPLE = tuple(UserId(f"person-{n}") for n in range(4))
GROUPS = tuple(GroupId(f"group-{n}") for n in range(4))
NOT_HELD = GroupId("group-that-nobody-read")
ROLES = (
    RoleId("62e90394-69f5-4237-9190-012177145e10"),
    RoleId("b1be1c3e-b65d-4f19-8427-f6fa0d97feb9"),
    RoleId("<placeholder>"),
)
EXCHANGE = AppId("00000002-0000-0ff1-ce00-000000000000")
APPS = (EXCHANGE, AppId("app-b"))
PLACES = tuple(LocationId(f"place-{n}") for n in range(3))
STRENGTHS = (*(StrengthId(f"00000000-0000-0000-0000-00000000000{n}") for n in (2, 4)), StrengthId("other"))

CHANNELS = (
    Channel(ClientApp.BROWSER, Platform.WINDOWS, Credential.PASSWORD, Flow.NONE),
    Channel(ClientApp.MODERN, Platform.ANDROID, Credential.PASSKEY, Flow.NONE),
    Channel(ClientApp.MODERN, Platform.UNKNOWN, Credential.PASSWORD, Flow.NONE),
    Channel(ClientApp.ACTIVE_SYNC, Platform.IOS, Credential.PASSWORD, Flow.NONE),
    Channel(ClientApp.OTHER, Platform.UNKNOWN, Credential.PASSWORD, Flow.NONE),
    Channel(ClientApp.OTHER, Platform.WINDOWS, Credential.APP_PASSWORD, Flow.NONE),
)
BLOCK = Block(4, int(ipaddress.ip_address("10.0.0.0")), int(ipaddress.ip_address("10.0.0.7")))
UNIVERSE = Universe(
    PEOPLE,
    tuple(Target(app, scopes=Scopes.MORE, requester=NATIVE) for app in (*APPS, ANY_OTHER_APP)),
    CHANNELS,
    (BLOCK,),
    (RiskLevel.NONE, RiskLevel.HIGH),
    (RiskLevel.NONE, RiskLevel.LOW),
    (InsiderRisk.NONE,),
    (UNKNOWN_COUNTRY,),
    (False,),
    (False,),
)


def sign_ins(universe: Universe = UNIVERSE) -> Iterator[SignIn]:
    """Every raw sign-in of the universe that can be, addresses one by one: ActiveSync reaches Exchange alone."""
    addresses = [ipaddress.ip_address(at) for b in universe.addresses for at in range(b.first, b.last + 1)]
    networks = [
        Network(*each)
        for each in product(
            addresses, universe.countries, universe.inside_corpnet, universe.compliant_network
        )
    ]
    axes = {
        Coordinate.PRINCIPAL: tuple(universe.principals),
        Coordinate.TARGET: universe.targets,
        Coordinate.CHANNEL: universe.channels,
        Coordinate.NETWORK: networks,
        Coordinate.SIGN_IN_RISK: universe.sign_in_risks,
        Coordinate.USER_RISK: universe.user_risks,
        Coordinate.INSIDER_RISK: universe.insider_risks,
        Coordinate.CONTEXT: universe.contexts,
        Coordinate.DEVICE: universe.devices,
    }
    for values in product(*axes.values()):
        sign_in = sign_in_of(dict(zip(axes, values, strict=True)))
        if sign_in.client is not ClientApp.ACTIVE_SYNC or sign_in.app == EXCHANGE:
            yield sign_in


class Maker(Dice):
    """Makes random tenants from a number."""

    def __init__(self, number: int, unknown: float = 0.15, *, settling: bool = True) -> None:
        super().__init__(number, unknown, settling=settling)

    def tenant(self) -> Tenant:
        return Tenant(
            users={each: self.user(each) for each in PEOPLE},
            groups={each: self.group(each) for each in GROUPS},
            role_assignments=NotRead("refused") if self.maybe(self.unknown / 3) else self.assignments(),
            registrations={
                each: Registration(each, is_mfa_registered=self.maybe()) for each in PEOPLE if self.maybe(0.8)
            },
            policies=(
                *(self.broad(),) * self.maybe(0.4),
                *(self.policy(PolicyId(f"policy-{n}")) for n in range(self.dice.randint(0, 4))),
            ),
            strengths={} if self.maybe(self.unknown * 2) else {STRENGTHS[-1]: self.strength()},
            named_locations={each: self.place(each) for each in PLACES if self.maybe(1 - self.unknown)},
            security_defaults=False if self.maybe(1 - self.unknown / 3) else NotRead("refused"),
            mfa_settings=self.settings(),
        )

    def user(self, user: UserId) -> User:
        state = NotRead("403") if self.maybe(self.unknown) else self.dice.choice(list(PerUserState))
        return User(user, f"{user}@example.com", per_user_mfa=state)

    def group(self, group: GroupId) -> Group:
        if self.maybe(self.unknown / 2):
            return Group(group, str(group), NotRead("403"))
        members = [ObjectId(m) for m in (*self.some(PEOPLE, 3), *self.some(GROUPS, 1))]
        if self.maybe(self.unknown / 4):
            members.append(ObjectId("nobody-knows"))
        unsettled = [ObjectId(m) for m in PEOPLE if self.unsettled()]
        return Group(group, str(group), frozenset(members), frozenset(unsettled))

    def assignments(self) -> tuple[RoleAssignment, ...]:
        principals = (*PEOPLE, *GROUPS)
        return tuple(
            RoleAssignment(
                ObjectId(self.dice.choice(principals)),
                self.dice.choice(ROLES[:2]),
                "/" if self.maybe(0.7) else "/administrativeUnits/u",
            )
            for _ in range(self.dice.randint(0, 3))
        )

    def strength(self) -> AuthenticationStrength:
        weak = ("password", "sms,federatedSingleFactor; password", "password,sms; sms")
        allowed = self.dice.choice(
            ("fido2", "password,sms; fido2", "hardwareOath,federatedSingleFactor", *weak)
        )
        return AuthenticationStrength(STRENGTHS[-1], "other", combinations(allowed))

    def place(self, place: LocationId) -> NamedLocation:
        if self.maybe(self.unknown / 2):
            return OtherNamedLocation(place, str(place), "country")
        trusted = None if self.maybe(self.unknown / 3) else self.maybe()
        unclear = (WHAT,) if self.maybe(self.unknown / 4) else ()
        return IpNamedLocation(place, str(place), trusted, self.ranges(), unclear)

    def ranges(self) -> tuple[IpRange, ...]:
        return tuple(
            IpRange(f"10.0.0.{self.dice.randrange(0, 8)}/{self.dice.choice((29, 30, 31, 32))}")
            for _ in range(self.dice.randint(0, 2))
        )

    def settings(self) -> MfaSettings:
        if self.maybe(self.unknown):
            return MfaSettings()
        return MfaSettings(self.ranges(), self.maybe(self.unknown / 3))

    def policy(self, policy: PolicyId) -> ConditionalAccessPolicy:
        return ConditionalAccessPolicy(
            id=policy,
            display_name=str(policy),
            state=self.state(),
            users=WHAT if self.maybe(self.unknown / 5) else UserCondition(self.scope(0.4), self.scope(0.0)),
            applications=ApplicationCondition(self.apps(0.6), self.apps(0.0)),
            client_apps=self.client_apps(),
            platforms=self.platforms() if self.maybe(0.25) else None,
            locations=LocationCondition(self.where(0.6), self.where(0.0)) if self.maybe(0.35) else None,
            sign_in_risk=self.risk(),
            user_risk=self.risk(),
            grant=self.grant() if self.maybe(0.95) else None,
            unrecognised=(WHAT,) if self.maybe(self.unknown / 3) else (),
            settled=not self.unsettled(),
        )

    def broad(self) -> ConditionalAccessPolicy:
        """Everybody needs MFA everywhere, with an exclusion at most: most real tenants have one."""
        return ConditionalAccessPolicy(
            id=PolicyId("policy-broad"),
            display_name="broad",
            state=PolicyState.ENABLED,
            users=UserCondition(UserScope(everyone=True), UserScope(groups=self.some(GROUPS, 1))),
            applications=ApplicationCondition(ApplicationScope(everything=True)),
            grant=Grant(Operator.OR, (BuiltIn.MFA,)),
        )

    def state(self) -> PolicyState | Unrecognised:
        if self.maybe(self.unknown / 5):
            return WHAT
        return self.dice.choices(list(PolicyState), weights=(8, 1, 1))[0]

    def scope(self, everyone: float) -> UserScope:
        groups = self.some((*GROUPS, NOT_HELD) if self.maybe(self.unknown) else GROUPS)
        roles = self.some(ROLES if self.maybe(self.unknown) else ROLES[:2], 1)
        unclear = (WHAT,) if self.maybe(self.unknown / 4) else ()
        return UserScope(self.maybe(everyone), False, self.some(PEOPLE, 2), groups, roles, unclear)

    def apps(self, everything: float) -> ApplicationScope:
        unclear = (WHAT,) if self.maybe(self.unknown / 4) else ()
        return ApplicationScope(self.maybe(everything), False, self.some(APPS, 1), unclear)

    def client_apps(self) -> ClientAppCondition:
        if self.maybe(0.6):
            return ClientAppCondition()
        unclear = (WHAT,) if self.maybe(self.unknown) else ()
        kinds = (ClientApp.BROWSER, ClientApp.MODERN, ClientApp.ACTIVE_SYNC, ClientApp.OTHER)
        return ClientAppCondition(frozenset(self.some(kinds, 3)), unclear)

    def platforms(self) -> PlatformCondition:
        kinds = (Platform.ALL, Platform.WINDOWS, Platform.ANDROID, Platform.IOS)
        unclear = (WHAT,) if self.maybe(self.unknown) else ()
        return PlatformCondition(frozenset(self.some(kinds)), frozenset(self.some(kinds[1:], 1)), unclear)

    def where(self, anywhere: float) -> LocationScope:
        named = self.some((*PLACES, MFA_TRUSTED_IPS), 2)
        unclear = (WHAT,) if self.maybe(self.unknown / 4) else ()
        return LocationScope(self.maybe(anywhere), self.maybe(0.2), named, unclear)

    def risk(self) -> RiskCondition:
        if self.maybe(0.75):
            return RiskCondition()
        unclear = (WHAT,) if self.maybe(self.unknown / 2) else ()
        return RiskCondition(
            frozenset(self.some((RiskLevel.NONE, RiskLevel.LOW, RiskLevel.HIGH), 2)), unclear
        )

    def grant(self) -> Grant:
        choices: tuple[Control, ...] = (
            BuiltIn.MFA,
            BuiltIn.BLOCK,
            BuiltIn.COMPLIANT_DEVICE,
            StrengthControl(self.dice.choice((*STRENGTHS, STRENGTHS[-1]))),
            TermsOfUse("terms"),
            UnrecognisedControl("odd") if self.maybe(self.unknown) else BuiltIn.PASSWORD_CHANGE,
        )
        controls = tuple(self.dice.choices(choices, weights=(8, 2, 3, 4, 1, 2), k=self.dice.randint(1, 2)))
        operators = (Operator.AND, Operator.OR, Operator.OR, None)
        return Grant(WHAT if self.maybe(self.unknown) else self.dice.choice(operators), controls)

    def edited(self, tenant: Tenant) -> Tenant:
        """The tenant after one or two changes, of any kind that a migration or an administrator makes."""
        for _ in range(self.dice.randint(1, 3)):
            match self.dice.randrange(9):
                case 0:
                    user = self.dice.choice(PEOPLE)
                    tenant = replace(tenant, users={**tenant.users, user: self.user(user)})
                case 1:
                    group = self.dice.choice(GROUPS)
                    tenant = replace(tenant, groups={**tenant.groups, group: self.group(group)})
                case 2:
                    tenant = replace(tenant, policies=tenant.policies[1:])
                case 3:
                    new = self.policy(PolicyId(f"policy-new-{len(tenant.policies)}"))
                    tenant = replace(tenant, policies=(*tenant.policies, new))
                case 4:
                    place = self.dice.choice(PLACES)
                    tenant = replace(
                        tenant, named_locations={**tenant.named_locations, place: self.place(place)}
                    )
                case 5:
                    tenant = replace(tenant, role_assignments=self.assignments())
                case 6:
                    tenant = replace(tenant, mfa_settings=self.settings())
                case 7:
                    tenant = replace(tenant, strengths={STRENGTHS[-1]: self.strength()})
                case 8 if tenant.policies:
                    first = replace(tenant.policies[0], state=self.state(), settled=not self.unsettled())
                    tenant = replace(tenant, policies=(first, *tenant.policies[1:]))
        return tenant
