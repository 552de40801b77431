"""A small company as a model, for tests of the migration: one of each kind of person, a few policies, two emergency accounts."""

from perca.model import (
    ApplicationCondition,
    ApplicationScope,
    BuiltIn,
    ConditionalAccessPolicy,
    Grant,
    Group,
    GroupId,
    IpRange,
    MfaSettings,
    NotRead,
    ObjectId,
    Operator,
    PerUserMfa,
    PerUserState,
    PolicyId,
    PolicyState,
    Registration,
    Tenant,
    TenantId,
    User,
    UserCondition,
    UserId,
    UserScope,
)

DISABLED, ENABLED, ENFORCED = PerUserState.DISABLED, PerUserState.ENABLED, PerUserState.ENFORCED
EMERGENCY = (UserId("emergency-1"), UserId("emergency-2"))
STAFF = GroupId("staff")


def person(
    name: str,
    state: PerUserMfa,
    *,
    registered: bool | None = True,
    methods: tuple[str, ...] = ("microsoftAuthenticatorPush",),
    account_enabled: bool = True,
    user_type: str = "Member",
) -> tuple[User, Registration]:
    """A person with their registration."""
    user = User(
        UserId(name),
        f"{name}@example.com",
        name.title(),
        state,
        account_enabled,
        user_type,
        synchronised=False,
    )
    return user, Registration(user.id, registered, registered, methods if registered else ())


def people() -> tuple[tuple[User, Registration], ...]:
    """One of each kind."""
    return (
        person("ann", ENFORCED),
        person("bob", ENFORCED),
        person("cleo", ENABLED, registered=False),
        person("dora", ENABLED),
        person("emil", ENFORCED, methods=("mobilePhone",)),
        person("finn", ENFORCED, account_enabled=False),
        person("gus", ENFORCED, user_type="Guest"),
        person("hana", ENFORCED),
        person("ivan", DISABLED),
        person("jo", NotRead("403 Authorization_RequestDenied")),
        person("emergency-1", DISABLED, methods=("fido2",)),
        person("emergency-2", ENFORCED, methods=("fido2",)),
    )


def policy(
    name: str, *controls: BuiltIn, state: PolicyState = PolicyState.ENABLED, **other: object
) -> ConditionalAccessPolicy:
    """A policy for the staff, on all resources, with the emergency accounts excluded by id."""
    return ConditionalAccessPolicy(
        id=PolicyId(name),
        display_name=name,
        state=state,
        users=UserCondition(UserScope(groups=(STAFF,)), UserScope(users=EMERGENCY)),
        applications=ApplicationCondition(ApplicationScope(everything=True)),
        grant=Grant(Operator.OR, controls),
        **other,  # type: ignore[arg-type]
    )


def company(*policies: ConditionalAccessPolicy) -> Tenant:
    """The company; Hana uses a legacy client, which only the log shows."""
    everybody = people()
    staff = frozenset(ObjectId(user.id) for user, _ in everybody[:5])
    return Tenant(
        users={user.id: user for user, _ in everybody},
        registrations={user.id: registration for user, registration in everybody},
        groups={STAFF: Group(STAFF, "Staff", staff)},
        policies=policies or (policy("either", BuiltIn.MFA, BuiltIn.COMPLIANT_DEVICE),),
        security_defaults=False,
        mfa_settings=MfaSettings((IpRange("198.51.100.0/24"),), False),
        id=TenantId("the-tenant"),
        display_name="Company",
    )
