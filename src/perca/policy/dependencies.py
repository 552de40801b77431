"""Services that another can't do without: whoever signs in to the one must meet the policies of the others first.

Source: service-dependencies (05/2026), its early-bound rows whose both sides have an id that we know; Microsoft says that its list isn't
complete. A late-bound dependency (Teams and Planner) is a sign-in of its own, when the token for the other is asked for. Left out is
SharePoint with its web client extensibility: a policy that leaves SharePoint out lets people into SharePoint (case M52).
"""

from __future__ import annotations

from perca.model import DIRECTORY, AppId
from perca.policy.app_groups import AZURE_MANAGEMENT, AZURE_PORTAL, EXCHANGE, SHAREPOINT, TEAMS

_DATA_LAKE = AppId("e9f49c6b-5ce5-44c8-925d-015017e9f7ad")
_FORMS = AppId("c9a559d2-7aab-4f13-a6ed-e7e9c52aec87")
_INTUNE = AppId("0000000a-0000-0000-c000-000000000000")
_INTUNE_PORTAL_EXTENSION = AppId("5926fc8e-304e-4f59-8bed-58ca97cc39a4")
_OFFICE_PORTAL = AppId("00000006-0000-0ff1-ce00-000000000000")
_POWER_APPS = AppId("475226c6-020e-4fb2-8a90-7a972cbfc1d4")
_POWER_AUTOMATE = AppId("7df0a125-d3be-4c96-aa54-591f83ff541c")

NEEDS: dict[AppId, frozenset[AppId]] = {
    TEAMS: frozenset({EXCHANGE, SHAREPOINT}),
    _FORMS: frozenset({EXCHANGE, SHAREPOINT}),
    _OFFICE_PORTAL: frozenset({EXCHANGE, SHAREPOINT, TEAMS}),
    AZURE_PORTAL: frozenset({EXCHANGE, SHAREPOINT}),
    _DATA_LAKE: frozenset({AZURE_MANAGEMENT}),
    _INTUNE_PORTAL_EXTENSION: frozenset({_INTUNE}),
    _POWER_APPS: frozenset({AZURE_MANAGEMENT, DIRECTORY, SHAREPOINT, EXCHANGE}),
    _POWER_AUTOMATE: frozenset({_POWER_APPS}),
}


def needed_by(app: AppId | None) -> frozenset[AppId]:
    """The services whose policies must be met before one gets into this one."""
    return frozenset() if app is None else NEEDS.get(app, frozenset())
