"""Accounts at which nobody is there to answer a prompt, and the policies that would ask them: directory synchronisation, services, rooms.

Source: entra-policy-exclude-user (09/2024) and FACTS.md 13.5: an all-users policy leaves out the role Directory Synchronization Accounts, and
rooms, shared devices and services are looked at before it is turned on. Which accounts are services only the operator can say;
what a mailbox is for is in `mailboxSettings.userPurpose`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from perca.findings.barred import held_apart, lacks, policies_of
from perca.findings.finding import Finding, Kind, Severity, finding
from perca.findings.methods import NOT_READ
from perca.findings.plain import NOBODY_THERE, Ground
from perca.findings.subject import about, acting, without
from perca.model import Clause, Credential, RoleId, SignIn, UserId
from perca.policy import No, Rule, Unknown, Yes, covers, rulebook
from perca.policy.capability import Capability, capability_of
from perca.policy.conditional_access import PROVIDER
from perca.policy.outcome import clause_standing
from perca.policy.security_defaults import SYNCHRONISATION
from perca.policy.standing import Standing

_ROLES = "who holds the role Directory Synchronization Accounts"
_UNREAD = ("registration",)
"""Tells what hangs on what people have registered from what doesn't."""
_PURPOSE = "which of them are rooms, shared mailboxes, devices or services (mailboxSettings.userPurpose)"


def findings(ground: Ground) -> Iterator[Finding]:
    """The policies that would ask, or block, such accounts."""
    book = rulebook(ground.tenant)
    holds = {user: book.has_role(user, SYNCHRONISATION) for user in held_apart(ground, ground.tenant.users)}
    people = tuple(user for user, answer in holds.items() if isinstance(answer, Yes))
    yield from _caught(ground, Kind.SYNCHRONISATION_CAUGHT, Severity.HIGH, people, SYNCHRONISATION)
    unread = {fact for answer in holds.values() if isinstance(answer, Unknown) for fact in answer.facts}
    if unread and any(True for _ in acting(book)):
        missing = tuple(f"{_ROLES}: {why}" for why in sorted(unread))
        yield finding(Kind.SYNCHRONISATION_CAUGHT, Severity.HIGH, missing=missing)
    rooms = [user for user in ground.tenant.users if ground.tenant.mailboxes.get(user) in NOBODY_THERE]
    for answers, missing in ((False, ()), (None, (NOT_READ,))):
        named = ground.unattended if answers is False else ()
        alone = [
            user for user in rooms if user not in ground.unattended and _answers(ground, user) is answers
        ]
        people = held_apart(ground, (*named, *alone))
        yield from _caught(ground, Kind.UNATTENDED_CAUGHT, Severity.MEDIUM, people, missing=missing)
        yield from _perhaps(ground, answers, missing)


def _answers(ground: Ground, user: UserId) -> bool | None:
    """Whether somebody registered a method for the account, and so answers its prompts; None where nobody knows."""
    return capability_of(ground.tenant, SignIn(user)).able


def _caught(
    ground: Ground,
    kind: Kind,
    severity: Severity,
    people: tuple[UserId, ...],
    role: RoleId | None = None,
    *,
    missing: tuple[str, ...] = (),
) -> Iterator[Finding]:
    """For each policy, the people who can't get in by it at some plain sign-in with the password; with what nobody knows of them."""
    book = rulebook(ground.tenant)
    for rule, policy in acting(book) if people else ():
        concerned = [user for user in people if not isinstance(about(book, rule, user), No)]
        if not concerned:
            continue
        found = [
            each
            for each in ground.access(
                concerned, (Credential.PASSWORD,), rules=_only(rule), judge=_answers_nothing
            )
            if each.always is not True
        ]
        for certain in (True, False):
            alike = [each for each in found if (each.always is False) is certain]
            if alike:
                who = tuple(person for each in alike for person in each.people)
                yield finding(
                    kind,
                    severity,
                    rule.source.id,
                    *(_UNREAD if missing else ()),
                    people=who,
                    witness=alike[0].witness if certain else alike[0].unclear,
                    policies=() if policy is None else (policy.id,),
                    missing=missing if certain else (*missing, *lacks(*alike)),
                    repair=without(policy, role=role) if role is not None else without(policy, *who),
                )


def _only(rule: Rule) -> Callable[[Rule], bool]:
    return lambda other: other.key == rule.key


def _answers_nothing(clause: Clause, able: Capability, *, at_risk: bool = False) -> Standing:
    """How the clause stands where nobody answers: what isn't done already can't be done."""
    how = clause_standing(clause, able, at_risk=at_risk)
    return Standing.CANNOT if how is Standing.TO_DO else how


def _perhaps(ground: Ground, answers: bool | None, missing: tuple[str, ...]) -> Iterator[Finding]:
    """People without a method, or of whom nobody knows, who are asked for MFA, and of whom nobody knows whether they are people."""
    users = (user for user in ground.people if user.id not in ground.tenant.mailboxes)
    unclear = [
        user.id for user in users if user.is_guest is not True and _answers(ground, user.id) is answers
    ]
    found = [
        each
        for each in ground.access(
            unclear, (Credential.PASSWORD,), rules=_asks_for_mfa, judge=_answers_nothing
        )
        if each.always is not True
    ]
    if found:
        asked = {person for each in found for person in each.people}
        yield finding(
            Kind.UNATTENDED_CAUGHT,
            Severity.LOW,
            *(_UNREAD if missing else ()),
            people=tuple(user for user in ground.tenant.users if user in asked),
            policies=policies_of(ground, (rule for each in found for rule in each.rules)),
            missing=(*missing, _PURPOSE),
        )


def _asks_for_mfa(rule: Rule) -> bool:
    return rule.source.provider == PROVIDER and covers(rule, unknown_as=True)
