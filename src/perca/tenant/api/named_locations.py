"""Named locations: ranges of addresses, and countries.

Source: FACTS.md 3.2 and 14.1. A trusted location can't be deleted, nor, by a choice of ours, one that a policy names: the
sign-in service could then no longer tell what that policy means.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping

from perca.model import fold
from perca.tenant.api import shapes
from perca.tenant.api.collections import Collection, dated, held
from perca.tenant.api.exchange import NO_CONTENT, Answer, Ask, Route, answer_with
from perca.tenant.api.host import Host
from perca.tenant.errors import malformed
from perca.tenant.json import Json
from perca.tenant.time import written

LOCATIONS = Collection(
    "namedLocations",
    "/identity/conditionalAccess/namedLocations",
    "identity/conditionalAccess/namedLocations",
    shapes.LOCATION,
    shapes.LOCATION_FILTER,
)
MAX_LOCATIONS = 195
MAX_RANGES = 2000
IP, COUNTRY = "#microsoft.graph.ipNamedLocation", "#microsoft.graph.countryNamedLocation"
_RANGES = {"#microsoft.graph.iPv4CidrRange": 4, "#microsoft.graph.iPv6CidrRange": 6}


def create_location(host: Host, ask: Ask, _: Mapping[str, str]) -> Answer:
    """Stores a new named location."""
    sent = ask.object()
    with host.store.writing() as now:
        if now.count("namedLocations") >= MAX_LOCATIONS:
            raise malformed(f"The tenant has reached the maximum of {MAX_LOCATIONS} named locations.")
        location = dated(now.guid(), written(now.now), checked_location(sent))
        now.put("namedLocations", location["id"], location, location["displayName"])
    context = ask.context(f"{LOCATIONS.context}/$entity")
    return answer_with({"@odata.context": context, **location}, 201)


def checked_location(sent: Json) -> Json:
    """The named location as it is stored. GraphError 400 when it is none."""
    kind = sent.get("@odata.type")
    name = sent.get("displayName")
    if not isinstance(name, str) or not name.strip() or len(name) > 256:
        raise malformed("A named location needs a displayName of at most 256 characters.")
    match kind:
        case "#microsoft.graph.ipNamedLocation":
            trusted = sent.get("isTrusted", False)
            ranges = sent.get("ipRanges")
            if not isinstance(trusted, bool) or not isinstance(ranges, list) or not ranges:
                raise malformed("An IP named location needs isTrusted and ipRanges.")
            if len(ranges) > MAX_RANGES:
                raise malformed(f"A named location holds at most {MAX_RANGES} ranges.")
            return {
                "@odata.type": IP,
                "displayName": name,
                "isTrusted": trusted,
                "ipRanges": [_range(r) for r in ranges],
            }
        case "#microsoft.graph.countryNamedLocation":
            countries = sent.get("countriesAndRegions")
            if not isinstance(countries, list) or not all(
                isinstance(c, str) and len(c) == 2 for c in countries
            ):
                raise malformed("A country named location needs countriesAndRegions of two letters each.")
            return {
                "@odata.type": COUNTRY,
                "displayName": name,
                "countriesAndRegions": countries,
                "includeUnknownCountriesAndRegions": bool(
                    sent.get("includeUnknownCountriesAndRegions", False)
                ),
                "countryLookupMethod": sent.get("countryLookupMethod", "clientIpAddress"),
            }
    raise malformed("A named location needs an @odata.type of ipNamedLocation or countryNamedLocation.")


def _range(sent: object) -> Json:
    """A range longer than /8, as Graph takes it (FACTS.md 14.1)."""
    kind = sent.get("@odata.type") if isinstance(sent, dict) else None
    text = sent.get("cidrAddress") if isinstance(sent, dict) else None
    if not isinstance(text, str) or not isinstance(kind, str) or kind not in _RANGES:
        raise malformed("A range needs an @odata.type and a cidrAddress.")
    try:
        network = ipaddress.ip_network(text, strict=False)
    except ValueError as error:
        raise malformed(f"`{text}` is not a range in CIDR notation.") from error
    if "/" not in text or network.version != _RANGES[kind] or network.prefixlen <= 8:
        raise malformed(f"`{text}` is not a range that a named location can hold.")
    return {"@odata.type": kind, "cidrAddress": text}


def change_location(host: Host, ask: Ask, values: Mapping[str, str]) -> Answer:
    """Changes a named location."""
    sent = ask.object()
    with host.store.writing() as now:
        location = held(now, "namedLocations", values["id"])
        if sent.get("@odata.type", location["@odata.type"]) != location["@odata.type"]:
            raise malformed("The kind of a named location can't be changed.")
        checked = checked_location({**location, **sent})
        fixed = {name: location.get(name) for name in ("id", "createdDateTime", "deletedDateTime")}
        changed = {**fixed, "modifiedDateTime": written(now.now), **checked}
        now.put("namedLocations", location["id"], changed, changed["displayName"])
    return NO_CONTENT


def delete_location(host: Host, ask: Ask, values: Mapping[str, str]) -> Answer:
    """Deletes a named location, unless it is trusted or a policy names it (the second refusal is our choice)."""
    with host.store.writing() as now:
        location = held(now, "namedLocations", values["id"])
        if location.get("isTrusted"):
            raise malformed("A trusted named location can't be deleted; set isTrusted to false first.")
        if any(location["id"] in _named_locations(policy) for policy in now.all("policies")):
            raise malformed("The named location is used by a Conditional Access policy.")
        now.remove("namedLocations", location["id"])
    return NO_CONTENT


def _named_locations(policy: Json) -> list[str]:
    locations = policy["conditions"].get("locations") or {}
    return [fold(id) for side in ("includeLocations", "excludeLocations") for id in locations.get(side) or ()]


ROUTES = (
    *LOCATIONS.routes(),
    Route("POST", LOCATIONS.path, create_location),
    Route("PATCH", f"{LOCATIONS.path}/{{id}}", change_location),
    Route("DELETE", f"{LOCATIONS.path}/{{id}}", delete_location),
)
