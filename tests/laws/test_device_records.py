"""Law: for every device there is a record of `space` that every filter answers alike, and each record is a device that can be."""

from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perca.model import (
    UNREGISTERED,
    AllOf,
    AnyOf,
    Comparison,
    Device,
    DeviceProperty,
    Expression,
    Filter,
    FilterMode,
    FilterOperator,
    Not,
    PolicyState,
    Tenant,
    Value,
)
from perca.policy import Unknown, Yes
from perca.policy.devices import CO_MANAGED, INTUNE, seen
from perca.policy.filters import matches
from perca.space import NO_DEVICE
from perca.space.devices import MOST, TooManyDevices, records
from perca.wire.filters import DEVICE_PROPERTIES, read_rule
from support.small import policy, tenant

O, P = FilterOperator, DeviceProperty  # noqa: E741  # read beside the operators
EQUAL, LISTED, WITHIN = (O.EQ, O.NE), (O.IN, O.NOT_IN), (O.CONTAINS, O.NOT_CONTAINS)
OTHERS = (O.STARTS_WITH, O.NOT_STARTS_WITH, O.ENDS_WITH, O.NOT_ENDS_WITH)
TEXTS = ("10", "10.0", "0.1", "surface", "FACE", "face 10", "x", "", "other", "~", INTUNE)
ASKED: dict[DeviceProperty, tuple[tuple[FilterOperator, ...], tuple[str, ...]]] = {
    P.IS_COMPLIANT: (EQUAL, ("True", "False")),
    P.TRUST_TYPE: (EQUAL, ("AzureAD", "ServerAD", "Workplace")),
    P.MDM_APP_ID: ((*EQUAL, *LISTED), (INTUNE, INTUNE.upper(), CO_MANAGED, "mdm")),
    P.DEVICE_ID: ((*EQUAL, *LISTED), TEXTS),
    P.PROFILE_TYPE: (EQUAL, ("Printer", "Shared")),
    P.SYSTEM_LABELS: (WITHIN, TEXTS),
    P.MODEL: (tuple(O), TEXTS),
    P.OPERATING_SYSTEM_VERSION: (tuple(O), TEXTS),
    P.EXTENSION_1: (tuple(O), TEXTS),
    P.EXTENSION_2: (EQUAL, TEXTS),
}


@st.composite
def comparisons(draw: st.DrawFn) -> Expression:
    name = draw(st.sampled_from([*ASKED]))
    operators, texts = ASKED[name]
    operator = draw(st.sampled_from(operators))
    most = 3 if operator in LISTED else 1
    values = draw(st.lists(st.sampled_from(texts), min_size=1, max_size=most, unique=True))
    return Comparison(name, operator, tuple(values))


rules = st.recursive(
    comparisons(),
    lambda inner: (
        st.builds(Not, inner)
        | st.builds(AllOf, st.lists(inner, min_size=2, max_size=3).map(tuple))
        | st.builds(AnyOf, st.lists(inner, min_size=2, max_size=3).map(tuple))
    ),
    max_leaves=6,
)


def texts_about(texts: tuple[str, ...]) -> st.SearchStrategy[Value]:
    """Texts made of those that are asked for, in any order and case, with other things between."""
    parts = st.lists(st.sampled_from((*texts, "z", "-")), min_size=1, max_size=4).map("".join)
    return st.none() | st.sampled_from(texts) | parts | parts.map(str.upper)


@st.composite
def devices(draw: st.DrawFn) -> Device:
    """A device that can be."""
    if draw(st.integers(0, 9)) == 0:
        return NO_DEVICE
    held = set()
    for name, (_, texts) in ASKED.items():
        if name in (P.IS_COMPLIANT, P.TRUST_TYPE):
            continue
        value = (
            draw(st.frozensets(st.sampled_from((*texts, "Y")), max_size=4))
            if name.is_collection
            else draw(texts_about(texts))
        )
        if value:
            held.add((name, value))
    trust = draw(st.sampled_from(ASKED[P.TRUST_TYPE][1]))
    return Device(draw(st.sampled_from([True, False, None])), trust, frozenset(held), whole=True)


def asking(*rules: Expression) -> Tenant:
    """A tenant with a policy for each of the filters."""
    return tenant(
        *(policy(f"p{n}", device=Filter(FilterMode.INCLUDE, "", rule)) for n, rule in enumerate(rules))
    )


def answers(rules: list[Expression], device: Device) -> tuple[bool, ...]:
    found = [matches(rule, partial(seen, device), "device") for rule in rules]
    assert not any(isinstance(each, Unknown) for each in found)
    return tuple(isinstance(each, Yes) for each in found)


@given(st.lists(rules, min_size=1, max_size=4), st.lists(devices(), min_size=1, max_size=8))
def test_every_device_is_answered_like_one_of_the_records(
    rules: list[Expression], devices: list[Device]
) -> None:
    found = [answers(rules, each) for each in records([asking(*rules)])]
    assert len(set(found)) == len(found), "two records that no filter tells apart"
    for device in devices:
        assert answers(rules, device) in found


@given(st.lists(rules, min_size=1, max_size=4))
def test_every_record_is_a_device_that_can_be(rules: list[Expression]) -> None:
    first, *others = records([asking(*rules)])
    assert first == NO_DEVICE
    for record in others:
        assert record.trust_type in ASKED[P.TRUST_TYPE][1]
        assert record.whole
        for name, value in record.properties:
            assert isinstance(value, frozenset if name.is_collection else str)
            assert seen(record, name) == value, "an attribute that does not show"
        assert len({name for name, _ in record.properties}) == len(record.properties)


def rule(text: str) -> Expression:
    return read_rule(text, DEVICE_PROPERTIES)


def sizes(*texts: str) -> int:
    return len(records([asking(*map(rule, texts))]))


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        (["device.isCompliant -eq True"], 2),
        (["device.isCompliant -eq True", "device.isCompliant -eq False"], 3),
        (['device.trustType -eq "AzureAD"', 'device.trustType -eq "ServerAD"'], 3),
        (['device.operatingSystem -eq "Windows"', 'device.operatingSystem -eq "iOS"'], 3),
        (
            [
                'device.isCompliant -eq True -or device.trustType -eq "ServerAD"',
                'device.isCompliant -ne True -and device.trustType -ne "ServerAD"',
            ],
            2,
        ),
        (
            [
                'device.operatingSystemVersion -startsWith "10"',
                'device.operatingSystemVersion -startsWith "10.0"',
            ],
            3,
        ),
        (['device.model -startsWith "a"', 'device.model -startsWith "b"'], 3),
        (['device.model -startsWith "a"', 'device.model -endsWith "b"'], 4),
        (['device.model -contains "surface"', 'device.model -contains "face"'], 3),
        (['device.model -contains "a"', 'device.model -contains "A"'], 2),
        (['device.systemLabels -contains "surface"', 'device.systemLabels -contains "face"'], 4),
        (['device.model -eq "A"', 'device.model -in ["a", "b"]'], 3),
        (
            [
                'device.model -startsWith "abc" -or device.model -startsWith "x"',
                'device.model -contains "bc"',
            ],
            4,
        ),
        (['device.extensionAttribute1 -eq "x"', "device.isCompliant -eq True"], 4),
        (
            [
                'device.extensionAttribute1 -eq "x"',
                "device.isCompliant -eq True",
                'device.trustType -eq "ServerAD"',
            ],
            8,
        ),
        (
            [
                'device.extensionAttribute1 -eq "x"',
                "device.isCompliant -eq True",
                'device.trustType -eq "ServerAD"',
                'device.mdmAppId -eq "y"',
            ],
            15,
        ),
        ([" -or ".join(f'device.model -contains "{n:03}"' for n in range(90))], 2),
        ([" -or ".join(f'device.extensionAttribute1 -eq "{n:03}"' for n in range(70))], 2),
    ],
)
def test_no_more_records_than_sets_of_answers(rules: list[str], expected: int) -> None:
    assert sizes(*rules) == expected


def test_an_extension_attribute_is_only_held_where_it_shows() -> None:
    held = records([asking(rule('device.extensionAttribute1 -eq "SAW"'), rule('device.mdmAppId -ne "x"'))])
    with_it = [each for each in held if dict(each.properties).get(P.EXTENSION_1)]
    assert with_it
    assert all(
        each.compliant or each.trust_type == "ServerAD" or dict(each.properties).get(P.MDM_APP_ID)
        for each in with_it
    )


def test_policies_that_are_off_tell_nothing_apart() -> None:
    filter = Filter(FilterMode.INCLUDE, "", rule("device.isCompliant -eq True"))
    for state in (PolicyState.DISABLED, PolicyState.REPORT_ONLY):
        assert records([tenant(policy(state=state, device=filter))]) == (NO_DEVICE,)
        assert len(records([tenant(policy(state=state, settled=False, device=filter))])) == 2
    assert records([tenant(policy())]) == (NO_DEVICE,)


def test_the_filters_of_all_tenants_count() -> None:
    one, two = asking(rule("device.isCompliant -eq True")), asking(rule('device.trustType -eq "ServerAD"'))
    assert len(records([one, two])) == 4


def test_too_many_kinds_are_given_up() -> None:
    each = [f'device.extensionAttribute{n} -eq "x"' for n in range(1, 14)]
    assert sizes(*each[:12]) == MOST
    with pytest.raises(TooManyDevices, match="more than 4096 kinds of devices"):
        sizes(*each)
    with pytest.raises(TooManyDevices):
        sizes(*(f'device.model -contains "{n:03}"' for n in range(13)))


def test_nothing_is_held_by_a_device_without_a_record() -> None:
    assert NO_DEVICE.trust_type == UNREGISTERED
    assert all(seen(NO_DEVICE, name) is None for name in DeviceProperty)
