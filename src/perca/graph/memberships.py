"""Groups and their direct members: read whole or not at all, and written so that doing it twice does it once.

FACTS.md section 7.1: one PATCH adds at most 20, all or none, and fails when one of them is a member already.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from perca.errors import NotAssessed, Refused, RemoteFailed
from perca.graph import paths
from perca.graph.batching import Answered, Call, Part, Unanswered
from perca.graph.client import Graph, segment
from perca.graph.fault import not_read, raised
from perca.migrate.directory import Json
from perca.model import GroupId, NotRead, ObjectId, UserId, fold

MOST_ADDED = 20
_KINDS = {"#microsoft.graph.user": "user", "#microsoft.graph.group": "group"}


@dataclass(frozen=True, slots=True)
class Members:
    """A group's direct members. One whose kind isn't told is in `principals`: it may be a person or a group."""

    principals: tuple[ObjectId, ...] = ()
    groups: frozenset[ObjectId] = frozenset()
    """Those of the principals that may be groups."""
    others: tuple[ObjectId, ...] = ()
    """Devices, contacts, service principals: no policy's users."""


def members_of(rows: Sequence[Json]) -> Members | NotRead:
    """Reads the rows of a member list; a row without an id makes all of it NotRead."""
    principals: dict[ObjectId, None] = {}
    groups: set[ObjectId] = set()
    others: dict[ObjectId, None] = {}
    for row in rows:
        id, word = row.get("id"), row.get("@odata.type")
        if not isinstance(id, str) or not id:
            return NotRead("a member without an id was answered")
        member = ObjectId(fold(id))
        kind = (
            _KINDS.get(word.strip().lower(), "other") if isinstance(word, str) and word.strip() else "untold"
        )
        if kind == "other":
            others[member] = None
            continue
        principals[member] = None
        if kind != "user":
            groups.add(member)
    return Members(tuple(principals), frozenset(groups), tuple(others))


async def rows_or_gap(graph: Graph, part: Part, path: str) -> list[Json] | NotRead:
    """All rows of a list whose first page is a part of a batch; NotRead when that or a later page was refused."""
    match part:
        case Unanswered(why):
            return NotRead(why)
        case Answered() if not part.succeeded:
            return NotRead(str(part.fault))
        case Answered(_, None):
            return NotRead(f"{part.status} without a list")
        case Answered(_, dict(page)):
            try:
                return await graph.rest_of(page, path)
            except (NotAssessed, RemoteFailed) as error:
                return not_read(error)
    raise AssertionError(part)


async def read_members(graph: Graph, group: GroupId) -> Members | NotRead:
    """The direct members of a group; NotRead when the service refuses, or says that there is no such group."""
    path = "/v1.0" + paths.members(group)
    try:
        return members_of(await graph.pages(path))
    except (NotAssessed, RemoteFailed) as error:
        return not_read(error)


async def add(graph: Graph, group: GroupId, people: Sequence[UserId]) -> None:
    """Makes all of them direct members; those who are already are left alone, whoever made them so."""
    wanted = list(dict.fromkeys(ObjectId(person) for person in people))
    before = await read_members(graph, group)
    held = set() if isinstance(before, NotRead) else set(before.principals)
    absent = [person for person in wanted if person not in held]
    for at in range(0, len(absent), MOST_ADDED):
        some = absent[at : at + MOST_ADDED]
        try:
            await graph.patch(
                "/v1.0" + paths.group(group),
                {"members@odata.bind": [_object(graph, person) for person in some]},
                settling=True,
            )
        except Refused:
            # One of the twenty may have become a member since, or by our own call whose answer was lost.
            await _add_singly(graph, group, some)


async def _add_singly(graph: Graph, group: GroupId, people: Sequence[ObjectId]) -> None:
    present = await read_members(graph, group)
    held = set() if isinstance(present, NotRead) else set(present.principals)
    for person in people:
        if person in held:
            continue
        try:
            await graph.post(
                f"/v1.0{paths.group(group)}/members/$ref",
                {"@odata.id": _object(graph, person)},
                settling=True,
            )
        except Refused:
            if not await _is_member(graph, group, person):
                raise


async def _is_member(graph: Graph, group: GroupId, person: ObjectId) -> bool:
    now = await read_members(graph, group)
    return not isinstance(now, NotRead) and person in now.principals


async def remove(graph: Graph, group: GroupId, people: Sequence[UserId]) -> None:
    """Makes none of them direct members; raises the first refusal that isn't `not a member`."""
    each = list(dict.fromkeys(ObjectId(person) for person in people))
    calls = [Call("DELETE", paths.member_reference(group, person)) for person in each]
    for call, part in zip(calls, await graph.batch(calls, version="v1.0"), strict=True):
        match part:
            case Unanswered(why):
                raise RemoteFailed(f"{call.method} {call.path}: {why}", "look, then run it again")
            case Answered() if not part.succeeded and part.status != 404:
                raise raised(part.fault, call.method, call.path, reading=False)


def _object(graph: Graph, id: ObjectId) -> str:
    return f"{graph.root}/v1.0/directoryObjects/{segment(id)}"
