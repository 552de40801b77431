"""Graph's words and Microsoft's ids, as FACTS.md prints them: what a sign-in can be, and what Microsoft's own rules are about.

Nothing here comes from the product. Sections are those of FACTS.md and of its list of applications.
"""

# Coordinates of a sign-in (3.2 and 4), in Graph's spelling.
MODERN = ("browser", "mobileAppsAndDesktopClients")
LEGACY = ("exchangeActiveSync", "other")
CLIENTS = (*MODERN, *LEGACY)
PLATFORMS = ("android", "iOS", "windows", "windowsPhone", "macOS", "linux", "unknown")
"""The last is what no list names."""
FLOWS = ("none", "deviceCodeFlow", "authenticationTransfer")
RISKS = ("none", "low", "medium", "high")
INSIDER_RISKS = ("none", "minor", "moderate", "elevated")
CREDENTIALS = ("password", "appPassword", "passkey", "certificate", "federated")
SCOPES = ("oidc", "baseline", "directory", "more")
"""What a request for Microsoft Graph asks, each more than the one before (3.4)."""

# Kinds of external people (3.2); the first three have an account in the directory.
INTERNAL_GUEST, GUEST, MEMBER = "internalGuest", "b2bCollaborationGuest", "b2bCollaborationMember"
STRANGERS = ("b2bDirectConnectUser", "otherExternalUser", "serviceProvider")
EXTERNAL_KINDS = (INTERNAL_GUEST, GUEST, MEMBER, *STRANGERS)

# Applications (APPS 1 and 2).
EXCHANGE = "00000002-0000-0ff1-ce00-000000000000"
SHAREPOINT = "00000003-0000-0ff1-ce00-000000000000"
TEAMS = "cc15fd57-2c6c-4117-a88c-83b1d56b4bbe"
YAMMER = "00000005-0000-0ff1-ce00-000000000000"
POWER_BI = "00000009-0000-0000-c000-000000000000"
OUTLOOK_WEB = "9199bf20-a13f-4107-85dc-02114787ef48"
GRAPH = "00000003-0000-0000-c000-000000000000"
DIRECTORY = "00000002-0000-0000-c000-000000000000"
ARM = "797f4846-ba00-4fd7-ba43-dac1f8f63013"
AZURE_PORTAL = "c44b4083-3bb0-49c1-b47d-974e53cbdf3c"
DATA_LAKE = "e9f49c6b-5ce5-44c8-925d-015017e9f7ad"
INSIGHTS = "f5c26e74-f226-4ae8-85f0-b4af0080ac9e"
LOG_ANALYTICS = "ca7f3f0b-7d91-482c-8e09-c5d840d0eac5"
AZURE_CLI = "04b07795-8ddb-461a-bbee-02f9e1bf7b46"
AZURE_POWERSHELL = "1950a258-227b-4e31-a9cf-717495945fc2"
AZURE_MOBILE = "0c1307d4-29d6-4389-a11c-5cbe7f65d7fa"
ADMIN_CENTER = "618dd325-23f6-4b6f-8380-4df78026e39b"

FORMS = "c9a559d2-7aab-4f13-a6ed-e7e9c52aec87"
OFFICE_PORTAL = "00000006-0000-0ff1-ce00-000000000000"
POWER_APPS = "475226c6-020e-4fb2-8a90-7a972cbfc1d4"
POWER_AUTOMATE = "7df0a125-d3be-4c96-aa54-591f83ff541c"

OFFICE = frozenset({EXCHANGE, SHAREPOINT, TEAMS, YAMMER, FORMS, OFFICE_PORTAL})
"""Those of Office365's list whose ids an official page prints, as far as they occur here."""
NOT_OFFICE = frozenset(
    {
        *(POWER_BI, GRAPH, DIRECTORY, ARM, AZURE_PORTAL, DATA_LAKE, INSIGHTS, LOG_ANALYTICS),
        *(POWER_AUTOMATE, AZURE_CLI, AZURE_POWERSHELL, AZURE_MOBILE),
    }
)
"""Those whose ids an official page prints and which that list doesn't name, or which APPS 2.1 says it doesn't."""
AZURE_MANAGEMENT = frozenset({ARM, AZURE_PORTAL, DATA_LAKE, INSIGHTS, LOG_ANALYTICS})
"""What naming Azure Resource Manager means (APPS 2.3)."""
NEEDED_BY = {
    TEAMS: (EXCHANGE, SHAREPOINT),
    FORMS: (EXCHANGE, SHAREPOINT),
    OFFICE_PORTAL: (EXCHANGE, SHAREPOINT, TEAMS),
    AZURE_PORTAL: (EXCHANGE, SHAREPOINT),
    DATA_LAKE: (ARM,),
    POWER_APPS: (ARM, DIRECTORY, SHAREPOINT, EXCHANGE),
    POWER_AUTOMATE: (POWER_APPS,),
}
"""Services whose policies must be met first: the early-bound rows of Microsoft's page service-dependencies (05/2026)."""
DOCUMENTED = (
    *(EXCHANGE, SHAREPOINT, TEAMS, YAMMER, POWER_BI, OUTLOOK_WEB, GRAPH, DIRECTORY, ARM, AZURE_PORTAL),
    *(DATA_LAKE, INSIGHTS, LOG_ANALYTICS, AZURE_CLI, AZURE_POWERSHELL, AZURE_MOBILE, ADMIN_CENTER),
    *(FORMS, OFFICE_PORTAL, POWER_APPS, POWER_AUTOMATE),
)

# Roles (5 and 7.2).
SYNCHRONISATION = "d29b2b05-8046-44ba-8758-1e26182fcf32"
ADMINISTRATORS = frozenset(
    {
        "62e90394-69f5-4237-9190-012177145e10",  # Global
        "9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3",  # Application
        "c4e39bd9-1100-46d3-8c65-fb160da0071f",  # Authentication
        "b0f54661-2d74-4c50-afa3-1ec803f12efe",  # Billing
        "158c047a-c907-4556-b7ef-446551a6b5f7",  # Cloud Application
        "b1be1c3e-b65d-4f19-8427-f6fa0d97feb9",  # Conditional Access
        "29232cdf-9323-42fd-ade2-1d097af3e4de",  # Exchange
        "729827e3-9c14-49f7-bb1b-9608f156bbb8",  # Helpdesk
        "966707d0-3269-4727-9be2-8c3a10f19b9d",  # Password
        "7be44c8a-adaf-4e2a-84d6-ab2649e08a13",  # Privileged Authentication
        "e8611ab8-c189-46e8-94e1-60213ab1f814",  # Privileged Role
        "194ae4cb-b126-40b2-bd5b-6091b380977d",  # Security
        "f28a1f50-f6e7-4571-818b-6a12f2af6b6c",  # SharePoint
        "69091246-20e8-4a56-aa4d-066075b2a7a8",  # Teams
        "fe930be7-5e62-47db-91af-98c3a49a38b1",  # User
        "0526716b-113d-4c15-b2c8-68e3c22b9f80",  # Authentication Policy
        "45d8d3c5-c802-45c6-b32a-1d70b5e1e86e",  # Identity Governance
    }
)
"""Who does MFA at every sign-in under Security Defaults."""

# Places (2 and 3.2).
MFA_TRUSTED_IPS = "00000000-0000-0000-0000-000000000000"

# Built-in authentication strengths (14.4.6), and what of methods is MFA (10.4).
_PHISHING_RESISTANT = ("windowsHelloForBusiness", "fido2", "x509CertificateMultiFactor")
_PASSWORDLESS = (*_PHISHING_RESISTANT, "deviceBasedPush")
_SECOND = ("microsoftAuthenticatorPush", "softwareOath", "hardwareOath", "sms", "voice")
BUILT_IN_STRENGTHS = {
    "00000000-0000-0000-0000-000000000002": (
        *(
            *_PASSWORDLESS,
            "temporaryAccessPassOneTime",
            "temporaryAccessPassMultiUse",
            "federatedMultiFactor",
        ),
        *(f"password,{each}" for each in _SECOND),
        *(f"{each},federatedSingleFactor" for each in _SECOND),
    ),
    "00000000-0000-0000-0000-000000000003": _PASSWORDLESS,
    "00000000-0000-0000-0000-000000000004": _PHISHING_RESISTANT,
}
MFA_BY_ITSELF = frozenset(
    {*_PASSWORDLESS, "temporaryAccessPassOneTime", "temporaryAccessPassMultiUse", "federatedMultiFactor"}
)
FIRST_FACTORS = frozenset({"password", "federatedSingleFactor"})
SECOND_FACTORS = frozenset(_SECOND)
