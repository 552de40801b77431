"""`perca diff`: is one tenant never weaker than another; and where it asks for less, for more, for something else, or lets nobody in.

The answer is `prove.difference`'s. Sessions are compared apart: how long one lasts is no requirement, and never MFA.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from math import prod
from typing import Annotated

import typer

from perca.cli import words
from perca.cli.answer import Answer, Json, view_of
from perca.cli.blocks import Block, Heading, Line, Tone
from perca.cli.budget import (
    MOST_MEMORY,
    MOST_SECONDS,
    MOST_STATES,
    MostMemory,
    MostSeconds,
    MostStates,
    budget_of,
)
from perca.cli.commands import TABLE
from perca.cli.explain import clauses, session_json
from perca.cli.files import tenant_in
from perca.cli.options import AsJson
from perca.cli.prove import Space
from perca.cli.region import region_json, sentence
from perca.errors import BadInput
from perca.model import Tenant, UserId
from perca.policy import Decision, No, Rule, RuleAnswer, Yes
from perca.policy.session import UNLIMITED, lifetime, words_of
from perca.policy.unread import unread_people
from perca.prove import Budget, Change, Difference, Inquiry, Verdict, about_difference, about_sessions
from perca.prove.questions import DIFFERENCES
from perca.prove.regions import Region, Regions, regions
from perca.prove.walk import BudgetSpent
from perca.space import at_user_actions, universe_of

app = typer.Typer(rich_markup_mode=None, add_completion=False)

LOSSES = (Change.WEAKER, Change.INCOMPARABLE)
_CHANGES = (*LOSSES, Change.NOT_ASSESSED, Change.NEWLY_BLOCKED, Change.STRONGER)
_SESSIONS = {
    Change.WEAKER: "longer",
    Change.STRONGER: "shorter",
    Change.INCOMPARABLE: "incomparable",
    Change.NOT_ASSESSED: "notAssessed",
}
_HEADINGS = {
    Change.WEAKER: "Asks for less",
    Change.INCOMPARABLE: "Asks for something else",
    Change.NOT_ASSESSED: "Not assessed",
    Change.NEWLY_BLOCKED: "Newly blocked",
    Change.STRONGER: "Asks for more",
}
_TONES = {
    Change.WEAKER: Tone.BAD,
    Change.INCOMPARABLE: Tone.BAD,
    Change.NOT_ASSESSED: Tone.UNSURE,
    Change.NEWLY_BLOCKED: Tone.STRONG,
    Change.STRONGER: Tone.PLAIN,
}


@dataclass
class Amount:
    """How many sign-ins change in one way, and whose."""

    combinations: int = 0
    people: list[UserId] = field(default_factory=list)


@dataclass(frozen=True)
class Compared:
    """Two tenants beside one another. `not_decided` says why there is no answer, and is None where there is one."""

    before: Tenant
    after: Tenant
    asked: Inquiry[Difference]
    changes: dict[Change, Amount]
    found: Regions[Difference]
    sessions: Regions[Difference]
    may_lose: bool = False
    """Whether there are sign-ins of which nobody knows whether less is asked for."""
    not_decided: str | None = None
    unread: tuple[str, ...] = ()
    """Why there may be people whom nobody read."""

    @property
    def holds(self) -> bool | None:
        """Whether the tenant after is never weaker."""
        if self.not_decided is not None:
            return None
        if any(self.changes[each].combinations for each in LOSSES):
            return False
        return None if self.may_lose or self.unread else True


@app.command(help=TABLE["diff"])
def diff(
    before: Annotated[str, typer.Argument(metavar="BEFORE", help="A snapshot; - is standard input.")],
    after: Annotated[str, typer.Argument(metavar="AFTER", help="A snapshot of the same tenant.")],
    target: Annotated[
        Space, typer.Option("--target", help="Sign-ins to resources, or user actions.")
    ] = Space.RESOURCES,
    states: MostStates = MOST_STATES,
    seconds: MostSeconds = MOST_SECONDS,
    memory: MostMemory = MOST_MEMORY,
    json: AsJson = False,
) -> Answer:
    """Exits 0 when nothing is weaker, 1 when something is, 3 when that isn't assessed."""
    if before == after == "-":
        raise BadInput("standard input can't be both files", "name at least one of them")
    budget = budget_of(states, seconds, memory)
    result = compare(tenant_in(before), tenant_in(after), target, budget)
    return Answer(
        "diff",
        lambda: as_json(result),
        lambda: as_text(result),
        codes(result),
        result.asked.engine.name,
        view_of(json),
    )


def compare(
    before: Tenant, after: Tenant, target: Space = Space.RESOURCES, budget: Budget | int = MOST_STATES
) -> Compared:
    """The two, compared for all people that both hold."""
    shared = tuple(user for user in before.users if user in after.users)
    over = universe_of(before, after, people=shared)
    if target is Space.USER_ACTIONS:
        over = at_user_actions(over)
    asked = about_difference(before, after, over, budget)
    changes = {change: Amount() for change in _CHANGES}
    none: Regions[Difference] = Regions((), 0)
    try:
        may_lose = False
        for crowd, tally in asked.crowds():
            may_lose = may_lose or any(label.no_less is Verdict.UNKNOWN for label in tally.found)
            for label, (number, _) in tally.found.items():
                changes[label.change].combinations += crowd.weight * number
            for change in {label.change for label in tally.found}:
                changes[change].people.extend(crowd.people)
        found = regions(asked, DIFFERENCES)
        sessions = regions(about_sessions(before, after, over, budget), DIFFERENCES)
    except BudgetSpent as spent:
        return Compared(before, after, asked, changes, none, none, not_decided=str(spent))
    unread = tuple(dict.fromkeys((*unread_people(before), *unread_people(after))))
    return Compared(before, after, asked, changes, found, sessions, may_lose, unread=unread)


def codes(result: Compared) -> frozenset[int]:
    """All exit codes that apply."""
    unsure = result.holds is None or result.may_lose
    return frozenset({1} if result.holds is False else ()) | frozenset({3} if unsure else ())


def as_json(result: Compared) -> Json:
    """The comparison in the words of CONTRACT."""
    universe = result.asked.universe
    return {
        "holds": result.holds,
        "question": QUESTION,
        "people": len(universe.people),
        "externals": len(universe.strangers),
        "onlyBefore": [user for user in result.before.users if user not in result.after.users],
        "onlyAfter": [user for user in result.after.users if user not in result.before.users],
        "combinations": str(prod(universe.sizes().values())),
        "universe": {name: str(size) for name, size in universe.sizes().items()},
        "changes": {
            change.value: {"combinations": str(amount.combinations), "people": len(amount.people)}
            for change, amount in result.changes.items()
        },
        "assumptions": list(result.asked.assumptions),
        "regions": [_region_json(result, region) for region in result.found.regions],
        "sessions": [_session_json(result, region) for region in result.sessions.regions],
        "complete": result.found.complete and result.sessions.complete and result.not_decided is None,
        "notDecided": result.not_decided or (_unknown(result) if result.holds is None else None),
    }


QUESTION = "is as much asked for after as before, at every sign-in of the people that both hold?"


def _unknown(result: Compared) -> str:
    if result.unread and not result.may_lose:
        return "; ".join(result.unread)
    facts = [fact for region in result.found.regions for fact in _missing(region)]
    return "it hangs on facts that are not known: " + "; ".join(list(dict.fromkeys(facts))[:5])


def _missing(region: Region[Difference]) -> list[str]:
    decisions = (region.witness.before, region.witness.decision)
    return list(dict.fromkeys(fact for each in decisions if each is not None for fact in each.missing))


def _region_json(result: Compared, region: Region[Difference]) -> Json:
    before, after = region.witness.before, region.witness.decision
    assert before is not None
    return {
        **region_json(result.after, region),
        "words": _sentence(result, region),
        "change": region.label.change.value,
        "before": clauses(before.guaranteed),
        "after": clauses(after.guaranteed),
        "policies": [answer.rule.key for answer in _moved(region, _demand)],
        "missing": _missing(region),
    }


def _session_json(result: Compared, region: Region[Difference]) -> Json:
    before, after = region.witness.before, region.witness.decision
    assert before is not None
    return {
        **region_json(result.after, region),
        "words": _lasting(result, region),
        "change": _SESSIONS[region.label.change],
        "before": session_json(before.lifetime),
        "after": session_json(after.lifetime),
        "policies": [answer.rule.key for answer in _moved(region, _limit)],
    }


def _moved(region: Region[Difference], effect: Callable[[Rule], object]) -> Iterator[RuleAnswer]:
    """The rules that apply to the witness on one side only, or have another effect there."""
    before, after = region.witness.before, region.witness.decision
    assert before is not None
    sides = [_effects(before, effect), _effects(after, effect)]
    for key in dict.fromkeys(key for side in sides for key in side):
        one, two = (side.get(key) for side in sides)
        if (one and one[0]) != (two and two[0]):
            shown = two or one
            assert shown is not None
            yield shown[1]


def _effects(decision: Decision, effect: Callable[[Rule], object]) -> dict[str, tuple[object, RuleAnswer]]:
    """What each rule brings about that applies, or may."""
    return {
        each.rule.key: ((isinstance(each.answer, Yes), effect(each.rule)), each)
        for each in decision.rules
        if each.rule.enforced and not isinstance(each.answer, No) and effect(each.rule)
    }


def _demand(rule: Rule) -> object:
    return rule.clauses


def _limit(rule: Rule) -> object:
    return rule.session if lifetime((rule.session,)) != UNLIMITED else None


def _sentence(result: Compared, region: Region[Difference]) -> str:
    before, after = region.witness.before, region.witness.decision
    assert before is not None
    said = f"{_asked(before)} before, {_asked(after)} after"
    if region.label.change is Change.NOT_ASSESSED:
        way = "less" if region.label.no_less is Verdict.UNKNOWN else "more"
        said = f"whether {way} is asked for is not assessed"
    return sentence(result.after, region, said)


def _lasting(result: Compared, region: Region[Difference]) -> str:
    before, after = region.witness.before, region.witness.decision
    assert before is not None
    said = f"a session lasts {words_of(before.lifetime)} before, {words_of(after.lifetime)} after"
    if region.label.change is Change.NOT_ASSESSED:
        way = "longer" if region.label.no_less is Verdict.UNKNOWN else "shorter"
        said = f"whether a session lasts {way} is not assessed"
    return sentence(result.after, region, said)


def _asked(decision: Decision) -> str:
    return " and ".join(" or ".join(clause) for clause in clauses(decision.guaranteed)) or "nothing"


def as_text(result: Compared) -> Iterator[Block]:
    """The answer first, then the numbers, then where."""
    universe = result.asked.universe
    verdict = {
        True: ("Holds: nowhere is less asked for than before.", Tone.GOOD),
        False: ("Weaker: at some sign-ins less is asked for than before, or something else.", Tone.BAD),
        None: (f"Not assessed: {result.not_decided or _unknown(result)}", Tone.UNSURE),
    }
    yield Line(*verdict[result.holds])
    total = words.magnitude(prod(universe.sizes().values()))
    yield Line(
        f"asked about {words.counted(len(universe.people), 'person', 'people')} whom both hold, {total} sign-ins",
        depth=1,
    )
    yield from _only("before", result.before, result.after)
    yield from _only("after", result.after, result.before)
    for change, amount in result.changes.items():
        if amount.combinations:
            whom = words.counted(len(amount.people), "person", "people")
            yield Line(
                f"{_HEADINGS[change].lower()}: {words.magnitude(amount.combinations)} sign-ins; {whom}",
                depth=1,
            )
    if not any(amount.combinations for amount in result.changes.values()) and result.not_decided is None:
        yield Line("every sign-in is asked for the same", depth=1)
    for change, heading in _HEADINGS.items():
        alike = [region for region in result.found.regions if region.label.change is change]
        if alike:
            yield Heading(heading)
        for number, region in enumerate(alike, 1):
            yield Line(f"{number}. {_sentence(result, region)}", _TONES[change], 1)
            yield from _more(result, region, _demand)
    if result.sessions.regions:
        yield Heading("How long a session lasts (never MFA)")
        for number, region in enumerate(result.sessions.regions, 1):
            yield Line(f"{number}. {_lasting(result, region)}", depth=1)
            yield from _more(result, region, _limit)
    if not (result.found.complete and result.sessions.complete):
        yield Line("there are more such sign-ins than these regions hold", Tone.UNSURE, 1)
    yield Heading("Taken for granted")
    yield from (Line(each, Tone.FAINT, 1) for each in result.asked.assumptions)


def _only(when: str, one: Tenant, other: Tenant) -> Iterator[Block]:
    alone = tuple(user for user in one.users if user not in other.users)
    if alone:
        yield Line(
            f"not compared, for they are there only {when}: {words.people(one, alone)}", Tone.UNSURE, 1
        )


def _more(result: Compared, region: Region[Difference], effect: Callable[[Rule], object]) -> Iterator[Block]:
    example = words.sign_in(result.after, region.witness.sign_in)
    yield Line(f"{words.magnitude(region.combinations)} sign-ins, for example: {example}", Tone.FAINT, 2)
    names = list(dict.fromkeys(f"`{answer.rule.source.display_name}`" for answer in _moved(region, effect)))
    if names:
        yield Line(f"because of {words.listed(names)}", Tone.FAINT, 2)
    yield from (Line(f"not known: {fact}", Tone.FAINT, 2) for fact in _missing(region)[:3])
