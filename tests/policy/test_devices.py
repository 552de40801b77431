"""The device filter condition: registered or not, what shows extension attributes, include and exclude."""

import pytest

from perca.model import UNREGISTERED, Device, DeviceProperty, Filter, FilterMode, Value
from perca.policy import Certainty, Mfa, No, decide
from perca.policy.devices import CO_MANAGED, INTUNE, DeviceFilter
from perca.wire.filters import DEVICE_PROPERTIES, read_rule
from support.small import answer, applies, facts, policy, sign_in, tenant

P = DeviceProperty
NO_DEVICE = Device(compliant=False, trust_type=UNREGISTERED, whole=True)


def filter(rule: str, mode: FilterMode = FilterMode.INCLUDE) -> Filter:
    return Filter(mode, rule, read_rule(rule, DEVICE_PROPERTIES))


def device(trust: str = "AzureAD", *, compliant: bool | None = False, **properties: Value) -> Device:
    """A registered device of which everything is known."""
    held = frozenset((P(name), value) for name, value in properties.items() if value is not None)
    return Device(compliant, trust, held, whole=True)


def for_device(rule: str, device: Device, mode: FilterMode = FilterMode.INCLUDE) -> bool | None:
    return applies(tenant(policy(device=filter(rule, mode))), sign_in(device=device))


POSITIVE = [
    'device.model -eq "x"',
    'device.model -startsWith "x"',
    'device.model -endsWith "x"',
    'device.model -contains "x"',
    'device.model -in ["x"]',
    "device.isCompliant -eq True",
    "device.isCompliant -eq False",
    'device.trustType -eq "Workplace"',
    'device.systemLabels -contains "x"',
    'device.extensionAttribute9 -eq "x"',
]
NEGATIVE = {"-eq": "-ne", "-in": "-notIn", "-c": "-notC", "-starts": "-notStarts", "-ends": "-notEnds"}


@pytest.mark.parametrize("rule", POSITIVE)
def test_a_device_without_a_record_matches_no_positive_operator_and_every_negative_one(rule: str) -> None:
    denied = next(rule.replace(word, no) for word, no in NEGATIVE.items() if f" {word}" in rule)
    assert for_device(rule, NO_DEVICE) is False
    assert for_device(rule, NO_DEVICE, FilterMode.EXCLUDE) is True
    assert for_device(denied, NO_DEVICE) is True
    assert for_device(denied, NO_DEVICE, FilterMode.EXCLUDE) is False
    assert for_device(f"not ({rule})", NO_DEVICE) is True


@pytest.mark.parametrize(("compliant", "trust"), [(True, "AzureAD"), (False, "ServerAD"), (False, "AzureAD")])
def test_compliant_or_hybrid_and_its_complement_leave_no_device_out(compliant: bool, trust: str) -> None:
    either = 'device.isCompliant -eq True -or device.trustType -eq "ServerAD"'
    neither = 'device.isCompliant -ne True -and device.trustType -ne "ServerAD"'
    for each in (device(trust, compliant=compliant), NO_DEVICE):
        assert for_device(either, each) is not for_device(neither, each)
        assert for_device(either, each) is for_device(neither, each, FilterMode.EXCLUDE)


SAW = {"extensionAttribute1": "SAW"}
SHOWN = [
    device(compliant=True, **SAW),
    device("ServerAD", **SAW),
    device("serverad", **SAW),
    device(mdmAppId=INTUNE, **SAW),
    device(mdmAppId=INTUNE.upper(), **SAW),
    device("Workplace", mdmAppId=CO_MANAGED, **SAW),
]
HIDDEN = [
    device(**SAW),
    device("Workplace", compliant=None, **SAW),
    device(mdmAppId="11111111-0000-4000-8000-000000000001", **SAW),
]


@pytest.mark.parametrize("record", SHOWN)
def test_extension_attributes_show_on_a_device_that_is_compliant_hybrid_or_managed(record: Device) -> None:
    assert for_device('device.extensionAttribute1 -eq "saw"', record) is True
    assert for_device('device.extensionAttribute1 -ne "saw"', record) is False
    assert for_device('device.extensionAttribute2 -ne "saw"', record) is True


@pytest.mark.parametrize("record", HIDDEN)
def test_elsewhere_they_are_null(record: Device) -> None:
    assert for_device('device.extensionAttribute1 -eq "saw"', record) is False
    assert for_device('device.extensionAttribute1 -ne "saw"', record) is True
    assert for_device('device.model -ne "x"', record) is True


def test_whether_they_show_may_be_unknown() -> None:
    held = frozenset({(P.EXTENSION_1, "SAW")})
    assert for_device('device.extensionAttribute1 -eq "SAW"', Device(None, "AzureAD", held)) is None
    assert for_device('device.extensionAttribute1 -eq "SAW"', Device(True, None, held)) is True
    assert for_device('device.extensionAttribute1 -eq "SAW"', Device(None, None)) is None


def test_what_is_denied_of_an_extension_attribute_is_our_reading() -> None:
    def certainty(rule: str) -> Certainty:
        return DeviceFilter(filter(rule)).basis.certainty

    assert certainty('device.extensionAttribute1 -eq "SAW"') is Certainty.OFFICIAL
    assert certainty('device.model -ne "x"') is Certainty.OFFICIAL
    assert certainty('not (device.model -eq "x")') is Certainty.OFFICIAL
    assert certainty('device.model -ne "x" -or device.extensionAttribute1 -eq "y"') is Certainty.OFFICIAL
    assert certainty('device.extensionAttribute1 -ne "SAW"') is Certainty.INFERRED
    assert (
        certainty('not (device.model -eq "x" -and device.extensionAttribute7 -eq "y")') is Certainty.INFERRED
    )


def test_a_device_of_which_nothing_is_known_may_match_any_rule() -> None:
    question = sign_in(device=Device())
    for mode in FilterMode:
        found = decide(tenant(policy(device=filter('device.model -eq "x"', mode))), question)
        assert found.mfa is Mfa.NOT_ASSESSED
        assert "the device's model is not known" in facts(found)


def test_reasons_are_graphs_word_and_the_facts() -> None:
    shown = tenant(policy(device=filter('device.trustType -eq "ServerAD"')))
    assert answer(shown, sign_in(device=device("Workplace"))).answer == No(
        ("device.trustType is `Workplace`",), ("devices",)
    )
    left_out = tenant(policy(device=filter('device.trustType -eq "ServerAD"', FilterMode.EXCLUDE)))
    assert answer(left_out, sign_in(device=device("ServerAD"))).answer == No(
        ("device.trustType is `ServerAD`",), ("devices",)
    )
