"""One mutant tried: a fork of this process imports the package with one module's text replaced in memory, and runs the tests on it.

Nothing is written where the project is: sources and tests are a copy in a temporary folder, and the mutant is in no file at all. A trial
ends at the first test that fails, and at the latest after a fixed time of the processor, so a busy machine changes no verdict. Whoever is
left when this process dies, ends by itself.
"""

from __future__ import annotations

import contextlib
import importlib
import importlib.machinery
import importlib.util
import json
import os
import pkgutil
import resource
import shutil
import signal
import sys
import threading
import traceback
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import CodeType, FrameType, ModuleType

import pytest
from hypothesis import HealthCheck, Phase, settings

from mutation.source import Mutant

COPIED = ("src", "tests", "corpus", "docs", "pyproject.toml")
FIRST = ("perca.errors", "perca.model", "perca.wire")
"""What every trial needs and no mutant changes: imported once, before the forks."""
SECONDS_A_TEST = 60
"""The most processor time for one test, or for collecting some; the slowest takes a tenth of it."""
SECONDS = 600
"""The most processor time for a whole trial."""
BYTES = 16 << 30
"""The most address space for a trial: the diagrams reserve some gigabytes of it and touch few."""
Rounds = tuple[tuple[str, ...], ...]
OPTIONS = (
    "-x", "-q", "--no-header", "--tb=no", "-p", "no:cacheprovider", "-p", "_hypothesis_pytestplugin",
    "--hypothesis-profile=mutation", "-m", "not slow", "-W", "ignore::pytest.PytestAssertRewriteWarning",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a trial ended: by which test the mutant was killed, empty if by none. No mutant is the code as it is.

    `seconds` are those of the processor.
    """

    mutant: Mutant | None
    killed_by: str
    seconds: float

    @property
    def survived(self) -> bool:
        """Whether no test told the mutant from the code as it is."""
        return not self.killed_by


class Bench:
    """A copy of the project to try mutants in; at most `jobs` at once."""

    def __init__(self, project: Path, folder: Path, jobs: int, seconds: int = SECONDS_A_TEST) -> None:
        self.root = folder / "project"
        self.jobs = jobs
        self.seconds = seconds
        self.root.mkdir()
        for source in (project / name for name in COPIED):
            if source.is_dir():
                shutil.copytree(
                    source,
                    self.root / source.name,
                    ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"),
                )
            elif source.exists():
                shutil.copy2(source, self.root)
        os.chdir(self.root)
        sys.path[:0] = [str(self.root / "src"), str(self.root / "tests")]
        for name in [name for name in os.environ if name == "CI" or name.startswith("PYTEST_")]:
            del os.environ[name]  # a trial is nobody's worker
        os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
        os.environ["HYPOTHESIS_STORAGE_DIRECTORY"] = str(folder / "hypothesis")
        settings.register_profile(
            "mutation",
            deadline=None,
            derandomize=True,
            database=None,
            max_examples=60,
            phases=(Phase.explicit, Phase.generate),
            suppress_health_check=list(HealthCheck),
        )
        _import_first()
        self._alive, self._held = os.pipe()

    def verdicts(self, trials: Sequence[Mutant | None], tests: Callable[[str], Rounds]) -> Iterator[Verdict]:
        """The verdict on each, as they come; `tests` gives for the file of a mutant the rounds of tests to run."""
        waiting = list(reversed(trials))
        running: dict[int, tuple[Mutant | None, Path]] = {}
        count = 0
        while waiting or running:
            while waiting and len(running) < self.jobs:
                mutant, count = waiting.pop(), count + 1
                said = self.root.parent / f"verdict-{count}"
                child = os.fork()
                if child == 0:
                    self._try(mutant, tests("" if mutant is None else mutant.file), said)
                running[child] = (mutant, said)
            child, status, used = os.wait4(-1, 0)
            mutant, said = running.pop(child)
            yield Verdict(mutant, _read(said, status), used.ru_utime + used.ru_stime)

    def _try(self, mutant: Mutant | None, rounds: Rounds, said: Path) -> None:
        """In the fork: never returns."""
        try:
            os.close(self._held)
            threading.Thread(target=_end_with, args=(self._alive,), daemon=True).start()
            _limit()
            with said.with_suffix(".out").open("wb") as output:
                for stream in (1, 2):
                    os.dup2(output.fileno(), stream)
            if mutant is not None:
                sys.meta_path.insert(0, Instead(mutant, self.root / "src" / "perca" / mutant.file))
            watch = Watch(said, self.seconds)
            for tests in rounds:
                code = pytest.main([*OPTIONS, *tests], plugins=[watch])
                if code == pytest.ExitCode.NO_TESTS_COLLECTED:
                    raise RuntimeError(f"no tests in {tests}")
                if code != pytest.ExitCode.OK:
                    watch.say(f"pytest ended with {code!r}")
            watch.say("")
        except BaseException:
            traceback.print_exc()
        finally:
            sys.stdout.flush()
            os._exit(70)


class Watch:
    """Says by which test a mutant was killed, and ends the fork there; so it does when one takes too long."""

    def __init__(self, said: Path, seconds: int) -> None:
        self.said = said
        self.seconds = seconds
        self.now = "import"
        signal.signal(signal.SIGPROF, self._too_long)
        self._wind()

    def say(self, killed_by: str) -> None:
        """Writes the verdict, and ends this process."""
        self.said.write_text(json.dumps(killed_by), "utf-8")
        os._exit(0)

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        self.now = nodeid
        self._wind()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.say(report.nodeid)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self.say(f"{report.nodeid} (on import)")

    def _wind(self) -> None:
        signal.setitimer(signal.ITIMER_PROF, self.seconds)

    def _too_long(self, _signal: int, _frame: FrameType | None) -> None:
        self.say(f"{self.now} (took too long)")


class Instead(importlib.machinery.SourceFileLoader):
    """Finds one module, and gives it the mutant's text."""

    def __init__(self, mutant: Mutant, path: Path) -> None:
        super().__init__(mutant.module, str(path))
        self.mutant = mutant

    def find_spec(self, fullname: str, *_: object) -> importlib.machinery.ModuleSpec | None:
        if fullname != self.mutant.module:
            return None
        return importlib.util.spec_from_file_location(fullname, self.path, loader=self)

    def get_code(self, _fullname: str) -> CodeType:
        """The mutant compiled; nothing is read from or written to a cache."""
        return compile(self.mutant.text, self.path, "exec", dont_inherit=True)


def _import_first() -> None:
    def everything(module: ModuleType) -> None:
        for each in pkgutil.iter_modules(getattr(module, "__path__", ()), f"{module.__name__}."):
            everything(importlib.import_module(each.name))

    for name in FIRST:
        if importlib.util.find_spec(name):
            everything(importlib.import_module(name))
    importlib.import_module("_hypothesis_pytestplugin")


def _end_with(alive: int) -> None:
    """Ends this fork when the process that made it is gone: it alone holds the other end."""
    os.read(alive, 1)
    os._exit(70)


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 5))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with contextlib.suppress(ValueError, OSError):  # macOS knows no such limit
        resource.setrlimit(resource.RLIMIT_AS, (BYTES, BYTES))


def _read(said: Path, status: int) -> str:
    """What the fork said. One that ran out of time or memory ends without a word; one that failed of itself is our fault."""
    if os.WIFSIGNALED(status) and os.WTERMSIG(status) in (signal.SIGXCPU, signal.SIGSEGV, signal.SIGABRT):
        return f"the process died by {signal.Signals(os.WTERMSIG(status)).name}"
    if status:
        output = said.with_suffix(".out").read_text("utf-8", "replace")
        raise RuntimeError(f"a trial ended by itself, with status {status}:\n{output[-3000:]}")
    killed_by = json.loads(said.read_text("utf-8"))
    assert isinstance(killed_by, str)
    return killed_by
