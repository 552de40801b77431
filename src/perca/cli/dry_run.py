"""`apply --dry-run`: the requests that the steps would send, exactly as the client writes them, and none of them sent.

The real client runs against a transport that lets reads through and keeps writes, answering them as a service would that carried
them out. Ids that only the service can give stand as `{group}` and `{policy}`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote

import msgspec

from perca.app import bearer_of, connect, target
from perca.cli.answer import Answer, Json, view_of
from perca.cli.blocks import Block, Heading, Line, Tone
from perca.cli.migration import check_tenant
from perca.cli.plan_file import plan_in
from perca.graph import Graph, GraphDirectory
from perca.graph.transport import Request, Response, Transport
from perca.migrate.current import renamed
from perca.migrate.deeds import GROUP_DESCRIPTION
from perca.migrate.plan import Plan
from perca.migrate.steps import GROUP, AddMembers, CreateGroup, CreatePolicy, SetPolicy, SetStates, Step
from perca.model import GroupId, PolicyId
from perca.wire import emit_policy

NEW_GROUP = GroupId("{group}")
NEW_POLICY = PolicyId("{policy}")


@dataclass
class Keeping:
    """A transport that keeps writes and sends reads on."""

    real: Transport
    root: str
    kept: list[Json] = field(default_factory=list)
    step: str = ""

    async def send(self, request: Request) -> Response:
        """A read's real answer; for a write, what a service would say that did it."""
        path = unquote(request.url.removeprefix(self.root))
        if request.method == "GET":
            return (
                Response(404, {}, b'{"error": {"code": "NotFound", "message": ""}}')
                if NEW_GROUP in path
                else await self.real.send(request)
            )
        body = msgspec.json.decode(request.body) if request.body else None
        self.kept.append({"step": self.step, "method": request.method, "path": path, "body": body})
        return Response(200, {}, msgspec.json.encode(_done(path, body)))


def _done(path: str, body: Json | None) -> Json:
    if path.endswith("/$batch"):
        return {"responses": [{"id": part["id"], "status": 204} for part in (body or {}).get("requests", ())]}
    return {"id": NEW_GROUP if path.endswith("/groups") else NEW_POLICY}


def requests(
    plan_name: str, tenant: str | None, wave: int | None, secret_file: Path | None, json: bool
) -> Answer:
    """The answer of `apply --dry-run`."""
    plan = plan_in(plan_name)
    kept = asyncio.run(_gather(plan, tenant, wave, secret_file))
    return Answer("requests", lambda: {"requests": kept, "sent": 0}, lambda: _text(kept), view=view_of(json))


async def _gather(plan: Plan, tenant: str | None, wave: int | None, secret_file: Path | None) -> list[Json]:
    where = target(tenant)
    async with connect(where, secret=bearer_of(where, secret_file)) as connection:
        check_tenant(plan, connection)
        root = connection.root.rstrip("/")
        keeping = Keeping(connection.transport, root)
        graph = Graph(keeping, root, connection.token, connection.clock)
        directory = GraphDirectory(graph, mfa_settings=None)
        for step in plan.steps():
            if wave is None or step.wave is None or step.wave <= wave:
                keeping.step = step.id
                await _write(directory, plan, step)
        return keeping.kept


async def _write(directory: GraphDirectory, plan: Plan, step: Step) -> None:
    match step.action:
        case CreateGroup(name):
            await directory.create_group(name, plan.nickname, GROUP_DESCRIPTION)
        case AddMembers(people):
            await directory.add_members(NEW_GROUP, people)
        case CreatePolicy(policy):
            body = emit_policy(renamed(policy, GROUP, NEW_GROUP))
            await directory.create_policy({key: value for key, value in body.items() if key != "id"})
        case SetPolicy(state):
            await directory.set_policy_state(NEW_POLICY, state)
        case SetStates(states):
            await directory.set_per_user_states(states)
        case _:
            return


def _text(kept: list[Json]) -> Iterator[Block]:
    yield Line("None of these requests was sent.", Tone.GOOD)
    step = None
    for each in kept:
        if each["step"] != step:
            step = each["step"]
            yield Heading(str(step))
        yield Line(f"{each['method']} {each['path']}", Tone.STRONG, 1)
        if each["body"] is not None:
            yield Line(msgspec.json.encode(each["body"]).decode(), Tone.FAINT, 2)
