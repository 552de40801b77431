"""N policies, each with exclusions of its own: `python bench/family.py [N ...]`, by default 10 to 500. Goal: 500 in at most 5 seconds.

Each policy requires MFA of everybody for everything, but for one person, one application, one place and two platforms of its own. However large
N is, a sign-in escapes few of them: so the family is covered, until a hole is planted, one more person whom all leave out. Seconds are processor
time, of reading the policies' Graph JSON, of the classes, and of the proof with its regions. caOptics, on such policies on another day,
needed 37.6 s at N = 60 and ran out of memory at 75 (measured before, its own offline mode): its time grows with the cube of N.
Fails where 500 takes longer than the goal, or where an answer is wrong.
"""

from __future__ import annotations

import random
import sys
import time
from itertools import pairwise
from typing import Any

from perca.prove import Verdict, about_always_mfa, answer
from perca.prove.regions import regions
from perca.space import universe_of
from perca.wire import parse_snapshot

Json = dict[str, Any]

GOAL, SIZES = 5.0, (10, 30, 60, 100, 200, 300, 400, 500)
PLATFORMS = "android iOS windows windowsPhone macOS linux".split()


def guid(kind: int, number: int) -> str:
    return f"{number:08x}-0000-4000-8000-{kind:012x}"


def family(number: int, *, hole: bool) -> Json:
    """The snapshot of such a tenant. The person behind number `number` is in the hole."""
    dice = random.Random(number)
    return {
        "format": "perca/snapshot/1",
        "tenantId": guid(9, 1),
        "takenAt": "2026-11-24T00:00:00Z",
        "users": [
            {"id": guid(1, n), "userPrincipalName": f"user{n}@example.com", "userType": "Member", "perUserMfaState": "disabled"}
            for n in range(number + 50)
        ],
        "groups": [],
        "roleAssignments": [],
        "roleEligibilities": [],
        "servicePrincipals": [],
        "namedLocations": [
            {
                "@odata.type": "#microsoft.graph.ipNamedLocation",
                "id": guid(4, n),
                "displayName": f"Place {n}",
                "isTrusted": False,
                "ipRanges": [
                    {"@odata.type": "#microsoft.graph.iPv4CidrRange", "cidrAddress": f"10.{n // 256}.{n % 256}.0/24"}
                ],
            }
            for n in range(number)
        ],
        "securityDefaults": {"isEnabled": False},
        "mfaSettings": {"trustedIps": [], "trustFederatedIntranet": False, "rememberMfaDays": None, "allowAppPasswords": False},
        "conditionalAccessSettings": {"id": "s", "advancedSettings": None},
        "policies": [
            {
                "id": guid(5, n),
                "displayName": f"Policy {n}",
                "state": "enabled",
                "conditions": {
                    "users": {"includeUsers": ["All"], "excludeUsers": [guid(1, n), *([guid(1, number)] if hole else [])]},
                    "applications": {"includeApplications": ["All"], "excludeApplications": [guid(3, n)]},
                    "clientAppTypes": ["all"],
                    "platforms": {"includePlatforms": ["all"], "excludePlatforms": dice.sample(PLATFORMS, 2)},
                    "locations": {"includeLocations": ["All"], "excludeLocations": [guid(4, n)]},
                },
                "grantControls": {"operator": "OR", "builtInControls": ["mfa"]},
            }
            for n in range(number)
        ],
    }  # fmt: skip


def main() -> int:
    """A row for each N and either kind."""
    print(
        f"{'N':>5}{'hole':>6}{'read s':>9}{'classes s':>11}{'proof s':>9}{'all s':>8}{'of goal':>9}{'states':>8}  answer"
    )
    bad = []
    for number in [int(n) for n in sys.argv[1:]] or SIZES:
        for hole in (False, True):
            resource = family(number, hole=hole)
            marks = [time.process_time()]
            tenant = parse_snapshot(resource)
            marks.append(time.process_time())
            asked = about_always_mfa(tenant, universe_of(tenant))
            marks.append(time.process_time())
            proof = answer(asked)
            found = regions(asked, (Verdict.FAILS, Verdict.UNKNOWN))
            marks.append(time.process_time())
            read, cut, proved = (after - before for before, after in pairwise(marks))
            whole = marks[-1] - marks[0]
            right = proof.holds is not hole and found.complete
            right = right and proof.failing_people == ((guid(1, number),) if hole else ())
            print(
                f"{number:5}{'yes' if hole else 'no':>6}{read:9.2f}{cut:11.2f}{proved:9.2f}{whole:8.2f}"
                f"{whole / GOAL:9.0%}{proof.states:8,}  {proof.holds}, {len(found.regions)} regions{'' if right else ' WRONG'}",
                flush=True,
            )
            if not right or (number == 500 and whole > GOAL):
                bad.append(number)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
