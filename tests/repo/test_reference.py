"""docs/reference is what the program says of itself: every command's help, every path that the embedded tenant serves.

`python tests/repo/test_reference.py` writes the pages anew.
"""

import os
import sys
from pathlib import Path

import pytest

from perca.cli.commands import TABLE
from perca.tenant.api.app import ROUTES
from support.program import program

REFERENCE = Path(__file__).resolve().parents[2] / "docs" / "reference"
INNER = {
    "snapshot": ("read", "take"),
    "policies": ("export", "import"),
    "tenant": ("seed", "import", "serve"),
    "plan": ("show",),
}


def commands_page() -> str:
    """The help of each command, eighty columns wide."""
    names = [(name, *inner) for name in TABLE for inner in ((), *((each,) for each in INNER.get(name, ())))]
    parts = [
        "# Commands\n\nWhat each command says of itself. The JSON and the exit codes are promised apart.\n"
    ]
    for words in names:
        said = program(*words, "--help", COLUMNS="100", NO_COLOR="1").out.rstrip()
        parts.append(f"## perca {' '.join(words)}\n\n```\n{said}\n```\n")
    return "\n".join(parts)


def paths_page() -> str:
    """Every route of the embedded tenant."""
    rows = sorted(
        (route.path, route.method, ", ".join(sorted(route.versions, reverse=True))) for route in ROUTES
    )
    lines = [f"| {method} | `{path}` | {versions} |" for path, method, versions in rows]
    head = (
        "# What the embedded tenant serves\n\nIn Graph's bodies, codes and errors, behind a bearer secret; under `/perca` is the "
        "control path (docs/architecture.md).\n\n| method | path | under |\n| --- | --- | --- |\n"
    )
    return head + "\n".join(lines) + "\n"


PAGES = {"commands.md": commands_page, "embedded-tenant.md": paths_page}


@pytest.mark.parametrize("page", list(PAGES))
def test_a_page_is_what_the_program_says(page: str) -> None:
    assert (REFERENCE / page).read_text("utf-8") == PAGES[page]()


if __name__ == "__main__":
    sys.path.insert(0, os.fspath(Path(__file__).parents[1]))
    for page, write in PAGES.items():
        (REFERENCE / page).write_text(write(), "utf-8")
