"""A company that is covered: a policy requires MFA of everybody, for every resource, from every client, and another blocks legacy
clients for the same people. Kinds then edit it.

LAW: whoever isn't planted needs MFA everywhere, since `EVERYONE` covers them and nothing that a kind adds can take that away: what it
exempts are people of its own. The emergency accounts are out of it and under a policy of their own.
"""

from __future__ import annotations

import random
from collections.abc import Iterable
from typing import Any

from planted import places
from planted.graph import (
    DOMAIN,
    PHISHING_RESISTANT,
    Json,
    application,
    assignment,
    group,
    id_of,
    policy,
    registration,
    user,
)
from planted.sign_ins import (
    ANY_OTHER_APP,
    ANY_OTHER_COUNTRY,
    CHANNELS,
    EXCHANGE,
    LEGACY,
    NO_COUNTRY,
    ORDINARY_DEVICE,
    RISKS,
    Values,
)

APPS = ("Payroll", "Payroll Test", "Wiki")
KIOSK, LOBBY = "Kiosk", "Kiosk-Lobby"
"""What devices may carry as extensionAttribute1; the values tell kinds of devices apart."""
EVERYONE = "Require MFA for everyone"
EXCEPTIONS = "MFA Exceptions"
STAFF = 240
TENANT = id_of("tenant")


class Company:
    """A tenant in the making, as Graph resources; everything is open to kinds, and nothing here knows any of them."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(f"planted/{seed}")
        self.users: list[Json] = []
        self.registrations: list[Json] = []
        self.groups: dict[str, Json] = {}
        self.policies: list[Json] = []
        self.last: list[Json] = []
        """Policies that Graph lists behind all others."""
        self.strengths: list[Json] = []
        self.assignments: list[Json] = []
        self.eligibilities: list[Json] = []
        self.emergency = self.people("emergency", 2)
        self.staff = self.people("staff", STAFF)
        for number in range(0, STAFF, 60):
            self.group(f"Department {number // 60 + 1}", self.staff[number : number + 60])
        self.exceptions = self.group(EXCEPTIONS, [])
        self.everybody: Json = {
            "includeUsers": ["All"],
            "excludeUsers": [*self.emergency],
            "excludeGroups": [self.exceptions],
        }
        """Whom the two policies for everybody are about, written once for both."""
        self.policy(EVERYONE, self.everybody, "mfa")
        self.policy("Block legacy clients", self.everybody, "block", clientAppTypes=[*LEGACY])
        self.policy(
            "Keys for emergency access", {"includeUsers": [*self.emergency]}, strength=PHISHING_RESISTANT
        )
        for account in self.emergency:
            self.assignments.append(assignment("roleAssignments", account, "Global Administrator"))

    def people(
        self,
        name: str,
        number: int,
        *,
        guest: bool = False,
        invited: bool = False,
        state: str = "disabled",
        registered: bool = True,
    ) -> list[str]:
        """Makes people; returns their ids."""
        made = [user(f"{name}-{n + 1}", guest=guest, invited=invited, state=state) for n in range(number)]
        self.users += made
        self.registrations += [registration(each, registered=registered) for each in made]
        return [each["id"] for each in made]

    def group(self, name: str, members: Iterable[str], rule: str | None = None, **how: bool) -> str:
        """Makes a group; returns its id."""
        made = group(name, list(members), rule, **how)
        self.groups[made["id"]] = made
        return str(made["id"])

    def exempt(self, group_: str) -> None:
        """Puts a group into the shared group of exceptions from the policies for everybody."""
        self.groups[self.exceptions]["members"].append(group_)

    def exempt_people(self, name: str, people: Iterable[str]) -> str:
        """Puts people into a group of their own, and that into the exceptions; returns the group's id."""
        made = self.group(name, people)
        self.exempt(made)
        return made

    def exclude(self, member: str, entry: str) -> None:
        """Names something in an exclusion list of the policies for everybody, such as `excludeGroups`."""
        self.everybody.setdefault(member, []).append(entry)

    def exclude_guests(self, kind: str) -> None:
        """Excludes a kind of guests, of all tenants, from the policies for everybody."""
        held = self.everybody.get("excludeGuestsOrExternalUsers")
        kinds = held["guestOrExternalUserTypes"].split(",") if held else []
        self.everybody["excludeGuestsOrExternalUsers"] = guests(*kinds, kind)

    def policy(self, name: str, users: Json, *controls: str, last: bool = False, **how: Any) -> Json:
        """Adds a policy; `last` puts it behind all others."""
        made = policy(name, users, *controls, **how)
        (self.last if last else self.policies).append(made)
        return made

    def snapshot(self) -> Json:
        """The tenant as one object, its policies in any order but for those that are last."""
        order = [*self.policies]
        self.chance.shuffle(order)
        people = list(zip(self.users, self.registrations, strict=True))
        self.chance.shuffle(people)
        return {
            "format": "perca/snapshot/1",
            "tenantId": TENANT,
            "displayName": "Planted",
            "takenAt": "2026-11-02T08:00:00Z",
            "users": [each for each, _ in people],
            "registrations": [each for _, each in people],
            "groups": list(self.groups.values()),
            "policies": [*order, *self.last],
            "namedLocations": places.locations(),
            "authenticationStrengths": self.strengths,
            "servicePrincipals": [application(name, TENANT) for name in APPS],
            "roleAssignments": self.assignments,
            "roleEligibilities": self.eligibilities,
            "securityDefaults": {"isEnabled": False},
            "conditionalAccessSettings": SETTINGS,
            "mfaSettings": MFA_SETTINGS,
            "domains": [{"id": DOMAIN, "authenticationType": "Managed", "isVerified": True}],
            "missing": [],
        }

    def values(self) -> Values:
        """What the enabled policies of this tenant could tell apart."""
        enabled = [each["conditions"] for each in (*self.policies, *self.last) if each["state"] == "enabled"]
        named = {
            entry
            for each in enabled
            for side in ("includeLocations", "excludeLocations")
            for entry in (each.get("locations") or {}).get(side, ())
        }
        trusted = {places.location(places.TRUSTED)} if "AllTrusted" in named else set()
        ranges = [name for name in places.RANGES if places.location(name) in named | trusted]
        apps = {app for each in enabled for app in _apps(each["applications"])} - {"All"}
        home = places.HOME_COUNTRIES if places.location(places.HOME) in named else ()
        attributes = (KIOSK, LOBBY) if any("devices" in each for each in enabled) else ()
        return Values(
            {
                "channel": CHANNELS,
                "app": frozenset((*apps, EXCHANGE, ANY_OTHER_APP)),
                "address": frozenset(
                    (*places.EVERYWHERE, *(edge for name in ranges for edge in places.edges(name)))
                ),
                "country": frozenset((*home, ANY_OTHER_COUNTRY, NO_COUNTRY)),
                "device": frozenset((ORDINARY_DEVICE, *attributes)),
                "signInRisk": frozenset(RISKS),
                "userRisk": frozenset(RISKS),
            }
        )


SETTINGS: Json = {
    "id": "settings",
    "exclusions": None,
    "advancedSettings": {"baselineScopes": {"resourceAppId": "00000002-0000-0000-c000-000000000000"}},
}
"""Leaving an application out leaves no request for baseline scopes out, as for every tenant since September 2026."""
MFA_SETTINGS: Json = {
    "trustedIps": [],
    "trustFederatedIntranet": False,
    "rememberMfaDays": None,
    "allowAppPasswords": True,
}
"""What Graph shows to nobody, as an operator would tell a tool."""


def guests(*kinds: str) -> Json:
    """Kinds of guests of all tenants, as policies name them."""
    return {
        "guestOrExternalUserTypes": ",".join(kinds),
        "externalTenants": {
            "@odata.type": "#microsoft.graph.conditionalAccessAllExternalTenants",
            "membershipKind": "all",
        },
    }


def _apps(applications: Json) -> list[str]:
    return [*applications.get("includeApplications", ()), *applications.get("excludeApplications", ())]
