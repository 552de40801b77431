"""Who asks somebody without a method to register one: shown beside a decision, and never a demand for MFA.

Source: security-defaults (07/2025), which let nobody skip it since the grace of 14 days ended (from 07/2024); and the registration policy of
Identity Protection, whose copy we have is of 01/2023 (FACTS.md 5, 10.6, 10.8, 11.4). Whoever gets in by registering has shown a password alone,
so that neither covers anything. Whom the registration policy is assigned to nobody can read: it may ask.
"""

from __future__ import annotations

from collections.abc import Iterator

from perca.model import ClientApp, SignIn
from perca.policy.answer import Yes
from perca.policy.coordinates import Principal
from perca.policy.directory import View
from perca.policy.rule import Source
from perca.policy.security_defaults import Protected, are_on

BY_DEFAULTS = Source(
    "mfaRegistrationRequiredBySecurityDefaults", "perca:securityDefaults:registration", "Security Defaults"
)
BY_POLICY = Source(
    "mfaRegistrationRequiredByIdentityProtectionPolicy",
    "perca:registrationPolicy",
    "The registration policy of Identity Protection",
)


def registration_sources(view: View, sign_in: SignIn) -> Iterator[Source]:
    """Who asks for it at this sign-in, or may; nobody where it isn't known that the person has no method."""
    tenant = view.tenant
    held = None if sign_in.user is None else tenant.registrations.get(sign_in.user)
    modern = sign_in.client in (ClientApp.BROWSER, ClientApp.MODERN)
    if held is None or held.is_mfa_registered is not False or not modern or sign_in.action is not None:
        return
    if are_on(view) is True and isinstance(Protected().holds(view, Principal(sign_in.user)), Yes):
        yield BY_DEFAULTS
    if tenant.registration_policy is True:
        yield BY_POLICY
