"""The prober: it checks the deed, not the meaning, by signing in again and again while the migration runs.

For everybody concerned: browser, desktop client, legacy client with the ordinary password and with an app password; two resources, two
places. A sign-in that needed MFA in the snapshot and now gets in without is a failure; so is an emergency account that is refused.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Protocol

from perca.errors import NotAssessed
from perca.migrate.guard import emergency_sign_ins
from perca.model import (
    Address,
    AppId,
    ClientApp,
    Credential,
    IpNamedLocation,
    NotRead,
    Platform,
    RiskLevel,
    SignIn,
    Tenant,
    UserId,
)
from perca.policy import Mfa, decide

APPS = (AppId("00000002-0000-0ff1-ce00-000000000000"), AppId("00000003-0000-0ff1-ce00-000000000000"))
"""Exchange Online and SharePoint Online."""

WAYS = (
    (ClientApp.BROWSER, Credential.PASSWORD),
    (ClientApp.MODERN, Credential.PASSWORD),
    (ClientApp.OTHER, Credential.PASSWORD),
    (ClientApp.OTHER, Credential.APP_PASSWORD),
)
ELSEWHERE = tuple(map(ipaddress.ip_address, ("203.0.113.23", "198.51.100.23", "192.0.2.23", "100.64.0.23")))
"""Addresses of which one will lie in no range that the tenant names."""


def places(tenant: Tenant) -> tuple[Address, Address]:
    """An address inside the company, where one is known, and one that lies in no range that the tenant names.

    Raises NotAssessed when each candidate for the second lies in a named range.
    """
    ranges = [
        r
        for place in tenant.named_locations.values()
        if isinstance(place, IpNamedLocation)
        for r in place.ranges
    ]
    trusted = tenant.mfa_settings.trusted_ips
    inside = [] if isinstance(trusted, NotRead) else list(trusted)
    outside = [each for each in ELSEWHERE if not any(r.holds(each) for r in (*ranges, *inside))]
    if not outside:
        raise NotAssessed(
            "no address is outside every named location", "probe the tenant from a place of its own"
        )
    office = next((r.network[min(10, r.network.num_addresses - 1)] for r in (*inside, *ranges)), outside[-1])
    return office, outside[0]


@dataclass(frozen=True, slots=True)
class Ended:
    """How a tried sign-in ended: `granted`, `prompt`, `blocked` or `notAssessed`; `row` is its row in the log."""

    outcome: str
    row: str = ""


class SignInService(Protocol):
    """Something that people sign in to."""

    async def sign_ins(self, questions: Sequence[SignIn]) -> Sequence[Ended]:
        """Tries these sign-ins in order, each a fresh one, and says how each ended."""
        ...


@dataclass(frozen=True, slots=True)
class Gap:
    """A failure: this sign-in got in without MFA where MFA was required before, or an emergency account was refused."""

    when: str
    sign_in: SignIn
    words: str


@dataclass
class Prober:
    """Tries the same sign-ins round after round and keeps the failures."""

    before: Tenant
    people: Sequence[UserId]
    emergency: Sequence[UserId]
    service: SignInService
    gaps: list[Gap] = field(default_factory=list)
    rounds: int = 0
    tried: int = 0

    def __post_init__(self) -> None:
        self._places = places(self.before)
        questions = self._questions(self.people)
        self._watched = [(each, decide(self.before, each).mfa is Mfa.REQUIRED) for each in questions]
        self._kept = [
            question
            for person in self.emergency
            for question in emergency_sign_ins(person, self.before.registrations.get(person))
        ]

    @property
    def needed(self) -> int:
        """How many of the sign-ins needed MFA in the snapshot."""
        return sum(needing for _, needing in self._watched)

    async def round(self, when: str, *, everything: bool = False) -> int:
        """One round of sign-ins; returns how many failures it found.

        The first round tries every sign-in, later ones those that needed MFA in the snapshot, since the others can't fail, or
        `everything` again.
        """
        found = len(self.gaps)
        everything = everything or not self.rounds
        asked = [(question, needing) for question, needing in self._watched if needing or everything]
        ended = await self.service.sign_ins([question for question, _ in asked])
        for (question, needing), end in zip(asked, ended, strict=True):
            if needing and end.outcome == "granted":
                self.gaps.append(Gap(when, question, "got in without MFA where MFA was required before"))
        for question, end in zip(self._kept, await self.service.sign_ins(self._kept), strict=True):
            if end.outcome not in ("granted", "prompt"):
                self.gaps.append(Gap(when, question, f"emergency account was refused ({end.outcome})"))
        self.rounds += 1
        self.tried += len(asked) + len(self._kept)
        return len(self.gaps) - found

    def _questions(self, people: Iterable[UserId]) -> Iterator[SignIn]:
        for person, (client, credential), app, place in product(people, WAYS, APPS, self._places):
            yield SignIn(
                user=person,
                app=app,
                client=client,
                platform=Platform.WINDOWS,
                address=place,
                sign_in_risk=RiskLevel.NONE,
                user_risk=RiskLevel.NONE,
                credential=credential,
            )
