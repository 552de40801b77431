"""Hostile sets of policies: `python bench/hostile.py [seconds] [people]`, by default 90 seconds a set and 20,000 people.

`broad` are policies for everybody everywhere but a random fifth of each coordinate, so that nothing can be left out soon; `unread` are the same in
a tenant of which nobody read how it enforces baseline scopes, so that each policy may or may not apply to some requests; `groups` are for random
large groups and a third to two thirds of all else. They are invented from a seed as Graph's JSON and read like any snapshot. Each set is asked
whether MFA is always required, in a process of its own, within the budget that `perca prove` has by default: by the walk, by diagrams once its
states are spent, or not decided. Seconds are by the clock, with the building of classes apart; memory is the most that the process held; the last
columns are shares of the limits. Fails where a set goes on for longer than its limit and a fifth, or holds more memory.
"""

from __future__ import annotations

import json
import random
import resource
import subprocess
import sys
import time
from typing import Any

from perca.app import meter
from perca.model import UserId
from perca.prove import Budget, about_always_mfa, answer
from perca.space import universe_of
from perca.wire import parse_snapshot

Json = dict[str, Any]

SEED, APPS, PLACES = 20, 1_000, 200
PLATFORMS = "android iOS windows windowsPhone macOS linux".split()
CLIENTS = "browser mobileAppsAndDesktopClients exchangeActiveSync other".split()
RISKS = "none low medium high".split()
SETS = [(kind, n) for kind in ("broad", "unread", "groups") for n in (10, 25, 50, 100, 240)]
MEMORY = 4 * 10**9
SLACK = 1.2
"""One step of a diagram can't be interrupted: what it may take beyond the limit."""


def guid(kind: int, number: int) -> str:
    return f"{number:08x}-0000-4000-8000-{kind:012x}"


def hostile(kind: str, policies: int, people: int, apps: int = APPS, places: int = PLACES) -> Json:
    """The snapshot of a tenant with so many policies of that kind."""
    dice = random.Random(SEED)
    users, groups = [guid(1, n) for n in range(people)], [guid(2, n) for n in range(60)]
    ids = [guid(3, n) for n in range(apps)]
    held = [guid(4, n) for n in range(places)]

    def some(values: list[str], least: float, most: float) -> list[str]:
        return dice.sample(values, max(1, round(len(values) * dice.uniform(least, most))))

    def conditions() -> Json:
        if kind != "groups":
            without = {"least": 0.2, "most": 0.2}
            return {
                "users": {"includeUsers": ["All"]},
                "applications": {"includeApplications": ["All"], "excludeApplications": some(ids, **without)},
                "clientAppTypes": some(CLIENTS, 0.8, 0.8),
                "platforms": {"includePlatforms": ["all"], "excludePlatforms": some(PLATFORMS, **without)},
                "locations": {"includeLocations": ["All"], "excludeLocations": some(held, **without)},
                "signInRiskLevels": some(RISKS, 0.8, 0.8),
                "userRiskLevels": some(RISKS, 0.8, 0.8),
            }
        part = {"least": 1 / 3, "most": 2 / 3}
        return {
            "users": {"includeGroups": dice.sample(groups, 4), "excludeGroups": dice.sample(groups, 1)},
            "applications": {"includeApplications": some(ids, **part)},
            "clientAppTypes": some(CLIENTS, **part),
            "platforms": {"includePlatforms": some(PLATFORMS, **part)},
            "locations": {"includeLocations": some(held, **part)},
            "signInRiskLevels": some(RISKS, **part),
            "userRiskLevels": some(RISKS, **part),
        }

    return {
        "format": "perca/snapshot/1",
        "tenantId": guid(9, 1),
        "takenAt": "2026-11-24T00:00:00Z",
        "users": [
            {"id": id, "userPrincipalName": f"user{n}@example.com", "userType": "Member", "perUserMfaState": "disabled"}
            for n, id in enumerate(users)
        ],
        "groups": [
            {"id": id, "displayName": f"Group {n}", "members": dice.sample(users, round(people * dice.uniform(0.2, 0.5)))}
            for n, id in enumerate(groups)
        ],
        "roleAssignments": [],
        "roleEligibilities": [],
        "servicePrincipals": [],
        "namedLocations": [
            {
                "@odata.type": "#microsoft.graph.ipNamedLocation",
                "id": id,
                "displayName": f"Place {n}",
                "isTrusted": False,
                "ipRanges": [
                    {"@odata.type": "#microsoft.graph.iPv4CidrRange", "cidrAddress": f"10.{n // 3}.{n % 3 * 64}.0/18"}
                ],
            }
            for n, id in enumerate(held)
        ],
        "securityDefaults": {"isEnabled": False},
        **({} if kind == "unread" else {"conditionalAccessSettings": {"id": "s", "advancedSettings": None}}),
        "mfaSettings": {"trustedIps": [], "trustFederatedIntranet": False, "rememberMfaDays": None, "allowAppPasswords": False},
        "policies": [
            {
                "id": guid(5, n),
                "displayName": f"Policy {n}",
                "state": "enabled",
                "conditions": conditions(),
                "grantControls": {"operator": "OR", "builtInControls": ["mfa"]},
            }
            for n in range(policies)
        ],
    }  # fmt: skip


class Running:
    """What the proof costs, without the classes."""

    def __init__(self) -> None:
        self.begin()

    def begin(self) -> None:
        """Starts the clock anew."""
        self._meter = meter()

    def seconds(self) -> float:
        return self._meter.seconds()

    def memory(self) -> int:
        return self._meter.memory()


def measure(kind: str, policies: int, seconds: float, people: int) -> Json:
    """One set, in this process."""
    tenant = parse_snapshot(hostile(kind, policies, people))
    over = universe_of(tenant, people=[UserId(guid(1, n)) for n in range(people)])
    running = Running()
    start = time.monotonic()
    asked = about_always_mfa(tenant, over, Budget(seconds=seconds, memory=MEMORY, meter=running))
    cut = time.monotonic() - start
    running.begin()
    start = time.monotonic()
    proof = answer(asked)
    spent = time.monotonic() - start
    return {
        "classes": " × ".join(str(len(axis.classes)) for axis in asked.space.axes if len(axis.classes) > 1),
        "engine": proof.engine if proof.not_decided is None else "not decided",
        "why": proof.not_decided or "",
        "holds": proof.holds,
        "failing": proof.failing,
        "undecided": len(proof.undecided_people),
        "states": asked.engine.walk.states,
        "cut": cut,
        "seconds": spent,
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
    }


def main() -> int:
    """A row a set."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 90.0
    people = int(sys.argv[2]) if len(sys.argv) > 2 else 20_000
    print(
        f"{people:,} people, {APPS:,} applications, {PLACES} places; at most 500,000 states, {seconds:g} s, {MEMORY / 1e9:g} GB"
    )
    print(
        f"{'set':12}{'answer':>13}{'states':>9}{'classes s':>10}{'s':>7}{'MB':>7}{'of s':>6}{'of GB':>6}   classes, and why not"
    )
    late = []
    for kind, policies in SETS:
        name = f"{kind} {policies}"
        ran = subprocess.run(
            [sys.executable, __file__, "one", kind, str(policies), str(seconds), str(people)],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        if ran.returncode:
            print(f"{name:12} {ran.stderr.strip().splitlines()[-1] if ran.stderr else ran.returncode}")
            late.append(name)
            continue
        got = json.loads(ran.stdout)
        of_time, of_memory = got["seconds"] / seconds, got["memory"] / MEMORY
        print(
            f"{name:12}{got['engine']:>13}{got['states']:9,}{got['cut']:10.2f}{got['seconds']:7.2f}{got['memory'] / 1e6:7.0f}"
            f"{of_time:6.0%}{of_memory:6.0%}   {got['classes']}  {got['why']}",
            flush=True,
        )
        if of_time > SLACK or of_memory > 1:
            late.append(name)
    if late:
        print("beyond its limit:", ", ".join(late))
    return 1 if late else 0


if __name__ == "__main__":
    if sys.argv[1:2] == ["one"]:
        kind, number, limit, many = sys.argv[2:]
        print(json.dumps(measure(kind, int(number), float(limit), int(many))))
    else:
        sys.exit(main())
