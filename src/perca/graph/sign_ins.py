"""The sign-in log, as far as a migration needs it: asked for by time and people, read row by row.

A row that can't be read makes the answer NotRead: a legacy client that isn't seen would be taken for none. Rules: FACTS.md
section 6.1 (beta, newest first, needs a premium licence) and 14.4.3.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime

from perca.errors import NotAssessed, RemoteFailed
from perca.graph import paths
from perca.graph.client import Graph
from perca.graph.fault import not_read
from perca.migrate.directory import Json, SignInRow
from perca.model import NotRead, PolicyId, UserId, fold

AT_ONCE = 15
"""People in one `$filter`: the service refuses long ones."""


async def read_sign_ins(
    graph: Graph, since: datetime, people: Iterable[UserId] | None
) -> list[SignInRow] | NotRead:
    """The rows from `since` on, newest first; of all people, or only of those named."""
    wanted = None if people is None else list(dict.fromkeys(people))
    found: dict[str, SignInRow] = {}
    for path in _questions(since, wanted):
        try:
            rows = await graph.pages(path)
        except (NotAssessed, RemoteFailed) as error:
            return not_read(error, "sign-in log")
        for row in map(row_of, rows):
            if isinstance(row, NotRead):
                return row
            if row.at >= since and (wanted is None or row.user in wanted):
                found[row.id] = row
    return sorted(found.values(), key=lambda row: (row.at, row.id), reverse=True)


def _questions(since: datetime, people: Sequence[UserId] | None) -> Iterator[str]:
    # The log's filter knows whole seconds; rows before `since` are left out by the reader.
    time = f"createdDateTime ge {since.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    if people is None:
        yield paths.filtered(paths.SIGN_INS, time, "$top=1000")
        return
    for at in range(0, len(people), AT_ONCE):
        who = " or ".join(f"userId eq {paths.literal(person)}" for person in people[at : at + AT_ONCE])
        yield paths.filtered(paths.SIGN_INS, f"{time} and ({who})", "$top=1000")


def row_of(row: Json) -> SignInRow | NotRead:
    """One row of the log; NotRead when it doesn't say who or when."""
    id, user, at = row.get("id"), row.get("userId"), _time(row.get("createdDateTime"))
    client, policies = row.get("clientAppUsed"), row.get("appliedConditionalAccessPolicies")
    if not isinstance(id, str) or not id or not isinstance(user, str) or not user or at is None:
        return NotRead("sign-in log: a row without id, userId or createdDateTime")
    return SignInRow(
        id=id,
        user=UserId(fold(user)),
        at=at,
        client=client if isinstance(client, str) else "",
        applied=_applied(policies if isinstance(policies, list) else []),
    )


def _applied(policies: list[object]) -> dict[PolicyId, str]:
    results: dict[PolicyId, str] = {}
    for policy in policies:
        match policy:
            case {"id": str(id), "result": str(result)}:
                results[PolicyId(fold(id))] = result
    return results


def _time(value: object) -> datetime | None:
    if not isinstance(value, str):
        return None
    try:
        at = datetime.fromisoformat(value)
    except ValueError:
        return None
    return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
