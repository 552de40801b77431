"""Who can take a person out of MFA: whoever may edit a group by which policies cover people, or leave them out.

Source: FACTS.md 13.11: owners, Groups and User Administrators and any application that may write groups; of a role-assignable group only
its owners and Privileged Role Administrators. Of what a dynamic rule looks at, people may change their own mobile phone number
(users-default-permissions, 2025). Groups nested in such a group count like it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from perca.findings.finding import Finding, Kind, Severity, finding
from perca.model import Group, GroupId, NotRead, ObjectId, PolicyId, Tenant, UserId
from perca.policy import covers, rulebook
from perca.policy.users import Users

OWN_ATTRIBUTES = frozenset({"mobile"})
"""What a person may change of their own that a membership rule can look at, folded."""
_LOOKED_AT = re.compile(r"user\.([a-z0-9_]+)")


def editors(tenant: Tenant) -> Iterator[Finding]:
    """By group, who may edit it; and once for all groups, that nobody read who owns them."""
    unread: dict[PolicyId, None] = {}
    excluding, including = _groups(tenant, exclude=True), _groups(tenant, exclude=False)
    for id, policies in {**including, **excluding}.items():
        group = tenant.groups[id]
        severity = Severity.MEDIUM if id in excluding else Severity.LOW
        named = (group.display_name or id,)
        if isinstance(group.owners, NotRead):
            unread |= dict.fromkeys(policies)
        elif group.owners:
            owners = tuple(user for user in tenant.users if ObjectId(user) in group.owners)
            yield finding(Kind.OWNERS_TAKE_OUT, severity, id, people=owners, policies=policies, named=named)
        if group.role_assignable is not True:
            yield finding(Kind.EDITORS_TAKE_OUT, severity, id, policies=policies, named=named)
        if _by_own_attributes(group):
            people = _people(tenant, id)
            yield finding(
                Kind.OWN_ATTRIBUTES_TAKE_OUT, severity, id, people=people, policies=policies, named=named
            )
    if unread:
        fact = "who owns the groups that policies include or exclude (owners)"
        yield finding(Kind.OWNERS_TAKE_OUT, Severity.LOW, policies=tuple(unread), missing=(fact,))


def _groups(tenant: Tenant, *, exclude: bool) -> Mapping[GroupId, tuple[PolicyId, ...]]:
    """The groups, and those nested in them, on that side of policies that cover; each with these policies."""
    found: dict[GroupId, dict[PolicyId, None]] = {}
    for rule in rulebook(tenant).rules:
        for condition in rule.conditions if covers(rule, unknown_as=True) else ():
            if isinstance(condition, Users):
                scope = condition.condition.exclude if exclude else condition.condition.include
                for group in _nested(tenant, scope.groups):
                    found.setdefault(group, {})[PolicyId(rule.source.id)] = None
    return {group: tuple(policies) for group, policies in found.items()}


def _nested(tenant: Tenant, roots: tuple[GroupId, ...]) -> Iterator[GroupId]:
    waiting, seen = list(roots), set[GroupId]()
    while waiting:
        id = waiting.pop()
        group = tenant.groups.get(id)
        if group is None or id in seen:
            continue
        seen.add(id)
        yield id
        if not isinstance(group.members, NotRead):
            waiting += [GroupId(each) for each in sorted(group.members) if GroupId(each) in tenant.groups]


def _by_own_attributes(group: Group) -> bool:
    looked_at = _LOOKED_AT.findall((group.membership_rule or "").casefold())
    return not OWN_ATTRIBUTES.isdisjoint(looked_at)


def _people(tenant: Tenant, group: GroupId) -> tuple[UserId, ...]:
    within = rulebook(tenant).membership(group).people
    return tuple(user for user in tenant.users if ObjectId(user) in within)
