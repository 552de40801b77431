"""What one transaction of the embedded tenant can ask and change.

Promises that each change of what decides a sign-in is noted with its old value, its new one and the virtual time. A kind is
the Graph name of a collection; `REACH` says which lag of the sign-in service a kind waits for.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple

from perca.model import PerUserState, fold
from perca.tenant import schema
from perca.tenant.builtin import first_documents
from perca.tenant.guid import made_guid
from perca.tenant.json import Json, dumps, load_object, loads
from perca.tenant.schema import Statement


class Reach(StrEnum):
    """How long a write takes until the sign-in service acts on it."""

    DIRECTORY = "directory"
    """At once: accounts, registrations, service principals."""
    POLICIES = "policies"
    MEMBERS = "members"
    STATES = "states"


REACH: Mapping[str, Reach] = {
    "policies": Reach.POLICIES,
    "namedLocations": Reach.POLICIES,
    "strengths": Reach.POLICIES,
    "securityDefaults": Reach.POLICIES,
    "groups": Reach.MEMBERS,
    "memberships": Reach.MEMBERS,
    "roleAssignments": Reach.MEMBERS,
    "states": Reach.STATES,
}
"""Kinds that aren't named here are seen at once."""


@dataclass(frozen=True, slots=True)
class Name:
    """What a tenant is called: its id, its display name and its first domain."""

    id: str
    display_name: str
    domain: str


class Times(NamedTuple):
    """The virtual time, the lags (all in microseconds), how many identifiers were made, and the last change's number."""

    now: int
    policy_lag: int
    members_lag: int
    state_lag: int
    made: int
    last: int

    def horizon(self, reach: Reach) -> int:
        """The moment up to which the sign-in service knows writes of that reach."""
        lag = {Reach.POLICIES: self.policy_lag, Reach.MEMBERS: self.members_lag, Reach.STATES: self.state_lag}
        return self.now - lag.get(reach, 0)


class Change(NamedTuple):
    """One noted write: the values are None where nothing was there before, or is there now."""

    seq: int
    reach: str
    at: int
    kind: str
    id: str
    other: str
    before: str | None
    after: str | None


class SignInRecord(NamedTuple):
    """A row of the sign-in log, ready to be stored."""

    id: str
    at: int
    user: str
    client: str
    error: int
    what: int
    """The number of the text that says the rest, and of the one with the policies' results."""
    policies: int


class Reading:
    """A transaction that reads."""

    def __init__(self, connection: sqlite3.Connection, number: int) -> None:
        self._connection = connection
        self.number = number

    def rows(self, statement: Statement, **parameters: object) -> list[Any]:
        """All rows of a statement."""
        return self._connection.execute(statement.text, {**statement.fixed, **parameters}).fetchall()

    def row(self, statement: Statement, **parameters: object) -> Any:
        """The first row of a statement, or None."""
        return self._connection.execute(statement.text, {**statement.fixed, **parameters}).fetchone()

    def times(self) -> Times:
        """The clock, the lags and the last change."""
        now, policy, members, states, made, last = self.row(schema.GET_CLOCK)
        return Times(now, policy, members, states, made, last or 0)

    def setting(self, name: str) -> Any:
        """A setting's value; None when it was never set."""
        row = self.row(schema.GET_SETTING, name=name)
        return None if row is None else loads(row[0])

    def get(self, kind: str, id: str) -> Json | None:
        """The document with that id, or None."""
        row = self.row(schema.GET, kind=kind, id=fold(id))
        return None if row is None else load_object(row[0])

    def find(self, kind: str, key: str) -> Json | None:
        """The first document with that other name, or None."""
        row = self.row(schema.FIND, kind=kind, key=fold(key))
        return None if row is None else load_object(row[0])

    def texts(self, kind: str) -> list[str]:
        """All documents of a kind as JSON texts, in the order in which they were made."""
        return [body for (body,) in self.rows(schema.ALL, kind=kind)]

    def all(self, kind: str) -> list[Json]:
        """All documents of a kind."""
        return [load_object(body) for body in self.texts(kind)]

    def count(self, kind: str) -> int:
        """How many documents there are of a kind."""
        return int(self.row(schema.COUNT, kind=kind)[0])

    def is_member(self, group: str, member: str) -> bool:
        """Whether it is a direct member."""
        return self.row(schema.IS_MEMBER, group_id=group, member=member) is not None

    def members(self, group: str) -> list[str]:
        """The ids of the direct members."""
        return [member for (member,) in self.rows(schema.MEMBERS_OF, group_id=group)]

    def state(self, user: str) -> PerUserState:
        """The per-user MFA state; everybody starts disabled."""
        row = self.row(schema.GET_STATE, user=user)
        return PerUserState.DISABLED if row is None else PerUserState(row[0])

    def app_passwords(self, user: str) -> int:
        """How many app passwords the person has."""
        row = self.row(schema.GET_APP_PASSWORDS, user=user)
        return 0 if row is None else int(row[0])


class Writing(Reading):
    """A transaction that writes."""

    def __init__(self, connection: sqlite3.Connection, number: int) -> None:
        super().__init__(connection, number)
        times = self.times()
        self.now = times.now
        self._made = self._made_before = times.made

    def run(self, statement: Statement, **parameters: object) -> None:
        """Runs a statement that returns nothing."""
        self._connection.execute(statement.text, {**statement.fixed, **parameters})

    def run_many(
        self, statement: Statement, rows: Iterable[Mapping[str, object] | tuple[object, ...]]
    ) -> None:
        """Runs a statement for each row."""
        self._connection.executemany(statement.text, rows)

    @contextlib.contextmanager
    def savepoint(self) -> Iterator[None]:
        """A part of the transaction that is undone, alone, when the block raises."""
        self._connection.execute("SAVEPOINT part")
        try:
            yield
        except BaseException:
            self._connection.execute("ROLLBACK TO part")
            raise
        finally:
            self._connection.execute("RELEASE part")

    def finish(self) -> None:
        """Writes down how many identifiers were made."""
        if self._made != self._made_before:
            self.run(schema.SET_MADE, to=self._made)

    def guid(self) -> str:
        """A new identifier."""
        self._made += 1
        return made_guid(self.number, self._made)

    def set_setting(self, name: str, value: object) -> None:
        """Sets a setting."""
        self.run(schema.PUT_SETTING, name=name, value=dumps(value))

    def advance(self, by: int) -> None:
        """Moves the virtual time on."""
        self.now += by
        self.run(schema.SET_TIME, to=self.now)

    def set_lags(self, policy: int, members: int, states: int) -> None:
        """Sets how far behind the sign-in service is."""
        self.run(schema.SET_LAGS, policy=policy, members=members, states=states)

    def put(self, kind: str, id: str, body: Json, key: str | None = None) -> None:
        """Makes or changes a document."""
        id, text = fold(id), dumps(body)
        key = None if key is None else fold(key)
        before = self.row(schema.GET, kind=kind, id=id)
        if before is None:
            self.run(schema.ADD, kind=kind, id=id, key=key, body=text)
        elif before[0] != text:
            self.run(schema.CHANGE, the_kind=kind, the_id=id, key=key, body=text)
        self._note(kind, id, "", None if before is None else before[0], text)

    def remove(self, kind: str, id: str) -> bool:
        """Deletes a document; returns whether it was there."""
        id = fold(id)
        before = self.row(schema.GET, kind=kind, id=id)
        if before is None:
            return False
        self.run(schema.REMOVE, kind=kind, id=id)
        self._note(kind, id, "", before[0], None)
        return True

    def join(self, group: str, member: str, member_kind: str) -> bool:
        """Makes it a direct member; returns whether it was none before."""
        if self.is_member(group, member):
            return False
        self.run(schema.JOIN, group_id=group, member=member, member_kind=member_kind)
        self._note("memberships", group, member, None, member_kind)
        return True

    def leave(self, group: str, member: str) -> bool:
        """Ends a direct membership; returns whether there was one."""
        row = self.row(schema.IS_MEMBER, group_id=group, member=member)
        if row is None:
            return False
        self.run(schema.LEAVE, group_id=group, member=member)
        self._note("memberships", group, member, row[1], None)
        return True

    def remove_object(self, kind: str, id: str) -> bool:
        """Deletes a person or a group with every membership that it has or holds; returns whether it was there."""
        id = fold(id)
        for member in self.members(id):
            self.leave(id, member)
        for (group,) in self.rows(schema.GROUPS_OF, member=id):
            self.leave(group, id)
        return self.remove(kind, id)

    def set_state(self, user: str, state: PerUserState) -> None:
        """Sets the per-user MFA state."""
        before = self.state(user)
        self.run(schema.PUT_STATE, user=user, state=state.value)
        self._note("states", user, "", before.value, state.value)

    def set_app_passwords(self, user: str, count: int) -> None:
        """Sets how many app passwords the person has; the sign-in service knows at once."""
        before = self.app_passwords(user)
        self.run(schema.PUT_APP_PASSWORDS, user=user, count=count)
        self._note("appPasswords", user, "", str(before), str(count))

    def log(self, rows: Iterable[SignInRecord], texts: Mapping[int, str]) -> None:
        """Adds rows to the sign-in log; `texts` holds those that the rows name, by number."""
        self.run_many(schema.ADD_TEXT, ({"id": number, "text": text} for number, text in texts.items()))
        self.run_many(schema.ADD_SIGN_IN, (row._asdict() for row in rows))

    def _note(self, kind: str, id: str, other: str, before: str | None, after: str | None) -> None:
        if before == after:
            return
        reach = REACH.get(kind, Reach.DIRECTORY)
        self.run(
            schema.NOTE,
            reach=reach.value,
            at=self.now,
            kind=kind,
            id=id,
            other=other,
            before=before,
            after=after,
        )


def begin(connection: sqlite3.Connection, number: int, now: int, name: Name) -> None:
    """Fills the tables of a tenant that was just made: the clock, its name, and what every tenant has from the start."""
    run = connection.execute
    clock = {"one": 1, "now": now, "policy_lag": 0, "members_lag": 0, "state_lag": 0, "made": 0}
    run(schema.MAKE_CLOCK.text, clock)
    known = {
        "number": number,
        "tenantId": name.id,
        "displayName": name.display_name,
        "domain": name.domain,
        "appPasswordsAfterDisabled": "valid",
    }
    for setting, value in known.items():
        run(schema.PUT_SETTING.text, {"name": setting, "value": dumps(value)})
    for kind, id, key, body in first_documents(number, name.id, name.display_name, name.domain):
        run(schema.ADD.text, {"kind": kind, "id": fold(id), "key": key and fold(key), "body": dumps(body)})
