"""Missing data never looks fine: twelve facts, each of which decides a verdict; without it the verdict is "not assessed", and says why."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from support.program import Done, Json, id_of, policy

Perca = Callable[..., Done]
Write = Callable[..., Path]

GROUP, NESTED, ROLE = id_of(100), id_of(101), "62e90394-69f5-4237-9190-012177145e10"
OFFICE, HERE, LAND, THERE = id_of(300), id_of(301), id_of(302), id_of(303)
STRENGTH = id_of(500)
HOME = id_of(900)
ATTRIBUTED = id_of(600)
EVERYWHERE = {"includeLocations": ["All"]}


def ranges(number: str, *cidrs: str) -> Json:
    held = [{"@odata.type": "#microsoft.graph.iPv4CidrRange", "cidrAddress": cidr} for cidr in cidrs]
    kind = "#microsoft.graph.ipNamedLocation"
    return {"@odata.type": kind, "id": number, "displayName": number, "isTrusted": False, "ipRanges": held}


def countries(number: str, *codes: str) -> Json:
    return {
        "@odata.type": "#microsoft.graph.countryNamedLocation",
        "id": number,
        "displayName": number,
        "countriesAndRegions": list(codes),
        "includeUnknownCountriesAndRegions": False,
        "countryLookupMethod": "clientIpAddress",
    }


@dataclass(frozen=True)
class Removal:
    """A tenant, the fact that its verdict hangs on, how it is removed, and what the answer must name."""

    policies: list[Json]
    remove: Callable[[Json], object]
    names: str
    holds: bool = True
    """The verdict with the fact."""
    who: str = f"user:{id_of(0)}"
    more: tuple[tuple[str, object], ...] = ()
    called: str = ""
    """What people read in place of the id."""


def missing(what: str) -> Callable[[Json], object]:
    def remove(tenant: Json) -> object:
        tenant["missing"].append({"what": what, "why": "403 Forbidden"})
        for group in tenant["groups"]:
            if what == f"groups/{group['id']}/members":
                group.pop("members")
        if what == "users":
            tenant["users"].pop()
        return None

    return remove


def without(kind: str, number: str, member: str) -> Callable[[Json], object]:
    return lambda tenant: [each.pop(member) for each in tenant[kind] if each["id"] == number]


def strong(number: int) -> Json:
    made = policy(number, "Strong", {"includeUsers": ["All"]})
    strength = {"id": STRENGTH, "displayName": "Ours", "allowedCombinations": ["fido2"]}
    made["grantControls"] = {"operator": "OR", "builtInControls": [], "authenticationStrength": strength}
    return made


def odd_name(tenant: Json) -> None:
    conditions = tenant["policies"][-1]["conditions"]
    conditions["platformsOfTomorrow"] = conditions.pop("platforms")


def guest_of(home: str) -> Json:
    kinds = {
        "guestOrExternalUserTypes": "b2bCollaborationGuest",
        "externalTenants": {
            "@odata.type": "#microsoft.graph.conditionalAccessEnumeratedExternalTenants",
            "membershipKind": "enumerated",
            "members": [home],
        },
    }
    return policy(200, "A", {"includeUsers": ["All"], "excludeGuestsOrExternalUsers": kinds})


def by_attribute() -> Json:
    """Resources with an attribute, which the one of the tenant hasn't."""
    made = policy(200, "By attribute", {"includeUsers": ["All"]})
    rule = 'CustomSecurityAttribute.Perca_Level -eq "high"'
    made["conditions"]["applications"] = {"applicationFilter": {"mode": "include", "rule": rule}}
    return made


def invited(tenant: Json) -> None:
    """The person is a guest, and no directory says where a guest is at home: only a sign-in does."""
    tenant["users"][0] |= {"userType": "Guest", "creationType": "Invitation"}


ONE = {"includeUsers": [id_of(0)]}
REMOVALS = {
    "the members of a group": Removal(
        [policy(200, "A", {"includeGroups": [GROUP]})],
        missing(f"groups/{GROUP}/members"),
        "members of group `Outer`",
    ),
    "the members of a nested group": Removal(
        [policy(200, "A", {"includeGroups": [GROUP]})],
        missing(f"groups/{NESTED}/members"),
        "members of group `Inner`",
        who=f"user:{id_of(2)}",
    ),
    "the ranges of a location": Removal(
        [
            policy(200, "A", ONE, locations=EVERYWHERE | {"excludeLocations": [OFFICE]}),
            policy(201, "B", ONE, locations={"includeLocations": [HERE]}),
        ],
        without("namedLocations", OFFICE, "ipRanges"),
        OFFICE,
    ),
    "the list of a country location": Removal(
        [
            policy(200, "A", ONE, locations=EVERYWHERE | {"excludeLocations": [LAND]}),
            policy(201, "B", ONE, locations={"includeLocations": [THERE]}),
        ],
        without("namedLocations", LAND, "countriesAndRegions"),
        LAND,
    ),
    "the combinations of a strength": Removal(
        [strong(200)],
        lambda tenant: [
            each.pop("allowedCombinations")
            for each in (
                tenant["authenticationStrengths"][0],
                tenant["policies"][0]["grantControls"]["authenticationStrength"],
            )
        ],
        STRENGTH,
        called="authentication strength `Ours`",
    ),
    "a page of people": Removal(
        [policy(200, "A", {"includeUsers": ["All"]})], missing("users"), "users", who="all"
    ),
    "a page of policies": Removal(
        [], missing("identity/conditionalAccess/policies"), "identity/conditionalAccess/policies", holds=False
    ),
    "the name of a condition": Removal(
        [policy(200, "A", {"includeUsers": ["All"]}, platforms={"includePlatforms": ["all"]})],
        odd_name,
        "platformsOfTomorrow",
    ),
    "role assignments": Removal(
        [policy(200, "A", {"includeRoles": [ROLE]})], missing("roleAssignments"), "role assignments"
    ),
    "the trusted IPs": Removal(
        [policy(200, "A", ONE, clientAppTypes=["exchangeActiveSync", "other"])],
        lambda tenant: tenant["mfaSettings"].pop("trustedIps"),
        "mfaSettings.trustedIps",
        more=(("perUserMfaState", "enforced"),),
    ),
    "a guest's home tenant": Removal(
        [guest_of(HOME)],
        invited,
        "home tenant",
    ),
    "an application's attributes": Removal(
        [by_attribute()],
        without("servicePrincipals", ATTRIBUTED, "customSecurityAttributes"),
        "custom security attributes were not read",
        holds=False,
    ),
}


@pytest.fixture
def tenant(tenant: Json) -> Json:
    """The four people; one is in a group, one in a group within that."""
    return tenant | {
        "mfaSettings": tenant["mfaSettings"] | {"trustedIps": []},
        "users": [each | {"perUserMfaState": "disabled"} for each in tenant["users"]],
        "groups": [
            {"id": GROUP, "displayName": "Outer", "members": [id_of(0), NESTED]},
            {"id": NESTED, "displayName": "Inner", "members": [id_of(2)]},
        ],
        "roleAssignments": [{"principalId": id_of(0), "roleDefinitionId": ROLE, "directoryScopeId": "/"}],
        "namedLocations": [
            ranges(OFFICE, "192.0.2.0/24"),
            ranges(HERE, "192.0.2.0/24"),
            countries(LAND, "CH"),
            countries(THERE, "CH"),
        ],
        "authenticationStrengths": [
            {"id": STRENGTH, "displayName": "Ours", "allowedCombinations": ["fido2"]}
        ],
        "servicePrincipals": [
            {
                "id": ATTRIBUTED,
                "appId": id_of(601),
                "displayName": "Attributed",
                "servicePrincipalType": "Application",
                "customSecurityAttributes": {"Perca": {"Level": "low"}},
            }
        ],
    }


@pytest.mark.parametrize("name", REMOVALS)
def test_the_verdict_without_a_fact_is_not_assessed_and_names_it(
    perca: Perca, written: Write, tenant: Json, name: str
) -> None:
    removal = REMOVALS[name]
    whole = tenant | {"policies": removal.policies}
    for key, value in removal.more:
        whole["users"] = [each | {key: value} for each in whole["users"]]
    full = perca("prove", written(whole), "--who", removal.who, "--json")
    assert (full.code, full.json["holds"]) == ((0, True) if removal.holds else (1, False))

    less = copy.deepcopy(whole)
    removal.remove(less)
    done = perca("prove", written(less), "--who", removal.who, "--json")
    assert (done.code, done.json["holds"]) == (3, None)
    assert removal.names in done.json["notDecided"]
    assert (removal.called or removal.names) in perca("prove", written(less), "--who", removal.who).out


def test_there_are_twelve() -> None:
    assert len(REMOVALS) == 12


def test_policies_that_nobody_read_are_told_and_not_called_a_miss(
    perca: Perca, written: Write, tenant: Json
) -> None:
    tenant["policies"] = []
    missing("identity/conditionalAccess/policies")(tenant)
    done = perca("prove", written(tenant))
    assert done.code == 3
    assert "identity/conditionalAccess/policies could not be read" in done.out
    assert "miss this" not in done.out
    regions = perca("prove", written(tenant), "--json").json["regions"]
    assert regions
    assert [each["policies"] for each in regions] == [[]] * len(regions)
