"""A file of policies in any shape that tools write: one policy, a list, a page of Graph, a template; to policies with ids.

Promises every policy of the input, or BadInput: an entry that is no policy refuses the whole, since what was left out might be
the policy that mattered. Ids are unique within one input; one that we made up is never written back.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace

from perca.errors import BadInput
from perca.model import ConditionalAccessPolicy, PolicyId
from perca.wire.policies import made_up_id, parse_policy
from perca.wire.values import JsonObject, JsonValue, canonical, shown

_WRAPPERS = ("value", "policies")
_HINT = "expected a policy, a list of policies, or an object with `value`, `policies` or `details`"


def read_policies(value: JsonValue, name: str) -> list[ConditionalAccessPolicy]:
    """All policies of an input, in its order, with unique ids; `name` is what errors call it.

    A policy without an id gets `no-id-N`; the second of two with the same id gets `ID~2`, and keeps its own for writing.
    """
    policies: list[ConditionalAccessPolicy] = []
    seen: set[PolicyId] = set()
    for where, resource in resources(value, name):
        try:
            policy = _with_unique_id(parse_policy(resource), seen)
        except BadInput as error:
            raise BadInput(f"{where}: {error.message}", error.hint) from error
        seen.add(policy.id)
        policies.append(policy)
    return policies


def resources(value: JsonValue, name: str) -> Iterator[tuple[str, JsonObject]]:
    """The policies of an input as Graph resources, unwrapped, each with the words that say where it stands."""
    match value:
        case list():
            for number, item in enumerate(value, 1):
                yield _one(item, f"entry {number} of `{name}`")
        case dict() if (inner := _wrapped(value)) is not None and not _is_policy(value):
            yield from resources(inner, name)
        case _:
            yield _one(value, f"`{name}`")


def is_partial(value: JsonValue) -> bool:
    """Whether the input is one page of several, so that policies are missing from it."""
    if not isinstance(value, dict):
        return False
    return bool(_member(value, "@odata.nextLink")) or is_partial(_wrapped(value))


def _one(value: JsonValue, where: str) -> tuple[str, JsonObject]:
    if not isinstance(value, dict):
        raise BadInput(f"{where} is no Conditional Access policy but {_kind(value)}", _HINT)
    if _is_policy(value):
        return where, value
    details = _member(value, "details")
    if isinstance(details, dict) and _is_policy(details):
        return where, _of_template(value, details)
    raise BadInput(f"{where} is no Conditional Access policy: it holds {_members(value)}", _HINT)


def _is_policy(value: JsonObject) -> bool:
    keys = {key.lower() for key in value}
    return "conditions" in keys or (
        "state" in keys and not keys.isdisjoint({"grantcontrols", "sessioncontrols"})
    )


def _wrapped(value: JsonObject) -> JsonValue:
    for wrapper in _WRAPPERS:
        inner = _member(value, wrapper)
        if isinstance(inner, list | dict):
            return inner
    return None


def _of_template(template: JsonObject, details: JsonObject) -> JsonObject:
    """The policy that Graph would make of one of its templates: with its name, and the template's id as `templateId`."""
    named = {
        "displayName": _member(template, "name"),
        "templateId": _member(template, "id"),
        "description": _member(template, "description"),
    }
    own = {key.lower() for key in details}
    return {**{key: value for key, value in named.items() if value and key.lower() not in own}, **details}


def _member(value: JsonObject, name: str) -> JsonValue:
    return next((item for key, item in value.items() if key.lower() == name.lower()), None)


def _kind(value: JsonValue) -> str:
    match value:
        case None:
            return "null"
        case list():
            return "a list"
        case str():
            return "a text"
    return shown(value)


def _members(value: JsonObject) -> str:
    if not value:
        return "nothing"
    names = [f"`{shown(key)}`" for key in value]
    return ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")


def _with_unique_id(policy: ConditionalAccessPolicy, seen: set[PolicyId]) -> ConditionalAccessPolicy:
    if not policy.id:
        number = next(n for n in range(1, len(seen) + 2) if made_up_id(n) not in seen)
        return replace(policy, id=made_up_id(number))
    if policy.id not in seen:
        return policy
    number = next(n for n in range(2, len(seen) + 2) if f"{policy.id}~{n}" not in seen)
    return replace(policy, id=PolicyId(f"{policy.id}~{number}"), kept=_keeping_id(policy))


def _keeping_id(policy: ConditionalAccessPolicy) -> str:
    kept = json.loads(policy.kept)
    return canonical({**kept, "members": {**kept.get("members", {}), "id": policy.id}})
