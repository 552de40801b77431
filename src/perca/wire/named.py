"""All the unrecognised parts of a policy in one list, for people and for tests that nothing was dropped."""

from __future__ import annotations

from collections.abc import Iterator

from perca.model import ConditionalAccessPolicy, Unrecognised, UnrecognisedControl


def unrecognised_parts(policy: ConditionalAccessPolicy) -> tuple[Unrecognised, ...]:
    """Every part of the policy that isn't modelled, once, with its place."""
    return tuple(dict.fromkeys(_parts(policy)))


def _parts(policy: ConditionalAccessPolicy) -> Iterator[Unrecognised]:
    for whole in (policy.state, policy.users, policy.applications):
        if isinstance(whole, Unrecognised):
            yield whole
    yield from _sides(policy)
    if not isinstance(policy.applications, Unrecognised):
        yield from policy.applications.unrecognised_actions
        yield from policy.applications.unrecognised_contexts
    yield from policy.client_apps.unrecognised
    if policy.platforms is not None:
        yield from policy.platforms.include_unrecognised
        yield from policy.platforms.exclude_unrecognised
    yield from policy.sign_in_risk.unrecognised
    yield from policy.user_risk.unrecognised
    yield from policy.insider_risk.unrecognised
    yield from policy.flows.unrecognised
    if policy.workloads is not None:
        yield from policy.workloads.unrecognised
    yield from policy.unrecognised
    if policy.grant is not None:
        if isinstance(policy.grant.operator, Unrecognised):
            yield policy.grant.operator
        for control in policy.grant.controls:
            if isinstance(control, UnrecognisedControl):
                yield Unrecognised("grantControls", control.word)
    yield from policy.session.unrecognised


def _sides(policy: ConditionalAccessPolicy) -> Iterator[Unrecognised]:
    for condition in (policy.users, policy.applications, policy.locations):
        if condition is not None and not isinstance(condition, Unrecognised):
            yield from condition.include.unrecognised
            yield from condition.exclude.unrecognised
