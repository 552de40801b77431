"""Groups and their members, as `/groups` of Microsoft Graph.

Source: FACTS.md 7.1. Members are added twenty at a time and all or none; somebody who already is a member makes the whole call
fail, as on the real service.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from perca.model import fold
from perca.tenant.api import shapes
from perca.tenant.api.collections import Collection, held
from perca.tenant.api.exchange import NO_CONTENT, Answer, Ask, Route, answer_with
from perca.tenant.api.fields import only, text_of
from perca.tenant.api.host import Host
from perca.tenant.api.odata import cut, options, page
from perca.tenant.api.users import USERS
from perca.tenant.errors import GraphError, bad_request, not_found
from perca.tenant.json import Json, dumps, load_object
from perca.tenant.owners import owners_document, owners_of
from perca.tenant.records import Writing
from perca.tenant.schema import MEMBERS_PAGE, TRANSITIVE_PAGE, Statement
from perca.tenant.time import written

GROUPS = Collection("groups", "/groups", "groups", shapes.GROUP, shapes.GROUP_FILTER)
TYPES = {"users": "#microsoft.graph.user", "groups": "#microsoft.graph.group"}
OWNER_TYPES = {"users": TYPES["users"], "servicePrincipals": "#microsoft.graph.servicePrincipal"}
BIND = "members@odata.bind"
MAX_BIND = 20
_NICKNAME_FORBIDS = frozenset('@()\\[]";:<>, ')


def create_group(host: Host, ask: Ask, _: Mapping[str, str]) -> Answer:
    """A new group, with up to twenty members."""
    body = ask.object()
    binds = body.pop(BIND, [])
    owners = body.pop("owners@odata.bind", [])
    only(body, shapes.GROUP)
    text_of(body, "displayName", 256)
    nickname = text_of(body, "mailNickname", 64)
    if not nickname.isascii() or _NICKNAME_FORBIDS & set(nickname):
        raise bad_request("Invalid value specified for property 'mailNickname' of resource 'Group'.")
    if not all(isinstance(body.get(flag), bool) for flag in ("mailEnabled", "securityEnabled")):
        raise bad_request(
            "A value is required for property 'securityEnabled' and 'mailEnabled' of resource 'Group'."
        )
    with host.store.writing() as now:
        members = _bound(now, binds)
        owned = _bound(now, owners, OWNER_TYPES)
        if len(members) + len(owned) > MAX_BIND:
            raise bad_request(f"The number of references is greater than {MAX_BIND}.")
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
        if owned:
            now.put("owners", group["id"], owners_document(group["id"], owned))
    return answer_with({"@odata.context": ask.context("groups/$entity"), **group}, 201)


def change_group(host: Host, ask: Ask, values: Mapping[str, str]) -> Answer:
    """Changes properties of a group, or adds up to twenty members, all or none."""
    body = ask.object()
    binds = body.pop(BIND, [])
    only(body, shapes.GROUP)
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
            now.put("groups", group["id"], changed, text_of(changed, "mailNickname", 64))
    return NO_CONTENT


def delete_group(host: Host, ask: Ask, values: Mapping[str, str]) -> Answer:
    """Deletes a group."""
    with host.store.writing() as now:
        if not now.remove_object("groups", values["id"]):
            raise not_found(values["id"])
        now.remove("owners", values["id"])
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


def list_owners(host: Host, ask: Ask, values: Mapping[str, str]) -> Answer:
    """The owners, by id; v1.0 leaves out service principals, as the real service does."""
    allowed = frozenset({"$select", "$top", "$skiptoken"})
    wanted = options(ask, shapes.OWNER, allowed, default=100, most=999, cap=host.switches.page_size)
    with host.store.reading() as now:
        group = held(now, "groups", values["id"])
        rows = [row for row in owners_of(now, group["id"]) if row[0] > (wanted.after or "")]
    if ask.version != "beta":
        rows = [row for row in rows if row[1] == "users"]
    kept, after = cut(rows, wanted.top, lambda row: row[0])
    items = [_owner(kind, body, ask.version, wanted.select) for _, kind, body in kept]
    return page(ask, "directoryObjects", items, after)


def _owner(kind: str, body: Json, version: str, select: tuple[str, ...] | None) -> str:
    if kind == "users":
        return _typed(kind, dumps(body), version, select)
    names = [name for name in select or body if name in body]
    return dumps({"@odata.type": OWNER_TYPES[kind], **{name: body[name] for name in names}})


def already() -> GraphError:
    """400: somebody is a member already (the text is from memory of the service)."""
    return bad_request(
        "One or more added object references already exist for the following modified properties: 'members'."
    )


def _bound(now: Writing, references: object, kinds: Iterable[str] = TYPES) -> list[tuple[str, str]]:
    """The objects that references name, with their kinds. GraphError when one isn't there, or they are too many."""
    if not isinstance(references, list) or not all(isinstance(entry, str) for entry in references):
        raise bad_request("The reference is missing or not a text.")
    if len(references) > MAX_BIND:
        raise bad_request(f"The number of references is greater than {MAX_BIND}.")
    found: dict[str, str] = {}
    for reference in references:
        id = fold(reference.rstrip("/").rsplit("/", 1)[-1])
        kind = next((kind for kind in kinds if now.get(kind, id) is not None), None)
        if kind is None:
            raise not_found(id)
        if id in found:
            raise already()
        found[id] = kind
    return list(found.items())


ROUTES = (
    *GROUPS.routes(),
    Route("POST", "/groups", create_group),
    Route("PATCH", "/groups/{id}", change_group),
    Route("DELETE", "/groups/{id}", delete_group),
    Route("GET", "/groups/{id}/members", list_members),
    Route("GET", "/groups/{id}/owners", list_owners),
    Route("POST", "/groups/{id}/members/$ref", add_member),
    Route("DELETE", "/groups/{id}/members/{member}/$ref", remove_member),
    Route("GET", "/groups/{id}/transitiveMembers", list_transitive_members),
)
