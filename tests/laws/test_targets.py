"""The targets of a question are enough: to every policy, any other request for a resource is like one of them."""

from dataclasses import replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from perca.model import (
    AGENT,
    DIRECTORY,
    GRAPH,
    NATIVE,
    NO_CONTEXT,
    NOBODY_CHOSE,
    AppGroup,
    AppId,
    Application,
    ApplicationCondition,
    ApplicationScope,
    Comparison,
    ContextId,
    Filter,
    FilterMode,
    FilterOperator,
    NotRead,
    Scopes,
    Tenant,
    TenantId,
    Unrecognised,
)
from perca.policy import Answer, No, Target, Yes
from perca.policy.app_groups import (
    AZURE_MANAGEMENT,
    AZURE_PORTAL,
    EXCHANGE,
    GROUPS,
    KEY_VAULT,
    SHAREPOINT,
    TEAMS,
)
from perca.policy.applications import Applications
from perca.policy.contexts import Contexts
from perca.policy.dependencies import NEEDS
from perca.policy.directory import View
from perca.space import resources, universe_of
from support.small import HERE, SOMETHING, policy

OURS = tuple(AppId(f"a0000000-0000-4000-8000-00000000000{n}") for n in range(4))
LIKELY = AppId("9199bf20-a13f-4107-85dc-02114787ef48")
"""An application of Microsoft's that may be in Office 365."""
NAMEABLE = (
    EXCHANGE,
    SHAREPOINT,
    TEAMS,
    AZURE_MANAGEMENT,
    AZURE_PORTAL,
    KEY_VAULT,
    DIRECTORY,
    GRAPH,
    LIKELY,
    *OURS,
)
ANY = sorted({*NAMEABLE, *NEEDS, *(app for group in GROUPS.values() for app in group.inside | group.outside)})
REFUSED = NotRead("403")

filters = st.builds(
    lambda mode, operator, value: Filter(mode, "", Comparison("Team_level", operator, (value,))),
    st.sampled_from(FilterMode),
    st.sampled_from([FilterOperator.EQ, FilterOperator.NE]),
    st.sampled_from(["one", "two"]),
)
scopes = st.builds(
    ApplicationScope,
    apps=st.lists(st.sampled_from(NAMEABLE), max_size=2, unique=True).map(tuple),
    unrecognised=st.sampled_from([(), (), (), (SOMETHING,)]),
    groups=st.frozensets(st.sampled_from(AppGroup), max_size=1),
    filter=st.none() | filters,
)
conditions = st.builds(
    ApplicationCondition,
    scopes | st.just(ApplicationScope(everything=True)) | st.just(ApplicationScope(everything=True)),
    scopes | st.just(ApplicationScope()),
)
applications = st.builds(
    Application,
    owner=st.sampled_from([None, HERE, TenantId("another")]),
    attributes=st.sampled_from(
        [REFUSED, frozenset(), frozenset({("Team_level", "one")}), frozenset({("Team_level", "two")})]
    ),
)
tenants = st.builds(
    lambda asked, held, chosen, day: replace(asking(*asked, held=held), baseline_scopes=chosen, taken_at=day),
    st.lists(conditions, min_size=1, max_size=3),
    st.dictionaries(st.sampled_from(OURS[:3]), applications, max_size=3),
    st.sampled_from([None, DIRECTORY, NOBODY_CHOSE, REFUSED, OURS[0]]),
    st.sampled_from(["2026-01-01", "2026-07-01", "2026-11-01", ""]),
)


def asking(*conditions: ApplicationCondition, held: dict[AppId, Application] | None = None) -> Tenant:
    """A tenant with a policy on each of them."""
    asked = (policy(str(n), applications=each) for n, each in enumerate(conditions))
    return Tenant(policies=tuple(asked), applications=held or {}, baseline_scopes=None, id=HERE)


def word(answer: Answer) -> str:
    return "yes" if isinstance(answer, Yes) else "no" if isinstance(answer, No) else "unknown"


def naming(*apps: AppId) -> ApplicationCondition:
    return ApplicationCondition(ApplicationScope(apps=apps))


def all_but(exclude: ApplicationScope) -> ApplicationCondition:
    return ApplicationCondition(ApplicationScope(everything=True), exclude)


OFFICE, PORTALS, AGENTS = (ApplicationScope(groups=frozenset({each})) for each in AppGroup)
LEVEL_ONE = ApplicationScope(
    filter=Filter(FilterMode.INCLUDE, "", Comparison("Team_level", FilterOperator.EQ, ("one",)))
)
IS_ONE, IS_TWO = (
    Application(owner=HERE, attributes=frozenset({("Team_level", each)})) for each in ("one", "two")
)
OWNED, AN_AGENT = Application(owner=HERE), Application(owner=HERE, kind=AGENT)


@given(tenants)
@example(asking(ApplicationCondition(PORTALS), naming(OURS[0])))
@example(asking(ApplicationCondition(PORTALS), naming(GRAPH)))
@example(asking(naming(DIRECTORY), naming(SHAREPOINT)))
@example(asking(ApplicationCondition(OFFICE), naming(AZURE_MANAGEMENT), naming(GRAPH)))
@example(asking(all_but(LEVEL_ONE), all_but(naming(TEAMS).include), naming(GRAPH), held={OURS[0]: IS_ONE}))
@example(asking(all_but(AGENTS), all_but(naming(TEAMS).include), naming(GRAPH), held={OURS[0]: AN_AGENT}))
@example(asking(all_but(OFFICE), all_but(AGENTS), naming(GRAPH), held={OURS[0]: OWNED}))
@settings(max_examples=60)
def test_any_other_request_is_like_one_of_the_targets(tenant: Tenant) -> None:
    view = View(tenant)
    asked = [
        Applications(each.applications)
        for each in tenant.policies
        if isinstance(each.applications, ApplicationCondition)
    ]
    known = {tuple(word(each.holds(view, target)) for each in asked) for target in resources(tenant)}
    others = [Target(app, scopes=Scopes.MORE, requester=NATIVE) for app in ANY]
    others += [Target(GRAPH, scopes=each, requester=who) for each in Scopes for who in (NATIVE, *ANY)]
    others += [
        Target(app, scopes=Scopes.MORE, requester=who)
        for app in ANY
        for who in (AZURE_PORTAL, LIKELY, OURS[0])
    ]
    for target in others:
        found = tuple(word(each.holds(view, target)) for each in asked)
        assert found in known, (target, found)


@pytest.mark.parametrize(
    ("exclude", "clients"),
    [
        (ApplicationScope(), set()),
        (ApplicationScope(apps=(OURS[3], TEAMS)), {OURS[3]}),
        (OFFICE, {OURS[0], OURS[2]}),
        (LEVEL_ONE, {OURS[0], OURS[2]}),
    ],
)
def test_of_the_tenants_applications_one_of_each_kind_asks_where_an_exclusion_may_mean_it(
    exclude: ApplicationScope, clients: set[AppId]
) -> None:
    held = {OURS[0]: IS_ONE, OURS[1]: IS_ONE, OURS[2]: IS_TWO}
    asked = resources(asking(all_but(exclude), held=held))
    assert {each.requester for each in asked if each.app == GRAPH} & set(OURS) == clients


def test_who_asks_makes_no_difference_where_policies_are_on_all_or_nothing() -> None:
    asked = resources(asking(all_but(ApplicationScope()), ApplicationCondition(), held={OURS[0]: IS_ONE}))
    assert {each.requester for each in asked} == {NATIVE}


ALL_CONTEXTS = frozenset(ContextId(f"c{number}") for number in range(1, 100))


@given(st.frozensets(st.sampled_from(["c1", "c2", "c7"]).map(ContextId), max_size=2), st.booleans())
@example(ALL_CONTEXTS - {ContextId("c1")}, True)
@example(ALL_CONTEXTS - {ContextId("c99")}, True)
@settings(max_examples=20)
def test_any_other_context_is_like_one_of_those_asked_about(
    named: frozenset[ContextId], unclear: bool
) -> None:
    other = (Unrecognised("conditions", "<context>"),) if unclear else ()
    condition = ApplicationCondition(contexts=named, unrecognised_contexts=other)
    tenant = Tenant(policies=(policy(applications=condition),))
    known = {word(Contexts(condition).holds(View(tenant), each)) for each in universe_of(tenant).contexts}
    for context in (NO_CONTEXT, *ALL_CONTEXTS):
        assert word(Contexts(condition).holds(View(tenant), context)) in known
