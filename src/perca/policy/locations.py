"""The locations condition: address ranges, countries, the compliant network, and all trusted places with the MFA trusted IPs.

Source: concept-assignment-network (04/2026), FACTS.md section 2 and 3.3.7. The address is the one that Entra sees: of somebody behind a
proxy it is the proxy's, whatever a header says. A country found by GPS is no fact of the network, nobody tells it, and it is unknown.
A request with the claim of a federated intranet counts as inside the MFA trusted IPs where the tenant trusts that claim.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from perca.model import (
    MFA_TRUSTED_IPS,
    UNKNOWN_COUNTRY,
    CompliantNetworkLocation,
    CountryLookup,
    CountryNamedLocation,
    IpNamedLocation,
    IpRange,
    LocationCondition,
    LocationId,
    LocationScope,
    NamedLocation,
    NotRead,
    OtherNamedLocation,
)
from perca.policy.answer import Answer, No, Unknown, Yes, either, included_but_not_excluded, may_mean
from perca.policy.basis import Basis, Certainty
from perca.policy.coordinates import Coordinate, Network
from perca.policy.directory import View
from perca.policy.unread import unread_places


@dataclass(frozen=True, slots=True)
class Locations:
    """Holds for the places that a policy is about; exclude beats include."""

    condition: LocationCondition
    coordinate: Coordinate = Coordinate.NETWORK
    basis: Basis = Basis(Certainty.OFFICIAL, "concept-assignment-network", "04/2026")

    def holds(self, view: View, value: object) -> Answer:
        """Whether the policy is about this place."""
        assert isinstance(value, Network)
        include = either(_entries(self.condition.include, view, value), "not one of the included places")
        exclude = either(_entries(self.condition.exclude, view, value), "not one of the excluded places")
        answer = included_but_not_excluded(include, exclude)
        return No(answer.because, ("location",)) if isinstance(answer, No) else answer


def _entries(scope: LocationScope, view: View, at: Network) -> Iterator[Answer]:
    if scope.anywhere:
        yield Yes(("any place",))
    if scope.all_trusted:
        yield in_trusted_place(view, at)
    for location in scope.locations:
        yield in_location(view, location, at)
    if scope.unrecognised:
        yield may_mean(scope.unrecognised, "this place")


def in_location(view: View, location: LocationId, at: Network) -> Answer:
    """Whether the request comes from the named location."""
    if location == MFA_TRUSTED_IPS and location not in view.tenant.named_locations:
        return in_mfa_trusted_ips(view, at)
    named = view.tenant.named_locations.get(location)
    if named is None:
        return Unknown((f"named location `{location}` is not in the data",))
    return _within(named, view, at)


def in_trusted_place(view: View, at: Network) -> Answer:
    """`AllTrusted`: a named location marked trusted, or the MFA trusted IPs."""
    answers: list[Answer] = [in_mfa_trusted_ips(view, at)]
    for place in view.tenant.named_locations.values():
        trusted = is_trusted(place)
        if trusted is not False:
            within = _within(place, view, at)
            if trusted is None and isinstance(within, Yes):
                within = Unknown((f"whether `{place.display_name}` is trusted is not known",))
            answers.append(within)
    answers += [Unknown((why,)) for why in unread_places(view.tenant)]
    return either(answers, "not a trusted place")


def is_trusted(place: NamedLocation) -> bool | None:
    """Whether the place is marked trusted, which countries can't be; None where nobody knows."""
    match place:
        case IpNamedLocation(is_trusted=trusted) | CompliantNetworkLocation(is_trusted=trusted):
            return trusted
        case CountryNamedLocation(unrecognised=()):
            return False
    return None


def in_mfa_trusted_ips(view: View, at: Network) -> Answer:
    """Whether the request counts as inside the trusted IPs of the per-user MFA service settings."""
    settings = view.tenant.mfa_settings
    answers: list[Answer] = []
    if isinstance(settings.trusted_ips, NotRead):
        answers.append(Unknown((settings.trusted_ips.why,)))
    elif settings.trusted_ips:
        answers.append(_in_ranges(settings.trusted_ips, "MFA trusted IPs", view, at))
    answers.append(_on_intranet(settings.trust_federated_intranet, at))
    return either(answers, "not in the MFA trusted IPs")


def _on_intranet(trusted: bool | NotRead, at: Network) -> Answer:
    """Only a claim in the token shows it; where the tenant doesn't trust the claim, it means nothing."""
    if trusted is False or at.inside_corpnet is False:
        return No(("not on a trusted federated intranet",))
    if isinstance(trusted, NotRead):
        return Unknown((trusted.why,))
    if at.inside_corpnet is None:
        return Unknown(("whether the request carries the federated intranet claim",))
    return Yes(("with the federated intranet claim",))


def _within(place: NamedLocation, view: View, at: Network) -> Answer:
    answers: list[Answer] = []
    match place:
        case IpNamedLocation():
            answers += [_in_ranges(place.ranges, place.display_name, view, at)] if place.ranges else []
        case CountryNamedLocation():
            answers.append(_in_countries(place, at))
        case CompliantNetworkLocation():
            answers.append(_on_compliant_network(place, at))
        case OtherNamedLocation():
            return Unknown((f"named location `{place.display_name}` is of a kind that is not modelled",))
    unclear = tuple(f"{part.where} {part.value} of `{place.display_name}`" for part in place.unrecognised)
    return either([*answers, *([Unknown(unclear)] if unclear else [])], f"not in `{place.display_name}`")


def _in_ranges(ranges: tuple[IpRange, ...], name: str, view: View, at: Network) -> Answer:
    if at.address is None:
        return Unknown(("the address of the sign-in is not known",))
    if view.addresses(ranges).holds(at.address):
        return Yes((f"in `{name}`",))
    return No((f"not in `{name}`",))


def _in_countries(place: CountryNamedLocation, at: Network) -> Answer:
    name = place.display_name
    if not place.countries and place.include_unknown is False:
        return No((f"not in `{name}`",))
    if place.lookup is CountryLookup.GPS:
        return Unknown((f"the GPS position of the sign-in, by which `{name}` finds countries",))
    if place.lookup is None:
        return Unknown((f"how `{name}` finds the country of a sign-in is not known",))
    if at.country is None:
        return Unknown(("the country of the sign-in is not known",))
    if at.country in place.countries:
        return Yes((f"country {at.country.upper()} is in `{name}`",))
    if at.country == UNKNOWN_COUNTRY and place.include_unknown is not False:
        if place.include_unknown is None:
            return Unknown((f"whether `{name}` holds addresses of unknown countries",))
        return Yes((f"the country is unknown, which is in `{name}`",))
    return No((f"not in `{name}`",))


def _on_compliant_network(place: CompliantNetworkLocation, at: Network) -> Answer:
    if at.compliant is None:
        return Unknown(("whether the request comes through the compliant network is not known",))
    if at.compliant:
        return Yes((f"in `{place.display_name}`",))
    return No((f"not in `{place.display_name}`",))
