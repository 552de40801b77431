"""A snapshot file (`perca/snapshot/1`), or a bare policy export, to a tenant.

Promises that an absent collection leaves its facts unknown and that null is no collection: `users: null` is BadInput, since
"nobody" and "not read" must never look alike. What `missing` names is NotRead. Unknown members are passed over; a newer major
version of the format is refused.
"""

from __future__ import annotations

import gc
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from operator import attrgetter
from types import MappingProxyType
from typing import TypeVar

from perca.errors import BadInput
from perca.model import (
    Group,
    GroupId,
    Missing,
    NotRead,
    RoleAssignment,
    Tenant,
    TenantId,
    User,
    UserId,
    fold,
)
from perca.wire.authentication import last_successes, mailboxes, parse_domains, parse_methods_policy
from perca.wire.decode import decode
from perca.wire.exports import is_partial, read_policies
from perca.wire.members import names, spelled_alone
from perca.wire.missing import Gaps, gaps, parse_missing
from perca.wire.organisations import parse_cross_tenant
from perca.wire.people import (
    parse_group,
    parse_registration,
    parse_role_assignment,
    parse_user,
)
from perca.wire.places import parse_named_location
from perca.wire.principals import parse_application
from perca.wire.settings import (
    parse_baseline_scopes,
    parse_mfa_settings,
    parse_registration_policy,
    parse_security_defaults,
)
from perca.wire.strengths import parse_strength
from perca.wire.values import Json, JsonObject, JsonValue, shown

FORMAT = "perca/snapshot/1"
POLICIES = "identity/conditionalAccess/policies"
"""The Graph path under which `missing` speaks of the policies."""
PLACES = "identity/conditionalAccess/namedLocations"
"""The same of the named locations: without all of them nobody knows which places are trusted."""

_NAMES = names(
    "format tenantId displayName takenAt missing users groups roleAssignments roleEligibilities policies namedLocations "
    "authenticationStrengths servicePrincipals securityDefaults registrations mfaSettings registrationPolicy "
    "conditionalAccessSettings crossTenantAccess domains authenticationMethodsPolicy"
)
_OF_A_SNAPSHOT = frozenset(_NAMES) - {"displayName", "policies"}
_VERSION = re.compile(r"perca/snapshot/([0-9]+)")

K = TypeVar("K", bound=str)
V = TypeVar("V")


def read_tenant(data: bytes, name: str) -> Tenant:
    """The tenant in a file's bytes: a snapshot, or policies in any shape; `name` is what errors call it."""
    with _no_collector():
        value = decode(data, name)
        if isinstance(value, dict) and _is_snapshot(value):
            try:
                return parse_snapshot(value)
            except BadInput as error:
                raise BadInput(f"`{name}`: {error.message}", error.hint) from error
        return bare_tenant(value, name)


@contextmanager
def _no_collector() -> Iterator[None]:
    """Without the collector of cycles: of a million people there are none, and it looks at all of them again and again."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def bare_tenant(value: JsonValue, name: str) -> Tenant:
    """A tenant of which only the policies are known."""
    partial = Missing(POLICIES, "the export is one page of several")
    return Tenant(
        policies=tuple(read_policies(value, name)),
        role_assignments=NotRead("the file holds only policies"),
        role_eligibilities=NotRead("the file holds only policies"),
        missing=(partial,) if is_partial(value) else (),
    )


def parse_snapshot(resource: Json) -> Tenant:
    """The tenant that a snapshot describes; raises BadInput for what is no snapshot, or of a newer major version."""
    snapshot = spelled_alone(resource, _NAMES)
    _check_format(snapshot.get("format"))
    missing = parse_missing(snapshot.get("missing"))
    unread = gaps(missing)
    people = _collection(snapshot, "users") or []
    principals = _collection(snapshot, "servicePrincipals")
    others = {fold(each["id"]) for each in principals or () if isinstance(each.get("id"), str)}
    if "policies" not in snapshot and not any(entry.what.strip("/") == POLICIES for entry in missing):
        missing = (*missing, Missing(POLICIES, "policies were not given"))
    if "namedLocations" not in snapshot and not any(entry.what.strip("/") == PLACES for entry in missing):
        missing = (*missing, Missing(PLACES, "namedLocations were not given"))
    return Tenant(
        users=_users(people, unread),
        groups=_groups(snapshot, unread, others),
        role_assignments=unread.role_assignments or _assignments(snapshot, "roleAssignments", others),
        role_eligibilities=unread.role_eligibilities or _assignments(snapshot, "roleEligibilities", others),
        registrations=_table(snapshot, "registrations", parse_registration, lambda row: row.user),
        policies=tuple(read_policies([*(_collection(snapshot, "policies") or ())], "policies")),
        named_locations=_table(snapshot, "namedLocations", parse_named_location, lambda place: place.id),
        strengths=_table(snapshot, "authenticationStrengths", parse_strength, lambda each: each.id),
        applications=MappingProxyType(dict(filter(None, map(parse_application, principals or ())))),
        security_defaults=unread.security_defaults
        or parse_security_defaults(snapshot.get("securityDefaults")),
        cross_tenant=parse_cross_tenant(snapshot.get("crossTenantAccess"), unread),
        mfa_settings=parse_mfa_settings(_object(snapshot, "mfaSettings")),
        registration_policy=parse_registration_policy(snapshot.get("registrationPolicy")),
        baseline_scopes=unread.baseline_scopes
        or parse_baseline_scopes(snapshot.get("conditionalAccessSettings")),
        domains=parse_domains(snapshot.get("domains"), missing),
        methods=parse_methods_policy(snapshot.get("authenticationMethodsPolicy"), missing),
        last_successes=last_successes(people, missing),
        mailboxes=mailboxes(people),
        id=TenantId(fold(_text(snapshot, "tenantId"))),
        display_name=_text(snapshot, "displayName"),
        taken_at=_text(snapshot, "takenAt"),
        missing=missing,
    )


def _is_snapshot(value: JsonObject) -> bool:
    keys = {key.lower() for key in value}
    return "conditions" not in keys and not keys.isdisjoint({name.lower() for name in _OF_A_SNAPSHOT})


def _check_format(value: JsonValue) -> None:
    if value is None:
        return
    version = _VERSION.fullmatch(value) if isinstance(value, str) else None
    if version is None:
        raise BadInput(
            f"its format is `{shown(value)}`, not `{FORMAT}`", "take it with `perca snapshot take`"
        )
    if version[1] != "1":
        raise BadInput(f"its format `{shown(value)}` is not one this version reads", "use a newer perca")


def _collection(snapshot: JsonObject, name: str) -> list[Json] | None:
    """The collection's resources; None where it is absent."""
    if name not in snapshot:
        return None
    value = snapshot[name]
    if not isinstance(value, list):
        hint = "a list is needed; leave the member out, and name it in `missing`, if it could not be read"
        raise BadInput(f"`{name}` is {'null' if value is None else 'no list'}", hint)
    rows = [item for item in value if isinstance(item, dict)]
    if len(rows) < len(value):
        number = next(number for number, item in enumerate(value, 1) if not isinstance(item, dict))
        raise BadInput(f"entry {number} of `{name}` is no object", "a Graph resource is needed")
    return rows


def _table(
    snapshot: JsonObject, name: str, parse: Callable[[Json], V], key: Callable[[V], K]
) -> Mapping[K, V]:
    """The collection by id; raises BadInput for an entry without one, or for two that differ under one id."""
    return _by_id(_collection(snapshot, name) or [], name, parse, key)


def _by_id(
    rows: Sequence[Json], name: str, parse: Callable[[Json], V], key: Callable[[V], K]
) -> Mapping[K, V]:
    table: dict[K, V] = {}
    for number, resource in enumerate(rows, 1):
        try:
            value = parse(resource)
        except BadInput as error:
            raise BadInput(f"entry {number} of `{name}`: {error.message}", error.hint) from error
        id = key(value)
        if not id:
            raise BadInput(f"entry {number} of `{name}` has no `id`", "every entry needs one")
        held = table.setdefault(id, value)
        if held is not value and held != value:
            raise BadInput(f"`{name}` holds two that differ under the id `{id}`", "keep one of them")
    return MappingProxyType(table)


def _users(rows: Sequence[Json], unread: Gaps) -> Mapping[UserId, User]:
    users = _by_id(rows, "users", parse_user, attrgetter("id"))
    if unread.all_states is not None:
        return MappingProxyType(
            {key: replace(user, per_user_mfa=unread.all_states) for key, user in users.items()}
        )
    states = {key: state for key, state in unread.states.items() if key in users}
    changed = {key: replace(users[key], per_user_mfa=state) for key, state in states.items()}
    return MappingProxyType({**users, **changed}) if changed else users


def _groups(snapshot: JsonObject, unread: Gaps, others: set[str]) -> Mapping[GroupId, Group]:
    """Groups by id; members known to be service principals are no people, and left out."""
    groups = {
        key: group
        if isinstance(group.members, NotRead) or group.members.isdisjoint(others)
        else replace(group, members=group.members - others)
        for key, group in _table(snapshot, "groups", parse_group, lambda group: group.id).items()
    }
    for key, why in unread.members.items():
        groups[key] = replace(groups.get(key, Group(key)), members=why)
    for key, why in unread.owners.items():
        if key in groups:
            groups[key] = replace(groups[key], owners=why)
    if unread.all_owners is not None:
        groups = {key: replace(group, owners=unread.all_owners) for key, group in groups.items()}
    if unread.all_members is not None:
        groups = {key: replace(group, members=unread.all_members) for key, group in groups.items()}
    return MappingProxyType(groups)


def _assignments(snapshot: JsonObject, name: str, others: set[str]) -> tuple[RoleAssignment, ...] | NotRead:
    rows = _collection(snapshot, name)
    if rows is None:
        return NotRead(f"`{name}` was not given")
    parsed = map(parse_role_assignment, rows)
    return tuple(each for each in parsed if each.principal not in others)


def _object(snapshot: JsonObject, name: str) -> Json:
    value = snapshot.get(name)
    if value is not None and not isinstance(value, dict):
        raise BadInput(f"`{name}` is no object", "leave it out if unknown")
    return value or {}


def _text(snapshot: JsonObject, name: str) -> str:
    value = snapshot.get(name)
    return value if isinstance(value, str) else ""
