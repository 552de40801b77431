"""How a tenant lets people authenticate, for a snapshot: its domains, how federated ones treat MFA, and when people last signed in.

`mailboxSettings` isn't here: Graph shows it of one mailbox at a time, never in a list of people, and under a permission that reads
everybody's mailbox settings; what it would tell stays unknown.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from perca.errors import NotAssessed, RemoteFailed
from perca.graph import paths
from perca.graph.batching import Call
from perca.graph.client import Graph, is_segment
from perca.graph.fault import not_read
from perca.graph.memberships import rows_or_gap
from perca.migrate.directory import Json
from perca.model import NotRead, fold

DOMAINS = "domains"
ACTIVITY = "users/signInActivity"
Note = Callable[[str, str], None]
"""Takes a path and why it could not be read."""


async def read_domains(graph: Graph, note: Note) -> list[Json] | None:
    """The domains, federated ones with their `federationConfiguration`; what is refused is noted and left out."""
    try:
        domains = await graph.pages(paths.DOMAINS)
    except (NotAssessed, RemoteFailed) as error:
        note(DOMAINS, not_read(error).why)
        return None
    federated = [domain for domain in domains if _is_federated(domain)]
    calls = [Call("GET", paths.federation(domain["id"])) for domain in federated]
    for domain, call, part in zip(federated, calls, await graph.batch(calls, version="v1.0"), strict=True):
        rows = await rows_or_gap(graph, part, f"/v1.0{call.path}")
        if isinstance(rows, NotRead):
            note(f"domains/{domain['id']}/federationConfiguration", rows.why)
        else:
            domain["federationConfiguration"] = rows
    return domains


def _is_federated(domain: Json) -> bool:
    id, kind = domain.get("id"), domain.get("authenticationType")
    return isinstance(kind, str) and fold(kind) == "federated" and isinstance(id, str) and is_segment(id)


async def read_activity(graph: Graph, users: Sequence[Json], note: Note) -> None:
    """Enters when people last signed in; when that is refused it is noted, and nobody's is entered.

    A list apart from that of the people, since a refusal of this one property refuses the whole list. Graph leaves the property out of
    people who never signed in: it was asked for, so that is null.
    """
    try:
        rows = await graph.pages(paths.ACTIVITY)
    except (NotAssessed, RemoteFailed) as error:
        note(ACTIVITY, not_read(error).why)
        return
    told = {fold(str(row.get("id"))): row.get("signInActivity") for row in rows}
    for user in users:
        if (id := fold(str(user["id"]))) in told:
            user["signInActivity"] = told[id]
