"""Which of 240 policies apply to a sign-in, and why the others don't: `.venv/bin/python bench/explain.py [--environment FOLDER]`.

Perca's `Table` (each value's masks worked out once, then ANDs), and `decide` with all reasons as text (what the policies say of a person is
worked out once, too; and apart, with that in it, of a tenant that nobody asked about before), beside two engines for policies in general on the same policies and sign-ins in the same run: Cedar (`cedarpy`) and Rego (`hobofan-regorus`). They get an environment of
their own, installed once from rivals/lock.txt, with hashes. Both are told what they can't work out: whether an address is trusted, and for
Rego each person's groups through nesting. All must name the same policies, or the run fails. Microseconds are processor time, the least
of several runs.
"""

from __future__ import annotations

import argparse
import gc
import ipaddress
import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))
from decide import invented, sign_in  # noqa: E402

from perca.cli.explain import as_json  # noqa: E402
from perca.model import (  # noqa: E402
    ApplicationCondition,
    ClientApp,
    ConditionalAccessPolicy,
    GroupId,
    IpNamedLocation,
    NotRead,
    PolicyState,
    SignIn,
    Tenant,
    UserCondition,
    UserId,
)
from perca.policy import Yes, decide, rulebook  # noqa: E402
from perca.policy.conditional_access import PROVIDER  # noqa: E402
from perca.space import Table, columns  # noqa: E402

POLICIES, PEOPLE, ASKED, RUNS = 240, 1000, 3000, 5
FEW = 300
"""So many sign-ins the slower ways are timed on."""
GOALS = {"table": 1.5, "unmet": 5.0, "text": 2000.0}
"""Microseconds; and the rivals must be at least this many times slower than the table."""
TIMES_FASTER = 300


def least(run: Callable[[], object], each: int) -> float:
    """Microseconds of processor time for one of `each`, the least of several runs."""
    times = []
    for _ in range(RUNS):
        start = time.process_time()
        run()
        times.append(time.process_time() - start)
    return min(times) / each * 1e6


def policy_json(policy: ConditionalAccessPolicy) -> dict[str, object]:
    """The policy as a rival reads it; raises for anything that the translation doesn't know."""
    users, apps = policy.users, policy.applications
    assert isinstance(users, UserCondition)
    assert isinstance(apps, ApplicationCondition)
    assert not policy.unrecognised
    assert policy.client_apps is not None
    where, platforms = policy.locations, policy.platforms
    assert where is None or (where.include.anywhere and where.exclude.all_trusted)
    return {
        "id": policy.id,
        "everyone": users.include.everyone,
        "groups": [*users.include.groups, *users.include.roles],
        "notUsers": [*users.exclude.users],
        "notGroups": [*users.exclude.groups],
        "allApps": apps.include.everything,
        "apps": [*apps.include.apps],
        "clients": sorted(str(c.value) for c in policy.client_apps.types if c is not ClientApp.ALL),
        "anyClient": ClientApp.ALL in policy.client_apps.types or not policy.client_apps.types,
        "notPlatforms": [] if platforms is None else sorted(p.value for p in platforms.exclude),
        "untrustedOnly": where is not None,
        "risks": sorted(level.value for level in policy.sign_in_risk.levels),
    }


def trusted(tenant: Tenant, sign_in: SignIn) -> bool:
    """Whether the address is in a trusted place, by the standard library alone."""
    address = sign_in.address
    ips = tenant.mfa_settings.trusted_ips
    assert not isinstance(ips, NotRead)
    ranges = [
        each
        for place in tenant.named_locations.values()
        if isinstance(place, IpNamedLocation) and place.is_trusted
        for each in place.ranges
    ]
    return any(address in ipaddress.ip_network(each.text) for each in (*ranges, *ips))


def memberships(tenant: Tenant) -> dict[UserId, list[str]]:
    """Each person's groups through nesting, and roles."""
    found: dict[UserId, set[str]] = {user: set() for user in tenant.users}
    for group in tenant.groups:
        seen, waiting = set(), [group]
        while waiting:
            inner = waiting.pop()
            if inner in seen:
                continue
            seen.add(inner)
            members = tenant.groups[inner].members
            assert not isinstance(members, NotRead)
            for member in members:
                if UserId(member) in found:
                    found[UserId(member)].add(group)
                else:
                    waiting.append(GroupId(member))
    assert not isinstance(tenant.role_assignments, NotRead)
    for assignment in tenant.role_assignments:
        found[UserId(assignment.principal)].add(assignment.role)
    return {user: sorted(groups) for user, groups in found.items()}


def request(tenant: Tenant, sign_in: SignIn) -> dict[str, object]:
    """The sign-in as a rival reads it."""
    assert sign_in.client is not None
    assert sign_in.platform is not None
    assert sign_in.sign_in_risk is not None
    return {
        "user": sign_in.user,
        "app": sign_in.app,
        "client": sign_in.client.value,
        "platform": sign_in.platform.value,
        "trusted": trusted(tenant, sign_in),
        "risk": sign_in.sign_in_risk.value,
    }


def rivals(folder: Path, what: dict[str, object]) -> dict[str, dict[str, object]]:
    """What the rivals say and how long they take, in a process of their own environment."""
    python, stamp, lock = folder / "bin/python", folder / "lock", HERE / "rivals" / "lock.txt"
    if not stamp.exists() or stamp.read_bytes() != lock.read_bytes():
        print("setting up the rivals from their lock (once)", file=sys.stderr)
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(folder)], check=True)
        install = [str(python), "-m", "pip", "install", "--quiet", "--require-hashes", "-r", str(lock)]
        subprocess.run(install, check=True)
        stamp.write_bytes(lock.read_bytes())
    script = HERE / "rivals" / "decide.py"
    done = subprocess.run([str(python), str(script)], input=json.dumps(what), capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"the rivals failed:\n{done.stderr[-2000:]}")
    found: dict[str, dict[str, object]] = json.loads(done.stdout)
    return found


def main() -> int:
    """Exits with 1 where an engine names other policies, or a goal is missed."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument(
        "--environment", type=Path, default=Path(tempfile.gettempdir()) / "perca-bench-rivals"
    )
    chosen = options.parse_args()

    tenant = invented(PEOPLE, POLICIES)
    asked = [sign_in(tenant) for _ in range(ASKED)]
    book = rulebook(tenant)
    ours = [c for c in columns(book) if c.rule.source.provider == PROVIDER]
    table = Table(ours)
    rows = [table.rows(each) for each in asked]
    names = [column.rule.key for column in ours]

    def applying(mask: int) -> list[str]:
        return sorted(name for at, name in enumerate(names) if mask >> at & 1)

    said = [applying(table.must(each)) for each in rows]
    assert all(table.must(each) == table.may(each) for each in rows), "something is unknown"
    sample = random.Random(3).sample(range(ASKED), FEW)
    for at in sample:
        decision = decide(tenant, asked[at])
        told = sorted(
            a.rule.key
            for a in decision.rules
            if a.rule.enforced and a.rule.source.provider == PROVIDER and isinstance(a.answer, Yes)
        )
        assert told == said[at], "decide names other policies"

    must, unmet = table.must, table.unmet
    few: Sequence[SignIn] = [asked[at] for at in sample]

    def explained(asked_of: Tenant) -> None:
        for each in few:  # no answer is kept, as by a command that gives one
            as_json(asked_of, each, decide(asked_of, each))

    gc.collect()
    gc.freeze()

    times = {
        "table": least(lambda: [must(each) for each in rows], ASKED),
        "rows": least(lambda: [table.rows(each) for each in asked], ASKED),
        "unmet": least(lambda: [unmet(each) for each in rows], ASKED),
        "text": least(lambda: explained(tenant), FEW),
        "first": least(lambda: explained(replace(tenant)), FEW),
    }
    enabled = [p for p in tenant.policies if p.state is PolicyState.ENABLED]
    told_rivals = rivals(
        chosen.environment,
        {
            "policies": [policy_json(each) for each in enabled],
            "members": memberships(tenant),
            "requests": [request(tenant, asked[at]) for at in sample],
            "runs": RUNS,
        },
    )
    print(
        f"{len(enabled)} of {POLICIES} policies on, {PEOPLE} people, {ASKED} sign-ins, {sum(map(len, said)) / ASKED:.1f} apply on average"
    )
    print(f"{'':48}{'µs':>10}{'times the table':>18}{'goal':>10}")
    lines = {
        "which apply, values as rows (Table.must)": (times["table"], GOALS["table"]),
        "a sign-in's values to rows (Table.rows)": (times["rows"], None),
        "all unmet conditions as masks (Table.unmet)": (times["unmet"], GOALS["unmet"]),
        "all reasons with paths, as JSON (decide)": (times["text"], GOALS["text"]),
        "the same of a tenant that is new to us": (times["first"], None),
    }
    for name, (spent, goal) in lines.items():
        print(f"{name:48}{spent:10.2f}{spent / times['table']:18.0f}{'' if goal is None else goal:>10}")
    missed = [name for name, (spent, goal) in lines.items() if goal is not None and spent > goal]
    for name, rival in told_rivals.items():
        spent = float(str(rival["microseconds"]))
        print(f"{name:48}{spent:10.2f}{spent / times['table']:18.0f}{f'>={TIMES_FASTER}x':>10}")
        if rival["applying"] != [said[at] for at in sample]:
            print(f"{name} names other policies", file=sys.stderr)
            return 1
        if spent < TIMES_FASTER * times["table"]:
            missed.append(name)
    print(
        f"all engines name the same policies for {FEW} sign-ins; "
        + (f"missed: {missed}" if missed else "every goal met")
    )
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
