"""What a sign-in asks for besides a resource: a user action, an authentication context, scopes; and how it began.

Source: FACTS.md 3.2, 3.3.8, 3.3.10, 3.4 and section 4.
"""

from __future__ import annotations

from enum import StrEnum

from perca.model.ids import AppId, ContextId


class UserAction(StrEnum):
    """A user action, in the words of policies."""

    REGISTER_SECURITY_INFORMATION = "urn:user:registersecurityinfo"
    REGISTER_DEVICE = "urn:user:registerdevice"


class AppGroup(StrEnum):
    """A group of Microsoft's applications that a policy can name."""

    OFFICE_365 = "Office365"
    ADMIN_PORTALS = "MicrosoftAdminPortals"
    AGENT_RESOURCES = "AllAgentIdResources"
    """Agent identities and their blueprints, as what people ask for."""

    @property
    def display_name(self) -> str:
        """Its name for people."""
        return _APP_GROUPS[self]


_APP_GROUPS = {
    AppGroup.OFFICE_365: "Office 365",
    AppGroup.ADMIN_PORTALS: "Microsoft Admin Portals",
    AppGroup.AGENT_RESOURCES: "all agent resources",
}


class Flow(StrEnum):
    """The authentication flow by which the session began; refreshed tokens keep it (3.3.10)."""

    NONE = "none"
    DEVICE_CODE = "deviceCodeFlow"
    TRANSFER = "authenticationTransfer"


class Scopes(StrEnum):
    """How much a request for Microsoft Graph asks: what "all resources with exclusions" left out until 2026 hangs on it (3.4)."""

    OIDC = "oidc"
    """Only openid, profile, email, offline_access."""
    BASELINE = "baseline"
    """At most User.Read and People.Read besides."""
    DIRECTORY = "directory"
    """At most the scopes for reading the directory besides, which only an excluded confidential client had for free."""
    MORE = "more"


class InsiderRisk(StrEnum):
    """Insider risk levels."""

    NONE = "none"
    MINOR = "minor"
    MODERATE = "moderate"
    ELEVATED = "elevated"


NO_CONTEXT = ContextId("none")
"""The sign-in asks for no authentication context."""

GRAPH = AppId("00000003-0000-0000-c000-000000000000")
DIRECTORY = AppId("00000002-0000-0000-c000-000000000000")
"""Windows Azure Active Directory, to which baseline scopes are mapped since 2026 (3.4)."""
NOBODY_CHOSE = AppId("nobody chose")
"""Stands for the resource of baseline scopes where the tenant's settings name none: Microsoft's rollout decides, by its date."""
NATIVE = AppId("native")
"""Stands for a public client where a confidential one could be named: no policy can name it."""
