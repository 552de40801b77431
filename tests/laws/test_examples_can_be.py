"""The example of a region is a sign-in that can be, as far as docs/semantics.md promises: random tenants, judged by Microsoft's pages."""

from __future__ import annotations

from perca.model import UNREGISTERED, ClientApp, Device
from perca.policy import Channel, Coordinate, Target
from perca.prove import Budget, Verdict, about_always_mfa
from perca.prove.regions import Region, regions
from perca.space import universe_of
from support.many import many
from support.possible import EXCHANGE, impossible
from support.whole_cases import case

LIMITS = {
    "the intranet's claim comes with a federated sign-in",
    "an address that is nobody's is in no country",
}
"""What an example may be for want of a coordinate that says it."""


def excused(region: Region[Verdict]) -> set[str]:
    """What no sign-in of the region is free of, beside the limits."""
    found = set(LIMITS)
    devices = region.sides[Coordinate.DEVICE].values
    if not any(isinstance(each, Device) and each.trust_type == UNREGISTERED for each in devices):
        found |= {"a legacy client shows no device", "a device can't be shown to a device code"}
    channels, targets = (region.sides[each].values for each in (Coordinate.CHANNEL, Coordinate.TARGET))
    active_sync = all(isinstance(each, Channel) and each.client is ClientApp.ACTIVE_SYNC for each in channels)
    if active_sync and not any(isinstance(each, Target) and each.app == EXCHANGE for each in targets):
        found.add("Exchange ActiveSync reaches Exchange alone")
    return found


@many(60, 20)
def test_an_example_can_be(numbers: range) -> None:
    clean = 0
    for number in numbers:
        tenant = case(number)[0]
        asked = about_always_mfa(tenant, universe_of(tenant), Budget(20_000, memory=100_000_000))
        for region in regions(asked, (Verdict.FAILS, Verdict.UNKNOWN), 5).regions:
            wrong = set(impossible(tenant, region.witness.sign_in))
            assert wrong <= excused(region)
            clean += not wrong
    assert clean > 20
