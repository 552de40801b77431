"""Microsoft's own resources and portals, which every tenant holds as service principals.

Ids and names from Microsoft's page on first-party applications (2024-03-08) and from demo tenants (2026-08-20). Public clients are
left out: no policy can name them.
"""

from __future__ import annotations

from collections.abc import Iterator

from perca.tenant.guid import made_guid
from perca.tenant.json import Json

EXCHANGE = "00000002-0000-0ff1-ce00-000000000000"
SHAREPOINT = "00000003-0000-0ff1-ce00-000000000000"
TEAMS = "cc15fd57-2c6c-4117-a88c-83b1d56b4bbe"
OFFICE_PORTAL = "00000006-0000-0ff1-ce00-000000000000"
POWER_BI = "00000009-0000-0000-c000-000000000000"
AZURE_PORTAL = "c44b4083-3bb0-49c1-b47d-974e53cbdf3c"
AZURE_MANAGEMENT = "797f4846-ba00-4fd7-ba43-dac1f8f63013"

FIRST_PARTY: dict[str, str] = {
    "00000002-0000-0ff1-ce00-000000000000": "Office 365 Exchange Online",
    "00000003-0000-0ff1-ce00-000000000000": "Office 365 SharePoint Online",
    "cc15fd57-2c6c-4117-a88c-83b1d56b4bbe": "Microsoft Teams Services",
    "00000004-0000-0ff1-ce00-000000000000": "Skype for Business Online",
    "00000005-0000-0ff1-ce00-000000000000": "Viva Engage",
    "00000006-0000-0ff1-ce00-000000000000": "Microsoft Office 365 Portal",
    "00000007-0000-0ff1-ce00-000000000000": "Microsoft Exchange Online Protection",
    "00000003-0000-0000-c000-000000000000": "Microsoft Graph",
    "00000002-0000-0000-c000-000000000000": "Windows Azure Active Directory",
    "797f4846-ba00-4fd7-ba43-dac1f8f63013": "Windows Azure Service Management API",
    "e9f49c6b-5ce5-44c8-925d-015017e9f7ad": "Azure Data Lake",
    "f5c26e74-f226-4ae8-85f0-b4af0080ac9e": "Application Insights API",
    "ca7f3f0b-7d91-482c-8e09-c5d840d0eac5": "Log Analytics API",
    "01cb2876-7ebd-4aa4-9cc9-d28bd4d359a9": "Device Registration Service",
    "0000000a-0000-0000-c000-000000000000": "Microsoft Intune",
    "d4ebce55-015a-49b5-a083-c84d1797ae8c": "Microsoft Intune Enrollment",
    "c161e42e-d4df-4a3d-9b42-e7a3c31f59d4": "Microsoft Intune API",
    "26a4ae64-5862-427f-a9b0-044e62572a4f": "Microsoft Intune Checkin",
    "00000009-0000-0000-c000-000000000000": "Power BI Service",
    "00000007-0000-0000-c000-000000000000": "Dataverse (Common Data Service, Dynamics CRM Online)",
    "00000015-0000-0000-c000-000000000000": "Microsoft Dynamics ERP",
    "996def3d-b36c-4153-8607-a6fd3c01b89f": "Dynamics 365 Business Central",
    "475226c6-020e-4fb2-8a90-7a972cbfc1d4": "PowerApps Service",
    "7df0a125-d3be-4c96-aa54-591f83ff541c": "Microsoft Flow Service",
    "00000012-0000-0000-c000-000000000000": "Microsoft Rights Management Services",
    "5b20c633-9a48-4a5f-95f6-dae91879051f": "Azure Information Protection",
    "40775b29-2688-46b6-a3b5-b256bd04df9f": "Microsoft Information Protection API",
    "c5393580-f805-4401-95e8-94b7a6ef2fc2": "Office 365 Management APIs",
    "66a88757-258c-4c72-893c-3e8bed4d6899": "Office 365 Search Service",
    "5f09333a-842c-47da-a157-57da27fcbca5": "Office365 Shell WCSS-Server",
    "0f698dd4-f011-4d23-a33e-b36416dcb1e6": "OfficeClientService",
    "c9a559d2-7aab-4f13-a6ed-e7e9c52aec87": "Microsoft Forms",
    "905fcf26-4eb7-48a0-9ff0-8dcc7194b5ba": "Sway",
    "95de633a-083e-42f5-b444-a4295d8e9314": "Microsoft Whiteboard Services",
    "2634dd23-5e5a-431c-81ca-11710d9079f4": "Microsoft Stream Service",
    "48ac35b8-9aa8-4d74-927d-1f4a14a0b239": "Skype and Teams Tenant Admin API",
    "fc780465-2017-40d4-a0c5-307022471b92": "WindowsDefenderATP",
    "a3b79187-70b2-4139-83f9-6016c58cd27b": "WindowsDefenderATP Portal",
    "3090ab82-f1c1-4cdf-af2c-5d7a6f3e2cc7": "Microsoft Defender for Cloud Apps",
    "05a65629-4c1b-48c1-a78b-804c4abdd4af": "Microsoft Cloud App Security",
    "60ca1954-583c-4d1f-86de-39d835f3e452": "Microsoft Defender for Identity",
    "499b84ac-1321-427f-aa17-267ca6975798": "Azure DevOps",
    "cfa8b339-82a2-471a-a3c9-0fc0be7a4093": "Azure Key Vault",
    "e406a681-f3d4-42a8-90b6-c2b029497af1": "Azure Storage",
    "022907d3-0f1b-48f7-badc-1ba6abab6d66": "Azure SQL Database",
    "9cdead84-a844-4324-93f2-b2e6bb768d07": "Azure Virtual Desktop",
    "a4a365df-50f1-4397-bc59-1a1564b8bb9c": "Microsoft Remote Desktop",
    "270efc09-cd0d-444b-a71f-39af4910ec45": "Windows Cloud Login",
    "0af06dc6-e4b5-4f28-818e-e78e62d137a5": "Windows 365",
    "372140e0-b3b7-4226-8ef9-d57986796201": "Azure Windows VM Sign-In",
    "45a330b1-b1ec-4cc1-9161-9f03992aa49f": "Windows Store for Business",
    "981f26a1-7f43-403b-a875-f8b09b8cd720": "Azure Multi-Factor Auth Client",
    "0000000c-0000-0000-c000-000000000000": "Microsoft App Access Panel",
    "93625bc8-bfe2-437a-97e0-3d0060024faa": "Microsoft password reset service",
    "c08f52c9-8f03-4558-a0ea-9a4c878cf343": "Microsoft apps with Global Secure Access",
    "5dc48733-b5df-475c-a49b-fa307ef00853": "Internet resources with Global Secure Access",
    "e92b9b37-1b47-4c01-9fbc-91d84450870e": "All private resources with Global Secure Access",
    "c44b4083-3bb0-49c1-b47d-974e53cbdf3c": "Azure Portal",
    "80ccca67-54bd-44ab-8625-4b79c4dc7775": "Microsoft 365 Security and Compliance Center",
    "618dd325-23f6-4b6f-8380-4df78026e39b": "Microsoft 365 Admin portal",
    "497effe9-df71-4043-a8bb-14cf78c4b63b": "Exchange Admin Center",
    "2ddfbe71-ed12-4123-b99b-d5fc8a062a79": "Microsoft Teams Admin Portal Service",
    "5926fc8e-304e-4f59-8bed-58ca97cc39a4": "Microsoft Intune portal extension",
    "74658136-14ec-4630-ad9b-26e160ff0fc6": "ADIbizaUX",
    "4765445b-32c6-49b0-83e6-1d93765276ca": "OfficeHome",
    "4b233688-031c-404b-9a80-a4f3f2351f90": "Office.com",
    "4345a7b9-9a63-4910-a426-35363201d503": "O365 Suite UX",
    "89bee1f7-5e6e-4d8a-9f3d-ecd601259da7": "Office365 Shell WCSS-Client",
    "9199bf20-a13f-4107-85dc-02114787ef48": "One Outlook Web",
    "5e3ce6c0-2b1f-4285-8d4b-75ee78787346": "Microsoft Teams Web Client",
    "c1c74fed-04c9-4704-80dc-9f79a2e515cb": "Yammer Web",
    "871c010f-5e61-4fb1-83ac-98610a7e9110": "Microsoft Power BI (web)",
    "6204c1d1-4712-4c46-a7d9-3ed63d992682": "Microsoft Flow Portal",
    "c0ab8ce9-e9a0-42e7-b064-33d422df41f1": "M365ChatClient",
    "08e18876-6177-487e-b8b5-cf950c1e598c": "SharePoint Online Web Client Extensibility",
    "94c63fef-13a3-47bc-8074-75af8c65887a": "Office Delve",
    "19db86c3-b2b9-44cc-b339-36da233a3be2": "My Signins",
    "8c59ead7-d703-4a27-9e55-c96a0054c8d2": "My Profile",
    "2793995e-0a7d-40d7-bd35-6968ba142197": "My Apps",
    "ba9ff945-a723-4ab5-a977-bd8c9044fe61": "My Staff",
    "74bcdadc-2fdc-4bb3-8459-76d06952a0e9": "Microsoft Intune Web Company Portal",
    "de8bc8b5-d9f9-48b1-a8ad-b748da725064": "Graph Explorer",
    "2d4d3d8e-2be3-4bef-9f87-7875a61c29de": "OneNote",
}
MICROSOFT_SERVICES = "f8cdef31-a31e-4b4a-93e4-5f571e91255a"
"""The tenant that owns them."""


def service_principal(number: int, app: str, name: str, owner: str, created: str) -> Json:
    """An application as a tenant of that number holds it."""
    return {
        "id": made_guid(number, f"servicePrincipal/{app}"),
        "accountEnabled": True,
        "appDisplayName": name,
        "appId": app,
        "appOwnerOrganizationId": owner,
        "createdDateTime": created,
        "displayName": name,
        "servicePrincipalNames": [app],
        "servicePrincipalType": "Application",
        "signInAudience": "AzureADMultipleOrgs" if owner == MICROSOFT_SERVICES else "AzureADMyOrg",
        "tags": [],
    }


def first_party(number: int) -> Iterator[Json]:
    """The service principals that every tenant has."""
    for app, name in FIRST_PARTY.items():
        yield service_principal(number, app, name, MICROSOFT_SERVICES, "2020-01-01T00:00:00Z")
