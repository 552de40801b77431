"""Random Conditional Access policies of every recognised shape, and with every way of not being readable.

A policy is a simple one with a few conditions put on top; few, since a policy with all of them never applies.
"""

from collections.abc import Callable
from dataclasses import replace
from enum import StrEnum

from perca.model import (
    MFA_TRUSTED_IPS,
    AppGroup,
    ApplicationCondition,
    ApplicationScope,
    BuiltIn,
    ClientApp,
    ClientAppCondition,
    ConditionalAccessPolicy,
    Control,
    CustomFactor,
    ExternalKind,
    ExternalScope,
    Filter,
    FilterMode,
    Flow,
    FlowCondition,
    Grant,
    InsiderRisk,
    InsiderRiskCondition,
    LocationCondition,
    LocationScope,
    Operator,
    Platform,
    PlatformCondition,
    PolicyId,
    PolicyState,
    RiskCondition,
    RiskLevel,
    SessionControls,
    SignInFrequency,
    StrengthControl,
    TermsOfUse,
    Unrecognised,
    UnrecognisedControl,
    UserAction,
    UserCondition,
    UserScope,
    WorkloadCondition,
)
from support import whole_names as names
from support.dice import WHAT, Dice
from support.whole_filters import application_filter, complement, device_filter, filter_of

Policy = ConditionalAccessPolicy
Change = Callable[[Dice, Policy], Policy]


class Theme(StrEnum):
    """What a tenant's policies and sign-ins are mostly about; else rules of the rarer kinds would hardly meet."""

    PEOPLE = "people"
    RESOURCES = "resources"
    CHANNELS = "channels"
    PLACES = "places"
    DEVICES = "devices"


def random_policies(dice: Dice, theme: Theme) -> tuple[Policy, ...]:
    """A tenant's policies: some of any shape, and two that belong to the theme."""
    found = [_broad(dice)] * dice.maybe(0.4)
    found += [policy(dice, PolicyId(f"policy-{n}")) for n in range(dice.dice.randint(1, 4))]
    found += [replace(each, id=PolicyId(f"policy-theme-{n}")) for n, each in enumerate(_about(dice, theme))]
    dice.dice.shuffle(found)
    return tuple(found)


def _about(dice: Dice, theme: Theme) -> tuple[Policy, Policy]:
    one, two = (policy(dice, PolicyId("policy")) for _ in range(2))
    match theme:
        case Theme.PEOPLE:
            whom = UserCondition(scope(dice), _excluded(dice))
            other = replace(two, users=UserCondition(UserScope(True), scope(dice)))
            return replace(one, users=whom), _workloads(dice, other) if dice.maybe() else other
        case Theme.RESOURCES:
            everything = ApplicationCondition(ApplicationScope(everything=True), resources(dice))
            other = everything if dice.maybe() else _no_resource(dice)
            return replace(one, applications=_no_resource(dice)), replace(two, applications=other)
        case Theme.CHANNELS:
            return _insider_risk(dice, _flows(dice, one)), dice.one((_flows, _insider_risk))(dice, two)
        case Theme.PLACES:
            return _blocked_country(dice), places(dice, two)
        case Theme.DEVICES:
            return _complementary(dice)


def policy(dice: Dice, id: PolicyId) -> Policy:
    """One policy of any shape."""
    made = ConditionalAccessPolicy(
        id=id,
        display_name=str(id),
        state=state(dice),
        users=WHAT if dice.unsure(1 / 5) else UserCondition(_included(dice), _excluded(dice)),
        applications=WHAT if dice.unsure(1 / 5) else _what(dice),
        grant=_grant(dice),
        session=_session(dice) if dice.maybe(0.15) else SessionControls(),
        unrecognised=dice.unclear(1 / 3),
        settled=not dice.unsettled(),
    )
    if made.grant is None:
        made = replace(made, session=_session(dice))
    for change in dice.some(CONDITIONS, 2):
        made = change(dice, made)
    return made


def state(dice: Dice) -> PolicyState | Unrecognised:
    if dice.unsure(1 / 5):
        return WHAT
    return dice.dice.choices(list(PolicyState), weights=(8, 1, 1))[0]


def _broad(dice: Dice) -> Policy:
    """Everybody needs MFA everywhere, with an exclusion at most: most real tenants have one."""
    return ConditionalAccessPolicy(
        id=PolicyId("policy-broad"),
        display_name="broad",
        state=PolicyState.ENABLED,
        users=UserCondition(
            UserScope(everyone=True), UserScope(groups=dice.some(names.GROUPS, dice.maybe()))
        ),
        applications=ApplicationCondition(
            ApplicationScope(everything=True), ApplicationScope(apps=dice.some(names.NAMEABLE, dice.maybe()))
        ),
        grant=Grant(Operator.OR, (BuiltIn.MFA,)),
    )


def _complementary(dice: Dice) -> tuple[Policy, Policy]:
    """Two policies on devices, of which each leaves out exactly what the other is about."""
    first = device_filter(dice)
    other = (
        filter_of(first.mode, complement(first.expression))
        if dice.maybe()
        else replace(first, mode=_other(first.mode))
    )
    one, two = (replace(_broad(dice), device=chosen, grant=_grant(dice)) for chosen in (first, other))
    return one, two


def _other(mode: FilterMode) -> FilterMode:
    return FilterMode.EXCLUDE if mode is FilterMode.INCLUDE else FilterMode.INCLUDE


def _blocked_country(dice: Dice) -> Policy:
    """Nobody from there, except from a place that may lie in the middle of it."""
    trusted = (
        LocationScope(all_trusted=True)
        if dice.maybe()
        else LocationScope(locations=dice.some(names.RANGES, 2, 1))
    )
    return ConditionalAccessPolicy(
        id=PolicyId("policy"),
        display_name="abroad",
        state=PolicyState.ENABLED,
        users=UserCondition(UserScope(everyone=True)),
        applications=ApplicationCondition(ApplicationScope(everything=True)),
        locations=LocationCondition(LocationScope(locations=dice.some(names.LANDS, 2, 1)), trusted),
        grant=Grant(Operator.OR, (BuiltIn.BLOCK,)),
    )


# ------------------------------------------------------------------------------------------ whom, what and to what


def _included(dice: Dice) -> UserScope:
    return UserScope(everyone=True) if dice.maybe(0.5) else replace(scope(dice), nobody=dice.maybe(0.05))


def _excluded(dice: Dice) -> UserScope:
    return scope(dice) if dice.maybe(0.4) else UserScope()


def scope(dice: Dice) -> UserScope:
    """People by id, in groups, in roles, from outside."""
    groups = (*names.GROUPS, names.NOT_HELD) if dice.unsure() else names.GROUPS
    roles = (*names.ROLES, names.PLACEHOLDER) if dice.unsure() else names.ROLES
    return UserScope(
        users=dice.some(names.PEOPLE, 2),
        groups=dice.some(groups, 1 + dice.maybe()),
        roles=dice.some(roles, 1) if dice.maybe(0.6) else (),
        unrecognised=dice.unclear(),
        externals=tuple(_external(dice) for _ in range(dice.maybe(0.35))),
        agents=dice.maybe(0.05),
    )


def _external(dice: Dice) -> ExternalScope:
    kinds = frozenset(dice.some(tuple(ExternalKind), 6, 1))
    return ExternalScope(kinds, frozenset(dice.some(names.HOMES, 2, 1)) if dice.maybe() else None)


def _what(dice: Dice) -> ApplicationCondition:
    match dice.dice.choices(range(4), weights=(5, 3, 5, 2))[0]:
        case 0:
            return ApplicationCondition(ApplicationScope(everything=True))
        case 1:
            return ApplicationCondition(ApplicationScope(everything=True), resources(dice))
        case 2:
            return ApplicationCondition(
                resources(dice), resources(dice) if dice.maybe(0.3) else ApplicationScope()
            )
        case _:
            return _no_resource(dice)


def _no_resource(dice: Dice) -> ApplicationCondition:
    unclear = dice.unclear(0.5)
    if dice.maybe(0.6):
        actions = frozenset(dice.some(tuple(UserAction), 2, 1))
        return ApplicationCondition(actions=actions, unrecognised_actions=unclear)
    contexts = frozenset(dice.some(names.CONTEXTS, 2, 1))
    return ApplicationCondition(contexts=contexts, unrecognised_contexts=unclear)


def resources(dice: Dice) -> ApplicationScope:
    """Resources by id, in groups, by a filter."""
    return ApplicationScope(
        nothing=dice.maybe(0.03),
        apps=dice.some(names.NAMEABLE, 2),
        unrecognised=dice.unclear(),
        groups=frozenset(dice.some(tuple(AppGroup), 1)) if dice.maybe(0.4) else frozenset(),
        filter=application_filter(dice) if dice.maybe(0.3) else None,
    )


# ------------------------------------------------------------------------------------------------- further conditions


def _clients(dice: Dice, made: Policy) -> Policy:
    kinds = (ClientApp.BROWSER, ClientApp.MODERN, ClientApp.ACTIVE_SYNC, ClientApp.OTHER)
    return replace(made, client_apps=ClientAppCondition(frozenset(dice.some(kinds, 3)), dice.unclear(1)))


def _platforms(dice: Dice, made: Policy) -> Policy:
    kinds = (Platform.ALL, Platform.WINDOWS, Platform.ANDROID, Platform.IOS)
    include, exclude = frozenset(dice.some(kinds, 2, 1)), frozenset(dice.some(kinds[1:], 1))
    return replace(made, platforms=PlatformCondition(include, exclude, dice.unclear(0.5), dice.unclear(0.5)))


def places(dice: Dice, made: Policy) -> Policy:
    """The policy in some places."""
    include = LocationScope(anywhere=True) if dice.maybe(0.5) else _where(dice)
    return replace(
        made, locations=LocationCondition(include, _where(dice) if dice.maybe() else LocationScope())
    )


def _where(dice: Dice) -> LocationScope:
    named = dice.some((*names.RANGES, *names.LANDS, MFA_TRUSTED_IPS), 2)
    named += (names.GSA,) * dice.maybe(0.6)
    return LocationScope(False, dice.maybe(0.25), named, dice.unclear())


def _sign_in_risk(dice: Dice, made: Policy) -> Policy:
    return replace(
        made, sign_in_risk=RiskCondition(frozenset(dice.some(tuple(RiskLevel), 2, 1)), dice.unclear(0.5))
    )


def _user_risk(dice: Dice, made: Policy) -> Policy:
    return replace(
        made, user_risk=RiskCondition(frozenset(dice.some(tuple(RiskLevel), 2, 1)), dice.unclear(0.5))
    )


def _insider_risk(dice: Dice, made: Policy) -> Policy:
    levels = frozenset(dice.some(tuple(InsiderRisk), 2, 1))
    return replace(made, insider_risk=InsiderRiskCondition(levels, dice.unclear(0.5)))


def _flows(dice: Dice, made: Policy) -> Policy:
    return replace(made, flows=FlowCondition(frozenset(dice.some(tuple(Flow)[1:], 2, 1)), dice.unclear(0.5)))


def device(dice: Dice, made: Policy) -> Policy:
    """The policy on some devices."""
    chosen: Filter = device_filter(dice)
    return replace(made, device=chosen)


def _workloads(dice: Dice, made: Policy) -> Policy:
    """A policy on service principals or agents; some name people, too, and nobody knows what that means."""
    whom = WorkloadCondition(
        all_of_the_tenant=dice.maybe(),
        include=frozenset(dice.some(names.OWN, 1)),
        exclude=frozenset(dice.some(names.OWN, 1)),
        unrecognised=dice.unclear(),
        all_agents=dice.maybe(0.3),
        all_agent_users=dice.maybe(0.4),
        agents=frozenset(dice.some(names.OWN, 1)),
        risks=frozenset(dice.some(tuple(RiskLevel), 1)),
        agent_risks=frozenset(dice.some(tuple(RiskLevel), 1)),
    )
    if dice.maybe(0.6):
        return made
    return replace(made, workloads=whom, users=made.users if dice.maybe(0.2) else UserCondition())


CONDITIONS: tuple[Change, ...] = (
    _clients,
    _platforms,
    places,
    places,
    _sign_in_risk,
    _user_risk,
    _insider_risk,
    _flows,
    device,
    _workloads,
)


# --------------------------------------------------------------------------------------------------- what is asked for


def _grant(dice: Dice) -> Grant | None:
    if dice.maybe(0.08):
        return None
    choices: tuple[Control, ...] = (
        BuiltIn.MFA,
        BuiltIn.BLOCK,
        dice.one((BuiltIn.COMPLIANT_DEVICE, BuiltIn.DOMAIN_JOINED_DEVICE, BuiltIn.APPROVED_APPLICATION)),
        StrengthControl(dice.one((*names.STRENGTHS, names.CUSTOM_STRENGTH))),
        dice.one(
            (
                TermsOfUse("terms"),
                TermsOfUse("others"),
                CustomFactor("factor"),
                BuiltIn.PASSWORD_CHANGE,
                BuiltIn.RISK_REMEDIATION,
            )
        ),
        UnrecognisedControl("odd") if dice.unsure() else BuiltIn.MFA,
    )
    controls = tuple(dice.dice.choices(choices, weights=(7, 2, 3, 5, 3, 2), k=dice.dice.randint(1, 2)))
    return Grant(WHAT if dice.unsure() else dice.one((*Operator, Operator.OR, None)), controls)


def _session(dice: Dice) -> SessionControls:
    frequency = SignInFrequency(dice.one((60, 1440, None)), dice.maybe(0.3)) if dice.maybe() else None
    return SessionControls(frequency, dice.one((True, False, None)), dice.unclear(1))
