"""Reading by taking: each part that is understood is taken out of a copy of the resource; what is left is kept.

That is why nothing is dropped: what was not taken is still there, is named if it says something, and is written back.
INVARIANT: `merged(built, rest)` of what was taken and what was left says the same as the resource did.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping
from typing import TypeVar

from perca.errors import BadInput
from perca.model import Unrecognised, fold
from perca.wire.values import JsonObject, JsonValue, is_metadata, says_nothing, shown

T = TypeVar("T")

Names = Mapping[str, "Names"]
"""The members that Graph knows, as it spells them, each with those of the objects below it."""


def names(text: str, **below: Names) -> Names:
    """The member names in `text`, and those that have members of their own."""
    return {**{name: {} for name in text.split()}, **below}


def spelled(value: JsonObject, known: Names) -> JsonObject:
    """A deep copy whose known members are spelled as Graph does, whatever their case.

    Raises BadInput when a member stands in two spellings: which one counts can't be known.
    """
    return {name: _spelled(item, below) for name, item, below in _members(value, known)}


def spelled_alone(value: JsonObject, known: Names) -> JsonObject:
    """The same of the members themselves alone: what they hold is not copied, so nothing may be taken out of it."""
    return {name: item for name, item, _ in _members(value, known)}


def _spelled(value: JsonValue, known: Names) -> JsonValue:
    if isinstance(value, dict):
        return spelled(value, known)
    return [_spelled(item, known) for item in value] if isinstance(value, list) else value


def _members(value: JsonObject, known: Names) -> list[tuple[str, JsonValue, Names]]:
    by_case = {name.lower(): name for name in known}
    found: dict[str, str] = {}
    members: list[tuple[str, JsonValue, Names]] = []
    for key, item in value.items():
        name = by_case.get(key.lower(), key)
        if name in found:
            raise BadInput(f"the members `{found[name]}` and `{key}` of one object differ only in case")
        found[name] = key
        members.append((name, item, known.get(name, {})))
    return members


def take_text(rest: JsonObject, name: str) -> str | None:
    """Takes the member if it is a text that isn't blank."""
    value = rest.get(name)
    if not isinstance(value, str) or not fold(value):
        return None
    del rest[name]
    return value


def take_word(rest: JsonObject, name: str, words: Mapping[str, T]) -> T | None:
    """Takes the member if it is one of the words, which are folded."""
    value = rest.get(name)
    word = words.get(fold(value)) if isinstance(value, str) else None
    if word is not None:
        del rest[name]
    return word


def take_entries(rest: JsonObject, name: str, read: Callable[[str], T | None]) -> tuple[T, ...]:
    """Takes those entries of a list that `read` understands, each once; the others stay in their order."""
    value = rest.get(name)
    if not isinstance(value, list):
        return ()
    taken: dict[T, None] = {}
    left: list[JsonValue] = []
    for entry in value:
        meant = read(entry) if isinstance(entry, str) else None
        if meant is None:
            left.append(entry)
        else:
            taken[meant] = None
    if left or not taken:
        rest[name] = left
    else:
        del rest[name]
    return tuple(taken)


def take_keyword(rest: JsonObject, name: str, keyword: str) -> bool:
    """Takes a keyword such as `All` out of a list; whether it was there."""
    return bool(take_entries(rest, name, lambda entry: True if fold(entry) == keyword.lower() else None))


def left_at(rest: JsonObject, name: str, path: str) -> tuple[Unrecognised, ...]:
    """Names what is left of a member: each entry of a list, or the whole; nothing if it says nothing."""
    value = rest.get(name)
    where = f"{path}.{name}" if path else name
    if isinstance(value, list):
        return tuple(Unrecognised(where, shown(entry)) for entry in value)
    return () if says_nothing(value) else (Unrecognised(where, shown(value)),)


def left_besides(rest: JsonObject, known: Container[str], path: str) -> tuple[Unrecognised, ...]:
    """Names every member that says something, is no metadata and isn't `known`; in the order of their names."""
    prefix = f"{path}." if path else ""
    return tuple(
        Unrecognised(prefix + key, shown(value))
        for key, value in sorted(rest.items())
        if key not in known and not is_metadata(key) and not says_nothing(value)
    )


def unread(rest: JsonObject, name: str, path: str) -> Unrecognised:
    """Names a member that should have been an object and isn't, or is missing."""
    return Unrecognised(path, shown(rest[name]) if name in rest else "missing")


def pruned(rest: JsonObject, whole: JsonObject) -> JsonObject:
    """What is left, without the objects that were emptied by taking; an object that came empty stays."""
    kept: JsonObject = {}
    for key, value in rest.items():
        before = whole.get(key)
        if isinstance(value, dict) and isinstance(before, dict):
            value = pruned(value, before)
            if before and not value:
                continue
        kept[key] = value
    return kept


def merged(built: JsonObject, rest: JsonObject) -> JsonObject:
    """What was taken, written out, with what was left: objects are joined, lists appended, else what was left counts."""
    whole = dict(built)
    for key, value in rest.items():
        ours = whole.get(key)
        if isinstance(ours, dict) and isinstance(value, dict):
            whole[key] = merged(ours, value)
        elif isinstance(ours, list) and isinstance(value, list):
            whole[key] = [*ours, *value]
        else:
            whole[key] = value
    return whole
