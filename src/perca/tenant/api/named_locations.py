"""Named locations: ranges of addresses, countries, and the compliant network.

Source: FACTS.md 3.2 and 14.1; compliantNetworkNamedLocation (06/2024). A trusted location can't be deleted, nor, by a choice of ours,
one that a policy names: the sign-in service could then no longer tell what that policy means. Graph makes the location of the
compliant network by itself when its signals are switched on, and never deletes it; here posting it stands for the switch.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Mapping

from perca.model import CountryLookup, fold
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
IP, COUNTRY, COMPLIANT = (
    f"#microsoft.graph.{kind}NamedLocation" for kind in ("ip", "country", "compliantNetwork")
)
LOOKUPS = tuple(each.value for each in CountryLookup)
_RANGES = {"#microsoft.graph.iPv4CidrRange": 4, "#microsoft.graph.iPv6CidrRange": 6}


def create_location(host: Host, ask: Ask, _: Mapping[str, str]) -> Answer:
    """Stores a new named location."""
    sent = ask.object()
    with host.store.writing() as now:
        if now.count("namedLocations") >= MAX_LOCATIONS:
            raise malformed(f"The tenant has reached the maximum of {MAX_LOCATIONS} named locations.")
        if sent.get("@odata.type") == COMPLIANT and any(map(_is_compliant, now.all("namedLocations"))):
            raise malformed("The tenant has its compliant network already.")
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
    check = _CHECKS.get(kind) if isinstance(kind, str) else None
    if check is None:
        raise malformed(f"A named location needs an @odata.type: one of {', '.join(_CHECKS)}.")
    return {"@odata.type": kind, "displayName": name, **check(sent)}


def _ranges(sent: Json) -> Json:
    ranges = sent.get("ipRanges")
    if not isinstance(ranges, list) or not ranges:
        raise malformed("An IP named location needs ipRanges.")
    if len(ranges) > MAX_RANGES:
        raise malformed(f"A named location holds at most {MAX_RANGES} ranges.")
    return {"isTrusted": _flag(sent, "isTrusted"), "ipRanges": [_range(r) for r in ranges]}


def _countries(sent: Json) -> Json:
    codes = sent.get("countriesAndRegions")
    if not isinstance(codes, list) or not codes or not all(map(_is_code, codes)):
        raise malformed("A country named location needs countriesAndRegions of two letters each.")
    lookup = sent.get("countryLookupMethod")
    lookup = LOOKUPS[0] if lookup is None else lookup
    if lookup not in LOOKUPS:
        raise malformed(f"countryLookupMethod is one of {', '.join(LOOKUPS)}.")
    return {
        "countriesAndRegions": codes,
        "includeUnknownCountriesAndRegions": _flag(sent, "includeUnknownCountriesAndRegions"),
        "countryLookupMethod": lookup,
    }


def _compliant_network(sent: Json) -> Json:
    whole = "allTenantCompliantNetworks"
    if sent.get("compliantNetworkType", whole) != whole:
        raise malformed(f"compliantNetworkType is {whole}.")
    return {"isTrusted": _flag(sent, "isTrusted"), "compliantNetworkType": whole}


_CHECKS: dict[str, Callable[[Json], Json]] = {IP: _ranges, COUNTRY: _countries, COMPLIANT: _compliant_network}


def _is_code(code: object) -> bool:
    return isinstance(code, str) and len(code) == 2 and code.isascii() and code.isalpha()


def _flag(sent: Json, name: str) -> bool:
    value = sent.get(name)
    if value is not None and not isinstance(value, bool):
        raise malformed(f"{name} is true or false.")
    return bool(value)


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
        if _is_compliant(location):
            raise malformed("The location of the compliant network can't be deleted.")
        if any(location["id"] in _named_locations(policy) for policy in now.all("policies")):
            raise malformed("The named location is used by a Conditional Access policy.")
        now.remove("namedLocations", location["id"])
    return NO_CONTENT


def _is_compliant(location: Json) -> bool:
    return bool(location["@odata.type"] == COMPLIANT)


def _named_locations(policy: Json) -> list[str]:
    locations = policy["conditions"].get("locations") or {}
    return [fold(id) for side in ("includeLocations", "excludeLocations") for id in locations.get(side) or ()]


ROUTES = (
    *LOCATIONS.routes(),
    Route("POST", LOCATIONS.path, create_location),
    Route("PATCH", f"{LOCATIONS.path}/{{id}}", change_location),
    Route("DELETE", f"{LOCATIONS.path}/{{id}}", delete_location),
)
