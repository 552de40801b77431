"""`$filter`: the rows that SQL finds are those that the words say, and what isn't understood whole is refused."""

from __future__ import annotations

import contextlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import create_engine, func, select

from perca.tenant.errors import GraphError
from perca.tenant.filter import (
    MAX_LENGTH,
    And,
    Compare,
    Filter,
    Kind,
    Moment,
    Not,
    Or,
    Property,
    StartsWith,
    parse,
    where,
)
from perca.tenant.json import dumps
from perca.tenant.schema import documents, metadata

NAMES = st.sampled_from(["", "a", "A", "ab", "aB", "it''s"])
DOCUMENT = st.fixed_dictionaries(
    {},
    optional={
        "name": st.none() | NAMES,
        "on": st.none() | st.booleans(),
        "size": st.none() | st.integers(-2, 2),
    },
)
PROPERTIES = {
    name: Property(kind, func.json_extract(documents.c.body, f"$.{name}"))
    for name, kind in {"name": Kind.TEXT, "on": Kind.FLAG, "size": Kind.NUMBER}.items()
}


def leaf() -> st.SearchStrategy[str]:
    text = NAMES.map(lambda name: f"'{name}'") | st.just("null")
    return st.one_of(
        st.builds("name {} {}".format, st.sampled_from(["eq", "ne"]), text),
        st.builds(
            "on {} {}".format, st.sampled_from(["eq", "ne"]), st.sampled_from(["true", "false", "null"])
        ),
        st.builds(
            "size {} {}".format, st.sampled_from(["eq", "ne", "ge", "gt", "le", "lt"]), st.integers(-2, 2)
        ),
        st.builds("startsWith(name,'{}')".format, NAMES),
        st.builds("name in ({}, {})".format, text, text),
    )


def grow(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.builds("({}) and {}".format, inner, inner),
        st.builds("{} or ({})".format, inner, inner),
        st.builds("not ({})".format, inner),
    )


def holds(tree: Filter, document: dict[str, Any]) -> bool:
    """What the words say, written down a second time."""
    match tree:
        case And(parts):
            return all(holds(part, document) for part in parts)
        case Or(parts):
            return any(holds(part, document) for part in parts)
        case Not(inner):
            return not holds(inner, document)
        case StartsWith(path, value):
            held = document.get(path)
            return held is not None and held.lower().startswith(str(value).lower())
        case Compare(path, operator, value):
            held = document.get(path)
            if isinstance(held, str) and isinstance(value, str):
                held, value = held.lower(), value.lower()
            if operator in ("eq", "ne"):
                return (held == value) == (operator == "eq")
            assert isinstance(value, int)
            return (
                held is not None
                and {
                    "ge": held >= value,
                    "gt": held > value,
                    "le": held <= value,
                    "lt": held < value,
                }[operator]
            )
    raise AssertionError(tree)


@given(st.lists(DOCUMENT, max_size=6), st.recursive(leaf(), grow, max_leaves=6))
def test_sql_finds_what_the_words_say(rows: list[dict[str, Any]], text: str) -> None:
    tree = parse(text)
    engine = create_engine("sqlite://")
    metadata.create_all(engine)
    with engine.begin() as connection:
        for number, row in enumerate(rows):
            connection.execute(documents.insert().values(kind="x", id=str(number), body=dumps(row)))
        found = connection.execute(select(documents.c.id).where(where(tree, PROPERTIES))).scalars().all()
    engine.dispose()
    assert sorted(found) == [str(n) for n, row in enumerate(rows) if holds(tree, row)]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "name",
        "name eq",
        "name eq 'a' name eq 'b'",
        "name eq 'a' and",
        "name eq a",
        "name like 'a'",
        "name eq 'a",
        "(name eq 'a'",
        "contains(name,'a')",
        "name eq 'a'; drop table documents",
        "x.y eq 'a'",
        "tags/any(t: u eq 'a')",
        "at ge 2026-13-01T00:00:00Z",
        "size eq 99999999999999999999",
        "(" * 5000,
        "name eq '" + "a" * MAX_LENGTH + "'",
        " or ".join(["size eq 1"] * 200),
    ],
)
def test_what_is_not_understood_whole_is_refused(text: str) -> None:
    with pytest.raises(GraphError) as error:
        parse(text)
    assert error.value.status == 400


@pytest.mark.parametrize(
    "text",
    ["other eq 'a'", "name gt 'a'", "name eq true", "on eq 'true'", "size eq '1'", "on/any(x: x eq 'a')"],
)
def test_what_does_not_belong_to_the_property_is_refused(text: str) -> None:
    with pytest.raises(GraphError) as error:
        where(parse(text), PROPERTIES)
    assert error.value.status == 400


def test_quotes_and_keywords_within_texts_are_texts() -> None:
    assert parse("name eq 'a'' or name eq ''b'") == Compare("name", "eq", "a' or name eq 'b")
    assert parse("orange eq null or notes eq 'not'") == Or(
        (Compare("orange", "eq", None), Compare("notes", "eq", "not"))
    )
    assert parse("at ge 1970-01-01T00:00:01+00:00") == Compare("at", "ge", Moment(1_000_000))


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    with contextlib.suppress(GraphError):
        parse(text)
