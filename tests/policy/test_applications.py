"""The target resources condition: all resources, resources by id, by group, by attribute; and the audience of a request."""

from typing import Any

import pytest

from perca.model import (
    DIRECTORY,
    GRAPH,
    NATIVE,
    AppGroup,
    AppId,
    Application,
    ApplicationCondition,
    ApplicationScope,
    Comparison,
    Filter,
    FilterMode,
    FilterOperator,
    Not,
    NotRead,
    TenantId,
    Unrecognised,
)
from perca.policy import Certainty, No, Unknown
from perca.policy.app_groups import (
    AZURE_MANAGEMENT,
    AZURE_MANAGEMENT_GROUP,
    AZURE_PORTAL,
    EXCHANGE,
    GROUPS,
    KEY_VAULT,
    SECURITY_PORTAL,
    SHAREPOINT,
    TEAMS,
)
from perca.policy.applications import Applications
from support.small import (
    FILES,
    HERE,
    MAIL,
    OTHER_APP,
    OWN,
    SOMETHING,
    answer,
    applies,
    policy,
    sign_in,
    tenant,
)

ALL = ApplicationScope(everything=True)
NONE = ApplicationScope()
UNCLEAR = ApplicationScope(unrecognised=(SOMETHING,))
POWER_APPS = AppId("475226c6-020e-4fb2-8a90-7a972cbfc1d4")


def named(*apps: str) -> ApplicationScope:
    return ApplicationScope(apps=apps)


def protects(
    include: ApplicationScope,
    exclude: ApplicationScope = NONE,
    tenant_: dict[str, Any] | None = None,
    **asked: Any,
) -> bool | None:
    """Whether a policy on these resources applies to the sign-in."""
    one = tenant(policy(applications=ApplicationCondition(include, exclude)), **(tenant_ or {}))
    return applies(one, sign_in(**asked))


@pytest.mark.parametrize(
    ("include", "exclude", "expected"),
    [
        (ALL, NONE, True),
        (named(MAIL), NONE, True),
        (named(FILES), NONE, False),
        (ApplicationScope(nothing=True), NONE, False),
        (NONE, NONE, False),
        (ALL, named(MAIL), False),
        (ALL, named(FILES), True),
        (named(MAIL), named(MAIL), False),
        (UNCLEAR, NONE, None),
        (ALL, UNCLEAR, None),
        (UNCLEAR, named(MAIL), False),
        (named(FILES), UNCLEAR, False),
        (ApplicationScope(apps=(FILES,), unrecognised=(SOMETHING,)), NONE, None),
        (ApplicationScope(apps=(MAIL,), unrecognised=(SOMETHING,)), NONE, True),
        (ALL, ApplicationScope(apps=(MAIL,), unrecognised=(SOMETHING,)), False),
    ],
)
def test_exclude_beats_include_and_unknown_stays_unknown(
    include: ApplicationScope, exclude: ApplicationScope, expected: bool | None
) -> None:
    assert protects(include, exclude) is expected


def test_all_resources_holds_for_a_resource_that_nobody_knows() -> None:
    assert protects(ALL, app=OTHER_APP)
    assert protects(ALL, app=None)


def test_without_the_resource_a_policy_for_some_resources_is_unknown() -> None:
    for include, exclude in ((named(MAIL), NONE), (ALL, named(MAIL)), (grouped(AppGroup.OFFICE_365), NONE)):
        assert protects(include, exclude, app=None) is None


def test_an_applications_condition_that_cannot_be_read_may_mean_any_resource() -> None:
    unread = tenant(policy(applications=Unrecognised("conditions.applications", "null")))
    assert answer(unread).answer == Unknown(("conditions.applications is not modelled: null",))


def test_the_reason_is_graphs_word() -> None:
    found = answer(tenant(policy(applications=ApplicationCondition(named(FILES))))).answer
    assert found == No(("not one of the included resources",), ("application",))


# Groups


def grouped(*groups: AppGroup) -> ApplicationScope:
    return ApplicationScope(groups=frozenset(groups))


@pytest.mark.parametrize(
    ("group", "app", "expected"),
    [
        (AppGroup.OFFICE_365, EXCHANGE, True),
        (AppGroup.OFFICE_365, KEY_VAULT, False),
        (AppGroup.OFFICE_365, GRAPH, False),
        (AppGroup.OFFICE_365, MAIL, False),
        (AppGroup.OFFICE_365, OTHER_APP, None),
        (AppGroup.ADMIN_PORTALS, AZURE_PORTAL, True),
        (AppGroup.ADMIN_PORTALS, SECURITY_PORTAL, True),
        (AppGroup.ADMIN_PORTALS, EXCHANGE, False),
        (AppGroup.ADMIN_PORTALS, MAIL, False),
        (AppGroup.ADMIN_PORTALS, OTHER_APP, None),
        (AppGroup.AGENT_RESOURCES, EXCHANGE, False),
        (AppGroup.AGENT_RESOURCES, MAIL, None),
        (AppGroup.AGENT_RESOURCES, OTHER_APP, None),
    ],
)
def test_a_group_holds_what_is_documented_and_perhaps_whatever_is_not(
    group: AppGroup, app: AppId, expected: bool | None
) -> None:
    """The tenant's own application is in neither of Microsoft's, and may be an agent."""
    assert protects(grouped(group), app=app) is expected
    excluded = None if expected is None else not expected
    needs = (EXCHANGE, SHAREPOINT) if app == AZURE_PORTAL else ()
    assert protects(ALL, ApplicationScope(apps=needs, groups=frozenset({group})), app=app) is excluded


@pytest.mark.parametrize("owner", [None, TenantId("another-tenant")])
def test_an_application_that_the_tenant_does_not_own_for_certain_may_be_in_a_group(
    owner: TenantId | None,
) -> None:
    whose = {"applications": {MAIL: Application("Theirs", owner)}}
    assert protects(grouped(AppGroup.OFFICE_365), tenant_=whose) is None
    assert protects(grouped(AppGroup.OFFICE_365), tenant_={"applications": {MAIL: OWN}, "id": ""}) is None


def test_an_agents_identity_is_an_agent_resource_and_no_service_of_microsofts() -> None:
    agent = {"applications": {MAIL: Application("Agent", HERE, kind="agentIdentity")}}
    assert protects(grouped(AppGroup.AGENT_RESOURCES), tenant_=agent)
    assert protects(grouped(AppGroup.OFFICE_365), tenant_=agent) is False


def test_nothing_is_certainly_in_a_group_and_certainly_not() -> None:
    for known in GROUPS.values():
        assert not known.inside & known.outside


def test_the_admin_portals_count_as_clients_too() -> None:
    portals = grouped(AppGroup.ADMIN_PORTALS)
    assert protects(portals, app=GRAPH, requester=AZURE_PORTAL)
    assert protects(portals, app=GRAPH, requester=NATIVE) is False
    assert protects(portals, app=GRAPH, requester=OTHER_APP) is None
    assert protects(portals, app=EXCHANGE, requester=None) is None
    assert protects(grouped(AppGroup.OFFICE_365), app=KEY_VAULT, requester=None) is False


@pytest.mark.parametrize("app", sorted(AZURE_MANAGEMENT_GROUP))
def test_naming_azure_management_means_all_of_its_group(app: AppId) -> None:
    assert protects(named(AZURE_MANAGEMENT), app=app)
    others = (EXCHANGE, SHAREPOINT)  # the portal needs them
    assert protects(ALL, named(AZURE_MANAGEMENT, *others), app=app) is False
    alone = AppId("f5c26e74-f226-4ae8-85f0-b4af0080ac9e")
    assert protects(named(alone), app=app) is (app == alone)


def test_microsoft_graph_cannot_be_named() -> None:
    assert protects(named(GRAPH), app=GRAPH) is None
    assert protects(ALL, named(GRAPH), app=GRAPH) is None
    assert protects(ALL, app=GRAPH)
    assert protects(named(DIRECTORY), app=DIRECTORY)


# Attributes


def filtered(operator: FilterOperator, value: str, attribute: str = "Team_level") -> ApplicationScope:
    comparison = Comparison(attribute, operator, (value,))
    return ApplicationScope(filter=Filter(FilterMode.INCLUDE, "", comparison))


def holding(attributes: frozenset[Any] | NotRead) -> dict[str, Any]:
    return {"applications": {MAIL: Application("Mail", HERE, attributes=attributes)}}


HIGH = holding(frozenset({("team_LEVEL", "High"), ("Team_parts", frozenset({"red", "blue"}))}))
EQ, NE, CONTAINS = FilterOperator.EQ, FilterOperator.NE, FilterOperator.CONTAINS


@pytest.mark.parametrize(
    ("scope", "held", "expected"),
    [
        (filtered(EQ, "high"), HIGH, True),
        (filtered(EQ, "low"), HIGH, False),
        (filtered(NE, "low"), HIGH, True),
        (filtered(CONTAINS, "red", "Team_parts"), HIGH, True),
        (filtered(CONTAINS, "re", "Team_parts"), HIGH, False),
        (filtered(EQ, "high"), holding(frozenset()), False),
        (filtered(NE, "high"), holding(frozenset()), None),
        (filtered(EQ, "high"), holding(NotRead("403")), None),
        (filtered(EQ, "high"), {"applications": {}}, None),
    ],
)
def test_a_filter_looks_at_the_attributes_of_the_application(
    scope: ApplicationScope, held: dict[str, Any], expected: bool | None
) -> None:
    """What a negative operator makes of an attribute that isn't there is documented of device filters alone."""
    assert protects(scope, tenant_=held) is expected
    assert protects(ALL, scope, tenant_=held) is (None if expected is None else not expected)


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        (frozenset({("Team_level", "high")}), None),
        (frozenset({("Team_level", "low")}), False),
        (NotRead("403"), None),
    ],
)
def test_a_filter_that_matches_microsoft_graph_names_it(attributes: Any, expected: bool | None) -> None:
    held = {"applications": {GRAPH: Application("Graph", attributes=attributes)}}
    assert protects(filtered(EQ, "high"), tenant_=held, app=GRAPH) is expected
    if isinstance(attributes, NotRead):
        assert why(filtered(EQ, "high"), held, GRAPH) == ("403",)


def why(include: ApplicationScope, held: dict[str, Any], app: AppId | None) -> tuple[str, ...]:
    found = answer(
        tenant(policy(applications=ApplicationCondition(include)), **held), sign_in(app=app)
    ).answer
    return found.facts if isinstance(found, Unknown) else found.because


def test_the_reason_says_by_what_name_a_resource_is_meant() -> None:
    assert f"resource `{AZURE_MANAGEMENT}` is named" in why(named(AZURE_MANAGEMENT), {}, AZURE_MANAGEMENT)
    assert f"resource `{AZURE_PORTAL}` belongs to `{AZURE_MANAGEMENT}`" in why(
        named(AZURE_MANAGEMENT), {}, AZURE_PORTAL
    )
    assert why(filtered(EQ, "high"), HIGH, None) == ("the resource of the sign-in is not known",)


def test_a_filter_beside_ids_adds_to_them() -> None:
    scope = ApplicationScope(apps=(FILES,), filter=filtered(EQ, "high").filter)
    assert protects(scope, tenant_=HIGH)
    assert protects(scope, app=FILES)
    low = Filter(FilterMode.INCLUDE, "", Not(Comparison("Team_level", EQ, ("high",))))
    assert protects(ApplicationScope(filter=low), tenant_=HIGH) is False


@pytest.mark.parametrize(
    ("scope", "page", "certainty"),
    [
        (named(MAIL), "concept-conditional-access-cloud-apps", Certainty.OFFICIAL),
        (grouped(AppGroup.OFFICE_365), "reference-office-365-application-contents", Certainty.INFERRED),
        (filtered(EQ, "high"), "concept-filter-for-applications", Certainty.INFERRED),
    ],
)
def test_what_groups_and_filters_hold_is_inferred(
    scope: ApplicationScope, page: str, certainty: Certainty
) -> None:
    for sides in ((scope, NONE), (ALL, scope)):
        basis = Applications(ApplicationCondition(*sides)).basis
        assert (basis.page, basis.certainty) == (page, certainty)


# The audience


def test_a_policy_protects_a_request_if_it_protects_one_of_its_resources() -> None:
    assert protects(named(FILES), audiences=frozenset({FILES}))
    assert protects(named(FILES), audiences=frozenset({OTHER_APP})) is False
    assert protects(grouped(AppGroup.OFFICE_365), audiences=frozenset({OTHER_APP})) is None
    assert protects(ALL, named(MAIL), audiences=frozenset({FILES}))
    assert protects(ALL, named(MAIL, FILES), audiences=frozenset({FILES})) is False


FORMS, OFFICE_PORTAL = (
    AppId("c9a559d2-7aab-4f13-a6ed-e7e9c52aec87"),
    AppId("00000006-0000-0ff1-ce00-000000000000"),
)
POWER_AUTOMATE, DATA_LAKE = (
    AppId("7df0a125-d3be-4c96-aa54-591f83ff541c"),
    AppId("e9f49c6b-5ce5-44c8-925d-015017e9f7ad"),
)
INTUNE, INTUNE_EXTENSION = (
    AppId("0000000a-0000-0000-c000-000000000000"),
    AppId("5926fc8e-304e-4f59-8bed-58ca97cc39a4"),
)


@pytest.mark.parametrize(
    ("app", "needs"),
    [
        (TEAMS, (EXCHANGE, SHAREPOINT)),
        (FORMS, (EXCHANGE, SHAREPOINT)),
        (OFFICE_PORTAL, (EXCHANGE, SHAREPOINT, TEAMS)),
        (AZURE_PORTAL, (EXCHANGE, SHAREPOINT)),
        (DATA_LAKE, (AZURE_MANAGEMENT,)),
        (INTUNE_EXTENSION, (INTUNE,)),
        (POWER_APPS, (AZURE_MANAGEMENT, DIRECTORY, SHAREPOINT, EXCHANGE)),
        (POWER_AUTOMATE, (POWER_APPS,)),
    ],
)
def test_the_services_that_a_service_needs_are_those_of_the_page(
    app: AppId, needs: tuple[AppId, ...]
) -> None:
    for each in needs:
        assert protects(named(each), app=app), each
    assert protects(named(OTHER_APP), app=app) is False


def test_a_service_that_needs_another_is_protected_with_it() -> None:
    assert protects(named(SHAREPOINT), app=TEAMS)
    assert protects(named(TEAMS), app=SHAREPOINT) is False
    assert protects(ALL, named(TEAMS), app=TEAMS) is None, "Exchange, which Teams needs, isn't left out"
    assert protects(ALL, named(TEAMS, EXCHANGE, SHAREPOINT), app=TEAMS) is False
    assert protects(named(AZURE_PORTAL), app=POWER_APPS) is False
    assert protects(named(AZURE_MANAGEMENT), app=POWER_APPS)
