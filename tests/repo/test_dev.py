"""Set-up of `./dev`: done once, done again only when it must be, and never left half-made."""

import importlib.util
import subprocess
import sys
import threading
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import ModuleType

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "dev"
PROJECT = '[project]\nname = "x"\nversion = "{version}"\n[tool.ruff]\nline-length = {width}\n'


class Machine:
    """A project in a folder of its own whose installer writes down what it was asked to install."""

    def __init__(self, dev: ModuleType, root: Path) -> None:
        self.dev, self.root, self.venv = dev, root, root / ".venv"
        self.made = 0
        self.installed: list[str] = []
        (root / "locks").mkdir()
        self.lock("a==1")
        self.project()

    def lock(self, text: str) -> None:
        (self.root / "locks" / "dev.txt").write_text(text, "utf-8")

    def project(self, version: str = "1", width: int = 80) -> None:
        (self.root / "pyproject.toml").write_text(PROJECT.format(version=version, width=width), "utf-8")

    def way(self, venv: Path) -> None:
        assert not venv.exists()
        (venv / "bin").mkdir(parents=True)
        (venv / "bin" / "python").touch()
        self.made += 1

    def install(self, _venv: Path, *what: str | Path) -> None:
        self.installed.append("locks" if "--require-hashes" in what else "project")

    def set_up(self) -> tuple[int, list[str]]:
        """Runs a set-up; how often it made a .venv, and what it installed."""
        self.made, self.installed = 0, []
        self.dev.set_up(self.root, (self.way,))
        return self.made, self.installed


@pytest.fixture
def dev() -> ModuleType:
    loader = SourceFileLoader("dev_script", str(SCRIPT))
    spec = importlib.util.spec_from_loader("dev_script", loader)
    assert spec
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    return module


@pytest.fixture
def machine(dev: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    machine = Machine(dev, tmp_path)
    monkeypatch.setattr(dev, "install", machine.install)
    return machine


EVERYTHING = (1, ["locks", "project"])
NOTHING: tuple[int, list[str]] = (0, [])


def test_is_done_once(machine: Machine) -> None:
    assert machine.set_up() == EVERYTHING
    assert machine.set_up() == NOTHING


def test_settings_of_tools_change_nothing(machine: Machine) -> None:
    machine.set_up()
    machine.project(width=120)
    assert machine.set_up() == NOTHING


def test_new_metadata_installs_only_the_project(machine: Machine) -> None:
    machine.set_up()
    machine.project(version="2")
    assert machine.set_up() == (0, ["project"])


def test_a_changed_lock_makes_everything_anew(machine: Machine) -> None:
    machine.set_up()
    machine.lock("a==2")
    assert machine.set_up() == EVERYTHING


def test_a_moved_folder_makes_its_own(machine: Machine, tmp_path: Path) -> None:
    machine.set_up()
    machine.root = tmp_path / "moved"
    machine.root.mkdir()
    for name in (".venv", "locks", "pyproject.toml"):
        (tmp_path / name).rename(machine.root / name)
    assert machine.set_up() == EVERYTHING


def test_a_half_made_one_is_replaced(machine: Machine) -> None:
    (machine.venv / "lib").mkdir(parents=True)
    (machine.venv / "lib" / "left-over").touch()
    assert machine.set_up() == EVERYTHING
    assert not (machine.venv / "lib").exists()


def test_one_whose_python_is_gone_is_replaced(machine: Machine) -> None:
    machine.set_up()
    (machine.venv / "bin" / "python").unlink()
    assert machine.set_up() == EVERYTHING


def test_an_interruption_leaves_no_stamp(
    machine: Machine, dev: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(_venv: Path, *_what: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as during:
        during.setattr(dev, "install", interrupted)
        with pytest.raises(KeyboardInterrupt):
            machine.set_up()
    assert dev.stamped(machine.venv) == ""
    assert machine.set_up() == EVERYTHING


def test_the_first_way_that_works_is_used(machine: Machine, dev: ModuleType) -> None:
    def broken(venv: Path) -> None:
        (venv / "left-over").mkdir(parents=True)
        raise dev.SetupError("no")

    dev.set_up(machine.root, (broken, machine.way, broken))
    assert machine.installed == ["locks", "project"]
    assert not (machine.venv / "left-over").exists()


def test_no_way_ends_with_one_line_that_says_what_to_install(machine: Machine, dev: ModuleType) -> None:
    def broken(_venv: Path) -> None:
        raise dev.SetupError("no")

    with pytest.raises(dev.SetupError) as error:
        dev.set_up(machine.root, (broken, broken))
    assert "install uv or" in str(error.value).splitlines()[-1]


def test_two_at_once_set_up_once(machine: Machine, dev: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    entered, second_waits = threading.Event(), threading.Event()

    def slow(venv: Path) -> None:
        entered.set()
        assert second_waits.wait(10)
        machine.way(venv)

    def say(text: str) -> None:
        if text.startswith("waiting"):
            second_waits.set()

    monkeypatch.setattr(dev, "say", say)
    first = threading.Thread(target=dev.set_up, args=(machine.root, (slow,)))
    first.start()
    assert entered.wait(10)
    dev.set_up(machine.root, (slow,))
    first.join(10)
    assert (machine.made, machine.installed) == EVERYTHING


def test_what_a_killed_set_up_leaves_running_still_holds_the_lock(dev: ModuleType, tmp_path: Path) -> None:
    """An installer that outlives us would otherwise write into the next set-up's `.venv`."""
    holds = (
        "import os, sys\n"
        "for fd in range(3, 64):\n"
        "    try:\n"
        "        if os.path.samestat(os.fstat(fd), os.stat(sys.argv[1])): sys.exit(0)\n"
        "    except OSError: pass\n"
        "sys.exit(1)"
    )
    with dev.alone(tmp_path):
        dev.run(sys.executable, "-c", holds, tmp_path)
    with pytest.raises(dev.SetupError):
        dev.run(sys.executable, "-c", holds, tmp_path)


def test_an_interrupted_command_exits_130(dev: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(dev, "set_up", interrupted)
    assert dev.main(["test"]) == 130


def test_an_unknown_command_is_a_usage_error() -> None:
    done = subprocess.run([sys.executable, SCRIPT, "tset"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert "no command `tset`" in done.stderr


def test_check_runs_everything_and_exits_as_the_first_failure(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran: list[str] = []

    def run(command: tuple[str, ...], **_: object) -> subprocess.CompletedProcess[str]:
        ran.append(Path(command[0]).name)
        return subprocess.CompletedProcess(command, {"mypy": 3, "pytest": 1}.get(ran[-1], 0))

    monkeypatch.setattr(dev.subprocess, "run", run)
    assert dev.check() == 3
    assert ran == ["ruff", "ruff", "mypy", "lint-imports", "pytest"]
