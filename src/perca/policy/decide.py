"""The whole decision: which rules apply, what they ask for together, how the sign-in ends; and why.

    applies(rule, sign_in)             Yes | No(reasons) | Unknown(facts)
    requirement(rules that apply)      a conjunction of clauses, or block
    outcome(requirement, capability)   granted | prompt | blocked | notAssessed

`decide` is their composition and the meaning of everything else here. What is unknown is carried as two sets of rules: those that
certainly apply (`must`) and those that might (`may`). An answer is given where both agree; otherwise it is "not assessed" and
names the missing facts.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from perca.model import BLOCK, Registration, Requirement, SignIn, Tenant, UserId
from perca.policy.answer import Answer, No, Unknown, Yes
from perca.policy.outcome import Outcome, outcome
from perca.policy.requirement import is_blocked, requirement, requires_mfa
from perca.policy.rule import Rule, Source
from perca.policy.rules import applies, rulebook


class Mfa(StrEnum):
    """Whether MFA is required of a sign-in."""

    REQUIRED = "required"
    NOT_REQUIRED = "notRequired"
    NOT_ASSESSED = "notAssessed"


@dataclass(frozen=True, slots=True)
class RuleAnswer:
    """A rule, whether it applies and why, and its result in the words of Graph's applied policies."""

    rule: Rule
    answer: Answer
    result: str


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of a sign-in. `guaranteed` is what certainly is asked for, `possible` what might be."""

    outcome: Outcome
    mfa: Mfa
    guaranteed: Requirement
    possible: Requirement
    sources: tuple[Source, ...]
    """Who certainly asks for MFA."""
    blocked_by: tuple[Source, ...]
    rules: tuple[RuleAnswer, ...]
    missing: tuple[str, ...]
    """The facts on which an answer of "not assessed" hangs; empty when everything is assessed."""


def decide(tenant: Tenant, sign_in: SignIn) -> Decision:
    """What becomes of the sign-in in this tenant, and why."""
    book = rulebook(tenant)
    answers = [(rule, applies(rule, book, sign_in)) for rule in book.rules]
    enforced = [(rule, answer) for rule, answer in answers if rule.enforced]
    must = [rule for rule, answer in enforced if isinstance(answer, Yes)]
    may = [rule for rule, answer in enforced if not isinstance(answer, No)]

    guaranteed, possible = requirement(must), requirement(may)
    mfa = _mfa(guaranteed, possible)
    registration = tenant.registrations.get(UserId(sign_in.user))
    end = _outcome(must, may, guaranteed, possible, sign_in, registration)
    unassessed = Mfa.NOT_ASSESSED is mfa or Outcome.NOT_ASSESSED is end
    return Decision(
        outcome=end,
        mfa=mfa,
        guaranteed=guaranteed,
        possible=possible,
        sources=_unique(rule.source for rule in must if requires_mfa(frozenset(rule.clauses))),
        blocked_by=_unique(rule.source for rule in must if BLOCK in rule.clauses),
        rules=tuple(RuleAnswer(rule, a, _result(rule, a, sign_in, registration)) for rule, a in answers),
        missing=_missing(enforced, sign_in, guaranteed, possible) if unassessed else (),
    )


def _mfa(guaranteed: Requirement, possible: Requirement) -> Mfa:
    if requires_mfa(guaranteed):
        return Mfa.REQUIRED
    return Mfa.NOT_ASSESSED if requires_mfa(possible) else Mfa.NOT_REQUIRED


def _outcome(
    must: list[Rule],
    may: list[Rule],
    guaranteed: Requirement,
    possible: Requirement,
    sign_in: SignIn,
    registration: Registration | None,
) -> Outcome:
    if sign_in.unrecognised and not is_blocked(guaranteed):
        return Outcome.NOT_ASSESSED
    least = outcome(guaranteed, sign_in, registration, (part for rule in must for part in rule.session))
    if least is Outcome.BLOCKED:
        return least
    most = outcome(possible, sign_in, registration, (part for rule in may for part in rule.session))
    return least if least is most else Outcome.NOT_ASSESSED


def _result(rule: Rule, answer: Answer, sign_in: SignIn, registration: Registration | None) -> str:
    prefix = "" if rule.enforced else "reportOnly"
    match answer:
        case No():
            word = "notApplied"
        case Unknown():
            return "unknown"
        case Yes():
            match outcome(frozenset(rule.clauses), sign_in, registration, rule.session):
                case Outcome.GRANTED:
                    word = "success"
                case Outcome.NOT_ASSESSED:
                    return "unknown"
                case Outcome.PROMPT:
                    word = "failure" if rule.enforced else "interrupted"
                case Outcome.BLOCKED:
                    word = "failure"
    return prefix + (word[0].upper() + word[1:] if prefix else word)


def _missing(
    enforced: list[tuple[Rule, Answer]], sign_in: SignIn, guaranteed: Requirement, possible: Requirement
) -> tuple[str, ...]:
    facts = [f"{part} of the question is not modelled" for part in sign_in.unrecognised]
    facts += [fact for _, answer in enforced if isinstance(answer, Unknown) for fact in answer.facts]
    facts += [
        f"whether the session meets {part} of `{rule.source.display_name}`"
        for rule, answer in enforced
        if not isinstance(answer, No)
        for part in rule.session
    ]
    if not facts and guaranteed == possible:
        words = sorted(" or ".join(sorted(map(str, clause))) for clause in guaranteed)
        facts = [f"whether the session, the device or the person meets {word}" for word in words]
    return tuple(dict.fromkeys(facts))


def _unique(sources: Iterable[Source]) -> tuple[Source, ...]:
    return tuple(dict.fromkeys(sources))
