"""The whole decision: which rules apply, what they ask for together, how the sign-in ends; and why.

    applies(rule, sign_in)             Yes | No(reasons) | Unknown(facts)
    requirement(rules that apply)      a conjunction of clauses, or block
    outcome(requirement, capability)   granted | prompt | blocked | notAssessed

`decide` is their composition and the meaning of everything else here. What is unknown is carried as two sets of rules: those that
certainly apply (`must`) and those that might (`may`). An answer is given where both agree; otherwise it is "not assessed" and
names the missing facts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from perca.model import Registration, Requirement, SignIn, Tenant
from perca.policy.answer import Answer, No, Unknown, Yes
from perca.policy.outcome import Outcome, outcome, unclear
from perca.policy.requirement import is_blocked, requirement, requires_mfa
from perca.policy.rule import Rule, Source
from perca.policy.rules import rulebook
from perca.policy.strengths import is_mfa_grade


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
    alone: Outcome | None = None
    """How the sign-in would end by this rule alone; None unless the rule certainly applies."""


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
    """Who certainly blocks: by a block, or by asking for what this sign-in can't do."""
    rules: tuple[RuleAnswer, ...]
    missing: tuple[str, ...]
    """The facts on which an answer of "not assessed" hangs; empty when everything is assessed."""


def decide(tenant: Tenant, sign_in: SignIn) -> Decision:
    """What becomes of the sign-in in this tenant, and why."""
    book = rulebook(tenant)
    answers = book.answers(sign_in)
    registration = None if sign_in.user is None else tenant.registrations.get(sign_in.user)
    judged = tuple(
        _judged(rule, answer, sign_in, registration) for rule, answer in zip(book.rules, answers, strict=True)
    )
    must = [each.rule for each in judged if each.rule.enforced and isinstance(each.answer, Yes)]
    may = [each.rule for each in judged if each.rule.enforced and not isinstance(each.answer, No)]

    guaranteed, possible = requirement(must), requirement(may)
    mfa = _mfa(guaranteed, possible)
    end = _outcome(must, may, guaranteed, possible, sign_in, registration)
    return Decision(
        outcome=end,
        mfa=mfa,
        guaranteed=guaranteed,
        possible=possible,
        sources=_unique(rule.source for rule in must if requires_mfa(frozenset(rule.clauses))),
        blocked_by=_unique(
            each.rule.source for each in judged if each.rule.enforced and each.alone is Outcome.BLOCKED
        ),
        rules=judged,
        missing=tuple(dict.fromkeys(_missing(judged, mfa, end, possible, sign_in, registration))),
    )


def _mfa(guaranteed: Requirement, possible: Requirement) -> Mfa:
    if requires_mfa(guaranteed):
        return Mfa.REQUIRED
    return Mfa.NOT_ASSESSED if requires_mfa(possible, unknown_as=True) else Mfa.NOT_REQUIRED


def _outcome(
    must: list[Rule],
    may: list[Rule],
    guaranteed: Requirement,
    possible: Requirement,
    sign_in: SignIn,
    registration: Registration | None,
) -> Outcome:
    """More rules never end a sign-in better: where the fewest and the most of them agree, so does every set between."""
    if sign_in.unrecognised and not is_blocked(guaranteed):
        return Outcome.NOT_ASSESSED
    least = outcome(
        guaranteed, sign_in, registration, (part for rule in must for part in rule.session.unrecognised)
    )
    if least is Outcome.BLOCKED or len(must) == len(may):
        return least
    most = outcome(
        possible, sign_in, registration, (part for rule in may for part in rule.session.unrecognised)
    )
    return least if least is most else Outcome.NOT_ASSESSED


def _judged(rule: Rule, answer: Answer, sign_in: SignIn, registration: Registration | None) -> RuleAnswer:
    if isinstance(answer, No):
        return RuleAnswer(rule, answer, "notApplied" if rule.enforced else "reportOnlyNotApplied")
    if isinstance(answer, Unknown):
        return RuleAnswer(rule, answer, "unknown")
    alone = outcome(frozenset(rule.clauses), sign_in, registration, rule.session.unrecognised)
    return RuleAnswer(rule, answer, (_ENFORCED if rule.enforced else _REPORT_ONLY)[alone], alone)


_ENFORCED = {
    Outcome.GRANTED: "success",
    Outcome.PROMPT: "failure",
    Outcome.BLOCKED: "failure",
    Outcome.NOT_ASSESSED: "unknown",
}
_REPORT_ONLY = {
    Outcome.GRANTED: "reportOnlySuccess",
    Outcome.PROMPT: "reportOnlyInterrupted",
    Outcome.BLOCKED: "reportOnlyFailure",
    Outcome.NOT_ASSESSED: "unknown",
}


def _missing(
    judged: tuple[RuleAnswer, ...],
    mfa: Mfa,
    end: Outcome,
    possible: Requirement,
    sign_in: SignIn,
    registration: Registration | None,
) -> Iterator[str]:
    if mfa is not Mfa.NOT_ASSESSED and end is not Outcome.NOT_ASSESSED:
        return
    yield from (f"{part} of the question is not modelled" for part in sign_in.unrecognised)
    asking = [
        each
        for each in judged
        if each.rule.enforced and (each.rule.clauses or each.rule.session.unrecognised)
    ]
    for each in asking:
        if isinstance(each.answer, Unknown):
            yield from each.answer.facts
    if mfa is Mfa.NOT_ASSESSED:
        for control in sorted({control for clause in possible for control in clause}, key=str):
            if is_mfa_grade(control, unknown_as=True) and not is_mfa_grade(control):
                yield f"whether {control} can only be met by MFA"
    if end is Outcome.NOT_ASSESSED:
        for each in asking:
            if not isinstance(each.answer, No):
                name = each.rule.source.display_name
                yield from (
                    f"whether the sign-in meets {part} of `{name}`" for part in each.rule.session.unrecognised
                )
        yield from unclear(possible, sign_in, registration)


def _unique(sources: Iterable[Source]) -> tuple[Source, ...]:
    return tuple(dict.fromkeys(sources))
