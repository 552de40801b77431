"""Security Defaults: Microsoft's free baseline, on or off for the whole tenant and with nothing to configure, as rules.

Source: security-defaults (07/2025), FACTS.md 5 and 3.3.12. On, they block every legacy client, ask holders of named roles at every sign-in
and anybody who reaches Azure Resource Manager; everybody else they ask when Microsoft judges it necessary, so that is never certain.
They leave out accounts with the Directory Synchronization Accounts role and nobody else: people from outside are treated like members.
That a person must register a method is no demand for MFA (see `registering`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from perca.model import (
    BLOCK,
    MFA,
    Clause,
    ClientApp,
    NotRead,
    PolicyState,
    RiskCondition,
    RiskLevel,
    RoleId,
)
from perca.policy.admin_tools import CLI, MOBILE, PORTAL, POWERSHELL, RESOURCE_MANAGER, reaches
from perca.policy.administrators import Administrator
from perca.policy.answer import Answer, No, Unknown, Yes
from perca.policy.basis import Basis, Certainty
from perca.policy.coordinates import Channel, Coordinate, Principal, Target
from perca.policy.directory import View
from perca.policy.outside import may_have_an_account
from perca.policy.risks import Risk
from perca.policy.rule import NOT_KNOWN, Condition, Rule, Source

PROVIDER = "securityDefaults"
PAGE = Basis(Certainty.OFFICIAL, "security-defaults", "07/2025")
SYNCHRONISATION = RoleId("d29b2b05-8046-44ba-8758-1e26182fcf32")
"""Directory Synchronization Accounts."""
AZURE_MANAGEMENT = frozenset({RESOURCE_MANAGER, PORTAL, CLI, POWERSHELL})
UNNAMED = {MOBILE: "whether Security Defaults count what reaches Azure Resource Manager and isn't named"}
AT_RISK = RiskCondition(frozenset(RiskLevel) - {RiskLevel.NONE})
DISCRETION = "perca:securityDefaults:discretion"


def rules(view: View) -> Iterator[Rule]:
    """What Security Defaults ask for; all in doubt where nobody knows whether they are on, and nothing when they are off."""
    on = are_on(view)
    if on is not False:
        doubt = () if on else (MayBeOn(view.tenant.security_defaults),)
        for key, words, clause, condition in _demands(view):
            conditions = (*doubt, Protected(), ToResource(), condition)
            source = Source(PROVIDER, key, f"Security Defaults: {words}")
            yield Rule(key, source, conditions, (clause,), basis=PAGE)


def _demands(view: View) -> Iterator[tuple[str, str, Clause, Condition]]:
    yield "perca:securityDefaults:legacy", "legacy clients", BLOCK, LegacyClient()
    yield "perca:securityDefaults:admins", "administrators", MFA, Administrator()
    yield "perca:securityDefaults:azureManagement", "Azure management", MFA, AzureManagement()
    if view.tenant.defaults_ask_at_risk:
        at_sign_in, of_user = Coordinate.SIGN_IN_RISK, Coordinate.USER_RISK
        yield f"{DISCRETION}:signInRisk", "sign-in risk", MFA, Risk(AT_RISK, at_sign_in, OURS)
        yield f"{DISCRETION}:userRisk", "user risk", MFA, Risk(AT_RISK, of_user, OURS)
    else:
        yield DISCRETION, "Microsoft's judgement", MFA, Discretion()


OURS = Basis(Certainty.UNCONFIRMED, "docs/decisions/0006")
"""Of the embedded tenant's own choice."""


def are_on(view: View) -> bool | None:
    """Whether Security Defaults are on; an enabled policy shows that they are off, and None is that nothing says so."""
    told = view.tenant.security_defaults
    if not isinstance(told, NotRead):
        return told
    on = any(policy.state is PolicyState.ENABLED and policy.settled for policy in view.tenant.policies)
    return False if on else None


@dataclass(frozen=True, slots=True)
class MayBeOn:
    """Unknown for every sign-in: nobody read whether Security Defaults are on."""

    why: bool | NotRead
    coordinate: Coordinate = Coordinate.NOTHING
    basis: Basis = NOT_KNOWN

    def holds(self, view: View, value: object) -> Answer:
        """Unknown, with the reason why it wasn't read."""
        return Unknown((f"whether Security Defaults are on (securityDefaults): {self.why}",))


@dataclass(frozen=True, slots=True)
class Protected:
    """Holds for all people but the accounts that synchronise directories; a workload is no person."""

    coordinate: Coordinate = Coordinate.PRINCIPAL
    basis: Basis = PAGE

    def holds(self, view: View, value: object) -> Answer:
        """Whether Security Defaults are about this one at all."""
        assert isinstance(value, Principal)
        if value.workload is not None:
            return No(("a workload is no person",), ("users",))
        if value.user is None:
            if may_have_an_account(value):
                return Unknown(("whether the account is one that synchronises directories",))
            return Yes(("people from outside are treated like members",))
        match view.has_role(value.user, SYNCHRONISATION):
            case Yes():
                return No(("an account that synchronises directories is left out",), ("users",))
            case No():
                return Yes(("everybody is protected",))
            case unknown:
                return unknown


@dataclass(frozen=True, slots=True)
class ToResource:
    """Holds for sign-ins to resources; what is asked at user actions no page says."""

    coordinate: Coordinate = Coordinate.TARGET
    basis: Basis = PAGE

    def holds(self, view: View, value: object) -> Answer:
        """Yes for a resource, also for one that we don't know."""
        assert isinstance(value, Target)
        if value.action is not None:
            return Unknown((f"what Security Defaults ask at user action `{value.action}`",))
        return Yes()


@dataclass(frozen=True, slots=True)
class LegacyClient:
    """Holds for clients of old protocols, whatever they present."""

    coordinate: Coordinate = Coordinate.CHANNEL
    basis: Basis = PAGE

    def holds(self, view: View, value: object) -> Answer:
        """Whether the client is a legacy client."""
        assert isinstance(value, Channel)
        if value.client is None or value.client is ClientApp.ALL:
            return Unknown(("whether the client is a legacy client",))
        return Yes(("legacy client",)) if value.client.is_legacy else No(("modern client",), ("clientApps",))


@dataclass(frozen=True, slots=True)
class AzureManagement:
    """Holds for what reaches Azure Resource Manager; neither Microsoft Graph nor Entra ID itself is part of it."""

    coordinate: Coordinate = Coordinate.TARGET
    basis: Basis = PAGE

    def holds(self, view: View, value: object) -> Answer:
        """Whether the sign-in reaches Azure Resource Manager."""
        assert isinstance(value, Target)
        return reaches(value, AZURE_MANAGEMENT, UNNAMED)


@dataclass(frozen=True, slots=True)
class Discretion:
    """Never certain: Microsoft decides by place, device, role and task whether it asks."""

    coordinate: Coordinate = Coordinate.NOTHING
    basis: Basis = PAGE

    def holds(self, view: View, value: object) -> Answer:
        """Unknown."""
        return Unknown(("whether Microsoft judges MFA necessary here (Security Defaults)",))
