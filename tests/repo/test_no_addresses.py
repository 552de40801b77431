"""No lock or configuration file says where packages come from: that is each machine's own affair."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted(
    [
        *ROOT.glob("locks/*"),
        *ROOT.glob("*.toml"),
        *ROOT.glob("*.cfg"),
        *ROOT.glob("*.ini"),
        *ROOT.glob(".ci/*"),
        *(path for path in ROOT.glob(".*") if path.is_file()),
        ROOT / "dev",
    ]
)
ADDRESS = re.compile(
    r"\w+://|\bgit\+|--(extra-)?index-url|--find-links|--trusted-host|\bindex-url\b|@ *file:"
)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_holds_no_address(path: Path) -> None:
    found = [line for line in path.read_text("utf-8").splitlines() if ADDRESS.search(line)]
    assert found == []


def test_looks_at_the_files_that_matter() -> None:
    names = {str(path.relative_to(ROOT)) for path in FILES}
    assert {"locks/dev.txt", "pyproject.toml", "dev", ".ci/run"} <= names


def test_every_locked_package_has_a_hash() -> None:
    for lock in ROOT.glob("locks/*.txt"):
        packages = re.split(r"\n(?=\S)", lock.read_text("utf-8").strip())
        assert packages
        assert [package for package in packages if "--hash=sha256:" not in package] == []
