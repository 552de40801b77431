"""Bytes to JSON: every encoding that tools write, and one line for everything that can't be read."""

import contextlib
import gzip
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perca.errors import BadInput
from perca.wire import decode, load, parse_policy, unrecognised_parts
from perca.wire.values import MAX_DEPTH

VALUE = {"displayName": "Überall für Ärzte", "state": "enabled", "n": [1, 2.5, None, True]}
TEXT = json.dumps(VALUE, ensure_ascii=False)


@pytest.mark.parametrize(
    "data",
    [
        TEXT.encode(),
        TEXT.encode("utf-8-sig"),
        TEXT.encode("utf-16"),
        TEXT.encode("utf-16-le"),
        TEXT.encode("utf-16-be"),
        b"\xff\xfe" + TEXT.encode("utf-16-le"),
        b"\xfe\xff" + TEXT.encode("utf-16-be"),
        TEXT.encode("utf-32"),
        TEXT.encode("utf-32-be"),
        b"\r\n  " + TEXT.encode() + b"\n\n",
        json.dumps(VALUE).encode(),
    ],
)
def test_every_encoding_says_the_same(data: bytes) -> None:
    assert decode(data, "x") == VALUE
    assert decode(gzip.compress(data), "x") == VALUE


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "`x` is empty"),
        (b"\xef\xbb\xbf  \n", "`x` is empty"),
        (TEXT.encode()[:-1], "ends too early"),
        (TEXT.encode()[:20], "ends too early"),
        (gzip.compress(TEXT.encode(), mtime=0)[:-9], "truncated or damaged"),
        (b"\x1f\x8bnot gzip at all", "truncated or damaged"),
        (b"MIT License", "is not JSON: expecting value at line 1, column 1"),
        (b"{} {}", "is not JSON: extra data"),
        (b'{"a": NaN}', "a number out of range"),
        (b'{"a": 1e999}', "a number out of range"),
        (b'{"a": ' + b"9" * 5000 + b"}", "a number out of range"),
        (b'{"a": "\xe4"}', "is not utf-8 text"),
        (b'{"a": "\\ud800"}', "half of a Unicode character"),
        (b'{"\\uD800": 1}', "half of a Unicode character"),
        (b"[" * 100_000, "nested too deeply"),
        (b"[" * 90 + b"]" * 90, "nested deeper than 64 levels"),
        (b'{"a":' * 90 + b"1" + b"}" * 90, "nested deeper than 64 levels"),
    ],
)  # fmt: skip
def test_what_can_not_be_read_is_refused_in_one_line(data: bytes, reason: str) -> None:
    with pytest.raises(BadInput) as caught:
        decode(data, "x")
    assert reason in caught.value.message
    assert "`x`" in caught.value.message
    assert "\n" not in caught.value.message
    assert caught.value.hint
    assert caught.value.exit_code == 2


def test_nesting_up_to_the_limit_is_read() -> None:
    depth = MAX_DEPTH - 1
    assert decode(b"[" * depth + b"]" * depth, "x") is not None


def test_an_escaped_character_of_two_halves_is_read() -> None:
    assert decode(b'"\\ud83d\\ude00"', "x") == "\U0001f600"


@given(st.binary(max_size=60) | st.text(max_size=40).map(str.encode))
def test_any_bytes_are_a_value_or_bad_input(data: bytes) -> None:
    with contextlib.suppress(BadInput):
        json.dumps(decode(data, "x"), ensure_ascii=False).encode()


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda x: st.lists(x) | st.dictionaries(st.text(), x),
    )
)
def test_any_json_is_read_as_it_is(value: object) -> None:
    assert decode(json.dumps(value).encode(), "x") == value
    assert decode(json.dumps(value, ensure_ascii=False).encode("utf-16"), "x") == value


def test_a_member_written_twice_the_same_is_written_once() -> None:
    assert decode(b'{"a": [1], "b": 2, "a": [1]}', "x") == {"a": [1], "b": 2}


def test_a_member_written_twice_is_neither_of_the_two() -> None:
    assert decode(b'{"a": 1, "a": 2}', "x") == {"a": {"(written twice)": [1, 2]}}
    assert decode(b'{"a": 1, "a": true}', "x") == {"a": {"(written twice)": [1, True]}}


def test_a_condition_written_twice_is_not_understood() -> None:
    value = decode(
        b"""{"state": "enabled", "state": "disabled", "sessionControls": null,
             "conditions": {"users": {"includeUsers": ["All"], "includeUsers": []}, "applications": {"includeApplications": ["All"]}},
             "sessionControls": {"secureSignInSession": {"isEnabled": true}}}""",
        "x",
    )
    assert isinstance(value, dict)
    assert [part.where for part in unrecognised_parts(parse_policy(value))] == [
        "state",
        "conditions.users.includeUsers",
        "sessionControls.(written twice)",
    ]


def test_a_file_larger_than_the_limit_is_refused_packed_or_not(monkeypatch, tmp_path) -> None:  # type: ignore[no-untyped-def]  # pytest's
    import importlib

    module = importlib.import_module("perca.wire.decode")
    monkeypatch.setattr(module, "MAX_BYTES", 1 << 20)
    data = b'"' + b"a" * (1 << 20) + b'"'
    (tmp_path / "big.json").write_bytes(data)
    for attempt in (
        lambda: decode(data, "x"),
        lambda: decode(gzip.compress(data), "x"),
        lambda: load(tmp_path / "big.json"),
    ):
        with pytest.raises(BadInput, match="larger than 1 MiB"):
            attempt()


def test_a_file_that_is_not_there_is_bad_input(tmp_path) -> None:  # type: ignore[no-untyped-def]  # pytest's
    with pytest.raises(BadInput, match="no such file"):
        load(tmp_path / "nothing.json")
    with pytest.raises(BadInput, match="can't be read"):
        load(tmp_path)
