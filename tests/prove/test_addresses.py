"""Addresses are counted one by one, both versions, whatever ranges are written, and however they overlap."""

import pytest

from perca.model import IpRange, LocationCondition, LocationScope, MfaSettings, PerUserState
from perca.prove import always_mfa, never_weaker
from perca.space import universe_of
from support.small import OFFICE, at, place, policy, tenant, with_state

ANYWHERE = LocationScope(anywhere=True)
ALL = 2**32 + 2**128


@pytest.mark.parametrize(
    ("ranges", "inside"),
    [
        ((), 0),
        (("198.51.100.77/24",), 256),
        (("2001:db8::1/64",), 2**64),
        (("198.51.100.77/24", "2001:db8::1/64"), 256 + 2**64),
        (("198.51.100.0/24", "198.51.100.128/25", "198.51.100.9/32"), 256),
        (("198.51.100.0/25", "198.51.100.128/25"), 256),
        (("0.0.0.0/32", "255.255.255.255/32"), 2),
        (("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/128", "::/128"), 2),
        (("0.0.0.0/0",), 2**32),
        (("0.0.0.0/0", "::/0"), ALL),
    ],
)
def test_a_place_that_is_excluded_is_missing_by_exactly_its_addresses(
    ranges: tuple[str, ...], inside: int
) -> None:
    condition = LocationCondition(ANYWHERE, LocationScope(locations=(OFFICE,)))
    asked = tenant(policy(locations=condition), named_locations=at(place(OFFICE, *ranges)))
    proof = always_mfa(asked)
    others = proof.combinations // ALL
    assert (proof.failing, proof.unassessed) == (inside * others, 0)
    for witness in proof.witnesses:
        assert any(IpRange(text).holds(witness.sign_in.address) for text in ranges)


def test_the_trusted_ips_cut_addresses_as_well() -> None:
    settings = MfaSettings((IpRange("198.51.100.7/30"),), False)
    before = with_state(PerUserState.ENFORCED)
    after = with_state(PerUserState.ENFORCED, mfa_settings=settings)
    proof = never_weaker(before, after)
    each = len(universe_of(after).applications) * 16 * 4
    assert proof.failing == 56 * each, "modern clients are let off"
    assert proof.unassessed == 14 * each, "legacy ones perhaps"
