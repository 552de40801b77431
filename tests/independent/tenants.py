"""Random small tenants as a snapshot file holds them, and the same after a few edits.

Policies come in parts that are whole together: one for what a condition names and one for all else. So whether a hole is left hangs
on what each part leaves out. Everything is known, unless `unknown` says how often a fact is not.
"""

from __future__ import annotations

import copy
import random
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from independent import words

Json = dict[str, Any]
T = TypeVar("T")

HOME = "b0000000-0000-4000-8000-000000000000"
HOMES = ("b0000000-0000-4000-8000-000000000001", "b0000000-0000-4000-8000-000000000002")
PEOPLE = tuple(f"10000000-0000-4000-8000-00000000000{n}" for n in range(6))
GROUPS = tuple(f"20000000-0000-4000-8000-00000000000{n}" for n in range(4))
RANGES = tuple(f"30000000-0000-4000-8000-00000000000{n}" for n in range(3))
LANDS = tuple(f"31000000-0000-4000-8000-00000000000{n}" for n in range(2))
NETWORK = "32000000-0000-4000-8000-000000000000"
OWN = tuple(f"40000000-0000-4000-8000-00000000000{n}" for n in range(2))
PLACEHOLDER = "40000000-0000-4000-8000-00000000000b"
STRENGTH = "50000000-0000-4000-8000-000000000000"
ROLES = (
    "62e90394-69f5-4237-9190-012177145e10",
    "729827e3-9c14-49f7-bb1b-9608f156bbb8",
    "f2ef992c-3afb-46b9-b7cf-a126ee74c451",
    words.SYNCHRONISATION,
)
NAMEABLE = (
    words.EXCHANGE,
    words.SHAREPOINT,
    words.TEAMS,
    words.POWER_BI,
    words.ARM,
    words.AZURE_PORTAL,
    *OWN,
)
CIDRS = (
    *("198.51.100.0/24", "198.51.100.77/25", "198.51.100.128/25", "203.0.113.0/28", "198.51.100.7/32"),
    *("2001:db8::/32", "2001:db8::1/64", "2001:db8:0:1::/64", "10.0.0.0/9"),
)
COUNTRIES = ("DE", "US", "NO")
COMBINATIONS = (
    "fido2",
    "password,sms",
    "sms",
    "password",
    "x509CertificateSingleFactor",
    "hardwareOath,federatedSingleFactor",
)


class Maker:
    """Makes tenants from a number; the same number makes the same ones."""

    def __init__(self, number: int, unknown: float = 0.0) -> None:
        self.dice = random.Random(number)
        self.unknown = unknown
        self.count = 0

    def maybe(self, chance: float = 0.5) -> bool:
        return self.dice.random() < chance

    def unsure(self) -> bool:
        return self.maybe(self.unknown)

    def some(self, values: Sequence[T], most: int = 2, least: int = 0) -> list[T]:
        most = min(most, len(values))
        return self.dice.sample(values, self.dice.randint(min(least, most), most))

    def tenant(self) -> Json:
        """A whole snapshot."""
        defaults = self.maybe(0.12)
        policies = self.policies()
        if defaults:
            # Security Defaults and policies that are on exclude each other.
            for policy in policies:
                policy["state"] = self.dice.choice(("disabled", "enabledForReportingButNotEnforced"))
        return {
            "format": "perca/snapshot/1",
            "tenantId": HOME,
            "displayName": "Random",
            "takenAt": self.dice.choices(
                ("2026-11-24T08:00:00Z", "2026-06-01T00:00:00Z", "2026-07-15T00:00:00Z"),
                (6, 1, 1 if self.unknown else 0),
            )[0],
            "users": [self.user(number) for number in range(len(PEOPLE))],
            "groups": [self.group(number) for number in range(len(GROUPS))],
            "roleAssignments": self.assignments(),
            "roleEligibilities": [],
            "policies": policies,
            "namedLocations": self.places(),
            "authenticationStrengths": [self.strength()],
            "servicePrincipals": [
                {"id": app.replace("40000000", "60000000"), "appId": app, "appOwnerOrganizationId": HOME}
                for app in OWN
            ],
            "securityDefaults": {"isEnabled": defaults},
            "registrations": [self.registration(each) for each in PEOPLE if not self.unsure()],
            "mfaSettings": self.settings(),
            "crossTenantAccess": NO_DIRECT_CONNECT,
            "conditionalAccessSettings": self.baseline(),
            "missing": [],
        }

    # ------------------------------------------------------------------------------------------------- people

    def user(self, number: int) -> Json:
        guest = number in (2, 3)
        name = f"person{number}{'_home.example#EXT#' if guest else ''}@example.com"
        user: Json = {"id": PEOPLE[number], "userPrincipalName": name, "perUserMfaState": self.state()}
        user["userType"] = self.dice.choice(("Guest", "Member")) if guest or number == 4 else "Member"
        user["creationType"] = "Invitation" if guest else None
        if guest:
            issuer = "mail" if self.maybe(0.3) else "ExternalAzureAD"
            user["identities"] = [{"signInType": "federated", "issuer": issuer}]
        for name in ("perUserMfaState", "userType", "creationType", "identities"):
            if name in user and self.unsure():
                del user[name]
        return user

    def state(self) -> str:
        return self.dice.choices(("disabled", "enabled", "enforced"), (4, 1, 2))[0]

    def registration(self, user: str) -> Json:
        return {"id": user, "isMfaRegistered": self.maybe(0.3 + self.unknown), "methodsRegistered": []}

    def group(self, number: int) -> Json:
        inner = [each for each in self.some(GROUPS, 2, 1) if each != GROUPS[number]]
        group = {
            "id": GROUPS[number],
            "displayName": f"Group {number}",
            "members": [*self.some(PEOPLE, 2), *inner],
        }
        if self.unsure():
            del group["members"]
        return group

    def assignments(self) -> list[Json]:
        return [
            {
                "principalId": self.dice.choice((*PEOPLE, *PEOPLE, GROUPS[0])),
                "roleDefinitionId": self.dice.choice(ROLES),
                "directoryScopeId": "/" if self.maybe(0.75) else "/administrativeUnits/north",
            }
            for _ in range(self.dice.randint(1, 4))
        ]

    # ------------------------------------------------------------------------------------------------- places, settings

    def places(self) -> list[Json]:
        lands = [
            {
                "@odata.type": "#microsoft.graph.countryNamedLocation",
                "id": each,
                "displayName": "Land",
                "countriesAndRegions": self.some(COUNTRIES, 2, 1),
                "includeUnknownCountriesAndRegions": self.maybe(),
                "countryLookupMethod": "authenticatorAppGps" if self.unsure() else "clientIpAddress",
            }
            for each in LANDS
        ]
        network = {
            "@odata.type": "#microsoft.graph.compliantNetworkNamedLocation",
            "id": NETWORK,
            "displayName": "Network",
            "isTrusted": self.maybe(),
        }
        return [*map(self.ip_place, RANGES), *lands, network]

    def ip_place(self, place: str) -> Json:
        ranges = [
            {"@odata.type": f"#microsoft.graph.iPv{6 if ':' in each else 4}CidrRange", "cidrAddress": each}
            for each in self.some(CIDRS, 3, 1)
        ]
        made = {
            "@odata.type": "#microsoft.graph.ipNamedLocation",
            "id": place,
            "displayName": "Range",
            "isTrusted": self.maybe(),
            "ipRanges": ranges,
        }
        if self.unsure():
            del made["isTrusted"]
        return made

    def settings(self) -> Json:
        settings: Json = {
            "trustedIps": self.some(CIDRS[:5], 2, 1) if self.maybe() else [],
            "trustFederatedIntranet": self.maybe(0.2),
            "rememberMfaDays": None,
            "allowAppPasswords": True,
        }
        if self.unsure():
            del settings["trustedIps"]
        return settings

    def strength(self) -> Json:
        return {
            "id": STRENGTH,
            "displayName": "Custom",
            "policyType": "custom",
            "allowedCombinations": self.some(COMBINATIONS[:2] if self.maybe() else COMBINATIONS, 3, 1),
        }

    def baseline(self) -> Json:
        chosen = self.dice.choice((None, words.DIRECTORY, PLACEHOLDER, words.MFA_TRUSTED_IPS))
        return {"advancedSettings": chosen and {"baselineScopes": {"resourceAppId": chosen}}}

    # ------------------------------------------------------------------------------------------------- policies

    def policies(self) -> list[Json]:
        """Two or more policies that are whole together, some broken; and now and then another one or two."""
        parts: list[Json] = [self.policy()]
        for _ in range(self.dice.choices((0, 1, 2), (3, 4, 2))[0]):
            parts = self.split(parts)
        for part in parts:
            if self.maybe(0.2):
                self.narrow(part)
        others = [self.narrow(self.narrow(self.policy())) for _ in range(self.dice.randint(0, 2))]
        made = [*parts, *others]
        if self.maybe(0.15):
            made = self.dice.sample(made, len(made) - 1)
        return made

    def policy(self) -> Json:
        """One on everybody and everything."""
        self.count += 1
        state = self.dice.choices(("enabled", "enabledForReportingButNotEnforced", "disabled"), (20, 1, 1))[0]
        policy = {
            "id": f"70000000-0000-4000-8000-0000000000{self.count:02}",
            "displayName": f"Policy {self.count}",
            "state": state,
            "conditions": {
                "users": {"includeUsers": ["All"]},
                "applications": {"includeApplications": ["All"]},
                "clientAppTypes": ["all"],
            },
            "grantControls": self.grant(),
        }
        if self.unsure():
            del policy["state"]
        return policy

    def split(self, parts: list[Json]) -> list[Json]:
        """One of the policies as two: one where something holds, and one where it doesn't."""
        chosen = self.dice.randrange(len(parts))
        other = copy.deepcopy(parts[chosen])
        self.count += 1
        other |= {
            "id": f"70000000-0000-4000-8000-0000000000{self.count:02}",
            "displayName": f"Policy {self.count}",
        }
        if self.maybe():
            other["grantControls"] = self.grant()
        self.dice.choice(SPLITS)(self, parts[chosen]["conditions"], other["conditions"])
        return [*parts, other]

    def narrow(self, policy: Json) -> Json:
        """The policy on less: half of a split."""
        halves = [policy["conditions"], copy.deepcopy(policy["conditions"])]
        self.dice.shuffle(halves)
        self.dice.choice(NARROWINGS)(self, *halves)
        return policy

    def grant(self) -> Json:
        kind = self.dice.choices(("mfa", "block", "strength", "or", "and", "other"), (9, 2, 5, 2, 3, 1))[0]
        strength = {"id": self.dice.choice((*words.BUILT_IN_STRENGTHS, *(STRENGTH,) * 3))}
        other = self.dice.choice(("compliantDevice", "domainJoinedDevice", "compliantApplication"))
        if self.unsure():
            other = "approvedApplication"
        match kind:
            case "mfa" | "block":
                return {"operator": "OR", "builtInControls": [kind]}
            case "strength":
                return {"operator": "OR", "builtInControls": [], "authenticationStrength": strength}
            case "other":
                return {"operator": "OR", "builtInControls": [other], "termsOfUse": ["terms"]}
        if self.maybe(0.3):
            return {"operator": kind.upper(), "builtInControls": [other], "authenticationStrength": strength}
        return {"operator": kind.upper(), "builtInControls": ["mfa", other]}

    # ------------------------------------------------------------------------------------------------- edits

    def edited(self, before: Json) -> Json:
        """The tenant after one to three edits, most of them small."""
        after = copy.deepcopy(before)
        for _ in range(self.dice.choices((0, 1, 2, 3), (1, 6, 4, 2))[0]):
            self.dice.choice(EDITS)(self, after)
        return after


NO_DIRECT_CONNECT = {
    "default": {
        "inboundTrust": {
            "isMfaAccepted": False,
            "isCompliantDeviceAccepted": False,
            "isHybridAzureADJoinedDeviceAccepted": False,
        },
        "b2bDirectConnectInbound": {
            "usersAndGroups": {
                "accessType": "blocked",
                "targets": [{"target": "AllUsers", "targetType": "user"}],
            }
        },
    },
    "partners": [],
}
"""Nobody comes by B2B direct connect, so a policy on it reaches no guest."""


# ----------------------------------------------------------------------------------------------------- splits

Split = Callable[[Maker, Json, Json], None]
"""Gives the one policy what a condition names, and the other all else."""


def _clients(maker: Maker, one: Json, other: Json) -> None:
    one["clientAppTypes"], other["clientAppTypes"] = [*words.MODERN], [*words.LEGACY]


def _client(maker: Maker, one: Json, other: Json) -> None:
    chosen = maker.some(words.CLIENTS, 3, 1)
    one["clientAppTypes"] = chosen
    other["clientAppTypes"] = [each for each in words.CLIENTS if each not in chosen]


def _platforms(maker: Maker, one: Json, other: Json) -> None:
    chosen = maker.some(words.PLATFORMS[:-1], 3, 1)
    one["platforms"] = {"includePlatforms": chosen, "excludePlatforms": []}
    other["platforms"] = {"includePlatforms": ["all"], "excludePlatforms": chosen}


def _locations(maker: Maker, one: Json, other: Json) -> None:
    chosen = maker.some((*RANGES, *LANDS, NETWORK, words.MFA_TRUSTED_IPS), 2, 1)
    if maker.maybe(0.3):
        chosen = ["AllTrusted"]
    one["locations"] = {"includeLocations": chosen, "excludeLocations": []}
    other["locations"] = {"includeLocations": ["All"], "excludeLocations": chosen}


def _sign_in_risk(maker: Maker, one: Json, other: Json) -> None:
    _levels(maker, "signInRiskLevels", one, other)


def _user_risk(maker: Maker, one: Json, other: Json) -> None:
    _levels(maker, "userRiskLevels", one, other)


def _levels(maker: Maker, name: str, one: Json, other: Json) -> None:
    one[name] = maker.some(words.RISKS, 3, 1)
    other[name] = [each for each in words.RISKS if each not in one[name]]


def _insider_risk(maker: Maker, one: Json, other: Json) -> None:
    chosen = maker.some(words.INSIDER_RISKS[1:], 3, 1)
    one["insiderRiskLevels"] = ",".join(chosen)


def _flow(maker: Maker, one: Json, other: Json) -> None:
    one["authenticationFlows"] = {"transferMethods": ",".join(maker.some(words.FLOWS[1:], 2, 1))}


def _users(maker: Maker, one: Json, other: Json) -> None:
    chosen = {
        "Users": maker.some((*PEOPLE, "GuestsOrExternalUsers"), 2),
        "Groups": maker.some(GROUPS, 2),
        "Roles": maker.some(ROLES, 2),
    }
    if not any(chosen.values()):
        chosen["Groups"] = [GROUPS[0]]
    one["users"] = {f"include{name}": each for name, each in chosen.items()}
    other["users"] = {"includeUsers": ["All"], **{f"exclude{name}": each for name, each in chosen.items()}}


def _guests(maker: Maker, one: Json, other: Json) -> None:
    kinds = maker.some(words.EXTERNAL_KINDS, 6, 1)
    tenants: Json = {
        "@odata.type": "#microsoft.graph.conditionalAccessAllExternalTenants",
        "membershipKind": "all",
    }
    if maker.unsure():
        kinds = maker.some(words.STRANGERS, 3, 1)
        tenants = {
            "@odata.type": "#microsoft.graph.conditionalAccessEnumeratedExternalTenants",
            "membershipKind": "enumerated",
            "members": maker.some(HOMES, 2, 1),
        }
    chosen = {"guestOrExternalUserTypes": ",".join(kinds), "externalTenants": tenants}
    one["users"] = {"includeUsers": [], "includeGuestsOrExternalUsers": chosen}
    other["users"] = {"includeUsers": ["All"], "excludeGuestsOrExternalUsers": chosen}


def _applications(maker: Maker, one: Json, other: Json) -> None:
    chosen: list[str] = maker.some((*NAMEABLE, words.ARM, words.TEAMS), 3, 1)
    if maker.maybe(0.2):
        chosen.append("Office365")
    left_out = [*chosen, *[PLACEHOLDER] * maker.maybe(0.2)]
    one["applications"] = {"includeApplications": chosen}
    other["applications"] = {"includeApplications": ["All"], "excludeApplications": left_out}


def _context(maker: Maker, one: Json, other: Json) -> None:
    one["applications"] = {"includeAuthenticationContextClassReferences": maker.some(("c1", "c2"), 2, 1)}


def _action(maker: Maker, one: Json, other: Json) -> None:
    one["applications"] = {"includeUserActions": ["urn:user:registersecurityinfo"]}


SPLITS: tuple[Split, ...] = (
    *(_clients, _client, _platforms, _locations, _locations, _sign_in_risk, _user_risk, _users, _users),
    *(_guests, _applications, _applications),
)
NARROWINGS: tuple[Split, ...] = (
    *SPLITS,
    *(_insider_risk, _flow, _context, _action, _users, _applications, _applications, _locations, _platforms),
)


# ----------------------------------------------------------------------------------------------------- edits

Edit = Callable[[Maker, Json], None]


def _another_policy(maker: Maker, tenant: Json) -> None:
    if not tenant["securityDefaults"]["isEnabled"]:
        made = maker.policy()
        tenant["policies"].append(made if maker.maybe() else maker.narrow(made))


def _no_policy(maker: Maker, tenant: Json) -> None:
    if tenant["policies"]:
        tenant["policies"].remove(maker.dice.choice(tenant["policies"]))


def _other_state(maker: Maker, tenant: Json) -> None:
    if tenant["policies"] and not tenant["securityDefaults"]["isEnabled"]:
        policy = maker.dice.choice(tenant["policies"])
        policy["state"] = (
            "enabled" if policy.get("state") != "enabled" else "enabledForReportingButNotEnforced"
        )


def _narrower(maker: Maker, tenant: Json) -> None:
    if tenant["policies"]:
        maker.narrow(maker.dice.choice(tenant["policies"]))


def _wider(maker: Maker, tenant: Json) -> None:
    """One condition less."""
    if tenant["policies"]:
        conditions = maker.dice.choice(tenant["policies"])["conditions"]
        for name in maker.some(sorted(conditions.keys() - {"users", "applications", "clientAppTypes"}), 1, 1):
            del conditions[name]


def _other_grant(maker: Maker, tenant: Json) -> None:
    if tenant["policies"]:
        maker.dice.choice(tenant["policies"])["grantControls"] = maker.grant()


def _whole_again(maker: Maker, tenant: Json) -> None:
    """One of the policies as two that are whole together."""
    if tenant["policies"]:
        tenant["policies"] = maker.split(tenant["policies"])


def _other_members(maker: Maker, tenant: Json) -> None:
    number = maker.dice.randrange(len(GROUPS))
    tenant["groups"][number] = maker.group(number)


def _other_roles(maker: Maker, tenant: Json) -> None:
    tenant["roleAssignments"] = maker.assignments()


def _other_person(maker: Maker, tenant: Json) -> None:
    maker.dice.choice(tenant["users"])["perUserMfaState"] = maker.state()


def _other_place(maker: Maker, tenant: Json) -> None:
    number = maker.dice.randrange(len(RANGES))
    tenant["namedLocations"][number] = maker.ip_place(RANGES[number])


def _other_settings(maker: Maker, tenant: Json) -> None:
    tenant["mfaSettings"] = maker.settings()


def _other_strength(maker: Maker, tenant: Json) -> None:
    tenant["authenticationStrengths"] = [maker.strength()]


def _per_user_for_all(maker: Maker, tenant: Json) -> None:
    state = maker.dice.choice(("enforced", "disabled"))
    for user in tenant["users"]:
        user["perUserMfaState"] = state


EDITS: tuple[Edit, ...] = (
    *(_another_policy, _another_policy, _no_policy, _other_state, _narrower, _wider, _wider, _other_grant),
    *(_whole_again, _whole_again, _whole_again, _other_members, _other_roles, _other_person, _other_place),
    *(_other_settings, _other_strength, _per_user_for_all),
)
