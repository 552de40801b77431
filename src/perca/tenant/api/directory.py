"""People, groups, members, roles, service principals and the organization, as `/users`, `/groups` … of Microsoft Graph.

Source: FACTS.md sections 7 and 8. Members are added twenty at a time and all or none; somebody who already is a member makes
the whole call fail, as on the real service.
"""

from __future__ import annotations

from collections.abc import Mapping

from perca.model import fold, is_guid
from perca.tenant.api import shapes
from perca.tenant.api.collections import Collection, chosen, held
from perca.tenant.api.exchange import NO_CONTENT, Answer, Ask, Route, answer_with
from perca.tenant.api.host import Host
from perca.tenant.api.odata import ITEM_OPTIONS, Shape, cut, item, options, page
from perca.tenant.errors import GraphError, bad_request, not_found
from perca.tenant.json import Json, dumps, load_object
from perca.tenant.records import Reading, Writing
from perca.tenant.schema import MEMBERS_PAGE, TRANSITIVE_PAGE, Statement
from perca.tenant.time import written

TYPES = {"users": "#microsoft.graph.user", "groups": "#microsoft.graph.group"}
BIND = "members@odata.bind"
MAX_BIND = 20
_NICKNAME_FORBIDS = frozenset('@()\\[]";:<>, ')

USERS = Collection("users", "/users", "users", shapes.USER, shapes.USER_FILTER)
GROUPS = Collection("groups", "/groups", "groups", shapes.GROUP, shapes.GROUP_FILTER)
READ_ONLY = (
    Collection(
        "roleAssignments",
        "/roleManagement/directory/roleAssignments",
        "roleManagement/directory/roleAssignments",
        shapes.ROLE_ASSIGNMENT,
        shapes.ROLE_ASSIGNMENT_FILTER,
    ),
    Collection(
        "roleEligibilitySchedules",
        "/roleManagement/directory/roleEligibilitySchedules",
        "roleManagement/directory/roleEligibilitySchedules",
        shapes.ROLE_ELIGIBILITY,
        shapes.ROLE_ASSIGNMENT_FILTER,
    ),
    Collection(
        "roleDefinitions",
        "/roleManagement/directory/roleDefinitions",
        "roleManagement/directory/roleDefinitions",
        shapes.ROLE_DEFINITION,
        shapes.ROLE_DEFINITION_FILTER,
    ),
    Collection(
        "servicePrincipals",
        "/servicePrincipals",
        "servicePrincipals",
        shapes.SERVICE_PRINCIPAL,
        shapes.SERVICE_PRINCIPAL_FILTER,
    ),
    Collection("organization", "/organization", "organization", shapes.ORGANIZATION),
)


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
    return item(ask, "users", chosen(person, shape, wanted.select))


def create_user(host: Host, ask: Ask, _: Mapping[str, str]) -> Answer:
    """A new account: not registered for MFA, per-user MFA disabled."""
    body = ask.object()
    _only(body, shapes.USER)
    name, nickname = _text(body, "userPrincipalName", 1024), _text(body, "mailNickname", 64)
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
            "displayName": _text(body, "displayName", 256),
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
    _only(body, shapes.USER)
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


def create_group(host: Host, ask: Ask, _: Mapping[str, str]) -> Answer:
    """A new group, with up to twenty members."""
    body = ask.object()
    binds = body.pop(BIND, [])
    owners = body.pop("owners@odata.bind", [])
    _only(body, shapes.GROUP)
    _text(body, "displayName", 256)
    nickname = _text(body, "mailNickname", 64)
    if not nickname.isascii() or _NICKNAME_FORBIDS & set(nickname):
        raise bad_request("Invalid value specified for property 'mailNickname' of resource 'Group'.")
    if not all(isinstance(body.get(flag), bool) for flag in ("mailEnabled", "securityEnabled")):
        raise bad_request(
            "A value is required for property 'securityEnabled' and 'mailEnabled' of resource 'Group'."
        )
    if owners:
        raise bad_request("Owners are not supported by the embedded tenant.")
    with host.store.writing() as now:
        members = _bound(now, binds)
        group = {
            "id": now.guid(),
            "createdDateTime": written(now.now),
            "deletedDateTime": None,
            "description": None,
            "groupTypes": [],
            "isAssignableToRole": None,
            "mail": None,
            "membershipRule": None,
            "onPremisesSyncEnabled": None,
            "visibility": None,
            **{key: value for key, value in body.items() if key not in ("id", "createdDateTime")},
        }
        now.put("groups", group["id"], group, nickname)
        for member, kind in members:
            now.join(group["id"], member, kind)
    return answer_with({"@odata.context": ask.context("groups/$entity"), **group}, 201)


def change_group(host: Host, ask: Ask, values: Mapping[str, str]) -> Answer:
    """Changes properties of a group, or adds up to twenty members, all or none."""
    body = ask.object()
    binds = body.pop(BIND, [])
    _only(body, shapes.GROUP)
    if not {"id", "isAssignableToRole"}.isdisjoint(body):
        raise bad_request("Property 'isAssignableToRole' is read-only and cannot be set.")
    with host.store.writing() as now:
        group = held(now, "groups", values["id"])
        members = _bound(now, binds)
        if any(now.is_member(group["id"], member) for member, _ in members):
            raise already()
        for member, kind in members:
            now.join(group["id"], member, kind)
        if body:
            changed = {**group, **body}
            now.put("groups", group["id"], changed, _text(changed, "mailNickname", 64))
    return NO_CONTENT


def delete_group(host: Host, ask: Ask, values: Mapping[str, str]) -> Answer:
    """Deletes a group."""
    with host.store.writing() as now:
        if not now.remove_object("groups", values["id"]):
            raise not_found(values["id"])
    return NO_CONTENT


def add_member(host: Host, ask: Ask, values: Mapping[str, str]) -> Answer:
    """Adds one member by reference."""
    body = ask.object()
    with host.store.writing() as now:
        group = held(now, "groups", values["id"])
        ((member, kind),) = _bound(now, [body.get("@odata.id")])
        if not now.join(group["id"], member, kind):
            raise already()
    return NO_CONTENT


def remove_member(host: Host, ask: Ask, values: Mapping[str, str]) -> Answer:
    """Ends one direct membership."""
    with host.store.writing() as now:
        group = held(now, "groups", values["id"])
        if not now.leave(group["id"], fold(values["member"])):
            raise not_found(values["member"])
    return NO_CONTENT


def list_members(host: Host, ask: Ask, values: Mapping[str, str]) -> Answer:
    """Direct members."""
    return _members(host, ask, values, MEMBERS_PAGE)


def list_transitive_members(host: Host, ask: Ask, values: Mapping[str, str]) -> Answer:
    """Members through any nesting, the groups in between included."""
    return _members(host, ask, values, TRANSITIVE_PAGE)


def _members(host: Host, ask: Ask, values: Mapping[str, str], statement: Statement) -> Answer:
    allowed = frozenset({"$select", "$top", "$skiptoken"})
    wanted = options(ask, shapes.MEMBER, allowed, default=100, most=999, cap=host.switches.page_size)
    with host.store.reading() as now:
        group = held(now, "groups", values["id"])
        rows = now.rows(statement, group_id=group["id"], after=wanted.after or "", top=wanted.top + 1)
    kept, after = cut(rows, wanted.top, lambda row: str(row[0]))
    items = [_typed(kind, body, ask.version, wanted.select) for _, kind, body in kept]
    return page(ask, "directoryObjects", items, after)


def _typed(kind: str, body: str, version: str, select: tuple[str, ...] | None) -> str:
    collection = USERS if kind == "users" else GROUPS
    shape = collection.shape_in(version)
    own = None if select is None else tuple(name for name in select if name in shape.properties)
    names = own if own is not None else shape.default
    document = load_object(body)
    shown = document if names is None else {name: document.get(name) for name in names}
    return dumps({"@odata.type": TYPES[kind], **shown})


def already() -> GraphError:
    """400: somebody is a member already (the text is from memory of the service)."""
    return bad_request(
        "One or more added object references already exist for the following modified properties: 'members'."
    )


def _bound(now: Writing, references: object) -> list[tuple[str, str]]:
    """The objects that references name, with their kinds. GraphError when one isn't there, or they are too many."""
    if not isinstance(references, list) or not all(isinstance(entry, str) for entry in references):
        raise bad_request("The reference is missing or not a text.")
    if len(references) > MAX_BIND:
        raise bad_request(f"The number of references is greater than {MAX_BIND}.")
    found: dict[str, str] = {}
    for reference in references:
        id = fold(reference.rstrip("/").rsplit("/", 1)[-1])
        kind = next((kind for kind in TYPES if now.get(kind, id) is not None), None)
        if kind is None:
            raise not_found(id)
        if id in found:
            raise already()
        found[id] = kind
    return list(found.items())


def _only(body: Json, shape: Shape) -> None:
    for name in body:
        if name not in shape.properties and not name.startswith("@"):
            raise bad_request(f"Invalid property '{name}'.")


def _text(body: Json, name: str, most: int) -> str:
    value = body.get(name)
    if not isinstance(value, str) or not value.strip() or len(value) > most:
        raise bad_request(f"Invalid value specified for property '{name}' of resource.")
    return value


ROUTES = (
    Route("GET", "/users", USERS.list),
    Route("POST", "/users", create_user),
    Route("GET", "/users/{id}", show_user),
    Route("PATCH", "/users/{id}", change_user),
    Route("DELETE", "/users/{id}", delete_user),
    *GROUPS.routes(),
    Route("POST", "/groups", create_group),
    Route("PATCH", "/groups/{id}", change_group),
    Route("DELETE", "/groups/{id}", delete_group),
    Route("GET", "/groups/{id}/members", list_members),
    Route("POST", "/groups/{id}/members/$ref", add_member),
    Route("DELETE", "/groups/{id}/members/{member}/$ref", remove_member),
    Route("GET", "/groups/{id}/transitiveMembers", list_transitive_members),
    *(route for collection in READ_ONLY for route in collection.routes()),
)
