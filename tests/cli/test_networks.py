"""Networks in words: as few as are true, whatever addresses, countries and claims a region holds; and the same for scripts."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from perca.cli import networks, words
from perca.model import (
    NATIVE,
    UNKNOWN_COUNTRY,
    BuiltIn,
    CompliantNetworkLocation,
    ConditionalAccessPolicy,
    CountryLookup,
    CountryNamedLocation,
    IpRange,
    LocationCondition,
    LocationId,
    LocationScope,
    MfaSettings,
    NamedLocation,
    Scopes,
    Tenant,
)
from perca.policy import Coordinate, Target
from perca.prove import Verdict, about_always_mfa
from perca.prove.regions import Side, regions
from perca.space import universe_of
from support.small import ADA, BRANCH, ELSEWHERE, MAIL, OFFICE, grant, place, policy, sign_in, tenant

ANYWHERE, TRUSTED = LocationScope(anywhere=True), LocationScope(all_trusted=True)
NET = LocationId("net")
HERE = place(OFFICE, "198.51.100.0/24")
THERE = place(BRANCH, "203.0.113.0/25", "2001:db8::/32", trusted=True)


def home(*countries: str, unknown: bool = False) -> CountryNamedLocation:
    return CountryNamedLocation(
        LocationId("home"), "Home", frozenset(countries), unknown, CountryLookup.CLIENT_ADDRESS
    )


def named(*places: NamedLocation) -> LocationScope:
    return LocationScope(locations=tuple(each.id for each in places))


def asked(include: LocationScope, exclude: LocationScope, *places: NamedLocation, **more: Any) -> Tenant:
    """MFA is asked for at the included places, but for the excluded ones."""
    about = policy(locations=LocationCondition(include, exclude))
    return tenant(about, named_locations={each.id: each for each in places}, **more)


def gap(tenant: Tenant) -> Side:
    """From where nothing asks Ada for MFA."""
    over = replace(
        universe_of(tenant, people=[ADA]), targets=(Target(MAIL, scopes=Scopes.MORE, requester=NATIVE),)
    )
    (region,) = regions(about_always_mfa(tenant, over), (Verdict.FAILS,)).regions
    return region.sides[Coordinate.NETWORK]


def said(tenant: Tenant) -> str:
    return networks.sentence(tenant, gap(tenant))


NOWHERE = LocationScope()


@pytest.mark.parametrize(
    ("include", "exclude", "places", "expected"),
    [
        (ANYWHERE, named(HERE), [HERE], "inside `Office`"),
        (named(HERE), NOWHERE, [HERE], "outside `Office`"),
        (ANYWHERE, TRUSTED, [HERE, THERE], "inside `Branch`"),
        (ANYWHERE, named(HERE, THERE), [HERE, THERE], "from 7.92 × 10²⁸ addresses such as 198.51.100.0"),
        (ANYWHERE, TRUSTED, [replace(HERE, is_trusted=True), THERE], "inside the trusted places"),
        (ANYWHERE, named(home("no")), [home("no")], "from NO"),
        (ANYWHERE, named(home("no", "se")), [home("no", "se")], "from NO or SE"),
        (ANYWHERE, named(home("no", unknown=True)), [home("no", unknown=True)], "from NO or an unknown country"),
        (ANYWHERE, named(home(unknown=True)), [home(unknown=True)], "from an unknown country"),
        (named(home("de")), NOWHERE, [home("de")], "from any country but DE"),
        (named(home("de", unknown=True)), NOWHERE, [home("de", unknown=True)], "from any known country but DE"),
        (named(home(unknown=True)), NOWHERE, [home(unknown=True)], "from any known country"),
        (named(home(*"ab ac ad ae af ag".split())), NOWHERE, [home(*"ab ac ad ae af ag".split())],
         "from any country but AB, AC, AD, AE, AF and 1 more"),
        (named(home("no")), named(THERE), [home("no"), THERE], "inside `Branch` or from any country but NO"),
        (ANYWHERE, named(CompliantNetworkLocation(NET, "Net", False)),
         [CompliantNetworkLocation(NET, "Net", False)], "through the compliant network"),
        (named(CompliantNetworkLocation(NET, "Net", False)), NOWHERE,
         [CompliantNetworkLocation(NET, "Net", False)], "outside the compliant network"),
    ],
)  # fmt: skip
def test_a_region_says_from_where(
    include: LocationScope, exclude: LocationScope, places: list[NamedLocation], expected: str
) -> None:
    assert said(asked(include, exclude, *places)) == expected


def test_the_intranet_counts_as_inside() -> None:
    trusting = MfaSettings((IpRange("198.51.100.0/28"),), True)
    everywhere = asked(ANYWHERE, TRUSTED, mfa_settings=trusting)
    assert said(everywhere) == "inside the MFA trusted IPs or with the federated intranet's claim"
    only_the_claim = asked(ANYWHERE, TRUSTED, mfa_settings=MfaSettings((), True))
    assert said(only_the_claim) == "with the federated intranet's claim"


def covering(
    id: str, include: LocationScope, exclude: LocationScope, block: bool = False
) -> ConditionalAccessPolicy:
    more = {"grant": grant(BuiltIn.BLOCK)} if block else {}
    return policy(id, locations=LocationCondition(include, exclude), **more)


def test_several_facets_are_told_one_after_the_other() -> None:
    """Outside the office MFA is asked for, and abroad everybody is blocked: what is left is the office at home."""
    lands = home("no")
    both = (
        covering("outside", ANYWHERE, named(HERE)),
        covering("abroad", ANYWHERE, named(lands), block=True),
    )
    held = tenant(*both, named_locations={each.id: each for each in (HERE, lands)})
    assert said(held) == "inside `Office`, from NO"
    assert dict(networks.conditions(gap(held))) == {
        "ipAddresses": {"count": "256", "startingAt": ["198.51.100.0"]},
        "countries": ["NO"],
    }


def test_what_is_no_product_is_told_by_its_number_and_its_areas() -> None:
    """At home the office is left out, elsewhere the branch."""
    lands = home("no")
    at_home = covering("home", named(lands), named(HERE))
    abroad = policy("abroad", locations=LocationCondition(ANYWHERE, named(lands, THERE)))
    held = tenant(at_home, abroad, named_locations={each.id: each for each in (HERE, THERE, lands)})
    side = gap(held)
    assert networks.sentence(held, side).startswith("from 6.33 × 10²⁹ networks such as ")
    ((name, areas),) = networks.conditions(side)
    assert name == "networks"
    assert {tuple(area["countries"]): area["ipAddresses"]["startingAt"] for area in areas} == {
        ("NO",): ["198.51.100.0"],
        ("ZZ", UNKNOWN_COUNTRY): ["203.0.113.0", "2001:db8::"],
    }


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({}, "from 203.0.113.9"),
        ({"country": "no"}, "from 203.0.113.9 in NO"),
        ({"country": UNKNOWN_COUNTRY}, "from 203.0.113.9"),
        ({"inside_corpnet": True}, "from 203.0.113.9 with the federated intranet's claim"),
        ({"compliant_network": True}, "from 203.0.113.9 through the compliant network"),
        ({"address": None, "country": "no"}, "from an unknown place in NO"),
    ],
)
def test_a_sign_in_says_from_where(more: dict[str, Any], expected: str) -> None:
    assert words.where(sign_in(**{"address": ELSEWHERE, "country": None} | more)) == expected
