"""What a module may touch, beyond the import contracts: third parties, the environment, the world outside."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[2] / "src" / "perca"
SPECIFICATION = ("model", "policy")
PLANNING = ("migrate/goal", "migrate/steps", "migrate/plan", "migrate/safe")
PURE = (*SPECIFICATION, "space", "prove", "findings", *PLANNING)
CLOCK_AND_CHANCE = {"random", "secrets", "time", "uuid"}
FILES_AND_SOCKETS = {
    "asyncio",
    "os",
    "pathlib",
    "shutil",
    "socket",
    "sqlite3",
    "subprocess",
    "tempfile",
    "urllib",
}
WORLD = CLOCK_AND_CHANCE | FILES_AND_SOCKETS | {"logging", "threading"}


def files(*modules: str) -> list[Path]:
    """The source files of these modules; of all where none is named."""
    parts = modules or (".",)
    return sorted(
        path for part in parts for path in (*SOURCE.glob(f"{part}.py"), *(SOURCE / part).rglob("*.py"))
    )


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        match node:
            case ast.Import(names=names):
                yield from (alias.name for alias in names)
            case ast.ImportFrom(module=str(module), level=0):
                yield module


def reads_environment(path: Path) -> bool:
    """True iff it says `os.environ`, `os.getenv` or imports either by name."""
    words = {"environ", "environb", "getenv", "getenvb"}
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        match node:
            case ast.Attribute(value=ast.Name(id="os"), attr=attr) if attr in words:
                return True
            case ast.ImportFrom(module="os", names=names) if words & {alias.name for alias in names}:
                return True
    return False


def named(path: Path) -> str:
    return str(path.relative_to(SOURCE))


@pytest.mark.parametrize("path", files(*SPECIFICATION), ids=named)
def test_the_specification_imports_only_the_standard_library(path: Path) -> None:
    roots = {name.split(".")[0] for name in imported(path)}
    assert roots <= sys.stdlib_module_names | {"perca"}


@pytest.mark.parametrize("path", files(*PURE), ids=named)
def test_the_pure_part_touches_no_clock_chance_file_socket_or_logger(path: Path) -> None:
    assert {name for name in imported(path) if name.split(".")[0] in WORLD} == set()


def test_only_app_reads_the_environment() -> None:
    assert [named(path) for path in files() if reads_environment(path)] in ([], ["app.py"])


def test_no_file_imports_relatively_beyond_its_package() -> None:
    """The contracts read either form; one form everywhere keeps `grep` honest."""
    far = [
        f"{named(path)}:{node.lineno}"
        for path in files()
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.ImportFrom) and node.level > 1
    ]
    assert far == []
