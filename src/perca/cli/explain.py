"""`perca explain`: one sign-in, its outcome, who asks for MFA, and for each policy why it applies or why not.

The meaning is `policy.decide`'s; here it is only spelled, in Graph's words for scripts and in sentences for people.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Annotated, NamedTuple

import typer

from perca.cli import words
from perca.cli.answer import Answer, Json, view_of
from perca.cli.blocks import Block, Heading, Line, Tone
from perca.cli.commands import TABLE
from perca.cli.files import object_in, tenant_in
from perca.cli.options import AsJson, Snapshot
from perca.model import ConditionalAccessPolicy, PolicyState, Requirement, SignIn, Tenant
from perca.policy import Answer as Applies
from perca.policy import (
    Basis,
    Certainty,
    Decision,
    No,
    Outcome,
    RuleAnswer,
    Source,
    Unknown,
    Yes,
    decide,
    rulebook,
)
from perca.policy.basis import ONE_CLAIM
from perca.policy.conditional_access import PROVIDER
from perca.policy.session import UNLIMITED, Lifetime, words_of
from perca.wire.questions import parse_question

TURNED_OFF = Basis(Certainty.OFFICIAL, "concept-conditional-access-policies", "2024")

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command(help=TABLE["explain"])
def explain(
    snapshot: Snapshot,
    question: Annotated[
        str, typer.Argument(metavar="QUESTION", help="The body of a What-If request; - is standard input.")
    ],
    what_if_defaults: Annotated[
        bool,
        typer.Option(
            "--what-if-defaults",
            help="Read fields that are left out as Graph's What-If does, not as unknown.",
        ),
    ] = False,
    json: AsJson = False,
) -> Answer:
    """Exits 0 for granted, prompt and blocked alike, 3 for not assessed."""
    tenant = tenant_in(snapshot)
    asked = parse_question(object_in(question), what_if_defaults)
    decision = decide(tenant, asked)
    return Answer(
        "explain",
        lambda: as_json(tenant, asked, decision),
        lambda: as_text(tenant, asked, decision),
        frozenset({3} if decision.outcome is Outcome.NOT_ASSESSED else ()),
        "decide",
        view_of(json),
    )


def as_json(tenant: Tenant, asked: SignIn, decision: Decision) -> Json:
    """The decision in the words of CONTRACT."""
    bases = bases_of(tenant, asked)
    return {
        "outcome": decision.outcome.value,
        "mfa": decision.mfa.value,
        "requirement": clauses(decision.guaranteed),
        "sources": [_source(source) for source in decision.sources],
        "blockedBy": [_source(source) for source in decision.blocked_by],
        "registration": [_source(source) for source in decision.registration],
        "oneClaimForAll": _shown(ONE_CLAIM) if _takes_one_claim_for_all(asked, decision) else None,
        "policies": [_policy(policy, answer, bases) for policy, answer in by_policy(tenant, decision)],
        "otherRules": [_rule(answer, bases) for answer in other_rules(tenant, decision)],
        "session": session_json(decision.lifetime),
        "missing": list(decision.missing),
    }


def clauses(asked: Requirement) -> list[list[str]]:
    """A conjunction of alternatives, in a fixed order."""
    return sorted(sorted(map(str, clause)) for clause in asked)


def by_policy(tenant: Tenant, decision: Decision) -> list[tuple[ConditionalAccessPolicy, RuleAnswer | None]]:
    """The Conditional Access policies in the tenant's order with what became of them; None for one that is turned off."""
    answers = {
        answer.rule.key: answer for answer in decision.rules if answer.rule.source.provider == PROVIDER
    }
    return [(policy, answers.get(policy.id)) for policy in tenant.policies]


def other_rules(tenant: Tenant, decision: Decision) -> list[RuleAnswer]:
    """Every rule that is no policy of the tenant's: other sources, and policies that nobody could read."""
    policies = {str(policy.id) for policy in tenant.policies}
    return [answer for answer in decision.rules if answer.rule.key not in policies]


def _source(source: Source) -> Json:
    return {"provider": source.provider, "id": source.id, "displayName": source.display_name}


def session_json(limit: Lifetime) -> Json:
    """How long the session may last at most, in minutes; it is no requirement."""
    browser = {None: None, True: "always", False: "never"}[limit.persistent]
    return {"bothFactors": limit.both, "secondFactor": limit.second, "persistentBrowser": browser}


def _policy(policy: ConditionalAccessPolicy, answer: RuleAnswer | None, bases: Bases) -> Json:
    told = _TURNED_OFF if answer is None else _told_of(answer.answer)
    sure = _basis(bases, answer)
    return {
        "id": policy.id,
        "displayName": policy.display_name,
        "state": str(policy.state) if isinstance(policy.state, PolicyState) else None,
        "applies": told.applies,
        "result": "notEnabled" if answer is None else answer.result,
        "unmet": [*told.unmet],
        "because": [*told.because],
        "certainty": sure["certainty"],
        "page": sure["page"],
    }


def _rule(answer: RuleAnswer, bases: Bases) -> Json:
    told, sure = _told_of(answer.answer), _basis(bases, answer)
    return {
        "id": answer.rule.key,
        "provider": answer.rule.source.provider,
        "applies": told.applies,
        "unmet": [*told.unmet],
        "because": [*told.because],
        "certainty": sure["certainty"],
        "page": sure["page"],
    }


Bases = Mapping[str, Basis | None]
"""By the key of a rule."""


def bases_of(tenant: Tenant, asked: SignIn) -> Bases:
    """How sure each rule's answer is."""
    book = rulebook(tenant)
    return {rule.key: basis for rule, basis in zip(book.rules, book.bases(asked), strict=True)}


def _basis(bases: Bases, answer: RuleAnswer | None) -> Json:
    """How sure that is, and the page that says so; null where it isn't known whether the rule applies."""
    basis = TURNED_OFF if answer is None else bases[answer.rule.key]
    return {"certainty": None, "page": None} if basis is None else _shown(basis)


@cache
def _shown(basis: Basis) -> Json:
    """To be copied, not changed."""
    return {"certainty": basis.certainty.word, "page": " ".join((basis.page, basis.date)).strip()}


def _takes_one_claim_for_all(asked: SignIn, decision: Decision) -> bool:
    """Whether the sign-in is let in because MFA that was done once answers sources of several kinds."""
    several = len({source.provider for source in decision.sources}) > 1
    return several and bool(asked.session.mfa) and decision.outcome is Outcome.GRANTED


class Told(NamedTuple):
    """Whether a rule applies, None for unknown; the conditions that fail, and the reasons or what isn't known, each once."""

    applies: bool | None
    unmet: Sequence[str]
    because: Sequence[str]


_TURNED_OFF = Told(False, ("policyNotEnabled",), ("the policy is turned off",))


def _told_of(answer: Applies) -> Told:
    match answer:
        case No(because, unmet):
            return Told(False, _once(unmet), _once(because))
        case Yes(because):
            return Told(True, (), _once(because))
        case Unknown(facts):
            return Told(None, (), _once(facts))


def _once(told: Sequence[str]) -> Sequence[str]:
    return [*dict.fromkeys(told)] if len(told) > 1 else told


_ENDS = {
    Outcome.GRANTED: ("Granted: nothing is left to be done.", Tone.PLAIN),
    Outcome.PROMPT: ("Prompt: something is still asked for.", Tone.PLAIN),
    Outcome.BLOCKED: ("Blocked.", Tone.BAD),
    Outcome.NOT_ASSESSED: ("Not assessed: the answer hangs on facts that are not known.", Tone.UNSURE),
}
_MFA = {
    "required": ("MFA is required.", Tone.GOOD),
    "notRequired": ("MFA is not required.", Tone.BAD),
    "notAssessed": ("Whether MFA is required is not assessed.", Tone.UNSURE),
}
_STATES = {
    PolicyState.ENABLED: "on",
    PolicyState.DISABLED: "off",
    PolicyState.REPORT_ONLY: "report-only",
}


def as_text(tenant: Tenant, asked: SignIn, decision: Decision) -> Iterator[Block]:
    """The outcome first, then who asks, then each policy with why or why not."""
    bases = bases_of(tenant, asked)
    end, tone = _ENDS[decision.outcome]
    yield Line(end, tone)
    yield Line(*_MFA[decision.mfa])
    yield Line(words.sign_in(tenant, asked), Tone.FAINT)
    if decision.guaranteed:
        yield Line(
            "asked for: " + "; and ".join(" or ".join(clause) for clause in clauses(decision.guaranteed))
        )
    if decision.lifetime != UNLIMITED:
        yield Line(f"the session: {words_of(decision.lifetime)}")
    yield from (Line(f"MFA is asked for by {source.display_name}", depth=1) for source in decision.sources)
    yield from (Line(f"blocked by {source.display_name}", Tone.BAD, 1) for source in decision.blocked_by)
    yield from (
        Line(f"asked, or perhaps asked, to register a method by {source.display_name}", depth=1)
        for source in decision.registration
    )
    if _takes_one_claim_for_all(asked, decision):
        words_of_it = _LESS_THAN_SURE[ONE_CLAIM.certainty]
        yield Line(f"MFA done once answers all of them: {words_of_it} ({ONE_CLAIM.page})", Tone.UNSURE, 1)
    if decision.missing:
        yield Heading("What is not known")
        yield from (Line(words.fact(tenant, fact), depth=1) for fact in decision.missing)
    yield Heading("Conditional Access policies")
    if not tenant.policies:
        yield Line("there is none", depth=1)
    for policy, answer in by_policy(tenant, decision):
        yield from _told(tenant, policy.display_name or policy.id, _state(policy), answer)
        yield from _unsure(bases, answer)
    yield Heading("Other sources")
    for each in other_rules(tenant, decision):
        yield from _told(tenant, each.rule.source.display_name, each.rule.key.rpartition(":")[2], each)
        yield from _unsure(bases, each)


_LESS_THAN_SURE = {
    Certainty.THIRD_PARTY: "seen by others, not said by Microsoft",
    Certainty.INFERRED: "inferred, not said by Microsoft",
    Certainty.UNCONFIRMED: "not confirmed by any source",
}


def _unsure(bases: Bases, answer: RuleAnswer | None) -> Iterator[Block]:
    """A line for a rule whose answer rests on something less than Microsoft's word."""
    basis = None if answer is None else bases[answer.rule.key]
    if basis is not None and basis.certainty in _LESS_THAN_SURE:
        yield Line(f"{_LESS_THAN_SURE[basis.certainty]} ({basis.page})", Tone.UNSURE, 9)


def _state(policy: ConditionalAccessPolicy) -> str:
    return _STATES[policy.state] if isinstance(policy.state, PolicyState) else "state not understood"


def _told(tenant: Tenant, name: str, detail: str, answer: RuleAnswer | None) -> Iterator[Block]:
    if answer is None:
        yield Line(f"does not apply  {name} ({detail})", Tone.FAINT, 1)
        return
    match answer.answer:
        case Yes(because):
            verb, tone, why = "applies", Tone.STRONG, because
        case No(because, unmet):
            verb, tone, why = "does not apply", Tone.PLAIN, because
            detail = ", ".join([detail, *(f"unmet: {word}" for word in dict.fromkeys(unmet))])
        case Unknown(facts):
            verb, tone, why = "may apply", Tone.UNSURE, facts
    yield Line(f"{verb:<14}  {name} ({detail})", tone, 1)
    yield from (Line(words.fact(tenant, reason), Tone.FAINT, 9) for reason in dict.fromkeys(why))
