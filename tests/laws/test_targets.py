"""The targets of a question are enough: to every policy, any other request for a resource is like one of them."""

from hypothesis import given, settings
from hypothesis import strategies as st

from perca.model import (
    DIRECTORY,
    GRAPH,
    NATIVE,
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
    lambda asked, held, chosen, day: Tenant(
        policies=tuple(policy(str(n), applications=each) for n, each in enumerate(asked)),
        applications=held,
        baseline_scopes=chosen,
        taken_at=day,
        id=HERE,
    ),
    st.lists(conditions, min_size=1, max_size=3),
    st.dictionaries(st.sampled_from(OURS[:3]), applications, max_size=3),
    st.sampled_from([None, DIRECTORY, NOBODY_CHOSE, REFUSED, OURS[0]]),
    st.sampled_from(["2026-01-01", "2026-07-01", "2026-11-01", ""]),
)


def word(answer: Answer) -> str:
    return "yes" if isinstance(answer, Yes) else "no" if isinstance(answer, No) else "unknown"


@given(tenants)
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


@given(st.frozensets(st.sampled_from(["c1", "c2", "c7"]).map(ContextId), max_size=2), st.booleans())
@settings(max_examples=20)
def test_any_other_context_is_like_one_of_those_asked_about(
    named: frozenset[ContextId], unclear: bool
) -> None:
    other = (Unrecognised("conditions", "<context>"),) if unclear else ()
    condition = ApplicationCondition(contexts=named, unrecognised_contexts=other)
    tenant = Tenant(policies=(policy(applications=condition),))
    known = {word(Contexts(condition).holds(View(tenant), each)) for each in universe_of(tenant).contexts}
    for context in ("none", *(f"c{number}" for number in range(1, 100))):
        assert word(Contexts(condition).holds(View(tenant), ContextId(context))) in known
