"""The groups, roles and memberships of an invented company: departments of teams, all staff of departments, and a few by purpose.

Promises a nested exclusion (`MFA Exceptions` holds `Shared Scanners`, which holds people), a role held through a group, a role
at the scope of a unit, and somebody who is only eligible.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from perca.tenant.builtin import DIRECTORY_SYNCHRONIZATION, GLOBAL_ADMINISTRATOR, ROLES
from perca.tenant.guid import made_guid
from perca.tenant.json import Json
from perca.tenant.seed.names import DEPARTMENTS, TEAM_SIZE
from perca.tenant.seed.people import Kind, Person

ALL_STAFF = "All Staff"
PARTNERS = "Partners"
EXCEPTIONS = "MFA Exceptions"
SCANNERS = "Shared Scanners"
KIOSKS = "Kiosk Operators"
WORKSTATIONS = "Shared Workstations"
EXCHANGE_ADMINS = "Exchange Admins"
PILOT = "CA Pilot"


@dataclass
class Groups:
    """Groups by name, each with the ids of its people and the names of the groups within it."""

    number: int
    people: dict[str, list[str]] = field(default_factory=dict)
    inner: dict[str, list[str]] = field(default_factory=dict)

    def id(self, name: str) -> str:
        """The group's id."""
        return made_guid(self.number, f"group/{name}")

    def add(self, name: str, people: Sequence[str] = (), inner: Sequence[str] = ()) -> None:
        """Makes a group, or adds to one."""
        self.people.setdefault(name, []).extend(people)
        self.inner.setdefault(name, []).extend(inner)

    def documents(self, created: str) -> Iterator[Json]:
        """The groups as Graph shows them."""
        for name in self.people:
            role = name == EXCHANGE_ADMINS
            yield {
                "id": self.id(name),
                "createdDateTime": created,
                "deletedDateTime": None,
                "description": None,
                "displayName": name,
                "groupTypes": [],
                "isAssignableToRole": True if role else None,
                "mail": None,
                "mailEnabled": False,
                "mailNickname": name.lower().replace(" ", "-"),
                "membershipRule": None,
                "onPremisesSyncEnabled": None,
                "securityEnabled": True,
                "visibility": "Private" if role else None,
            }

    def owned(self, people: Sequence[Person]) -> Iterator[tuple[str, str]]:
        """Group and owner: an administrator owns the exceptions and the pilot, somebody of the department each department."""
        admin = next(person.id for person in people if person.kind is Kind.ADMINISTRATOR)
        yield from ((self.id(name), admin) for name in (EXCEPTIONS, PILOT))
        for department in DEPARTMENTS:
            heads = (p.id for p in people if p.department == department and p.kind is Kind.ENFORCED)
            yield from ((self.id(department), head) for head in itertools.islice(heads, 1))

    def memberships(self) -> Iterator[tuple[str, str, str]]:
        """Group, member, kind of the member."""
        for name, people in self.people.items():
            yield from ((self.id(name), person, "users") for person in people)
        for name, inner in self.inner.items():
            yield from ((self.id(name), self.id(group), "groups") for group in inner)


def company_groups(people: Sequence[Person], number: int) -> Groups:
    """All groups of the company."""
    chance = random.Random(f"groups/{number}")
    groups = Groups(number)
    for department in DEPARTMENTS:
        staff = [person.id for person in people if person.department == department]
        teams = [f"{department} Team {n + 1}" for n in range(max(1, len(staff) // TEAM_SIZE))]
        for n, team in enumerate(teams):
            groups.add(team, staff[n :: len(teams)])
        groups.add(department, inner=teams)
    groups.add(ALL_STAFF, inner=tuple(DEPARTMENTS))
    groups.add(PARTNERS, [person.id for person in people if person.kind is Kind.GUEST])

    sales = [person for person in people if person.department == "Sales"]
    enforced = [person.id for person in sales if person.kind is Kind.ENFORCED][:3]
    plain = [person.id for person in people if person.kind is Kind.DISABLED]
    groups.add(SCANNERS, [*enforced, *plain[:2]])
    groups.add(EXCEPTIONS, plain[2:3], inner=[SCANNERS])
    groups.add(KIOSKS, plain[3:6])
    production = [person.id for person in people if person.department == "Production"]
    groups.add(WORKSTATIONS, production[: max(2, len(production) // 20)])
    admins = [person.id for person in people if person.kind is Kind.ADMINISTRATOR]
    groups.add(EXCHANGE_ADMINS, admins[1:2])
    groups.add(PILOT, chance.sample(plain, min(len(plain), 10)), inner=["IT"])
    return groups


_ADMIN_ROLES = (
    "Global Administrator",
    "User Administrator",
    "Conditional Access Administrator",
    "SharePoint Administrator",
    "Security Administrator",
    "Helpdesk Administrator",
    "Teams Administrator",
)


def role_documents(people: Sequence[Person], groups: Groups) -> Iterator[tuple[str, Json]]:
    """Role assignments and eligibilities, each with its kind of document."""
    number = groups.number
    of_kind: dict[Kind, list[Person]] = {}
    for person in people:
        of_kind.setdefault(person.kind, []).append(person)

    def assigned(principal: str, role: str, scope: str = "/") -> tuple[str, Json]:
        id = made_guid(number, f"roleAssignment/{principal}/{role}/{scope}")
        return "roleAssignments", {
            "id": id,
            "principalId": principal,
            "directoryScopeId": scope,
            "roleDefinitionId": role,
        }

    for person in of_kind[Kind.EMERGENCY]:
        yield assigned(person.id, GLOBAL_ADMINISTRATOR)
    for person in of_kind[Kind.SYNCHRONISATION]:
        yield assigned(person.id, DIRECTORY_SYNCHRONIZATION)
    for n, person in enumerate(of_kind[Kind.ADMINISTRATOR]):
        if n != 1:  # who holds a role through a group instead
            yield assigned(person.id, ROLES[_ADMIN_ROLES[n % len(_ADMIN_ROLES)]])
    yield assigned(groups.id(EXCHANGE_ADMINS), ROLES["Exchange Administrator"])
    for n, person in enumerate(of_kind[Kind.UNIT_ADMINISTRATOR]):
        unit = made_guid(number, f"administrativeUnit/{n}")
        yield assigned(person.id, ROLES["Helpdesk Administrator"], f"/administrativeUnits/{unit}")
    eligible = next(p for p in people if p.kind is Kind.ENFORCED)
    yield (
        "roleEligibilitySchedules",
        {
            "id": made_guid(number, "roleEligibility/0"),
            "principalId": eligible.id,
            "roleDefinitionId": ROLES["Security Administrator"],
            "directoryScopeId": "/",
            "status": "Provisioned",
            "memberType": "Direct",
        },
    )
