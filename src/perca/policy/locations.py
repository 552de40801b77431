"""The locations condition: named locations made of address ranges, and all trusted ones with the MFA trusted IPs.

Source: concept-assignment-network (04/2026), FACTS.md section 2 and 3.3.7. Country and other locations come with the whole
specification; until then any address may lie in them. A tenant that trusts the federated intranet treats some requests as
trusted by a claim that no address shows.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from perca.model import (
    MFA_TRUSTED_IPS,
    IpNamedLocation,
    LocationCondition,
    LocationId,
    LocationScope,
    NamedLocation,
    NotRead,
)
from perca.model.places import IpRange
from perca.policy.answer import Answer, No, Unknown, Yes, either, included_but_not_excluded
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
        """Whether the policy is about this address; a value of None is an address that we don't know."""
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
    for entry in scope.unrecognised:
        yield Unknown((f"{entry.where} `{entry.value}` may or may not mean this place",))


def in_location(view: View, location: LocationId, at: Network) -> Answer:
    """Whether the address lies in the named location."""
    if location == MFA_TRUSTED_IPS and location not in view.tenant.named_locations:
        return in_mfa_trusted_ips(view, at)
    named = view.tenant.named_locations.get(location)
    if named is None:
        return Unknown((f"named location `{location}` is not in the data",))
    return _within(named, at)


def in_trusted_place(view: View, at: Network) -> Answer:
    """`AllTrusted`: a named location marked trusted, or the MFA trusted IPs."""
    trusted = [place for place in view.tenant.named_locations.values() if _may_be_trusted(place)]
    answers: list[Answer] = [in_mfa_trusted_ips(view, at)]
    for place in trusted:
        within = _within(place, at)
        if isinstance(place, IpNamedLocation) and place.is_trusted is None and isinstance(within, Yes):
            within = Unknown((f"whether `{place.display_name}` is trusted is not known",))
        answers.append(within)
    answers += [Unknown((why,)) for why in unread_places(view.tenant)]
    return either(answers, "not a trusted place")


def in_mfa_trusted_ips(view: View, at: Network) -> Answer:
    """Whether the request counts as inside the trusted IPs of the per-user MFA service settings."""
    settings = view.tenant.mfa_settings
    answers: list[Answer] = []
    if isinstance(settings.trusted_ips, NotRead):
        answers.append(Unknown((settings.trusted_ips.why,)))
    elif settings.trusted_ips:
        answers.append(_in_ranges(settings.trusted_ips, "MFA trusted IPs", at))
    if isinstance(settings.trust_federated_intranet, NotRead):
        answers.append(Unknown((settings.trust_federated_intranet.why,)))
    elif settings.trust_federated_intranet:
        answers.append(Unknown(("whether the request carries the federated intranet claim",)))
    return either(answers, "not in the MFA trusted IPs")


def _may_be_trusted(place: NamedLocation) -> bool:
    return isinstance(place, IpNamedLocation) and place.is_trusted is not False


def _within(place: NamedLocation, at: Network) -> Answer:
    if not isinstance(place, IpNamedLocation):
        return Unknown((f"named location `{place.display_name}` is of a kind that is not modelled",))
    answers = [_in_ranges(place.ranges, place.display_name, at)] if place.ranges else []
    unclear = tuple(f"range {entry.value} of `{place.display_name}`" for entry in place.unrecognised)
    return either([*answers, *([Unknown(unclear)] if unclear else [])], f"not in `{place.display_name}`")


def _in_ranges(ranges: tuple[IpRange, ...], name: str, at: Network) -> Answer:
    if at.address is None:
        return Unknown(("the address of the sign-in is not known",))
    if any(each.holds(at.address) for each in ranges):
        return Yes((f"in `{name}`",))
    return No((f"not in `{name}`",))
