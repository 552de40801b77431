"""Scores tools with the planted tenants: `.venv/bin/python bench/planted [--tool perca] [--tool perca-gaps] [--tool ca-radar] [--details]`.

Each tenant is served on the loopback interface with small pages, and every tool reads that. Needs the network only where ca-radar is to be
installed, once; its environment lies in `--environment`, outside the project.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from planted.claims import Tool
from planted.kinds import KINDS
from planted.programs import Failed
from planted.score import Score, count, table
from planted.served import PAGE_SIZE, served
from planted.tenants import Tenant, all_tenants
from planted.tools.perca import Perca
from planted.tools.perca_gaps import PercaGaps
from planted.tools.radar import CaRadar

DEFAULT = Path(tempfile.gettempdir()) / "perca-bench-ca-radar"


def main() -> int:
    """Prints a table a tool; exits 1 when `perca prove` isn't perfect."""
    options = _options()
    tools: list[Tool] = []
    if "perca" in options.tool:
        tools.append(Perca())
    if "perca-gaps" in options.tool:
        tools.append(PercaGaps())
    if "ca-radar" in options.tool:
        tools.append(CaRadar(options.environment))
    scores = {tool.name: Score() for tool in tools}
    seconds = dict.fromkeys(scores, 0.0)
    for tenant in all_tenants():
        _say(tenant)
        for tool in tools:
            started = time.monotonic()
            _ask(tool, tenant, scores[tool.name])
            seconds[tool.name] += time.monotonic() - started
    for name, score in scores.items():
        print(f"\n### {name} ({seconds[name]:.0f} s)\n")
        print("\n".join(_markdown(table(score, [kind.name for kind in KINDS]))))
        print("\n".join(("", *score.failed, *(score.details if options.details else ()))))
    return (
        0 if all(score.is_perfect for name, score in scores.items() if name.startswith("perca prove")) else 1
    )


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench/planted", description=__doc__)
    parser.add_argument("--tool", action="append", choices=("perca", "perca-gaps", "ca-radar"))
    parser.add_argument("--environment", type=Path, default=DEFAULT, help="where ca-radar is installed")
    parser.add_argument("--details", action="store_true", help="name each gap missed and each false alarm")
    options = parser.parse_args()
    options.tool = options.tool or ["perca", "ca-radar"]
    return options


def _say(tenant: Tenant) -> None:
    people, policies = len(tenant.snapshot["users"]), len(tenant.snapshot["policies"])
    what = f"{len(tenant.gaps)} gaps, {len(tenant.near_misses)} near misses"
    print(
        f"{tenant.name}: {people} people, {policies} policies, {what}, pages of {PAGE_SIZE}", file=sys.stderr
    )


def _ask(tool: Tool, tenant: Tenant, score: Score) -> None:
    with tempfile.TemporaryDirectory() as name, served(tenant.snapshot, Path(name)) as at:
        try:
            answer = tool.ask(at, tenant.values, Path(name))
        except Failed as error:
            score.failed.append(f"{tenant.name}: {error}")
            answer = None
    count(score, tenant, answer)
    for remark in answer.remarks if answer is not None else ():
        print(f"  {tool.name}: {remark}", file=sys.stderr)


def _markdown(rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    for number, row in enumerate(rows):
        yield f"| {' | '.join(row)} |"
        if not number:
            yield f"| --- |{' ---: |' * (len(row) - 1)}"


if __name__ == "__main__":
    sys.exit(main())
