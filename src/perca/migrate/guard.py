"""The guard: before each write the declared emergency accounts provably still get in, by a written list of sign-ins.

The full proof that nobody is locked out comes later; this list is what an emergency account is kept for: the admin portals and any
other resource, in a browser and in a desktop client, from anywhere, with its strongest registered first factor.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

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
    strong = has_passkey(registration)
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


def has_passkey(registration: Registration | None) -> bool:
    """Whether a phishing-resistant method is known to be registered."""
    methods = () if registration is None else registration.methods
    return any(fold(method).startswith(PHISHING_RESISTANT) for method in methods)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why an emergency account doesn't provably get in; `certain` says that it certainly doesn't."""

    words: str
    certain: bool


def locked_out(tenant: Tenant, emergency: Sequence[UserId]) -> tuple[str, ...]:
    """A sentence for each emergency account that doesn't provably get in; empty when all do."""
    return tuple(refusal.words for refusal in refused(tenant, emergency).values())


def refused(tenant: Tenant, emergency: Sequence[UserId]) -> dict[UserId, Refusal]:
    """The emergency accounts that don't provably get in, each with the worst reason."""
    found: dict[UserId, Refusal] = {}
    for person in emergency:
        refusals = sorted(_refusals(tenant, person), key=lambda each: not each.certain)
        if refusals:
            found[person] = refusals[0]
    return found


def _refusals(tenant: Tenant, person: UserId) -> Iterator[Refusal]:
    held = tenant.users.get(person)
    if held is None:
        yield Refusal(f"emergency account `{person}` is not in the tenant", True)
        return
    account = f"emergency account `{held.user_principal_name}`"
    if held.account_enabled is False:
        yield Refusal(f"{account} can't sign in: it is disabled", True)
    elif held.account_enabled is None:
        yield Refusal(f"{account} may be disabled: nobody could read whether it is", False)
    for sign_in in emergency_sign_ins(person, tenant.registrations.get(person)):
        decision = decide(tenant, sign_in)
        if decision.outcome is Outcome.BLOCKED:
            by = ", ".join(f"`{source.display_name}`" for source in decision.blocked_by)
            yield Refusal(f"{account} is blocked by {by or 'a control it cannot meet'}", True)
        elif decision.outcome is Outcome.NOT_ASSESSED:
            named = "; ".join(_unclear(decision.rules) or decision.missing)
            yield Refusal(f"{account} may be locked out: {named}", False)


def _unclear(rules: Iterable[RuleAnswer]) -> tuple[str, ...]:
    """The policies that might apply and why nobody knows; a source that only ever asks for MFA is no reason by itself."""
    return tuple(
        f"policy `{each.rule.source.display_name}`: {each.answer.facts[0]}"
        for each in rules
        if isinstance(each.answer, Unknown) and each.rule.enforced and each.rule.clauses != (MFA,)
    )
