"""Thirty days of sign-ins of an invented company, for a sample of its people: what an administrator finds in the log.

Each row is made by the same judge as a sign-in of today, at a time in the past; what is invented is only who tried what. Everybody with
an app password uses it on a legacy protocol; some people without per-user MFA still use their ordinary password there.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence

from perca.model import (
    AppId,
    ClientApp,
    Credential,
    Device,
    Flow,
    Platform,
    RiskLevel,
    Session,
    SignIn,
    UserId,
)
from perca.model.places import Address, IpRange
from perca.tenant.apps import EXCHANGE, OFFICE_PORTAL, SHAREPOINT, TEAMS
from perca.tenant.seed.people import Kind, Person
from perca.tenant.sign_in import Attempt

DAYS = 30
HOUR = 3_600_000_000
SAMPLE = 300
"""How many people besides those who must be there."""

_PLACES = ("198.51.100.0/25", "192.0.2.0/25", "203.0.113.0/25")
_MODERN = ((ClientApp.BROWSER, "Browser"), (ClientApp.MODERN, "Mobile Apps and Desktop clients"))
_PLATFORMS = (Platform.WINDOWS, Platform.WINDOWS, Platform.IOS, Platform.ANDROID, Platform.MACOS)
_PROTOCOLS = ("IMAP4", "Authenticated SMTP", "POP3", "Exchange Web Services")


def attempts(people: Sequence[Person], number: int, now: int) -> list[tuple[int, Attempt]]:
    """What was tried, each with its time, the oldest first."""
    chance = random.Random(f"history/{number}")
    found: list[tuple[int, Attempt]] = []
    others: list[Person] = []
    for person in people:
        match person.kind:
            case Kind.APP_PASSWORD:
                found.extend(_legacy(person, chance, now, 3, Credential.APP_PASSWORD))
                found.extend(_modern(person, chance, now, 2))
            case Kind.EMERGENCY:
                found.extend(_modern(person, chance, now, 1, Credential.PASSKEY))
            case Kind.SYNCHRONISATION:
                pass
            case _:
                others.append(person)
    for person in chance.sample(others, min(SAMPLE, len(others))):
        found.extend(_modern(person, chance, now, 1 + chance.randrange(8)))
        if person.kind is Kind.DISABLED and chance.random() < 0.1:
            found.extend(_legacy(person, chance, now, 2, Credential.PASSWORD))
    return sorted(found, key=lambda pair: pair[0])


def _modern(
    person: Person, chance: random.Random, now: int, count: int, credential: Credential = Credential.PASSWORD
) -> Iterator[tuple[int, Attempt]]:
    for _ in range(count):
        client, word = chance.choice(_MODERN)
        app = chance.choice((EXCHANGE, EXCHANGE, SHAREPOINT, TEAMS, OFFICE_PORTAL))
        asked = _sign_in(person, app, client, chance, credential)
        yield _when(chance, now), Attempt(asked, word)


def _legacy(
    person: Person, chance: random.Random, now: int, count: int, credential: Credential
) -> Iterator[tuple[int, Attempt]]:
    protocol = chance.choice(_PROTOCOLS)
    for _ in range(count):
        yield (
            _when(chance, now),
            Attempt(_sign_in(person, EXCHANGE, ClientApp.OTHER, chance, credential), protocol),
        )


def _when(chance: random.Random, now: int) -> int:
    """Whole seconds, within the thirty days before, and not within the last hour."""
    return now - HOUR - chance.randrange(DAYS * 24 * 3600 - 7200) * 1_000_000


def _sign_in(
    person: Person, app: str, client: ClientApp, chance: random.Random, credential: Credential
) -> SignIn:
    managed = chance.random() < 0.6
    return SignIn(
        user=UserId(person.id),
        app=AppId(app),
        client=client,
        platform=Platform.UNKNOWN if client.is_legacy else chance.choice(_PLATFORMS),
        address=_address(chance),
        sign_in_risk=RiskLevel.NONE,
        user_risk=RiskLevel.NONE,
        credential=credential,
        flow=Flow.NONE,
        device=Device(managed, "AzureAD" if managed else "none"),
        # Whoever can do MFA mostly has: the log of a working day is not made of prompts.
        session=Session(
            mfa=not client.is_legacy and bool(person.methods) and chance.random() < 0.9, remembered=False
        ),
    )


def _address(chance: random.Random) -> Address:
    network = IpRange(chance.choice(_PLACES)).network
    return network[chance.randrange(1, int(network.num_addresses) - 1)]
