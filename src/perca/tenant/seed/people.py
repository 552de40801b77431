"""The people of an invented company: who they are, what kind each stands for, and how each registers and signs in.

Promises at least one person of every kind from `SMALLEST` people on, about 60 % of them enabled or enforced, and the same people for
the same number.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from perca.errors import BadInput
from perca.model import PerUserState
from perca.tenant.guid import made_guid
from perca.tenant.json import Json
from perca.tenant.seed.names import CITIES, DEPARTMENTS, FAMILY, GIVEN, TITLES

SMALLEST = 50
"""Fewer people can't be one of each kind and a company besides."""
LARGEST = 1_000_000


class Kind(StrEnum):
    """What a person of the seed stands for; each has exactly one."""

    EMERGENCY = "emergency"
    SYNCHRONISATION = "synchronisation"
    ADMINISTRATOR = "administrator"
    UNIT_ADMINISTRATOR = "unitAdministrator"
    BLOCKED_ACCOUNT = "blockedAccount"
    ENABLED_UNREGISTERED = "enabledUnregistered"
    SMS_ONLY = "smsOnly"
    APP_PASSWORD = "appPassword"
    GUEST = "guest"
    ENFORCED = "enforced"
    DISABLED = "disabled"


def counts(people: int) -> dict[Kind, int]:
    """How many there are of each kind. BadInput when there are too few people for one of each, or absurdly many."""
    if not SMALLEST <= people <= LARGEST:
        raise BadInput(
            f"a company of {people} people can't be invented",
            f"between {SMALLEST} and {LARGEST} people, please",
        )
    made = {
        Kind.EMERGENCY: 2,
        Kind.SYNCHRONISATION: 1,
        Kind.ADMINISTRATOR: max(2, people // 250),
        Kind.UNIT_ADMINISTRATOR: max(1, people // 1000),
        Kind.BLOCKED_ACCOUNT: max(1, people // 200),
        Kind.ENABLED_UNREGISTERED: max(2, people * 4 // 100),
        Kind.SMS_ONLY: max(2, people * 6 // 100),
        Kind.APP_PASSWORD: max(2, people * 15 // 1000),
        Kind.GUEST: max(1, people * 3 // 100),
    }
    # One emergency account has per-user MFA; the synchronisation account doesn't; everybody else so far does.
    already = sum(made.values()) - 2
    made[Kind.ENFORCED] = people * 60 // 100 - already
    made[Kind.DISABLED] = people - sum(made.values())
    return made


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who works there, or a service's account."""

    id: str
    kind: Kind
    name: str
    alias: str
    domain: str
    department: str
    title: str
    city: str
    state: PerUserState
    methods: tuple[str, ...]
    synchronised: bool
    app_passwords: int

    @property
    def user_principal_name(self) -> str:
        """The name that signs in; a guest's carries the address at home."""
        if self.kind is Kind.GUEST:
            return f"{self.alias}_partner.example#EXT#@{self.domain}"
        return f"{self.alias}@{self.domain}"

    def user(self, created: str) -> Json:
        """The account as Graph shows it."""
        guest = self.kind is Kind.GUEST
        given, _, family = self.name.partition(" ")
        return {
            "businessPhones": [],
            "displayName": self.name,
            "givenName": given,
            "jobTitle": self.title or None,
            "mail": None
            if self.kind is Kind.SYNCHRONISATION
            else f"{self.alias}@{'partner.example' if guest else self.domain}",
            "mobilePhone": None,
            "officeLocation": self.city or None,
            "preferredLanguage": None,
            "surname": family or None,
            "userPrincipalName": self.user_principal_name,
            "id": self.id,
            "accountEnabled": self.kind is not Kind.BLOCKED_ACCOUNT,
            "createdDateTime": created,
            "creationType": "Invitation" if guest else None,
            "department": self.department or None,
            "externalUserState": "Accepted" if guest else None,
            "mailNickname": self.alias,
            "onPremisesSyncEnabled": True if self.synchronised else None,
            "userType": "Guest" if guest else "Member",
        }

    def registration(self, at: str) -> Json:
        """The row of the registration report."""
        registered = bool(self.methods)
        passkey = "passKeyDeviceBound" in self.methods
        second = {
            "microsoftAuthenticatorPush": "push",
            "softwareOneTimePasscode": "oath",
            "mobilePhone": "sms",
        }
        return {
            "id": self.id,
            "userPrincipalName": self.user_principal_name,
            "userDisplayName": self.name,
            "userType": "guest" if self.kind is Kind.GUEST else "member",
            "isAdmin": self.kind in (Kind.EMERGENCY, Kind.ADMINISTRATOR, Kind.UNIT_ADMINISTRATOR),
            "isSsprRegistered": registered,
            "isSsprEnabled": True,
            "isSsprCapable": registered,
            "isMfaRegistered": registered,
            "isMfaCapable": registered,
            "isPasswordlessCapable": passkey,
            "methodsRegistered": list(self.methods),
            "isSystemPreferredAuthenticationMethodEnabled": True,
            "systemPreferredAuthenticationMethods": [],
            "userPreferredMethodForSecondaryAuthentication": next(
                (second[method] for method in self.methods if method in second), "none"
            ),
            "lastUpdatedDateTime": at,
        }


_PLACED = {
    (Kind.APP_PASSWORD, 0): "Service",
    (Kind.ENFORCED, 0): "Sales",
    (Kind.ENFORCED, 1): "Sales",
}
"""Who must be in a department: one app password that no policy stops, and two people for the nested exclusion."""
PUSH = ("microsoftAuthenticatorPush", "softwareOneTimePasscode")
_STATES = {
    Kind.DISABLED: PerUserState.DISABLED,
    Kind.SYNCHRONISATION: PerUserState.DISABLED,
    Kind.ENABLED_UNREGISTERED: PerUserState.ENABLED,
}
_METHODS: dict[Kind, tuple[tuple[str, ...], ...]] = {
    Kind.EMERGENCY: (("fido2", "passKeyDeviceBound"),),
    Kind.SYNCHRONISATION: ((),),
    Kind.ENABLED_UNREGISTERED: ((),),
    Kind.SMS_ONLY: (("mobilePhone",),),
    Kind.ADMINISTRATOR: ((*PUSH, "passKeyDeviceBound"), PUSH),
    Kind.DISABLED: ((), (), PUSH, ("mobilePhone", "microsoftAuthenticatorPush")),
}
_USUAL: tuple[tuple[str, ...], ...] = (PUSH, PUSH, ("mobilePhone", *PUSH), ("softwareOneTimePasscode",))


def roster(people: int, number: int, first: str, domain: str) -> Iterator[Person]:
    """Everybody, in the order in which the directory lists them; `first` is the onmicrosoft.com domain, `domain` the company's."""
    chance = random.Random(f"people/{number}")
    kinds = [kind for kind, count in counts(people).items() for _ in range(count)]
    chance.shuffle(kinds)
    taken: Counter[str] = Counter()
    departments, shares = tuple(DEPARTMENTS), tuple(DEPARTMENTS.values())
    seen: Counter[Kind] = Counter()
    for index, kind in enumerate(kinds):
        nth = seen[kind]
        seen[kind] += 1
        id = made_guid(number, f"user/{index}")
        methods = chance.choice(_METHODS.get(kind, _USUAL))
        state = _STATES.get(kind, PerUserState.ENFORCED)
        if kind is Kind.EMERGENCY:
            state = PerUserState.ENFORCED if nth == 0 else PerUserState.DISABLED
            name, alias = f"Emergency Access {nth + 1}", f"emergency{nth + 1}"
            yield Person(id, kind, name, alias, first, "", "", "", state, methods, False, 0)
            continue
        if kind is Kind.SYNCHRONISATION:
            name, alias = (
                "On-Premises Directory Synchronization Service Account",
                f"Sync_DC01_{id[:12].replace('-', '')}",
            )
            yield Person(id, kind, name, alias, first, "", "", "", state, methods, True, 0)
            continue
        name = f"{chance.choice(GIVEN)} {chance.choice(FAMILY)}"
        alias = name.lower().replace(" ", ".")
        taken[alias] += 1
        if taken[alias] > 1:
            alias = f"{alias}{taken[alias]}"
        guest = kind is Kind.GUEST
        department = (
            "" if guest else "IT" if "dministrator" in kind else chance.choices(departments, shares)[0]
        )
        yield Person(
            id=id,
            kind=kind,
            name=name,
            alias=alias,
            domain=first if guest else domain,
            department=department,
            title="" if guest else chance.choice(TITLES[department]),
            city="" if guest else chance.choice(CITIES),
            state=state,
            methods=methods,
            synchronised=not guest and chance.random() < 0.7,
            app_passwords=1 + chance.randrange(2) if kind is Kind.APP_PASSWORD else 0,
        )
