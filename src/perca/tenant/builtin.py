"""What every tenant has from its first day: built-in roles, built-in authentication strengths, Security Defaults (off).

Ids, names and combinations are Microsoft's (permissions reference, 2026-01-20; authentication strengths page, 2025-03-04,
and exports of 2025 and 2026).
"""

from __future__ import annotations

from collections.abc import Iterator

from perca.tenant.apps import first_party
from perca.tenant.guid import made_guid
from perca.tenant.json import Json

GLOBAL_ADMINISTRATOR = "62e90394-69f5-4237-9190-012177145e10"
DIRECTORY_SYNCHRONIZATION = "d29b2b05-8046-44ba-8758-1e26182fcf32"

ROLES: dict[str, str] = {
    "Global Administrator": GLOBAL_ADMINISTRATOR,
    "Conditional Access Administrator": "b1be1c3e-b65d-4f19-8427-f6fa0d97feb9",
    "Security Administrator": "194ae4cb-b126-40b2-bd5b-6091b380977d",
    "Authentication Administrator": "c4e39bd9-1100-46d3-8c65-fb160da0071f",
    "Privileged Authentication Administrator": "7be44c8a-adaf-4e2a-84d6-ab2649e08a13",
    "Authentication Policy Administrator": "0526716b-113d-4c15-b2c8-68e3c22b9f80",
    "Exchange Administrator": "29232cdf-9323-42fd-ade2-1d097af3e4de",
    "SharePoint Administrator": "f28a1f50-f6e7-4571-818b-6a12f2af6b6c",
    "Teams Administrator": "69091246-20e8-4a56-aa4d-066075b2a7a8",
    "Helpdesk Administrator": "729827e3-9c14-49f7-bb1b-9608f156bbb8",
    "Billing Administrator": "b0f54661-2d74-4c50-afa3-1ec803f12efe",
    "User Administrator": "fe930be7-5e62-47db-91af-98c3a49a38b1",
    "Groups Administrator": "fdd7a751-b60b-444a-984c-02652fe8fa1c",
    "Application Administrator": "9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3",
    "Cloud Application Administrator": "158c047a-c907-4556-b7ef-446551a6b5f7",
    "Password Administrator": "966707d0-3269-4727-9be2-8c3a10f19b9d",
    "Privileged Role Administrator": "e8611ab8-c189-46e8-94e1-60213ab1f814",
    "Security Reader": "5d6b6bb7-de71-4623-b4af-96380a352509",
    "Security Operator": "5f2222b1-57c3-48ba-8ad5-d4759f1fde6f",
    "Global Reader": "f2ef992c-3afb-46b9-b7cf-a126ee74c451",
    "Reports Reader": "4a5d8f65-41da-4de4-8968-e035b65339cf",
    "Identity Governance Administrator": "45d8d3c5-c802-45c6-b32a-1d70b5e1e86e",
    "Intune Administrator": "3a2c62db-5318-420d-8d74-23affee5d9d5",
    "Directory Synchronization Accounts": DIRECTORY_SYNCHRONIZATION,
}

MULTIFACTOR = "00000000-0000-0000-0000-000000000002"
PASSWORDLESS = "00000000-0000-0000-0000-000000000003"
PHISHING_RESISTANT = "00000000-0000-0000-0000-000000000004"
SECURITY_DEFAULTS = "00000000-0000-0000-0000-000000000005"

P1, P2 = "AAD_PREMIUM", "AAD_PREMIUM_P2"
WORKLOADS = ("AAD_WRKLDID_P1", "AAD_WRKLDID_P2")
"""The names of service plans, by which a licence is known whatever it is sold as."""

_PHISHING_RESISTANT = ["windowsHelloForBusiness", "fido2", "x509CertificateMultiFactor"]
_PASSWORDLESS = [*_PHISHING_RESISTANT, "deviceBasedPush"]
_MULTIFACTOR = [
    *_PASSWORDLESS,
    "temporaryAccessPassOneTime",
    "temporaryAccessPassMultiUse",
    "password,microsoftAuthenticatorPush",
    "password,softwareOath",
    "password,hardwareOath",
    "password,sms",
    "password,voice",
    "federatedMultiFactor",
    "microsoftAuthenticatorPush,federatedSingleFactor",
    "softwareOath,federatedSingleFactor",
    "hardwareOath,federatedSingleFactor",
    "sms,federatedSingleFactor",
    "voice,federatedSingleFactor",
]


def _strength(id: str, name: str, description: str, combinations: list[str]) -> Json:
    return {
        "id": id,
        "createdDateTime": "2021-12-01T08:00:00Z",
        "modifiedDateTime": "2021-12-01T08:00:00Z",
        "displayName": name,
        "description": description,
        "policyType": "builtIn",
        "requirementsSatisfied": "mfa",
        "allowedCombinations": combinations,
        "combinationConfigurations": [],
    }


STRENGTHS: tuple[Json, ...] = (
    _strength(
        MULTIFACTOR,
        "Multifactor authentication",
        "Combinations of methods that satisfy strong authentication, such as a password + SMS",
        _MULTIFACTOR,
    ),
    _strength(
        PASSWORDLESS,
        "Passwordless MFA",
        "Passwordless methods that satisfy strong authentication, such as Passwordless sign-in with the Microsoft Authenticator",
        _PASSWORDLESS,
    ),
    _strength(
        PHISHING_RESISTANT,
        "Phishing-resistant MFA",
        "Phishing-resistant, Passwordless methods for the strongest authentication, such as a FIDO2 security key",
        _PHISHING_RESISTANT,
    ),
)


MFA_SETTINGS: Json = {
    "trustedIps": [],
    "trustFederatedIntranet": False,
    "rememberMfaDays": None,
    "allowAppPasswords": False,
}
"""The per-user MFA service settings of a new tenant. The tenant itself knows them; Graph shows them to nobody."""


def _b2b(access: str) -> Json:
    return {
        "usersAndGroups": {"accessType": access, "targets": [{"target": "AllUsers", "targetType": "user"}]},
        "applications": {
            "accessType": access,
            "targets": [{"target": "AllApplications", "targetType": "application"}],
        },
    }


CROSS_TENANT_DEFAULT: Json = {
    "isServiceDefault": True,
    "inboundTrust": {
        "isMfaAccepted": False,
        "isCompliantDeviceAccepted": False,
        "isHybridAzureADJoinedDeviceAccepted": False,
    },
    "b2bCollaborationInbound": _b2b("allowed"),
    "b2bCollaborationOutbound": _b2b("allowed"),
    "b2bDirectConnectInbound": _b2b("blocked"),
    "b2bDirectConnectOutbound": _b2b("blocked"),
    "automaticUserConsentSettings": {"inboundAllowed": False, "outboundAllowed": False},
    "tenantRestrictions": None,
}
"""What a tenant trusts of others before anybody changes it: nothing. (crossTenantAccessPolicyConfigurationDefault, 2024)"""


def _sku(number: int, part: str, *plans: str) -> Json:
    """A subscribed SKU with its service plans, as Graph shows one."""
    return {
        "id": made_guid(number, f"sku/{part}"),
        "skuId": made_guid(number, f"skuId/{part}"),
        "skuPartNumber": part,
        "capabilityStatus": "Enabled",
        "appliesTo": "User",
        "consumedUnits": 0,
        "prepaidUnits": {"enabled": 100000, "suspended": 0, "warning": 0, "lockedOut": 0},
        "servicePlans": [
            {
                "servicePlanId": made_guid(number, f"plan/{plan}"),
                "servicePlanName": plan,
                "provisioningStatus": "Success",
                "appliesTo": "User",
            }
            for plan in plans
        ],
    }


def first_licences(number: int) -> tuple[Json, ...]:
    """What a new tenant has: P2, and the premium of workload identities."""
    return (_sku(number, P2, P1, P2), _sku(number, "Workload_Identities_P2", *WORKLOADS))


def _role(name: str, id: str) -> Json:
    return {
        "id": id,
        "description": name,
        "displayName": name,
        "isBuiltIn": True,
        "isEnabled": True,
        "resourceScopes": ["/"],
        "templateId": id,
        "version": "1",
    }


def first_documents(
    number: int, tenant: str, display_name: str, domain: str
) -> Iterator[tuple[str, str, str | None, Json]]:
    """The documents of an empty tenant: kind, id, other name, body."""
    organization = {
        "id": tenant,
        "displayName": display_name,
        "tenantType": "AAD",
        "countryLetterCode": "CZ",
        "onPremisesSyncEnabled": None,
        "verifiedDomains": [
            {"capabilities": "Email", "isDefault": True, "isInitial": True, "name": domain, "type": "Managed"}
        ],
    }
    yield "organization", tenant, None, organization
    defaults = {
        "id": SECURITY_DEFAULTS,
        "displayName": "Security Defaults",
        "description": "Security defaults is a set of basic identity security mechanisms recommended by Microsoft.",
        "isEnabled": False,
    }
    yield "securityDefaults", SECURITY_DEFAULTS, None, defaults
    yield "mfaSettings", "mfaSettings", None, {"id": "mfaSettings", **MFA_SETTINGS}
    yield "crossTenantDefault", "default", None, CROSS_TENANT_DEFAULT
    for licence in first_licences(number):
        yield "skus", licence["id"], licence["skuPartNumber"], licence
    for strength in STRENGTHS:
        yield "strengths", strength["id"], strength["displayName"], strength
    for name, id in ROLES.items():
        yield "roleDefinitions", id, name, _role(name, id)
    for app in first_party(number):
        yield "servicePrincipals", app["id"], app["appId"], app
