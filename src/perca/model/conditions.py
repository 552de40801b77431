"""A Conditional Access policy as a value: conditions, grant controls, state; and what of it we didn't understand.

Each condition ends in one coordinate of a sign-in. INVARIANT: what `wire` can't read stands in an `unrecognised` tuple,
never nowhere: a condition that is dropped would make the policy seem to apply more widely than it does.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from perca.model.controls import Control
from perca.model.external import ExternalScope
from perca.model.filters import Filter
from perca.model.ids import AppId, ContextId, GroupId, LocationId, PolicyId, RoleId, UserId
from perca.model.requests import AppGroup, Flow, InsiderRisk, UserAction
from perca.model.unknown import Unrecognised


class PolicyState(StrEnum):
    """Graph's `state`."""

    ENABLED = "enabled"
    DISABLED = "disabled"
    REPORT_ONLY = "enabledForReportingButNotEnforced"


class ClientApp(StrEnum):
    """The kind of client, as `clientAppTypes` spells it; ALL only stands in policies and in What-If questions."""

    ALL = "all"
    BROWSER = "browser"
    MODERN = "mobileAppsAndDesktopClients"
    ACTIVE_SYNC = "exchangeActiveSync"
    OTHER = "other"

    @property
    def is_legacy(self) -> bool:
        """Whether the client speaks only legacy authentication, which can't do MFA."""
        return self in (ClientApp.ACTIVE_SYNC, ClientApp.OTHER)


class Platform(StrEnum):
    """What the user agent claims; UNKNOWN is a claim no platform list names, ALL only stands in policies and What-If."""

    ALL = "all"
    ANDROID = "android"
    IOS = "iOS"
    WINDOWS = "windows"
    WINDOWS_PHONE = "windowsPhone"
    MACOS = "macOS"
    LINUX = "linux"
    UNKNOWN = "unknown"


class RiskLevel(StrEnum):
    """Sign-in risk and user risk."""

    NONE = "none"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


@dataclass(frozen=True, slots=True)
class UserScope:
    """One side, include or exclude, of a users condition."""

    everyone: bool = False
    nobody: bool = False
    """The word `None`, which includes nobody."""
    users: tuple[UserId, ...] = ()
    groups: tuple[GroupId, ...] = ()
    roles: tuple[RoleId, ...] = ()
    unrecognised: tuple[Unrecognised, ...] = ()
    """Entries that may mean anybody: placeholders, names."""
    externals: tuple[ExternalScope, ...] = ()
    """People of other organisations, by kind and home."""
    agents: bool = False
    """The word `AllAgentIdUsers`: the user accounts of agents, and no person."""

    @property
    def means_nobody(self) -> bool:
        """Whether it certainly means no person."""
        means = (self.users, self.groups, self.roles, self.externals, self.unrecognised)
        return not self.everyone and not any(means)


@dataclass(frozen=True, slots=True)
class UserCondition:
    """Whom a policy is about; exclude beats include."""

    include: UserScope = UserScope()
    exclude: UserScope = UserScope()


@dataclass(frozen=True, slots=True)
class ApplicationScope:
    """One side of an applications condition."""

    everything: bool = False
    nothing: bool = False
    apps: tuple[AppId, ...] = ()
    unrecognised: tuple[Unrecognised, ...] = ()
    """Names, placeholders, filters that can't be read: they may mean any resource."""
    groups: frozenset[AppGroup] = frozenset()
    filter: Filter | None = None
    """A filter on custom security attributes; it stands on the side that its mode says."""


@dataclass(frozen=True, slots=True)
class ApplicationCondition:
    """What a policy protects: resources, exclude beats include; or user actions; or authentication contexts.

    INVARIANT: one of the three. A policy that names several, which the service refuses, is read as one on resources that has unrecognised parts.
    """

    include: ApplicationScope = ApplicationScope()
    exclude: ApplicationScope = ApplicationScope()
    actions: frozenset[UserAction] = frozenset()
    contexts: frozenset[ContextId] = frozenset()
    unrecognised_actions: tuple[Unrecognised, ...] = ()
    """Other words among the user actions: they may mean any action, and no resource."""
    unrecognised_contexts: tuple[Unrecognised, ...] = ()
    """Other words among the contexts: they may mean any context."""

    @property
    def is_about_actions(self) -> bool:
        """Whether the policy is one on user actions."""
        return bool(self.actions or self.unrecognised_actions)

    @property
    def is_about_contexts(self) -> bool:
        """Whether the policy is one on authentication contexts."""
        return bool(self.contexts or self.unrecognised_contexts)


@dataclass(frozen=True, slots=True)
class ClientAppCondition:
    """Kinds of clients; a set that holds ALL, or an empty one, means all of them (case M05 of the documented outcomes)."""

    types: frozenset[ClientApp] = frozenset({ClientApp.ALL})
    unrecognised: tuple[Unrecognised, ...] = ()


@dataclass(frozen=True, slots=True)
class PlatformCondition:
    """Platforms; exclude beats include. Unrecognised entries may mean any platform."""

    include: frozenset[Platform]
    exclude: frozenset[Platform] = frozenset()
    include_unrecognised: tuple[Unrecognised, ...] = ()
    exclude_unrecognised: tuple[Unrecognised, ...] = ()


@dataclass(frozen=True, slots=True)
class LocationScope:
    """One side of a locations condition: everywhere, all trusted places, or named locations."""

    anywhere: bool = False
    all_trusted: bool = False
    locations: tuple[LocationId, ...] = ()
    unrecognised: tuple[Unrecognised, ...] = ()


@dataclass(frozen=True, slots=True)
class LocationCondition:
    """Places; exclude beats include."""

    include: LocationScope
    exclude: LocationScope = LocationScope()


@dataclass(frozen=True, slots=True)
class RiskCondition:
    """Risk levels; an empty condition is no condition."""

    levels: frozenset[RiskLevel] = frozenset()
    unrecognised: tuple[Unrecognised, ...] = ()


@dataclass(frozen=True, slots=True)
class InsiderRiskCondition:
    """Insider risk levels; an empty condition is no condition."""

    levels: frozenset[InsiderRisk] = frozenset()
    unrecognised: tuple[Unrecognised, ...] = ()


@dataclass(frozen=True, slots=True)
class FlowCondition:
    """Authentication flows; an empty condition is no condition."""

    flows: frozenset[Flow] = frozenset()
    unrecognised: tuple[Unrecognised, ...] = ()


@dataclass(frozen=True, slots=True)
class WorkloadCondition:
    """Service principals and agents that a policy is about, by object id: none of them is a person (3.3.13, 14.4.8)."""

    all_of_the_tenant: bool = False
    """The word `ServicePrincipalsInMyTenant`."""
    include: frozenset[AppId] = frozenset()
    exclude: frozenset[AppId] = frozenset()
    unrecognised: tuple[Unrecognised, ...] = ()
    """Filters and whatever else may narrow it or not."""
    all_agents: bool = False
    """The word `All` for the identities of agents."""
    agents: frozenset[AppId] = frozenset()
    excluded_agents: frozenset[AppId] = frozenset()
    all_agent_users: bool = False
    """The word `All` for the user accounts of agents."""
    risks: frozenset[RiskLevel] = frozenset()
    """Levels of the service principal's risk; none is no condition."""
    agent_risks: frozenset[RiskLevel] = frozenset()
    """Levels of the agent's risk; none is no condition."""

    @property
    def includes_any(self) -> bool:
        """Whether it certainly is about some service principals or agents."""
        named = self.include or self.agents
        return bool(self.all_of_the_tenant or self.all_agents or self.all_agent_users or named)


@dataclass(frozen=True, slots=True)
class SignInFrequency:
    """How often a person must sign in again; `minutes` is None for every time."""

    minutes: int | None
    secondary_only: bool = False
    """Whether only the second factor must be fresh."""


@dataclass(frozen=True, slots=True)
class SessionControls:
    """What a policy asks of the session. It shapes prompts and is never MFA (DESIGN, policy)."""

    frequency: SignInFrequency | None = None
    persistent_browser: bool | None = None
    """Whether the browser's session always stays (True) or never does (False); None for no word."""
    unrecognised: tuple[Unrecognised, ...] = ()
    """Session controls that might stop a sign-in and aren't modelled: an outcome that hangs on them is not assessed."""


class Operator(StrEnum):
    """How the controls of one policy combine."""

    AND = "AND"
    OR = "OR"


@dataclass(frozen=True, slots=True)
class Grant:
    """Grant controls; without an operator, or with one that we can't read, several controls are all required."""

    operator: Operator | Unrecognised | None
    controls: tuple[Control, ...]


@dataclass(frozen=True, slots=True)
class ConditionalAccessPolicy:
    """A Conditional Access policy. `users`, `applications` … are None only where the policy says nothing of them."""

    id: PolicyId
    display_name: str
    state: PolicyState | Unrecognised
    users: UserCondition | Unrecognised
    applications: ApplicationCondition | Unrecognised
    client_apps: ClientAppCondition = ClientAppCondition()
    platforms: PlatformCondition | None = None
    locations: LocationCondition | None = None
    sign_in_risk: RiskCondition = RiskCondition()
    user_risk: RiskCondition = RiskCondition()
    insider_risk: InsiderRiskCondition = InsiderRiskCondition()
    device: Filter | None = None
    flows: FlowCondition = FlowCondition()
    workloads: WorkloadCondition | None = None
    grant: Grant | None = None
    unrecognised: tuple[Unrecognised, ...] = ()
    """Conditions that aren't modelled: whether they hold is unknown for every sign-in."""
    session: SessionControls = SessionControls()
    settled: bool = True
    """False while a write of this policy may or may not have reached the sign-in service."""
    kept: str = "{}"
    """Canonical JSON of the members that aren't modelled, and of spellings to restore; for writing back only."""
