"""A list that comes in pages: the link to the next page is followed as it is, and never to anywhere else.

Either all rows or an error: never a part of a list. A link seen twice, a link to another origin (our token would go there) and
a page that isn't a page are errors (FACTS.md section 8).
"""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

from perca.errors import RemoteFailed
from perca.graph.steps import Exchange
from perca.migrate.directory import Json

NEXT = "@odata.nextLink"
MOST_PAGES = 20_000
"""A list longer than that is taken for one that never ends."""

_PORTS = {"https": 443, "http": 80}
_ODD = set("\\ \t\r\n")


def belongs(link: str, root: str) -> bool:
    """Whether `link` lies at the same scheme, host and port as `root`, and can be read in one way only."""
    at = urlsplit(root)
    host = f"[{at.hostname}]" if at.hostname and ":" in at.hostname else at.hostname
    port = at.port or _PORTS.get(at.scheme)
    origins = [f"{at.scheme}://{host}:{port}/"] + [f"{at.scheme}://{host}/"] * (port == _PORTS.get(at.scheme))
    # The text must begin with the origin up to its slash: then no two readers of URLs can disagree about the host.
    return not _ODD & set(link) and any(link[: len(origin)].lower() == origin for origin in origins)


def rows_of(page: Json, what: str) -> list[Json]:
    """The rows of one page; RemoteFailed when it isn't one."""
    rows = page.get("value")
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise RemoteFailed(f"{what}: answered with a page that holds no list of objects", _HINT)
    return rows


def rest_of(page: Json, what: str, root: str, fetch: Callable[[str], Exchange[Json]]) -> Exchange[list[Json]]:
    """All rows from `page` on; `fetch` gets the page at a URL."""
    rows = rows_of(page, what)
    seen: set[str] = set()
    while (link := page.get(NEXT)) is not None:
        if not isinstance(link, str) or not belongs(link, root):
            raise RemoteFailed(f"{what}: the link to the next page leads elsewhere", _ELSEWHERE)
        if link in seen or len(seen) >= MOST_PAGES:
            raise RemoteFailed(f"{what}: the pages never end", _HINT)
        seen.add(link)
        page = yield from fetch(link)
        rows += rows_of(page, what)
    return rows


_HINT = "the other side doesn't answer as Microsoft Graph does: check the address"
_ELSEWHERE = (
    "nothing was sent there, since the token would have gone along: give the address that the links name"
)
