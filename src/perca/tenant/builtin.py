"""What every tenant has from its first day: built-in roles, built-in authentication strengths, Security Defaults (off).

Ids, names and combinations are Microsoft's (permissions reference, 2026-01-20; authentication strengths page, 2025-03-04,
and exports of 2025 and 2026).
"""

from __future__ import annotations

from collections.abc import Iterator

from perca.policy.administrators import ROLES as ADMINISTRATORS
from perca.policy.security_defaults import SYNCHRONISATION
from perca.tenant.apps import first_party
from perca.tenant.guid import made_guid
from perca.tenant.json import Json

ROLES: dict[str, str] = {name: id for id, name in ADMINISTRATORS.items()} | {
    "Groups Administrator": "fdd7a751-b60b-444a-984c-02652fe8fa1c",
    "Security Reader": "5d6b6bb7-de71-4623-b4af-96380a352509",
    "Security Operator": "5f2222b1-57c3-48ba-8ad5-d4759f1fde6f",
    "Global Reader": "f2ef992c-3afb-46b9-b7cf-a126ee74c451",
    "Reports Reader": "4a5d8f65-41da-4de4-8968-e035b65339cf",
    "Intune Administrator": "3a2c62db-5318-420d-8d74-23affee5d9d5",
    "Directory Synchronization Accounts": SYNCHRONISATION,
}
"""Ids by name: the roles of administrators, and others that a tenant's policies and people may have."""
GLOBAL_ADMINISTRATOR = ROLES["Global Administrator"]
DIRECTORY_SYNCHRONIZATION = ROLES["Directory Synchronization Accounts"]

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


def _method(id: str, *, enabled: bool) -> Json:
    target = {"targetType": "group", "id": "all_users", "isRegistrationRequired": False}
    return {
        "@odata.type": f"#microsoft.graph.{id[0].lower()}{id[1:]}AuthenticationMethodConfiguration",
        "id": id,
        "state": "enabled" if enabled else "disabled",
        "excludeTargets": [],
        "includeTargets": [target],
    }


_ALLOWED = ("Fido2", "MicrosoftAuthenticator", "Sms", "TemporaryAccessPass", "SoftwareOath", "HardwareOath")
_OFF = ("Voice", "Email", "X509Certificate", "QRCodePin")
METHODS_POLICY: Json = {
    "id": "authenticationMethodsPolicy",
    "displayName": "Authentication Methods Policy",
    "description": "The tenant-wide policy that controls which authentication methods are allowed in the tenant",
    "lastModifiedDateTime": "2024-03-04T09:00:00Z",
    "policyVersion": "1.5",
    "policyMigrationState": "migrationComplete",
    "authenticationMethodConfigurations": [
        *(_method(id, enabled=True) for id in _ALLOWED),
        *(_method(id, enabled=False) for id in _OFF),
    ],
}
"""Which methods people may use: what the people of an invented company have registered, and temporary access passes."""


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
