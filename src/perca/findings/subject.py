"""Whom a policy is about: what its conditions on the person say, whatever else it asks of a sign-in; and the policy without somebody."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from perca.model import ConditionalAccessPolicy, PolicyId, RoleId, UserCondition, UserId
from perca.policy import Answer, Coordinate, Principal, Rule, Rulebook
from perca.policy.answer import every
from perca.policy.conditional_access import PROVIDER

_WHO = (Coordinate.PRINCIPAL, Coordinate.NOTHING)


def acting(book: Rulebook) -> Iterator[tuple[Rule, ConditionalAccessPolicy | None]]:
    """The rules of policies that may block or ask for something; None for policies that nobody read."""
    held = {policy.id: policy for policy in book.tenant.policies}
    for rule in book.rules:
        if rule.source.provider == PROVIDER and rule.enforced and (rule.clauses or rule.session.unrecognised):
            yield rule, held.get(PolicyId(rule.source.id))


def about(book: Rulebook, rule: Rule, user: UserId) -> Answer:
    """Whether the rule is about the person at some sign-in; unknown, too, where nobody knows whether it acts at all."""
    who = Principal(user)
    return every(
        condition.holds(book, who if condition.coordinate is Coordinate.PRINCIPAL else None)
        for condition in rule.conditions
        if condition.coordinate in _WHO
    )


def without(
    policy: ConditionalAccessPolicy | None, *users: UserId, role: RoleId | None = None
) -> ConditionalAccessPolicy | None:
    """The policy with the people, or the holders of the role, excluded by id; None where its users can't be read."""
    if policy is None or not isinstance(policy.users, UserCondition):
        return None
    exclude = policy.users.exclude
    more = replace(
        exclude,
        users=tuple(dict.fromkeys((*exclude.users, *users))),
        roles=tuple(dict.fromkeys((*exclude.roles, *([role] if role is not None else [])))),
    )
    return replace(policy, users=replace(policy.users, exclude=more))
