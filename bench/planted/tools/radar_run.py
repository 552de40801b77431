"""Runs ca-radar's own collector and analysers; started in its environment: radar_run.py GRAPH-ROOT FOLDER, prints JSON."""

import asyncio
import json
import os
import sys

from ca_radar.analysers.runner import run_analysers
from ca_radar.graph.client import GraphClient
from ca_radar.graph.endpoints import get_group_transitive_members
from ca_radar.resolver.effective_controls import PolicyResolver
from ca_radar.resolver.policy_graph import SnapshotData
from ca_radar.snapshot.collector import collect_snapshot
from ca_radar.snapshot.store import SnapshotStore


class Bearer:
    """What the client asks for its header."""

    def get_auth_header(self):
        return {"Authorization": f"Bearer {os.environ['BENCH_SECRET']}"}


class Client(GraphClient):
    """Its client, asking only what the embedded tenant answers: no `$expand`, and of people not when they last signed in.

    No rule of ca-radar's about MFA looks at what is left out; without this, it would read neither people nor roles.
    """

    async def _get_url(self, url, params=None):
        asked = {name: value for name, value in (params or {}).items() if name != "$expand"}
        if "$select" in asked:
            asked["$select"] = asked["$select"].replace(",signInActivity", "")
        return await super()._get_url(url, asked or None)


async def main(root, folder):
    store = SnapshotStore(base_dir=folder)
    async with Client(Bearer(), base_url=root) as client:
        collected = await collect_snapshot(client, store, "planted.example", redact=False)
        data = SnapshotData.from_store(collected.snapshot_path, store)
        result = await run_analysers(data, PolicyResolver.from_data(data))
        named = {id for each in result.findings for id in each.affected_principals} & set(data.groups_by_id)
        groups = [{"id": id, "members": await get_group_transitive_members(client, id)} for id in named]
        log = client.request_log
    return {
        "findings": [each.to_dict() for each in result.findings],
        "errors": [f"{name}: {why}" for name, why in result.analyser_errors.items()],
        "failed": collected.resources_failed,
        "read": {"users": len(data.users), "groups": len(data.groups), "policies": len(data.policies)},
        "refused": sorted({f"{each['status']} {each['url']}" for each in log if each["status"] != 200}),
        "groups": groups,
    }


print(json.dumps(asyncio.run(main(*sys.argv[1:])), default=str))
