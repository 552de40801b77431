"""The sources that nobody in the tenant writes: Security Defaults, and Microsoft's own mandatory MFA.

Neither is modelled yet. Both stand here as rules whose conditions are unknown where they could apply, so that no answer is given
that hangs on them. Source: FACTS.md sections 5 and 9; Security Defaults and an enabled Conditional Access policy exclude each
other (3.3.12), so where one is enabled they are off.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from perca.model import BLOCK, MFA, AppId, NotRead, PolicyState, Unrecognised
from perca.policy.answer import Answer, No, Unknown
from perca.policy.basis import Basis, Certainty
from perca.policy.coordinates import Coordinate, Target
from perca.policy.directory import View
from perca.policy.rule import Rule, Source, Unmodelled

SECURITY_DEFAULTS = Source("securityDefaults", "perca:securityDefaults", "Security Defaults")
MANDATORY_MFA = Source("mandatoryMfa", "perca:mandatoryMfa", "Microsoft's mandatory MFA")

ADMIN_APPS = frozenset(
    AppId(app)
    for app in (
        "c44b4083-3bb0-49c1-b47d-974e53cbdf3c",
        "04b07795-8ddb-461a-bbee-02f9e1bf7b46",
        "1950a258-227b-4e31-a9cf-717495945fc2",
        "0c1307d4-29d6-4389-a11c-5cbe7f65d7fa",
        "797f4846-ba00-4fd7-ba43-dac1f8f63013",
    )
)
"""Azure portal and admin centers, CLI, PowerShell, mobile app, and the Azure management resource that they reach."""


def rules(view: View) -> Iterator[Rule]:
    """Security Defaults unless they are certainly off, and mandatory MFA."""
    if security_defaults(view) is not False:
        what = Unmodelled(
            Unrecognised("securityDefaults", f"on or unknown ({view.tenant.security_defaults})")
        )
        yield Rule("perca:securityDefaults:mfa", SECURITY_DEFAULTS, (what,), (MFA,))
        yield Rule("perca:securityDefaults:legacy", SECURITY_DEFAULTS, (what,), (BLOCK,))
    yield Rule("perca:mandatoryMfa:admin", MANDATORY_MFA, (AdminApp(),), (MFA,))


def security_defaults(view: View) -> bool | None:
    """Whether Security Defaults are on; None when nothing says so."""
    told = view.tenant.security_defaults
    if not isinstance(told, NotRead):
        return told
    on = any(policy.state is PolicyState.ENABLED and policy.settled for policy in view.tenant.policies)
    return False if on else None


@dataclass(frozen=True, slots=True)
class AdminApp:
    """Might hold for Microsoft's admin portals and tools, and holds for nothing else."""

    coordinate: Coordinate = Coordinate.TARGET
    basis: Basis = Basis(Certainty.OFFICIAL, "concept-mandatory-multifactor-authentication", "04/2026")

    def holds(self, view: View, value: object) -> Answer:
        """Unknown for the admin apps and for a resource that we don't know, else No."""
        assert isinstance(value, Target)
        if value.app is None or value.app in ADMIN_APPS:
            return Unknown(("mandatory MFA for admin portals and tools is not modelled",))
        return No(("not an admin portal or tool",), ("application",))
