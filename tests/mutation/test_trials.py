"""The tool on a small project with planted mutants: which it says are noticed, and that it leaves no trace, not even when killed."""

import hashlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow
TESTS = Path(__file__).resolve().parents[1]
RULE = """def is_grown_up(age):
    return min(age, age) >= 18
"""
TEST = """from perca.policy import rule


def test_eighteen():
    assert rule.is_grown_up(18) is True
    assert rule.is_grown_up(17) is False
"""
PAGE = """# Mutation

### `policy/rule.py`, `is_grown_up`

```diff
- return min(age, age) >= 18
+ return max(age, age) >= 18
```

Either is the age.
"""


def project(folder: Path, rule: str = RULE, test: str = TEST, page: str = PAGE) -> Path:
    """A project with one rule and one test."""
    package = folder / "src" / "perca"
    (package / "policy").mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "policy" / "__init__.py").touch()
    (package / "policy" / "rule.py").write_text(rule, "utf-8")
    (folder / "tests" / "policy").mkdir(parents=True)
    (folder / "tests" / "policy" / "test_rule.py").write_text(test, "utf-8")
    (folder / "docs").mkdir()
    (folder / "docs" / "mutation.md").write_text(page, "utf-8")
    (folder / "pyproject.toml").write_text(
        '[tool.pytest.ini_options]\naddopts = "--import-mode=importlib"\n', "utf-8"
    )
    return folder


def command(folder: Path, *more: str) -> list[str]:
    return [
        sys.executable,
        "-m",
        "mutation",
        "--project",
        str(folder),
        "--jobs",
        "2",
        "--seconds",
        "2",
        *more,
    ]


def environment(**more: str) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(TESTS), **more}


def run(folder: Path, *more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(folder, *more), capture_output=True, text=True, check=False, env=environment(), timeout=300
    )


def digest(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_what_a_test_notices_is_killed_and_what_means_the_same_survives(tmp_path: Path) -> None:
    small = project(tmp_path)
    before = digest(small)
    done = run(small, "--verbose")
    assert "mutation: 3 mutants: 2 killed, 0 survived, 1 survived as explained, 0 explained" in done.stdout
    assert done.stdout.count("policy/rule.py:2  tests/policy/test_rule.py::test_eighteen\n") == 2
    assert done.stdout.count("policy/rule.py:2  survived\n") == 1
    assert done.returncode == 0, done.stderr
    assert digest(small) == before


def test_a_survivor_that_nobody_explains_fails_and_is_shown_ready_for_the_page(tmp_path: Path) -> None:
    done = run(project(tmp_path, page="# Mutation\n"))
    assert "mutation: 3 mutants: 2 killed, 1 survived, 0 survived as explained" in done.stdout
    assert PAGE[PAGE.index("###") : PAGE.index("Either")].strip() in done.stdout
    assert done.returncode == 1


def test_an_explanation_of_what_is_killed_or_gone_fails(tmp_path: Path) -> None:
    wrong = PAGE.replace("+ return max(age, age) >= 18", "+ return min(age, age) > 18")
    gone = PAGE.replace("age, age", "years, years")
    for page, said in ((wrong, "1 explained and yet killed; 0"), (gone, "0 explained and yet killed; 1")):
        place = tmp_path / said[0]
        done = run(project(place, page=PAGE + page))
        assert f"{said} explanations of nothing" in done.stdout
        assert done.returncode == 1


def test_an_entry_of_another_shape_is_not_passed_over(tmp_path: Path) -> None:
    done = run(project(tmp_path, page=PAGE.replace("```diff", "```")))
    assert done.returncode != 0
    assert "an entry isn't" in done.stderr


def test_one_that_never_ends_is_killed(tmp_path: Path) -> None:
    endless = "def count(n):\n    found = n\n    while found:\n        found -= 1\n    return found\n"
    counts = "from perca.policy.rule import count\n\n\ndef test_three():\n    assert count(3) == 0\n"
    done = run(project(tmp_path, endless, counts, "# Mutation\n"), "--verbose")
    assert "policy/rule.py:4  tests/policy/test_rule.py::test_three (took too long)" in done.stdout
    assert " 0 survived," in done.stdout


def test_one_that_cannot_even_be_imported_is_killed(tmp_path: Path) -> None:
    done = run(project(tmp_path, RULE + "[_] = [len]\n"), "--verbose")
    assert "policy/rule.py:3  tests/policy/test_rule.py (on import)" in done.stdout
    assert "mutation: 4 mutants: 3 killed, 0 survived, 1 survived as explained" in done.stdout


def test_tests_that_fail_by_themselves_kill_nothing(tmp_path: Path) -> None:
    done = run(project(tmp_path, test=TEST.replace("is False", "is True")))
    assert done.returncode == 2
    assert "the tests fail without any mutant: tests/policy/test_rule.py::test_eighteen" in done.stderr


def test_the_suite_passes_over_what_is_explained(tmp_path: Path) -> None:
    done = run(project(tmp_path), "--quick")
    assert "mutation: 2 mutants: 2 killed, 0 survived, 0 survived as explained" in done.stdout
    assert done.returncode == 0


def test_the_order_of_sets_changes_no_sample(tmp_path: Path) -> None:
    small = project(tmp_path)
    lists = [
        subprocess.run(
            command(small, "--list", "--mutants", "2", "--seed", "3"),
            capture_output=True, text=True, check=True, env=environment(PYTHONHASHSEED=seed),
        ).stdout
        for seed in ("0", "1")
    ]  # fmt: skip
    assert lists[0] == lists[1]
    assert lists[0].count("```diff") == 2


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_a_run_that_is_killed_leaves_the_project_as_it_was_and_nothing_running(
    tmp_path: Path, how: signal.Signals
) -> None:
    """The test under the tool says which process it is, and then waits to be ended."""
    spies = tmp_path / "spies"
    spies.mkdir()
    waits = f"""import os, pathlib, time
import perca.policy.rule


def test_waits():
    pathlib.Path({str(spies)!r}, str(os.getpid())).touch()
    time.sleep(600)
"""
    small = project(tmp_path / "small", test=waits)
    before = digest(small)
    tool = subprocess.Popen(
        command(small, "--quick"), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment(),
        start_new_session=True,
    )  # fmt: skip
    try:
        _until(lambda: len(list(spies.iterdir())) == 2)
        tool.send_signal(how)
        assert tool.wait(60) != 0
    finally:
        tool.kill()
        tool.wait()
    forks = [int(path.name) for path in spies.iterdir()]
    _until(lambda: not any(map(_runs, forks)))
    assert digest(small) == before


def _until(holds: object, seconds: float = 120) -> None:
    assert callable(holds)
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it never came to that"
        time.sleep(0.02)


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    # One that has ended but was not collected yet still answers.
    stat = Path(f"/proc/{process}/stat")
    return not (stat.exists() and stat.read_text("utf-8").rpartition(")")[2].split()[0] == "Z")
