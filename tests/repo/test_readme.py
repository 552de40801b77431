"""The README says what the program says, shows what exists, and fits one screen."""

import re
from pathlib import Path

from support.program import program

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text("utf-8")


def test_its_counterexample_is_what_the_program_prints() -> None:
    said = program("prove", ROOT / "docs" / "example" / "near-miss.snapshot.json").out
    shown = re.search(r"```\n(Fails:.*?)```", README, re.DOTALL)
    assert shown is not None
    lines = [line.strip() for line in said.splitlines()]
    for line in shown.group(1).splitlines():
        assert line.strip() in lines


def test_its_links_and_pictures_exist() -> None:
    targets = re.findall(r"\]\(([^)]+)\)", README)
    assert targets
    assert all((ROOT / target).exists() for target in targets)


def test_it_has_two_commands_and_fits_one_screen() -> None:
    assert re.findall(r"^\./dev \w+", README, re.MULTILINE) == ["./dev demo", "./dev test"]
    assert len(README.splitlines()) <= 36
    assert "never met a live Entra tenant" in README
