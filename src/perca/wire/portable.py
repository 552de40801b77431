"""A policy with names for ids, to be read by people and carried to another tenant; and back to that tenant's ids.

An id is replaced by an object: `{"group": "Sales"}`, or `{"group": "Sales", "id": ID}` where the name alone doesn't say which, or
the id is the same in every tenant. Everything else stays as it is. An object that stood where an id belongs becomes `{"verbatim": …}`.

LAW: `unnamed(named(policy))` with the names of the same tenant is the policy, member by member.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from perca.errors import BadInput
from perca.model import AppGroup, fold, is_guid
from perca.wire.naming import Names, Thing
from perca.wire.values import JsonObject, JsonValue, is_metadata, shown

VERBATIM = "verbatim"
_ID = "id"
_SPELLED = "spelled"
"""The id as it was spelled, where that isn't as ids are written."""

_PLACES: Mapping[str, Thing] = {
    f"{path.format(side)}".lower(): thing
    for path, thing in (
        ("conditions.users.{}Users", Thing.USER),
        ("conditions.users.{}Groups", Thing.GROUP),
        ("conditions.users.{}Roles", Thing.ROLE),
        ("conditions.applications.{}Applications", Thing.APPLICATION),
        ("conditions.locations.{}Locations", Thing.LOCATION),
        ("conditions.clientApplications.{}ServicePrincipals", Thing.SERVICE_PRINCIPAL),
        ("conditions.clientApplications.{}AgentIdServicePrincipals", Thing.SERVICE_PRINCIPAL),
        ("conditions.agents.{}AgentUsers", Thing.USER),
        ("grantControls.termsOfUse", Thing.TERMS),
        ("grantControls.authenticationStrength.id", Thing.STRENGTH),
    )
    for side in ("include", "exclude")
}
"""Where the ids stand that have names, by their path in lower case."""

_WORDS = frozenset(
    "all none alltrusted guestsorexternalusers allagentidusers serviceprincipalsinmytenant".split()
) | {fold(group) for group in AppGroup}
_EVERYWHERE = (
    "id",
    "templateid",
    "displayname",
    "description",
    "conditions.users.includeguestsorexternalusers.externaltenants.members",
    "conditions.users.excludeguestsorexternalusers.externaltenants.members",
)
"""Where ids mean the same in every tenant, or nothing."""

_CONTEXTS = "conditions.applications.includeauthenticationcontextclassreferences"
_GUID = re.compile(
    r"(?<![0-9a-f-])[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}(?![0-9a-f-])", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Carried:
    """An id that was carried as it is, though it may mean something else, or nothing, in another tenant."""

    where: str
    id: str
    why: str


@dataclass(frozen=True, slots=True)
class Unresolved:
    """A name that the other tenant doesn't have, or more than one thing has there."""

    where: str
    thing: Thing
    name: str
    why: str


@dataclass(slots=True)
class Translation:
    """What became of a policy."""

    policy: JsonObject = field(default_factory=dict)
    carried: list[Carried] = field(default_factory=list)
    unresolved: list[Unresolved] = field(default_factory=list)


def named(policy: JsonObject, names: Names, everywhere: frozenset[str] = frozenset()) -> Translation:
    """The policy with names for ids; ids in `everywhere` are the same in every tenant and need none."""
    done = Translation()

    def name(thing: Thing, entry: JsonValue, where: str) -> JsonValue:
        if isinstance(entry, dict):
            return {VERBATIM: entry}
        if not isinstance(entry, str) or not fold(entry) or fold(entry) in _WORDS:
            return entry
        id = fold(entry)
        called = names.name(thing, id)
        if not called:
            if not _is_everywhere(thing, id, everywhere):
                known = names.holds(thing, id)
                why = f"{_A[thing]} without a name" if known else f"no {_WHAT[thing]} of that id is known"
                done.carried.append(Carried(where, entry, why))
            return entry
        built: JsonObject = {thing.value: called}
        if len(names.called(thing, called)) > 1 or id in everywhere or id in names.elsewhere:
            return {**built, _ID: entry}
        return built if entry == id else {**built, _SPELLED: entry}

    done.policy = _object(policy, "", name, done.carried)
    return done


def unnamed(policy: JsonObject, names: Names, everywhere: frozenset[str] = frozenset()) -> Translation:
    """The policy with the ids of a tenant for names. Raises BadInput for an object where an id belongs that isn't one of ours."""
    done = Translation()

    def identify(thing: Thing, entry: JsonValue, where: str) -> JsonValue:
        if isinstance(entry, dict):
            if VERBATIM in entry and len(entry) == 1:
                return entry[VERBATIM]
            return _identified(thing, entry, where, names, everywhere, done.unresolved)
        if isinstance(entry, str) and fold(entry) and fold(entry) not in _WORDS:
            id = fold(entry)
            if not names.holds(thing, id) and not _is_everywhere(thing, id, everywhere):
                done.carried.append(Carried(where, entry, f"no {_WHAT[thing]} of that id is known"))
        return entry

    done.policy = _object(policy, "", identify, done.carried)
    return done


def speaks_of_names(policy: JsonObject) -> bool:
    """Whether the policy holds an object where an id belongs, so that it has to be read with names."""
    found: list[bool] = []

    def look(_thing: Thing, entry: JsonValue, _where: str) -> JsonValue:
        found.append(isinstance(entry, dict) and any(each in entry for each in (VERBATIM, *Thing)))
        return entry

    _object(policy, "", look, [])
    return any(found)


def _is_everywhere(thing: Thing, id: str, everywhere: frozenset[str]) -> bool:
    """Whether the id means the same in every tenant; policies name roles by their templates' ids, which do."""
    return id in everywhere or (thing is Thing.ROLE and is_guid(id))


def _identified(
    thing: Thing,
    entry: JsonObject,
    where: str,
    names: Names,
    everywhere: frozenset[str],
    unresolved: list[Unresolved],
) -> JsonValue:
    called, given, spelled = (entry.get(each) for each in (thing.value, _ID, _SPELLED))
    if (
        not isinstance(called, str)
        or not isinstance(given, str | None)
        or not isinstance(spelled, str | None)
    ):
        raise BadInput(
            f"`{where}` holds `{shown(entry)}`, which names no {_WHAT[thing]}",
            f'an id, or an object such as {{"{thing.value}": "a name"}}',
        )
    if given is not None:
        if names.holds(thing, fold(given)) or fold(given) in everywhere:
            return given
        unresolved.append(Unresolved(where, thing, called, f"there is none of the id {given}"))
        return entry
    found = names.called(thing, called)
    if len(found) != 1:
        why = f"{len(found)} are called so" if found else "there is none of that name"
        unresolved.append(Unresolved(where, thing, called, why))
        return entry
    return spelled if spelled is not None and fold(spelled) == found[0] else found[0]


_WHAT = {
    Thing.USER: "person",
    Thing.GROUP: "group",
    Thing.ROLE: "role",
    Thing.APPLICATION: "application",
    Thing.SERVICE_PRINCIPAL: "service principal",
    Thing.LOCATION: "named location",
    Thing.STRENGTH: "authentication strength",
    Thing.TERMS: "terms of use",
}
_A = {thing: f"an {word}" if word[0] in "ae" else f"a {word}" for thing, word in _WHAT.items()}

_Translate = Callable[[Thing, JsonValue, str], JsonValue]


def _object(part: JsonObject, path: str, translate: _Translate, carried: list[Carried]) -> JsonObject:
    return {
        key: _member(value, f"{path}.{key}" if path else key, key, translate, carried)
        for key, value in part.items()
    }


def _member(
    value: JsonValue, where: str, key: str, translate: _Translate, carried: list[Carried]
) -> JsonValue:
    thing = _PLACES.get(where.lower())
    if thing is not None:
        if isinstance(value, list):
            return [translate(thing, entry, where) for entry in value]
        return translate(thing, value, where) if where.lower().endswith(".id") else value
    if isinstance(value, dict) and not is_metadata(key):
        return _object(value, where, translate, carried)
    carried.extend(_ids_within(value, where, key))
    return value


def _ids_within(value: JsonValue, where: str, key: str) -> Iterator[Carried]:
    """The ids in a part that isn't translated."""
    if is_metadata(key) or where.lower() in _EVERYWHERE:
        return
    if where.lower() == _CONTEXTS:
        why = "authentication contexts are each tenant's own"
        yield from (Carried(where, each, why) for each in _texts(value) if fold(each))
        return
    for text in _texts(value):
        for id in dict.fromkeys(_GUID.findall(text)):
            yield Carried(where, id, "ids in this part are not translated")


def _texts(value: JsonValue) -> Iterator[str]:
    match value:
        case str():
            yield value
        case list():
            for each in value:
                yield from _texts(each)
        case dict():
            for each in value.values():
                yield from _texts(each)
