"""docs/semantics.md tells every case, and every rule in it says where it comes from."""

import re
from pathlib import Path

from support.cases import paths

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "semantics.md"
POLICY = ROOT / "src" / "perca" / "policy"
WITHOUT_RULES = {"__init__", "basis", "coordinates"}
"""Of the policy: what rules are made of, and no rule."""
WITHOUT_CASES = ("Two tenants side by side",)


def sections() -> dict[str, str]:
    _, *parts = re.split(r"^## ", PAGE.read_text("utf-8"), flags=re.MULTILINE)
    return dict(part.split("\n", 1) for part in parts)


def linked(text: str) -> list[str]:
    return re.findall(r"\]\(\.\./corpus/decisions/([a-z-]+)\.md\)", text)


def test_every_case_is_told_once_and_exists() -> None:
    assert sorted(linked(PAGE.read_text("utf-8"))) == sorted(path.stem for path in paths())


def test_every_rule_has_a_source_and_a_case() -> None:
    for title, text in sections().items():
        if title not in WITHOUT_CASES:
            assert re.search(r"^Source: .+", text, re.MULTILINE), title
            assert linked(text), title


def test_a_case_is_called_by_its_title() -> None:
    titles = {path.stem: path.read_text("utf-8").splitlines()[0].removeprefix("# ") for path in paths()}
    for words, name in re.findall(
        r"\[([^\]]+)\]\(\.\./corpus/decisions/([a-z-]+)\.md\)", PAGE.read_text("utf-8")
    ):
        assert words.casefold() == titles[name].casefold()


def test_every_section_says_where_it_is_written() -> None:
    for title, text in sections().items():
        assert re.search(r"^Written in \[", text, re.MULTILINE), title


def test_every_file_of_the_policy_is_named_where_its_rules_are_told() -> None:
    named = set(re.findall(r"\]\(\.\./src/perca/policy/(\w+)\.py\)", PAGE.read_text("utf-8")))
    assert named == {path.stem for path in POLICY.glob("*.py")} - WITHOUT_RULES
