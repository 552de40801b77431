"""How a tenant lets people authenticate: its domains, and which methods its authentication methods policy allows to whom.

Source: FACTS.md 10 and 13.12 (federatedIdpMfaBehavior).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from perca.model.ids import GroupId, UserId


@dataclass(frozen=True, slots=True)
class Domain:
    """A domain of the tenant; None where the source didn't say."""

    name: str
    """Folded."""
    federated: bool | None = None
    initial: bool | None = None
    """Whether it is the one of onmicrosoft.com that the tenant began with."""
    mfa_by_provider: str | None = None
    """Graph's `federatedIdpMfaBehavior`, folded: whose MFA counts for the people of a federated domain."""


@dataclass(frozen=True, slots=True)
class MethodTargets:
    """Whom a method is for, or not for. `unrecognised` are entries that may mean anybody."""

    everyone: bool = False
    users: tuple[UserId, ...] = ()
    groups: tuple[GroupId, ...] = ()
    unrecognised: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MethodSetting:
    """One method of the authentication methods policy; exclude beats include. `enabled` is None where it isn't said."""

    enabled: bool | None
    include: MethodTargets = MethodTargets()
    exclude: MethodTargets = MethodTargets()


@dataclass(frozen=True)
class MethodsPolicy:
    """The authentication methods policy: settings by Graph's id of the method, folded."""

    settings: Mapping[str, MethodSetting] = field(default_factory=lambda: MappingProxyType({}))
