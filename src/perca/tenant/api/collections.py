"""Collections that are only read: one way to list a kind of document, filtered or not, and to show one of them.

Promises pages in the order in which things were made, each from one look into an index.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, func, select

from perca.tenant.api.exchange import Answer, Ask, Route
from perca.tenant.api.host import Host
from perca.tenant.api.odata import (
    ITEM_OPTIONS,
    LIST_OPTIONS,
    Options,
    Shape,
    cut,
    item,
    options,
    page,
    position,
    shown,
)
from perca.tenant.errors import not_found
from perca.tenant.filter import Property, where
from perca.tenant.json import Json
from perca.tenant.records import Reading
from perca.tenant.schema import PAGE, documents, sql

Rows = list[tuple[int, str]]


@dataclass(frozen=True, slots=True)
class Collection:
    """A kind of document as a Graph collection at `path`; `context` names it in `@odata.context`."""

    kind: str
    path: str
    context: str
    shape: Shape
    properties: Mapping[str, Property] = field(default_factory=dict)
    default: int = 100
    most: int = 999

    def shape_in(self, version: str) -> Shape:
        """What is shown: beta shows everything where v1.0 has a short default."""
        return self.shape if version == "v1.0" else Shape(self.shape.name, self.shape.properties)

    def routes(self) -> tuple[Route, ...]:
        """The routes that list it and show one item."""
        return (Route("GET", self.path, self.list), Route("GET", f"{self.path}/{{id}}", self.show))

    def list(self, host: Host, ask: Ask, _: Mapping[str, str]) -> Answer:
        """A page of the collection."""
        shape = self.shape_in(ask.version)
        wanted = options(
            ask, shape, LIST_OPTIONS, default=self.default, most=self.most, cap=host.switches.page_size
        )
        with host.store.reading() as now:
            rows, count = self.rows(now, wanted)
        kept, after = cut(rows, wanted.top, lambda row: str(row[0]))
        return page(ask, self.context, [shown(body, shape, wanted.select) for _, body in kept], after, count)

    def rows(self, now: Reading, wanted: Options) -> tuple[Rows, int | None]:
        """The page's rows and one more, each with its position; and how many there are, if that was asked."""
        begin, top = position(wanted), wanted.top + 1
        if wanted.filter is None:
            count = now.count(self.kind) if wanted.count else None
            return now.rows(PAGE, kind=self.kind, after=begin, top=top), count
        condition: ColumnElement[bool] = (documents.c.kind == self.kind) & where(
            wanted.filter, self.properties
        )
        counted = sql(select(func.count()).select_from(documents).where(condition))
        listed = sql(
            select(documents.c.position, documents.c.body)
            .where(condition, documents.c.position > begin)
            .order_by(documents.c.position)
            .limit(top)
        )
        return now.rows(listed), now.row(counted)[0] if wanted.count else None

    def show(self, host: Host, ask: Ask, values: Mapping[str, str]) -> Answer:
        """One item."""
        shape = self.shape_in(ask.version)
        wanted = options(ask, shape, ITEM_OPTIONS, default=1, most=1, cap=None)
        with host.store.reading() as now:
            body = now.get(self.kind, values["id"])
        if body is None:
            raise not_found(values["id"])
        return item(ask, self.context, chosen(body, shape, wanted.select))


def chosen(body: dict[str, object], shape: Shape, select: tuple[str, ...] | None) -> dict[str, object]:
    """The document with what was selected."""
    names = select or shape.default
    return body if names is None else {name: body.get(name) for name in names}


def held(now: Reading, kind: str, id: str) -> Json:
    """The document with that id. GraphError 404 when there is none."""
    found = now.get(kind, id)
    if found is None:
        raise not_found(id)
    return found


def dated(id: str, created: str, checked: Json) -> Json:
    """A new resource with its id and dates."""
    dates = {"createdDateTime": created, "modifiedDateTime": None, "deletedDateTime": None}
    return {"id": id, **dates, **checked}
