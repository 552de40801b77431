"""Hides known facts of a tenant, one by one: what a reader without them would see.

Of two tenants only facts are hidden that are the same in both, and from both at once. Whatever is then claimed of what is left
must be true of the tenants with nothing hidden.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TypeVar

from perca.model import (
    ApplicationCondition,
    ConditionalAccessPolicy,
    Grant,
    GroupId,
    IpNamedLocation,
    LocationId,
    Missing,
    NotRead,
    OtherNamedLocation,
    PolicyId,
    StrengthId,
    Tenant,
    Unrecognised,
    UnrecognisedControl,
    UserCondition,
    UserId,
)

S = TypeVar("S")
Hidden = Callable[[Tenant], Tenant]
WHY = NotRead("hidden")


def hide(dice: random.Random, *tenants: Tenant, often: float) -> tuple[Tenant, ...]:
    """The tenants without some of the facts that they share."""
    for what in _facts(*tenants):
        if dice.random() < often:
            tenants = tuple(map(what, tenants))
    return tenants


def _facts(*tenants: Tenant) -> Iterator[Hidden]:
    """Everything that can be hidden, in an order in which hiding one doesn't change whether another is shared."""

    def shared(read: Callable[[Tenant], object]) -> bool:
        first, *others = map(read, tenants)
        return all(first == other for other in others)

    first = tenants[0]
    for user in first.users:
        if shared(lambda t, user=user: t.users[user].per_user_mfa):
            yield lambda t, user=user: _state_hidden(t, user)
        if shared(lambda t, user=user: t.registrations.get(user)):
            yield lambda t, user=user: replace(t, registrations=_without(t.registrations, user))
    if shared(lambda t: t.role_assignments):
        yield lambda t: replace(t, role_assignments=WHY)
    if shared(lambda t: t.mfa_settings):
        yield lambda t: replace(t, mfa_settings=replace(t.mfa_settings, trusted_ips=WHY))
        yield lambda t: replace(t, mfa_settings=replace(t.mfa_settings, trust_federated_intranet=WHY))
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


def _state_hidden(tenant: Tenant, user: UserId) -> Tenant:
    return replace(tenant, users={**tenant.users, user: replace(tenant.users[user], per_user_mfa=WHY)})


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


_PLACES = (
    _place_dropped,
    lambda t, place: _place_changed(t, place, lambda held: replace(held, is_trusted=None)),
    lambda t, place: _place_changed(t, place, _ranges_hidden),
    lambda t, place: _place_changed(
        t,
        place,
        lambda held: OtherNamedLocation(held.id, "", "country") if held.is_trusted is False else held,
    ),
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
            unrecognised=(*side.unrecognised, *_unsaid("groups", side.groups), *_unsaid("roles", side.roles)),
        )
        for side in (policy.users.include, policy.users.exclude)
    )
    return replace(policy, users=UserCondition(*sides))


def _apps_unsaid(policy: ConditionalAccessPolicy) -> ConditionalAccessPolicy:
    if isinstance(policy.applications, Unrecognised):
        return policy
    sides = (
        replace(side, apps=(), unrecognised=(*side.unrecognised, *_unsaid("apps", side.apps)))
        for side in (policy.applications.include, policy.applications.exclude)
    )
    return replace(policy, applications=ApplicationCondition(*sides))


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
    found = _unsaid("locations", policy.locations), _unsaid("platforms", policy.platforms)
    unrecognised = (*policy.unrecognised, *(entry for some in found for entry in some))
    return replace(policy, locations=None, platforms=None, unrecognised=unrecognised)


def _risks_unsaid(policy: ConditionalAccessPolicy) -> ConditionalAccessPolicy:
    levels = policy.sign_in_risk.levels
    risk = replace(policy.sign_in_risk, levels=frozenset(), unrecognised=_unsaid("risk", sorted(levels)))
    return replace(policy, sign_in_risk=risk) if levels else policy


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
    """The controls as words that aren't modelled; a word is taken to mean the same in both tenants, so it must."""
    if policy.grant is None:
        return policy
    controls = tuple(UnrecognisedControl(str(control)) for control in policy.grant.controls)
    return replace(policy, grant=Grant(policy.grant.operator, controls))


_PARTS = (
    _users_unsaid,
    _people_unsaid,
    _apps_unsaid,
    _clients_unsaid,
    _places_unsaid,
    _whole_condition_unsaid,
    _risks_unsaid,
    _state_unsaid,
    _operator_unsaid,
)


def _without(mapping: object, key: UserId | GroupId | LocationId | StrengthId) -> dict[object, object]:
    return {each: value for each, value in mapping.items() if each != key}
