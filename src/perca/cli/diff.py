"""`perca diff`: is one tenant never weaker than another; and where it asks for less, for more, for something else, or lets nobody in.

The answer is `prove.difference`'s. Sessions are compared apart: how long one lasts is no requirement, and never MFA.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

import typer

from perca.app import SystemClock
from perca.cli import words
from perca.cli.accepted import accepted_in
from perca.cli.answer import Answer, Json
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
from perca.cli.change import Effect, asking, demand, lasting, limit, missing, moved, region_id, sides_of
from perca.cli.commands import TABLE
from perca.cli.compared import Compared, compare, unknown
from perca.cli.diff_review import KINDS, codes, notices
from perca.cli.explain import clauses, session_json
from perca.cli.granted import granted
from perca.cli.options import AcceptedFile, As, AsJson, DirectoryFile
from perca.cli.policy_files import Directory, tenant_of
from perca.cli.prove import Space
from perca.cli.region import region_json
from perca.cli.review import Review, one_view
from perca.errors import BadInput
from perca.model import Tenant
from perca.prove import Change, Difference
from perca.prove.regions import Region

app = typer.Typer(rich_markup_mode=None, add_completion=False)

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


@app.command(help=TABLE["diff"])
def diff(
    before: Annotated[
        str,
        typer.Argument(
            metavar="BEFORE", help="A snapshot, or a folder of policy files; - is standard input."
        ),
    ],
    after: Annotated[str, typer.Argument(metavar="AFTER", help="The same tenant's, as it would be.")],
    target: Annotated[
        Space, typer.Option("--target", help="Sign-ins to resources, or user actions.")
    ] = Space.RESOURCES,
    directory: DirectoryFile = None,
    accepted: AcceptedFile = None,
    states: MostStates = MOST_STATES,
    seconds: MostSeconds = MOST_SECONDS,
    memory: MostMemory = MOST_MEMORY,
    as_: As = None,
    json: AsJson = False,
) -> Answer:
    """Exits 0 when nothing is weaker, 1 when something is, 3 when that isn't assessed."""
    if [before, after, directory].count("-") > 1:
        raise BadInput("standard input can't be several files", "name the others")
    view = one_view(json, as_)
    taken = accepted_in(accepted, SystemClock())
    beside = None if directory is None else Directory(directory)
    budget = budget_of(states, seconds, memory)
    result = compare(tenant_of(before, beside), tenant_of(after, beside), target, budget)
    review = Review([*notices(result)], taken, (after, before), KINDS)
    answer = Answer(
        "diff",
        lambda: as_json(result, review),
        lambda: as_text(result),
        codes(result, review),
        result.asked.engine.name,
        view,
    )
    return review.told(answer, as_)


def as_json(result: Compared, review: Review) -> Json:
    """The comparison in the words of CONTRACT."""
    universe = result.asked.universe
    return {
        "holds": result.holds,
        "question": QUESTION,
        "people": len(universe.people),
        "externals": len(universe.strangers),
        "onlyBefore": [user for user in result.before.users if user not in result.after.users],
        "onlyAfter": [user for user in result.after.users if user not in result.before.users],
        "combinations": str(result.asked.combinations),
        "universe": {name: str(size) for name, size in universe.sizes().items()},
        "changes": {
            change.value: {"combinations": str(amount.combinations), "people": len(amount.people)}
            for change, amount in result.changes.items()
        },
        "assumptions": list(result.asked.assumptions),
        "regions": [_region_json(result, review, region) for region in result.found.regions],
        "sessions": [_session_json(result, review, region) for region in result.sessions.regions],
        "complete": result.found.complete and result.sessions.complete and result.not_decided is None,
        "notDecided": result.not_decided or (unknown(result) if result.holds is None else None),
    }


QUESTION = "is as much asked for after as before, at every sign-in of the people that both hold?"


def _region_json(result: Compared, review: Review, region: Region[Difference]) -> Json:
    before, after = sides_of(region)
    return {
        **_either_json(result, review, region, demand),
        "words": asking(result.after, region),
        "change": region.label.change.value,
        "before": clauses(before.guaranteed),
        "after": clauses(after.guaranteed),
        "missing": missing(region),
    }


def _session_json(result: Compared, review: Review, region: Region[Difference]) -> Json:
    before, after = sides_of(region)
    return {
        **_either_json(result, review, region, limit),
        "words": lasting(result.after, region),
        "change": _SESSIONS[region.label.change],
        "before": session_json(before.lifetime),
        "after": session_json(after.lifetime),
    }


def _either_json(result: Compared, review: Review, region: Region[Difference], effect: Effect) -> Json:
    id = region_id(result.before, result.after, region, effect)
    policies = [answer.rule.key for answer in moved(region, effect)]
    return {"id": id, **review.marked(region_json(result.after, region), id), "policies": policies}


def as_text(result: Compared) -> Iterator[Block]:
    """The answer first, then the numbers, then where."""
    universe = result.asked.universe
    verdict = {
        True: ("Holds: nowhere is less asked for than before.", Tone.GOOD),
        False: ("Weaker: at some sign-ins less is asked for than before, or something else.", Tone.BAD),
        None: (f"Not assessed: {result.not_decided or unknown(result)}", Tone.UNSURE),
    }
    yield Line(*verdict[result.holds])
    total = words.magnitude(result.asked.combinations)
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
            yield Line(f"{number}. {asking(result.after, region)}", _TONES[change], 1)
            yield from _more(result, region, demand)
    if result.sessions.regions:
        yield Heading("How long a session lasts (never MFA)")
        for number, region in enumerate(result.sessions.regions, 1):
            yield Line(f"{number}. {lasting(result.after, region)}", depth=1)
            yield from _more(result, region, limit)
    if not (result.found.complete and result.sessions.complete):
        yield Line("there are more such sign-ins than these regions hold", Tone.UNSURE, 1)
    yield from granted(result.asked.assumptions)


def _only(when: str, one: Tenant, other: Tenant) -> Iterator[Block]:
    alone = tuple(user for user in one.users if user not in other.users)
    if alone:
        yield Line(
            f"not compared, for they are there only {when}: {words.people(one, alone)}", Tone.UNSURE, 1
        )


def _more(result: Compared, region: Region[Difference], effect: Effect) -> Iterator[Block]:
    example = words.sign_in(result.after, region.witness.sign_in)
    yield Line(f"{words.magnitude(region.combinations)} sign-ins, for example: {example}", Tone.FAINT, 2)
    names = list(dict.fromkeys(f"`{answer.rule.source.display_name}`" for answer in moved(region, effect)))
    if names:
        yield Line(f"because of {words.listed(names)}", Tone.FAINT, 2)
    yield from (Line(f"not known: {fact}", Tone.FAINT, 2) for fact in missing(region)[:3])
