"""The deadlock of registration: somebody without a method is asked for one before one can be registered.

Source: FACTS.md 10.6, 13.2 and 14.2. A policy on registering security information asks for MFA, and a person who has no method can only show a
temporary access pass, if the methods policy lets somebody issue one. Policies on all resources are taken not to gate the first
registration, as tests in a tenant showed (13.2); so are per-user MFA and Security Defaults, which ask people to register.
"""

from __future__ import annotations

from collections.abc import Iterator

from perca.findings.barred import lacks, policies_of
from perca.findings.finding import Finding, Kind, Severity, finding
from perca.findings.methods import NOT_READ, allowed
from perca.findings.plain import Ground
from perca.model import Clause, Credential, UserAction, UserId
from perca.policy import No, Rule, Unknown, rulebook
from perca.policy.applications import Applications
from perca.policy.capability import Capability
from perca.policy.conditional_access import PROVIDER
from perca.policy.contexts import Contexts
from perca.policy.homes import HERE
from perca.policy.outcome import clause_standing
from perca.policy.standing import Standing, standing
from perca.policy.strengths import is_mfa_grade
from perca.prove.locked_out import Access
from perca.space import ACTIONS

_AT_REGISTRATION = tuple(t for t in ACTIONS if t.action is UserAction.REGISTER_SECURITY_INFORMATION)
_PASS = "temporaryaccesspass"


def findings(ground: Ground) -> Iterator[Finding]:
    """Who can't register anywhere, and who can at some places, or on some devices, alone."""
    alike: dict[tuple[Kind, tuple[str, ...], bool], list[tuple[UserId, Access, tuple[str, ...]]]] = {}
    for group in _without_method(ground):
        for person, found, missing in _tried(ground, *group):
            kind = Kind.REGISTERS_ONLY_SOMEWHERE if found.ever else Kind.CANNOT_REGISTER
            key = (kind, tuple(sorted(found.rules)), not missing)
            alike.setdefault(key, []).append((person, found, missing))
    for (kind, rules, _), together in alike.items():
        yield finding(
            kind,
            Severity.HIGH if kind is Kind.CANNOT_REGISTER else Severity.LOW,
            *rules,
            people=tuple(person for person, _, _ in together),
            witness=together[0][1].witness or together[0][1].unclear,
            policies=policies_of(ground, rules),
            missing=tuple(dict.fromkeys(fact for _, _, missing in together for fact in missing)),
        )


def _without_method(ground: Ground) -> Iterator[tuple[tuple[UserId, ...], bool, bool | None]]:
    """People who have no method, or of whom nobody knows, by that and by whether a temporary access pass may be issued to them."""
    book = rulebook(ground.tenant)
    groups: dict[tuple[bool, bool | None], list[UserId]] = {}
    for user in ground.people:
        row = ground.tenant.registrations.get(user.id)
        registered = None if row is None else row.is_mfa_registered
        if registered:
            continue
        may = allowed(book, user.id, _PASS)
        issued = None if isinstance(may, Unknown) else not isinstance(may, No)
        groups.setdefault((registered is None, issued), []).append(user.id)
    for (unknown, issued), who in groups.items():
        yield tuple(who), unknown, issued


def _tried(
    ground: Ground, people: tuple[UserId, ...], unknown: bool, issued: bool | None
) -> Iterator[tuple[UserId, Access, tuple[str, ...]]]:
    """Each person whom the policies on registration keep from some registration, with how, and with the facts that are missing."""
    by_password = list(_registering(ground, people, Credential.PASSWORD))
    barred = [person for each in by_password if not each.always for person in each.people]
    by_pass = {
        person: each
        for each in (_registering(ground, tuple(barred), Credential.TEMPORARY_ACCESS_PASS) if barred else ())
        for person in each.people
    }
    for each in by_password:
        for person in each.people if not each.always else ():
            with_pass = by_pass[person] if issued is not False else each
            if with_pass.always and issued:
                continue
            yield person, *_judged(each, with_pass, unknown, issued)


def _judged(
    alone: Access, with_pass: Access, unknown: bool, issued: bool | None
) -> tuple[Access, tuple[str, ...]]:
    """What to tell, and the facts on which it hangs: certain where neither a pass nor what isn't known would change it."""
    best = with_pass if issued else alone
    missing: list[str] = []
    if unknown:
        missing.append(NOT_READ)
    if issued is None and (alone.ever, alone.always) != (with_pass.ever, with_pass.always):
        missing.append("whether a temporary access pass may be issued to them (authenticationMethodsPolicy)")
    certain = best.ever is False or (best.ever and best.barred)
    if not certain and not missing:
        missing += lacks(best)
    return best, tuple(missing)


def _registering(ground: Ground, people: tuple[UserId, ...], credential: Credential) -> Iterator[Access]:
    return ground.access(
        people, (credential,), targets=_AT_REGISTRATION, rules=_gates, judge=_without_methods
    )


def _gates(rule: Rule) -> bool:
    """Whether the rule may gate a first registration: it is on user actions, or on nobody knows what."""
    elsewhere = any(isinstance(each, Applications | Contexts) for each in rule.conditions)
    return rule.source.provider == PROVIDER and not elsewhere


def _without_methods(clause: Clause, able: Capability, *, at_risk: bool = False) -> Standing:
    """How the clause stands for somebody of the tenant without a method: MFA is only done by what is shown here and now."""
    if able.homes != (HERE,) or able.able is not False:
        return clause_standing(clause, able, at_risk=at_risk)
    left = frozenset(
        control
        for control in clause
        if not is_mfa_grade(control, unknown_as=True) or standing(control, able).how is Standing.DONE
    )
    return clause_standing(left, able, at_risk=at_risk) if left else Standing.CANNOT
