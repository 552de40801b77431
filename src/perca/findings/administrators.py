"""Administrators: whether somebody is left, apart from emergency accounts, who gets into the portal where policies are mended.

Source: FACTS.md 7.3 for the roles that may change policies. Roles count where they are active at the scope of the tenant; who would have to
activate one first is nobody yet.
"""

from __future__ import annotations

from collections.abc import Iterator

from perca.findings.barred import held_apart, lacks, policies_of, told
from perca.findings.finding import Finding, Kind, Severity, finding
from perca.findings.plain import Ground, by_first_factors
from perca.model import NATIVE, Scopes, UserId
from perca.policy import Target, Unknown, Yes, rulebook
from perca.policy.admin_tools import PORTAL
from perca.policy.administrators import ROLES
from perca.prove.locked_out import Access

MENDING = frozenset({"Global Administrator", "Conditional Access Administrator", "Security Administrator"})
"""The roles that may change Conditional Access policies."""
_PORTAL = (Target(PORTAL, scopes=Scopes.MORE, requester=NATIVE),)


def findings(ground: Ground, *, least: int = 1) -> Iterator[Finding]:
    """Those who can't get into the portal; and that fewer than `least` provably can, if it is so."""
    people, unread = _holders(ground)
    found = [
        each
        for factors, who in by_first_factors(ground.tenant, people).items()
        for each in ground.access(who, factors, targets=_PORTAL)
    ]
    yield from told(ground, Kind.ADMINISTRATOR_BARRED, Severity.MEDIUM, found)
    get_in, unsure = _counted(ground, found)
    if len(get_in) >= least:
        return
    missing = (*unread, *unsure)
    yield finding(
        Kind.NO_ADMINISTRATOR_GETS_IN,
        Severity.HIGH,
        people=people,
        witness=next((each.witness or each.unclear for each in found if each.rules), None),
        policies=policies_of(ground, (rule for each in found for rule in each.rules)),
        missing=tuple(dict.fromkeys(missing)),
    )


def _holders(ground: Ground) -> tuple[tuple[UserId, ...], tuple[str, ...]]:
    """Who certainly holds one of the roles, and why there may be more."""
    book = rulebook(ground.tenant)
    roles = [role for role, name in ROLES.items() if name in MENDING]
    found: list[UserId] = []
    unread: dict[str, None] = {}
    for user in held_apart(ground, ground.tenant.users):
        answers = [book.has_role(user, role) for role in roles] if user not in ground.emergency else []
        if any(isinstance(each, Yes) for each in answers):
            found.append(user)
        else:
            unread |= dict.fromkeys(fact for a in answers if isinstance(a, Unknown) for fact in a.facts)
    return tuple(found), tuple(unread)


def _counted(ground: Ground, found: list[Access]) -> tuple[list[UserId], list[str]]:
    """Who provably gets in; and the facts without which nobody knows of others."""
    users = ground.tenant.users
    get_in: list[UserId] = []
    unsure: list[str] = []
    for each in found:
        enabled = [person for person in each.people if users[person].account_enabled]
        if each.ever:
            get_in += enabled
            if len(enabled) < len(each.people):
                unsure.append("whether the administrators' accounts are enabled (accountEnabled)")
        elif each.ever is None:
            unsure += lacks(each)
    return get_in, unsure
