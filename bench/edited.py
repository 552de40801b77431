"""One policy of a tenant edited, and the proof asked again: `python bench/edited.py [people ...]`, by default 10,000 and 1,000,000.

On the directory and the 240 policies of bench/classes.py. Beside "always MFA" asked again with `perca.prove.edited` stand, from the same run and
for the same edited tenants: the proof from scratch, and the proof from scratch where what is known of the directory is handed on
(`perca.space.roster.share`). Edits: a policy replaced by another of its kind, one turned off, one added, one about a new place in a new country. Seconds are
processor time, least and median over the edits of a kind; every answer is held against the one from scratch.
"""

from __future__ import annotations

import gc
import random
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from classes import SEED, directory, guid, policies, policy

from perca.model import (
    ConditionalAccessPolicy,
    CountryLookup,
    CountryNamedLocation,
    LocationCondition,
    LocationId,
    LocationScope,
    PolicyId,
    PolicyState,
    Tenant,
)
from perca.prove import Proof, always_mfa
from perca.prove.edited import Edited
from perca.space.roster import share

GOAL = 0.1
"""Seconds in which a proof is to be there again (DESIGN.md, section 7)."""
RUNS = 7


def of_the_same_kind(tenant: Tenant, dice: random.Random) -> Tenant:
    return _with(tenant, _policy(tenant, dice, dice.randrange(3, 240)))


def turned_off(tenant: Tenant, dice: random.Random) -> Tenant:
    held = dice.choice(tenant.policies)
    state = PolicyState.DISABLED if held.state is PolicyState.ENABLED else PolicyState.ENABLED
    return _with(tenant, replace(held, state=state))


def added(tenant: Tenant, dice: random.Random) -> Tenant:
    new = replace(_policy(tenant, dice, dice.randrange(3, 240)), id=PolicyId(guid(7, len(tenant.policies))))
    return replace(tenant, policies=(*tenant.policies, new))


def elsewhere(tenant: Tenant, dice: random.Random) -> Tenant:
    number = len(tenant.named_locations)
    id, code = LocationId(guid(4, number)), chr(65 + number % 26) + chr(65 + number // 26 % 26)
    land = CountryNamedLocation(id, f"Land {number}", frozenset({code}), False, CountryLookup.CLIENT_ADDRESS)
    places = LocationCondition(LocationScope(True), LocationScope(locations=(id,)))
    changed = _with(tenant, replace(dice.choice(tenant.policies), locations=places))
    return replace(changed, named_locations={**tenant.named_locations, id: land})


EDITS: dict[str, Callable[[Tenant, random.Random], Tenant]] = {
    "another of its kind": of_the_same_kind,
    "turned off or on": turned_off,
    "one added": added,
    "one about a new place": elsewhere,
}


def _policy(tenant: Tenant, dice: random.Random, n: int) -> ConditionalAccessPolicy:
    names = list(tenant.groups)
    return policy(n, names[-400::4], names, tuple(list(tenant.users)[:2]), dice)


def _with(tenant: Tenant, new: ConditionalAccessPolicy) -> Tenant:
    return replace(tenant, policies=tuple(new if each.id == new.id else each for each in tenant.policies))


def timed(what: Callable[[], Proof]) -> tuple[float, Proof]:
    gc.collect()
    start = time.process_time()
    proof = what()
    return time.process_time() - start, proof


def answered(proof: Proof) -> object:
    return (
        proof.holds,
        proof.universe,
        proof.failing,
        proof.unassessed,
        proof.failing_people,
        proof.unassessed_people,
    )


def course(asked: Edited, dice: random.Random, runs: int) -> Iterator[tuple[str, Tenant]]:
    for kind, edit in EDITS.items():
        for _ in range(runs):
            yield kind, edit(asked.tenant, dice)


def main(people: int) -> bool:
    """Whether each kind of edit was proved again in time."""
    dice = random.Random(SEED)
    tenant = directory(people, dice)
    tenant = replace(tenant, policies=policies(240, tenant, dice))
    gc.collect()
    gc.freeze()  # the invented directory is no part of what is measured
    begun, _ = timed(lambda: Edited(tenant).proof)
    asked = Edited(tenant)
    asked.to(tenant)
    print(f"{people:,} people, 240 policies, seed {SEED}; the first proof, to be kept: {begun:.3f} s")
    again: dict[str, list[float]] = {kind: [] for kind in EDITS}
    anew: dict[str, list[float]] = {kind: [] for kind in EDITS}
    handed: dict[str, list[float]] = {kind: [] for kind in EDITS}
    for number, (kind, edited) in enumerate(course(asked, dice, RUNS)):
        before = asked.tenant
        spent, proof = timed(lambda edited=edited: asked.to(edited))  # type: ignore[misc]
        again[kind].append(spent)
        beside = replace(edited)  # of which nothing is known
        share(beside, before)
        spent, other = timed(lambda beside=beside: always_mfa(beside))  # type: ignore[misc]
        handed[kind].append(spent)
        assert answered(proof) == answered(other), kind
        if not number % RUNS:  # from scratch is slow where people are many
            spent, other = timed(lambda edited=edited: always_mfa(replace(edited)))  # type: ignore[misc]
            anew[kind].append(spent)
            assert answered(proof) == answered(other), kind
    for kind in EDITS:
        least, median = min(again[kind]), statistics.median(again[kind])
        print(
            f"{kind:<24}{least:8.3f} s least {median:8.3f} s median   from scratch {anew[kind][0]:7.3f} s, ratio {anew[kind][0] / median:5.0f}"
            f"   directory handed on {statistics.median(handed[kind]):7.3f} s, ratio {statistics.median(handed[kind]) / median:5.0f}",
            flush=True,
        )
    return all(statistics.median(times) <= GOAL for times in again.values())


if __name__ == "__main__":
    chosen = [*map(int, sys.argv[1:])] or [10_000, 1_000_000]
    sys.exit(0 if all(list(map(main, chosen))) else 1)
