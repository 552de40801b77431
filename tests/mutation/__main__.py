"""`./dev mutation`: breaks the specification in one place at a time, and says which breaks no test notices.

A sample of `--mutants` by `--seed`, the same on every machine; each survivor is shown with its lines before and after. Exits with 1 if
one survived that docs/mutation.md doesn't explain, or an explanation there is wrong; with 2 if the tests fail by themselves.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from mutation.explained import entry, explanations
from mutation.sample import everything, rounds, sample
from mutation.source import Key, Mutant
from mutation.trial import SECONDS_A_TEST, Bench, Verdict

PROJECT = Path(__file__).resolve().parents[2]


def main(arguments: list[str]) -> int:
    """Runs the command; the exit code."""
    asked = options().parse_args(arguments)
    project = asked.project.resolve()
    among = list(everything(project / "src" / "perca"))
    explained = {each.key for each in explanations(project / "docs" / "mutation.md")}
    stale = explained - {mutant.key for mutant in among}
    chosen = sample(
        [mutant for mutant in among if mutant.file.startswith(asked.only.removeprefix("src/perca/"))],
        asked.mutants,
        asked.seed,
        explained if asked.quick else (),
    )
    if asked.list:
        print(*(f"{mutant.file}:{mutant.line}\n{entry(mutant)}" for mutant in chosen), sep="\n")
        return 0
    began = time.monotonic()
    verdicts: list[Verdict] = []
    trials: list[Mutant | None] = [*([] if asked.quick else [None]), *chosen]
    with tempfile.TemporaryDirectory(prefix="perca-mutation-", ignore_cleanup_errors=True) as folder:
        bench = Bench(project, Path(folder), asked.jobs, asked.seconds)
        for verdict in bench.verdicts(trials, lambda file: rounds(bench.root, file)):
            if verdict.mutant is None and not verdict.survived:
                print(f"mutation: the tests fail without any mutant: {verdict.killed_by}", file=sys.stderr)
                return 2
            show(verdict, explained, verbose=asked.verbose)
            if verdict.mutant is not None:
                verdicts.append(verdict)
        os.chdir("/")
    return report(verdicts, explained, stale, time.monotonic() - began)


def show(verdict: Verdict, explained: set[Key], *, verbose: bool) -> None:
    """One trial: a survivor in full, ready for the page; anything else only where it is asked for."""
    mutant = verdict.mutant
    if mutant is None:
        place = "the code as it is"
    else:
        place = f"{mutant.file}:{mutant.line}"
        if verdict.survived != (mutant.key in explained):
            print(
                f"{'survived' if verdict.survived else 'explained and yet killed'}: {place}\n{entry(mutant)}",
                flush=True,
            )
    if verbose:
        print(f"{verdict.seconds:6.1f} s  {place}  {verdict.killed_by or 'survived'}", flush=True)


def report(verdicts: list[Verdict], explained: set[Key], stale: set[Key], seconds: float) -> int:
    """The figures, and the exit code."""
    kinds = Counter(
        (each.survived, each.mutant is not None and each.mutant.key in explained) for each in verdicts
    )
    for key in sorted(stale):
        print(f"explained in docs/mutation.md, and no mutant any more: {' | '.join(map(str, key))}")
    print(
        f"mutation: {len(verdicts)} mutants: {kinds[False, False]} killed, {kinds[True, False]} survived, "
        f"{kinds[True, True]} survived as explained, {kinds[False, True]} explained and yet killed; "
        f"{len(stale)} explanations of nothing; "
        f"{sum(each.seconds for each in verdicts) / max(len(verdicts), 1):.1f} s each, {seconds:.0f} s in all"
    )
    return 1 if stale or kinds[True, False] or kinds[False, True] else 0


def options() -> argparse.ArgumentParser:
    """What the command understands."""
    parser = argparse.ArgumentParser(
        "./dev mutation", description="Which one-place breaks of policy/ and space/ no test notices."
    )
    parser.add_argument("--mutants", type=int, default=300, metavar="N", help="how many to try (default 300)")
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="which ones (default 1)")
    parser.add_argument(
        "--only", default="", metavar="PATH", help="of this file or folder only, such as policy/users.py"
    )
    parser.add_argument(
        "--jobs",
        type=int,
        default=os.cpu_count() or 1,
        metavar="N",
        help="how many at once (default: one a core)",
    )
    parser.add_argument(
        "--seconds",
        type=int,
        default=SECONDS_A_TEST,
        metavar="N",
        help="the most processor time for one test",
    )
    parser.add_argument("--project", type=Path, default=PROJECT, metavar="DIR", help=argparse.SUPPRESS)
    parser.add_argument("--list", action="store_true", help="show the mutants, and try none")
    parser.add_argument(
        "--verbose", action="store_true", help="show each trial: its time, and the test that noticed"
    )
    parser.add_argument(
        "--quick",
        action="store_true",
        help="pass over what is explained, and don't try the code as it is: for the suite itself",
    )
    return parser


if __name__ == "__main__":
    if os.environ.get("PYTHONHASHSEED") != "0":  # the order of sets is part of what a trial does
        os.execve(
            sys.executable,
            [sys.executable, "-m", "mutation", *sys.argv[1:]],
            {**os.environ, "PYTHONHASHSEED": "0"},
        )
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    sys.exit(main(sys.argv[1:]))
