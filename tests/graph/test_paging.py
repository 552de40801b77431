"""A list comes whole or not at all, and the token goes to no other place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perca.errors import RemoteFailed
from perca.graph.paging import belongs, rest_of

ROOT = "https://graph.example"


def read(pages):
    """Reads the pages, given by URL; returns the rows and the URLs that were followed."""
    followed = []

    def fetch(url):
        followed.append(url)
        return pages[url]
        yield

    exchange = rest_of(pages[""], "GET /v1.0/users", ROOT, fetch)
    try:
        next(exchange)
    except StopIteration as done:
        return done.value, followed
    raise AssertionError("paging itself asks nothing")


def page(*rows, link=None):
    return {"value": [{"id": row} for row in rows]} | ({} if link is None else {"@odata.nextLink": link})


@given(st.lists(st.lists(st.integers(), max_size=4), min_size=1, max_size=12))
def test_all_rows_come_in_order_whatever_the_page_sizes(chunks):
    links = [f"{ROOT}/v1.0/users?$skiptoken=X%2B{number}%3D%3D&$top=3" for number in range(1, len(chunks))]
    pages = {}
    for url, chunk, link in zip(["", *links], chunks, [*links, None], strict=True):
        pages[url] = page(*chunk, link=link)
    rows, followed = read(pages)
    assert [row["id"] for row in rows] == [row for chunk in chunks for row in chunk]
    assert followed == links, "a link is followed exactly as it was given"


def test_a_link_seen_twice_ends_it():
    again = f"{ROOT}/v1.0/users?$skiptoken=a"
    with pytest.raises(RemoteFailed, match="never end"):
        read({"": page(1, link=again), again: page(2, link=again)})


@pytest.mark.parametrize(
    "link",
    [
        "https://elsewhere.example/v1.0/users",
        "http://graph.example/v1.0/users",
        "https://graph.example:8443/v1.0/users",
        "https://graph.example.elsewhere.example/v1.0/users",
        "https://graph.example@elsewhere.example/v1.0/users",
        "https://graph.example\\@elsewhere.example/",
        "https://elsewhere.example\\@graph.example/",
        "//graph.example/v1.0/users",
        "/v1.0/users?$skiptoken=a",
        "https://graph.example",
        "https://graph.example/v1.0/users ?a",
        "",
        7,
        ["https://graph.example/v1.0/users"],
    ],
)
def test_a_link_to_anywhere_else_is_refused(link):
    with pytest.raises(RemoteFailed, match="leads elsewhere"):
        read({"": page(1, link=link)})


@pytest.mark.parametrize(
    ("root", "link"),
    [
        ("https://graph.example", "HTTPS://Graph.Example:443/v1.0/users"),
        ("https://graph.example:443/", "https://graph.example/v1.0/users"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080/v1.0/users"),
        ("http://[::1]:8080", "http://[::1]:8080/v1.0/users"),
        ("http://localhost", "http://localhost:80/x"),
    ],
)
def test_the_same_origin_may_be_spelt_in_two_ways(root, link):
    assert belongs(link, root)


@pytest.mark.parametrize(
    "broken", [{}, {"value": None}, {"value": "x"}, {"value": [1]}, {"value": {"id": 1}}]
)
def test_a_page_that_is_no_page_is_an_error_and_not_an_empty_list(broken):
    with pytest.raises(RemoteFailed, match="no list of objects"):
        read({"": broken})
    link = f"{ROOT}/v1.0/users?$skiptoken=a"
    with pytest.raises(RemoteFailed, match="no list of objects"):
        read({"": page(1, link=link), link: broken})
