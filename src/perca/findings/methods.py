"""Which methods somebody may use, by the authentication methods policy, and which combinations of a strength the person could show.

Source: FACTS.md 10 and 13.12. The policy's own names of methods are Graph's ids of its configurations; a certificate and a federated
sign-in are in no registration report, so that only the policy and the domain can rule them out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from enum import IntEnum

from perca.model import (
    MethodSetting,
    MethodTargets,
    NotRead,
    Registration,
    SignIn,
    Tenant,
    User,
    UserId,
    fold,
)
from perca.policy import Answer, No, Rulebook, Unknown, Yes
from perca.policy.answer import either
from perca.policy.capability import capability_of
from perca.policy.strengths import NARROWED, Combinations

_BY_POLICY = {
    "fido2": "fido2",
    "devicebasedpush": "microsoftauthenticator",
    "microsoftauthenticatorpush": "microsoftauthenticator",
    "softwareoath": "softwareoath",
    "hardwareoath": "hardwareoath",
    "sms": "sms",
    "voice": "voice",
    "temporaryaccesspassonetime": "temporaryaccesspass",
    "temporaryaccesspassmultiuse": "temporaryaccesspass",
    "x509certificatesinglefactor": "x509certificate",
    "x509certificatemultifactor": "x509certificate",
    "qrcodepin": "qrcodepin",
}
"""The policy's name for each method of a strength; what isn't listed is allowed to everybody, or nobody knows."""
_FREE = frozenset({"password", "windowshelloforbusiness"})
_CERTIFICATES = frozenset({"x509certificatesinglefactor", "x509certificatemultifactor"})
_NO_MFA = frozenset({"email", "securityquestion"})
"""What the report lists, and is for resetting passwords alone."""
_FEDERATED = frozenset({"federatedsinglefactor", "federatedmultifactor"})


NOT_READ = "which methods the people have registered, and may use (userRegistrationDetails)"
"""The fact that lacks where nobody read what some people have registered."""


def is_read(row: Registration | None) -> bool:
    """Whether the row says which methods are registered: a person who is registered, or may be, has some."""
    return row is not None and (bool(row.methods) or row.is_mfa_registered is False)


class Can(IntEnum):
    """Whether somebody can show methods; the better of two is the greater."""

    NO = 0
    UNKNOWN = 1
    YES = 2


def allowed(book: Rulebook, user: UserId, name: str) -> Answer:
    """Whether the authentication methods policy allows the person the method of that name."""
    policy = book.tenant.methods
    if isinstance(policy, NotRead):
        return Unknown((f"whether {name} may be used: {policy.why}",))
    setting = policy.settings.get(name)
    if setting is None or setting.enabled is None:
        return Unknown((f"whether {name} may be used: the authentication methods policy doesn't say",))
    if not setting.enabled:
        return No((f"{name} is off",))
    return _targeted(book, user, setting)


def may_use(book: Rulebook, user: UserId, name: str) -> Answer:
    """`allowed`, and where nobody knows that, what the registration report tells.

    It says of somebody's methods as a whole whether one of them may be used, so it tells of one where there is no other.
    """
    may, row = allowed(book, user, name), book.tenant.registrations.get(user)
    if not isinstance(may, Unknown) or row is None or row.is_mfa_capable is not True:
        return may
    return Yes(("isMfaCapable",)) if set(_held(book.tenant, row)) == {name} else may


def _held(tenant: Tenant, row: Registration) -> Iterator[str]:
    """The policy's names of what the person has registered that may count for MFA; an unknown word stands for itself."""
    shown = capability_of(tenant, SignIn(row.user))
    for word in row.methods:
        known = replace(shown, registration=replace(row, methods=(word,))).registered - {"password"}
        yield from (_BY_POLICY.get(method, method) for method in known)
        if not known and fold(word) not in _NO_MFA:
            yield fold(word)


def _targeted(book: Rulebook, user: UserId, setting: MethodSetting) -> Answer:
    excluded = either(_among(book, user, setting.exclude), "not excluded")
    if isinstance(excluded, Yes):
        return No(excluded.because)
    included = either(_among(book, user, setting.include), "not included")
    if isinstance(included, No) or isinstance(excluded, No):
        return included
    return excluded


def _among(book: Rulebook, user: UserId, targets: MethodTargets) -> Iterator[Answer]:
    if targets.everyone:
        yield Yes(("everybody",))
    if user in targets.users:
        yield Yes(("named by id",))
    for group in targets.groups:
        yield book.in_group(user, group)
    for entry in targets.unrecognised:
        yield Unknown((f"a target `{entry}` of the authentication methods policy may be anybody",))


def federated(tenant: Tenant, user: User) -> bool | None:
    """Whether the person's domain is federated; None where nobody knows."""
    name = user.user_principal_name.rpartition("@")[2].casefold()
    if isinstance(tenant.domains, NotRead):
        return None
    return next((domain.federated for domain in tenant.domains if domain.name == name), None)


def can_meet(book: Rulebook, user: User, combinations: Combinations) -> tuple[Can, tuple[str, ...]]:
    """Whether the person has registered, and may use, one of the combinations; and the facts that would tell."""
    facts: dict[str, None] = {}
    best = Can.NO
    for combination in sorted(combinations, key=sorted):
        worst = Can.YES
        lacking: list[str] = []
        for method in sorted(combination):
            can, fact = _can(book, user, method)
            worst = min(worst, can)
            lacking += [fact] if can is Can.UNKNOWN else []
        if worst is Can.UNKNOWN:
            facts |= dict.fromkeys(lacking)
        best = max(best, worst)
    return best, tuple(facts) if best is Can.UNKNOWN else ()


def possible(book: Rulebook, user: UserId, combinations: Combinations) -> bool:
    """Whether the policy leaves the person any of the combinations, registered or not."""
    return any(not any(_is_off(book, user, method) for method in each) for each in combinations)


def _is_off(book: Rulebook, user: UserId, method: str) -> bool:
    name = _BY_POLICY.get(method)
    return name is not None and isinstance(allowed(book, user, name), No)


def _can(book: Rulebook, user: User, method: str) -> tuple[Can, str]:
    if method.startswith(NARROWED):
        return (
            Can.UNKNOWN,
            "whether the person's keys or certificates are among those that the strength asks for",
        )
    if method in _FEDERATED:
        return _by_federation(book.tenant, user)
    row = book.tenant.registrations.get(user.id)
    may = may_use(book, user.id, _BY_POLICY[method]) if method in _BY_POLICY else Yes()
    if isinstance(may, No):
        return Can.NO, ""
    if method in _CERTIFICATES:
        return Can.UNKNOWN, "whether the person has a certificate, which no report shows"
    if method not in _FREE and method not in _BY_POLICY:
        return Can.UNKNOWN, f"whether the person has `{method}`"
    if method != "password" and not is_read(row):
        return Can.UNKNOWN, "which methods the person has registered (userRegistrationDetails)"
    if method not in capability_of(book.tenant, SignIn(user.id)).registered:
        return Can.NO, ""
    return (Can.UNKNOWN, may.facts[0]) if isinstance(may, Unknown) else (Can.YES, "")


def _by_federation(tenant: Tenant, user: User) -> tuple[Can, str]:
    match federated(tenant, user):
        case False:
            return Can.NO, ""
        case None:
            why = tenant.domains.why if isinstance(tenant.domains, NotRead) else "domains don't say"
            return Can.UNKNOWN, f"whether the person's domain is federated: {why}"
    return (
        Can.UNKNOWN,
        "whether MFA of the federated domain counts (federatedIdpMfaBehavior) and is done there",
    )
