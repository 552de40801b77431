"""Questions about policies with device filters: no gap that no device can stand in, and every gap that one can."""

from perca.model import BuiltIn, Filter, FilterMode, Tenant, UserCondition
from perca.prove import always_mfa, never_weaker
from perca.prove.coverage import Coverage, coverage
from perca.wire.filters import DEVICE_PROPERTIES, read_rule
from support.small import ADA, EVERYONE, grant, people, policy, tenant

EITHER = 'device.isCompliant -eq True -or device.trustType -eq "ServerAD"'
NEITHER = 'device.isCompliant -ne True -and device.trustType -ne "ServerAD"'


def on(rule: str, mode: FilterMode = FilterMode.INCLUDE) -> Filter:
    return Filter(mode, rule, read_rule(rule, DEVICE_PROPERTIES))


def with_filters(*filters: Filter) -> Tenant:
    return tenant(*(policy(f"p{n}", device=each) for n, each in enumerate(filters)))


def test_a_filter_and_its_complement_leave_no_gap() -> None:
    assert always_mfa(with_filters(on(EITHER), on(NEITHER)), [ADA]).holds is True
    assert always_mfa(with_filters(on(EITHER), on(EITHER, FilterMode.EXCLUDE)), [ADA]).holds is True
    assert always_mfa(with_filters(on(NEITHER), on(f"not ({NEITHER})")), [ADA]).holds is True


def test_values_that_exclude_each_other_leave_no_gap() -> None:
    systems = [f'device.operatingSystem -eq "{each}"' for each in ("Windows", "iOS")]
    others = " -and ".join(each.replace("-eq", "-ne") for each in systems)
    assert always_mfa(with_filters(*map(on, [*systems, others])), [ADA]).holds is True
    version = "device.operatingSystemVersion"
    starts = (f'{version} -startsWith "10.0"', f'{version} -notStartsWith "10"')
    assert always_mfa(with_filters(*map(on, starts)), [ADA]).holds is False
    wider = (f'{version} -startsWith "10"', f'{version} -notStartsWith "10.0"')
    assert always_mfa(with_filters(*map(on, wider)), [ADA]).holds is True


def test_a_device_without_a_record_is_the_gap_that_positive_rules_leave() -> None:
    registered = " -or ".join(
        f'device.trustType -eq "{each}"' for each in ("AzureAD", "ServerAD", "Workplace")
    )
    proof = always_mfa(with_filters(on(registered)), [ADA])
    assert proof.holds is False
    (witness,) = proof.witnesses
    assert witness.sign_in.device.trust_type == "none"
    assert proof.failing * 2 == proof.combinations
    unless = always_mfa(with_filters(on(registered), on(registered, FilterMode.EXCLUDE)), [ADA])
    assert unless.holds is True


def test_an_excluded_device_is_a_gap_with_a_witness_that_can_be() -> None:
    proof = always_mfa(with_filters(on('device.extensionAttribute1 -eq "SAW"', FilterMode.EXCLUDE)), [ADA])
    assert proof.holds is False
    device = proof.witnesses[0].sign_in.device
    assert device.compliant or device.trust_type == "ServerAD"
    assert dict(device.properties) == {"extensionAttribute1": "SAW"}


def test_a_wider_filter_is_no_weaker_and_a_narrower_one_is() -> None:
    narrow, wide = on("device.isCompliant -eq True"), on(EITHER)
    assert never_weaker(with_filters(narrow), with_filters(wide), [ADA]).holds is True
    weaker = never_weaker(with_filters(wide), with_filters(narrow), [ADA])
    assert weaker.holds is False
    assert weaker.witnesses[0].sign_in.device.trust_type == "ServerAD"


def test_filters_that_tell_too_much_apart_are_not_decided() -> None:
    many = with_filters(*(on(f'device.model -contains "{n:03}"') for n in range(13)))
    for proof in (always_mfa(many, [ADA]), never_weaker(many, many, [ADA])):
        assert proof.holds is None
        assert proof.not_decided == "the device filters tell more than 4096 kinds of devices apart"
        assert proof.people == 1
    assert always_mfa(many).people == 3
    assert coverage(many, [ADA]) == {ADA: Coverage.NOT_ASSESSED}


def test_a_block_on_unregistered_devices_beside_mfa_on_the_others() -> None:
    known = 'device.trustType -eq "AzureAD"'
    blocked = policy("b", device=on(known, FilterMode.EXCLUDE), grant=grant(BuiltIn.BLOCK))
    asked = policy("p", device=on(known))
    assert always_mfa(tenant(blocked, asked), [ADA]).holds is True
    for_some = policy("b", users=UserCondition(EVERYONE, people(ADA)), device=on(known, FilterMode.EXCLUDE))
    assert always_mfa(tenant(for_some, asked), [ADA]).holds is False
