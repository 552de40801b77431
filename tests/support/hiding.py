"""Hides known facts of a tenant, one by one: what a reader without them would see.

Of two tenants only facts are hidden that are the same in both, and from both at once. Whatever is then claimed of what is left
must be true of the tenants with nothing hidden.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from typing import TypeVar

from perca.model import (
    AppId,
    ConditionalAccessPolicy,
    CountryNamedLocation,
    FlowCondition,
    Grant,
    GroupId,
    InboundTrust,
    InsiderRiskCondition,
    IpNamedLocation,
    LocationId,
    Missing,
    NotRead,
    OtherNamedLocation,
    PolicyId,
    PolicyState,
    SessionControls,
    StrengthControl,
    StrengthId,
    Tenant,
    TenantId,
    Unrecognised,
    UnrecognisedControl,
    User,
    UserCondition,
    UserId,
)
from perca.policy.outside import facts_of, is_guest, was_invited

S = TypeVar("S")
Hidden = Callable[[Tenant], Tenant]
Shared = Callable[[Callable[[Tenant], object]], bool]
WHY = NotRead("hidden")


def hide(dice: random.Random, *tenants: Tenant, often: float) -> tuple[Tenant, ...]:
    """The tenants without some of the facts that they share."""
    for what in facts(*tenants):
        if dice.random() < often:
            tenants = tuple(map(what, tenants))
    return tenants


def facts(*tenants: Tenant) -> Iterator[Hidden]:
    """Everything that can be hidden, in an order in which hiding one doesn't change whether another is shared."""

    def shared(read: Callable[[Tenant], object]) -> bool:
        first, *others = map(read, tenants)
        return all(first == other for other in others)

    first = tenants[0]
    for user in first.users:
        if shared(lambda t, user=user: t.users[user].per_user_mfa):
            yield lambda t, user=user: _of_user(t, user, per_user_mfa=WHY)
        if shared(lambda t, user=user: facts_of(t.users[user])):
            for part in ("user_type", "creation_type"):
                yield lambda t, user=user, part=part: _mark_hidden(t, user, part)
        if shared(lambda t, user=user: t.registrations.get(user)):
            yield lambda t, user=user: replace(t, registrations=_without(t.registrations, user))
    if shared(lambda t: t.role_assignments):
        yield lambda t: replace(t, role_assignments=WHY)
    if shared(lambda t: t.mfa_settings):
        yield lambda t: replace(t, mfa_settings=replace(t.mfa_settings, trusted_ips=WHY))
        yield lambda t: replace(t, mfa_settings=replace(t.mfa_settings, trust_federated_intranet=WHY))
        yield lambda t: replace(t, mfa_settings=replace(t.mfa_settings, allow_app_passwords=WHY))
    if shared(lambda t: t.security_defaults) and not any(map(_contradicted, tenants)):
        yield lambda t: replace(t, security_defaults=WHY)
    yield from _hidden_organisations(tenants, shared)
    yield from _hidden_policies(tenants)
    for group in first.groups:
        if shared(lambda t, group=group: t.groups.get(group)):
            yield lambda t, group=group: _members_hidden(t, group)
            yield lambda t, group=group: replace(t, groups=_without(t.groups, group))
    for place in first.named_locations:
        if shared(lambda t, place=place: t.named_locations.get(place)):
            yield from (lambda t, how=how, place=place: how(t, place) for how in _PLACES)
    for strength in first.strengths:
        if shared(lambda t, strength=strength: t.strengths.get(strength)):
            yield lambda t, strength=strength: replace(t, strengths=_without(t.strengths, strength))


def _hidden_policies(tenants: tuple[Tenant, ...]) -> Iterator[Hidden]:
    first, *others = tenants
    for policy in first.policies:
        if all(policy in other.policies for other in others):
            yield from (
                lambda t, id=policy.id, how=how: replace(
                    t, policies=tuple(how(p) if p.id == id else p for p in t.policies)
                )
                for how in _PARTS
            )
            if all(each.strengths == first.strengths for each in tenants):
                yield lambda t, id=policy.id: replace(
                    t, policies=tuple(_controls_unsaid(p) if p.id == id else p for p in t.policies)
                )
            yield lambda t, id=policy.id: _unread(t, id)


def _hidden_organisations(tenants: tuple[Tenant, ...], shared: Shared) -> Iterator[Hidden]:
    """What is known of applications, of other tenants and of how baseline scopes are judged."""
    for name in ("baseline_scopes", "registration_policy", "cross_tenant"):
        if shared(lambda t, name=name: getattr(t, name)):
            yield lambda t, name=name: replace(t, **{name: WHY})
    if shared(lambda t: t.cross_tenant):
        for home in getattr(tenants[0].cross_tenant, "partners", ()):
            yield lambda t, home=home: _partner_hidden(t, home)
        for part in fields(InboundTrust):
            yield lambda t, part=part: _trust_hidden(t, part.name)
    for app in tenants[0].applications:
        if shared(lambda t, app=app: t.applications.get(app)):
            yield lambda t, app=app: _of_app(t, app, attributes=WHY)
            for part in ("owner", "kind", "audience"):
                yield lambda t, app=app, part=part: _of_app(t, app, **{part: None})


def _contradicted(tenant: Tenant) -> bool:
    """Whether a policy may be on beside Security Defaults, which the service doesn't allow: it would show that they are off."""
    may_be_on = any(each.state is not PolicyState.REPORT_ONLY for each in tenant.policies)
    return tenant.security_defaults is True and may_be_on


def _of_user(tenant: Tenant, user: UserId, **changed: object) -> Tenant:
    return replace(tenant, users={**tenant.users, user: replace(tenant.users[user], **changed)})


def _mark_hidden(tenant: Tenant, user: UserId, part: str) -> Tenant:
    """Without one word on what kind of account it is.

    Not the last one that marks it as a guest's: such an account is taken for the tenant's own (docs/semantics.md, how it ends), which is
    a choice and no law.
    """
    less = replace(tenant.users[user], **{part: None})
    lost = _is_marked(tenant.users[user]) and not _is_marked(less)
    return tenant if lost else replace(tenant, users={**tenant.users, user: less})


def _is_marked(user: User) -> bool:
    return bool(is_guest(user) or was_invited(user))


def _of_app(tenant: Tenant, app: AppId, **changed: object) -> Tenant:
    held = tenant.applications[app]
    return replace(tenant, applications={**tenant.applications, app: replace(held, **changed)})


def _partner_hidden(tenant: Tenant, home: TenantId) -> Tenant:
    settings = tenant.cross_tenant
    if isinstance(settings, NotRead):
        return tenant
    return replace(tenant, cross_tenant=replace(settings, partners={**settings.partners, home: WHY}))


def _trust_hidden(tenant: Tenant, part: str) -> Tenant:
    """Without one word of the default; a partner that says nothing of it has the default's."""
    settings = tenant.cross_tenant
    if isinstance(settings, NotRead):
        return tenant
    return replace(tenant, cross_tenant=replace(settings, default=replace(settings.default, **{part: None})))


def _members_hidden(tenant: Tenant, group: GroupId) -> Tenant:
    held = tenant.groups.get(group)
    return (
        tenant
        if held is None
        else replace(tenant, groups={**tenant.groups, group: replace(held, members=WHY)})
    )


def _unread(tenant: Tenant, policy: PolicyId) -> Tenant:
    """Without the policy, and without the rest of the page that it stood on."""
    left = tuple(each for each in tenant.policies if each.id != policy)
    gap = Missing("identity/conditionalAccess/policies", "hidden")
    return replace(tenant, policies=left, missing=(*tenant.missing, gap))


def _place_dropped(tenant: Tenant, place: LocationId) -> Tenant:
    """Without the named location, which the reader knows to be missing."""
    gap = Missing(f"identity/conditionalAccess/namedLocations/{place}", "hidden")
    left = _without(tenant.named_locations, place)
    return replace(tenant, named_locations=left, missing=(*tenant.missing, gap))


def _place_changed(tenant: Tenant, place: LocationId, change: Callable[[IpNamedLocation], object]) -> Tenant:
    held = tenant.named_locations.get(place)
    if not isinstance(held, IpNamedLocation):
        return tenant
    return replace(tenant, named_locations={**tenant.named_locations, place: change(held)})


def _ranges_hidden(held: IpNamedLocation) -> IpNamedLocation:
    return replace(held, ranges=(), unrecognised=(Unrecognised("ranges", repr(held.ranges)),))


def _land_changed(tenant: Tenant, place: LocationId, **changed: object) -> Tenant:
    held = tenant.named_locations.get(place)
    if not isinstance(held, CountryNamedLocation):
        return tenant
    return replace(tenant, named_locations={**tenant.named_locations, place: replace(held, **changed)})


def _countries_hidden(tenant: Tenant, place: LocationId) -> Tenant:
    held = tenant.named_locations.get(place)
    unclear = (Unrecognised("countries", repr(held)),)
    return _land_changed(tenant, place, countries=frozenset(), unrecognised=unclear)


def _kind_hidden(tenant: Tenant, place: LocationId) -> Tenant:
    """A place of some kind; not one that may be a trusted range, whose ranges an unread kind wouldn't be."""
    held = tenant.named_locations.get(place)
    if held is None or (isinstance(held, IpNamedLocation) and held.is_trusted is not False):
        return tenant
    other = OtherNamedLocation(held.id, held.display_name, "hidden")
    return replace(tenant, named_locations={**tenant.named_locations, place: other})


_PLACES = (
    _place_dropped,
    lambda t, place: _place_changed(t, place, lambda held: replace(held, is_trusted=None)),
    lambda t, place: _place_changed(t, place, _ranges_hidden),
    lambda t, place: _land_changed(t, place, include_unknown=None),
    lambda t, place: _land_changed(t, place, lookup=None),
    _countries_hidden,
    _kind_hidden,
)


def _unsaid(where: str, what: object) -> tuple[Unrecognised, ...]:
    return (Unrecognised(where, repr(what)),) if what else ()


def _users_unsaid(policy: ConditionalAccessPolicy) -> ConditionalAccessPolicy:
    return replace(policy, users=Unrecognised("users", repr(policy.users)))


def _people_unsaid(policy: ConditionalAccessPolicy) -> ConditionalAccessPolicy:
    if isinstance(policy.users, Unrecognised):
        return policy
    sides = (
        replace(
            side,
            groups=(),
            roles=(),
            externals=(),
            unrecognised=(
                *side.unrecognised,
                *_unsaid("groups", side.groups),
                *_unsaid("roles", side.roles),
                *_unsaid("externals", side.externals),
            ),
        )
        for side in (policy.users.include, policy.users.exclude)
    )
    return replace(policy, users=UserCondition(*sides))


def _apps_unsaid(policy: ConditionalAccessPolicy) -> ConditionalAccessPolicy:
    if isinstance(policy.applications, Unrecognised):
        return policy
    sides = (
        replace(
            side,
            apps=(),
            groups=frozenset(),
            filter=None,
            unrecognised=(
                *side.unrecognised,
                *_unsaid("apps", side.apps),
                *_unsaid("groups", sorted(side.groups)),
                *_unsaid("filter", side.filter),
            ),
        )
        for side in (policy.applications.include, policy.applications.exclude)
    )
    include, exclude = sides
    return replace(policy, applications=replace(policy.applications, include=include, exclude=exclude))


def _no_resource_unsaid(policy: ConditionalAccessPolicy) -> ConditionalAccessPolicy:
    """The actions or the contexts as words that aren't modelled."""
    what = policy.applications
    if isinstance(what, Unrecognised):
        return policy
    actions, contexts = _unsaid("actions", sorted(what.actions)), _unsaid("contexts", sorted(what.contexts))
    unsaid = replace(
        what,
        actions=frozenset(),
        contexts=frozenset(),
        unrecognised_actions=(*what.unrecognised_actions, *actions),
        unrecognised_contexts=(*what.unrecognised_contexts, *contexts),
    )
    return replace(policy, applications=unsaid)


def _what_unsaid(policy: ConditionalAccessPolicy) -> ConditionalAccessPolicy:
    return replace(policy, applications=Unrecognised("applications", repr(policy.applications)))


def _clients_unsaid(policy: ConditionalAccessPolicy) -> ConditionalAccessPolicy:
    types = policy.client_apps.types
    clients = replace(policy.client_apps, types=frozenset(), unrecognised=_unsaid("clients", sorted(types)))
    return replace(policy, client_apps=clients) if types else policy


def _places_unsaid(policy: ConditionalAccessPolicy) -> ConditionalAccessPolicy:
    if policy.locations is None:
        return policy
    sides = (
        replace(
            side,
            all_trusted=False,
            locations=(),
            unrecognised=(
                *side.unrecognised,
                *_unsaid("trusted", side.all_trusted),
                *_unsaid("named", side.locations),
            ),
        )
        for side in (policy.locations.include, policy.locations.exclude)
    )
    return replace(
        policy, locations=replace(policy.locations, **dict(zip(("include", "exclude"), sides, strict=True)))
    )


def _whole_condition_unsaid(policy: ConditionalAccessPolicy) -> ConditionalAccessPolicy:
    names = ("locations", "platforms", "device")
    found = (entry for name in names for entry in _unsaid(name, getattr(policy, name)))
    return replace(policy, **dict.fromkeys(names), unrecognised=(*policy.unrecognised, *found))


def _risks_unsaid(policy: ConditionalAccessPolicy) -> ConditionalAccessPolicy:
    levels = policy.sign_in_risk.levels
    risk = replace(policy.sign_in_risk, levels=frozenset(), unrecognised=_unsaid("risk", sorted(levels)))
    return replace(policy, sign_in_risk=risk) if levels else policy


def _insider_risk_unsaid(policy: ConditionalAccessPolicy) -> ConditionalAccessPolicy:
    levels = policy.insider_risk.levels
    unclear = (*policy.insider_risk.unrecognised, *_unsaid("risk", sorted(levels)))
    return replace(policy, insider_risk=InsiderRiskCondition(frozenset(), unclear))


def _flows_unsaid(policy: ConditionalAccessPolicy) -> ConditionalAccessPolicy:
    unclear = (*policy.flows.unrecognised, *_unsaid("flows", sorted(policy.flows.flows)))
    return replace(policy, flows=FlowCondition(frozenset(), unclear))


def _session_unsaid(policy: ConditionalAccessPolicy) -> ConditionalAccessPolicy:
    session = policy.session
    if session == SessionControls():
        return policy
    unclear = (*session.unrecognised, Unrecognised("session", repr(session)))
    return replace(policy, session=SessionControls(unrecognised=unclear))


def _state_unsaid(policy: ConditionalAccessPolicy) -> ConditionalAccessPolicy:
    return replace(policy, state=Unrecognised("state", repr(policy.state)))


def _operator_unsaid(policy: ConditionalAccessPolicy) -> ConditionalAccessPolicy:
    grant = policy.grant
    return (
        policy
        if grant is None
        else replace(policy, grant=replace(grant, operator=Unrecognised("operator", "?")))
    )


def _controls_unsaid(policy: ConditionalAccessPolicy) -> ConditionalAccessPolicy:
    """The controls as words that aren't modelled, or as strengths that nobody read, for no word can be one.

    A word is taken to mean the same in both tenants, so it must.
    """
    if policy.grant is None:
        return policy
    controls = tuple(
        StrengthControl(StrengthId(f"hidden:{control.strength}"))
        if isinstance(control, StrengthControl)
        else UnrecognisedControl(str(control))
        for control in policy.grant.controls
    )
    return replace(policy, grant=Grant(policy.grant.operator, controls))


_PARTS = (
    _users_unsaid,
    _people_unsaid,
    _apps_unsaid,
    _clients_unsaid,
    _places_unsaid,
    _whole_condition_unsaid,
    _risks_unsaid,
    _no_resource_unsaid,
    _what_unsaid,
    _insider_risk_unsaid,
    _flows_unsaid,
    _session_unsaid,
    _state_unsaid,
    _operator_unsaid,
)


def _without(mapping: object, key: UserId | GroupId | LocationId | StrengthId) -> dict[object, object]:
    return {each: value for each, value in mapping.items() if each != key}
