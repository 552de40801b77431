"""Policies that look at how one signs in: platforms, clients, risks, devices. What one leaves open another may close."""

from __future__ import annotations

from planted.company import KIOSK, LOBBY, Company
from planted.kinds.teams import planted, team
from planted.sign_ins import LEGACY, MODERN, PLATFORMS, channels
from planted.truth import Kind, Planted

LISTED = ("android", "iOS", "windows", "macOS")


def platform_list(company: Company, name: str) -> Planted:
    """A policy lists four platforms."""
    people, group = team(company, name, "Research")
    company.policy(
        f"MFA on known platforms {name}",
        {"includeGroups": [group]},
        "mfa",
        platforms={"includePlatforms": [*LISTED], "excludePlatforms": []},
    )
    others = [each for each in PLATFORMS if each not in LISTED]
    return planted(
        company,
        "platform-list",
        people,
        group,
        ({"channel": channels(platforms=others)},),
        "the platform is what the client claims, and there are more than four",
    )


def platform_pair(company: Company, name: str) -> Planted:
    """One policy leaves phones out, and another is about phones."""
    people, group = team(company, name, "Research")
    company.policy(
        f"MFA but on phones {name}",
        {"includeGroups": [group]},
        "mfa",
        platforms={"includePlatforms": ["all"], "excludePlatforms": ["android", "iOS"]},
    )
    company.policy(
        f"MFA on phones {name}",
        {"includeGroups": [group]},
        "mfa",
        platforms={"includePlatforms": ["android", "iOS"], "excludePlatforms": []},
    )
    return planted(
        company, "platform-list", people, group, (), "what one policy leaves out the other is about"
    )


def _modern(company: Company, name: str, group: str) -> None:
    company.policy(
        f"MFA in modern clients {name}", {"includeGroups": [group]}, "mfa", clientAppTypes=[*MODERN]
    )


def _block(company: Company, name: str, group: str, *clients: str) -> None:
    company.policy(
        f"No {' or '.join(clients)} {name}", {"includeGroups": [group]}, "block", clientAppTypes=[*clients]
    )


def modern_only(company: Company, name: str) -> Planted:
    """A policy for modern clients, and per-user MFA is disabled since: legacy clients take the password again."""
    people, group = team(company, name, "Moved")
    _modern(company, name, group)
    return planted(
        company,
        "modern-clients-only",
        people,
        group,
        ({"channel": channels(LEGACY)},),
        "the policy is about modern clients, and per-user MFA is off",
    )


def modern_and_block(company: Company, name: str) -> Planted:
    """The same, and legacy clients are blocked."""
    people, group = team(company, name, "Moved")
    _modern(company, name, group)
    _block(company, name, group, *LEGACY)
    return planted(company, "modern-clients-only", people, group, (), "legacy clients are blocked for them")


def half_a_block(company: Company, name: str) -> Planted:
    """Legacy clients are blocked, but for all that isn't ActiveSync."""
    people, group = team(company, name, "Stores")
    _modern(company, name, group)
    _block(company, name, group, "exchangeActiveSync")
    return planted(
        company,
        "legacy-clients",
        people,
        group,
        ({"channel": channels(("other",))},),
        "ActiveSync is one of two kinds of legacy clients",
    )


def two_blocks(company: Company, name: str) -> Planted:
    """Two policies block a kind of legacy clients each."""
    people, group = team(company, name, "Stores")
    _modern(company, name, group)
    _block(company, name, group, "exchangeActiveSync")
    _block(company, name, group, "other")
    return planted(
        company, "legacy-clients", people, group, (), "the two blocks together are about all legacy clients"
    )


def at_risk(company: Company, name: str) -> Planted:
    """MFA at a risk only."""
    people, group = team(company, name, "Sales")
    company.policy(
        f"MFA at risk {name}", {"includeGroups": [group]}, "mfa", signInRiskLevels=["medium", "high"]
    )
    return planted(
        company,
        "risk-only",
        people,
        group,
        ({"signInRisk": frozenset({"none", "low"})},),
        "most sign-ins have no risk",
    )


def every_risk(company: Company, name: str) -> Planted:
    """Two policies share out the risks."""
    people, group = team(company, name, "Sales")
    for n, levels in enumerate((["none", "low"], ["medium", "high"])):
        company.policy(f"MFA at risk {n} {name}", {"includeGroups": [group]}, "mfa", signInRiskLevels=levels)
    return planted(company, "risk-only", people, group, (), "the two together name every level")


def _filtered(company: Company, name: str, group: str, mode: str, value: str) -> None:
    rule = f'device.extensionAttribute1 -eq "{value}"'
    company.policy(
        f"MFA, devices {mode} {value} {name}",
        {"includeGroups": [group]},
        "mfa",
        devices={"deviceFilter": {"mode": mode, "rule": rule}},
        clientAppTypes=[*MODERN],
    )


def _device_is_seen(company: Company, name: str, group: str) -> None:
    """Blocks the sign-ins that show no device, so that what is open doesn't hang on what a filter makes of these."""
    company.policy(
        f"No device codes {name}",
        {"includeGroups": [group]},
        "block",
        authenticationFlows={"transferMethods": "deviceCodeFlow,authenticationTransfer"},
    )
    _block(company, name, group, *LEGACY)


def filters_apart(company: Company, name: str) -> Planted:
    """One policy leaves kiosks out; the other is about devices that are marked otherwise."""
    people, group = team(company, name, "Reception")
    _filtered(company, name, group, "exclude", KIOSK)
    _filtered(company, name, group, "include", LOBBY)
    _device_is_seen(company, name, group)
    kiosks = {"channel": channels(MODERN, flows=("none",)), "device": frozenset({KIOSK})}
    return planted(company, "device-filter", people, group, (kiosks,), "the two filters name different marks")


def filter_and_complement(company: Company, name: str) -> Planted:
    """One policy leaves kiosks out, and the other is about kiosks."""
    people, group = team(company, name, "Reception")
    _filtered(company, name, group, "exclude", KIOSK)
    _filtered(company, name, group, "include", KIOSK)
    _device_is_seen(company, name, group)
    return planted(
        company, "device-filter", people, group, (), "a filter and its complement name every device"
    )


KINDS = (
    Kind("platform-list", platform_list, platform_pair),
    Kind("modern-clients-only", modern_only, modern_and_block),
    Kind("legacy-clients", half_a_block, two_blocks),
    Kind("risk-only", at_risk, every_risk),
    Kind("device-filter", filters_apart, filter_and_complement),
)
