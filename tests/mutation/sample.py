"""All mutants of the specification, a sample of them by a number, and the tests that each has to face, the likeliest first."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

from mutation.mutants import enumerations, mutants
from mutation.source import Key, Mutant, Source

PACKAGES = ("policy", "space")
DECIDED = ("tests/policy", "tests/corpus/test_decisions.py", "tests/corpus/test_conditions.py", "tests/prove")
TABULATED = ("tests/laws/test_space_tabulates_applies.py", "tests/laws/test_crowds.py", "tests/prove")
COMPARED = (
    "tests/laws/test_space_tabulates_applies.py",
    "tests/laws/test_device_records.py",
    "tests/laws/test_networks.py",
    "tests/laws/test_targets.py",
    "tests/laws/test_engines_agree.py",
    "tests/laws/test_regions.py",
    "tests/laws/test_space_equals_brute_force.py",
)
"""Laws that hold an engine against the specification. A wrong specification is wrong on both sides: they can't tell."""
ABOUT_TESTS = ("tests/laws/test_injected_faults.py",)
"""They fail where others would no longer notice a fault, which says nothing of the code."""
ROUNDS = {"policy": (DECIDED, ("tests/laws",)), "space": (TABULATED, COMPARED, ("tests/laws",))}
"""What has to notice a mutant, after the tests about the same file. The rest of the suite might; but who reads a rule looks here."""


def everything(package: Path) -> Iterator[Mutant]:
    """Every mutant of every file; `package` is the folder of `perca`."""
    enums = enumerations(ast.parse(path.read_bytes()) for path in sorted(package.rglob("*.py")))
    for part in PACKAGES:
        for path in sorted((package / part).rglob("*.py")):
            yield from mutants(Source.read(package, path.relative_to(package).as_posix()), enums)


def sample(among: Sequence[Mutant], most: int, seed: int, but: Collection[Key] = ()) -> list[Mutant]:
    """So many of them, in the order of the seed; `but` are the keys of those to pass over."""
    found: list[Mutant] = []
    for mutant in sorted(among, key=lambda each: each.rank(seed)):
        if len(found) == most:
            break
        if mutant.key not in but and mutant.compiles():
            found.append(mutant)
    return found


def rounds(project: Path, file: str) -> tuple[tuple[str, ...], ...]:
    """All test files for a mutant of that file, in rounds: those about the same subject come first. No file twice.

    Without a file, whatever any mutant faces.
    """
    part, _, name = file.rpartition("/")
    done = {*ABOUT_TESTS, *(COMPARED if part == "policy" else ())}
    rest = ROUNDS[part] if part else [places for each in PACKAGES for places in ROUNDS[each]]
    found = []
    for places in ((f"tests/{part}/test_{name}", f"tests/laws/test_{name}"), *rest):
        new = [path for place in places for path in _files(project, place) if path not in done]
        done.update(new)
        if new:
            found.append(tuple(new))
    return tuple(found)


def _files(project: Path, place: str) -> list[str]:
    path = project / place
    inside = sorted(path.rglob("test_*.py")) if path.is_dir() else [path] if path.exists() else []
    return [each.relative_to(project).as_posix() for each in inside]
