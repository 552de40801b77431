"""What Microsoft's groups of applications hold: ids of which it is certain, and all the others, which may be in.

Source: reference-office-365-application-contents (06/2026) and concept-conditional-access-cloud-apps (01/2026), FACTS.md 3.2 and the
list of applications beside it. Microsoft publishes names and no ids, adds to them, and says that looking them up only approximates
the group: so certainly in is a listed name whose id another of its pages prints; certainly out is what the tenant owns itself, and
what is documented to be something else.
"""

from __future__ import annotations

from dataclasses import dataclass

from perca.model import AGENT, DIRECTORY, GRAPH, AppGroup, AppId, fold
from perca.policy.answer import Answer, No, Unknown, Yes
from perca.policy.directory import View


def _ids(table: str) -> frozenset[AppId]:
    """The ids of a table with an id and a name in each line."""
    return frozenset(AppId(line.split()[0]) for line in table.strip().splitlines())


EXCHANGE = AppId("00000002-0000-0ff1-ce00-000000000000")
SHAREPOINT = AppId("00000003-0000-0ff1-ce00-000000000000")
TEAMS = AppId("cc15fd57-2c6c-4117-a88c-83b1d56b4bbe")
AZURE_MANAGEMENT = AppId("797f4846-ba00-4fd7-ba43-dac1f8f63013")
AZURE_PORTAL = AppId("c44b4083-3bb0-49c1-b47d-974e53cbdf3c")
KEY_VAULT = AppId("cfa8b339-82a2-471a-a3c9-0fc0be7a4093")
SECURITY_PORTAL = AppId("80ccca67-54bd-44ab-8625-4b79c4dc7775")
"""The Security and Compliance Center, by which one signs in to the Defender and the Purview portal."""

AZURE_MANAGEMENT_GROUP = frozenset({AZURE_MANAGEMENT, AZURE_PORTAL}) | _ids("""
e9f49c6b-5ce5-44c8-925d-015017e9f7ad  Azure Data Lake
f5c26e74-f226-4ae8-85f0-b4af0080ac9e  Application Insights API
ca7f3f0b-7d91-482c-8e09-c5d840d0eac5  Log Analytics API
""")
"""What a policy means that names the Windows Azure Service Management API."""

_OFFICE = _ids("""
00000002-0000-0ff1-ce00-000000000000  Office 365 Exchange Online
00000003-0000-0ff1-ce00-000000000000  Office 365 SharePoint Online
cc15fd57-2c6c-4117-a88c-83b1d56b4bbe  Microsoft Teams Services
00000004-0000-0ff1-ce00-000000000000  Skype for Business Online
00000005-0000-0ff1-ce00-000000000000  Viva Engage
00000006-0000-0ff1-ce00-000000000000  Microsoft Office 365 Portal
00000007-0000-0ff1-ce00-000000000000  Microsoft Exchange Online Protection
66a88757-258c-4c72-893c-3e8bed4d6899  Office 365 Search Service
0f698dd4-f011-4d23-a33e-b36416dcb1e6  OfficeClientService
c9a559d2-7aab-4f13-a6ed-e7e9c52aec87  Microsoft Forms
905fcf26-4eb7-48a0-9ff0-8dcc7194b5ba  Sway
95de633a-083e-42f5-b444-a4295d8e9314  Microsoft Whiteboard Services
4765445b-32c6-49b0-83e6-1d93765276ca  OfficeHome
4b233688-031c-404b-9a80-a4f3f2351f90  Office.com
4345a7b9-9a63-4910-a426-35363201d503  O365 Suite UX
89bee1f7-5e6e-4d8a-9f3d-ecd601259da7  Office365 Shell WCSS-Client
5e3ce6c0-2b1f-4285-8d4b-75ee78787346  Microsoft Teams Web Client
08e18876-6177-487e-b8b5-cf950c1e598c  SharePoint Online Web Client Extensibility
94c63fef-13a3-47bc-8074-75af8c65887a  Office Delve
d3590ed6-52b3-4102-aeff-aad2292ab01c  Microsoft Office
1fec8e78-bce4-4aaf-ab1b-5451cc387264  Microsoft Teams
ab9b8c07-8f02-4f72-87fa-80105867a763  OneDrive SyncEngine
2d4d3d8e-2be3-4bef-9f87-7875a61c29de  OneNote
""")

_OTHER_SERVICES = (
    frozenset({GRAPH, DIRECTORY})
    | AZURE_MANAGEMENT_GROUP
    | _ids("""
00000009-0000-0000-c000-000000000000  Power BI Service
871c010f-5e61-4fb1-83ac-98610a7e9110  Microsoft Power BI
00000007-0000-0000-c000-000000000000  Dataverse
00000015-0000-0000-c000-000000000000  Microsoft Dynamics ERP
996def3d-b36c-4153-8607-a6fd3c01b89f  Dynamics 365 Business Central
7df0a125-d3be-4c96-aa54-591f83ff541c  Microsoft Flow Service
00000012-0000-0000-c000-000000000000  Microsoft Rights Management Services
c5393580-f805-4401-95e8-94b7a6ef2fc2  Office 365 Management APIs
0000000a-0000-0000-c000-000000000000  Microsoft Intune
d4ebce55-015a-49b5-a083-c84d1797ae8c  Microsoft Intune Enrollment
c161e42e-d4df-4a3d-9b42-e7a3c31f59d4  Microsoft Intune API
499b84ac-1321-427f-aa17-267ca6975798  Azure DevOps
cfa8b339-82a2-471a-a3c9-0fc0be7a4093  Azure Key Vault
e406a681-f3d4-42a8-90b6-c2b029497af1  Azure Storage
022907d3-0f1b-48f7-badc-1ba6abab6d66  Azure SQL Database
9cdead84-a844-4324-93f2-b2e6bb768d07  Azure Virtual Desktop
27922004-5251-4030-b22d-91ecd9a37ea4  Outlook Mobile
c1c74fed-04c9-4704-80dc-9f79a2e515cb  Yammer Web
""")
)
"""Services of Microsoft that the page on Office 365 doesn't list."""

_SERVICES_AND_NO_PORTALS = _ids("""
00000002-0000-0ff1-ce00-000000000000  Office 365 Exchange Online
00000003-0000-0ff1-ce00-000000000000  Office 365 SharePoint Online
cc15fd57-2c6c-4117-a88c-83b1d56b4bbe  Microsoft Teams Services
00000004-0000-0ff1-ce00-000000000000  Skype for Business Online
""") | _OTHER_SERVICES - {AZURE_PORTAL}
"""The admin portals are portals: a service that they ask for isn't one of them."""


@dataclass(frozen=True, slots=True)
class Membership:
    """What of a group is certain; `owned` whether an application of the tenant's own can be in it."""

    inside: frozenset[AppId]
    outside: frozenset[AppId]
    owned: bool = False


GROUPS = {
    AppGroup.OFFICE_365: Membership(_OFFICE, _OTHER_SERVICES),
    AppGroup.ADMIN_PORTALS: Membership(frozenset({AZURE_PORTAL, SECURITY_PORTAL}), _SERVICES_AND_NO_PORTALS),
    AppGroup.AGENT_RESOURCES: Membership(frozenset(), _OFFICE | _OTHER_SERVICES, owned=True),
}


def in_app_group(view: View, group: AppGroup, app: AppId) -> Answer:
    """Whether the application is in the group; Unknown for every one of which that isn't documented."""
    known = GROUPS[group]
    held = view.tenant.applications.get(app)
    agent = held is not None and held.kind is not None and fold(held.kind) == fold(AGENT)
    if app in known.inside or (agent and group is AppGroup.AGENT_RESOURCES):
        return Yes((f"resource `{app}` is in {group}",))
    if app in known.outside or (not known.owned and is_owned(view, app)):
        return No((f"resource `{app}` is not in {group}",))
    return Unknown((f"whether resource `{app}` is in {group}",))


def is_owned(view: View, app: AppId) -> bool:
    """Whether the tenant certainly owns the application."""
    held = view.tenant.applications.get(app)
    return held is not None and bool(view.tenant.id) and held.owner == view.tenant.id


def may_be_owned(view: View, app: AppId) -> bool:
    """Whether the tenant may own the application: its owner isn't known to be another, and it is none of Microsoft's."""
    if any(app in each.inside | each.outside for each in GROUPS.values()):
        return False
    held = view.tenant.applications.get(app)
    return held is None or held.owner is None or not view.tenant.id or held.owner == view.tenant.id


def covered_by(app: AppId) -> frozenset[AppId]:
    """The applications that a policy means which names this one."""
    return AZURE_MANAGEMENT_GROUP if app == AZURE_MANAGEMENT else frozenset({app})
