"""Writes an invented company into a tenant that was just made, and tells what it made.

It is the tenant's state from the beginning: no lag holds any of it back, and it leaves no trace in the diary of changes.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping
from pathlib import Path

from perca.errors import BadInput
from perca.model import UserId, fold
from perca.tenant import schema
from perca.tenant.apps import service_principal
from perca.tenant.guid import made_guid
from perca.tenant.json import Json, dumps
from perca.tenant.owners import owners_document
from perca.tenant.picture import Picture
from perca.tenant.records import Name, Writing
from perca.tenant.seed.groups import Groups, company_groups, role_documents
from perca.tenant.seed.history import attempts
from perca.tenant.seed.names import company
from perca.tenant.seed.people import Kind, Person, counts, roster
from perca.tenant.seed.policies import MFA_SETTINGS, OWN_APPS, places, policies
from perca.tenant.sign_in import Judge
from perca.tenant.store import Store
from perca.tenant.validity import Checker

CREATED = "2024-03-04T09:00:00Z"
REPORTED = "2026-11-01T22:00:00Z"


def seeded(path: Path, people: int, number: int) -> Store:
    """A new tenant with a company of that many people. BadInput when the file is there already, or they are too few.

    The file appears whole or not at all.
    """
    counts(people)
    if path.exists():
        raise BadInput(f"`{path}` is already there", "name a new file, or delete that one first")
    half = path.with_name(f".{path.name}.half-made")
    for left_over in (half, *(half.with_name(half.name + end) for end in ("-wal", "-shm", "-journal"))):
        left_over.unlink(missing_ok=True)
    store = Store.create(half, number=number, name=company_name(number))
    try:
        seed(store, people, number)
    finally:
        store.close()
    half.rename(path)
    return Store.open(path)


def company_name(number: int) -> Name:
    """The tenant's id, name and first domain."""
    name = company(number)
    return Name(made_guid(number, "tenant"), name, f"{name.replace(' ', '').lower()}{number}.onmicrosoft.com")


def seed(store: Store, people: int, number: int) -> None:
    """Fills the store. BadInput when it already holds people, or the company would be too small."""
    counts(people)
    with store.writing() as now:
        if now.count("users"):
            raise BadInput(f"`{store.path}` already holds people", "seed a new file")
        first = str(now.setting("domain"))
        domain = f"{company(number).replace(' ', '-').lower()}.example"
        staff = list(roster(people, number, first, domain))
        groups = company_groups(staff, number)
        _directory(now, staff, groups, number)
        _domains(now, domain)
        _policies(now, staff, groups, number)
        _history(now, staff, number)


def _directory(now: Writing, staff: list[Person], groups: Groups, number: int) -> None:
    _add(now, "users", ((p.user(CREATED), p.user_principal_name) for p in staff))
    _add(now, "registrations", ((p.registration(REPORTED), None) for p in staff))
    _add(now, "groups", ((group, group["mailNickname"]) for group in groups.documents(CREATED)))
    _add(
        now,
        "owners",
        ((owners_document(group, [(owner, "users")]), None) for group, owner in groups.owned(staff)),
    )
    rows = sorted(groups.memberships())
    now.run_many(schema.JOIN, ({"group_id": g, "member": m, "member_kind": k} for g, m, k in rows))
    now.run_many(schema.PUT_STATE, ({"user": p.id, "state": p.state.value} for p in staff))
    now.run_many(
        schema.PUT_APP_PASSWORDS, ({"user": p.id, "count": p.app_passwords} for p in staff if p.app_passwords)
    )
    now.run_many(schema.ADD_KIND, ({"kind": p.kind.value, "user": p.id} for p in staff))
    for kind, body in role_documents(staff, groups):
        _add(now, kind, [(body, None)])
    tenant = str(now.setting("tenantId"))
    for name in OWN_APPS:
        app = service_principal(number, made_guid(number, f"app/{name}"), name, tenant, CREATED)
        _add(now, "servicePrincipals", [(app, app["appId"])])


def _add(now: Writing, kind: str, documents: Iterable[tuple[Json, str | None]]) -> None:
    rows = (
        {"kind": kind, "id": fold(body["id"]), "key": None if key is None else fold(key), "body": dumps(body)}
        for body, key in documents
    )
    now.run_many(schema.ADD, rows)


def _domains(now: Writing, domain: str) -> None:
    (organization,) = now.all("organization")
    (first,) = organization["verifiedDomains"]
    own = {**first, "isDefault": True, "isInitial": False, "name": domain}
    body = {
        **organization,
        "onPremisesSyncEnabled": True,
        "verifiedDomains": [{**first, "isDefault": False}, own],
    }
    _replace(now, "organization", body)
    _replace(now, "mfaSettings", {"id": "mfaSettings", **MFA_SETTINGS})


def _replace(now: Writing, kind: str, body: Json) -> None:
    now.run(schema.CHANGE, the_kind=kind, the_id=fold(body["id"]), key=None, body=dumps(body))


def _policies(now: Writing, staff: list[Person], groups: Groups, number: int) -> None:
    _add(now, "namedLocations", ((place, place["displayName"]) for place in places(number, CREATED)))
    emergency = [person.id for person in staff if person.kind is Kind.EMERGENCY]
    checker = Checker(now)
    for n, sent in enumerate(policies(groups, emergency)):
        dates = {"createdDateTime": CREATED, "modifiedDateTime": None, "deletedDateTime": None}
        policy = {"id": made_guid(number, f"policy/{n}"), **dates, **checker.policy(sent)}
        _add(now, "policies", [(policy, policy["displayName"])])


def _history(now: Writing, staff: list[Person], number: int) -> None:
    picture = Picture(lagging=False)
    judge = Judge(picture.tenant(now), picture.app_passwords)
    found = attempts(staff, number, now.now)
    records = [
        judge.answer(asked, made_guid(number, f"signIn/{n}"), at)[1] for n, (at, asked) in enumerate(found)
    ]
    now.log(records, judge.texts(asked for _, asked in found))


def kinds(store: Store) -> Mapping[str, list[UserId]]:
    """The people of each kind in the seed, by the kind's name; each person has exactly one."""
    with store.reading() as now:
        rows = now.rows(schema.ALL_KINDS)
    return {
        kind: [UserId(user) for _, user in each]
        for kind, each in itertools.groupby(rows, key=lambda row: str(row[0]))
    }


def mfa_settings(store: Store) -> Json:
    """The per-user MFA service settings, as the operator of a snapshot would write them down. Graph shows them to nobody."""
    with store.reading() as now:
        body = now.get("mfaSettings", "mfaSettings") or {}
    return {name: value for name, value in body.items() if name != "id"}
