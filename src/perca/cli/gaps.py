"""`perca gaps`: where MFA isn't required, why, and the smallest repair; what only looks like cover; who can take people out; and what of
the policies is stale or does nothing.

The findings are `findings.gaps`'s. What isn't known is told as not assessed, and never taken for fine.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Annotated

import typer

from perca.app import SystemClock
from perca.cli import words
from perca.cli.accepted import accepted_in
from perca.cli.answer import Answer, Json
from perca.cli.blocks import Block, Line, Tone
from perca.cli.commands import TABLE
from perca.cli.finding import finding_json, together, told
from perca.cli.granted import granted
from perca.cli.lockouts import NAMED, accounts
from perca.cli.notice import notice_of
from perca.cli.options import AcceptedFile, As, AsJson, DirectoryFile, Snapshot
from perca.cli.policy_files import tenant_in
from perca.cli.review import Review, one_view
from perca.cli.who import Who, who
from perca.findings import NONE_NAMED, Finding, Kind, Severity, covered_by, gaps
from perca.model import Tenant, UserId
from perca.policy import Source
from perca.prove import assumptions

app = typer.Typer(rich_markup_mode=None, add_completion=False)
KINDS = tuple(Kind)[list(Kind).index(Kind.GAP) :]
"""What is looked for."""
HEADINGS = {
    Severity.HIGH: "Where MFA isn't required",
    Severity.MEDIUM: "From some places or devices, and what opens a way out",
    Severity.LOW: "To know",
}


@app.command(name="gaps", help=TABLE["gaps"])
def command(
    snapshot: Snapshot,
    who_: Annotated[
        str,
        typer.Option(
            "--who", metavar="WHO", help="perUserMfa, all, role:ID, group:ID, user:ID or plan:FILE."
        ),
    ] = "all",
    emergency: Annotated[
        list[str] | None,
        typer.Option(
            "--emergency", metavar=NAMED, help="An emergency access account: left out on purpose, and let in."
        ),
    ] = None,
    directory: DirectoryFile = None,
    accepted: AcceptedFile = None,
    as_: As = None,
    json: AsJson = False,
) -> Answer:
    """Exits 1 when there are findings, 3 when something isn't assessed."""
    view, entries = one_view(json, as_), accepted_in(accepted, SystemClock())
    tenant = tenant_in(snapshot, directory)
    asked = who(tenant, who_)
    declared = accounts(tenant, emergency, "emergency account") if emergency else ()
    about = None if asked.everybody and not declared else _without(asked.people, declared)
    found = gaps(tenant, None if asked.everybody else asked.people, declared)
    enough = () if any(map(_is_open, found)) else covered_by(tenant, about)
    review = Review([notice_of(tenant, each) for each in found], entries, (snapshot,), KINDS)
    answer = Answer(
        "gaps",
        lambda: as_json(tenant, found, declared, enough, review),
        lambda: as_text(tenant, asked, found, declared, enough),
        review.codes,
        "walk",
        view,
    )
    return review.told(answer, as_)


def _without(people: Sequence[UserId], declared: Sequence[UserId]) -> tuple[UserId, ...]:
    return tuple(each for each in people if each not in declared)


def _is_open(found: Finding) -> bool:
    """Whether it says that there are sign-ins which nothing covers, or may be."""
    return found.kind in (Kind.GAP, Kind.MORE_GAPS)


def as_json(
    tenant: Tenant,
    found: Sequence[Finding],
    declared: Sequence[UserId],
    enough: Sequence[Source],
    review: Review,
) -> Json:
    """The findings in the words of CONTRACT, gaps with their regions; and whether they hold every sign-in that isn't covered."""
    return {
        "findings": [review.marked(finding_json(tenant, each), each.id) for each in found],
        "complete": not any(each.kind is Kind.MORE_GAPS for each in found),
        "coveredBy": [each.id for each in enough],
        "assumptions": list(taken(tenant, declared)),
    }


def taken(tenant: Tenant, declared: Sequence[UserId]) -> Iterator[str]:
    """What the findings take for granted."""
    if declared:
        names = words.people(tenant, tuple(declared))
        yield f"emergency accounts are left out on purpose and not asked about: {names}"
    elif tenant.users:
        yield "nobody is an emergency access account, for none was named (--emergency)"
    yield from assumptions(tenant)


def as_text(
    tenant: Tenant,
    asked: Who,
    found: Sequence[Finding],
    declared: Sequence[UserId],
    enough: Sequence[Source],
) -> Iterator[Block]:
    """The number of gaps first, then each finding, then what isn't assessed."""
    open_ = list(filter(_is_open, together(found)))
    sure = sum(each.assessed for each in open_)
    if sure:
        yield Line(f"Found: {words.counted(sure, 'gap')} in which nothing requires MFA.", Tone.BAD)
    elif open_:
        yield Line("Not assessed: no gap is certain, but not everything is known.", Tone.UNSURE)
    else:
        yield Line("No gap: MFA (or a block) is required at every sign-in.", Tone.GOOD)
    yield Line(f"asked about {asked.words}", depth=1)
    if enough:
        yield Line("alone enough: " + " and ".join(f"`{each.display_name}`" for each in enough), depth=1)
    if any(each.may_be_emergency for each in found):
        yield Line(f"warning: {NONE_NAMED}", Tone.BAD, 1)
    yield from told(tenant, found, HEADINGS)
    yield from granted(taken(tenant, declared))
