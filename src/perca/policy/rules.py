"""Every source of a requirement, in one visible tuple; and `applies`, the first of the three functions that decide."""

from __future__ import annotations

import weakref
from functools import cached_property

from perca.model import SignIn, Tenant
from perca.policy import conditional_access, microsoft, per_user
from perca.policy.answer import Answer, every
from perca.policy.directory import View
from perca.policy.rule import Rule, value_at

SOURCES = (per_user.rules, microsoft.rules, conditional_access.rules)


class Rulebook(View):
    """A view of a tenant with all of its rules."""

    @cached_property
    def rules(self) -> tuple[Rule, ...]:
        """All rules, enforced and report-only."""
        return tuple(rule for source in SOURCES for rule in source(self))


def applies(rule: Rule, view: View, sign_in: SignIn) -> Answer:
    """Whether the rule applies to the sign-in: all conditions hold; one that fails decides, whatever else is unknown."""
    return every(
        condition.holds(view, value_at(sign_in, condition.coordinate)) for condition in rule.conditions
    )


_books: dict[int, tuple[weakref.ref[Tenant], Rulebook]] = {}


def rulebook(tenant: Tenant) -> Rulebook:
    """The tenant's rules; the same object for the same tenant as long as the tenant is alive."""
    known = _books.get(id(tenant))
    if known is not None and known[0]() is tenant:
        return known[1]
    book = Rulebook(tenant)
    key = id(tenant)
    forget = (
        _books.pop
    )  # bound now: at the end of the process the module's own names are gone before the tenant is
    _books[key] = (weakref.ref(tenant, lambda _: forget(key, None)), book)
    return book


def rules(tenant: Tenant) -> tuple[Rule, ...]:
    """All rules of the tenant."""
    return rulebook(tenant).rules
