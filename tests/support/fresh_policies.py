"""Hypothesis strategy for policies as Perca would make them: every recognised part, nothing kept."""

from dataclasses import replace

from hypothesis import strategies as st

from perca.model import (
    AppGroup,
    AppId,
    ApplicationCondition,
    ApplicationScope,
    BuiltIn,
    ClientApp,
    ClientAppCondition,
    ConditionalAccessPolicy,
    ContextId,
    CustomFactor,
    Filter,
    FilterMode,
    Grant,
    GroupId,
    LocationCondition,
    LocationId,
    LocationScope,
    Operator,
    Platform,
    PlatformCondition,
    PolicyId,
    PolicyState,
    RiskCondition,
    RiskLevel,
    RoleId,
    StrengthControl,
    StrengthId,
    TermsOfUse,
    UserAction,
    UserCondition,
    UserId,
    UserScope,
)
from perca.wire.filters import DEVICE_PROPERTIES, SECURITY_ATTRIBUTES, read_rule
from support.graph_json import GUIDS

guids = st.sampled_from(GUIDS)


def several(kind: type) -> st.SearchStrategy[tuple]:  # type: ignore[type-arg]  # of that kind
    return st.lists(guids.map(kind), unique=True, max_size=2).map(tuple)


def some(kind: type, *without: object) -> st.SearchStrategy[frozenset]:  # type: ignore[type-arg]  # of that kind
    return st.frozensets(st.sampled_from([each for each in kind if each not in without]), max_size=3)  # type: ignore[attr-defined]  # an enum


user_scopes = st.builds(UserScope, users=several(UserId), groups=several(GroupId), roles=several(RoleId))
people = st.builds(
    UserScope, st.booleans(), st.booleans(), several(UserId), several(GroupId), several(RoleId)
)
apps = st.builds(
    ApplicationScope, st.booleans(), st.booleans(), several(AppId), st.just(()), some(AppGroup)
).filter(lambda it: it != ApplicationScope())
actions = st.frozensets(st.sampled_from(UserAction), min_size=1, max_size=2)
contexts = st.frozensets(st.sampled_from(["c1", "c2", "c10", "c99"]).map(ContextId), min_size=1, max_size=3)
places = st.builds(LocationScope, st.booleans(), st.booleans(), several(LocationId))

controls = st.tuples(
    st.lists(st.sampled_from(BuiltIn), unique=True, max_size=2),
    st.lists(guids.map(StrengthId).map(StrengthControl), max_size=1),
    st.lists(guids.map(TermsOfUse), unique=True, max_size=2),
    st.lists(st.just(CustomFactor("factor")), max_size=1),
).map(lambda parts: tuple(control for part in parts for control in part))
grants = st.builds(Grant, st.none() | st.sampled_from(Operator), controls.filter(bool))

RULES = ("device.isCompliant -eq True", ' (device.model -contains "x" -or device.model -eq "y") ')
filters = st.builds(
    lambda mode, rule: Filter(mode, rule, read_rule(rule, DEVICE_PROPERTIES)),
    st.sampled_from(FilterMode),
    st.sampled_from(RULES),
)

RULE = (
    'CustomSecurityAttribute.Team_Level -eq "high" -or not CustomSecurityAttribute.Team_Parts -contains "x"'
)


@st.composite
def _resources(draw: st.DrawFn) -> ApplicationCondition:
    """Resources, with a filter on the side that its mode says."""
    include, exclude = (
        draw(apps),
        draw(st.builds(ApplicationScope, apps=several(AppId), groups=some(AppGroup))),
    )
    match draw(st.none() | st.sampled_from(FilterMode)):
        case FilterMode.INCLUDE as mode:
            include = replace(include, filter=Filter(mode, RULE, read_rule(RULE, SECURITY_ATTRIBUTES)))
        case FilterMode.EXCLUDE as mode:
            exclude = replace(exclude, filter=Filter(mode, RULE, read_rule(RULE, SECURITY_ATTRIBUTES)))
    return ApplicationCondition(include, exclude)


resources = _resources()

policies = st.builds(
    ConditionalAccessPolicy,
    id=st.just(PolicyId("")) | guids.map(PolicyId),
    display_name=st.sampled_from(["", "Require MFA", "Überall  "]),
    state=st.sampled_from(PolicyState),
    users=st.builds(UserCondition, people.filter(lambda it: it != UserScope()), user_scopes),
    applications=resources
    | st.builds(ApplicationCondition, actions=actions)
    | st.builds(ApplicationCondition, contexts=contexts),
    client_apps=st.builds(ClientAppCondition, some(ClientApp).filter(bool)),
    platforms=st.none()
    | st.builds(
        PlatformCondition,
        some(Platform, Platform.UNKNOWN).filter(bool),
        some(Platform, Platform.UNKNOWN, Platform.ALL),
    ),
    locations=st.none()
    | st.builds(
        LocationCondition,
        places.filter(lambda it: it != LocationScope()),
        st.builds(LocationScope, st.just(False), st.booleans(), several(LocationId)),
    ),
    sign_in_risk=st.builds(RiskCondition, some(RiskLevel)),
    user_risk=st.builds(RiskCondition, some(RiskLevel)),
    device=st.none() | filters,
    grant=st.none() | grants,
)
