"""Emergency access accounts that nobody named: policies leave them out on purpose, and what closes such a gap may lock everybody out.

Source: FACTS.md 13.4. Which accounts these are only the operator can say. An account that holds Global Administrator on the onmicrosoft.com
domain, and a group with such a name, are told as what looks like it, and never taken for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from perca.findings.emergency import GLOBAL_ADMINISTRATOR, is_on_initial_domain
from perca.findings.finding import Finding, Kind
from perca.findings.misses import Way
from perca.model import GroupId, Tenant, UserId
from perca.policy import Yes, rulebook

_LEAVING_OUT = frozenset({Way.EXCLUDES_PERSON, Way.EXCLUDES_GROUP, Way.EXCLUDES_ROLE})
_NAMED_SO = re.compile(r"break[\s_.-]*glass|emergency", re.IGNORECASE)


def doubted(tenant: Tenant, gap: Finding) -> Finding:
    """The gap, marked where emergency access accounts may be what it is for: where a policy leaves its people out, or some look like it."""
    if gap.kind is not Kind.GAP or not gap.assessed:
        return gap
    alike = tuple(each for each in gap.people if looks_like_one(tenant, each))
    left_out = any(miss.way in _LEAVING_OUT for miss in gap.because)
    return replace(gap, may_be_emergency=left_out or bool(alike), alike=alike)


def looks_like_one(tenant: Tenant, user: UserId) -> bool:
    """Whether the account is the tenant's own on its onmicrosoft.com domain, and certainly holds Global Administrator."""
    holds = isinstance(rulebook(tenant).has_role(user, GLOBAL_ADMINISTRATOR), Yes)
    return holds and is_on_initial_domain(tenant, tenant.users[user])


def groups_named_so(tenant: Tenant, gap: Finding) -> Iterator[str]:
    """The names of excluded groups that are called after emergency access accounts."""
    entries = (each for miss in gap.because if miss.way is Way.EXCLUDES_GROUP for each in miss.entries)
    for group in dict.fromkeys(entries):
        held = tenant.groups.get(GroupId(group))
        if held is not None and _NAMED_SO.search(held.display_name or ""):
            yield held.display_name or group
