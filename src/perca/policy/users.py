"""The users condition: everyone, people by id, groups with nesting, roles at tenant scope, kinds of external people; exclude beats include.

Source: concept-conditional-access-users-groups (05/2024) and authentication-conditional-access (05/2024), FACTS.md 3.2, 3.3.4, 3.3.5 and
13.13. Everyone includes guests, and people from outside without an account; these are in no group, hold no role and have no id. A
service principal is nobody of the kind, and whether policies for people cover the user account of an agent isn't documented.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from perca.model import (
    ExternalKind,
    ExternalScope,
    Tenant,
    TenantId,
    UserCondition,
    UserId,
    UserScope,
)
from perca.policy.answer import Answer, No, Unknown, Yes, either, included_but_not_excluded, may_mean
from perca.policy.basis import Basis, Certainty
from perca.policy.coordinates import Coordinate, Principal
from perca.policy.directory import View
from perca.policy.outside import COLLABORATION, Kinds, Outsider, may_have_an_account, outsider
from perca.policy.trust import inbound

ALL = Yes(("all users",))
NAMED = Yes(("named by id",))
AGENTS = Yes(("all user accounts of agents",))
NO_PERSON = "a service principal is no person"
AN_AGENT = Unknown(("whether policies for people cover the user account of an agent",))
SOME_ACCOUNT = Unknown(("which account of the directory the external person has",))

PEOPLE = Basis(Certainty.OFFICIAL, "concept-conditional-access-users-groups", "05/2024")
GUESTS = Basis(Certainty.INFERRED, "authentication-conditional-access", "05/2024")
"""The kinds are documented; that the directory shows them by userType and the invitation is concluded."""


@dataclass(frozen=True, slots=True)
class Users:
    """Holds for the people whom a policy is about."""

    condition: UserCondition
    coordinate: Coordinate = Coordinate.PRINCIPAL

    @property
    def basis(self) -> Basis:
        """The page on users, or what is concluded about guests where the policy names kinds of them."""
        return GUESTS if self.condition.include.externals or self.condition.exclude.externals else PEOPLE

    def holds(self, view: View, value: object) -> Answer:
        """Whether the policy is about this person."""
        assert isinstance(value, Principal)
        nobody = NO_PERSON if value.workload is not None else "not one of the included people"
        include = either(_entries(self.condition.include, view, value), nobody)
        exclude = either(_entries(self.condition.exclude, view, value), "not one of the excluded people")
        answer = included_but_not_excluded(include, exclude)
        return No(answer.because, ("users",)) if isinstance(answer, No) else answer


def is_agent(view: View, who: Principal) -> bool:
    """Whether the account is an agent's."""
    held = None if who.user is None else view.tenant.users.get(who.user)
    return held is not None and held.is_agent


def _entries(scope: UserScope, view: View, who: Principal) -> Iterator[Answer]:
    if who.workload is None:
        if is_agent(view, who):
            if scope.agents:
                yield AGENTS
            yield from (a if isinstance(a, No) else AN_AGENT for a in _person(scope, view, who))
        else:
            yield from _person(scope, view, who)
    if scope.unrecognised:
        yield may_mean(scope.unrecognised, "this person")


def _person(scope: UserScope, view: View, who: Principal) -> Iterator[Answer]:
    if scope.everyone:
        yield ALL
    if who.user is not None:
        yield from _account(scope, view, who.user)
    elif may_have_an_account(who) and (scope.users or scope.groups or scope.roles):
        yield SOME_ACCOUNT
    if scope.externals:
        found = outsider(view.tenant, who)
        yield from (_from_outside(each, view.tenant, found) for each in scope.externals)


def _account(scope: UserScope, view: View, user: UserId) -> Iterator[Answer]:
    if user in scope.users:
        yield NAMED
    for group in scope.groups:
        yield view.in_group(user, group)
    for role in scope.roles:
        yield view.has_role(user, role)


def _from_outside(scope: ExternalScope, tenant: Tenant, found: Outsider) -> Answer:
    """Whether the scope means that person, whatever of the possible kinds it is."""
    answers = [_of_kind(scope, tenant, each, found.home) for each in sorted(found.possible, key=sorted)]
    if len({type(each) for each in answers}) == 1 and not isinstance(answers[0], Unknown):
        return answers[0]
    facts = (fact for each in answers if isinstance(each, Unknown) for fact in each.facts)
    return Unknown(tuple(dict.fromkeys((*found.unclear, *facts))))


def _of_kind(scope: ExternalScope, tenant: Tenant, kinds: Kinds, home: TenantId | None) -> Answer:
    meant = kinds & scope.kinds
    if not meant:
        if ExternalKind.DIRECT_CONNECT in scope.kinds and kinds & COLLABORATION:
            return _by_direct_connect(scope, tenant, home)
        return No(("not of an included kind of external people",))
    words = ", ".join(f"`{kind}`" for kind in sorted(meant))
    if scope.tenants is None:
        return Yes((f"{words} of any tenant",))
    if ExternalKind.INTERNAL_GUEST in meant:
        return Unknown(("whether a list of tenants concerns local guests",))
    if home is None:
        return Unknown(("the home tenant of the external person",))
    if home in scope.tenants:
        return Yes((f"{words} of tenant `{home}`",))
    return No((f"home tenant `{home}` is not one of the policy's",))


def _by_direct_connect(scope: ExternalScope, tenant: Tenant, home: TenantId | None) -> Answer:
    """Policies on direct connect apply, in Teams and SharePoint, to collaboration guests who may use it, too (case M10).

    Unless the settings say that nobody may, nobody knows who does; the sign-in can say so.
    """
    if home is not None and scope.tenants is not None and home not in scope.tenants:
        return No((f"home tenant `{home}` is not one of the policy's",))
    if inbound(tenant, home).direct_connect is False:
        return No(("nobody may use B2B direct connect",))
    return Unknown(("whether the guest may use B2B direct connect, too",))
