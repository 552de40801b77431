"""The tenant as somebody sees it: as it is now, or as the sign-in service still believes it to be.

A picture is the present with the writes undone that haven't reached yet, each reach with its own lag. LAW: after any walk of the
clock, the lags and the writes, by whichever process, a picture equals one that is made anew. It is kept between questions
and moved along the diary of changes, so that asking costs nothing while nothing changes.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from types import MappingProxyType

from perca.model import (
    DIRECTORY,
    AppId,
    Application,
    AuthenticationStrength,
    ConditionalAccessPolicy,
    Group,
    GroupId,
    LocationId,
    MfaSettings,
    NamedLocation,
    NotRead,
    ObjectId,
    PerUserState,
    PolicyId,
    Registration,
    RoleAssignment,
    StrengthId,
    Tenant,
    TenantId,
    Unrecognised,
    User,
    UserCondition,
    UserId,
    fold,
)
from perca.policy.mandatory_mfa import as_of
from perca.tenant import schema
from perca.tenant.builtin import CROSS_TENANT_DEFAULT
from perca.tenant.json import Json, load_object
from perca.tenant.records import Change, Reach, Reading, Times
from perca.tenant.time import written
from perca.wire import (
    parse_cross_tenant,
    parse_group,
    parse_mfa_settings,
    parse_named_location,
    parse_policy,
    parse_registration,
    parse_role_assignment,
    parse_strength,
    parse_user,
)
from perca.wire.principals import parse_application

DOCUMENTS = (
    "users",
    "registrations",
    "servicePrincipals",
    "mfaSettings",
    "crossTenantDefault",
    "crossTenantPartners",
    "policies",
    "namedLocations",
    "strengths",
    "securityDefaults",
    "groups",
    "roleAssignments",
)
"""Kinds of documents that a decision can hang on."""


class Picture:
    """One way to see the tenant; `lagging` as the sign-in service does."""

    def __init__(self, *, lagging: bool) -> None:
        self._lagging = lagging
        self._known: tuple[int, ...] | None = None
        self._tenant = Tenant()
        self._clear()

    def _clear(self) -> None:
        self._users: dict[UserId, User] = {}
        self._registrations: dict[UserId, Registration] = {}
        self._states: dict[str, PerUserState] = {}
        self._groups: dict[GroupId, Group] = {}
        self._members: dict[str, set[ObjectId]] = {}
        self._roles: dict[str, RoleAssignment] = {}
        self._policies: dict[PolicyId, ConditionalAccessPolicy] = {}
        self._locations: dict[LocationId, NamedLocation] = {}
        self._strengths: dict[StrengthId, AuthenticationStrength] = {}
        self._apps: dict[str, tuple[AppId, Application]] = {}
        self._defaults = False
        self._mfa_settings = MfaSettings()
        self._cross_tenant: Json = CROSS_TENANT_DEFAULT
        self._partners: dict[str, Json] = {}
        self._app_passwords: dict[str, int] = {}
        self._stale_groups: set[GroupId] = set()
        self._stale = True
        self._touched: set[UserId] | None = None
        self._day = ""
        self._seen: dict[Reach, int] = {}

    def tenant(self, now: Reading) -> Tenant:
        """The tenant as this picture shows it in the transaction; the same object as long as nothing has changed."""
        times = now.times()
        horizons = tuple(times.horizon(reach) if self._lagging else times.now for reach in Reach)
        if self._known != (*horizons, times.last):
            if self._known is None:
                self._load(now, times)
            for reach, horizon in zip(Reach, horizons, strict=True):
                self._move(now, reach, horizon)
            self._date(written(times.now)[:10])
            self._known = (*horizons, times.last)
        if self._stale:
            self._tenant = self._made(now)
            self._stale = False
        return self._tenant

    def _date(self, day: str) -> None:
        """Moves to that day; Microsoft's mandatory MFA came by date, so the next day may touch everybody."""
        if day != self._day:
            self._stale = True
            if as_of(day) != as_of(self._day):
                self._touched = None
            self._day = day

    def touched(self) -> frozenset[UserId] | None:
        """The people whom the changes since the last call were about; None when they were about everybody."""
        touched = None if self._touched is None else frozenset(self._touched)
        self._touched = set()
        return touched

    def app_passwords(self, user: UserId) -> int:
        """How many app passwords the person has."""
        return self._app_passwords.get(user, 0)

    def _load(self, now: Reading, times: Times) -> None:
        self._clear()
        for user, state in now.rows(schema.ALL_STATES):
            self._states[user] = PerUserState(state)
        for user, count in now.rows(schema.ALL_APP_PASSWORDS):
            self._app_passwords[user] = count
        for group, member in now.rows(schema.ALL_MEMBERSHIPS):
            self._members.setdefault(group, set()).add(ObjectId(member))
        for kind in DOCUMENTS:
            for text in now.texts(kind):
                body = load_object(text)
                self._set_document(kind, str(body.get("id") or body.get("tenantId") or kind), text)
        self._seen = dict.fromkeys(Reach, times.last)

    def _move(self, now: Reading, reach: Reach, horizon: int) -> None:
        """Forward over the changes that have reached by now; back over those that, with a longer lag, no longer have."""
        since = self._seen[reach]
        for row in now.rows(schema.BACKWARD, reach=reach.value, since=since, horizon=horizon):
            change = Change(*row)
            self._set(change, change.before)
            since = change.seq - 1
        for row in now.rows(schema.FORWARD, reach=reach.value, since=since, horizon=horizon):
            change = Change(*row)
            self._set(change, change.after)
            since = change.seq
        self._seen[reach] = since

    def _set(self, change: Change, value: str | None) -> None:
        self._stale = True
        self._touch(change)
        match change.kind:
            case "memberships":
                members = self._members.setdefault(change.id, set())
                if value is None:
                    members.discard(ObjectId(change.other))
                else:
                    members.add(ObjectId(change.other))
                self._stale_groups.add(GroupId(change.id))
            case "states":
                self._states[change.id] = PerUserState(value or PerUserState.DISABLED)
                user = UserId(change.id)
                if user in self._users:
                    self._users[user] = replace(self._users[user], per_user_mfa=self._states[change.id])
            case "appPasswords":
                self._app_passwords[change.id] = int(value or 0)
            case kind if kind in DOCUMENTS:
                self._set_document(kind, change.id, value)

    def _touch(self, change: Change) -> None:
        match change.kind:
            case "states" | "appPasswords" | "users" | "registrations":
                person = change.id
            case "memberships" if "users" in (change.before, change.after):
                person = change.other
            case _:
                self._touched = None
                return
        if self._touched is not None:
            self._touched.add(UserId(person))

    def _set_document(self, kind: str, id: str, text: str | None) -> None:
        if text is None:
            self._forget(kind, id)
            return
        body = load_object(text)
        match kind:
            case "users":
                state = self._states.get(id, PerUserState.DISABLED)
                told = {"creationType": None, **body}  # who wasn't invited is known not to be
                self._users[UserId(id)] = replace(parse_user(told), per_user_mfa=state)
            case "registrations":
                self._registrations[UserId(id)] = parse_registration(body)
            case "groups":
                self._groups[GroupId(id)] = parse_group({**body, "members": []})
                self._stale_groups.add(GroupId(id))
            case "roleAssignments":
                self._roles[id] = parse_role_assignment(body)
            case "policies":
                self._policies[PolicyId(id)] = parse_policy(body)
            case "namedLocations":
                self._locations[LocationId(id)] = parse_named_location(body)
            case "strengths":
                self._strengths[StrengthId(id)] = parse_strength(body)
            case "servicePrincipals":
                self._apps[id] = _application(id, body)
            case "crossTenantDefault":
                self._cross_tenant = body
            case "crossTenantPartners":
                self._partners[fold(id)] = body
            case "securityDefaults":
                self._defaults = bool(body["isEnabled"])
            case "mfaSettings":
                self._mfa_settings = parse_mfa_settings({k: v for k, v in body.items() if k != "id"})

    def _forget(self, kind: str, id: str) -> None:
        match kind:
            case "users":
                self._users.pop(UserId(id), None)
            case "registrations":
                self._registrations.pop(UserId(id), None)
            case "groups":
                self._groups.pop(GroupId(id), None)
            case "roleAssignments":
                self._roles.pop(id, None)
            case "policies":
                self._policies.pop(PolicyId(id), None)
            case "namedLocations":
                self._locations.pop(LocationId(id), None)
            case "strengths":
                self._strengths.pop(StrengthId(id), None)
            case "servicePrincipals":
                self._apps.pop(id, None)
            case "crossTenantPartners":
                self._partners.pop(fold(id), None)

    def _made(self, now: Reading) -> Tenant:
        for id in self._stale_groups & self._groups.keys():
            members = frozenset(self._members.get(id, ()))
            self._groups[id] = replace(self._groups[id], members=members)
        self._stale_groups.clear()
        policies = tuple(self._policies.values())
        return Tenant(
            users=MappingProxyType(dict(self._users)),
            groups=MappingProxyType({**empty_groups(policies), **self._groups}),
            role_assignments=tuple(self._roles.values()),
            registrations=MappingProxyType(dict(self._registrations)),
            policies=policies,
            named_locations=MappingProxyType(dict(self._locations)),
            strengths=MappingProxyType(dict(self._strengths)),
            applications=MappingProxyType(dict(self._apps.values())),
            security_defaults=self._defaults,
            mfa_settings=self._mfa_settings,
            baseline_scopes=DIRECTORY,  # as Microsoft's service since the change of 2026
            cross_tenant=parse_cross_tenant(
                {"default": self._cross_tenant, "partners": [*self._partners.values()]}
            ),
            id=TenantId(str(now.setting("tenantId"))),
            display_name=str(now.setting("displayName")),
            taken_at=self._day,
            defaults_ask_at_risk=True,
        )


def _application(id: str, body: Json) -> tuple[AppId, Application]:
    """An application: to the service itself, attributes that nobody assigned are none."""
    app, found = parse_application({**body, "id": id}) or (AppId(""), Application())
    unassigned = isinstance(found.attributes, NotRead)
    return app, replace(found, attributes=frozenset()) if unassigned else found


def empty_groups(policies: Iterable[ConditionalAccessPolicy]) -> dict[GroupId, Group]:
    """The groups that policies name, without members: one that isn't in the directory, or not yet, has none.

    To a reader of a snapshot a missing group is unknown; to the service itself it is known to be missing.
    """
    named: dict[GroupId, Group] = {}
    for policy in policies:
        match policy.users:
            case UserCondition(include, exclude):
                for id in (*include.groups, *exclude.groups):
                    named[id] = Group(id)
            case Unrecognised():
                pass
    return named
