"""Query options and pages: `$select`, `$top`, `$filter`, `$count`, `$skiptoken`, and the opaque link to the next page.

Promises that an option is either obeyed or refused with 400, and that paging through a collection shows everything that
was there from the first page to the last exactly once, whatever is written meanwhile.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import quote, urlencode

from perca.tenant.api.exchange import Answer, Ask
from perca.tenant.errors import GraphError, bad_request
from perca.tenant.filter import Filter, parse
from perca.tenant.json import Json, dumps, load_object

Row = TypeVar("Row")

ITEM_OPTIONS = frozenset({"$select"})
LIST_OPTIONS = frozenset({"$select", "$top", "$filter", "$count", "$skiptoken"})


@dataclass(frozen=True, slots=True)
class Options:
    """The query options of a request, read."""

    select: tuple[str, ...] | None
    top: int
    filter: Filter | None
    after: str | None
    count: bool


@dataclass(frozen=True, slots=True)
class Shape:
    """What a type of resource can show: all of its properties, and those that are shown when nobody selects."""

    name: str
    properties: frozenset[str]
    default: tuple[str, ...] | None = None
    """None shows everything that is stored."""


def options(
    ask: Ask, shape: Shape, allowed: frozenset[str], *, default: int, most: int, cap: int | None
) -> Options:
    """Reads the options. GraphError 400 for one that isn't allowed here or says nonsense.

    `default` and `most` are Graph's page sizes for the collection; `cap` is the test switch that makes pages smaller.
    """
    for name in ask.query:
        if name not in allowed:
            raise bad_request(f"The query option '{name}' is not supported here.")
    top = _top(ask.query.get("$top"), default, most)
    return Options(
        select=_select(ask.query.get("$select"), shape),
        top=top if cap is None else min(top, cap),
        filter=parse(ask.query["$filter"]) if "$filter" in ask.query else None,
        after=None if "$skiptoken" not in ask.query else read_token(ask.query["$skiptoken"]),
        count=_count(ask),
    )


def _top(text: str | None, default: int, most: int) -> int:
    if text is None:
        return default
    if not text.isascii() or not text.isdigit() or not 1 <= int(text[:9]) <= most or len(text) > 9:
        raise bad_request(f"Invalid page size specified: '{text}'. Must be between 1 and {most} inclusive.")
    return int(text)


def _select(text: str | None, shape: Shape) -> tuple[str, ...] | None:
    if text is None:
        return None
    known = {name.casefold(): name for name in shape.properties}
    chosen: list[str] = []
    for part in text.split(","):
        name = known.get(part.strip().casefold())
        if name is None:
            raise bad_request(f"Could not find a property named '{part.strip()}' on type '{shape.name}'.")
        chosen.append(name)
    return tuple(dict.fromkeys(chosen))


def _count(ask: Ask) -> bool:
    wanted = ask.query.get("$count", "false")
    if wanted not in ("true", "false"):
        raise bad_request("The query option '$count' is true or false.")
    if wanted == "true" and ask.headers.get("consistencylevel", "").casefold() != "eventual":
        raise bad_request("$count needs the header ConsistencyLevel: eventual.")
    return wanted == "true"


def token(after: str) -> str:
    """An opaque token for "after this"."""
    return base64.urlsafe_b64encode(f"perca:{after}".encode()).decode().rstrip("=")


def read_token(text: str) -> str:
    """What `token` was made from. GraphError 400 for anything else."""
    try:
        said = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode()
    except ValueError:
        said = ""
    if not said.startswith("perca:") or token(said[6:]) != text:
        raise GraphError(
            400,
            "Directory_ExpiredPageToken",
            "The specified page token value has expired and can no longer be included in your request.",
        )
    return said[6:]


def position(options: Options) -> int:
    """The position after which the page begins."""
    if options.after is None:
        return 0
    if not options.after.isdigit() or len(options.after) > 18:
        raise bad_request("The skip token belongs to another collection.")
    return int(options.after)


def shown(body: str, shape: Shape, select: tuple[str, ...] | None) -> str:
    """The stored document as this request sees it; a property that isn't set is null."""
    names = select or shape.default
    if names is None:
        return body
    document = load_object(body)
    return dumps({name: document.get(name) for name in names})


def page(
    ask: Ask, context: str, items: Iterable[str], next_after: str | None, count: int | None = None
) -> Answer:
    """A page of JSON texts, with the link to the next one unless this is the last."""
    head = f'{{"@odata.context":{dumps(ask.context(context))}'
    if count is not None:
        head += f',"@odata.count":{count}'
    if next_after is not None:
        kept = {name: value for name, value in ask.query.items() if name != "$skiptoken"}
        query = urlencode({**kept, "$skiptoken": token(next_after)}, safe="$,'()", quote_via=quote)
        path = "/".join(quote(segment, safe="@$") for segment in ask.path)
        head += f',"@odata.nextLink":{dumps(f"{ask.base}/{path}?{query}")}'
    return Answer(200, f'{head},"value":[{",".join(items)}]}}'.encode())


def cut(rows: Sequence[Row], top: int, after: Callable[[Row], str]) -> tuple[Sequence[Row], str | None]:
    """The first `top` of rows that were asked for with one more than that, and where to go on."""
    if len(rows) <= top:
        return rows, None
    return rows[:top], after(rows[top - 1])


def item(ask: Ask, context: str, document: Json) -> Answer:
    """A single resource."""
    body = {"@odata.context": ask.context(f"{context}/$entity"), **document}
    return Answer(200, dumps(body).encode())
