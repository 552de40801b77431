"""Baseline scopes: what a request counts as that asks Microsoft Graph for next to nothing, before the change of 2026 and after.

Source: concept-enforcement-resource-exclusions (06/2026) and concept-conditional-access-cloud-apps (01/2026), FACTS.md 3.4. A policy on all
resources that leaves one out used to leave such requests out as well; now they count as requests for the directory, or for an
application that the tenant chose. The change came to tenants one by one from 2026-06-15; that it was complete in mid-August is a
third party's reading of Microsoft's announcement (office365itpros, 2026-06-19), so the window ends with that month.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from perca.model import DIRECTORY, GRAPH, NATIVE, NOBODY_CHOSE, AppId, NotRead, Scopes
from perca.policy.coordinates import Target
from perca.policy.directory import View

ANNOUNCED, BEGAN, COMPLETE = "2026-03-01", "2026-06-15", "2026-09-01"
"""The days from which a tenant could choose, the change reached tenants that had not chosen, and had reached all of them."""
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A request that a policy on all resources leaves out if it leaves out any; for every other it counts as one for `app`.

    `by` is the confidential client that asks, which the policy must leave out too; None for a native client.
    """

    app: AppId
    by: AppId | None = None


Reading = AppId | LeftOut | None
"""What a request counts as: one for that resource, one that may be left out; None for a resource that nobody knows."""


@dataclass(frozen=True, slots=True)
class Readings:
    """All that a request may count as, and the facts that would tell which."""

    each: tuple[Reading, ...]
    facts: tuple[str, ...] = ()


def choices(view: View) -> tuple[tuple[AppId | None, ...], tuple[str, ...]]:
    """The resources as which the tenant's baseline scopes may be evaluated, None for the old rule; and what isn't known of it.

    A tenant of which nobody read what it chose may have chosen any application of its own: `NOBODY_CHOSE` stands for that one.
    """
    chosen, day = view.tenant.baseline_scopes, view.tenant.taken_at[:10]
    dated = _DAY.fullmatch(day) is not None
    if isinstance(chosen, NotRead):
        if dated and day < ANNOUNCED:
            return (None,), ()
        return (None, DIRECTORY, NOBODY_CHOSE), (f"how baseline scopes are enforced: {chosen.why}",)
    if chosen != NOBODY_CHOSE:
        return (chosen,), ()
    if dated and day < BEGAN:
        return (None,), ()
    if dated and day >= COMPLETE:
        return (DIRECTORY,), ()
    return (None, DIRECTORY), ("whether the change of baseline scopes has reached the tenant",)


def readings(view: View, target: Target) -> Readings:
    """What the request for the target's resource may count as."""
    app = target.app
    if app is None or app not in (GRAPH, DIRECTORY):
        return Readings((app,))
    chosen, unknown = choices(view)
    asked = Scopes if target.scopes is None else (target.scopes,)
    by = (NATIVE, None) if target.requester is None else (target.requester,)
    found = tuple(
        dict.fromkeys(
            each
            for scopes in asked
            for client in by
            for resource in chosen
            for each in _readings(app, scopes, client, resource)
        )
    )
    facts = list(unknown)
    if target.scopes is None:
        facts.append("which scopes the sign-in asks for is not known")
    if target.requester is None:
        facts.append("which client asks is not known")
    return Readings(found, tuple(facts))


def _readings(app: AppId, scopes: Scopes, client: AppId | None, chosen: AppId | None) -> Iterator[Reading]:
    """`client` is None for a confidential one that nobody told, `chosen` for the old rule."""
    if scopes is Scopes.MORE:
        yield app
    elif client != NATIVE and scopes is Scopes.OIDC:
        yield client  # an ID token for the client itself
    elif client == NATIVE and scopes is Scopes.DIRECTORY:
        # More than a native client had for free, and a baseline scope all the same.
        yield app
        if chosen is not None:
            yield chosen
    elif chosen is not None:
        yield chosen
    elif client is None:
        yield from (app, LeftOut(app))
    else:
        yield LeftOut(app, None if client == NATIVE else client)
