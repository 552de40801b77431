"""Graph resources as plain JSON, as Graph spells them. Ids come from names, so the same tenant is made each time."""

from __future__ import annotations

import uuid
from typing import Any

Json = dict[str, Any]

CREATED = "2024-03-04T09:00:00Z"
DOMAIN = "planted.example"
MULTIFACTOR = "00000000-0000-0000-0000-000000000002"
PHISHING_RESISTANT = "00000000-0000-0000-0000-000000000004"
"""Two strengths that every tenant has."""
ROLES = {
    "Helpdesk Administrator": "729827e3-9c14-49f7-bb1b-9608f156bbb8",
    "Reports Reader": "4a5d8f65-41da-4de4-8968-e035b65339cf",
    "Groups Administrator": "fdd7a751-b60b-444a-984c-02652fe8fa1c",
    "Teams Administrator": "69091246-20e8-4a56-aa4d-066075b2a7a8",
    "Security Reader": "5d6b6bb7-de71-4623-b4af-96380a352509",
    "Global Administrator": "62e90394-69f5-4237-9190-012177145e10",
}
_NAMES = uuid.UUID("5b1f0c1a-0000-4000-8000-706c616e7465")


def id_of(*names: object) -> str:
    """The id that belongs to a name."""
    return str(uuid.uuid5(_NAMES, "/".join(map(str, names))))


def user(name: str, *, guest: bool = False, invited: bool = False, state: str = "disabled") -> Json:
    """A person; `state` is that of per-user MFA."""
    local = f"{name}_elsewhere.example#EXT#" if invited else name
    return {
        "id": id_of("user", name),
        "userPrincipalName": f"{local}@{DOMAIN}",
        "displayName": name.replace("-", " ").title(),
        "accountEnabled": True,
        "userType": "Guest" if guest else "Member",
        "creationType": "Invitation" if invited else None,
        "createdDateTime": CREATED,
        "onPremisesSyncEnabled": None,
        "perUserMfaState": state,
    }


def registration(of: Json, *, registered: bool) -> Json:
    """A row of userRegistrationDetails."""
    return {
        "id": of["id"],
        "userPrincipalName": of["userPrincipalName"],
        "userDisplayName": of["displayName"],
        "userType": of["userType"].lower(),
        "isAdmin": False,
        "isMfaRegistered": registered,
        "isMfaCapable": registered,
        "methodsRegistered": ["microsoftAuthenticatorPush"] if registered else [],
        "lastUpdatedDateTime": "2026-11-01T22:00:00Z",
    }


def group(
    name: str, members: list[str], rule: str | None = None, *, paused: bool = False, roles: bool = False
) -> Json:
    """A group; one with a rule is dynamic, and its members are who the service found."""
    return {
        "id": id_of("group", name),
        "createdDateTime": CREATED,
        "deletedDateTime": None,
        "description": None,
        "displayName": name,
        "groupTypes": ["DynamicMembership"] if rule else [],
        "isAssignableToRole": True if roles else None,
        "mail": None,
        "mailEnabled": False,
        "mailNickname": name.lower().replace(" ", "-"),
        "membershipRule": rule,
        "membershipRuleProcessingState": ("Paused" if paused else "On") if rule else None,
        "onPremisesSyncEnabled": None,
        "securityEnabled": True,
        "visibility": None,
        "members": members,
    }


def ip_location(name: str, ranges: list[str], *, trusted: bool = False) -> Json:
    """A named location of addresses, all of version 4."""
    return {
        "@odata.type": "#microsoft.graph.ipNamedLocation",
        "id": id_of("location", name),
        "displayName": name,
        "createdDateTime": CREATED,
        "modifiedDateTime": CREATED,
        "isTrusted": trusted,
        "ipRanges": [
            {"@odata.type": "#microsoft.graph.iPv4CidrRange", "cidrAddress": each} for each in ranges
        ],
    }


def country_location(name: str, countries: list[str], *, unknown: bool = False) -> Json:
    """A named location of countries."""
    return {
        "@odata.type": "#microsoft.graph.countryNamedLocation",
        "id": id_of("location", name),
        "displayName": name,
        "createdDateTime": CREATED,
        "modifiedDateTime": CREATED,
        "countriesAndRegions": countries,
        "includeUnknownCountriesAndRegions": unknown,
        "countryLookupMethod": "clientIpAddress",
    }


def strength(name: str, combinations: list[str], *, mfa: bool) -> Json:
    """An authentication strength of the tenant's own; `mfa` is what the service says of its combinations."""
    return {
        "id": id_of("strength", name),
        "createdDateTime": CREATED,
        "modifiedDateTime": CREATED,
        "displayName": name,
        "description": "",
        "policyType": "custom",
        "requirementsSatisfied": "mfa" if mfa else "none",
        "allowedCombinations": combinations,
        "combinationConfigurations": [],
    }


def application(name: str, tenant: str) -> Json:
    """A service principal of an application of the tenant's own."""
    return {
        "id": id_of("servicePrincipal", name),
        "accountEnabled": True,
        "appDisplayName": name,
        "appId": id_of("app", name),
        "appOwnerOrganizationId": tenant,
        "createdDateTime": CREATED,
        "displayName": name,
        "servicePrincipalNames": [id_of("app", name)],
        "servicePrincipalType": "Application",
        "signInAudience": "AzureADMyOrg",
        "tags": [],
    }


def assignment(kind: str, principal: str, role: str, scope: str = "/") -> Json:
    """A role assignment, or an eligibility."""
    made = {
        "id": id_of(kind, principal, role, scope),
        "principalId": principal,
        "roleDefinitionId": ROLES[role],
        "directoryScopeId": scope,
    }
    return made | ({"status": "Provisioned", "memberType": "Direct"} if kind == "roleEligibilities" else {})


def policy(
    name: str,
    users: Json,
    *controls: str,
    operator: str = "OR",
    strength: str | None = None,
    state: str = "enabled",
    serial: int = 1,
    **conditions: Any,
) -> Json:
    """A policy: for all resources and all clients, where `conditions` don't say otherwise; `serial` tells namesakes apart."""
    return {
        "id": id_of("policy", name, serial),
        "displayName": name,
        "createdDateTime": CREATED,
        "modifiedDateTime": CREATED,
        "state": state,
        "conditions": {
            "users": users,
            "applications": {"includeApplications": ["All"]},
            "clientAppTypes": ["all"],
            **conditions,
        },
        "grantControls": {
            "operator": operator,
            "builtInControls": list(controls),
            "customAuthenticationFactors": [],
            "termsOfUse": [],
            "authenticationStrength": None if strength is None else {"id": strength},
        },
        "sessionControls": None,
    }
