"""Whether people's accounts are there and may sign in. INVARIANT: somebody is gone only if two answers say so.

A 404 alone is no proof of absence (FACTS.md section 1.2): the account's own path must answer it, and the list of all people, read to
its end, must not hold the account. Anything else that isn't a plain answer is NotRead.
"""

from __future__ import annotations

from collections.abc import Sequence

from perca.errors import NotAssessed, RemoteFailed
from perca.graph import paths
from perca.graph.batching import Answered, Call, Part, Unanswered
from perca.graph.client import Graph
from perca.graph.fault import not_read
from perca.migrate.directory import Account
from perca.model import NotRead, UserId, fold


async def read_accounts(graph: Graph, people: Sequence[UserId]) -> dict[UserId, Account | NotRead]:
    """How each account is just now."""
    each = list(dict.fromkeys(people))
    parts = await graph.batch([Call("GET", paths.account(user)) for user in each], version="v1.0")
    read = {user: account_of(part) for user, part in zip(each, parts, strict=True)}
    if Account.GONE not in read.values():
        return read
    listed = await _listed(graph)
    return {user: _confirmed(user, account, listed) for user, account in read.items()}


def account_of(part: Part) -> Account | NotRead:
    """What one part of a batch says; GONE for a 404, which the list of people has yet to confirm."""
    match part:
        case Unanswered(why):
            return NotRead(why)
        case Answered(404):
            return Account.GONE
        case Answered() if not part.succeeded:
            return NotRead(str(part.fault))
    enabled = None if part.body is None else part.body.get("accountEnabled")
    if not isinstance(enabled, bool):
        return NotRead(f"{part.status} without accountEnabled")
    return Account.ACTIVE if enabled else Account.BLOCKED


async def _listed(graph: Graph) -> frozenset[UserId] | NotRead:
    try:
        rows = await graph.pages(paths.USERS)
    except (NotAssessed, RemoteFailed) as error:
        return not_read(error, "the list of people")
    return frozenset(UserId(fold(str(row.get("id")))) for row in rows)


def _confirmed(
    user: UserId, account: Account | NotRead, listed: frozenset[UserId] | NotRead
) -> Account | NotRead:
    if account is not Account.GONE:
        return account
    if isinstance(listed, NotRead):
        return listed
    return NotRead("404, and yet among the people") if user in listed else account
