"""`perca lockouts`: who can't get in, or one day won't; and whether the emergency accounts are fit for their day.

The findings are `findings.lockouts`'s. What the snapshot doesn't hold is not assessed, and never taken for fine.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Annotated

import typer

from perca.app import SystemClock
from perca.cli import words
from perca.cli.accepted import accepted_in
from perca.cli.answer import Answer, Json
from perca.cli.blocks import Block, Heading, Line, Tone
from perca.cli.commands import TABLE
from perca.cli.finding import finding_json, together, told
from perca.cli.granted import granted
from perca.cli.notice import notice_of
from perca.cli.options import AcceptedFile, As, AsJson, DirectoryFile, Snapshot
from perca.cli.policy_files import tenant_in
from perca.cli.review import Review, one_view
from perca.errors import BadInput
from perca.findings import Finding, Kind, listed, lockouts
from perca.model import Tenant, UserId, fold
from perca.prove import assumptions

app = typer.Typer(rich_markup_mode=None, add_completion=False)
NAMED = "UPN-OR-ID"
KINDS = tuple(Kind)[: list(Kind).index(Kind.GAP)]
"""What is looked for."""


@app.command(name="lockouts", help=TABLE["lockouts"])
def command(
    snapshot: Snapshot,
    emergency: Annotated[
        list[str] | None,
        typer.Option("--emergency", metavar=NAMED, help="An emergency access account; at least two."),
    ] = None,
    unattended: Annotated[
        list[str] | None,
        typer.Option(
            "--unattended", metavar=NAMED, help="An account of a service or a room: nobody answers a prompt."
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
    declared = accounts(tenant, emergency or (), "emergency account")
    found = lockouts(tenant, declared, accounts(tenant, unattended or (), "account"))
    review = Review([notice_of(tenant, each) for each in found], entries, (snapshot,), KINDS)
    answer = Answer(
        "lockouts",
        lambda: as_json(tenant, found, review),
        lambda: as_text(tenant, found),
        review.codes,
        "walk",
        view,
    )
    return review.told(answer, as_)


def accounts(tenant: Tenant, named: Iterable[str], kind: str) -> tuple[UserId, ...]:
    """The accounts by id; raises BadInput for one that the tenant doesn't hold, and for a name that several have."""
    if not tenant.users:
        raise BadInput(
            "a question about nobody: the file holds no people", "take a snapshot with `perca snapshot take`"
        )
    return tuple(dict.fromkeys(_account(tenant, each, kind) for each in named))


def _account(tenant: Tenant, named: str, kind: str) -> UserId:
    asked = fold(named)
    found = [
        id for id, user in tenant.users.items() if asked in (id, fold(user.user_principal_name)) and asked
    ]
    if len(found) != 1:
        wrong = "is not in the data" if not found else "is the name of several people"
        raise BadInput(f"{kind} `{named}` {wrong}", "give a user principal name or an id")
    return found[0]


def as_json(tenant: Tenant, found: Sequence[Finding], review: Review) -> Json:
    """The findings in the words of CONTRACT; and the accounts to look at, which are no findings by themselves."""
    return {
        "findings": [review.marked(finding_json(tenant, each), each.id) for each in found],
        "accounts": [{"id": user, "is": what} for user, what in listed(tenant)],
        "assumptions": list(taken(tenant)),
    }


def taken(tenant: Tenant) -> Iterator[str]:
    """What the findings take for granted."""
    yield "policies on all resources and per-user MFA are taken not to gate the first registration of a method"
    yield "an active role for which nobody is eligible is taken for permanent"
    yield from (each for each in assumptions(tenant) if not each.startswith("existing tokens"))


def as_text(tenant: Tenant, found: Sequence[Finding]) -> Iterator[Block]:
    """The number first, then each finding, then what isn't assessed."""
    sure = sum(each.assessed for each in together(found))
    unsure = any(not each.assessed for each in found)
    if sure:
        yield Line(
            f"Found: {words.counted(sure, 'thing')} by which somebody is or may be locked out.", Tone.BAD
        )
    elif unsure:
        yield Line("Not assessed: nothing was found, but not everything is known.", Tone.UNSURE)
    else:
        yield Line("Nothing found: nobody is locked out, and the emergency accounts are fit.", Tone.GOOD)
    yield Line(f"asked about {words.counted(len(tenant.users), 'person', 'people')}", depth=1)
    yield from told(tenant, found)
    yield from _accounts(tenant)
    yield from granted(taken(tenant))


def _accounts(tenant: Tenant) -> Iterator[Block]:
    """How many accounts of each kind there are to look at, and some of them by name."""
    kinds = list(listed(tenant))
    if kinds:
        yield Heading("Look at these before a policy for everybody is on")
    for kind, count in Counter(what for _, what in kinds).items():
        who = tuple(user for user, what in kinds if what == kind)
        yield Line(f"{count:,} {kind}: {words.people(tenant, who)}", depth=1)
