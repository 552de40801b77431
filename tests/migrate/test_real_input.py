"""Real policy sets, imported into a seeded tenant and migrated there, or refused with the policy and the condition named.

The table that comes of it is docs/reference/real-input.md; the test fails when they differ. `python tests/migrate/test_real_input.py`
writes it anew.
"""

import asyncio
import contextlib
import os
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from perca import app
from perca.embedded import EmbeddedSignIns
from perca.errors import Refused
from perca.migrate import plan as plans
from perca.migrate.evidence import legacy_use
from perca.migrate.journal import Journal
from perca.migrate.plan import Options
from perca.migrate.prober import Prober
from perca.migrate.run import Run
from perca.migrate.steps import Step
from perca.migrate.verify import verify
from perca.tenant import Store
from perca.tenant.importing import import_files
from perca.tenant.seed import kinds, mfa_settings
from perca.wire import parse_policy, parse_snapshot, unrecognised_parts
from support.living import MEMBERS_LAG, POLICY_LAG, copy_of

ROOT = Path(__file__).resolve().parents[2]
TABLE = ROOT / "docs" / "reference" / "real-input.md"
BY_FOLDER = "AlexFilipin__ConditionalAccess"

SETS = (
    "AlexFilipin__ConditionalAccess",
    "Azure-Samples__azure-ad-conditional-access-apis",
    "Cloudshield-io__Conditional-Access-Framework",
    "Clutch2View__nis2-conditional-access-policies",
    "DataGuys__ConditionalAccessAnalyzer",
    "j0eyv__ConditionalAccessBaseline",
    "jsa2__caOptics",
    "philippkohn__ConditionalAccessforZeroTrustResources",
    "topazyo__conditional-access-automation",
)


@dataclass(frozen=True, slots=True)
class Row:
    """What became of one set."""

    stored: int
    in_part: int
    not_stored: int
    made: int
    end: str
    moved: int = 0
    tried: int = 0
    gaps: int = 0
    holds: bool | None = None

    def line(self, name: str) -> str:
        """The row of the table."""
        return (
            f"| {name} | {self.stored} | {self.in_part} | {self.not_stored} | {self.made} | {self.end} | {self.moved} "
            f"| {self.tried:,} | {self.gaps} |"
        )


async def migrated(path: Path, folder: Path) -> Row:
    """Imports the set into a seeded tenant of its own and moves that, with the prober signing in."""
    with contextlib.closing(Store.open(copy_of(folder))) as store:
        imported = import_files(store, [path], create_missing=True, exclude_emergency=True)
        async with app.embedded(store, mfa_settings(store)) as connection:
            assert connection.control is not None
            await connection.control.lag(policy=POLICY_LAG, members=MEMBERS_LAG)
            await connection.control.advance(
                MEMBERS_LAG
            )  # what was imported has arrived before anything begins
            snapshot = await connection.directory.snapshot()
            before = parse_snapshot(snapshot)
            ours = {stored.id for stored in imported.stored}
            row = Row(
                stored=len(imported.stored),
                in_part=sum(
                    bool(unrecognised_parts(policy))
                    for each in snapshot["policies"]
                    if (policy := parse_policy(each)).id in ours
                ),
                not_stored=len(imported.refused),
                made=len(imported.made),
                end="",
            )
            emergency = tuple(kinds(store)["emergency"])
            clock, directory = connection.clock, connection.directory
            try:
                plan = plans.make(
                    snapshot,
                    before,
                    Options(emergency, waves=2, soak=3600.0),
                    await legacy_use(directory, clock),
                    marker="0a1b2c3d",
                    made_at=clock.now().isoformat(),
                )
            except Refused as refused:
                return Row(row.stored, row.in_part, row.not_stored, row.made, f"refused: {refused.message}")
            service = EmbeddedSignIns(connection.control)
            prober = Prober(before, plan.concerned, emergency, service)
            await prober.round("before")

            async def look(step: Step) -> None:
                if step.kind in ("setStates", "setPolicy"):
                    await prober.round(step.id)

            with Journal(folder / "journal", clock) as journal:
                await Run(plan, before, directory, journal, clock, service, between=look).apply()
            checked = verify(plan, before, parse_snapshot(await directory.snapshot()))
            return Row(
                row.stored,
                row.in_part,
                row.not_stored,
                row.made,
                "migrated",
                len(plan.moved),
                prober.tried,
                len(prober.gaps),
                checked.holds,
            )


def folders(fixtures: Path, name: str) -> list[tuple[str, Path]]:
    """The set, or its folders one by one."""
    whole = fixtures / "policies" / name
    if name != BY_FOLDER:
        return [(name.replace("__", "/"), whole)]
    parts = sorted(each for each in whole.rglob("*") if each.is_dir() and any(each.glob("*.json")))
    return [(f"{name.replace('__', '/')}: {each.parent.name}/{each.name}", each) for each in parts]


@pytest.mark.slow
@pytest.mark.parametrize("name", SETS)
def test_a_real_set_is_migrated_or_refused_by_name(shared_fixtures: Path, tmp_path: Path, name: str) -> None:
    written = TABLE.read_text("utf-8")
    for number, (title, path) in enumerate(folders(shared_fixtures, name)):
        folder = tmp_path / str(number)
        folder.mkdir()
        row = asyncio.run(migrated(path, folder))
        assert row.gaps == 0
        assert row.stored > 0
        assert row.holds is True or "policy `" in row.end
        assert row.line(title) in written


def test_at_least_seven_of_the_nine_sets_are_migrated() -> None:
    lines = TABLE.read_text("utf-8").splitlines()
    done = {name for name in SETS if _ends(lines, name) == {"migrated"}}
    assert len(done) >= 7


def _ends(lines: list[str], name: str) -> set[str]:
    title = name.replace("__", "/")
    return {line.split("|")[6].strip() for line in lines if line.startswith(f"| {title}")}


HEAD = """# Real input

Policy sets that other people published, each imported into a seeded tenant of 60 people (`perca tenant import --create-missing
--exclude-emergency`) and migrated there in two waves, with lag, while the prober signed in. Written by tests/migrate/test_real_input.py,
which fails when it differs. *In part*: policies with a condition or control that isn't modelled yet; they are in the tenant all the
same, and whether they apply is unknown to the proof. *Made*: groups, locations, strengths and applications that the files name and
that were made, empty.

| set | policies | in part | not stored | made | end | people moved | sign-ins tried | got in without MFA |
| --- | ---: | ---: | ---: | ---: | --- | ---: | ---: | ---: |
"""

if __name__ == "__main__":
    import tempfile

    fixtures = Path(os.environ.get("PERCA_FIXTURES", ROOT.parent / "shared" / "fixtures"))
    rows = []
    for name in SETS:
        for title, path in folders(fixtures, name):
            with tempfile.TemporaryDirectory() as folder:
                rows.append(asyncio.run(migrated(path, Path(folder))).line(title))
                sys.stderr.write(rows[-1] + "\n")
    TABLE.write_text(HEAD + "\n".join(rows) + "\n", "utf-8")
