"""The Conditional Access policies and places of an invented company that grew up with per-user MFA.

Promises that they interact with per-user MFA without replacing it: nobody but administrators must do MFA everywhere by them.
Every policy excludes the emergency accounts by id. One is of a kind that isn't recognised, on a narrow group and one resource.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from perca.tenant.apps import AZURE_MANAGEMENT, EXCHANGE, POWER_BI, SHAREPOINT
from perca.tenant.builtin import PHISHING_RESISTANT, ROLES
from perca.tenant.guid import made_guid
from perca.tenant.json import Json
from perca.tenant.seed import groups as g

MFA_SETTINGS: Json = {
    "trustedIps": ["198.51.100.0/26", "203.0.113.192/26"],
    "trustFederatedIntranet": False,
    "rememberMfaDays": 14,
    "allowAppPasswords": True,
}
"""The per-user MFA service settings; the addresses are of the ranges kept for documentation."""

OWN_APPS = ("Timesheets", "Plant Dashboard", "Supplier Portal")
_ADMIN_ROLES = (
    "Global Administrator",
    "Conditional Access Administrator",
    "Security Administrator",
    "Exchange Administrator",
    "SharePoint Administrator",
    "Teams Administrator",
    "User Administrator",
    "Helpdesk Administrator",
    "Privileged Role Administrator",
    "Privileged Authentication Administrator",
    "Application Administrator",
)


def places(number: int, created: str) -> Iterator[Json]:
    """The named locations."""

    def place(name: str, kind: str, **more: Any) -> Json:
        return {
            "@odata.type": f"#microsoft.graph.{kind}",
            "id": made_guid(number, f"namedLocation/{name}"),
            "createdDateTime": created,
            "modifiedDateTime": None,
            "deletedDateTime": None,
            "displayName": name,
            **more,
        }

    def ranges(*texts: str) -> list[Json]:
        return [
            {"@odata.type": f"#microsoft.graph.iPv{6 if ':' in text else 4}CidrRange", "cidrAddress": text}
            for text in texts
        ]

    yield place(
        "Headquarters",
        "ipNamedLocation",
        isTrusted=True,
        ipRanges=ranges("198.51.100.0/25", "2001:db8:1::/48"),
    )
    yield place("Plant", "ipNamedLocation", isTrusted=True, ipRanges=ranges("192.0.2.0/25"))
    yield place("Partner Office", "ipNamedLocation", isTrusted=False, ipRanges=ranges("192.0.2.128/26"))
    yield place(
        "Countries without Business",
        "countryNamedLocation",
        countriesAndRegions=["AQ", "BV"],
        includeUnknownCountriesAndRegions=False,
        countryLookupMethod="clientIpAddress",
    )


def policies(groups: g.Groups, emergency: Sequence[str]) -> Iterator[Json]:
    """The policies as an administrator would post them."""
    id = groups.id
    countries = made_guid(groups.number, "namedLocation/Countries without Business")
    outside = {"includeLocations": ["All"], "excludeLocations": ["AllTrusted"]}
    legacy = ["exchangeActiveSync", "other"]

    def policy(
        name: str,
        controls: Sequence[str] = ("mfa",),
        *,
        state: str = "enabled",
        users: Sequence[str] = (),
        include: Sequence[str] = (),
        exclude: Sequence[str] = (),
        roles: Sequence[str] = (),
        apps: Sequence[str] = ("All",),
        clients: Sequence[str] = ("all",),
        operator: str = "OR",
        strength: str | None = None,
        **conditions: Any,
    ) -> Json:
        grant: Json = {"operator": operator, "builtInControls": list(controls)}
        if strength is not None:
            grant["authenticationStrength"] = {"id": strength}
        return {
            "displayName": name,
            "state": state,
            "conditions": {
                "clientAppTypes": list(clients),
                "users": {
                    "includeUsers": list(users),
                    "excludeUsers": list(emergency),
                    "includeGroups": [id(group) for group in include],
                    "excludeGroups": [id(group) for group in exclude],
                    "includeRoles": [ROLES[role] for role in roles],
                },
                "applications": {"includeApplications": list(apps)},
                **conditions,
            },
            "grantControls": grant,
        }

    yield policy("CA001 Administrators: require MFA", roles=_ADMIN_ROLES)
    yield policy("CA002 Finance: block legacy authentication", ["block"], include=["Finance"], clients=legacy)
    yield policy(
        "CA003 Sales: require MFA outside trusted places",
        include=["Sales"],
        exclude=[g.EXCEPTIONS],
        locations=outside,
    )
    yield policy(
        "CA004 Engineering: MFA or a compliant device for mail and files",
        ["mfa", "compliantDevice"],
        include=["Engineering"],
        apps=[EXCHANGE, SHAREPOINT],
    )
    yield policy(
        "CA005 Global Administrators: phishing-resistant MFA for Azure",
        [],
        roles=["Global Administrator"],
        apps=[AZURE_MANAGEMENT],
        strength=PHISHING_RESISTANT,
    )
    yield policy("CA006 Risky sign-ins: require MFA", users=["All"], signInRiskLevels=["medium", "high"])
    yield policy("CA007 Partners: require MFA for files", include=[g.PARTNERS], apps=[SHAREPOINT])
    yield policy(
        "CA008 Shared workstations: Windows only",
        ["block"],
        include=[g.WORKSTATIONS],
        platforms={"includePlatforms": ["all"], "excludePlatforms": ["windows"]},
    )
    yield policy(
        "CA009 Kiosks: block reports from unmanaged devices",
        ["block"],
        include=[g.KIOSKS],
        apps=[POWER_BI],
        deviceStates={"includeStates": ["All"], "excludeStates": ["Compliant", "DomainJoined"]},
    )
    yield policy(
        "CA010 Pilot: require MFA",
        state="enabledForReportingButNotEnforced",
        include=[g.PILOT],
    )
    yield policy(
        "Old: block some countries",
        ["block"],
        state="disabled",
        users=["All"],
        locations={"includeLocations": [countries]},
    )
