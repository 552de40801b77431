"""Reads the cases of corpus/decisions: Markdown with one block of JSON, patches of a plain tenant and a plain sign-in."""

from __future__ import annotations

import json
import re
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from perca.model import SignIn, Tenant
from perca.wire import parse_question, parse_snapshot

FOLDER = Path(__file__).resolve().parents[2] / "corpus" / "decisions"
GRADES = ("A", "B", "C", "ours")
ROLES = {"@globalAdministrator": "62e90394-69f5-4237-9190-012177145e10"}


@dataclass(frozen=True)
class Case:
    """One file: its tenant, and the sign-ins with what is expected of each."""

    name: str
    title: str
    source: str
    grade: str
    documented: tuple[str, ...]
    engines: tuple[str, ...]
    snapshot: dict[str, Any]
    """The tenant's data as JSON."""
    tenant: Tenant
    sign_ins: tuple[tuple[SignIn, dict[str, Any]], ...]


def blocks(path: Path) -> list[Any]:
    """The JSON blocks of a page."""
    return [json.loads(text) for text in re.findall(r"```json\n(.*?)```", path.read_text("utf-8"), re.DOTALL)]


def read(path: Path) -> Case:
    """The case in a file."""
    text = path.read_text("utf-8")
    lines = dict(re.findall(r"^- ([A-Z][A-Za-z ]+): (.+)$", text, re.MULTILINE))
    (body,) = blocks(path)
    plain_tenant, plain_question = blocks(FOLDER / "README.md")
    assert body.keys() == {"tenant", "signIns"}, path.name
    snapshot = named(patched(plain_tenant, body["tenant"]))
    return Case(
        name=path.stem,
        title=re.match(r"# (.+)", text)[1],  # type: ignore[index]  # a case without a title fails here
        source=lines["Source"],
        grade=lines["Grade"],
        documented=tuple(filter(None, lines.get("Documented outcome", "").split(", "))),
        engines=tuple(filter(None, lines.get("Engines", "").split(", "))),
        snapshot=snapshot,
        tenant=parse_snapshot(snapshot),
        sign_ins=tuple(
            (parse_question(named(patched(plain_question, each.get("but", {}))), False), named(each))
            for each in body["signIns"]
        ),
    )


def patched(whole: Any, patch: Any) -> Any:
    """RFC 7396: an object is merged, null removes, anything else replaces."""
    if not isinstance(patch, dict):
        return patch
    kept = whole if isinstance(whole, dict) else {}
    merged = {key: value for key, value in kept.items() if key not in patch}
    return merged | {key: patched(kept.get(key), value) for key, value in patch.items() if value is not None}


def named(value: Any) -> Any:
    """The value with a GUID for each `@name`, wherever it stands."""
    match value:
        case dict():
            return {named(key): named(item) for key, item in value.items()}
        case list():
            return [named(item) for item in value]
        case str():
            return re.sub(r"@[a-zA-Z]+\b(?!\.)", lambda found: guid(found[0]), value)
    return value


def guid(name: str) -> str:
    return ROLES.get(name) or str(uuid.uuid5(uuid.NAMESPACE_URL, name))


def paths() -> list[Path]:
    return sorted(path for path in FOLDER.glob("*.md") if path.name != "README.md")


CASES = {path.stem: read(path) for path in paths()}
"""Every case, by its file's name."""
