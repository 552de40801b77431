"""Per-user MFA states, the registration report and the sign-in log.

Source: FACTS.md 1.1, 6.1 and 10.3. Per-user states exist in beta only and one by one. Writing `enabled` for somebody who is
registered ends as `enforced`, by the rule of the Graph type's page.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from sqlalchemy import and_, or_

from perca.model import PerUserState
from perca.tenant.api import shapes
from perca.tenant.api.collections import Collection
from perca.tenant.api.exchange import BETA, NO_CONTENT, Answer, Ask, Route, answer_with
from perca.tenant.api.host import Host
from perca.tenant.api.odata import LIST_OPTIONS, Shape, cut, item, options, page, shown
from perca.tenant.api.users import user_named
from perca.tenant.errors import bad_request, not_found
from perca.tenant.filter import Some, parse, where
from perca.tenant.json import load_object
from perca.tenant.log import row
from perca.tenant.records import Writing
from perca.tenant.schema import LOGGED, sign_ins, sql
from perca.tenant.time import written

REGISTRATIONS = Collection(
    "registrations",
    "/reports/authenticationMethods/userRegistrationDetails",
    "reports/authenticationMethods/userRegistrationDetails",
    shapes.REGISTRATION,
    shapes.REGISTRATION_FILTER,
)
_REPORT_ONLY = re.compile(r'"result":"reportOnly[A-Za-z]+"')
_INTERACTIVE = parse("signInEventTypes/any(t: t eq 'interactiveUser')")


def show_requirements(host: Host, ask: Ask, values: Mapping[str, str]) -> Answer:
    """The person's per-user MFA state."""
    with host.store.reading() as now:
        person = user_named(now, values["id"])
        state = now.state(person["id"])
    context = ask.context(f"users('{person['id']}')/authentication/requirements")
    return answer_with({"@odata.context": context, "perUserMfaState": state.value})


def change_requirements(host: Host, ask: Ask, values: Mapping[str, str]) -> Answer:
    """Sets the person's per-user MFA state."""
    body = ask.object()
    told = body.get("perUserMfaState")
    if set(body) - {"perUserMfaState", "@odata.type", "@odata.context"} or told not in list(PerUserState):
        raise bad_request("Invalid value specified for property 'perUserMfaState'.")
    with host.store.writing() as now:
        set_state(now, user_named(now, values["id"])["id"], PerUserState(told))
    return NO_CONTENT


def set_state(now: Writing, user: str, state: PerUserState) -> None:
    """Sets the state by the service's own rules: enabled becomes enforced for somebody registered."""
    if state is PerUserState.ENABLED and (now.get("registrations", user) or {}).get("isMfaRegistered"):
        state = PerUserState.ENFORCED
    now.set_state(user, state)
    if state is PerUserState.DISABLED and now.setting("appPasswordsAfterDisabled") == "wiped":
        now.set_app_passwords(user, 0)


def list_sign_ins(host: Host, ask: Ask, _: Mapping[str, str]) -> Answer:
    """The sign-in log, newest first; interactive sign-ins only, unless the filter asks for other event types."""
    if ask.query.get("$orderby", "createdDateTime desc") != "createdDateTime desc":
        raise bad_request("Only '$orderby=createdDateTime desc' is supported.")
    shape = _sign_in_shape(ask.version)
    allowed = LIST_OPTIONS - {"$count"} | {"$orderby"}
    wanted = options(ask, shape, allowed, default=1000, most=1000, cap=host.switches.page_size)
    column = sign_ins.c
    conditions = [] if wanted.filter is None else [where(wanted.filter, shapes.SIGN_IN_FILTER)]
    if not _asks_for_events(wanted.filter):
        conditions.append(where(_INTERACTIVE, shapes.SIGN_IN_FILTER))
    if wanted.after is not None:
        at, position = _place(wanted.after)
        conditions.append(or_(column.at < at, and_(column.at == at, column.position < position)))
    statement = sql(
        LOGGED.where(*conditions).order_by(column.at.desc(), column.position.desc()).limit(wanted.top + 1)
    )
    with host.store.reading() as now:
        rows = now.rows(statement)
    kept, after = cut(rows, wanted.top, lambda found: f"{found[0]}.{found[1]}")
    items = [_row(ask, found, shape, wanted.select) for found in kept]
    return page(ask, "auditLogs/signIns", items, after)


def show_sign_in(host: Host, ask: Ask, values: Mapping[str, str]) -> Answer:
    """One row of the log."""
    shape = _sign_in_shape(ask.version)
    with host.store.reading() as now:
        found = now.row(sql(LOGGED.where(sign_ins.c.id == values["id"].casefold())))
    if found is None:
        raise not_found(values["id"])
    return item(ask, "auditLogs/signIns", load_object(_row(ask, found, shape, None)))


def _sign_in_shape(version: str) -> Shape:
    if version == "beta":
        return shapes.SIGN_IN
    names = shapes.SIGN_IN.properties - shapes.BETA_ONLY_SIGN_IN
    return Shape(shapes.SIGN_IN.name, names, tuple(sorted(names)))


def _row(ask: Ask, found: Any, shape: Shape, select: tuple[str, ...] | None) -> str:
    """Words newer than the first release of the enum are only shown to those who ask for them (FACTS.md 6.2)."""
    at, _, id, text, policies = found
    if "include-unknown-enum-members" not in ask.headers.get("prefer", ""):
        policies = _REPORT_ONLY.sub('"result":"unknownFutureValue"', policies)
    return shown(row(id, written(at), text, policies), shape, select)


def _asks_for_events(tree: object) -> bool:
    match tree:
        case Some("signInEventTypes"):
            return True
        case None:
            return False
    parts = getattr(tree, "parts", None) or (getattr(tree, "inner", None),)
    return any(_asks_for_events(part) for part in parts)


def _place(after: str) -> tuple[int, int]:
    at, _, position = after.partition(".")
    if not (at.isdigit() and position.isdigit() and len(after) < 40):
        raise bad_request("The skip token belongs to another collection.")
    return int(at), int(position)


ROUTES = (
    Route("GET", "/users/{id}/authentication/requirements", show_requirements, BETA),
    Route("PATCH", "/users/{id}/authentication/requirements", change_requirements, BETA),
    *REGISTRATIONS.routes(),
    Route("GET", "/auditLogs/signIns", list_sign_ins),
    Route("GET", "/auditLogs/signIns/{id}", show_sign_in),
)
