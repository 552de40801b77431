"""Where somebody is at home, and what of their home counts here: whom we can ask for MFA, and whose device we can see.

Source: authentication-conditional-access (05/2024, how external people sign in), FACTS.md 13.13. Without trust a B2B collaboration guest
does MFA here and a B2B direct connect person can't; a device is only ever managed at home. Somebody whose account nothing marks as
a guest's (neither `userType`, nor an invitation, nor `#EXT#`) is taken for the tenant's own. Where nobody knows who it is, all that it
might be is given.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from perca.model import ExternalKind, InboundTrust, Tenant, TenantId, User
from perca.policy.coordinates import Principal
from perca.policy.outside import COLLABORATION, LOCAL, OWN, Kinds, is_guest, outsider, was_invited
from perca.policy.trust import inbound


class Place(Enum):
    """How somebody is connected with the tenant."""

    HERE = "one of the tenant's own people"
    COLLABORATION = "a B2B collaboration guest or member"
    DIRECT_CONNECT = "a B2B direct connect person"
    OTHERWISE = "somebody else from outside"


@dataclass(frozen=True, slots=True)
class Home:
    """Somebody's home; `trust` is what the tenant trusts of it, each None where that isn't known."""

    place: Place
    trust: InboundTrust = InboundTrust()


HERE = Home(Place.HERE)
_WITH_AN_OBJECT = frozenset({OWN, *(frozenset({kind}) for kind in ExternalKind if kind.has_object)})
"""Who somebody with an account of the directory may be, if nothing more is said."""


def homes(tenant: Tenant, who: Principal) -> tuple[Home, ...]:
    """Where the person is at home: one place where it is certain, else each that it may be."""
    held = None if who.user is None else tenant.users.get(who.user)
    if who.external is None and held is not None and not _is_marked(held):
        return (HERE,)
    found = outsider(tenant, who)
    possible = found.possible
    if who.external is None and who.user is not None:
        possible = possible & _WITH_AN_OBJECT
    return tuple(dict.fromkeys(_home(tenant, kinds, found.home) for kinds in sorted(possible, key=sorted)))


def _home(tenant: Tenant, kinds: Kinds, home: TenantId | None) -> Home:
    if kinds in (OWN, LOCAL):
        return HERE
    trust = inbound(tenant, home)
    if ExternalKind.DIRECT_CONNECT in kinds:
        return Home(Place.DIRECT_CONNECT, trust)
    return Home(Place.COLLABORATION if kinds <= COLLABORATION else Place.OTHERWISE, trust)


def _is_marked(user: User) -> bool:
    """Whether something in the account says that the person is a guest, or was invited."""
    return bool(is_guest(user)) or bool(was_invited(user))
