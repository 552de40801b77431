"""Whether a changed policy covers a region: held against always_mfa and decide; and whether it asks for no less by itself."""

from dataclasses import replace

from perca.model import (
    ClientApp,
    ClientAppCondition,
    LocationCondition,
    LocationScope,
    Platform,
    PlatformCondition,
    PolicyId,
    Tenant,
    UserCondition,
)
from perca.prove import Verdict, about_always_mfa, always_mfa
from perca.prove.regions import regions
from perca.prove.within import asks_no_less, covers_region
from perca.space import universe_of
from support.small import ADA, BEN, BRANCH, EVERYONE, OFFICE, at, people, place, policy, tenant

PLACES = at(place(OFFICE, "198.51.100.0/24"), place(BRANCH, "198.51.100.0/26"))
OUT = PlatformCondition(frozenset({Platform.ALL}), frozenset({Platform.ANDROID, Platform.IOS}))


def outside(*locations: str) -> LocationCondition:
    return LocationCondition(LocationScope(anywhere=True), LocationScope(locations=locations))  # type: ignore[arg-type]


def covered(before: Tenant, after: Tenant, id: str = "p") -> bool:
    """Whether the policy covers all gaps of the tenant before; told the same by asking about the tenant after."""
    over = universe_of(before, people=before.users)
    asked = about_always_mfa(before, over)
    found = regions(asked, (Verdict.FAILS,)).regions
    assert found
    told = all(covers_region(asked, region, after, PolicyId(id)) for region in found)
    assert told is always_mfa(after, before.users).holds
    return told


def test_an_exclusion_dropped_wholly_and_by_half() -> None:
    before = tenant(policy(platforms=OUT))
    assert covered(before, tenant(policy()))
    half = replace(OUT, exclude=frozenset({Platform.IOS}))
    assert not covered(before, tenant(policy(platforms=half)))


def test_a_place_within_a_place_that_stays_excluded() -> None:
    before = tenant(policy(locations=outside(OFFICE)), named_locations=PLACES)
    assert not covered(before, replace(before, policies=(policy(locations=outside(BRANCH)),)))
    assert covered(before, replace(before, policies=(policy(locations=outside()),)))


def test_people_and_clients() -> None:
    before = tenant(policy(users=UserCondition(EVERYONE, people(ADA, BEN))))
    assert not covered(before, tenant(policy(users=UserCondition(EVERYONE, people(ADA)))))
    browsers = ClientAppCondition(frozenset({ClientApp.BROWSER}))
    assert not covered(before, tenant(*before.policies, policy("q", client_apps=browsers)), "q")
    assert covered(before, tenant(*before.policies, policy("q", users=UserCondition(people(ADA, BEN)))), "q")


def test_a_policy_alone_asks_for_no_less() -> None:
    one, other = tenant(policy(platforms=OUT)), tenant(policy())
    over = universe_of(one)
    assert asks_no_less(one, other, PolicyId("p"), over)
    assert not asks_no_less(other, one, PolicyId("p"), over)
