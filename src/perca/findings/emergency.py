"""Emergency access accounts: at least two, each cloud-only, a permanent Global Administrator with a passkey or a certificate, out of reach
of every policy by its own id, and tried lately.

Source: FACTS.md 13.3 and 13.4. Microsoft's mandatory MFA hits them too, which is why a method that does MFA by itself must be there. Exclusion
through a group is no exclusion: whoever may edit the group may lock the account out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from perca.findings.barred import lacks
from perca.findings.finding import Finding, Kind, Severity, finding
from perca.findings.methods import allowed, federated, is_read, may_use
from perca.findings.plain import Ground, first_factors
from perca.findings.subject import about, acting, without
from perca.model import (
    BLOCK,
    ConditionalAccessPolicy,
    Credential,
    GroupId,
    NotRead,
    Registration,
    Tenant,
    User,
    UserCondition,
    fold,
)
from perca.policy import Answer, No, Principal, Rulebook, Unknown, Yes, rulebook
from perca.policy.administrators import ROLES
from perca.policy.homes import HERE, homes
from perca.policy.mandatory_mfa import day_of
from perca.policy.users import Users
from perca.prove import Witness

LEAST = 2
TESTED_WITHIN = 90
"""Days since the last sign-in that still count as tested."""
GLOBAL_ADMINISTRATOR = next(id for id, name in ROLES.items() if name == "Global Administrator")
_INITIAL = ".onmicrosoft.com"
_PASSKEYS = ("fido2", "passkey")
_HIGH, _MEDIUM = Severity.HIGH, Severity.MEDIUM


def findings(ground: Ground) -> Iterator[Finding]:
    """What is amiss with the declared emergency accounts."""
    if len(ground.emergency) < LEAST:
        yield finding(Kind.TOO_FEW_EMERGENCY_ACCOUNTS, _HIGH, people=ground.emergency)
    book = rulebook(ground.tenant)
    for id in ground.emergency:
        user = ground.tenant.users[id]
        for check in (_disabled, _synchronised, _domain, _federated, _administrator, _method, _tested):
            yield from check(book, user)
        yield from _policies(ground, book, user)


def _so(kind: Kind, severity: Severity, user: User, answer: bool | None, *facts: str) -> Iterator[Finding]:
    """The finding where the answer is True; where it is None, the same, not assessed for lack of these facts."""
    if answer is not False:
        yield finding(kind, severity, user.id, people=(user.id,), missing=() if answer else facts)


def _disabled(book: Rulebook, user: User) -> Iterator[Finding]:
    off = None if user.account_enabled is None else not user.account_enabled
    yield from _so(
        Kind.EMERGENCY_DISABLED, _HIGH, user, off, "whether the account is enabled (accountEnabled)"
    )


def _synchronised(book: Rulebook, user: User) -> Iterator[Finding]:
    fact = "whether the account comes from a directory on premises (onPremisesSyncEnabled)"
    yield from _so(Kind.EMERGENCY_SYNCHRONISED, _HIGH, user, user.synchronised, fact)


def _domain(book: Rulebook, user: User) -> Iterator[Finding]:
    kind, fact = Kind.EMERGENCY_OUTSIDE_INITIAL_DOMAIN, "the account's name (userPrincipalName)"
    amiss = not is_on_initial_domain(book.tenant, user) if user.user_principal_name else None
    yield from _so(kind, _MEDIUM, user, amiss, fact)


def is_on_initial_domain(tenant: Tenant, user: User) -> bool:
    """Whether it is an account of the tenant's own, with a name on the domain that the tenant began with."""
    own = homes(tenant, Principal(user.id)) == (HERE,)
    return own and fold(user.user_principal_name).endswith(_INITIAL)


def _federated(book: Rulebook, user: User) -> Iterator[Finding]:
    domains = book.tenant.domains
    why = domains.why if isinstance(domains, NotRead) else "domains don't say"
    fact = f"whether the account's domain is federated: {why}"
    yield from _so(Kind.EMERGENCY_FEDERATED, _HIGH, user, federated(book.tenant, user), fact)


def _administrator(book: Rulebook, user: User) -> Iterator[Finding]:
    kind = Kind.EMERGENCY_NOT_PERMANENT_ADMINISTRATOR
    match book.has_role(user.id, GLOBAL_ADMINISTRATOR):
        case No():
            yield from _so(kind, _HIGH, user, True)
        case Unknown(facts):
            yield from _so(kind, _HIGH, user, None, *facts)
        case _:
            yield from _so(kind, _HIGH, user, *_activated(book, user))


def _activated(book: Rulebook, user: User) -> tuple[bool | None, str]:
    """False where an active role is no activation of one for which the account is eligible; None where it may be one."""
    eligible = book.tenant.role_eligibilities
    if isinstance(eligible, NotRead):
        return None, f"whether the role is permanent, or was activated: {eligible.why}"
    for each in eligible:
        if each.role == GLOBAL_ADMINISTRATOR and not isinstance(_is(book, user, each.principal), No):
            return (
                None,
                "whether the role is permanent, or was activated: the account is eligible for it, too",
            )
    return False, ""


def _is(book: Rulebook, user: User, principal: str) -> Answer:
    if principal == user.id:
        return Yes()
    known = principal in book.tenant.users
    return No() if known else book.in_group(user.id, GroupId(principal))


def _method(book: Rulebook, user: User) -> Iterator[Finding]:
    answer, fact = _lacks_strong_method(book, user, book.tenant.registrations.get(user.id))
    yield from _so(Kind.EMERGENCY_WITHOUT_STRONG_METHOD, _HIGH, user, answer, fact)


def _lacks_strong_method(book: Rulebook, user: User, row: Registration | None) -> tuple[bool | None, str]:
    if row is None or not is_read(row):
        return None, "which methods the account has registered (userRegistrationDetails)"
    if any(fold(method).startswith(_PASSKEYS) for method in row.methods):
        may = may_use(book, user.id, "fido2")
        if isinstance(may, Yes):
            return False, ""
        if isinstance(may, Unknown):
            return None, may.facts[0]
    if isinstance(allowed(book, user.id, "x509certificate"), No):
        return True, ""
    return None, "whether the account has a certificate, which no report shows"


def _tested(book: Rulebook, user: User) -> Iterator[Finding]:
    yield from _so(Kind.EMERGENCY_NEVER_TESTED, _MEDIUM, user, *_untested(book.tenant, user))


def _untested(tenant: Tenant, user: User) -> tuple[bool | None, str]:
    unknown = "when the account last signed in with success (signInActivity)"
    if user.id not in tenant.last_successes:
        return None, unknown
    last = tenant.last_successes[user.id]
    if last is None:
        return True, ""
    then, now = day_of(last), day_of(tenant.taken_at)
    if then is None:
        return None, unknown
    if now is None:
        return None, "when the data was taken (takenAt)"
    return (now - then).days > TESTED_WITHIN, ""


def _policies(ground: Ground, book: Rulebook, user: User) -> Iterator[Finding]:
    """What keeps the account out, or asks it for anything, or would if a group were edited."""
    barred, unsure = _barred(ground, user)
    told: set[str] = set()
    for rule, policy in acting(book):
        at = about(book, rule, user.id)
        if isinstance(at, No):
            yield from _by_group(book, user, policy)
            continue
        told.add(rule.source.id)
        blocks = barred is not None and rule.source in barred.decision.blocked_by
        yield finding(
            Kind.EMERGENCY_NOT_EXCLUDED,
            _HIGH if blocks or BLOCK in rule.clauses else _MEDIUM,
            user.id,
            rule.source.id,
            people=(user.id,),
            witness=barred if blocks else None,
            policies=() if policy is None else (policy.id,),
            missing=at.facts if isinstance(at, Unknown) else (),
            repair=without(policy, user.id),
        )
    explained = barred is not None and any(each.id in told for each in barred.decision.blocked_by)
    if (barred is not None or unsure) and not explained:
        yield finding(
            Kind.EMERGENCY_BARRED, _HIGH, user.id, people=(user.id,), witness=barred, missing=unsure
        )


def _barred(ground: Ground, user: User) -> tuple[Witness | None, tuple[str, ...]]:
    """A plain sign-in at which the account is kept out; or the facts without which nobody can say that there is none."""
    have = first_factors(ground.tenant, user.id)
    strongest = {Credential.PASSKEY} if Credential.PASSKEY in have else {Credential.PASSWORD}
    (found,) = ground.access((user.id,), strongest, good_devices=False)
    if found.barred:
        return found.witness, ()
    return None, () if found.always else lacks(found)


def _by_group(book: Rulebook, user: User, policy: ConditionalAccessPolicy | None) -> Iterator[Finding]:
    """Where only a group that anybody may edit who edits groups keeps the policy off the account."""
    if policy is None or not isinstance(policy.users, UserCondition):
        return
    include, exclude = policy.users.include, policy.users.exclude
    who = Principal(user.id)
    keeping = [group for group in exclude.groups if isinstance(book.in_group(user.id, group), Yes)]
    by_else = UserCondition(include, replace(exclude, groups=()))
    if not keeping or isinstance(Users(by_else).holds(book, who), No):
        return
    held = [book.tenant.groups[group] for group in keeping]
    if any(group.role_assignable for group in held):
        return
    yield finding(
        Kind.EMERGENCY_EXCLUDED_BY_GROUP,
        _MEDIUM,
        user.id,
        policy.id,
        people=(user.id,),
        policies=(policy.id,),
        named=tuple(group.display_name or group.id for group in held),
        repair=without(policy, user.id),
    )
