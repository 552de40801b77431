"""From where: ranges of addresses, countries, the compliant network, and the MFA trusted IPs (FACTS 2, 3.2, 3.3.4 and 3.3.7)."""

from __future__ import annotations

from typing import Any

from independent import words
from independent.sign_in import NO, NO_COUNTRY, YES, Bool, SignIn, Snapshot, both, either, opposite, sure


class Places:
    """The places of one tenant."""

    def __init__(self, sign_in: SignIn, snapshot: Snapshot) -> None:
        self.sign_in = sign_in
        self.places = {place["id"]: place for place in snapshot["namedLocations"]}
        self.settings = snapshot["mfaSettings"]

    def are_meant(self, locations: dict[str, Any] | None) -> Bool:
        """Whether the request comes from an included place, and from no excluded one."""
        if not locations:
            return YES
        return both(
            either(map(self._is_in, locations["includeLocations"])),
            opposite(either(map(self._is_in, locations.get("excludeLocations") or ()))),
        )

    def _is_in(self, entry: str) -> Bool:
        if entry == "All":
            return YES
        if entry == "AllTrusted":
            named = (both(self._is_trusted(place), self._is_at(place)) for place in self.places.values())
            return either([self.are_trusted_ips(), *named])
        if entry == words.MFA_TRUSTED_IPS:
            return self.are_trusted_ips()
        return self._is_at(self.places[entry])

    def are_trusted_ips(self) -> Bool:
        """Whether per-user MFA doesn't ask there: inside the ranges, or with the claim of a federated intranet that is trusted."""
        ranges = self.settings.get("trustedIps")
        inside = (
            self.sign_in.fact("the address is an MFA trusted IP")
            if ranges is None
            else either(map(self.sign_in.is_within, ranges))
        )
        if not self.settings["trustFederatedIntranet"]:
            return inside
        return either([inside, self.sign_in.inside_corpnet])

    def _is_trusted(self, place: dict[str, Any]) -> Bool:
        if place["@odata.type"] == "#microsoft.graph.countryNamedLocation":
            return NO
        if place.get("isTrusted") is None:
            return self.sign_in.fact(f"{place['id']} is trusted")
        return sure(place["isTrusted"])

    def _is_at(self, place: dict[str, Any]) -> Bool:
        match place["@odata.type"]:
            case "#microsoft.graph.ipNamedLocation":
                return either(self.sign_in.is_within(each["cidrAddress"]) for each in place["ipRanges"])
            case "#microsoft.graph.countryNamedLocation":
                if place["countryLookupMethod"] == "authenticatorAppGps":
                    return self.sign_in.fact(f"the phone is in {place['id']}")
                unknown = [NO_COUNTRY] if place["includeUnknownCountriesAndRegions"] else []
                return self.sign_in.country.is_one_of([*place["countriesAndRegions"], *unknown])
            case "#microsoft.graph.compliantNetworkNamedLocation":
                return self.sign_in.compliant_network
        raise ValueError(place["@odata.type"])
