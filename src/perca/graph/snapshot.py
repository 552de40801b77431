"""Reads a whole tenant into one `perca/snapshot/1` object: Graph's resources as Graph spells them, and what is missing.

What the service refuses (403, 404, 429, an answer left out) is listed in `missing` by its Graph path and left out of the object;
it is never filled in. Without people, policies or the tenant's id nothing could be said, so then there is an error instead.
Groups: those that policies and roles name, and those nested in them, with their members and owners; no others.
"""

from __future__ import annotations

from collections.abc import Awaitable, Iterable, Iterator
from datetime import UTC

from perca.errors import NotAssessed, RemoteFailed
from perca.graph import paths
from perca.graph.authentication import read_activity, read_domains
from perca.graph.batching import Answered, Call, Part, Unanswered
from perca.graph.client import Graph, is_segment
from perca.graph.fault import not_read
from perca.graph.memberships import members_of, rows_or_gap
from perca.graph.per_user import read_states
from perca.migrate.directory import Json
from perca.model import GroupId, NotRead, UserId, fold

FORMAT = "perca/snapshot/1"
SECURITY_DEFAULTS = "policies/identitySecurityDefaultsEnforcementPolicy"
SETTINGS = "identity/conditionalAccess/settings"
METHODS_POLICY = "policies/authenticationMethodsPolicy"
TRUST = "policies/crossTenantAccessPolicy/default"
PARTNERS = "policies/crossTenantAccessPolicy/partners"
LISTS = (
    ("namedLocations", "identity/conditionalAccess/namedLocations", paths.NAMED_LOCATIONS),
    (
        "authenticationStrengths",
        "identity/conditionalAccess/authenticationStrength/policies",
        paths.STRENGTHS,
    ),
    ("servicePrincipals", "servicePrincipals", paths.SERVICE_PRINCIPALS),
    ("roleAssignments", "roleManagement/directory/roleAssignments", paths.ROLE_ASSIGNMENTS),
    ("roleEligibilities", "roleManagement/directory/roleEligibilitySchedules", paths.ROLE_ELIGIBILITIES),
    ("registrations", "reports/authenticationMethods/userRegistrationDetails", paths.REGISTRATIONS),
)
"""Member of the snapshot, name in `missing`, path: what may be refused without ending the snapshot."""

_ROLES = ("roleAssignments", "roleEligibilities")
_GROUP_LISTS = frozenset({"includegroups", "excludegroups"})


class Gaps:
    """What could not be read, in the order in which it was found."""

    def __init__(self) -> None:
        self.found: list[Json] = []

    def note(self, what: str, why: str) -> None:
        """Adds a gap."""
        self.found.append({"what": what, "why": why})

    async def bridge(self, what: str, reading: Awaitable[list[Json]]) -> list[Json] | None:
        """The rows, or None and a gap when the service refuses them; other failures pass."""
        try:
            return await reading
        except (NotAssessed, RemoteFailed) as error:
            self.note(what, not_read(error).why)
            return None


async def take(graph: Graph, mfa_settings: Json | None) -> Json:
    """The snapshot. `mfa_settings` is the operator's word, since Graph can't read those; None leaves them out."""
    taken_at = f"{graph.clock.now().astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    gaps = Gaps()
    organization = await read_organization(graph)
    users = await _people(graph, gaps)
    policies = await graph.pages(paths.POLICIES)
    read: dict[str, list[Json]] = {}
    for name, what, path in LISTS:
        rows = await gaps.bridge(what, graph.pages(path))
        if rows is not None:
            read[name] = rows
    defaults = await gaps.bridge(SECURITY_DEFAULTS, _single(graph, paths.SECURITY_DEFAULTS))
    settings = await gaps.bridge(SETTINGS, _single(graph, paths.SETTINGS))
    methods = await gaps.bridge(METHODS_POLICY, _single(graph, paths.METHODS_POLICY))
    domains = await read_domains(graph, gaps.note)
    trust = await _trust(graph, gaps)
    people = {fold(str(user["id"])) for user in users}
    groups = await _groups(graph, gaps, _named(policies, read, people))
    snapshot: Json = {
        "format": FORMAT,
        "tenantId": organization["id"],
        "displayName": organization.get("displayName") or "",
        "takenAt": taken_at,
        "users": users,
        "groups": groups,
        "policies": policies,
        **read,
    }
    if defaults is not None:
        snapshot["securityDefaults"] = defaults[0]
    if settings is not None:
        snapshot["conditionalAccessSettings"] = settings[0]
    if methods is not None:
        snapshot["authenticationMethodsPolicy"] = methods[0]
    if domains is not None:
        snapshot["domains"] = domains
    if trust:
        snapshot["crossTenantAccess"] = trust
    if mfa_settings is not None:
        snapshot["mfaSettings"] = mfa_settings
    return snapshot | {"missing": gaps.found}


async def read_organization(graph: Graph) -> Json:
    """The tenant's own object, with its `id`."""
    rows = await graph.pages(paths.ORGANIZATION)
    if len(rows) != 1 or not isinstance(rows[0].get("id"), str) or not rows[0]["id"]:
        raise RemoteFailed("the tenant doesn't say which one it is", "check that the address is a Graph root")
    return rows[0]


async def _single(graph: Graph, path: str) -> list[Json]:
    return [await graph.get(path)]


async def _trust(graph: Graph, gaps: Gaps) -> Json:
    """What is trusted of other tenants: by default, and of partners; of each what could be read."""
    default = await gaps.bridge(TRUST, _single(graph, paths.TRUST))
    partners = await gaps.bridge(PARTNERS, graph.pages(paths.PARTNERS))
    read = {"default": None if default is None else default[0], "partners": partners}
    return {name: value for name, value in read.items() if value is not None}


async def _people(graph: Graph, gaps: Gaps) -> list[Json]:
    """All people, each once, with their per-user state where it could be read."""
    users: dict[UserId, Json] = {}
    for row in await graph.pages(paths.USERS):
        id = row.get("id")
        if not isinstance(id, str) or not id:
            raise RemoteFailed(
                "GET /v1.0/users: a person without an id", "check that the address is a Graph root"
            )
        # The state comes from its own path alone.
        users.setdefault(
            UserId(fold(id)), {name: value for name, value in row.items() if name != "perUserMfaState"}
        )
    for user, state in (await read_states(graph, list(users))).items():
        if isinstance(state, NotRead):
            gaps.note(f"users/{users[user]['id']}/authentication/requirements", state.why)
        else:
            users[user]["perUserMfaState"] = state.value
    people = list(users.values())
    await read_activity(graph, people, gaps.note)
    return people


def _named(policies: list[Json], read: dict[str, list[Json]], people: set[str]) -> set[GroupId]:
    """The groups that policies name, and principals of roles that are neither people nor service principals."""
    known = people | {fold(str(row.get("id"))) for row in read.get("servicePrincipals", ())}
    holders = [row.get("principalId") for name in _ROLES for row in read.get(name, ())]
    named = [id for policy in policies for id in _groups_in(policy)]
    named += [id for id in holders if isinstance(id, str) and is_segment(id) and fold(id) not in known]
    return {GroupId(fold(id)) for id in named}


def _groups_in(value: object) -> Iterator[str]:
    """Every string in a list called includeGroups or excludeGroups, at whatever depth, in conditions new or old."""
    waiting = [value]
    while waiting:
        match waiting.pop():
            case dict(members):
                for name, member in members.items():
                    if name.lower() in _GROUP_LISTS and isinstance(member, list):
                        yield from (id for id in member if isinstance(id, str) and is_segment(id))
                    else:
                        waiting.append(member)
            case list(items):
                waiting.extend(items)


async def _groups(graph: Graph, gaps: Gaps, named: Iterable[GroupId]) -> list[Json]:
    """The named groups and all that are nested in them, by id."""
    found: dict[GroupId, Json] = {}
    waiting = sorted(named)
    asked: set[GroupId] = set()
    while waiting:
        asked |= set(waiting)
        calls = [Call("GET", path(id)) for id in waiting for path in (paths.group_properties, paths.members)]
        parts = await graph.batch(calls, version="v1.0")
        inner: set[GroupId] = set()
        for id, properties, members in zip(waiting, parts[::2], parts[1::2], strict=True):
            inner |= await _group(graph, gaps, found, id, properties, members)
        waiting = sorted(inner - asked)
    groups = [found[id] for id in sorted(found)]
    await _enter_owners(graph, gaps, groups)
    return groups


async def _enter_owners(graph: Graph, gaps: Gaps, groups: list[Json]) -> None:
    """Enters who owns each group; Graph shows no owners of groups that come from on premises, so theirs aren't read."""
    asked = []
    for group in groups:
        if group.get("onPremisesSyncEnabled") is True:
            gaps.note(f"groups/{group['id']}/owners", "Graph shows no owners of groups from on premises")
        else:
            asked.append(group)
    calls = [Call("GET", paths.owners(GroupId(fold(group["id"])))) for group in asked]
    for group, call, part in zip(asked, calls, await graph.batch(calls, version="beta"), strict=True):
        rows = await rows_or_gap(graph, part, f"/beta{call.path}")
        owners = rows if isinstance(rows, NotRead) else _ids(rows)
        if isinstance(owners, NotRead):
            gaps.note(f"groups/{group['id']}/owners", owners.why)
        else:
            group["owners"] = owners


def _ids(rows: list[Json]) -> list[str] | NotRead:
    ids = [fold(row["id"]) for row in rows if isinstance(row.get("id"), str) and fold(row["id"])]
    return ids if len(ids) == len(rows) else NotRead("an owner without an id was answered")


async def _group(
    graph: Graph, gaps: Gaps, found: dict[GroupId, Json], id: GroupId, properties: Part, members: Part
) -> set[GroupId]:
    """Enters a group as far as it could be read; returns what may be groups among its members."""
    group = _object_or_gap(properties)
    rows = await rows_or_gap(graph, members, "/v1.0" + paths.members(id))
    read = rows if isinstance(rows, NotRead) else members_of(rows)
    if isinstance(group, NotRead):
        gaps.note(f"groups/{id}", group.why)
        if isinstance(read, NotRead):
            return set()
        group = {"id": id}
    if isinstance(read, NotRead):
        gaps.note(f"groups/{id}/members", read.why)
        found[id] = group
        return set()
    found[id] = group | {"members": list(read.principals), "otherMembers": list(read.others)}
    return {GroupId(member) for member in read.groups if is_segment(member)}


def _object_or_gap(part: Part) -> Json | NotRead:
    match part:
        case Unanswered(why):
            return NotRead(why)
        case Answered() if not part.succeeded:
            return NotRead(str(part.fault))
        case Answered(_, dict(body)) if isinstance(body.get("id"), str):
            return body
    return NotRead(f"{part.status} without an object")
