"""Authentication strengths that people whom a policy is about can't meet with the methods that they have registered and may use.

Source: FACTS.md 10.4, 13.12 and 14.4.6. Where a policy takes something else instead, such as a compliant device, nothing is said of it. Methods
that no report shows (certificates, a federated domain's) leave it open unless the methods policy or the domain rules them out.
"""

from __future__ import annotations

from collections.abc import Iterator

from perca.findings.finding import Finding, Kind, Severity, finding
from perca.findings.methods import Can, can_meet, possible
from perca.findings.plain import Ground
from perca.findings.subject import about, acting
from perca.model import PolicyId, StrengthControl, User, UserId
from perca.policy import No, Principal, Rule, Rulebook, Unknown, rulebook
from perca.policy.homes import HERE, homes


def findings(ground: Ground) -> Iterator[Finding]:
    """One for each policy with a strength that somebody whom it is about can't meet, or of whom nobody knows."""
    book = rulebook(ground.tenant)
    for rule, policy in acting(book):
        for clause in rule.clauses if policy is not None else ():
            if clause and all(isinstance(each, StrengthControl) for each in clause):
                strengths = sorted((c for c in clause if isinstance(c, StrengthControl)), key=str)
                yield from _of_policy(ground, book, rule, strengths)


def _of_policy(
    ground: Ground, book: Rulebook, rule: Rule, strengths: list[StrengthControl]
) -> Iterator[Finding]:
    people = [user for user in ground.people if _concerned(book, rule, user)]
    unable: list[UserId] = []
    unsure: list[UserId] = []
    facts: dict[str, None] = {}
    left = False
    for user in people:
        can, missing, may = _can(book, user, strengths)
        left |= may
        at = about(book, rule, user.id)
        if can is Can.NO and isinstance(at, Unknown):
            can, missing = Can.UNKNOWN, at.facts
        if can is Can.NO:
            unable.append(user.id)
        elif can is Can.UNKNOWN:
            unsure.append(user.id)
            facts |= dict.fromkeys(missing)
    ids = (rule.source.id, *(each.strength for each in strengths))
    names = tuple(_name(ground, each) for each in strengths)
    policies = (PolicyId(rule.source.id),)
    if unable:
        nobody = len(unable) == len(people)
        kind = Kind.STRENGTH_NOBODY_MEETS if nobody else Kind.STRENGTH_NOT_MET
        severity = Severity.HIGH if nobody or not left else Severity.MEDIUM
        yield finding(kind, severity, *ids, people=tuple(unable), policies=policies, named=names)
    if unsure:
        yield finding(
            Kind.STRENGTH_NOT_MET,
            Severity.MEDIUM,
            *ids,
            people=tuple(unsure),
            policies=policies,
            named=names,
            missing=tuple(facts),
        )


def _concerned(book: Rulebook, rule: Rule, user: User) -> bool:
    """Whether the policy is about the person, as one of the tenant's own: what others use is for their home to say."""
    return homes(book.tenant, Principal(user.id)) == (HERE,) and not isinstance(
        about(book, rule, user.id), No
    )


def _can(book: Rulebook, user: User, strengths: list[StrengthControl]) -> tuple[Can, tuple[str, ...], bool]:
    """Whether the person meets one of the strengths, the facts that would tell, and whether the policy leaves a way."""
    best, left = Can.NO, False
    facts: tuple[str, ...] = ()
    for each in strengths:
        missing: tuple[str, ...]
        if each.combinations is None:
            can, missing = Can.UNKNOWN, (f"what authentication strength `{each.strength}` allows",)
        else:
            can, missing = can_meet(book, user, each.combinations)
            left |= possible(book, user.id, each.combinations)
        if can > best:
            best, facts = can, missing
    return best, facts, left


def _name(ground: Ground, control: StrengthControl) -> str:
    held = ground.tenant.strengths.get(control.strength)
    return (held.display_name if held is not None else "") or control.strength
