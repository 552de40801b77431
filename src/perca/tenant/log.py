"""Rows of the sign-in log, as `/beta/auditLogs/signIns` shows them.

Source: FACTS.md 6.1, 6.2 and 14.4.1. A row is a JSON text made once, when the sign-in happens; what policies contributed is the
same for many sign-ins and is kept.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from perca.model import BuiltIn, ClientApp, SignIn, StrengthControl, User
from perca.policy import Decision, Mfa, Outcome, Rule, RuleAnswer
from perca.tenant.guid import made_guid
from perca.tenant.json import Json, dumps

CLIENT_APP_USED = {
    ClientApp.BROWSER: "Browser",
    ClientApp.MODERN: "Mobile Apps and Desktop clients",
    ClientApp.ACTIVE_SYNC: "Exchange ActiveSync",
    ClientApp.OTHER: "Other clients",
}
LEGACY_PROTOCOLS = (
    "IMAP4",
    "POP3",
    "Authenticated SMTP",
    "MAPI Over HTTP",
    "Autodiscover",
    "Exchange Online PowerShell",
    "Exchange Web Services",
    "Offline Address Book",
    "Outlook Anywhere (RPC over HTTP)",
    "Outlook Service",
    "Reporting Web Services",
    "Other clients",
)
CONDITIONAL_ACCESS = "multiConditionalAccess"
REASONS = {
    0: "Other.",
    50034: "The user account does not exist in this directory.",
    50057: "The user account is disabled.",
    50076: "MFA is required by the administrator's configuration and was not done.",
    50079: "The user must register for MFA.",
    50126: "Invalid username or password.",
    50131: "Whether Conditional Access lets this sign-in pass is not assessed, so it is refused.",
    53003: "Access has been blocked by Conditional Access policies.",
    530035: "Access has been blocked by security defaults.",
}
"""Codes are Microsoft's (FACTS.md 6.3); the sentences are ours."""
_DETAILS = {
    "user": "Per-user MFA",
    CONDITIONAL_ACCESS: "Conditional Access",
    "securityDefaults": "Security Defaults",
    "mandatoryMfa": "Microsoft's mandatory MFA",
}


@dataclass(frozen=True, slots=True)
class Ended:
    """How a sign-in ended: its error code, 0 for success, and in words why."""

    code: int
    details: str | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was decided about a sign-in, as far as its row shows it."""

    outcome: Outcome
    mfa: Mfa
    ended: Ended
    conditional_access: str = "notApplied"
    asked_by: str = "[]"
    """`authenticationRequirementPolicies`, as JSON."""
    policies: str = "[]"
    """`appliedConditionalAccessPolicies`, as JSON."""


def applied(decision: Decision, kept: dict[tuple[str, str], str]) -> str:
    """The policies' results as a JSON list; `kept` holds the fragments of one tenant's rules."""
    parts: list[str] = []
    for answered in decision.rules:
        if answered.rule.source.provider != CONDITIONAL_ACCESS:
            continue
        key = (answered.rule.key, answered.result)
        if key not in kept:
            kept[key] = dumps(_policy(answered))
        parts.append(kept[key])
    return f"[{','.join(parts)}]"


def _policy(answered: RuleAnswer) -> Json:
    source = answered.rule.source
    return {
        "id": source.id,
        "displayName": source.display_name,
        "enforcedGrantControls": _controls(answered.rule),
        "enforcedSessionControls": [],
        "result": answered.result,
    }


def _controls(rule: Rule) -> list[str]:
    words: list[str] = []
    for clause in rule.clauses:
        for control in sorted(clause, key=str):
            word = "AuthenticationStrength" if isinstance(control, StrengthControl) else str(control)
            words.append(word[:1].upper() + word[1:] if isinstance(control, BuiltIn) else word)
    return words


def conditional_access_status(decision: Decision) -> str:
    """What the policies did together."""
    results = [
        answered.result
        for answered in decision.rules
        if answered.rule.enforced and answered.rule.source.provider == CONDITIONAL_ACCESS
    ]
    if "failure" in results or "unknown" in results:
        return "failure"
    return "success" if "success" in results else "notApplied"


def asked_by(decision: Decision) -> str:
    """Who asks for MFA, one entry for each provider, as a JSON list."""
    sources = {source.provider: source for source in decision.sources}.values()
    return dumps(
        [
            {
                "requirementProvider": source.provider,
                "detail": _DETAILS.get(source.provider, source.display_name),
            }
            for source in sources
        ]
    )


def what(
    verdict: Verdict, *, tenant: str, sign_in: SignIn, user: User | None, app_name: str, client: str
) -> str:
    """What the row of a sign-in says, but for its id, its time and the policies' results."""
    legacy = sign_in.client is not None and sign_in.client.is_legacy
    asked = verdict.asked_by != "[]"
    head: Json = {
        "userDisplayName": "" if user is None else user.display_name,
        "userPrincipalName": "" if user is None else user.user_principal_name.lower(),
        "userId": sign_in.user,
        "userType": "guest" if user is not None and user.is_guest else "member",
        "appId": sign_in.app,
        "appDisplayName": app_name,
        "resourceId": sign_in.app,
        "resourceDisplayName": app_name,
        "ipAddress": str(sign_in.address),
        "clientAppUsed": client,
        "userAgent": "BAV2ROPC" if legacy else "",
        "conditionalAccessStatus": verdict.conditional_access,
        "isInteractive": True,
        "signInEventTypes": ["interactiveUser"],
        "authenticationProtocol": "ropc" if legacy else "none",
        "authenticationRequirement": "multiFactorAuthentication" if asked else "singleFactorAuthentication",
        "riskLevelDuringSignIn": str(sign_in.sign_in_risk or "none"),
        "riskLevelAggregated": str(sign_in.user_risk or "none"),
        "homeTenantId": tenant,
        "resourceTenantId": tenant,
        "status": {
            "errorCode": verdict.ended.code,
            "failureReason": REASONS.get(verdict.ended.code, "Other."),
            "additionalDetails": verdict.ended.details,
        },
        "deviceDetail": {
            "operatingSystem": str(sign_in.platform or ""),
            "isCompliant": bool(sign_in.device.compliant),
            "trustType": sign_in.device.trust_type if sign_in.device.trust_type != "none" else "",
        },
    }
    return f'{dumps(head)[:-1]},"authenticationRequirementPolicies":{verdict.asked_by}}}'


def number_of(text: str) -> int:
    """The number under which a text is kept."""
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big") >> 1


def row(id: str, at: str, text: str, policies: str) -> str:
    """The row, from its id, its time and its texts; each attempt is a correlation of its own."""
    correlation = made_guid(0, f"correlation/{id}")
    head = f'{{"id":"{id}","createdDateTime":"{at}","correlationId":"{correlation}"'
    return f'{head},{text[1:-1]},"appliedConditionalAccessPolicies":{policies}}}'
