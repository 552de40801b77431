"""The settings of Conditional Access, to be read: here baseline scopes count as requests for the directory, as since June 2026.

Source: beta conditionalAccessSettings (2026) for the path; that the choice for baseline scopes stands in `advancedSettings` is read in two
public tools of August 2026. FACTS.md 3.4.
"""

from __future__ import annotations

from collections.abc import Mapping

from perca.model import DIRECTORY
from perca.tenant.api.conditional_access import ROOT
from perca.tenant.api.exchange import BETA, Answer, Ask, Route, answer_with
from perca.tenant.api.host import Host

PATH = f"{ROOT}/settings"
SETTINGS = {
    "id": "settings",
    "exclusions": None,
    "advancedSettings": {"baselineScopes": {"resourceAppId": str(DIRECTORY)}},
}


def show_settings(host: Host, ask: Ask, _: Mapping[str, str]) -> Answer:
    """The settings; nobody changes them here."""
    context = ask.context("identity/conditionalAccess/settings/$entity")
    return answer_with({"@odata.context": context, **SETTINGS})


ROUTES = (Route("GET", PATH, show_settings, BETA),)
