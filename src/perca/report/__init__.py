"""The report: one self-contained HTML page that an administrator would hand to their manager. It shows results and computes none."""

from perca.report.contents import (
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
)
from perca.report.page import render

__all__ = [
    "BySource",
    "Figure",
    "Flow",
    "HeldBack",
    "Kind",
    "Person",
    "Proved",
    "Report",
    "RolledBack",
    "Tried",
    "Wave",
    "render",
]
