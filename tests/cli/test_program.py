"""What holds for every command: one answer or one error, the exit code that counts, nothing a tenant can do to a terminal."""

from __future__ import annotations

import json
import signal
import subprocess
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

import pytest
import typer
from hypothesis import given
from hypothesis import strategies as st

from perca.cli import main
from perca.cli.answer import Answer, View, first_of, whole
from perca.cli.blocks import Heading, Line, Table, plain, wrapped
from perca.cli.commands import TABLE
from perca.cli.spans import seconds, span
from perca.errors import BadInput, NotAssessed, PercaError, Refused, RemoteFailed
from support.program import CLEAN, PROGRAM, SECRET, Done, program


@given(st.sets(st.sampled_from([4, 2, 1, 3])))
def test_the_first_of_4_2_1_3_counts(codes: set[int]) -> None:
    ranked = [code for code in (4, 2, 1, 3) if code in codes]
    assert first_of(codes) == (ranked[0] if ranked else 0)
    answer = Answer("x", dict, tuple, frozenset(codes))
    assert (answer.code, whole(answer, 0.0)["exitCodes"]) == (first_of(codes), ranked)


def test_every_answer_says_what_it_is_and_how_it_was_made() -> None:
    made = whole(Answer("x", lambda: {"some": 1}, tuple, view=View.JSON), 1.23456)
    assert (made["format"], made["some"], made["run"]["seconds"]) == ("perca/x/1", 1, 1.235)
    assert set(made["run"]) == {"engine", "seconds", "version"}


@given(st.text())
def test_no_text_can_move_a_cursor(text: str) -> None:
    blocks = (Line(text), Heading(text), Table(("a", "#b"), ((text, text), ("x", "y"))))
    assert all(line.isprintable() for block in blocks for line in plain(block))


@given(st.lists(st.tuples(st.text("ab", max_size=9), st.text("12", max_size=9)), max_size=4))
def test_columns_stand_under_each_other(rows: list[tuple[str, str]]) -> None:
    lines = plain(Table(("name", "#n"), tuple(rows)))
    ends = {len(line) for line, row in zip(lines[1:], rows, strict=True) if row[1]}
    assert len(ends) <= 1
    assert len(lines) == len(rows) + 1


@pytest.mark.parametrize(
    ("text", "number"),
    [("90", 90), ("90s", 90), ("15m", 900), ("24h", 86_400), ("1.5h", 5400), ("2d", 172_800)],
)
def test_spans_of_time(text: str, number: float) -> None:
    assert seconds(text) == number


@pytest.mark.parametrize("text", ["", "h", "-1", "1w", "1 h", "1e9", "nan", "١h"])
def test_what_is_no_span_of_time(text: str) -> None:
    with pytest.raises(BadInput):
        seconds(text)


@given(st.integers(0, 400 * 86_400))
def test_a_span_is_told_exactly(number: int) -> None:
    count, unit = span(number).replace(",", "").split()
    sizes = {"day": 86_400, "hour": 3600, "minute": 60, "second": 1}
    assert round(float(count) * sizes[unit.removesuffix("s")]) == number


@pytest.mark.parametrize("name", TABLE)
def test_help_says_one_thing_in_both_places(name: str) -> None:
    """The line in the list of commands is the command's own."""
    told = typer.main.get_command(import_module(f"perca.cli.{name}").app).help
    assert told == TABLE[name]


def test_help_imports_no_command() -> None:
    code = (
        "import sys; from perca.cli import main; main(['--help']); "
        "print([m for m in sys.modules if m.split('.')[0] in ('httpx2', 'starlette', 'sqlalchemy', 'rich', 'msgspec')]"
        " + [m for m in sys.modules if m.startswith(('perca.policy', 'perca.wire', 'perca.tenant'))])"
    )
    python = PROGRAM.with_name("python")
    ran = subprocess.run([python, "-c", code], capture_output=True, text=True, check=True, env=CLEAN)
    assert ran.stdout.splitlines()[-1] == "[]"


def test_no_arguments_show_the_help(perca: Callable[..., Done]) -> None:
    assert perca() == perca("--help")
    assert perca().code == 0


def test_the_version_and_nothing_else(perca: Callable[..., Done]) -> None:
    from perca import __version__

    assert perca("--version") == Done(0, f"{__version__}\n", "")


ERRORS = [
    (BadInput("not good", "do better"), 2, "badInput"),
    (Refused("won't", "do better"), 1, "refused"),
    (NotAssessed("don't know", "do better"), 3, "notAssessed"),
    (RemoteFailed("gone", "do better"), 4, "remoteFailed"),
    (PercaError("ours", "do better"), 70, "fault"),
    (ZeroDivisionError("secret"), 70, "fault"),
    (RecursionError("deep"), 70, "fault"),
    (MemoryError(), 70, "fault"),
    (OSError(28, "No space left on device", "/some/file"), 70, "fault"),
    (KeyboardInterrupt(), 130, "interrupted"),
]


@pytest.mark.parametrize(("error", "code", "word"), ERRORS, ids=lambda value: type(value).__name__)
def test_an_error_is_one_line_and_a_hint(
    perca: Callable[..., Done], monkeypatch: pytest.MonkeyPatch, error: BaseException, code: int, word: str
) -> None:
    def fails(name: str) -> None:
        raise error

    monkeypatch.setattr("perca.cli.status.tenant_in", fails)
    done = perca("status", "some.json")
    assert (done.code, done.out) == (code, "")
    assert "Traceback" not in done.err
    assert len(done.err.splitlines()) == (1 if code == 130 else 2)
    told = perca("status", "some.json", "--json")
    assert (told.code, told.json["error"]["code"]) == (code, word)


def test_debugging_shows_where(perca: Callable[..., Done], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("perca.cli.status.tenant_in", lambda name: 1 / 0)
    monkeypatch.setenv("PERCA_DEBUG", "1")
    assert "ZeroDivisionError" in perca("status", "some.json").err.splitlines()[-3]


def test_a_message_can_t_move_a_cursor(perca: Callable[..., Done]) -> None:
    done = perca("status", "no\x1b[2Jsuch\nfile")
    assert done.code == 2
    assert done.line.isprintable()


def test_a_name_that_no_encoding_shows_is_no_reason_to_fail(
    snapshot: Path, tenant: dict[str, object]
) -> None:
    tenant["displayName"] = "Žluťoučký 漢字 \u202e"
    snapshot.write_text(json.dumps(tenant), "utf-8")
    done = program("status", snapshot, PYTHONIOENCODING="ascii", LC_ALL="C")
    assert done.code == 0
    assert r"\u202e" in done.out


@pytest.mark.slow
def test_an_interrupted_program_exits_130(seeded: Path, tmp_path: Path) -> None:
    """A tenant that never answers, and Ctrl-C."""
    import socket

    with socket.create_server(("127.0.0.1", 0)) as silent:
        command = [
            PROGRAM,
            "snapshot",
            "take",
            "--tenant",
            f"http://127.0.0.1:{silent.getsockname()[1]}",
            "-o",
            "s.json",
        ]
        process = subprocess.Popen(
            command, stderr=subprocess.PIPE, cwd=tmp_path, env=CLEAN | {"PERCA_SECRET": SECRET}
        )
        connection, _ = silent.accept()
        with connection:
            process.send_signal(signal.SIGINT)
            _, said = process.communicate(timeout=30)
    assert (process.returncode, said) == (130, b"perca: interrupted\n")


def test_main_reads_its_own_arguments(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["perca", "--version"])
    assert main() == 0
    assert capsys.readouterr().out


@given(st.text("ab 1.", max_size=200), st.integers(0, 4), st.integers(40, 100))
def test_lines_are_broken_for_a_terminal_and_lose_no_word(text: str, depth: int, width: int) -> None:
    lines = wrapped(text, depth, width)
    assert max(map(len, lines)) <= width
    assert "".join("".join(lines).split()) == "".join(text.split())


def test_what_follows_a_number_stands_under_its_first_word() -> None:
    assert wrapped("12. one two three", 1, 34 // 2 + 9) == ["  12. one two three"]
    assert wrapped("12. " + "word " * 8, 1, 30) == ["  12. word word word word word", "      word word word"]
