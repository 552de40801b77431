"""Addresses as they come over the wire: the path in segments, the query options by name.

Promises that nothing is decoded twice and that an option named twice is refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import parse_qsl, unquote

from perca.tenant.errors import bad_request, malformed

MAX_QUERY = 16_384


def read_path(text: str) -> tuple[str, ...]:
    """The decoded segments. GraphError 400 when one is empty or isn't UTF-8."""
    try:
        segments = tuple(unquote(part, errors="strict") for part in text.strip("/").split("/"))
    except UnicodeDecodeError as error:
        raise malformed("The path is not UTF-8.") from error
    return () if segments == ("",) else segments


def read_query(text: str) -> Mapping[str, str]:
    """The options by name. GraphError 400 when one is named twice or has no value."""
    if len(text) > MAX_QUERY:
        raise bad_request("The query is too long.")
    try:
        pairs = parse_qsl(
            text, keep_blank_values=True, strict_parsing=bool(text), errors="strict", max_num_fields=20
        )
    except ValueError as error:
        raise bad_request("The query can't be read.") from error
    options = dict(pairs)
    if len(options) != len(pairs):
        raise bad_request("A query option stands twice.")
    return options
