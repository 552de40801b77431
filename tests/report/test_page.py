"""The report is complete in itself, runs nothing, escapes everything, and never shows what wasn't done as a success."""

from __future__ import annotations

import re
from dataclasses import fields, is_dataclass, replace
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perca.report import (
    BySource,
    Figure,
    Flow,
    HeldBack,
    Kind,
    Person,
    Proved,
    Report,
    RolledBack,
    Tried,
    Wave,
    render,
)

REPORT = Report(
    tenant_name="Four People",
    tenant_id="00000000-0000-4000-8000-000000000999",
    setting="invented",
    began="2026-11-02 08:00",
    ended="2026-11-05 09:00",
    policy="Require MFA",
    good=True,
    headline="3 people were moved.",
    figures=(Figure("3", "people moved"), Figure("0", "failures", True), Figure("1", "finding", False)),
    before=(BySource("all sources", 1, 2, 1, 0),),
    after=(BySource("all sources", 3, 1, 0, 0),),
    flows=(Flow("per-user MFA", "Conditional Access, always", 3), Flow("not required", "not required", 1)),
    waves=(Wave(1, 3, "2026-11-02 08:15", "row-1"),),
    held_back=(HeldBack("uses a legacy client", "it is replaced", ("a@four.example", "b@four.example")),),
    to_look_after=(("phone number only", 2),),
    proved=Proved(True, 26, "3.05 × 10⁴⁷", (("people", "4"), ("addresses", "3.4 × 10³⁸")), True),
    tried=Tried(11, 1000, 400, ()),
    rolled_back=RolledBack(()),
    cannot_be_undone=("sessions end",),
    assumptions=("tokens are outside",),
    next_steps=("watch the group",),
    kinds=(Kind("guest", 2, 1, 1, 0),),
    people=(
        Person(
            "Person 1",
            "p1@four.example",
            "per-user MFA",
            "Conditional Access, always",
            "moved in wave 1",
            "guest",
        ),
    ),
    version="0.1.0",
)


class Page(HTMLParser):
    """The elements of a page with their attributes, its text, and whether they nest."""

    VOID = frozenset({"meta", "br", "link", "img", "input", "hr"})

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.open: list[str] = []
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        if not self.open or self.open[-1] != "style":
            self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join("".join(self.words).split())

    @property
    def shape(self) -> list[str]:
        return [tag for tag, _ in self.elements]


def hostile(value: Any, text: str) -> Any:
    """The same value with another text wherever there is one."""
    if isinstance(value, str):
        return text
    if isinstance(value, tuple):
        return tuple(hostile(each, text) for each in value)
    if is_dataclass(value) and not isinstance(value, type):
        return replace(
            value, **{field.name: hostile(getattr(value, field.name), text) for field in fields(value)}
        )
    return value


ATTACKS = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</style><script>alert(1)</script>",
    "</title></svg><svg onload=alert(1)>",
    "{{ 7 * 7 }}{% include 'x' %}{0}{x!r}",
    "&lt;b&gt; \x00 \u202e ]]> <!-- -->",
    "' onmouseover='alert(1)",
]


@pytest.mark.parametrize("attack", ATTACKS)
def test_no_text_becomes_markup(attack: str) -> None:
    """Whatever people are called, the page has the elements and attributes that it has for harmless names."""
    page, plain = Page(render(hostile(REPORT, attack))), Page(render(hostile(REPORT, "x")))
    assert page.shape == plain.shape
    names = [set(attributes) for _, attributes in page.elements]
    assert names == [set(attributes) for _, attributes in plain.elements]
    assert attack.replace("\x00", "\ufffd").split()[0] in page.text


# A comma breaks a label of the flow in two, and backticks make code: these are the only things that a text decides.
@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters=",`"), min_size=1, max_size=30))
def test_any_text_leaves_the_page_whole(text: str) -> None:
    assert Page(render(hostile(REPORT, text))).shape == Page(render(hostile(REPORT, "x"))).shape


def test_what_stands_in_backticks_is_set_as_code() -> None:
    said = "Ana: `enabled` comes back as `enforced`, not as `"
    html = render(
        replace(
            REPORT,
            cannot_be_undone=(said,),
            assumptions=("`<b>` is a name",),
            held_back=(HeldBack("by `Policy`", "`perca resume`", ("a",)),),
        )
    )
    assert "<li>Ana: <code>enabled</code> comes back as <code>enforced</code>, not as `</li>" in html
    assert "<li><code>&lt;b&gt;</code> is a name</li>" in html
    assert "<td>by <code>Policy</code></td><td><code>perca resume</code></td>" in html


def test_it_loads_nothing_and_runs_nothing() -> None:
    html = render(REPORT)
    page = Page(html)
    assert not {"script", "link", "img", "iframe", "object", "embed", "form", "input", "a", "base"} & set(
        page.shape
    )
    attributes = {name for _, held in page.elements for name in held}
    assert not {
        name for name in attributes if name.startswith("on") or name in ("src", "href", "style", "action")
    }
    assert not re.search(r"https?://|//\w|url\(|@import|javascript:|data:", html)
    (policy,) = (a["content"] for _, a in page.elements if a.get("http-equiv") == "Content-Security-Policy")
    assert str(policy).startswith("default-src 'none'")


def test_it_says_the_numbers() -> None:
    text = Page(render(REPORT)).text
    for words in (
        "3 people were moved.",
        "26 states",
        "3.05 × 10⁴⁷",
        "1,000 sign-ins in 11 rounds",
        "row-1",
        "phone number only",
    ):
        assert words in text


def test_charts_say_in_words_what_they_draw() -> None:
    html = render(REPORT)
    assert "3 from per-user MFA to Conditional Access, always; 1 from not required to not required" in html
    assert "before, by all sources: 1 always, 2 sometimes, 1 never, 0 not assessed" in html


def test_what_was_not_done_is_no_success() -> None:
    nothing = replace(REPORT, tried=None, rolled_back=None, waves=(Wave(1, 3, "", ""),), held_back=())
    text = Page(render(nothing)).text
    for words in ("no sign-ins were tried", "It was not tried.", "not seen", "none", "Nobody was held back."):
        assert words in text
    assert "None got in without MFA" not in text
    assert "A copy was taken back" not in text


def test_what_does_not_hold_is_shown() -> None:
    broken = replace(
        REPORT,
        proved=replace(REPORT.proved, holds=False, verified=False),
        tried=replace(REPORT.tried, gaps=("p1 got in",)) if REPORT.tried else None,
        rolled_back=RolledBack(("users/x is gone",)),
    )
    text = Page(render(broken)).text
    for words in (
        "somebody needs less than before",
        "the promise does not hold",
        "p1 got in",
        "users/x is gone",
    ):
        assert words in text
    assert "nobody needs less" not in text


def test_what_is_not_assessed_is_neither() -> None:
    unsure = replace(REPORT, proved=replace(REPORT.proved, holds=None, verified=None))
    text = Page(render(unsure)).text
    assert text.count("not assessed.") == 2
    assert "nobody needs less" not in text


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("abc"), st.integers(0, 10**6)), max_size=9))
def test_a_flow_is_drawn_for_any_numbers(rows: list[tuple[str, str, int]]) -> None:
    flows = tuple(Flow(*row) for row in {(a, b): (a, b, n) for a, b, n in rows}.values())
    html = render(replace(REPORT, flows=flows))
    assert "nan" not in html.lower().split("<desc>")[0].rsplit("<svg", 1)[-1]
    drawn = [a for tag, a in Page(html).elements if tag == "path"]
    assert len(drawn) == sum(flow.people > 0 for flow in flows)
