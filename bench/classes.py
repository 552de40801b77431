"""People's classes at full size: `python bench/classes.py [people] [policies] [personas]`, by default 1,000,000, 240 and 100.

The directory is invented from a seed: 20,000 groups of heavy-tailed size, 8.9 memberships a person, every fifth group with another one
in it, 130 roles. Policies are as in a large tenant: a baseline for everybody, legacy clients, administrators; then personas (large groups) and
everybody but exceptions of a few. The more of the large groups are personas the more classes there are: 100 make about 29,000, 400 about
262,000. Seconds are processor time, least and median of several runs, for one core. Beside them, from the same run: asking `policy` about
some people one by one, extrapolated to all; and one byte a person and rule in memory, read and written, the least that columns as arrays cost.

`python bench/classes.py file PATH [people]` writes that directory as a snapshot file, unless it is there, and measures fresh processes:
`perca prove` on it, reading alone, and reading with the classes; seconds by the clock and of the processor, and the most memory held.
"""

from __future__ import annotations

import gc
import os
import random
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import msgspec
import numpy as np

from perca.model import (
    AppId,
    ApplicationCondition,
    ApplicationScope,
    BuiltIn,
    ClientApp,
    ClientAppCondition,
    ConditionalAccessPolicy,
    Grant,
    Group,
    GroupId,
    IpNamedLocation,
    IpRange,
    LocationCondition,
    LocationId,
    LocationScope,
    MfaSettings,
    NotRead,
    ObjectId,
    Operator,
    PerUserState,
    Platform,
    PlatformCondition,
    PolicyId,
    PolicyState,
    RiskCondition,
    RiskLevel,
    RoleAssignment,
    RoleId,
    Tenant,
    User,
    UserCondition,
    UserId,
    UserScope,
)
from perca.policy import Coordinate, Principal, rulebook
from perca.prove import always_mfa
from perca.space import Column, Universe, columns, masks, universe_of
from perca.space.crowds import Crowds, crowds
from perca.space.facts import facts_of
from perca.space.roster import Roster, roster
from perca.wire.places import emit_named_location
from perca.wire.policies import emit_policy

GROUPS, ROLES, NESTED, RUNS, SEED = 20_000, 130, 0.2, 5, 20_000
PER_PERSON = 8.9
LEGACY = frozenset({ClientApp.ACTIVE_SYNC, ClientApp.OTHER})


def guid(kind: int, number: int) -> str:
    return f"{number:08x}-0000-4000-8000-{kind:012x}"


# ------------------------------------------------------------------------------------------------- what is measured


def directory(people: int, dice: random.Random) -> Tenant:
    """The people with their groups and roles."""
    ids = [UserId(guid(1, n)) for n in range(people)]
    names = [GroupId(guid(2, n)) for n in range(GROUPS)]
    chance = np.random.default_rng(dice.randrange(1 << 32))
    groups: dict[GroupId, Group] = {}
    for number, size in enumerate(sizes(people, chance)):
        chosen = chance.choice(people, size, replace=False, shuffle=False)
        within = [names[dice.randrange(number)]] if number and dice.random() < NESTED else []
        members = frozenset([ObjectId(ids[n]) for n in chosen.tolist()] + [ObjectId(g) for g in within])
        groups[names[number]] = Group(names[number], f"Group {number}", members)
    return Tenant(
        users={
            each: User(
                each,
                f"user{n}@{'partner#EXT#' if n % 50 == 0 else ''}example.com",
                f"User {n}",
                PerUserState.DISABLED if n % 5 else PerUserState.ENFORCED,
                True,
                "Guest" if n % 50 == 0 else "Member",
                creation_type="Invitation" if n % 50 == 0 else "",
            )
            for n, each in enumerate(ids)
        },
        groups=groups,
        role_assignments=tuple(
            RoleAssignment(ObjectId(dice.choice(ids)), RoleId(guid(3, role)))
            for role in range(ROLES)
            for _ in range(dice.randrange(1, 30))
        ),
        named_locations={
            LocationId(guid(4, n)): IpNamedLocation(
                LocationId(guid(4, n)), f"Place {n}", n % 2 == 0, (IpRange(f"10.{n}.0.0/16"),)
            )
            for n in range(60)
        },
        security_defaults=False,
        mfa_settings=MfaSettings((), False),
        taken_at="2024-01-01T00:00:00Z",
    )


def sizes(people: int, chance: np.random.Generator) -> list[int]:
    """Sizes of groups: a few hold most people, half of them hold fewer than a hundred; `PER_PERSON` memberships for each in all.

    The largest come last, so that some of them hold others.
    """
    drawn = np.sort(chance.pareto(0.75, GROUPS) + 0.5)
    low, high = 0.0, float(people)
    for _ in range(60):
        scale = (low + high) / 2
        found = np.minimum(np.maximum(drawn * scale, 1), 0.85 * people)
        low, high = (scale, high) if found.sum() < PER_PERSON * people else (low, scale)
    return [int(each) for each in found]


def policies(
    number: int, tenant: Tenant, dice: random.Random, personas: int = 100
) -> tuple[ConditionalAccessPolicy, ...]:
    """A baseline for everybody, legacy clients, administrators; then personas, and every third one for everybody but some."""
    names, people = list(tenant.groups), list(tenant.users)
    large, emergency = names[-400 :: 400 // personas], tuple(dice.sample(people, 2))
    return tuple(policy(n, large, names, emergency, dice) for n in range(number))


def policy(
    n: int, large: list[GroupId], names: list[GroupId], emergency: tuple[UserId, ...], dice: random.Random
) -> ConditionalAccessPolicy:
    exception = (*dice.sample(names, 1), *dice.sample(large, dice.randrange(2)))
    spared = UserScope(users=emergency, groups=exception if n > 2 else ())
    admins = tuple(RoleId(guid(3, dice.randrange(ROLES))) for _ in range(14)) if n % 20 == 2 else ()
    persona = UserScope(groups=tuple(dice.sample(large, dice.randrange(1, 4))), roles=admins)
    everybody = n < 2 or n % 3 == 0
    app = ApplicationScope(apps=(AppId(guid(5, n % 60)),))
    return ConditionalAccessPolicy(
        PolicyId(guid(6, n)),
        f"Policy {n}",
        PolicyState.ENABLED,
        UserCondition(UserScope(everyone=True) if everybody else persona, spared),
        ApplicationCondition(ApplicationScope(everything=True) if n < 3 or n % 4 == 0 else app),
        ClientAppCondition(LEGACY) if n == 1 or n % 11 == 10 else ClientAppCondition(),
        PlatformCondition(frozenset({Platform.ALL}), frozenset({Platform.IOS})) if n % 6 == 5 else None,
        LocationCondition(LocationScope(True), LocationScope(locations=(LocationId(guid(4, n % 60)),)))
        if n % 5 == 4
        else None,
        RiskCondition(frozenset({RiskLevel.HIGH})) if n % 7 == 6 else RiskCondition(),
        grant=Grant(Operator.OR, (BuiltIn.BLOCK if n == 1 or n % 11 == 10 else BuiltIn.MFA,)),
    )


# --------------------------------------------------------------------------------------------------------- measuring


def resident() -> float:
    """What this process holds now, in MB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 1e6


def peak() -> float:
    """The most that this process ever held, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3


def reset_peak() -> None:
    """Makes the most what is held now, where the system lets us."""
    Path("/proc/self/clear_refs").write_text("5")


def high_water() -> float:
    """The most since `reset_peak`, in MB."""
    (line,) = (each for each in Path("/proc/self/status").read_text().splitlines() if "VmHWM" in each)
    return int(line.split()[1]) / 1e3


def mb(size: float) -> str:
    return f"{size:,.0f} MB"


def timed(what: Callable[[], object], runs: int = RUNS) -> tuple[float, float]:
    """Seconds: the least and the median."""
    spent = []
    for _ in range(runs):
        gc.collect()
        start = time.process_time()
        what()
        spent.append(time.process_time() - start)
    return min(spent), statistics.median(spent)


def say(what: str, least: float, median: float, more: str = "") -> None:
    print(f"{what:<66} {least:9.3f} s least {median:9.3f} s median  {more}", flush=True)


def arrays(held: Roster, cut: tuple[Column, ...]) -> None:
    """Reads what the columns need of the tenant into arrays: members of groups as numbers, facts of accounts."""
    for column in cut:
        facts = facts_of(column.rule.conditions, column.book)
        assert facts is not None
        for _ in held.sets(facts):
            pass


def least_for_columns(rules: int, people: int) -> tuple[float, float]:
    """Seconds to read and write one byte a person and rule."""
    cells = np.zeros((rules, people), np.int8)
    return timed(lambda: np.add(cells, 1, out=cells))


def one_by_one(cut: tuple[Column, ...], over: Universe, dice: random.Random, number: int = 300) -> float:
    """Seconds that asking about each would take, from a sample."""
    some = [Principal(each) for each in dice.sample(over.people, number)]
    masks(cut, Coordinate.PRINCIPAL, some[0])  # works out the groups
    start = time.process_time()
    for each in some:
        masks(cut, Coordinate.PRINCIPAL, each)
    return (time.process_time() - start) / number * len(over.people)


def edited(tenant: Tenant, dice: random.Random) -> tuple[Column, ...]:
    """The columns of policies that take another one's place, one for each run."""
    names, emergency = [*tenant.groups], tuple([*tenant.users][:2])
    new = (policy(4, names[-40:], names, emergency, dice) for _ in range(RUNS))
    after = replace(
        tenant, policies=tuple(replace(each, id=PolicyId(f"new-{n}")) for n, each in enumerate(new))
    )
    return tuple(each for each in columns(rulebook(after)) if each.rule.key.startswith("new-"))


def main(people: int = 1_000_000, number: int = 240, personas: int = 100) -> None:
    dice = random.Random(SEED)
    tenant = directory(people, dice)
    tenant = replace(tenant, policies=policies(number, tenant, dice, personas))
    pairs = sum(len(each.members) for each in tenant.groups.values() if not isinstance(each.members, NotRead))
    print(f"{people:,} people, {GROUPS:,} groups, {pairs:,} memberships, {number} policies, seed {SEED}")
    over = universe_of(tenant)
    cut = columns(rulebook(tenant))
    gc.collect()
    gc.freeze()  # the invented directory is no part of what is measured

    before = resident()
    start = time.process_time()
    held = roster(tenant, over.people)
    arrays(held, cut)
    spent = time.process_time() - start
    say("once: members of the named groups and accounts to arrays", spent, spent, mb(resident() - before))

    reset_peak()
    before = resident()
    found = crowds(cut, over.people, {})
    beside = mb(high_water() - before)
    classes = timed(lambda: crowds(cut, over.people, {}))
    say(f"classes from arrays: {len(cut)} rules, {len(found):,} classes", *classes, beside)
    del found

    limit = least_for_columns(len(cut), people)
    say("limit: one byte a person and rule", *limit, f"ratio {classes[0] / limit[0]:.0f}")
    slow = one_by_one(cut, over, dice)
    say("rival: each person asked, extrapolated from 300", slow, slow, f"ratio {slow / classes[0]:.0f}")

    made = Crowds(people, len(cut) + RUNS)
    for position, column in enumerate(cut):
        made.add(position, column, held)
    edits = edited(tenant, dice)
    arrays(held, edits)
    left = enumerate(edits, len(cut))
    say(
        "one edited policy: its column, and all classes cut by it",
        *timed(lambda: made.add(*next(left), held)),
    )

    proof = always_mfa(tenant, universe=over)
    spent_, states = timed(lambda: always_mfa(tenant, universe=over), 3), f"{proof.states:,} states"
    say(f"always_mfa of all of them (holds: {proof.holds}), with classes", *spent_, states)
    print(f"most memory of the whole run, the directory included: {mb(peak())}")


# -------------------------------------------------------------------------------------------------------- from a file


def snapshot(tenant: Tenant) -> Iterator[bytes]:
    """The tenant as a snapshot file holds it, without blanks."""
    assert not isinstance(tenant.role_assignments, NotRead)
    head = {
        "format": "perca/snapshot/1",
        "tenantId": guid(9, 1),
        "displayName": "Invented",
        "takenAt": tenant.taken_at,
        "securityDefaults": {"isEnabled": False},
        "mfaSettings": {"trustedIps": [], "trustFederatedIntranet": False},
        "policies": [emit_policy(each) for each in tenant.policies],
        "namedLocations": [emit_named_location(each) for each in tenant.named_locations.values()],
        "roleEligibilities": [],
        "roleAssignments": [
            {"principalId": each.principal, "roleDefinitionId": each.role, "directoryScopeId": each.scope}
            for each in tenant.role_assignments
        ],
    }
    yield msgspec.json.encode(head)[:-1]
    yield b',"users":['
    yield from joined(map(user_json, tenant.users.values()))
    yield b'],"groups":['
    yield from joined(map(group_json, tenant.groups.values()))
    yield b"]}"


def user_json(user: User) -> dict[str, object]:
    return {
        "id": user.id,
        "userPrincipalName": user.user_principal_name,
        "displayName": user.display_name,
        "accountEnabled": True,
        "userType": user.user_type,
        "creationType": user.creation_type or None,
        "perUserMfaState": user.per_user_mfa,
    }


def group_json(group: Group) -> dict[str, object]:
    assert not isinstance(group.members, NotRead)
    return {"id": group.id, "displayName": group.display_name, "members": [*group.members]}


def joined(values: Iterable[object]) -> Iterator[bytes]:
    for number, value in enumerate(values):
        yield (b"," if number else b"") + msgspec.json.encode(value)


def from_a_file(path: Path, people: int = 1_000_000) -> None:
    if not path.exists():
        dice = random.Random(SEED)
        tenant = directory(people, dice)
        tenant = replace(tenant, policies=policies(240, tenant, dice))
        with path.open("wb") as file:
            file.writelines(snapshot(tenant))
        del tenant
    print(f"{path}: {path.stat().st_size / 1e6:.0f} MB")
    measure(
        "perca prove",
        "import sys; from perca.cli import main; sys.exit(main())",
        "prove",
        str(path),
        "--json",
    )
    measure("reading alone", READING, str(path))
    measure("reading and classes", READING + CLASSES, str(path))


READING = """
import sys
from pathlib import Path
from perca.wire.decode import load
from perca.wire.snapshots import read_tenant
tenant = read_tenant(load(Path(sys.argv[1])), sys.argv[1])
"""
CLASSES = """
from perca.policy import rulebook
from perca.space import columns, universe_of
from perca.space.crowds import crowds
crowds(columns(rulebook(tenant)), universe_of(tenant).people, {})
"""


def measure(what: str, *program: str) -> None:
    """Runs the program in a process of its own."""
    start = time.perf_counter()
    process = subprocess.Popen([sys.executable, "-c", *program], stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    print(
        f"{what}: exit code {process.returncode}, {time.perf_counter() - start:.1f} s by the clock,"
        f" {used.ru_utime + used.ru_stime:.1f} s of the processor, {mb(used.ru_maxrss / 1e3)} at most"
    )


if __name__ == "__main__":
    if sys.argv[1:2] == ["file"]:
        from_a_file(Path(sys.argv[2]), *map(int, sys.argv[3:]))
    else:
        main(*map(int, sys.argv[1:]))
