"""Gaps: each kind is found in a tenant where it is so and not in its twin; what makes a gap, what mends it, and ids that people don't change."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest

from perca.errors import BadInput
from perca.findings import (
    NONE_NAMED,
    Finding,
    Kind,
    Remedy,
    Severity,
    because_of,
    covered_by,
    fix,
    gaps,
    likeness,
    sentence,
    warning,
)
from perca.findings.misses import Way
from perca.findings.repairs import changed
from perca.model import (
    ApplicationCondition,
    ApplicationScope,
    AuthenticationStrength,
    BuiltIn,
    ClientApp,
    ClientAppCondition,
    CustomFactor,
    Grant,
    Group,
    GroupId,
    LocationCondition,
    LocationScope,
    Missing,
    NotRead,
    ObjectId,
    Operator,
    PerUserState,
    Platform,
    PlatformCondition,
    PolicyId,
    PolicyState,
    RiskCondition,
    RiskLevel,
    RoleAssignment,
    StrengthId,
    Tenant,
    UserCondition,
    UserId,
)
from perca.policy import Mfa, decide
from perca.prove import Witness, always_mfa, never_weaker
from support import fit as fits
from support.small import (
    ADA,
    BEN,
    CLEO,
    EVERYONE,
    GLOBAL_ADMIN,
    HELPDESK,
    MAIL,
    OFFICE,
    SECRET,
    SQUAD,
    STAFF,
    TEAM,
    at,
    grant,
    group,
    of,
    people,
    person,
    place,
    policy,
    strength,
    tenant,
)

ALL = (ADA, BEN, CLEO)
MADE = StrengthId("11111111-0000-0000-0000-000000000001")
WEAK = AuthenticationStrength(MADE, "Anything", frozenset({frozenset({"password"})}))
ROOTS = of(
    replace(group(STAFF, ADA, TEAM), owners=frozenset(), role_assignable=True), group(TEAM, BEN), group(SQUAD)
)


def open_(held: Tenant, **more: Any) -> tuple[Finding, ...]:
    return tuple(each for each in gaps(held, **{"repairs": False, **more}) if each.kind is Kind.GAP)


def of_kind(held: Tenant, kind: Kind, **more: Any) -> tuple[Finding, ...]:
    return tuple(each for each in gaps(held, **{"repairs": False, **more}) if each.kind is kind)


def but(**exclude: Any) -> UserCondition:
    return UserCondition(EVERYONE, people(**exclude))


def test_a_covered_tenant_has_none() -> None:
    assert gaps(tenant(policy())) == ()


@dataclass(frozen=True)
class Case:
    """A tenant with one gap; whose, what makes it, and in which words."""

    tenant: Callable[[], Tenant]
    people: tuple[UserId, ...]
    way: Way | None
    entries: tuple[str, ...]
    words: str
    severity: Severity = Severity.HIGH


CASES = {
    "nobody's policy": Case(lambda: tenant(), ALL, None, (), "no policy is about them"),
    "excluded by id": Case(
        lambda: tenant(policy(users=UserCondition(EVERYONE, people(ADA)))),
        (ADA,),
        Way.EXCLUDES_PERSON,
        (),
        "`Policy p` excludes them by id",
    ),
    "excluded through a group": Case(
        lambda: tenant(policy(users=but(groups=(TEAM,))), groups=ROOTS),
        (BEN,),
        Way.EXCLUDES_GROUP,
        (TEAM,),
        "`Policy p` excludes group `Team`",
    ),
    "excluded as holder of a role": Case(
        lambda: tenant(
            policy(users=but(roles=(HELPDESK,))), role_assignments=(RoleAssignment(ObjectId(CLEO), HELPDESK),)
        ),
        (CLEO,),
        Way.EXCLUDES_ROLE,
        (HELPDESK,),
        "`Policy p` excludes holders of Helpdesk Administrator",
    ),
    "only eligible": Case(
        lambda: tenant(
            policy(users=UserCondition(people(BEN, CLEO, roles=(GLOBAL_ADMIN,)))),
            role_eligibilities=(RoleAssignment(ObjectId(ADA), GLOBAL_ADMIN),),
        ),
        (ADA,),
        Way.ROLE_ONLY_ELIGIBLE,
        (GLOBAL_ADMIN,),
        "`Policy p` is about holders of Global Administrator, for which they are only eligible",
    ),
    "at a unit": Case(
        lambda: tenant(
            policy(users=UserCondition(people(BEN, CLEO, roles=(HELPDESK,)))),
            role_assignments=(RoleAssignment(ObjectId(ADA), HELPDESK, "/administrativeunits/1"),),
        ),
        (ADA,),
        Way.ROLE_AT_A_UNIT,
        (HELPDESK,),
        "`Policy p` is about holders of Helpdesk Administrator, which they hold at a unit alone",
    ),
    "a platform": Case(
        lambda: tenant(
            policy(platforms=PlatformCondition(frozenset({Platform.ALL}), frozenset({Platform.ANDROID})))
        ),
        ALL,
        Way.EXCLUDES_PLATFORM,
        ("android",),
        "`Policy p` excludes Android",
    ),
    "named platforms": Case(
        lambda: tenant(policy(platforms=PlatformCondition(frozenset({Platform.WINDOWS})))),
        ALL,
        Way.ONLY_PLATFORMS,
        ("windows",),
        "`Policy p` is about Windows alone",
    ),
    "modern clients": Case(
        lambda: tenant(
            policy(client_apps=ClientAppCondition(frozenset({ClientApp.BROWSER, ClientApp.MODERN})))
        ),
        ALL,
        Way.ONLY_CLIENTS,
        ("browser", "mobileAppsAndDesktopClients"),
        "`Policy p` is about browsers and mobile and desktop apps alone",
    ),
    "a place": Case(
        lambda: tenant(
            policy(
                locations=LocationCondition(LocationScope(anywhere=True), LocationScope(locations=(OFFICE,)))
            ),
            named_locations=at(place(OFFICE, "198.51.100.0/24")),
        ),
        ALL,
        Way.EXCLUDES_PLACE,
        (OFFICE,),
        "`Policy p` excludes `Office`",
        Severity.MEDIUM,
    ),
    "a resource": Case(
        lambda: tenant(
            policy(
                applications=ApplicationCondition(
                    ApplicationScope(everything=True), ApplicationScope(apps=(MAIL,))
                )
            ),
            baseline_scopes=MAIL,
        ),
        ALL,
        Way.EXCLUDES_RESOURCE,
        (MAIL,),
        "`Policy p` excludes `Ours`",
    ),
    "a device in place of MFA": Case(
        lambda: tenant(policy(grant=Grant(Operator.OR, (BuiltIn.MFA, BuiltIn.COMPLIANT_DEVICE)))),
        ALL,
        Way.ASKS_SOMETHING_ELSE,
        (),
        "`Policy p` asks for something else there",
    ),
    "risky sign-ins alone": Case(
        lambda: tenant(policy(sign_in_risk=RiskCondition(frozenset({RiskLevel.HIGH})))),
        ALL,
        Way.ONLY_RISKS,
        (),
        "`Policy p` is about sign-ins at risk alone",
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_a_gap_is_told_with_what_makes_it(case: Case) -> None:
    held = case.tenant()
    (gap,) = [each for each in open_(held, people=ALL) if each.assessed]
    assert (gap.people, gap.severity) == (case.people, case.severity)
    assert [(miss.way, miss.entries) for miss in gap.because] == (
        [] if case.way is None else [(case.way, case.entries)]
    )
    assert because_of(held, gap.because) == case.words
    assert case.words in sentence(held, gap)
    assert gap.policies == (() if case.way is None else (PolicyId("p"),))
    for region in gap.regions:
        assert decide(held, region.witness.sign_in).mfa is Mfa.NOT_REQUIRED
    twin = replace(held, policies=(*held.policies, policy("twin")))
    assert [each for each in open_(twin) if each.assessed] == []


def test_a_group_within_a_group_is_named() -> None:
    held = tenant(policy(users=but(groups=(STAFF,))), groups=ROOTS)
    (gap,) = open_(held)
    assert set(gap.people) == {ADA, BEN}
    assert because_of(held, gap.because).startswith("`Policy p` excludes group `Staff`")
    (deeper,) = open_(held, people=(BEN,))
    assert because_of(held, deeper.because) == "`Policy p` excludes group `Staff` (through `Team`)"
    assert deeper.id == gap.id


def test_two_reasons_are_two_gaps() -> None:
    held = tenant(policy(users=UserCondition(EVERYONE, people(ADA, groups=(TEAM,)))), groups=ROOTS)
    found = {each.because[0].way: each.people for each in open_(held)}
    assert found == {Way.EXCLUDES_PERSON: (ADA,), Way.EXCLUDES_GROUP: (BEN,)}


def test_a_policy_about_others_makes_no_gap() -> None:
    """The policy for Ben isn't about Ada, and what it excludes takes nothing from her."""
    trusted = LocationCondition(LocationScope(anywhere=True), LocationScope(locations=(OFFICE,)))
    held = tenant(
        policy(users=UserCondition(people(BEN, CLEO))),
        policy("q", users=UserCondition(people(BEN)), locations=trusted),
        named_locations=at(place(OFFICE, "198.51.100.0/24")),
    )
    (gap,) = open_(held)
    assert (gap.people, gap.because) == ((ADA,), ())


def test_a_block_that_is_narrow_makes_no_gap() -> None:
    legacy = ClientAppCondition(frozenset({ClientApp.OTHER, ClientApp.ACTIVE_SYNC}))
    held = tenant(policy(client_apps=legacy, grant=grant(BuiltIn.BLOCK)))
    (gap,) = open_(held)
    assert gap.because == ()


def test_trusted_ips_and_app_passwords_are_ways_out_of_per_user_mfa() -> None:
    everybody = {id: person(id, PerUserState.ENFORCED) for id in ALL}
    (gap,) = open_(tenant(users=everybody), people=ALL)
    assert [miss.way for miss in gap.because] == [Way.TAKES_APP_PASSWORDS]


def joined(held: Tenant, *new: str, into: GroupId | None = None) -> Tenant:
    users = {**{UserId(each): person(UserId(each)) for each in new}, **held.users}
    groups = dict(held.groups)
    if into is not None:
        members = groups[into].members
        assert not isinstance(members, NotRead)
        groups[into] = replace(groups[into], members=members | frozenset(map(ObjectId, new)))
    return replace(held, users=users, groups=groups)


def test_ids_stay_when_people_come() -> None:
    held = tenant(policy(users=UserCondition(EVERYONE, people(ADA, groups=(TEAM,)))), groups=ROOTS)
    before = {each.id: len(each.people) for each in gaps(held)}
    after = {each.id: len(each.people) for each in gaps(joined(held, "dora", "emil", into=TEAM))}
    assert before.keys() == after.keys()
    assert sum(after.values()) > sum(before.values())
    assert {each.id for each in gaps(joined(held, "dora"))} == before.keys()


def test_another_exclusion_has_another_id() -> None:
    one, two = (
        open_(tenant(policy(users=but(groups=(name,))), groups=of(group(TEAM, ADA), group(SQUAD, ADA))))
        for name in (TEAM, SQUAD)
    )
    assert one[0].id != two[0].id


def test_emergency_accounts_are_left_out_on_purpose() -> None:
    held = tenant(policy(users=UserCondition(EVERYONE, people(ADA))))
    assert open_(held, emergency=(ADA,)) == ()
    with pytest.raises(BadInput, match="nobody"):
        gaps(held, (ADA,), (ADA,))


def test_people_asked_about_alone() -> None:
    held = tenant(policy(users=UserCondition(EVERYONE, people(ADA))))
    assert open_(held, people=(BEN, CLEO)) == ()
    (gap,) = open_(held, people=(ADA, BEN))
    assert gap.people == (ADA,)


UNKNOWN = {
    "members of an excluded group": lambda: tenant(
        policy(users=but(groups=(TEAM,))), groups=of(replace(group(TEAM), members=SECRET))
    ),
    "a group that isn't there": lambda: tenant(policy(users=but(groups=(TEAM,)))),
    "policies": lambda: tenant(missing=(Missing("identity/conditionalAccess/policies", "403"),)),
    "a condition": lambda: tenant(policy(unrecognised=fits_something())),
    "a strength": lambda: tenant(policy(grant=grant(strength(MADE)))),
}


def fits_something() -> Any:
    from support.small import SOMETHING

    return (SOMETHING,)


@pytest.mark.parametrize("made", UNKNOWN.values(), ids=UNKNOWN)
def test_what_is_not_known_is_not_fine(made: Callable[[], Tenant]) -> None:
    held = made()
    found = open_(held)
    assert found
    assert all(not each.assessed and each.missing and each.people for each in found)
    assert all(sentence(held, each) for each in found)


NEAR: dict[Kind, tuple[Any, Any]] = {
    Kind.REPORT_ONLY: ({"state": PolicyState.REPORT_ONLY}, {}),
    Kind.TURNED_OFF: ({"state": PolicyState.DISABLED}, {}),
    Kind.ONE_OF_SEVERAL: (
        {"grant": grant(BuiltIn.MFA, BuiltIn.COMPLIANT_DEVICE)},
        {"grant": grant(BuiltIn.MFA, BuiltIn.COMPLIANT_DEVICE, operator=Operator.AND)},
    ),
    Kind.STRENGTH_WITHOUT_MFA: ({"grant": grant(strength(MADE))}, {}),
    Kind.CUSTOM_CONTROL: ({"grant": grant(CustomFactor("f"))}, {}),
}


@pytest.mark.parametrize("kind", NEAR)
def test_what_looks_like_cover(kind: Kind) -> None:
    looks, covers = NEAR[kind]
    held = tenant(policy(**looks), strengths={MADE: WEAK})
    (near,) = of_kind(held, kind)
    assert (near.policies, near.people, near.severity) == ((PolicyId("p"),), ALL, Severity.LOW)
    assert near.of == tuple(each.id for each in open_(held))
    assert "`Policy p`" in sentence(held, near)
    assert fix(held, near)
    assert of_kind(tenant(policy(**covers)), kind) == ()


def test_a_report_only_policy_about_others_is_no_near_miss() -> None:
    held = tenant(
        policy(users=UserCondition(people(ADA)), state=PolicyState.REPORT_ONLY),
        policy("q", users=UserCondition(people(ADA, CLEO))),
    )
    assert of_kind(held, Kind.REPORT_ONLY) == ()


def owned(**more: Any) -> Tenant:
    return tenant(
        policy(users=but(groups=(TEAM,))),
        groups=of(replace(group(TEAM), **{"owners": frozenset(), "role_assignable": True, **more})),
    )


EDITORS: dict[Kind, dict[str, Any]] = {
    Kind.OWNERS_TAKE_OUT: {"owners": frozenset({ObjectId(ADA)})},
    Kind.EDITORS_TAKE_OUT: {"role_assignable": False},
    Kind.OWN_ATTRIBUTES_TAKE_OUT: {"membership_rule": '(user.mobile -eq "1")'},
}


@pytest.mark.parametrize("kind", EDITORS)
def test_who_can_take_somebody_out(kind: Kind) -> None:
    held = owned(**EDITORS[kind])
    (one,) = of_kind(held, kind)
    assert (one.severity, one.policies, one.named) == (Severity.MEDIUM, (PolicyId("p"),), ("Team",))
    assert one.people == ((ADA,) if kind is Kind.OWNERS_TAKE_OUT else ())
    assert "`Team`" in sentence(held, one)
    assert all(of_kind(owned(), other) == () for other in EDITORS)


def test_owners_whom_nobody_read_are_not_assessed() -> None:
    (one,) = of_kind(owned(owners=SECRET), Kind.OWNERS_TAKE_OUT)
    assert not one.assessed
    assert "owns" in one.missing[0]


def test_a_group_within_an_excluded_group_counts() -> None:
    groups = of(
        Group(STAFF, "Staff", frozenset({ObjectId(TEAM)}), owners=frozenset(), role_assignable=True),
        Group(TEAM, "Team", frozenset(), owners=frozenset({ObjectId(BEN)}), role_assignable=True),
    )
    held = tenant(policy(users=but(groups=(STAFF,))), groups=groups)
    (one,) = of_kind(held, Kind.OWNERS_TAKE_OUT)
    assert one.named == ("Team",)


GONE = "99999999-0000-0000-0000-000000000001"
DANGLING: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "person": ({"users": UserCondition(EVERYONE, people(UserId(GONE)))}, {}),
    "group": ({"users": but(groups=(GroupId(GONE),))}, {"groups": of(group(TEAM, BEN))}),
    "application": (
        {"applications": ApplicationCondition(ApplicationScope(apps=(GONE,)))},  # type: ignore[arg-type]
        {},
    ),
    "named location": (
        {"locations": LocationCondition(LocationScope(anywhere=True), LocationScope(locations=(GONE,)))},  # type: ignore[arg-type]
        {"named_locations": at(place(OFFICE, "198.51.100.0/24"))},
    ),
    "authentication strength": ({"grant": grant(strength(StrengthId(GONE)))}, {"strengths": {MADE: WEAK}}),
}


@pytest.mark.parametrize("what", DANGLING)
def test_an_id_that_is_gone(what: str) -> None:
    more, lists = DANGLING[what]
    held = tenant(policy(**more), **lists)
    (one,) = of_kind(held, Kind.DANGLING)
    assert (one.assessed, one.policies) == (True, (PolicyId("p"),))
    assert f"{what} {GONE}" in sentence(held, one)
    path = {"person": "users", "application": "servicePrincipals"}.get(what, "")
    path = path or {"group": "groups", "named location": "identity/conditionalAccess/namedLocations"}.get(
        what, ""
    )
    path = path or "identity/conditionalAccess/authenticationStrength/policies"
    (unsure,) = of_kind(replace(held, missing=(Missing(path, "403"),)), Kind.DANGLING)
    assert not unsure.assessed
    off = replace(held, policies=(replace(held.policies[0], state=PolicyState.DISABLED),))
    assert of_kind(off, Kind.DANGLING) == ()


def test_a_group_that_the_service_does_not_find_is_gone() -> None:
    held = tenant(
        policy(users=but(groups=(GroupId(GONE),))), missing=(Missing(f"groups/{GONE}", "404 Not Found"),)
    )
    (one,) = of_kind(held, Kind.DANGLING)
    assert one.assessed
    refused = replace(held, missing=(Missing(f"groups/{GONE}", "403 Forbidden"),))
    assert [each.assessed for each in of_kind(refused, Kind.DANGLING)] == [False]


def test_empty_groups_and_places() -> None:
    outside = LocationCondition(LocationScope(anywhere=True), LocationScope(locations=(OFFICE,)))
    held = tenant(
        policy(users=but(groups=(SQUAD,)), locations=outside), groups=ROOTS, named_locations=at(place(OFFICE))
    )
    assert [each.named for each in of_kind(held, Kind.EMPTY_GROUP)] == [("Squad",)]
    assert [each.named for each in of_kind(held, Kind.EMPTY_PLACE)] == [("Office",)]
    filled = replace(held, groups=of(group(SQUAD, ADA)), named_locations=at(place(OFFICE, "198.51.100.0/24")))
    assert of_kind(filled, Kind.EMPTY_GROUP) == of_kind(filled, Kind.EMPTY_PLACE) == ()
    secret = replace(held, groups=of(replace(group(SQUAD), members=SECRET)))
    assert of_kind(secret, Kind.EMPTY_GROUP) == ()


def test_a_policy_that_never_applies() -> None:
    nobody = policy("q", users=UserCondition(people(groups=(SQUAD,))))
    (one,) = of_kind(tenant(policy(), nobody, groups=ROOTS), Kind.NEVER_APPLIES)
    assert (one.policies, one.named) == ((PolicyId("q"),), ("it is about nobody",))
    assert of_kind(tenant(policy(), nobody, groups=of(group(SQUAD, ADA))), Kind.NEVER_APPLIES) == ()


def test_a_policy_that_changes_nothing() -> None:
    inner = policy("q", users=UserCondition(people(ADA)))
    (one,) = of_kind(tenant(policy(), inner), Kind.REDUNDANT)
    assert (one.policies, one.named) == ((PolicyId("q"),), ("Policy p",))
    other = policy("q", users=UserCondition(people(ADA)), grant=grant(BuiltIn.COMPLIANT_DEVICE))
    assert of_kind(tenant(policy(), other), Kind.REDUNDANT) == ()


# Repairs ----------------------------------------------------------------------------------------------------------------------------


def _fit(*policies: Any) -> Tenant:
    """The fit tenant without per-user MFA, with these policies alone, from before Microsoft's own mandatory MFA."""
    held = fits.fit()
    users = {id: replace(user, per_user_mfa=PerUserState.DISABLED) for id, user in held.users.items()}
    return replace(held, users=users, policies=policies, taken_at="2024-06-01")


def staff_out() -> Tenant:
    return _fit(fits.for_all(users=UserCondition(EVERYONE, replace(fits.EXCLUDED, groups=(STAFF,)))))


MODERN = ClientAppCondition(frozenset({ClientApp.BROWSER, ClientApp.MODERN}))
REPAIRS: dict[Remedy, Callable[[], Tenant]] = {
    Remedy.DROP_EXCLUSION: staff_out,
    Remedy.ALL_CLIENTS: lambda: _fit(fits.for_all(client_apps=MODERN)),
    Remedy.TURN_ON: lambda: _fit(fits.for_all(state=PolicyState.REPORT_ONLY)),
    Remedy.REQUIRE_MFA: lambda: _fit(fits.for_all(grant=grant(BuiltIn.MFA, BuiltIn.COMPLIANT_DEVICE))),
    Remedy.NEW_POLICY: lambda: _fit(fits.for_all(users=UserCondition(people(fits.ADA, fits.ADMIN)))),
}


@pytest.mark.parametrize("remedy", REPAIRS)
def test_a_repair_closes_the_gap_and_weakens_nothing(remedy: Remedy) -> None:
    held = REPAIRS[remedy]()
    concerned = (fits.ADA, fits.BEN, fits.ADMIN)
    found = [each for each in gaps(held, concerned, fits.EMERGENCY) if each.kind is Kind.GAP]
    assert [each.remedy for each in found] == [remedy] * len(found)
    assert found
    for gap in found:
        assert gap.repair is not None
        after = changed(held, gap.repair)
        assert isinstance(gap.witness, Witness)
        assert decide(after, gap.witness.sign_in).mfa is Mfa.REQUIRED
        assert always_mfa(after, gap.people).holds
        assert never_weaker(held, after).holds
        assert fix(held, gap)


def test_a_repair_that_locks_somebody_out_is_none() -> None:
    """To turn on a block for everybody closes the gap and asks for nothing less; but then nobody gets in."""
    block = fits.for_all(state=PolicyState.REPORT_ONLY, grant=grant(BuiltIn.BLOCK))
    held = _fit(block)
    concerned = (fits.ADA, fits.BEN, fits.ADMIN)
    (gap,) = [each for each in gaps(held, concerned, fits.EMERGENCY) if each.kind is Kind.GAP]
    assert gap.remedy is Remedy.NEW_POLICY
    asked = replace(block, state=PolicyState.ENABLED)
    assert never_weaker(held, changed(held, asked)).holds
    assert always_mfa(changed(held, asked), concerned).holds


def test_what_is_not_proved_is_not_offered() -> None:
    """The group's members may be anybody: without the exclusion of another nobody knows whether less is asked for."""
    held = tenant(policy(users=but(groups=(TEAM,))), groups=of(replace(group(TEAM), members=SECRET)))
    assert all(each.repair is None for each in gaps(held) if each.kind is Kind.GAP)


def test_what_alone_is_enough() -> None:
    risky = policy("r", sign_in_risk=RiskCondition(frozenset({RiskLevel.HIGH})))
    held = tenant(risky, policy("p", users=UserCondition(people(ADA, BEN))), policy("q"))
    assert [each.id for each in covered_by(held)] == ["q"]
    assert [each.id for each in covered_by(held, (ADA,))] in (["p"], ["q"])
    assert covered_by(tenant(risky)) == ()


def test_what_takes_an_exclusion_away_warns_where_nobody_named_the_emergency_accounts() -> None:
    """Whom an exclusion is for only the operator can say; places and platforms are left out for nobody."""
    out = tenant(policy(users=UserCondition(EVERYONE, people(ADA))))
    (gap,) = open_(out, repairs=True)
    assert gap.remedy is Remedy.DROP_EXCLUSION
    assert fix(out, gap) == (
        "if these are no emergency access accounts (none were named, see --emergency): take the exclusion out of `Policy p`"
    )
    assert warning(out, gap) == NONE_NAMED
    (gap,) = open_(out, repairs=True, emergency=(BEN,))
    assert fix(out, gap) == "take the exclusion out of `Policy p`"
    assert (warning(out, gap), gap.may_be_emergency) == ("", False)
    platforms = tenant(
        policy(platforms=PlatformCondition(frozenset({Platform.ALL}), frozenset({Platform.ANDROID})))
    )
    assert [warning(platforms, each) for each in open_(platforms, repairs=True)] == [""]


def test_any_repair_for_people_who_are_left_out_warns() -> None:
    held = tenant(policy(users=UserCondition(EVERYONE, people(ADA))), policy("q", state=PolicyState.DISABLED))
    gaps_ = [each for each in open_(held, repairs=True) if each.people == (ADA,)]
    assert gaps_
    assert all(each.may_be_emergency for each in gaps_)


@pytest.mark.parametrize(
    ("change", "alike"),
    [
        ({}, (ADA,)),
        ({"user_principal_name": "ada@own.example"}, ()),
        ({"user_type": "Guest", "creation_type": "Invitation"}, ()),
        ({"role": HELPDESK}, ()),
    ],
    ids=["alike", "another domain", "a guest", "another role"],
)
def test_who_looks_like_an_emergency_account_is_told_by_what_the_data_holds(
    change: dict[str, Any], alike: tuple[UserId, ...]
) -> None:
    change = dict(change)
    role = RoleAssignment(ObjectId(ADA), change.pop("role", GLOBAL_ADMIN))
    one = replace(person(ADA), **{"user_principal_name": "ada@t.onmicrosoft.com", **change})
    held = tenant(policy(users=UserCondition(EVERYONE, people(ADA))), role_assignments=(role,))
    held = replace(held, users={**held.users, ADA: one})
    (gap,) = open_(held)
    assert gap.alike == alike
    said = likeness(held, gap)
    assert ("holds Global Administrator on the onmicrosoft.com domain" in said) is bool(alike)
    assert said in warning(held, gap)


@pytest.mark.parametrize(
    ("name", "is_said"),
    [("Break-Glass accounts", True), ("EmergencyAccess", True), ("Glass blowers", False), ("", False)],
)
def test_a_group_that_is_named_after_emergency_accounts_is_told(name: str, is_said: bool) -> None:
    named = replace(group(SQUAD, ADA), display_name=name)
    held = tenant(policy(users=but(groups=(SQUAD,))), groups=of(named))
    (gap,) = open_(held)
    assert gap.may_be_emergency
    assert (f"`{name}` is named after such accounts" in likeness(held, gap)) is is_said
