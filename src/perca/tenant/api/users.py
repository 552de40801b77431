"""People, as `/users` of Microsoft Graph: by id or user principal name, with few properties in v1.0 unless they are selected."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from perca.model import is_guid
from perca.tenant.api import shapes
from perca.tenant.api.collections import Collection, chosen
from perca.tenant.api.exchange import NO_CONTENT, Answer, Ask, Route, answer_with
from perca.tenant.api.fields import only, text_of
from perca.tenant.api.host import Host
from perca.tenant.api.odata import ITEM_OPTIONS, LIST_OPTIONS, Options, cut, item, options, page
from perca.tenant.errors import GraphError, bad_request, not_found
from perca.tenant.json import Json, dumps, load_object
from perca.tenant.licences import licences
from perca.tenant.records import Reading
from perca.tenant.schema import LAST_SIGN_IN, LAST_SUCCESS
from perca.tenant.time import written

USERS = Collection("users", "/users", "users", shapes.READ_USER, shapes.USER_FILTER)
MOST_WITH_ACTIVITY = 500
"""A page of people with their sign-in activity is no longer than that, whatever was asked for."""


def user_named(now: Reading, name: str) -> Json:
    """The person with that id or user principal name. GraphError 404 when there is none."""
    found = now.get("users", name) if is_guid(name) else now.find("users", name)
    if found is None:
        raise not_found(name)
    return found


def show_user(host: Host, ask: Ask, values: Mapping[str, str]) -> Answer:
    """A person by id or user principal name."""
    shape = USERS.shape_in(ask.version)
    wanted = options(ask, shape, ITEM_OPTIONS, default=1, most=1, cap=None)
    with host.store.reading() as now:
        person = user_named(now, values["id"])
        if shapes.ACTIVITY in (wanted.select or ()):
            may_see_activity(host, now)
            person = with_activity(now, person)
    return item(ask, "users", chosen(person, shape, wanted.select))


def list_users(host: Host, ask: Ask, values: Mapping[str, str]) -> Answer:
    """A page of people; with their sign-in activity where that is selected, which a licence and a permission of its own allow."""
    shape = USERS.shape_in(ask.version)
    cap = host.switches.page_size
    wanted = options(ask, shape, LIST_OPTIONS, default=USERS.default, most=USERS.most, cap=cap)
    if shapes.ACTIVITY not in (wanted.select or ()):
        return USERS.list(host, ask, values)
    wanted = replace(wanted, top=min(wanted.top, MOST_WITH_ACTIVITY))
    with host.store.reading() as now:
        may_see_activity(host, now)
        rows, count = USERS.rows(now, wanted)
        kept, after = cut(rows, wanted.top, lambda row: str(row[0]))
        people = [with_activity(now, load_object(body)) for _, body in kept]
    return page(ask, USERS.context, [dumps(_selected(each, wanted)) for each in people], after, count)


def _selected(person: Json, wanted: Options) -> Json:
    """What was selected; people who never signed in have no sign-in activity, not even null."""
    names = wanted.select or ()
    return {name: person.get(name) for name in names if name != shapes.ACTIVITY or name in person}


def may_see_activity(host: Host, now: Reading) -> None:
    """GraphError 403 without P1, or where the test switch denies `/users/signInActivity`."""
    host.check_denied(("users", shapes.ACTIVITY.casefold()))
    if not licences(now).p1:
        raise GraphError(
            403,
            "Authentication_RequestFromNonPremiumTenantOrB2CTenant",
            "Neither tenant is B2C or tenant doesn't have premium license",
        )


def with_activity(now: Reading, person: Json) -> Json:
    """The person with when they last signed in, by the log: every row of it is interactive."""
    tried = now.row(LAST_SIGN_IN, user=person["id"])
    if tried is None:
        return person
    done = now.row(LAST_SUCCESS, user=person["id"])
    at, request = (None, None) if done is None else (written(done[0]), done[1])
    activity = {
        "lastSignInDateTime": written(tried[0]),
        "lastSignInRequestId": tried[1],
        "lastNonInteractiveSignInDateTime": None,
        "lastNonInteractiveSignInRequestId": None,
        "lastSuccessfulSignInDateTime": at,
        "lastSuccessfulSignInRequestId": request,
    }
    return {**person, shapes.ACTIVITY: activity}


def create_user(host: Host, ask: Ask, _: Mapping[str, str]) -> Answer:
    """A new account: not registered for MFA, per-user MFA disabled."""
    body = ask.object()
    only(body, shapes.USER)
    name, nickname = text_of(body, "userPrincipalName", 1024), text_of(body, "mailNickname", 64)
    if not isinstance(body.get("accountEnabled"), bool) or not isinstance(body.get("passwordProfile"), dict):
        raise bad_request("One or more required properties are missing or of the wrong type.")
    with host.store.writing() as now:
        if now.find("users", name) is not None:
            raise GraphError(
                400,
                "Request_BadRequest",
                "Another object with the same value for property userPrincipalName already exists.",
            )
        kept = {key: value for key, value in body.items() if key != "passwordProfile"}
        person = {
            "businessPhones": [],
            **kept,
            "id": now.guid(),
            "displayName": text_of(body, "displayName", 256),
            "mailNickname": nickname,
            "userType": body.get("userType") or "Member",
            "onPremisesSyncEnabled": None,
            "createdDateTime": written(now.now),
        }
        now.put("users", person["id"], person, name)
        now.put("registrations", person["id"], unregistered(person, written(now.now)))
    return answer_with({"@odata.context": ask.context("users/$entity"), **person}, 201)


def unregistered(person: Json, at: str) -> Json:
    """The row of the registration report of somebody without a method."""
    return {
        "id": person["id"],
        "userPrincipalName": person["userPrincipalName"],
        "userDisplayName": person["displayName"],
        "userType": "guest" if person.get("userType") == "Guest" else "member",
        "isAdmin": False,
        "isSsprRegistered": False,
        "isSsprEnabled": False,
        "isSsprCapable": False,
        "isMfaRegistered": False,
        "isMfaCapable": False,
        "isPasswordlessCapable": False,
        "methodsRegistered": [],
        "isSystemPreferredAuthenticationMethodEnabled": False,
        "systemPreferredAuthenticationMethods": [],
        "userPreferredMethodForSecondaryAuthentication": "none",
        "lastUpdatedDateTime": at,
    }


def change_user(host: Host, ask: Ask, values: Mapping[str, str]) -> Answer:
    """Changes properties of an account."""
    body = ask.object()
    only(body, shapes.USER)
    if "id" in body or not isinstance(body.get("accountEnabled", True), bool):
        raise bad_request("A property is read-only or of the wrong type.")
    with host.store.writing() as now:
        person = user_named(now, values["id"])
        changed = {**person, **{key: value for key, value in body.items() if key != "passwordProfile"}}
        name = changed["userPrincipalName"]
        if not isinstance(name, str) or not isinstance(changed["displayName"], str):
            raise bad_request("A property is of the wrong type.")
        holder = now.find("users", name)
        if holder is not None and holder["id"] != person["id"]:
            raise bad_request(
                "Another object with the same value for property userPrincipalName already exists."
            )
        now.put("users", person["id"], changed, name)
    return NO_CONTENT


def delete_user(host: Host, ask: Ask, values: Mapping[str, str]) -> Answer:
    """Deletes an account with its memberships."""
    with host.store.writing() as now:
        person = user_named(now, values["id"])
        now.remove_object("users", person["id"])
        now.remove("registrations", person["id"])
    return NO_CONTENT


ROUTES = (
    Route("GET", "/users", list_users),
    Route("POST", "/users", create_user),
    Route("GET", "/users/{id}", show_user),
    Route("PATCH", "/users/{id}", change_user),
    Route("DELETE", "/users/{id}", delete_user),
)
