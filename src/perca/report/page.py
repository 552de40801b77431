"""The page: a template, our own charts, and nothing from elsewhere: no script, no font, no picture, no address.

Every value is escaped by the template engine; the charts are built of escaped text too. A policy in the page forbids whatever could
load or run.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

from jinja2 import DictLoader, Environment, StrictUndefined, Template
from markupsafe import Markup, escape

from perca.report.charts import bars, flow
from perca.report.contents import Report

_PARTS = ("page.html", "style.css")


def render(report: Report) -> str:
    """The whole page as one HTML text."""
    charts = {"flow": flow(report.flows), "bars": bars(report.before, report.after)}
    return _template().render(report=report, charts=charts)


_QUOTED = re.compile(r"`([^`]+)`")


def prose(text: str) -> Markup:
    """The sentence, escaped; what stands in backticks is set as code, a backtick alone stays."""
    return Markup(_QUOTED.sub(r"<code>\1</code>", str(escape(text))))


@cache
def _template() -> Template:
    folder = files(__package__ or "perca.report")
    parts = {name: (folder / name).read_text("utf-8") for name in _PARTS}
    environment = Environment(
        loader=DictLoader(parts),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["number"] = lambda number: f"{number:,}"
    environment.filters["prose"] = prose
    return environment.get_template("page.html")
