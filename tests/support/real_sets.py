"""The real policy sets beside the project, each in a small embedded tenant with an invented person for everything that its policies name.

A placeholder or an id of the files becomes a group, a place, an application or a strength of that tenant. Each group has one member,
each place a few addresses, each role one holder; nothing is left empty.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from perca.tenant import Store
from perca.tenant.guid import made_guid
from perca.tenant.importing import import_files
from perca.tenant.records import Writing

Json = dict[str, Any]

SETS = (
    ("AlexFilipin__ConditionalAccess", "PolicySets/Bare minimum"),
    ("AlexFilipin__ConditionalAccess", "PolicySets/Category structure for AADP2"),
    ("Azure-Samples__azure-ad-conditional-access-apis", ""),
    ("Cloudshield-io__Conditional-Access-Framework", ""),
    ("Clutch2View__nis2-conditional-access-policies", ""),
    ("DataGuys__ConditionalAccessAnalyzer", ""),
    ("j0eyv__ConditionalAccessBaseline", ""),
    ("jsa2__caOptics", "demodata/extremelyNarrow.json"),
    ("jsa2__caOptics", "demodata/largePol.json"),
    ("jsa2__caOptics", "demodata/multipleGuestTypes.json"),
    ("jsa2__caOptics", "demodata/policies.json"),
    ("philippkohn__ConditionalAccessforZeroTrustResources", ""),
    ("topazyo__conditional-access-automation", ""),
)
"""The sets, and of the two whose folders or files are sets of their own, some of these."""
NUMBER = 7
DOMAIN = "sets.example"


@dataclass(frozen=True, slots=True)
class RealSet:
    """What was made of one set."""

    store: Store
    policies: int
    switched_on: int
    """How many of them are on here and aren't in their files."""
    not_stored: tuple[str, ...]
    """Those that the tenant refused, and why."""
    people: int


def every_set(fixtures: Path) -> list[tuple[str, str]]:
    """The sets, and all others within the two that hold several."""
    folder = fixtures / "policies"
    alternatives = sorted((folder / "AlexFilipin__ConditionalAccess" / "PolicySets").iterdir())
    demos = sorted((folder / "jsa2__caOptics" / "demodata").glob("*.json"))
    more = [
        *(("AlexFilipin__ConditionalAccess", f"PolicySets/{each.name}") for each in alternatives),
        *(("jsa2__caOptics", f"demodata/{each.name}") for each in demos),
    ]
    return list(dict.fromkeys([*SETS, *more]))


def title(name: str, part: str) -> str:
    """What a page calls the set."""
    return name.replace("__", "/") + (f": {part}" if part else "")


def real_set(fixtures: Path, name: str, part: str, file: Path) -> RealSet:
    """The set in a new tenant at that file.

    Its states are kept where most of its policies are on; of a set that is mostly off, report-only or without states, a template
    to be switched on, all are on.
    """
    store = Store.create(file, number=NUMBER)
    folder = fixtures / "policies" / name / part
    done = import_files(store, [folder], create_missing=True, exclude_emergency=False)
    with store.writing() as now:
        switched = _switch_on(now)
        _name_shortly(now)
        _fill_places(now)
        people = sum(1 for _ in _people(now))
    return RealSet(
        store,
        len(done.stored),
        switched,
        tuple(f"`{each.display_name}`: {each.reason}" for each in done.refused),
        people,
    )


def _switch_on(now: Writing) -> int:
    policies = now.all("policies")
    off = [each for each in policies if each["state"] != "enabled"]
    if 2 * len(off) < len(policies):
        return 0
    for each in off:
        now.put("policies", each["id"], {**each, "state": "enabled"}, each["displayName"])
    return len(off)


_KINDS = {"groups": "group", "namedLocations": "place", "servicePrincipals": "app"}
_ID = re.compile(r"(?:Imported )?([0-9a-fxy]{8})-[-0-9a-fxy]{27}", re.IGNORECASE)


def _name_shortly(now: Writing) -> None:
    """What is named by an id alone is named by the beginning of it."""
    for kind, noun in _KINDS.items():
        for each in now.all(kind):
            if found := _ID.fullmatch(each["displayName"]):
                name = f"{noun} {found[1]}"
                now.put(
                    kind,
                    each["id"],
                    {**each, "displayName": name},
                    each["appId"] if kind == "servicePrincipals" else name,
                )


def _fill_places(now: Writing) -> None:
    """Each place that was made gets addresses of its own; and there is one trusted office."""
    for number, place in enumerate(now.all("namedLocations")):
        ranges = [_range(f"198.51.{100 + number // 16}.{number % 16 * 16}/28")]
        now.put("namedLocations", place["id"], {**place, "ipRanges": ranges}, place["displayName"])
    office = made_guid(NUMBER, "sets/office")
    body = {
        "@odata.type": "#microsoft.graph.ipNamedLocation",
        "id": office,
        "displayName": "The invented office",
        "isTrusted": True,
        "ipRanges": [_range("203.0.113.0/24")],
    }
    now.put("namedLocations", office, body, body["displayName"])


def _range(cidr: str) -> Json:
    return {"@odata.type": "#microsoft.graph.iPv4CidrRange", "cidrAddress": cidr}


def _people(now: Writing) -> Iterator[str]:
    """One member in no group, one guest, and one person for each group and role that a policy names."""
    yield _person(now, "member")
    yield _person(now, "guest#EXT#", userType="Guest", creationType="Invitation")
    for group in _named(now, "Groups"):
        held = now.get("groups", group)
        assert held is not None
        person = _person(now, f"in-{_slug(held['displayName'])}")
        now.join(group, person, "users")
        yield person
    for role in _named(now, "Roles"):
        known = now.get("roleDefinitions", role) or {"displayName": f"role {role[:8]}"}
        person = _person(now, f"with-{_slug(known['displayName'])}")
        row = {"principalId": person, "roleDefinitionId": role, "directoryScopeId": "/"}
        now.put("roleAssignments", f"at-{role}", {"id": f"at-{role}", **row})
        yield person


def _slug(name: str) -> str:
    return re.sub("[^0-9A-Za-z]+", "-", name).strip("-")


def _named(now: Writing, noun: str) -> list[str]:
    """The groups or roles that the users conditions of policies on people name."""
    found: dict[str, None] = {}
    for policy in now.all("policies"):
        users = policy["conditions"].get("users") or {}
        for side in ("include", "exclude"):
            found.update(dict.fromkeys(users.get(f"{side}{noun}") or ()))
    return list(found)


def _person(now: Writing, name: str, **more: str) -> str:
    id = made_guid(NUMBER, f"sets/{name}")
    upn = f"{name}@{DOMAIN}"
    body = {"id": id, "userPrincipalName": upn, "accountEnabled": True, "userType": "Member", **more}
    now.put("users", id, {"displayName": None, **body}, upn)
    return id
