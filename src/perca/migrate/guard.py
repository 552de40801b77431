"""The guard: before each write the declared emergency accounts provably still get in, by a written list of sign-ins.

The full proof that nobody is locked out comes later; this list is what an emergency account is kept for: the admin portals and any
other resource, in a browser and in a desktop client, from anywhere, with its strongest registered first factor.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Iterator, Sequence

from perca.model import (
    MFA,
    AppId,
    ClientApp,
    Credential,
    Platform,
    Registration,
    RiskLevel,
    SignIn,
    Tenant,
    UserId,
    fold,
)
from perca.policy import Outcome, RuleAnswer, Unknown, decide
from perca.space import ANY_OTHER_APP

PLACES = (ipaddress.ip_address("203.0.113.77"), ipaddress.ip_address("2001:db8::77"))
APPS = (AppId("c44b4083-3bb0-49c1-b47d-974e53cbdf3c"), ANY_OTHER_APP)
CLIENTS = (ClientApp.BROWSER, ClientApp.MODERN)
PHISHING_RESISTANT = ("fido2", "passkey", "windowshelloforbusiness")


def emergency_sign_ins(person: UserId, registration: Registration | None) -> Iterator[SignIn]:
    """The written list: the sign-ins at which an emergency account must get in."""
    strong = registration is not None and any(
        fold(method).startswith(PHISHING_RESISTANT) for method in registration.methods
    )
    for app in APPS:
        for client in CLIENTS:
            for place in PLACES:
                yield SignIn(
                    user=person,
                    app=app,
                    client=client,
                    platform=Platform.WINDOWS,
                    address=place,
                    sign_in_risk=RiskLevel.NONE,
                    user_risk=RiskLevel.NONE,
                    credential=Credential.PASSKEY if strong else Credential.PASSWORD,
                )


def locked_out(tenant: Tenant, emergency: Sequence[UserId]) -> tuple[str, ...]:
    """A sentence for each emergency account that doesn't provably get in; empty when all do."""
    return tuple(sentence for person in emergency for sentence in _first(_refusals(tenant, person)))


def _refusals(tenant: Tenant, person: UserId) -> Iterator[str]:
    held = tenant.users.get(person)
    name = held.user_principal_name if held else person
    if held is not None and held.account_enabled is False:
        yield f"emergency account `{name}` can't sign in: the account is disabled"
    for sign_in in emergency_sign_ins(person, tenant.registrations.get(person)):
        decision = decide(tenant, sign_in)
        if decision.outcome is Outcome.BLOCKED:
            by = (
                ", ".join(f"`{source.display_name}`" for source in decision.blocked_by)
                or "a control it can't meet"
            )
            yield f"emergency account `{name}` is blocked by {by}"
        elif decision.outcome is Outcome.NOT_ASSESSED:
            named = "; ".join(_unclear(decision.rules) or decision.missing)
            yield f"emergency account `{name}` may be locked out: {named}"


def _unclear(rules: Iterable[RuleAnswer]) -> tuple[str, ...]:
    """The policies that might apply and why nobody knows; a source that only ever asks for MFA is no reason by itself."""
    return tuple(
        f"policy `{each.rule.source.display_name}`: {each.answer.facts[0]}"
        for each in rules
        if isinstance(each.answer, Unknown) and each.rule.enforced and each.rule.clauses != (MFA,)
    )


def _first(sentences: Iterator[str]) -> Iterator[str]:
    for sentence in sentences:
        yield sentence
        return
