"""Microsoft's own portals and tools that its own requirements name, and whether a sign-in reaches one of them.

Source: concept-mandatory-multifactor-authentication (04/2026) and APPS.md 1 and 2; the portal's one id stands for the Azure portal, the
Entra admin center and the Intune admin center. No page gives the id of the Microsoft 365 admin center.
"""

from __future__ import annotations

from collections.abc import Mapping

from perca.model import AppId
from perca.policy.answer import Answer, No, Unknown, Yes
from perca.policy.app_groups import AZURE_MANAGEMENT, AZURE_PORTAL
from perca.policy.coordinates import Target

RESOURCE_MANAGER, PORTAL = AZURE_MANAGEMENT, AZURE_PORTAL
CLI = AppId("04b07795-8ddb-461a-bbee-02f9e1bf7b46")
POWERSHELL = AppId("1950a258-227b-4e31-a9cf-717495945fc2")
MOBILE = AppId("0c1307d4-29d6-4389-a11c-5cbe7f65d7fa")
MICROSOFT_365 = AppId("618dd325-23f6-4b6f-8380-4df78026e39b")
"""The portal of that name in other people's lists."""

NAMES: Mapping[AppId, str] = {
    RESOURCE_MANAGER: "Azure Resource Manager",
    PORTAL: "the Azure portal",
    CLI: "Azure CLI",
    POWERSHELL: "Azure PowerShell",
    MOBILE: "the Azure mobile app",
    MICROSOFT_365: "the Microsoft 365 admin center",
}
APPS = frozenset(NAMES)


def quoted(name: str) -> str:
    """The name of an application as it stands in a sentence: in backticks, an article before them."""
    bare = name.removeprefix("the ")
    return f"`{bare}`" if bare == name else f"the `{bare}`"


def reached(at: Target, among: frozenset[AppId]) -> AppId | None:
    """One of those that the request is for; None when it is for none of them, as far as its resources are known."""
    return min((app for app in (at.app, *at.audiences) if app in among), default=None)


def is_known(at: Target) -> bool:
    """Whether it is known what the request is for."""
    return at.app is not None or at.action is not None


def reaches(at: Target, certain: frozenset[AppId], perhaps: Mapping[AppId, str]) -> Answer:
    """Whether the request is for one of the `certain`; unknown where it is for one of `perhaps`, with the reason, or for who knows what."""
    sure, unsure = reached(at, certain), reached(at, frozenset(perhaps))
    if sure is not None:
        return Yes((f"reaches {NAMES[sure]}",))
    if unsure is not None:
        return Unknown((f"{perhaps[unsure]} ({NAMES[unsure]})",))
    if not is_known(at):
        return Unknown(("the resource of the sign-in is not known",))
    return No(("reaches none of the portals and tools",), ("application",))
