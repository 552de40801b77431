"""The per-user MFA service settings, Security Defaults and the choice for baseline scopes: what of them a snapshot says.

Graph can't read the service settings: they are what the operator wrote down, so a wrong type is BadInput, and what was left
out is unknown.
"""

from __future__ import annotations

from perca.errors import BadInput
from perca.model import NOBODY_CHOSE, AppId, IpRange, MfaSettings, NotRead, fold, is_guid
from perca.wire.ranges import is_range
from perca.wire.values import Json, JsonValue, shown


def parse_mfa_settings(resource: Json) -> MfaSettings:
    """The `mfaSettings` of a snapshot."""
    return MfaSettings(
        trusted_ips=_ranges(resource.get("trustedIps")),
        trust_federated_intranet=_flag(resource, "trustFederatedIntranet"),
        remember_mfa_days=_days(resource.get("rememberMfaDays")),
        allow_app_passwords=_flag(resource, "allowAppPasswords"),
    )


def parse_security_defaults(resource: JsonValue) -> bool | NotRead:
    """Whether Security Defaults are on, from identitySecurityDefaultsEnforcementPolicy."""
    return _is_enabled(resource, "security defaults were not given")


def parse_baseline_scopes(resource: JsonValue) -> AppId | NotRead | None:
    """What the tenant chose for baseline scopes, from beta Graph's conditionalAccessSettings; None where it keeps the old rule.

    No page describes the member: its words are those of two public tools of August 2026. An object without a choice says that
    nobody chose; whatever can't be read is unknown.
    """
    if resource is None:
        return NotRead("conditionalAccessSettings were not given")
    settings = resource.get("advancedSettings") if isinstance(resource, dict) else resource
    scopes = settings.get("baselineScopes") if isinstance(settings, dict) else settings
    chosen = scopes.get("resourceAppId") if isinstance(scopes, dict) else scopes
    if isinstance(resource, dict) and chosen is None:
        return NOBODY_CHOSE
    if not isinstance(chosen, str) or not is_guid(chosen):
        return NotRead(f"conditionalAccessSettings name `{shown(chosen)}` for baseline scopes")
    return None if fold(chosen) == OLD_RULE else AppId(fold(chosen))


OLD_RULE = "00000000-0000-0000-0000-000000000000"
"""What stands there for a tenant that turned the change off."""


def parse_registration_policy(resource: JsonValue) -> bool | NotRead:
    """Whether Identity Protection's registration policy is on: the operator's word, for Graph doesn't show it."""
    return _is_enabled(resource, "registrationPolicy was not given")


def _is_enabled(resource: JsonValue, otherwise: str) -> bool | NotRead:
    enabled = resource.get("isEnabled") if isinstance(resource, dict) else None
    return enabled if isinstance(enabled, bool) else NotRead(otherwise)


def _ranges(value: JsonValue) -> tuple[IpRange, ...] | NotRead:
    if value is None:
        return NotRead("mfaSettings.trustedIps was not given")
    if not isinstance(value, list):
        raise BadInput(
            "`mfaSettings.trustedIps` is no list", "a list of ranges such as `203.0.113.0/24` is needed"
        )
    ranges = [text for text in value if isinstance(text, str) and is_range(text)]
    if len(ranges) != len(value):
        wrong = next(text for text in value if text not in ranges)
        raise BadInput(
            f"`mfaSettings.trustedIps` holds `{shown(wrong)}`", "a range such as `203.0.113.0/24` is needed"
        )
    return tuple(map(IpRange, ranges))


def _flag(resource: Json, name: str) -> bool | NotRead:
    value = resource.get(name)
    if value is None:
        return NotRead(f"mfaSettings.{name} was not given")
    if not isinstance(value, bool):
        raise BadInput(
            f"`mfaSettings.{name}` is `{shown(value)}`", "true or false is needed, or leave it out"
        )
    return value


def _days(value: JsonValue) -> int | None:
    if value is None or (isinstance(value, int) and not isinstance(value, bool) and value >= 0):
        return value
    raise BadInput(
        f"`mfaSettings.rememberMfaDays` is `{shown(value)}`", "a number of days is needed, or null"
    )
