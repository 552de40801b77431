"""`perca verify`: reads the tenant afresh and checks the plan's promise: those moved always need MFA, and nobody needs less than before."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import typer

from perca.app import bearer_of, connect, target
from perca.cli import words
from perca.cli.answer import Answer, Json, view_of
from perca.cli.blocks import Block, Heading, Line, Tone
from perca.cli.commands import TABLE
from perca.cli.migration import check_tenant, where_of
from perca.cli.options import AsJson, JournalFile, PlanFile, SecretFile, Tenant
from perca.cli.plan_file import before_of, journal_of, plan_in
from perca.cli.region import question
from perca.migrate.plan import Plan
from perca.migrate.verify import Verified
from perca.migrate.verify import verify as check
from perca.model import Tenant as TenantData
from perca.prove import Proof
from perca.wire.snapshots import parse_snapshot

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command(help=TABLE["verify"])
def verify(
    plan: PlanFile,
    tenant: Tenant = None,
    journal: JournalFile = None,
    secret_file: SecretFile = None,
    json: AsJson = False,
) -> Answer:
    """Exits 0 when the promise holds, 1 when it is broken, 3 when it hangs on what could not be read."""
    asked = plan_in(plan)
    path = journal_of(plan, journal)
    where = tenant if tenant is not None or not path.exists() else where_of(plan, journal)
    now = parse_snapshot(asyncio.run(_read(asked, where, secret_file)))
    before = before_of(asked)
    found = check(asked, before, now)
    return Answer(
        "verify",
        lambda: as_json(found, path),
        lambda: as_text(asked, before, now, found),
        codes(found),
        "walk",
        view_of(json),
    )


async def _read(plan: Plan, tenant: str | None, secret_file: Path | None) -> Json:
    where = target(tenant)
    async with connect(
        where, secret=bearer_of(where, secret_file), mfa_settings=plan.before.get("mfaSettings")
    ) as connection:
        check_tenant(plan, connection)
        return await connection.directory.snapshot()


def codes(found: Verified) -> frozenset[int]:
    """All exit codes that apply."""
    proofs = (found.always, found.weaker)
    unsure = found.holds is None or any(proof.holds is None or proof.unassessed for proof in proofs)
    return frozenset({1} if found.holds is False else ()) | frozenset({3} if unsure else ())


def as_json(found: Verified, journal: Path) -> Json:
    """What was found, in the words of CONTRACT."""
    return {
        "done": found.holds is True,
        "steps": {},
        "proof": {
            "holds": found.holds,
            "alwaysMfa": _proof(found.always),
            "neverWeaker": _proof(found.weaker),
        },
        "differences": list(found.differences),
        "journal": str(journal) if journal.exists() else None,
    }


def _proof(proof: Proof) -> Json:
    return {
        "holds": proof.holds,
        "people": proof.people,
        "combinations": str(proof.combinations),
        "failing": {"people": len(proof.failing_people), "combinations": str(proof.failing)},
        "notAssessed": {"people": len(proof.unassessed_people), "combinations": str(proof.unassessed)},
        "witnesses": [question(witness.sign_in) for witness in proof.witnesses],
        "notDecided": proof.not_decided,
        "assumptions": list(proof.assumptions),
    }


_VERDICTS = {
    True: (
        "Holds: everybody moved needs MFA at every sign-in, and nobody needs less than before.",
        Tone.GOOD,
    ),
    False: ("Broken: the tenant is not what the plan promised.", Tone.BAD),
    None: ("Not assessed: the promise hangs on what could not be read.", Tone.UNSURE),
}


def as_text(plan: Plan, before: TenantData, now: TenantData, found: Verified) -> Iterator[Block]:
    """The verdict first, then who and one sign-in each, then the numbers."""
    yield Line(*_VERDICTS[found.holds])
    for name, proof in (("always MFA", found.always), ("never weaker", found.weaker)):
        yield Line(
            f"{name}: {words.counted(proof.people, 'person', 'people')}, {words.magnitude(proof.combinations)} sign-ins",
            depth=1,
        )
    if found.differences:
        yield Heading("For whom")
        yield from (
            Line(line, Tone.BAD if found.holds is False else Tone.UNSURE, 1)
            for line in found.differences[:20]
        )
        if len(found.differences) > 20:
            yield Line(f"and {len(found.differences) - 20:,} more", depth=1)
    witnesses = {
        witness.sign_in: witness for proof in (found.always, found.weaker) for witness in proof.witnesses
    }
    if witnesses:
        yield Heading("For example")
        for witness in list(witnesses.values())[:5]:
            yield Line(words.sign_in(now, witness.sign_in), depth=1)
            yield from (Line(f"not known: {fact}", Tone.FAINT, 2) for fact in witness.decision.missing[:3])
    if now.missing:
        yield Heading("Could not be read")
        yield from (Line(f"{gap.what}: {gap.why}", Tone.UNSURE, 1) for gap in now.missing[:20])
