"""What a question's sign-ins are to: so many resources that no policy can tell any other from all of them; or user actions.

A resource is to the rules what its id, its groups, its attributes and its dependencies are. So the targets are the tenants' applications,
those that policies or Microsoft's own rules name with all that such a name means, Exchange, which a client of its own reaches, the certain members of a group that is named, one
Microsoft service that is in none, and one application of which nothing is known; and Microsoft Graph with each amount of scopes, asked
by a native client and by each confidential one whose exclusion matters. Where a policy names the admin portals, which count as
clients, every resource is also one that a portal asks for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from perca.model import (
    GRAPH,
    NATIVE,
    AppGroup,
    AppId,
    ApplicationCondition,
    ApplicationScope,
    Scopes,
    Tenant,
    UserAction,
)
from perca.policy import Target
from perca.policy.admin_tools import APPS as MICROSOFTS_OWN
from perca.policy.app_groups import AZURE_PORTAL, EXCHANGE, GROUPS, KEY_VAULT, covered_by
from perca.policy.dependencies import NEEDS

ANY_OTHER_APP = AppId("0a0a0a0a-0000-4000-8000-00000000a221")
"""Stands for an application that is neither in the tenant's data nor named by a policy."""
PORTAL_OR_NOT = (AZURE_PORTAL, ANY_OTHER_APP)
"""Clients that tell the admin portals apart: one of them, and one that may be."""
ACTIONS = tuple(Target(None, action=action, scopes=Scopes.MORE, requester=NATIVE) for action in UserAction)
"""The targets of the second question: what a person does with their own account."""


def resources(*tenants: Tenant) -> Iterator[Target]:
    """A target for each resource that matters, Microsoft Graph last."""
    conditions = [each for tenant in tenants for each in _conditions(tenant)]
    sides = [side for each in conditions for side in (each.include, each.exclude)]
    known = {app for tenant in tenants for app in tenant.applications}
    portals = any(AppGroup.ADMIN_PORTALS in side.groups for side in sides)
    for app in (*sorted((known | _meant(sides)) - {ANY_OTHER_APP, GRAPH}), ANY_OTHER_APP):
        for client in (NATIVE, *(PORTAL_OR_NOT if portals else ())):
            yield Target(app, scopes=Scopes.MORE, requester=client)
    clients = {client for each in conditions for client in _clients(each, tenants)}
    for scopes in Scopes:
        for client in (NATIVE, *sorted(clients)):
            yield Target(GRAPH, scopes=scopes, requester=client)


def _conditions(tenant: Tenant) -> Iterator[ApplicationCondition]:
    for policy in tenant.policies:
        if isinstance(policy.applications, ApplicationCondition):
            yield policy.applications


def _meant(sides: Iterable[ApplicationScope]) -> set[AppId]:
    """The applications that the sides mean by name or by group, and those that depend on some."""
    found = {*MICROSOFTS_OWN, EXCHANGE}
    for side in sides:
        for app in side.apps:
            found |= covered_by(app)
        for group in side.groups:
            found |= {*GROUPS[group].inside, KEY_VAULT}
        if side.apps or side.groups or side.filter is not None:
            found |= NEEDS.keys()
    return found


def _clients(condition: ApplicationCondition, tenants: Iterable[Tenant]) -> Iterator[AppId]:
    """The confidential clients by which the condition tells requests for Microsoft Graph apart: the named ones, and one of each kind.

    An exclusion leaves them out; and what a client asks for itself, its own ID token, is a sign-in to the client, which may be included.
    """
    sides = (condition.include, condition.exclude)
    if all(side in _ALL_OR_NOTHING for side in sides):
        return
    yield ANY_OTHER_APP
    yield from KINDS
    for side in sides:
        yield from side.apps
    if any(side.groups or side.filter is not None for side in sides):
        yield from _held_kinds(tenants)


_ALL_OR_NOTHING = (ApplicationScope(), ApplicationScope(everything=True))


def _held_kinds(tenants: Iterable[Tenant]) -> Iterable[AppId]:
    """One application for each owner, kind and set of attributes that the data holds."""
    found = {
        (held.owner, held.kind, held.attributes): app
        for tenant in tenants
        for app, held in sorted(tenant.applications.items(), reverse=True)
    }
    return found.values()


def _in_which(app: AppId) -> tuple[tuple[bool, bool], ...]:
    return tuple((app in group.inside, app in group.outside) for group in GROUPS.values())


DOCUMENTED = frozenset(app for group in GROUPS.values() for app in group.inside | group.outside)
KINDS = tuple({_in_which(app): app for app in sorted(DOCUMENTED)}.values())
"""One application for each combination of groups that it is certainly in or out of."""
