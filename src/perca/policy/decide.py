"""The whole decision: which rules apply, what they ask for together, how the sign-in ends; and why.

    applies(rule, sign_in)             Yes | No(reasons) | Unknown(facts)
    requirement(rules that apply)      a conjunction of clauses, or block
    outcome(demand, capability)        granted | prompt | blocked | notAssessed

`decide` is their composition and the meaning of everything else here. What is unknown is carried as two sets of rules: those that
certainly apply (`must`) and those that might (`may`). An answer is given where both agree; otherwise it is "not assessed" and
names the missing facts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from perca.model import Requirement, SignIn, Tenant
from perca.policy.answer import Answer, No, Unknown, Yes
from perca.policy.capability import Capability, capability_of
from perca.policy.device_codes import BY_DEVICE_CODE, as_it_may_stand, as_it_stands
from perca.policy.outcome import Outcome, outcome, unclear, whether_mfa
from perca.policy.registering import registration_sources
from perca.policy.requirement import Demand, demand, requires_mfa
from perca.policy.rule import Rule, Source
from perca.policy.rules import rulebook
from perca.policy.session import Lifetime


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
    lifetime: Lifetime
    """How long the session certainly may last at most: no requirement, and never MFA."""
    registration: tuple[Source, ...] = ()
    """Who asks the person to register a method, or may: no demand for MFA, and no part of the outcome."""


def decide(tenant: Tenant, sign_in: SignIn) -> Decision:
    """What becomes of the sign-in in this tenant, and why."""
    book = rulebook(tenant)
    answers = book.answers(sign_in)
    able = capability_of(tenant, sign_in)
    judged = tuple(
        _judged(rule, answer, alone, able)
        for rule, answer, alone in zip(book.rules, answers, book.demands, strict=True)
    )
    must = [each.rule for each in judged if each.rule.enforced and isinstance(each.answer, Yes)]
    may = [each.rule for each in judged if each.rule.enforced and not isinstance(each.answer, No)]

    least, most = demand(must), demand(may)
    perhaps = as_it_may_stand(most.clauses, sign_in)
    mfa = _mfa(as_it_stands(least.clauses, sign_in), perhaps)
    end = _outcome(least, most, able)
    return Decision(
        outcome=end,
        mfa=mfa,
        guaranteed=least.clauses,
        possible=most.clauses,
        sources=_unique(
            rule.source for rule in must if requires_mfa(as_it_stands(frozenset(rule.clauses), sign_in))
        ),
        blocked_by=_unique(
            each.rule.source for each in judged if each.rule.enforced and each.alone is Outcome.BLOCKED
        ),
        rules=judged,
        missing=tuple(dict.fromkeys(_missing(judged, mfa, end, perhaps, most, able))),
        lifetime=least.lifetime,
        registration=tuple(registration_sources(book, sign_in)),
    )


def _mfa(guaranteed: Requirement, possible: Requirement) -> Mfa:
    if requires_mfa(guaranteed):
        return Mfa.REQUIRED
    return Mfa.NOT_ASSESSED if requires_mfa(possible, unknown_as=True) else Mfa.NOT_REQUIRED


def _outcome(least: Demand, most: Demand, able: Capability) -> Outcome:
    """More rules never end a sign-in better: where the fewest and the most of them agree, so does every set between."""
    end = outcome(least, able)
    if end is not Outcome.BLOCKED and able.sign_in.unrecognised:
        return Outcome.NOT_ASSESSED
    if end is Outcome.BLOCKED or least == most or end is outcome(most, able):
        return end
    return Outcome.NOT_ASSESSED


def _judged(rule: Rule, answer: Answer, asked: Demand, able: Capability) -> RuleAnswer:
    """The rule's answer, and its result; policies on user actions report nothing (13.9)."""
    if isinstance(answer, No):
        return RuleAnswer(rule, answer, "notApplied" if rule.enforced else "reportOnlyNotApplied")
    if isinstance(answer, Unknown):
        return RuleAnswer(rule, answer, "unknown")
    alone = outcome(asked, able)
    if rule.enforced:
        return RuleAnswer(rule, answer, _ENFORCED[alone], alone)
    reports = able.sign_in.action is None
    return RuleAnswer(rule, answer, _REPORT_ONLY[alone] if reports else "unknown", alone)


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
    perhaps: Requirement,
    most: Demand,
    able: Capability,
) -> Iterator[str]:
    if mfa is not Mfa.NOT_ASSESSED and end is not Outcome.NOT_ASSESSED:
        return
    yield from (f"{part} of the question is not modelled" for part in able.sign_in.unrecognised)
    asking = [each for each in judged if each.rule.enforced and _asks(each.rule)]
    for each in asking:
        if isinstance(each.answer, Unknown):
            yield from each.answer.facts
    if mfa is Mfa.NOT_ASSESSED:
        yield from whether_mfa(perhaps)
        if able.sign_in.flow is None and perhaps != most.clauses:
            yield BY_DEVICE_CODE
    if end is Outcome.NOT_ASSESSED:
        for each in asking:
            if not isinstance(each.answer, No):
                name = each.rule.source.display_name
                yield from (
                    f"whether the sign-in meets {part} of `{name}`" for part in each.rule.session.unrecognised
                )
        yield from unclear(most, able)


def _asks(rule: Rule) -> bool:
    """Whether anything hangs on the rule: it asks for something, or may end a session."""
    return bool(rule.clauses or rule.session.unrecognised or rule.session.frequency)


def _unique(sources: Iterable[Source]) -> tuple[Source, ...]:
    return tuple(dict.fromkeys(sources))
