"""Plain sign-ins: modern clients, no risk, no flow, no context, a first factor that the person has; to any resource, from anywhere.

A legacy client that gets in is no comfort to somebody who is locked out, and a risk or a device code is no everyday sign-in. Of devices
there are those that the filters of the tenant tell apart, and two at which nothing is wrong: whoever gets in with one of these isn't
locked out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from perca.model import (
    NO_CONTEXT,
    ClientApp,
    Credential,
    Device,
    Flow,
    InsiderRisk,
    RiskLevel,
    SignIn,
    Tenant,
    User,
    UserId,
)
from perca.policy import Rule, Target, Yes, rulebook
from perca.policy.capability import capability_of
from perca.policy.outcome import clause_standing
from perca.policy.security_defaults import SYNCHRONISATION
from perca.prove.locked_out import Access, Judge, access
from perca.space import TooManyDevices, Universe, universe_of

NOBODY_THERE = frozenset({"room", "shared", "equipment"})
"""Purposes of mailboxes of which no one person is the owner."""
MODERN = (ClientApp.BROWSER, ClientApp.MODERN)
GOOD_DEVICES = (Device(True, "AzureAD", whole=True), Device(True, "ServerAD", whole=True))
_BY_METHOD = {
    "fido2": Credential.PASSKEY,
    "windowshelloforbusiness": Credential.WINDOWS_HELLO,
    "temporaryaccesspassonetime": Credential.TEMPORARY_ACCESS_PASS,
}


def _any_rule(rule: Rule) -> bool:
    return True


@dataclass(frozen=True)
class Ground:
    """What the checks share: the tenant, the declared accounts, and its sign-ins, or why nobody can list them."""

    tenant: Tenant
    emergency: tuple[UserId, ...] = ()
    unattended: tuple[UserId, ...] = ()
    """Accounts of services and rooms, at which nobody is there to answer a prompt: the operator's word."""
    over: Universe | str = ""

    @staticmethod
    def of(tenant: Tenant, emergency: Iterable[UserId] = (), unattended: Iterable[UserId] = ()) -> Ground:
        """The ground of a tenant."""
        try:
            over: Universe | str = universe_of(tenant, people=tenant.users)
        except TooManyDevices as spent:
            over = spent.message
        return Ground(tenant, tuple(dict.fromkeys(emergency)), tuple(dict.fromkeys(unattended)), over)

    @cached_property
    def people(self) -> tuple[User, ...]:
        """Who signs in as a person: not the declared accounts, nor agents, rooms, the account that synchronises directories, and
        accounts that are switched off."""
        book, apart = rulebook(self.tenant), {*self.emergency, *self.unattended}
        return tuple(
            user
            for user in self.tenant.users.values()
            if user.account_enabled is not False and not user.is_agent and user.id not in apart
            if self.tenant.mailboxes.get(user.id) not in NOBODY_THERE
            if not isinstance(book.has_role(user.id, SYNCHRONISATION), Yes)
        )

    def access(
        self,
        people: Iterable[UserId],
        credentials: Iterable[Credential],
        *,
        targets: Iterable[Target] | None = None,
        good_devices: bool = True,
        rules: Callable[[Rule], bool] = _any_rule,
        judge: Judge = clause_standing,
    ) -> Iterator[Access]:
        """Whether the people get in at their plain sign-ins with these first factors."""
        asked = tuple(people)
        if not asked:
            return
        if isinstance(self.over, str):
            yield Access(asked, 0, 0, 0, not_decided=self.over)
            return
        where = plain(self.over, asked, frozenset(credentials), good_devices=good_devices)
        if targets is not None:
            where = replace(where, targets=tuple(targets))
        yield from access(self.tenant, where, rules=rules, judge=judge)


def plain(
    over: Universe, people: Iterable[UserId], credentials: frozenset[Credential], *, good_devices: bool
) -> Universe:
    """The plain sign-ins of these people among all."""
    more = tuple(each for each in GOOD_DEVICES if good_devices and each not in over.devices)
    return replace(
        over,
        people=tuple(people),
        strangers=(),
        channels=tuple(
            each
            for each in over.channels
            if each.client in MODERN and each.flow is Flow.NONE and each.credential in credentials
        ),
        sign_in_risks=(RiskLevel.NONE,),
        user_risks=(RiskLevel.NONE,),
        insider_risks=(InsiderRisk.NONE,),
        contexts=(NO_CONTEXT,),
        devices=(*over.devices, *more),
    )


def first_factors(tenant: Tenant, person: UserId) -> frozenset[Credential]:
    """The password, and what else the person has registered that does as a first factor."""
    held = capability_of(tenant, SignIn(person)).registered
    return frozenset({Credential.PASSWORD, *(_BY_METHOD[each] for each in held & _BY_METHOD.keys())})


def by_first_factors(
    tenant: Tenant, people: Iterable[UserId]
) -> Mapping[frozenset[Credential], tuple[UserId, ...]]:
    """The people, those with the same first factors together."""
    found: dict[frozenset[Credential], list[UserId]] = {}
    for person in people:
        found.setdefault(first_factors(tenant, person), []).append(person)
    return {which: tuple(who) for which, who in found.items()}
