"""How the proof grows, drawn: `python bench/growth.py [most people]`, by default 1,000,000; writes docs/pictures/growth.svg.

Three lines: N policies with exclusions of their own (bench/family.py), people at 240 policies, and policies at 100,000 people (both the
directory of bench/classes.py). Seconds are processor time for classes and proof, the lesser of two runs, everything read before. The dashed
lines are what is asked for: 5 s at N = 500, and 1.5 s for a million people. Also printed: the difference where a twentieth of the
policies changed, at the largest size.
"""

from __future__ import annotations

import gc
import random
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))
from classes import SEED, directory, policies  # noqa: E402
from family import family  # noqa: E402

from perca.model import Tenant  # noqa: E402
from perca.prove import about_difference, always_mfa  # noqa: E402
from perca.space import universe_of  # noqa: E402
from perca.space.roster import share  # noqa: E402
from perca.wire import parse_snapshot  # noqa: E402

PICTURE = HERE.parent / "docs" / "pictures" / "growth.svg"
Points = list[tuple[int, float]]
WIDE, HIGH, EDGE, GAP = 300, 200, 46, 24


def least(run: Callable[[], object], runs: int = 2) -> float:
    times = []
    for _ in range(runs):
        start = time.process_time()
        run()
        times.append(time.process_time() - start)
    return min(times)


def settle() -> None:
    """What was made so far is no part of what is measured: as for a command that has read its file."""
    gc.collect()
    gc.freeze()


def fresh(tenant: Tenant) -> Tenant:
    """The tenant without what was worked out about it before."""
    return replace(tenant, display_name=tenant.display_name)


def proof(tenant: Tenant) -> float:
    return least(lambda: always_mfa(fresh(tenant)))


def of_family() -> Iterator[tuple[int, float]]:
    for number in (10, 30, 60, 100, 200, 350, 500):
        yield number, proof(parse_snapshot(family(number, hole=True)))


def of_people(most: int) -> Iterator[tuple[int, float]]:
    for people in (1_000, 10_000, 100_000, 300_000, 1_000_000):
        if people <= most:
            dice = random.Random(SEED)
            tenant = directory(people, dice)
            settle()
            yield people, proof(replace(tenant, policies=policies(240, tenant, dice)))


def of_policies(people: int) -> Iterator[tuple[int, float]]:
    for number in (10, 30, 60, 120, 240):
        dice = random.Random(SEED)
        tenant = directory(people, dice)
        yield number, proof(replace(tenant, policies=policies(number, tenant, dice)))


def difference(people: int, changed: int = 12, number: int = 240) -> tuple[float, float, str]:
    """Seconds for how a tenant differs once some of its policies spare one group more: cold, and with people as arrays already."""
    dice = random.Random(SEED)
    tenant = directory(people, dice)
    before = replace(tenant, policies=policies(number, tenant, dice))
    edited = list(before.policies)
    for at in (0, 1, *dice.sample(range(2, number), changed - 2)):
        users = edited[at].users
        assert users is not None
        assert not isinstance(users, tuple)
        exclude = replace(users.exclude, groups=(*users.exclude.groups, dice.choice([*tenant.groups][-400:])))  # type: ignore[union-attr]
        edited[at] = replace(edited[at], users=replace(users, exclude=exclude))  # type: ignore[type-var]
    after = replace(before, policies=tuple(edited))
    settle()
    cold, found = differing(before, after)
    again = fresh(before)
    share(again, before)
    settle()
    arrays, _ = differing(again, fresh(after))
    return cold, arrays, f"{found:,} classes of people differ"


def differing(before: Tenant, after: Tenant) -> tuple[float, int]:
    """Seconds, and how many classes of people differ."""
    start = time.process_time()
    over = universe_of(before, after, people=before.users)
    asked = about_difference(before, after, over)
    found = sum(1 for _, tally in asked.crowds() if tally.found)
    return time.process_time() - start, found


def chart(left: float, title: str, unit: str, points: Points, goal: tuple[int, float] | None) -> str:
    """One panel, both axes by powers of ten; `goal` is a size and the seconds asked for."""
    from math import ceil, floor, log10

    low, high = floor(log10(points[0][0])), ceil(log10(points[-1][0]))
    seconds = [each for _, each in points] + ([goal[1]] if goal else [])
    bottom, top = floor(log10(max(min(seconds), 1e-4))), ceil(log10(max(seconds)))

    def x(value: float) -> float:
        return left + (log10(value) - low) / (high - low) * WIDE

    def y(value: float) -> float:
        return 40 + HIGH - (log10(max(value, 10**bottom)) - bottom) / (top - bottom) * HIGH

    parts = [f'<text class="title" x="{left}" y="24">{title}</text>']
    for power in range(low, high + 1):
        at = x(10**power)
        parts.append(f'<line class="grid" x1="{at:.1f}" y1="40" x2="{at:.1f}" y2="{40 + HIGH}"/>')
        parts.append(f'<text x="{at:.1f}" y="{56 + HIGH}" text-anchor="middle">{10**power:,}</text>')
    for power in range(bottom, top + 1):
        at = y(10.0**power)
        name = f"{10**power:,} s" if power >= 0 else f"{10.0**power:g} s"
        parts.append(f'<line class="grid" x1="{left}" y1="{at:.1f}" x2="{left + WIDE}" y2="{at:.1f}"/>')
        parts.append(f'<text x="{left - 6}" y="{at + 4:.1f}" text-anchor="end">{name}</text>')
    parts.append(f'<text x="{left + WIDE / 2}" y="{74 + HIGH}" text-anchor="middle">{unit}</text>')
    if goal:
        parts.append(
            f'<line class="goal" x1="{left}" y1="{y(goal[1]):.1f}" x2="{left + WIDE}" y2="{y(goal[1]):.1f}"/>'
            f'<text class="goal" x="{left + 4}" y="{y(goal[1]) - 5:.1f}">asked for: {goal[1]:g} s at {goal[0]:,}</text>'
        )
    path = " ".join(f"{x(size):.1f},{y(spent):.1f}" for size, spent in points)
    parts.append(f'<polyline points="{path}"/>')
    parts += [f'<circle cx="{x(size):.1f}" cy="{y(spent):.1f}" r="3"/>' for size, spent in points]
    size, spent = points[-1]
    parts.append(
        f'<text class="last" x="{x(size):.1f}" y="{y(spent) - 9:.1f}" text-anchor="end">{spent:.2g} s</text>'
    )
    return "".join(parts)


STYLE = """
text { font: 12px sans-serif; fill: #555 } .title { font-size: 14px; font-weight: 600; fill: #222 } .last { fill: #1d5fa8; font-weight: 600 }
.grid { stroke: #e3e3e3 } polyline { fill: none; stroke: #1d5fa8; stroke-width: 2 } circle { fill: #1d5fa8 }
line.goal { stroke: #b3541e; stroke-dasharray: 5 4 } text.goal { fill: #b3541e }
"""


def draw(panels: Sequence[tuple[str, str, Points, tuple[int, float] | None]]) -> str:
    """All panels side by side."""
    wide = len(panels) * (WIDE + EDGE + GAP) + GAP
    charts = "".join(
        chart(GAP + EDGE + number * (WIDE + EDGE + GAP), *panel) for number, panel in enumerate(panels)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {HIGH + 90}" role="img" aria-label="How the proof grows">'
        f'<style>{STYLE}</style><rect width="{wide}" height="{HIGH + 90}" fill="#fff"/>{charts}</svg>\n'
    )


def main(most: int = 1_000_000) -> None:
    panels = []
    sizes = min(most, 100_000)
    for title, unit, points, goal in (
        ("Policies with exclusions of their own", "policies", of_family(), (500, 5.0)),
        ("People, 240 policies", "people", of_people(most), (1_000_000, 1.5)),
        (f"Policies, {sizes:,} people", "policies", of_policies(sizes), None),
    ):
        found: Points = []
        print(title)
        for size, spent in points:
            found.append((size, spent))
            print(f"{size:12,} {unit}{spent:10.3f} s", flush=True)
        panels.append((title, unit, found, goal))
    PICTURE.write_text(draw(panels), "utf-8")
    cold, arrays, what = difference(most)
    print(
        f"difference, 12 of 240 policies changed, {most:,} people: {arrays:.2f} s from arrays of people (asked for: 1.5 s), "
        f"{cold:.2f} s with the directory made arrays; {what}"
    )


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
