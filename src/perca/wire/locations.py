"""Where a policy acts: Graph's conditionalAccessLocations to and from the model."""

from __future__ import annotations

from perca.model import LocationCondition, LocationId, LocationScope, fold
from perca.wire.kept import Spelling
from perca.wire.members import left_at, left_besides, names, take_entries, take_keyword, unread
from perca.wire.sides import Unclear, empty, write
from perca.wire.values import JsonObject, says_nothing

LOCATIONS = names("includeLocations excludeLocations")


def take_locations(conditions: JsonObject, ids: Spelling) -> LocationCondition | None:
    """The locations condition; None where the policy says nothing of places."""
    places, path = conditions.get("locations"), "conditions.locations"
    if says_nothing(places):
        return None
    if not isinstance(places, dict):
        return LocationCondition(LocationScope(unrecognised=(unread(conditions, "locations", path),)))
    either = left_besides(places, LOCATIONS, path)
    include = _location_scope(places, "include", ids, either)
    if include == LocationScope():
        include = LocationScope(unrecognised=empty(f"{path}.includeLocations"))
    return LocationCondition(include, _location_scope(places, "exclude", ids, either))


def _location_scope(places: JsonObject, side: str, ids: Spelling, either: Unclear) -> LocationScope:
    name = f"{side}Locations"
    anywhere = side == "include" and take_keyword(places, name, "All")
    trusted = take_keyword(places, name, "AllTrusted")
    named = take_entries(places, name, lambda text: None if fold(text) == "all" else ids.read(text))
    left = left_at(places, name, "conditions.locations")
    return LocationScope(anywhere, trusted, tuple(map(LocationId, named)), (*left, *either))


def locations_json(condition: LocationCondition, ids: Spelling) -> JsonObject:
    """What `take_locations` took."""
    written: JsonObject = {}
    for side, scope in (("include", condition.include), ("exclude", condition.exclude)):
        words = [*["All"] * scope.anywhere, *["AllTrusted"] * scope.all_trusted]
        write(written, f"{side}Locations", [*words, *map(ids.write, scope.locations)])
    return written
