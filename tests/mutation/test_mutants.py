"""What is changed in a text, and what is left alone."""

import ast
from pathlib import Path

import pytest

from mutation.mutants import enumerations, mutants
from mutation.sample import ABOUT_TESTS, COMPARED, everything, rounds, sample
from mutation.source import Mutant, Source

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "perca"
COLOURS = "class Colour(Enum):\n    RED = 1\n    BLUE = 2\n    GREEN = 3\n"


def changed(text: str) -> set[str]:
    """The lines after each change of that text."""
    return {
        mutant.after
        for mutant in mutants(Source("policy/x.py", text.encode()), enumerations([ast.parse(COLOURS)]))
    }


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x = a == b", "a != b"),
        ("x = a < b <= c", "a <= b <= c; a < b < c"),
        ("x = a is not b", "a is b"),
        ("x = a not in b", "a in b"),
        ("x = (a or b) and c", "(a or b) or c; c; (a or b); (a and b) and c; (a) and c; (b) and c"),
        ("x = a or b and c", "a and b and c; b and c; a; a or b or c; a or b; a or c"),
        ("x = not (a and b)", "(a and b); not (a or b); not (a); not (b)"),
        ("x = a | c", "a & c"),
        ("x = a - b", "a"),
        ("x = a - 1", "a + 1; a - 2"),
        ("x = 1 << a", "2 << a; 1 >> a"),
        ("x = any(a)", "all(a)"),
        ("x = min(a, key=b)", "max(a, key=b)"),
        ("x = isinstance(a, Yes)", "not isinstance(a, Yes); isinstance(a, No); isinstance(a, Unknown)"),
        ("x = Yes(a)", "No(a); Unknown(a)"),
        ("x = No(a, (b,))", "Yes(a); Unknown(a); No(a, ())"),
        ("x = f(a, b=b, c=d)", "f(a, c=d)"),
        ("x = a.casefold()", "a"),
        ("x = a if b else c", "c if b else a"),
        ("x = True", "False"),
        ("x = 7", "8"),
        ("x = 'word'", "'word~'"),
        ("x = Colour.GREEN", "Colour.RED"),
        ("X = 'one two  three'", "X = ' two three'; X = 'one three'; X = 'one two '"),
        ("X = (a, b, c)", "X = ( b, c); X = (a, c); X = (a, b)"),
        ("X = frozenset({a})", "X = frozenset(set())"),
        ("X = {a: b, c: d}", "X = { c: d}; X = {a: b}"),
        ("a.add(b)", "pass"),
        ("a.b = c", "pass"),
        ("a += 1", "pass; a -= 1; a += 2"),
        ("x = [a for a in b if c]", "[a for a in b if True]"),
    ],
)  # fmt: skip
def test_a_text_is_changed_in_each_of_these_ways(text: str, expected: str) -> None:
    kept = "x = " if text.startswith("x = ") else ""
    assert changed(text) == {kept + each for each in expected.split("; ")}


def test_statements_are_left_out_and_turned() -> None:
    assert changed(
        "def f(a):\n    for b in a:\n        if b:\n            continue\n        yield b\n    return\n"
    ) == {
        "for b in ():",
        "if not b:",
        "pass",
        "break",
    }
    assert changed("def f(a):\n    return f(a)\n") == {"return None"}
    assert changed("def f(a):\n    return a or f\n") == {
        "return a and f", "return a", "return f", "return not (a or f)",
    }  # fmt: skip


def test_a_case_loses_its_condition_its_alternatives_and_itself() -> None:
    text = "match a:\n    case B() | C() if d:\n        x.y()\n    case _:\n        z.y()\n"
    text += "    case _ as never:\n        assert_never(never)\n"
    assert changed(text) == {"case B() | C():", "case C() if d:", "case B() if d:", "", "pass"}


@pytest.mark.parametrize(
    "text",
    [
        '"""Words."""\nfrom a import b\n',
        '__all__ = ["a", "b"]',
        "Answer = Yes | No",
        "Combinations = frozenset[frozenset[str]]",
        "Account = Callable[[Tenant, User], Hashable]",
        "assert isinstance(a, B)",
        'raise Wrong("a")',
        'x = a("a sentence for people")',
        'x = f"{a}word"',
        'X = "whether words are for people"',
        'X = "Name For People"',
        'x: Basis = Basis(Colour.RED, "page", "01/2026")',
        'class A(Protocol):\n    b: bool = True\n    """Whether."""\n',
        "@dataclass(frozen=True)\nclass A:\n    b: int | None\n",
        "x = zip(a, b, strict=True)",
    ],
)
def test_what_no_test_should_hang_on_is_left_alone(text: str) -> None:
    assert changed(text) == set()


def test_a_mutant_keeps_its_name_while_other_lines_move_and_differs_from_its_twin() -> None:
    text = "def f(a):\n    a.b()\n    a.b()\n"
    before, after = (
        list(mutants(Source("policy/x.py", each.encode()), {})) for each in (text, "import z\n\n" + text)
    )
    assert [each.line for each in before] != [each.line for each in after]
    assert [each.key for each in before] == [each.key for each in after]
    assert len({each.key for each in before}) == len(before) == 2


def test_text_beyond_ascii_is_cut_where_it_should_be() -> None:
    assert changed("x = f('›', a == b)") == {"x = f('›~', a == b)", "x = f('›', a != b)"}


@pytest.fixture(scope="module")
def among() -> list[Mutant]:
    """Every mutant of the specification."""
    return list(everything(PACKAGE))


def test_every_mutant_of_the_specification_has_a_name_of_its_own(among: list[Mutant]) -> None:
    assert len(among) > 1000
    assert len({mutant.key for mutant in among}) == len(among)


def test_a_sample_is_the_same_for_the_same_number_and_another_for_another(among: list[Mutant]) -> None:
    one, again, other = (sample(each, 300, seed) for each, seed in ((among, 7), (among[::-1], 7), (among, 8)))
    assert one == again
    assert len(one) == len(other) == 300
    assert one != other
    assert sample(among, 10, 7) == one[:10]
    assert one == sorted(among, key=lambda each: each.rank(7))[:300], "all of them are Python"


def test_an_edit_elsewhere_leaves_the_rest_of_a_sample(among: list[Mutant]) -> None:
    kept = [mutant for mutant in among if mutant.file != "policy/answer.py"]
    before = [mutant for mutant in sample(among, 40, 7) if mutant.file != "policy/answer.py"]
    assert sample(kept, len(before), 7) == before


def test_passed_over_are_those_that_are_named(among: list[Mutant]) -> None:
    first, second = sample(among, 2, 7)
    assert sample(among, 1, 7, {first.key}) == [second]


@pytest.mark.parametrize("file", ["policy/users.py", "space/axes.py", ""])
def test_no_test_file_is_run_twice(file: str) -> None:
    faced = [path for each in rounds(ROOT, file) for path in each]
    assert len(faced) == len(set(faced))
    assert "tests/laws/test_more_rules_are_stronger.py" in faced
    assert "tests/prove/test_ask.py" in faced


def test_what_holds_an_engine_against_the_specification_is_asked_about_the_engine() -> None:
    assert all((ROOT / path).exists() for path in (*COMPARED, *ABOUT_TESTS))
    of_space, of_policy = (
        {path for each in rounds(ROOT, file) for path in each}
        for file in ("space/axes.py", "policy/users.py")
    )
    assert set(COMPARED) <= of_space
    assert set(COMPARED).isdisjoint(of_policy)
    assert set(ABOUT_TESTS).isdisjoint(of_space | of_policy)
    assert {path for each in rounds(ROOT, "") for path in each} >= of_space | of_policy


def test_the_tests_of_the_same_subject_come_first() -> None:
    assert rounds(ROOT, "policy/users.py")[0] == ("tests/policy/test_users.py",)
    assert rounds(ROOT, "space/networks.py")[0] == ("tests/laws/test_networks.py",)
