"""ca-radar, from PyPI, in an environment of its own: its collector reads the served tenant, its analysers say what they find.

Its Graph client takes a base address, so it is pointed elsewhere by an argument; nothing of it is changed. `FINDINGS` is the table by which
its kinds of findings count, and it is generous: a finding that names somebody counts for every kind that it could mean.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from planted.claims import Answer, Claim
from planted.graph import Json
from planted.kinds import KINDS
from planted.programs import run
from planted.served import SECRET, Served
from planted.sign_ins import Values

LOCK = Path(__file__).resolve().parents[1] / "ca-radar.txt"
SCRIPT = Path(__file__).with_name("radar_run.py")

EVERY_KIND = frozenset(kind.name for kind in KINDS)
LEGACY = frozenset({"modern-clients-only", "legacy-clients", "per-user-mfa"})
EXCLUSIONS = frozenset({"one-group", "nested-groups", "include-and-exclude", "dynamic-group", "small-page"})
FINDINGS: dict[str, tuple[frozenset[str], str]] = {
    "CA-MFA-001": (EVERY_KIND, "names people without any policy that asks for MFA: found, whatever the kind"),
    "CA-LEGACY-001": (LEGACY, "names people for whom no policy blocks legacy clients"),
    "CA-LEGACY-002": (LEGACY, "says of the tenant that no policy blocks legacy clients"),
    "CA-EXCL-002": (EXCLUSIONS, "names large excluded groups: counts as naming their members"),
    "CA-ADMIN-002": (
        frozenset({"eligible-only"}),
        "names people eligible for a role whom no MFA policy covers",
    ),
}
"""Its findings that say that somebody gets in without MFA, and the planted kinds that each would have found. Its others don't say so: they are
about emergency accounts (CA-BG-*), names that don't exist (CA-EXCL-001), strengths of administrators who have MFA (CA-MFA-002), and policies
that it would like to see (CA-ADMIN-001, CA-RISK-*, CA-SESS-*, CA-SP-*)."""


class CaRadar:
    """ca-radar in an environment in `folder`, which is made if it isn't there."""

    def __init__(self, folder: Path) -> None:
        self._python = environment(folder)
        self.name = run(
            self._python, "-c", "import ca_radar; print('ca-radar', ca_radar.__version__)"
        ).strip()

    def ask(self, served: Served, values: Values, folder: Path) -> Answer:
        """Collects by Graph, then analyses."""
        told = json.loads(
            run(
                *(self._python, str(SCRIPT), served.address + "/v1.0", str(folder / "ca-radar")),
                env=os.environ | {"BENCH_SECRET": SECRET},
            )
        )
        members = {each["id"]: each["members"] for each in told["groups"]}
        remarks = [f"could not read {each}" for each in told["failed"]]
        remarks += [f"analyser failed: {each}" for each in told["errors"]]
        remarks += [f"other finding: {each['id']}" for each in told["findings"] if each["id"] not in FINDINGS]
        return Answer(tuple(_claims(told["findings"], members)), tuple(remarks))


def _claims(findings: list[Json], members: dict[str, list[str]]) -> Iterator[Claim]:
    for each in findings:
        if each["id"] in FINDINGS:
            kinds, _ = FINDINGS[each["id"]]
            named = {person for id in each["affected_principals"] for person in members.get(id, [id])}
            yield Claim(
                frozenset(named), kinds=kinds, general=not named, words=f"{each['id']}: {each['summary']}"
            )


def environment(folder: Path) -> str:
    """Its Python. Made from the lock, with hashes, where the folder doesn't hold that lock yet."""
    python, stamp = folder / "bin/python", folder / "lock"
    if not stamp.exists() or stamp.read_bytes() != LOCK.read_bytes():
        print("setting up ca-radar from its lock (once)", file=sys.stderr)
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(folder)], check=True)
        run(str(python), "-m", "pip", "install", "--quiet", "--require-hashes", "-r", str(LOCK))
        stamp.write_bytes(LOCK.read_bytes())
    return str(python)
