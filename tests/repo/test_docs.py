"""Docs are complete: a module, a dependency or a contract that nobody explains fails here."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"


def modules() -> set[str]:
    """The modules directly in `perca`, by name."""
    source = ROOT / "src" / "perca"
    packages = {path.parent.name for path in source.glob("*/__init__.py")}
    return packages | {path.stem for path in source.glob("[!_]*.py")}


def dependencies() -> set[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = (name for extra in project["optional-dependencies"].values() for name in extra)
    return {re.match(r"[\w.-]+", line)[0] for line in (*project["dependencies"], *extras)}  # type: ignore[index]


def rows(page: str) -> list[str]:
    """The first cell of each row of the page's tables, without its code marks."""
    text = (DOCS / page).read_text("utf-8")
    return [cell.strip("` ") for cell in re.findall(r"^\|([^|]+)\|", text, re.MULTILINE)]


def test_architecture_explains_every_module() -> None:
    explained = {row.removeprefix("perca.") for row in rows("architecture.md") if row.startswith("perca.")}
    assert modules() - explained == set()


def test_dependencies_explains_every_dependency_and_no_other() -> None:
    listed = [row for row in rows("dependencies.md") if row not in ("dependency", "---")]
    assert sorted(listed) == sorted(dependencies())


def test_words_defines_each_word_once() -> None:
    words = re.findall(r"^\*\*([^*]+)\*\*", (DOCS / "words.md").read_text("utf-8"), re.MULTILINE)
    assert words
    assert sorted({word for word in words if words.count(word) > 1}) == []


def test_links_between_pages_lead_somewhere() -> None:
    broken = [
        f"{page.relative_to(ROOT)}: {target}"
        for page in [*ROOT.glob("*.md"), *DOCS.rglob("*.md")]
        for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text("utf-8"))
        if "://" not in target and not target.startswith("mailto:") and not (page.parent / target).exists()
    ]
    assert broken == []
