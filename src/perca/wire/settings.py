"""The per-user MFA service settings and Security Defaults: what of them a snapshot says.

Graph can't read the service settings: they are what the operator wrote down, so a wrong type is BadInput, and what was left
out is unknown.
"""

from __future__ import annotations

from perca.errors import BadInput
from perca.model import IpRange, MfaSettings, NotRead
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
    enabled = resource.get("isEnabled") if isinstance(resource, dict) else None
    return enabled if isinstance(enabled, bool) else NotRead("security defaults were not given")


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
