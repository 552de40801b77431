"""Two tenants side by side: for whom is what isn't known one unknown and not two?

Each claim is a pair that differs in one thing. Where the thing could bear on the unknown, it must not cancel; where it can't, it must,
for else no migration of a tenant with one policy that isn't understood could be proved.
"""

from dataclasses import replace
from typing import Any

import pytest

from perca.model import (
    DIRECTORY,
    MFA_TRUSTED_IPS,
    NOBODY_CHOSE,
    SETTLING,
    AppGroup,
    Application,
    ApplicationCondition,
    ApplicationScope,
    AuthenticationStrength,
    BuiltIn,
    ClientAppCondition,
    Comparison,
    ConditionalAccessPolicy,
    ContextId,
    CrossTenantAccess,
    ExternalKind,
    ExternalScope,
    Filter,
    FilterMode,
    FilterOperator,
    Flow,
    FlowCondition,
    Group,
    InboundTrust,
    IpRange,
    LocationCondition,
    LocationScope,
    MfaSettings,
    Missing,
    NotRead,
    OtherNamedLocation,
    PerUserState,
    Platform,
    PlatformCondition,
    Registration,
    RiskCondition,
    RoleAssignment,
    SessionControls,
    SignInFrequency,
    StrengthId,
    Tenant,
    TenantId,
    Unrecognised,
    UserAction,
    UserCondition,
    UserScope,
    WorkloadCondition,
)
from perca.policy import Answer, No, rulebook
from perca.policy.directory import View
from perca.policy.reads import SideBySide
from perca.policy.rule import Coordinate, Rule, Source
from perca.policy.security_defaults import SYNCHRONISATION
from perca.policy.strengths import combinations
from support.small import (
    ADA,
    BEN,
    BRANCH,
    CLEO,
    EVERYONE,
    FILES,
    GLOBAL_ADMIN,
    OFFICE,
    OWN,
    RESISTANT,
    SECRET,
    SOMETHING,
    SQUAD,
    STAFF,
    STRANGE,
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

ALL = frozenset({ADA, BEN, CLEO})
NOBODY: frozenset[str] = frozenset()
UNREAD_STAFF = Group(STAFF, "Staff", SECRET)
MODERN_RULE, LEGACY_RULE = "perca:perUserMfa:modern", "perca:perUserMfa:legacy"


def same(before: Tenant, after: Tenant, key: str = "p") -> frozenset[str]:
    """For whom the rule is one."""
    first, second = rulebook(before), rulebook(after)
    one, two = (next(rule for rule in book.rules if rule.key == key) for book in (first, second))
    return SideBySide(first, second, ALL).same(one, two)


def pair(asked: ConditionalAccessPolicy, before: dict[str, Any], after: dict[str, Any]) -> frozenset[str]:
    return same(tenant(asked, **before), tenant(asked, **after))


def for_group(*groups: str) -> ConditionalAccessPolicy:
    return policy(users=UserCondition(EVERYONE, people(groups=groups)))


def moving(*others: Group) -> tuple[dict[str, Any], dict[str, Any]]:
    """Ada joins the team."""
    return {"groups": of(group(TEAM), *others)}, {"groups": of(group(TEAM, ADA), *others)}


def test_a_tenant_and_itself_are_the_same_for_everybody() -> None:
    assert same(tenant(policy()), tenant(policy())) == ALL


def test_a_policy_that_was_edited_is_another() -> None:
    assert same(tenant(policy()), tenant(policy(client_apps=ClientAppCondition(frozenset())))) == NOBODY
    assert same(tenant(policy()), tenant(policy(grant=grant(BuiltIn.BLOCK)))) == NOBODY


def test_session_controls_and_names_are_no_part_of_a_demand() -> None:
    hourly = SessionControls(SignInFrequency(60))
    assert same(tenant(policy()), tenant(policy(session=hourly))) == ALL
    assert same(tenant(policy()), tenant(replace(policy(), display_name="another"))) == ALL


def test_a_strength_looks_at_how_people_from_outside_sign_in() -> None:
    asked = policy(grant=grant(strength(RESISTANT)))
    mailed = {"users": {**tenant().users, ADA: replace(person(ADA), issuers=frozenset({"mail"}))}}
    assert pair(asked, {}, {}) == ALL
    assert pair(asked, {}, mailed) == ALL - {ADA}


def test_a_policy_on_the_group_differs_for_those_who_joined_alone() -> None:
    assert pair(for_group(TEAM), *moving()) == ALL - {ADA}
    assert pair(for_group(SQUAD), *moving(group(SQUAD, TEAM))) == ALL - {ADA}
    assert pair(for_group(SQUAD), *moving(group(SQUAD, BEN))) == ALL


@pytest.mark.parametrize("asked", [for_group(STAFF), for_group(STAFF, SQUAD)])
def test_a_group_that_nobody_read_may_hold_the_one_that_changed(asked: ConditionalAccessPolicy) -> None:
    assert pair(asked, *moving(UNREAD_STAFF, group(SQUAD))) == ALL - {ADA}


def test_a_group_that_is_not_in_the_data_may_hold_the_one_that_changed() -> None:
    assert pair(for_group(STRANGE), *moving()) == ALL - {ADA}
    assert pair(for_group(SQUAD), *moving(group(SQUAD, STRANGE))) == ALL - {ADA}


def test_a_group_that_is_new_is_held_by_nothing_that_was_there() -> None:
    """A migration's own group: else one unread group would forbid every move."""
    before, after = {"groups": of(UNREAD_STAFF)}, {"groups": of(UNREAD_STAFF, group(TEAM, ADA))}
    assert pair(for_group(STAFF), before, after) == ALL


def test_a_group_that_was_read_and_now_is_not_differs_for_everybody() -> None:
    known, unread = {"groups": of(group(STAFF, ADA))}, {"groups": of(UNREAD_STAFF)}
    assert pair(for_group(STAFF), known, unread) == NOBODY
    assert pair(for_group(STAFF), unread, known) == NOBODY
    assert pair(for_group(STAFF), unread, unread) == ALL


def test_two_groups_of_one_name_that_nobody_read_are_two_unknowns() -> None:
    def holding(id: str) -> dict[str, Any]:
        return {"groups": of(group(SQUAD, id), Group(id, "Namesake", SECRET))}

    assert pair(for_group(SQUAD), holding(STAFF), holding(STRANGE)) == NOBODY


def test_members_that_settle_are_not_the_same_at_the_next_look() -> None:
    settling = {"groups": of(group(TEAM, unsettled=(ADA,)))}
    assert pair(for_group(TEAM), settling, settling) == ALL - {ADA}
    assert pair(for_group(STAFF), settling, settling) == ALL - {ADA}, "staff is not in the data"


def test_a_policy_that_settles_is_not_the_same_at_the_next_look() -> None:
    assert pair(policy(settled=False), {}, {}) == NOBODY


def admins(principal: str) -> dict[str, Any]:
    return {"role_assignments": (RoleAssignment(principal, GLOBAL_ADMIN),)}


FOR_ADMINS = policy(users=UserCondition(people(roles=(GLOBAL_ADMIN,))))


def test_a_role_differs_for_those_who_gained_or_lost_it() -> None:
    assert pair(FOR_ADMINS, admins(ADA), admins(BEN)) == {CLEO}
    before, after = moving()
    assert pair(FOR_ADMINS, before | admins(TEAM), after | admins(TEAM)) == ALL - {ADA}


def test_without_role_assignments_the_group_that_changed_may_hold_the_role() -> None:
    before, after = ({**each, "role_assignments": SECRET} for each in moving())
    assert pair(FOR_ADMINS, before, after) == ALL - {ADA}
    assert pair(FOR_ADMINS, before, before) == ALL
    assert (
        pair(FOR_ADMINS, {"role_assignments": NotRead("403")}, {"role_assignments": NotRead("404")}) == NOBODY
    )


def test_a_placeholder_for_a_role_may_be_any_role() -> None:
    asked = policy(users=UserCondition(people(roles=("<admin role>",))))
    assert pair(asked, admins(ADA), admins(BEN)) == NOBODY
    assert pair(asked, *moving()) == ALL - {ADA}


NOT_UNDERSTOOD = [
    policy(users=SOMETHING),
    policy(users=UserCondition(UserScope(unrecognised=(SOMETHING,)))),
    policy(users=UserCondition(EVERYONE, UserScope(unrecognised=(SOMETHING,)))),
    policy(unrecognised=(SOMETHING,)),
    policy(applications=SOMETHING),
    policy(state=SOMETHING),
    policy(grant=grant(BuiltIn.MFA, BuiltIn.COMPLIANT_DEVICE, operator=Unrecognised("operator", "XOR"))),
]


@pytest.mark.parametrize("asked", NOT_UNDERSTOOD)
def test_what_is_not_understood_may_mean_groups_accounts_roles_and_resources(
    asked: ConditionalAccessPolicy,
) -> None:
    assert pair(asked, {}, {}) == ALL
    assert pair(asked, *moving()) == ALL - {ADA}
    guest = {"users": {**tenant().users, ADA: replace(person(ADA), user_type="Guest")}}
    assert pair(asked, {}, guest) == ALL - {ADA}
    assert pair(asked, admins(ADA), admins(BEN)) == NOBODY
    assert pair(asked, {}, {"applications": {FILES: OWN}}) == NOBODY
    assert pair(asked, {}, {"named_locations": at(place(OFFICE))}) == NOBODY
    assert pair(asked, {}, {"mfa_settings": MfaSettings()}) == NOBODY


@pytest.mark.parametrize("asked", NOT_UNDERSTOOD)
def test_no_policy_looks_at_per_user_mfa_or_registrations(asked: ConditionalAccessPolicy) -> None:
    """Else no state of a migration could be proved beside a policy that isn't understood."""
    disabled = {"users": {**tenant().users, ADA: person(ADA, PerUserState.ENFORCED)}, "registrations": {}}
    assert pair(asked, {}, disabled) == ALL


def test_policies_that_nobody_read_may_hang_on_anything_strengths_too() -> None:
    gap = {"missing": (Missing("policies", "403"),)}
    before, after = ({**each, **gap} for each in moving())
    unread = "perca:unreadPolicies"
    assert same(tenant(**before), tenant(**after), unread) == ALL - {ADA}
    strong = {
        "strengths": {StrengthId("s"): AuthenticationStrength(StrengthId("s"), "", combinations("fido2"))}
    }
    assert same(tenant(**gap), tenant(**gap, **strong), unread) == NOBODY


def account(**facts: Any) -> dict[str, Any]:
    """Ada's account differs."""
    return {"users": {ADA: replace(person(ADA), **facts), BEN: person(BEN), CLEO: person(CLEO)}}


GUESTS = policy(
    users=UserCondition(
        EVERYONE, UserScope(externals=(ExternalScope(frozenset({ExternalKind.COLLABORATION_GUEST})),))
    )
)
DIRECT = policy(
    users=UserCondition(
        EVERYONE, UserScope(externals=(ExternalScope(frozenset({ExternalKind.DIRECT_CONNECT})),))
    )
)


@pytest.mark.parametrize(
    "facts",
    [{"user_type": None}, {"creation_type": "Invitation"}, {"user_principal_name": "ada#EXT#@example.com"}],
)
def test_kinds_of_guests_hang_on_what_the_account_shows(facts: dict[str, Any]) -> None:
    assert pair(GUESTS, {}, account(**facts)) == {BEN, CLEO}
    assert pair(policy(), {}, account(**facts)) == ALL, "everybody is everybody"
    assert pair(GUESTS, {}, account(display_name="Ada L", account_enabled=False)) == ALL


def test_somebody_who_came_shows_another_kind_than_nobody() -> None:
    assert pair(GUESTS, {"users": {ADA: person(ADA), BEN: person(BEN)}}, {}) == {ADA, BEN}


def test_direct_connect_hangs_on_the_settings_and_other_kinds_do_not() -> None:
    trusting = {"cross_tenant": CrossTenantAccess(InboundTrust(True, True, True, True))}
    assert pair(DIRECT, {}, trusting) == NOBODY
    assert pair(GUESTS, {}, trusting) == ALL


@pytest.mark.parametrize("asked", [policy(), policy(workloads=WorkloadCondition(all_of_the_tenant=True))])
def test_who_is_an_agent_in_one_of_them_alone_is_another(asked: ConditionalAccessPolicy) -> None:
    assert pair(asked, {}, account(is_agent=True)) == {BEN, CLEO}


def test_a_policy_about_workloads_looks_at_the_people_that_it_names_and_at_anything_where_unclear() -> None:
    clear = WorkloadCondition(all_of_the_tenant=True)
    before, after = moving()
    users = UserCondition(EVERYONE, people(groups=(TEAM,)))
    assert pair(policy(users=users, workloads=clear), before, after) == {BEN, CLEO}
    nobody = UserCondition(UserScope(nobody=True))
    assert pair(policy(users=nobody, workloads=clear), before, after) == ALL
    unclear = replace(clear, unrecognised=(SOMETHING,))
    assert pair(policy(users=nobody, workloads=unclear), before, after) == {BEN, CLEO}


def where(include: LocationScope, exclude: LocationScope | None = None) -> ConditionalAccessPolicy:
    return policy(locations=LocationCondition(include, exclude or LocationScope()))


ANYWHERE = LocationScope(anywhere=True)
HERE, THERE = (
    {"named_locations": at(place(OFFICE, "10.0.0.0/8"))},
    {"named_locations": at(place(OFFICE, "11.0.0.0/8"))},
)
TRUSTED_HERE, TRUSTED_THERE = (
    {"named_locations": at(place(OFFICE, text, trusted=True))} for text in ("10.0.0.0/8", "11.0.0.0/8")
)
TRUSTING = {"mfa_settings": MfaSettings((IpRange("10.0.0.0/8"),), False)}
GAP = {"missing": (Missing("namedLocations", "403"),)}
"""An untrusted place of one tenant may be among those that nobody read of the other, and trusted there."""
UNSURE_TRUST = {"named_locations": at(place(OFFICE, trusted=None))}


@pytest.mark.parametrize(
    ("scope", "before", "after", "expected"),
    [
        (LocationScope(locations=(OFFICE,)), HERE, HERE, ALL),
        (LocationScope(locations=(OFFICE,)), HERE, THERE, NOBODY),
        (LocationScope(locations=(OFFICE,)), HERE, {}, NOBODY),
        (LocationScope(locations=(OFFICE,)), HERE, {**HERE, **TRUSTING}, ALL),
        (LocationScope(locations=(BRANCH,)), HERE, THERE, ALL),
        (LocationScope(locations=(MFA_TRUSTED_IPS,)), {}, TRUSTING, NOBODY),
        (LocationScope(locations=(MFA_TRUSTED_IPS,)), HERE, THERE, ALL),
        (LocationScope(all_trusted=True), {}, TRUSTING, NOBODY),
        (LocationScope(all_trusted=True), HERE, THERE, ALL),
        (LocationScope(all_trusted=True), TRUSTED_HERE, TRUSTED_THERE, NOBODY),
        (LocationScope(all_trusted=True), HERE, TRUSTED_HERE, NOBODY),
        (LocationScope(all_trusted=True), {}, UNSURE_TRUST, NOBODY),
        (LocationScope(all_trusted=True), {**HERE, **GAP}, {**THERE, **GAP}, NOBODY),
        (LocationScope(all_trusted=True), {**HERE, **GAP}, {**HERE, **GAP}, ALL),
        (LocationScope(all_trusted=True), UNSURE_TRUST, UNSURE_TRUST, ALL),
        (LocationScope(all_trusted=True), {}, {"missing": (Missing("namedLocations", "403"),)}, NOBODY),
        (LocationScope(unrecognised=(SOMETHING,)), {}, {}, ALL),
        (LocationScope(unrecognised=(SOMETHING,)), HERE, THERE, NOBODY),
        (LocationScope(unrecognised=(SOMETHING,)), {}, TRUSTING, NOBODY),
    ],
)
def test_places(
    scope: LocationScope, before: dict[str, Any], after: dict[str, Any], expected: frozenset[str]
) -> None:
    assert pair(where(scope), before, after) == expected
    assert pair(where(ANYWHERE, scope), before, after) == expected


def test_a_kind_of_place_that_is_not_modelled_is_compared_with_all_that_was_kept() -> None:
    def country(kept: str) -> dict[str, Any]:
        return {"named_locations": {OFFICE: OtherNamedLocation(OFFICE, "Home", "country", kept)}}

    home = where(LocationScope(locations=(OFFICE,)))
    assert pair(home, country("{}"), country("{}")) == ALL
    assert pair(home, country('{"a":"NO"}'), country('{"a":"SE"}')) == NOBODY


def test_resources_that_are_not_understood_may_be_any_that_the_tenant_has() -> None:
    filtered = policy(applications=ApplicationCondition(ApplicationScope(unrecognised=(SOMETHING,))))
    assert pair(filtered, {}, {"applications": {FILES: OWN}}) == NOBODY
    assert pair(policy(), {}, {"applications": {FILES: OWN}}) == ALL


def test_a_device_filter_hangs_on_the_device_and_on_no_data() -> None:
    rule = "device.isCompliant -eq True"
    asked = policy(
        device=Filter(FilterMode.EXCLUDE, rule, Comparison("isCompliant", FilterOperator.EQ, ("True",)))
    )
    for before, after in (
        moving(),
        ({"applications": {}}, {}),
        ({"named_locations": {}}, {"named_locations": at(place(OFFICE))}),
    ):
        assert pair(asked, before, after) == ALL


def apps(owner: str = "this-tenant", attributes: object = frozenset(), name: str = "Ours") -> dict[str, Any]:
    return {"applications": {FILES: Application(name, TenantId(owner), attributes=attributes)}}  # type: ignore[arg-type]  # of the right kind


ALL_RESOURCES = ApplicationScope(everything=True)
BY_GROUP = ApplicationCondition(ApplicationScope(groups=frozenset(AppGroup)))
FILTER = Filter(FilterMode.INCLUDE, "", Comparison("A_B", FilterOperator.EQ, ("x",)))
BY_ATTRIBUTE = ApplicationCondition(ApplicationScope(filter=FILTER))
BUT_FILES = ApplicationCondition(ALL_RESOURCES, ApplicationScope(apps=(FILES,)))
ON_ACTIONS = ApplicationCondition(actions=frozenset(UserAction))
ON_CONTEXTS = ApplicationCondition(contexts=frozenset({ContextId("c1")}))
OLD, NEW, NEVER = ({"baseline_scopes": each} for each in (None, DIRECTORY, NOBODY_CHOSE))


@pytest.mark.parametrize(
    ("condition", "before", "after", "expected"),
    [
        (BY_GROUP, apps(), apps(), ALL),
        (BY_GROUP, apps(), apps("another"), NOBODY),
        (BY_GROUP, apps(), {**apps(), "id": TenantId("another")}, NOBODY),
        (BY_GROUP, apps(), apps(attributes=SECRET), ALL),
        (BY_ATTRIBUTE, apps(), apps(attributes=SECRET), NOBODY),
        (BY_ATTRIBUTE, apps(attributes=SECRET), apps(attributes=SECRET), ALL),
        (BY_ATTRIBUTE, apps(), apps("another"), ALL),
        (BY_ATTRIBUTE, apps(), apps(name="Renamed"), ALL),
        (BUT_FILES, apps(), apps("another", SECRET), ALL),
        (BUT_FILES, OLD, NEW, NOBODY),
        (BUT_FILES, NEW, NEW, ALL),
        (BUT_FILES, NEVER | {"taken_at": "2026-06-14"}, NEVER | {"taken_at": "2026-06-13"}, ALL),
        (BUT_FILES, NEVER | {"taken_at": "2026-06-14"}, NEVER | {"taken_at": "2026-06-15"}, NOBODY),
        (ApplicationCondition(ALL_RESOURCES), OLD | apps(), NEW | apps("another", SECRET), ALL),
        (ON_ACTIONS, OLD | apps(), NEW | apps("another", SECRET), ALL),
        (ON_CONTEXTS, OLD | apps(), NEW | apps("another", SECRET), ALL),
    ],
)
def test_targets_differ_where_their_facts_do(
    condition: ApplicationCondition, before: dict[str, Any], after: dict[str, Any], expected: frozenset[str]
) -> None:
    assert pair(policy(applications=condition), before, after) == expected


def test_an_unread_choice_for_baseline_scopes_hangs_on_who_owns_what() -> None:
    unread = {"baseline_scopes": NotRead("403"), "taken_at": "2026-11-01"}
    assert pair(policy(applications=BUT_FILES), unread | apps(), unread | apps()) == ALL
    assert pair(policy(applications=BUT_FILES), unread | apps(), unread | apps("another")) == NOBODY


def test_words_that_are_not_understood_hang_on_no_data() -> None:
    words = policy(
        client_apps=ClientAppCondition(frozenset(), (SOMETHING,)),
        platforms=PlatformCondition(frozenset({Platform.IOS}), include_unrecognised=(SOMETHING,)),
        flows=FlowCondition(frozenset({Flow.DEVICE_CODE}), (SOMETHING,)),
        sign_in_risk=RiskCondition(frozenset(), (SOMETHING,)),
    )
    before, after = moving()
    assert (
        pair(words, {**before, **HERE, **admins(ADA)}, {**after, **THERE, **TRUSTING, **admins(BEN)}) == ALL
    )


def states(**of_people: PerUserState | NotRead) -> dict[str, Any]:
    return {"users": {id: person(id, of_people.get(id, PerUserState.DISABLED)) for id in (ADA, BEN, CLEO)}}


@pytest.mark.parametrize("rule", [MODERN_RULE, LEGACY_RULE])
def test_per_user_mfa_differs_for_those_whose_state_does(rule: str) -> None:
    before, after = (
        states(ada=PerUserState.ENFORCED, ben=SECRET),
        states(ada=PerUserState.ENFORCED, ben=SECRET),
    )
    assert same(tenant(**before), tenant(**after), rule) == ALL
    assert same(tenant(**before), tenant(**states(ben=SECRET)), rule) == ALL - {ADA}
    assert same(tenant(**before), tenant(**states(ada=PerUserState.ENFORCED)), rule) == ALL - {BEN}


@pytest.mark.parametrize("rule", [MODERN_RULE, LEGACY_RULE])
def test_a_state_that_settles_is_not_the_same_at_the_next_look(rule: str) -> None:
    settling = tenant(**states(ada=SETTLING))
    assert same(settling, settling, rule) == ALL - {ADA}


def test_the_registration_bears_on_legacy_clients_alone() -> None:
    late = {"registrations": {**tenant().registrations, ADA: Registration(ADA, False)}}
    assert same(tenant(), tenant(**late), LEGACY_RULE) == ALL - {ADA}
    assert same(tenant(), tenant(**late), MODERN_RULE) == ALL


@pytest.mark.parametrize("rule", [MODERN_RULE, LEGACY_RULE])
def test_the_trusted_ips_bear_on_both_halves(rule: str) -> None:
    assert same(tenant(), tenant(**TRUSTING), rule) == NOBODY
    assert same(tenant(mfa_settings=MfaSettings()), tenant(mfa_settings=MfaSettings()), rule) == ALL


@pytest.mark.parametrize("rule", ["perca:mandatoryMfa:portals", "perca:mandatoryMfa:tools"])
def test_mandatory_mfa_looks_at_the_phase_and_at_no_data(rule: str) -> None:
    before, after = moving()
    earlier, later = "2026-11-02T08:00:00Z", "2026-11-24"
    moved = tenant(**before, taken_at=earlier), tenant(**after, **HERE, taken_at=later)
    assert same(*moved, rule) == same(*reversed(moved), rule) == ALL
    rolling_out, without, later = (tenant(taken_at=day) for day in ("2025-10-01", "", later))
    assert same(rolling_out, replace(rolling_out, taken_at="2025-12-01"), rule) == ALL
    assert same(without, later, rule) == same(later, without, rule) == NOBODY


def test_what_mandatory_mfa_may_ask_of_tools_it_may_ask_later_too_and_not_the_other_way_round() -> None:
    rolling_out, everywhere = tenant(taken_at="2026-07-01"), tenant(taken_at="2026-07-02")
    assert same(rolling_out, everywhere, "perca:mandatoryMfa:tools") == ALL
    assert same(everywhere, rolling_out, "perca:mandatoryMfa:tools") == NOBODY


def defaults(*assignments: RoleAssignment, **more: Any) -> Tenant:
    return tenant(security_defaults=True, role_assignments=assignments, **more)


@pytest.mark.parametrize("name", ["legacy", "admins", "azureManagement", "discretion"])
def test_security_defaults_look_at_the_account_that_synchronises(name: str) -> None:
    rule = f"perca:securityDefaults:{name}"
    synchronising = RoleAssignment(CLEO, SYNCHRONISATION)
    assert same(defaults(synchronising), defaults(synchronising), rule) == ALL
    left = ALL - {CLEO} if name != "discretion" else NOBODY
    assert same(defaults(), defaults(synchronising), rule) == left


def test_only_the_rule_for_administrators_looks_at_their_roles_at_any_scope() -> None:
    north = RoleAssignment(STAFF, GLOBAL_ADMIN, "/administrativeUnits/north")
    admins, legacy = "perca:securityDefaults:admins", "perca:securityDefaults:legacy"
    held = defaults(RoleAssignment(BEN, GLOBAL_ADMIN))
    assert (same(defaults(), held, admins), same(defaults(), held, legacy)) == (ALL - {BEN}, ALL)
    assert (same(defaults(), defaults(north), admins), same(defaults(), defaults(north), legacy)) == (
        NOBODY,
        ALL,
    )
    moved = [defaults(north, groups=of(group(STAFF, *who))) for who in ((ADA,), (ADA, BEN))]
    assert same(*moved, admins) == ALL - {BEN}


def test_microsoft_may_judge_by_anything_that_it_knows_of_a_person() -> None:
    before, after = moving()
    rule = "perca:securityDefaults:discretion"
    assert same(defaults(**before), defaults(**after), rule) == ALL - {ADA}
    assert same(defaults(), defaults(**TRUSTING), rule) == NOBODY


def test_whether_security_defaults_are_on_is_the_same_twice_unless_it_settles() -> None:
    rule = "perca:securityDefaults:azureManagement"
    unread, other = tenant(security_defaults=SECRET), tenant(security_defaults=NotRead("429"))
    assert same(unread, unread, rule) == ALL
    assert same(unread, other, rule) == NOBODY
    settling = tenant(security_defaults=SETTLING)
    assert same(settling, settling, rule) == NOBODY


class NewCondition:
    """A condition that nobody has entered in `reads` yet."""

    coordinate = Coordinate.TARGET

    def holds(self, view: View, value: object) -> Answer:
        return No()


def test_a_condition_that_is_not_listed_is_never_the_same() -> None:
    book = rulebook(tenant())
    rule = Rule("new", Source("x", "new", "New"), (NewCondition(),), ())
    assert SideBySide(book, book, ALL).same(rule, rule) == NOBODY
