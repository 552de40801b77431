"""The tables of the embedded tenant, and its statements, compiled once.

One table holds every Graph resource as a JSON document; memberships and per-user states have their own, because they are
asked for in their own way. `changes` is the diary from which the sign-in service's lagging picture is made: each write,
with the virtual time at which it happened, and what was there before.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from sqlalchemy import (
    Column,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.dialects import sqlite
from sqlalchemy.schema import CreateIndex, CreateTable
from sqlalchemy.sql import ClauseElement, bindparam, delete, func, insert, select, update

DIALECT = sqlite.dialect(paramstyle="named")

metadata = MetaData()

settings = Table(
    "settings",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
    sqlite_with_rowid=False,
)

clock = Table(
    "clock",
    metadata,
    Column("one", Integer, primary_key=True),
    Column("now", Integer, nullable=False),
    Column("policy_lag", Integer, nullable=False),
    Column("members_lag", Integer, nullable=False),
    Column("state_lag", Integer, nullable=False),
    Column("made", Integer, nullable=False),  # how many identifiers were given out so far
)

documents = Table(
    "documents",
    metadata,
    Column("position", Integer, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("id", Text, nullable=False),
    Column("key", Text),  # the other name it is found by: a user principal name, a mail nickname, an app id
    Column("body", Text, nullable=False),
    UniqueConstraint("kind", "id"),
)
Index("documents_by_position", documents.c.kind, documents.c.position)
Index("documents_by_key", documents.c.kind, documents.c.key)

memberships = Table(
    "memberships",
    metadata,
    Column("group_id", Text, primary_key=True),
    Column("member", Text, primary_key=True),
    Column("member_kind", Text, nullable=False),
    sqlite_with_rowid=False,
)
Index("memberships_by_member", memberships.c.member, memberships.c.group_id)

states = Table(
    "states",
    metadata,
    Column("user", Text, primary_key=True),
    Column("state", Text, nullable=False),
    sqlite_with_rowid=False,
)
"""Per-user MFA states other than `disabled`, with which everybody starts."""

app_passwords = Table(
    "app_passwords",
    metadata,
    Column("user", Text, primary_key=True),
    Column("count", Integer, nullable=False),
    sqlite_with_rowid=False,
)

kinds = Table(
    "kinds",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("user", Text, primary_key=True),
    sqlite_with_rowid=False,
)
"""What the seed made each person for."""

changes = Table(
    "changes",
    metadata,
    Column("seq", Integer, primary_key=True),
    Column("reach", Text, nullable=False),
    Column("at", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("id", Text, nullable=False),
    Column("other", Text, nullable=False),
    Column("before", Text),
    Column("after", Text),
)
Index("changes_by_reach", changes.c.reach, changes.c.seq)
Index("changes_by_time", changes.c.reach, changes.c.at)

sign_ins = Table(
    "sign_ins",
    metadata,
    Column("position", Integer, primary_key=True),
    Column("id", Text, nullable=False, unique=True),
    Column("at", Integer, nullable=False),
    Column("user", Text, nullable=False),
    Column("client", Text, nullable=False),
    Column("error", Integer, nullable=False),
    Column("what", Integer, nullable=False),
    Column("policies", Integer, nullable=False),
)
Index("sign_ins_by_time", sign_ins.c.at, sign_ins.c.position)
Index("sign_ins_by_user", sign_ins.c.user, sign_ins.c.at)

texts = Table(
    "texts",
    metadata,
    Column("id", Integer, primary_key=True),  # a hash of the text
    Column("text", Text, nullable=False),
)
"""What rows of the log say besides their id and time, and their policies' results: each text is written down once."""


class Statement(NamedTuple):
    """A statement's text for the driver, and the parameters that are the same at every call."""

    text: str
    fixed: dict[str, Any]


def sql(statement: ClauseElement) -> Statement:
    """Compiles a statement, with named parameters."""
    compiled = statement.compile(dialect=DIALECT)
    fixed = {name: value for name, value in compiled.params.items() if value is not None}
    return Statement(str(compiled), fixed)


def definitions() -> list[str]:
    """The statements that make the empty tables."""
    made: list[str] = []
    for table in metadata.sorted_tables:
        made.append(str(CreateTable(table).compile(dialect=DIALECT)))
        indexes = sorted(table.indexes, key=lambda index: str(index.name))
        made.extend(str(CreateIndex(index).compile(dialect=DIALECT)) for index in indexes)
    return made


_d, _m, _c, _s = documents.c, memberships.c, changes.c, sign_ins.c

GET_SETTING = sql(select(settings.c.value).where(settings.c.name == bindparam("name")))
PUT_SETTING = sql(insert(settings).prefix_with("OR REPLACE"))

GET_CLOCK = sql(
    select(
        clock.c.now,
        clock.c.policy_lag,
        clock.c.members_lag,
        clock.c.state_lag,
        clock.c.made,
        select(func.max(changes.c.seq)).scalar_subquery(),
    )
)
"""The time, the lags, the number of identifiers made, and the last change."""
MAKE_CLOCK = sql(insert(clock))
SET_TIME = sql(update(clock).values(now=bindparam("to")))
SET_MADE = sql(update(clock).values(made=bindparam("to")))
SET_LAGS = sql(
    update(clock).values(
        policy_lag=bindparam("policy"), members_lag=bindparam("members"), state_lag=bindparam("states")
    )
)

GET = sql(select(_d.body).where(_d.kind == bindparam("kind"), _d.id == bindparam("id")))
FIND = sql(
    select(_d.body).where(_d.kind == bindparam("kind"), _d.key == bindparam("key")).order_by(_d.position)
)
ALL = sql(select(_d.body).where(_d.kind == bindparam("kind")).order_by(_d.position))
COUNT = sql(select(func.count()).select_from(documents).where(_d.kind == bindparam("kind")))
PAGE = sql(
    select(_d.position, _d.body)
    .where(_d.kind == bindparam("kind"), _d.position > bindparam("after"))
    .order_by(_d.position)
    .limit(bindparam("top"))
)
ADD = sql(insert(documents).values({name: bindparam(name) for name in ("kind", "id", "key", "body")}))
CHANGE = sql(
    update(documents)
    .where(_d.kind == bindparam("the_kind"), _d.id == bindparam("the_id"))
    .values(key=bindparam("key"), body=bindparam("body"))
)
REMOVE = sql(delete(documents).where(_d.kind == bindparam("kind"), _d.id == bindparam("id")))

IS_MEMBER = sql(
    select(_m.member, _m.member_kind).where(
        _m.group_id == bindparam("group_id"), _m.member == bindparam("member")
    )
)
JOIN = sql(insert(memberships))
LEAVE = sql(delete(memberships).where(_m.group_id == bindparam("group_id"), _m.member == bindparam("member")))
MEMBERS_PAGE = sql(
    select(_m.member, _d.kind, _d.body)
    .select_from(memberships.join(documents, (_d.kind == _m.member_kind) & (_d.id == _m.member)))
    .where(_m.group_id == bindparam("group_id"), _m.member > bindparam("after"))
    .order_by(_m.member)
    .limit(bindparam("top"))
)
ALL_MEMBERSHIPS = sql(select(_m.group_id, _m.member))
MEMBERS_OF = sql(select(_m.member).where(_m.group_id == bindparam("group_id")).order_by(_m.member))
GROUPS_OF = sql(select(_m.group_id).where(_m.member == bindparam("member")).order_by(_m.group_id))

_reached = (
    select(_m.member, _m.member_kind)
    .where(_m.group_id == bindparam("group_id"))
    .cte("reached", recursive=True)
)
_inner = memberships.alias("inner_memberships")
_reached = _reached.union(
    select(_inner.c.member, _inner.c.member_kind).where(_inner.c.group_id == _reached.c.member)
)
TRANSITIVE_PAGE = sql(
    select(_reached.c.member, _d.kind, _d.body)
    .select_from(_reached.join(documents, (_d.kind == _reached.c.member_kind) & (_d.id == _reached.c.member)))
    .where(_reached.c.member > bindparam("after"))
    .order_by(_reached.c.member)
    .limit(bindparam("top"))
)

GET_STATE = sql(select(states.c.state).where(states.c.user == bindparam("user")))
ALL_STATES = sql(select(states.c.user, states.c.state))
PUT_STATE = sql(insert(states).prefix_with("OR REPLACE"))

GET_APP_PASSWORDS = sql(select(app_passwords.c.count).where(app_passwords.c.user == bindparam("user")))
ALL_APP_PASSWORDS = sql(select(app_passwords.c.user, app_passwords.c.count))
PUT_APP_PASSWORDS = sql(insert(app_passwords).prefix_with("OR REPLACE"))

ADD_KIND = sql(insert(kinds).prefix_with("OR IGNORE"))
ALL_KINDS = sql(select(kinds.c.kind, kinds.c.user).order_by(kinds.c.kind, kinds.c.user))

NOTE = sql(
    insert(changes).values(
        {name: bindparam(name) for name in ("reach", "at", "kind", "id", "other", "before", "after")}
    )
)
# INVARIANT: `at` never falls while `seq` rises, since whoever writes reads the clock within the same transaction. The `+ 0`
# keeps SQLite on the index that finds few rows.
FORWARD = sql(
    select(changes)
    .where(_c.reach == bindparam("reach"), _c.seq > bindparam("since"), _c.at + 0 <= bindparam("horizon"))
    .order_by(_c.seq)
)
BACKWARD = sql(
    select(changes)
    .where(_c.reach == bindparam("reach"), _c.seq + 0 <= bindparam("since"), _c.at > bindparam("horizon"))
    .order_by(_c.seq.desc())
)

ADD_SIGN_IN = sql(
    insert(sign_ins).values(
        {name: bindparam(name) for name in ("id", "at", "user", "client", "error", "what", "policies")}
    )
)
_newest = (
    select(_s.at, _s.id)
    .where(_s.user == bindparam("user"))
    .order_by(_s.at.desc(), _s.position.desc())
    .limit(1)
)
LAST_SIGN_IN = sql(_newest)
LAST_SUCCESS = sql(_newest.where(_s.error == 0))
ADD_TEXT = sql(insert(texts).prefix_with("OR IGNORE"))
_results = texts.alias("results")
LOGGED = select(_s.at, _s.position, _s.id, texts.c.text, _results.c.text).select_from(
    sign_ins.join(texts, texts.c.id == _s.what).join(_results, _results.c.id == _s.policies)
)
"""Rows of the log, to be narrowed down."""
