"""Prints, at the end of a run that had the corpus in it, how many cases each engine ran, by grade, and how many logged results agree."""

from __future__ import annotations

from collections import Counter

import pytest

from support.cases import GRADES
from support.engines import ENGINES, counted
from support.logged_rules import PRINTED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for line in terminalreporter.config.stash.get(PRINTED, []):
        terminalreporter.section("logged results as an oracle")
        terminalreporter.line(line)
    reports = [r for kind in ("passed", "failed") for r in terminalreporter.stats.get(kind, [])]
    failed = Counter(
        engine
        for report in terminalreporter.stats.get("failed", [])
        for engine in ENGINES
        if report.nodeid.startswith(f"tests/corpus/{ENGINES[engine]}")
    )
    if not any(report.nodeid.startswith("tests/corpus/test_decisions.py::test_decide") for report in reports):
        return
    terminalreporter.section("corpus of decisions: sign-ins run, by engine and grade")
    terminalreporter.line(f"{'engine':<14}" + "".join(f"{grade:>8}" for grade in GRADES) + f"{'failed':>8}")
    for engine, numbers in counted().items():
        line = "".join(f"{numbers[grade]:>8}" for grade in GRADES)
        terminalreporter.line(f"{engine:<14}{line}{failed[engine]:>8}")
