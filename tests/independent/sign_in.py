"""A sign-in as z3 sees it: a choice on each coordinate, an address as bits; and the facts that no sign-in and no data shows.

Enumerations are small bit-vectors. What isn't known is a free truth value with a name: the same name is the same fact, in a tenant
before and in the tenant after, too.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Sequence
from typing import Any

import z3

from independent import words

Snapshot = dict[str, Any]
Bool = z3.BoolRef
YES, NO = z3.BoolVal(True), z3.BoolVal(False)

OTHER = "f0f0f0f0-0000-4000-8000-0000000000ff"
"""An application, or a tenant, that nothing names."""
NATIVE = "native"
NO_COUNTRY_NAMED, NO_COUNTRY = "XX", "unknown"


class Choice:
    """One of some values, as a bit-vector that holds its position."""

    def __init__(self, name: str, values: Iterable[Any]) -> None:
        self.values: Sequence[Any] = tuple(dict.fromkeys(values))
        self.bits = z3.BitVec(name, max(1, (len(self.values) - 1).bit_length()))
        self._is = {value: self.bits == position for position, value in enumerate(self.values)}

    def is_(self, value: Any) -> Bool:
        """Whether it is that value; never, where it can't be."""
        return self._is.get(value, NO)

    def is_one_of(self, values: Iterable[Any]) -> Bool:
        wanted = {*values}
        meant = [each for each in self.values if each in wanted]
        return YES if len(meant) == len(self.values) else either(map(self.is_, meant))

    def possible(self) -> Bool:
        return z3.ULE(self.bits, len(self.values) - 1)

    def of(self, model: z3.ModelRef) -> Any:
        return self.values[model.eval(self.bits, model_completion=True).as_long()]


class SignIn:
    """All sign-ins of these tenants' people to resources, and of `strangers`: people from outside who have no account.

    Who signs in is the id of a user, or a pair of a kind and a home tenant.
    """

    def __init__(self, *snapshots: Snapshot, strangers: bool) -> None:
        users = [user["id"] for snapshot in snapshots for user in snapshot["users"]]
        homes = sorted({home for snapshot in snapshots for home in named_tenants(snapshot)})
        apps = [app for snapshot in snapshots for app in named_applications(snapshot)]
        contexts = [each for snapshot in snapshots for each in named_contexts(snapshot)]
        countries = [each for snapshot in snapshots for each in named_countries(snapshot)]
        outside = [(kind, home) for kind in words.STRANGERS for home in (*homes, OTHER) if strangers]
        self.who = Choice("who", (*users, *outside))
        self.app = Choice("app", (*words.DOCUMENTED, *apps, OTHER))
        self.scopes = Choice("scopes", words.SCOPES)
        self.requester = Choice("requester", (NATIVE, *words.DOCUMENTED, *apps, OTHER))
        self.context = Choice("context", ("none", *contexts))
        self.client = Choice("client", words.CLIENTS)
        self.platform = Choice("platform", words.PLATFORMS)
        self.credential = Choice("credential", words.CREDENTIALS)
        self.flow = Choice("flow", words.FLOWS)
        self.country = Choice("country", (*countries, NO_COUNTRY_NAMED, NO_COUNTRY))
        self.sign_in_risk = Choice("sign-in risk", words.RISKS)
        self.user_risk = Choice("user risk", words.RISKS)
        self.insider_risk = Choice("insider risk", words.INSIDER_RISKS)
        self.is_version_6 = z3.Bool("version 6")
        self.version_4 = z3.BitVec("version 4", 32)
        self.version_6 = z3.BitVec("address", 128)
        self.inside_corpnet = z3.Bool("inside corpnet")
        self.compliant_network = z3.Bool("compliant network")
        self.unknown: dict[str, Bool] = {}

    def coordinates(self) -> list[z3.ExprRef]:
        """All that a sign-in tells, without what nobody knows."""
        found = [each.bits if isinstance(each, Choice) else each for each in vars(self).values()]
        return [each for each in found if isinstance(each, z3.ExprRef)]

    def fact(self, name: str) -> Bool:
        """A fact that nobody knows."""
        return self.unknown.setdefault(name, z3.Bool(f"unknown: {name}"))

    def is_legacy(self) -> Bool:
        return self.client.is_one_of(words.LEGACY)

    def is_confidential(self) -> Bool:
        """Whether a confidential client asks."""
        return z3.Not(self.requester.is_(NATIVE))

    def is_within(self, cidr: str) -> Bool:
        """Whether the address is in the range, which is of its version; host bits are dropped."""
        network = ipaddress.ip_network(cidr, strict=False)
        first, size = network.network_address, network.prefixlen
        six = network.version == 6
        bits, width = (self.version_6, 128) if six else (self.version_4, 32)
        alike = z3.BoolVal(True) if size == 0 else z3.LShR(bits, width - size) == int(first) >> (width - size)
        return z3.And(self.is_version_6 if six else z3.Not(self.is_version_6), alike)

    def possible(self) -> Bool:
        """What can occur: ActiveSync reaches Exchange alone; a legacy client gives a password of either kind and has no flow; a modern one gives no app password."""
        legacy = z3.And(self.credential.is_one_of(("password", "appPassword")), self.flow.is_("none"))
        mapped = z3.Extract(127, 32, self.version_6) == 0xFFFF
        choices = [each for each in vars(self).values() if isinstance(each, Choice)]
        return z3.And(
            *(each.possible() for each in choices),
            z3.If(self.is_legacy(), legacy, z3.Not(self.credential.is_("appPassword"))),
            z3.Not(mapped),
            z3.Implies(self.client.is_("exchangeActiveSync"), self.app.is_(words.EXCHANGE)),
            # Scopes and the client that asks are told apart where they matter, at Microsoft Graph.
            z3.Or(
                self.app.is_(words.GRAPH),
                z3.And(self.scopes.is_("more"), self.requester.is_(NATIVE)),
            ),
        )

    def question(self, model: z3.ModelRef) -> dict[str, Any]:
        """The sign-in of a model, as What-If asks, with what our snapshots' questions have besides."""

        def holds(fact: Bool) -> bool:
            return z3.is_true(model.eval(fact, model_completion=True))

        six = holds(self.is_version_6)
        bits = model.eval(self.version_6 if six else self.version_4, model_completion=True).as_long()
        address = ipaddress.IPv6Address(bits) if six else ipaddress.IPv4Address(bits)
        who = self.who.of(model)
        outside = not isinstance(who, str)
        return {
            "signInIdentity": {"externalUserType": who[0], "externalTenantId": who[1]}
            if outside
            else {"userId": who},
            "signInContext": {"includeApplications": [self.app.of(model)]},
            "signInConditions": {
                "clientAppType": self.client.of(model),
                "devicePlatform": self.platform.of(model),
                "authenticationFlow": {"transferMethod": self.flow.of(model)},
                "ipAddress": str(address),
                "country": self.country.of(model),
                "signInRiskLevel": self.sign_in_risk.of(model),
                "userRiskLevel": self.user_risk.of(model),
                "insiderRiskLevel": self.insider_risk.of(model),
                "deviceInfo": {"isCompliant": False, "trustType": "none"},
            },
            "perca": {
                "credential": self.credential.of(model),
                "context": self.context.of(model),
                "scopes": self.scopes.of(model),
                "requester": self.requester.of(model),
                "insideCorpnet": holds(self.inside_corpnet),
                "compliantNetwork": holds(self.compliant_network),
                "deviceIsWhole": True,
            },
        }


def either(facts: Iterable[Bool]) -> Bool:
    """Whether one of them holds; none of no facts does."""
    found = [fact for fact in facts if fact is not NO]
    if any(fact is YES for fact in found):
        return YES
    return z3.Or(*found) if found else NO


def both(*facts: Bool) -> Bool:
    """Whether all of them hold."""
    found = [fact for fact in facts if fact is not YES]
    if any(fact is NO for fact in found):
        return NO
    return z3.And(*found) if found else YES


def opposite(fact: Bool) -> Bool:
    """Whether it doesn't hold."""
    return NO if fact is YES else YES if fact is NO else z3.Not(fact)


def sure(truth: bool) -> Bool:
    """What is known."""
    return YES if truth else NO


def named_tenants(snapshot: Snapshot) -> Iterable[str]:
    for policy in snapshot["policies"]:
        for side in ("includeGuestsOrExternalUsers", "excludeGuestsOrExternalUsers"):
            guests = policy["conditions"]["users"].get(side) or {}
            yield from (guests.get("externalTenants") or {}).get("members") or ()


def named_applications(snapshot: Snapshot) -> Iterable[str]:
    for each in snapshot["servicePrincipals"]:
        yield each["appId"]
    for policy in snapshot["policies"]:
        for side in ("includeApplications", "excludeApplications"):
            entries = policy["conditions"]["applications"].get(side) or ()
            yield from (each for each in entries if each not in ("All", "None", "Office365"))


def named_contexts(snapshot: Snapshot) -> Iterable[str]:
    for policy in snapshot["policies"]:
        yield from (
            policy["conditions"]["applications"].get("includeAuthenticationContextClassReferences") or ()
        )


def named_countries(snapshot: Snapshot) -> Iterable[str]:
    for place in snapshot["namedLocations"]:
        yield from place.get("countriesAndRegions") or ()
