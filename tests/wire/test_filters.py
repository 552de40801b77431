"""The rule language of filters: read whole, or named with the reason; whatever the text, and however deep."""

import copy
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from perca.model import (
    AllOf,
    AnyOf,
    Comparison,
    DeviceProperty,
    Expression,
    Filter,
    FilterMode,
    FilterOperator,
    Not,
    Unrecognised,
)
from perca.wire.filters import (
    DEVICE_PROPERTIES,
    MAX_LENGTH,
    SECURITY_ATTRIBUTES,
    UnreadableRule,
    filter_json,
    read_rule,
    take_device_filter,
    take_filter,
)

O = FilterOperator  # noqa: E741  # read beside the operators
COMPLIANT = Comparison("isCompliant", O.EQ, ("True",))
HYBRID = Comparison("trustType", O.EQ, ("ServerAD",))
SURFACE = Comparison("model", O.CONTAINS, ("Surface",))
ONE, TWO, THREE = (
    "device.isCompliant -eq True",
    'device.trustType -eq "ServerAD"',
    'device.model -contains "Surface"',
)


def tree(rule: str) -> Expression:
    return read_rule(rule, DEVICE_PROPERTIES)


def refusal(rule: str) -> str:
    with pytest.raises(UnreadableRule) as refused:
        tree(rule)
    return str(refused.value)


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (ONE, COMPLIANT),
        ('device.isCompliant -eq "True"', COMPLIANT),
        (f"({ONE})", COMPLIANT),
        (f"{ONE} -or {TWO}", AnyOf((COMPLIANT, HYBRID))),
        (f"{ONE} -and {TWO}", AllOf((COMPLIANT, HYBRID))),
        (f"{ONE} -or {TWO} -and {THREE}", AnyOf((COMPLIANT, AllOf((HYBRID, SURFACE))))),
        (f"{ONE} -and {TWO} -or {THREE}", AnyOf((AllOf((COMPLIANT, HYBRID)), SURFACE))),
        (f"({ONE} -or {TWO}) -and {THREE}", AllOf((AnyOf((COMPLIANT, HYBRID)), SURFACE))),
        (f"-not {ONE} -and {TWO}", AllOf((Not(COMPLIANT), HYBRID))),
        (f"-not {ONE} -or {TWO}", AnyOf((Not(COMPLIANT), HYBRID))),
        (f"-not ({ONE} -or {TWO})", Not(AnyOf((COMPLIANT, HYBRID)))),
        (f"-not (-not ({ONE}))", COMPLIANT),
        (f"not not not {ONE}", Not(COMPLIANT)),
        (f"{ONE} -or ({TWO} -or {THREE})", AnyOf((COMPLIANT, HYBRID, SURFACE))),
        (f"({ONE} -and {TWO}) -and {THREE}", AllOf((COMPLIANT, HYBRID, SURFACE))),
        (f"{ONE} OR {TWO} and {THREE}", AnyOf((COMPLIANT, AllOf((HYBRID, SURFACE))))),
        (f"{ONE} –or {TWO}", AnyOf((COMPLIANT, HYBRID))),
        ('DEVICE.TRUSTTYPE EQ "ServerAD"', HYBRID),
        ('\n device.trustType\t-Eq"ServerAD"  ', HYBRID),
        ('device.model -in ["a", "b" ,"c"]', Comparison("model", O.IN, ("a", "b", "c"))),
        ('device.deviceId -notIn ["a"]', Comparison("deviceId", O.NOT_IN, ("a",))),
        ('device.model -eq ""', Comparison("model", O.EQ, ("",))),
        ('device.displayName -eq " -or (x) "', Comparison("displayName", O.EQ, (" -or (x) ",))),
        (
            'device.physicalIds -notContains "[ZTDId]:1"',
            Comparison("physicalIds", O.NOT_CONTAINS, ("[ZTDId]:1",)),
        ),
    ],
)
def test_a_rule_says(rule: str, expected: Expression) -> None:
    assert tree(rule) == expected


def test_every_property_takes_the_operators_that_the_page_gives_it() -> None:
    texts = {O.EQ, O.NE, O.IN, O.NOT_IN}
    fewer = {
        "deviceId": texts,
        "mdmAppId": texts,
        "deviceOwnership": {O.EQ, O.NE},
        "isCompliant": {O.EQ, O.NE},
        "profileType": {O.EQ, O.NE},
        "trustType": {O.EQ, O.NE},
        "physicalIds": {O.CONTAINS, O.NOT_CONTAINS},
        "systemLabels": {O.CONTAINS, O.NOT_CONTAINS},
    }
    value = {"isCompliant": '"False"', "trustType": '"Workplace"'}
    for each in DeviceProperty:
        for operator in O:
            text = value.get(each, '"x"')
            if operator in (O.IN, O.NOT_IN):
                text = f"[{text}]"
            rule = f"device.{each} -{operator} {text}"
            if operator in fewer.get(each, set(O)):
                assert tree(rule) == Comparison(each, operator, (text.strip('[]"'),))
            else:
                assert refusal(rule) == f"`-{operator}` is no operator for `device.{each}`"


@pytest.mark.parametrize(
    ("rule", "why"),
    [
        ("", "ends too early"),
        ("  ", "ends too early"),
        (f"({ONE}", "ends too early"),
        (f"{ONE} -or", "ends too early"),
        (f"{ONE})", "from `)` on"),
        (f"{ONE} {TWO}", "from `device.trustType -eq"),
        (f"{ONE} -xor {TWO}", "from `-xor"),
        ("device", "from `device` on"),
        ('device.model -eq "x', 'from `"x` on'),
        ('device.shoeSize -eq "44"', "`device.shoeSize` is no attribute of a device"),
        ('user.department -eq "Sales"', "`user.department` is no attribute of a device"),
        ('CustomSecurityAttribute.A_B -eq "x"', "is no attribute of a device"),
        ('device.model -match "x"', "`-match` is no operator for `device.model`"),
        ('device.model == "x"', 'from `== "x"` on'),
        ("device.model -eq 'x'", "`'x'` is no text in double quotes"),
        ("device.model -eq null", "`null` is no text in double quotes"),
        ("device.model -eq True", "`True` is no text in double quotes"),
        ("device.isCompliant -eq null", "`null` is none of the values of `isCompliant`"),
        ('device.trustType -eq "Hybrid"', "`Hybrid` is none of the values of `trustType`"),
        ('device.model -in "x"', "`-in` compares with a list"),
        ('device.model -eq ["x"]', "`-eq` compares with one value"),
        ("device.model -in []", "from `]` on"),
        ('device.model -eq "a\\b"', "holds an escape"),
        ('device.model -eq "`x"', "holds an escape"),
        ('device.model -eq "' + "x" * MAX_LENGTH + '"', "longer than 3072 characters"),
    ],
)
def test_a_rule_that_is_not_read_says_why(rule: str, why: str) -> None:
    assert why.rstrip() in refusal(rule)


def test_an_application_is_told_by_its_security_attributes() -> None:
    rule = 'customSecurityAttribute.Access_Need -contains "requireMFA"'
    assert read_rule(rule, SECURITY_ATTRIBUTES) == Comparison("Access_Need", O.CONTAINS, ("requireMFA",))
    for other in ('CustomSecurityAttribute.Access.Need -eq "x"', TWO):
        with pytest.raises(UnreadableRule, match="is no attribute of an application"):
            read_rule(other, SECURITY_ATTRIBUTES)


LEAF = 'device.model eq""'
DEEP = {
    "parentheses": ("(", ")", 1400),
    "negations": ("not(", ")", 600),
    "nots": ("not ", "", 760),
    "alternation": (f"{LEAF}or({LEAF}and(", "))", 70),
    "negated": (f"{LEAF}or not(", ")", 122),
}


@pytest.mark.parametrize("kind", DEEP)
def test_a_rule_as_deep_as_it_can_be_is_a_value_like_any_other(kind: str) -> None:
    before, after, times = DEEP[kind]
    rule = f"{before * times}{LEAF}{after * times}"
    assert 2700 < len(rule) <= MAX_LENGTH
    one = tree(rule)
    read_rule.cache_clear()
    two = tree(rule)
    assert one == two
    assert hash(one) == hash(two)
    assert repr(one) == repr(two)
    assert one != tree(f"not({LEAF})")


pieces = st.sampled_from(
    [
        *"()[],\"'-–. \n\\`",
        "not ",
        "-not(",
        " -and ",
        " or ",
        LEAF,
        *(ONE, TWO, THREE),
        "device.",
        "null",
        "-in [",
        '"x"',
        "\ud800",
        "\0",
    ]
)


@given(st.lists(pieces | st.text(max_size=6), max_size=60).map("".join) | st.text())
@example("(" * 3072)
@example("not(" * 768)
@example("[" * 3072)
@example('"' * 3072)
@example("not " * 768)
def test_any_text_is_a_tree_or_a_sentence(rule: str) -> None:
    try:
        found = tree(rule)
    except UnreadableRule as refused:
        found, why = None, str(refused)
    if found is None:
        assert why
        assert why.isprintable()
    elif len(rule) < MAX_LENGTH - 20:
        assert tree(f"({rule})") == tree(f"not(not({rule}))") == found


def taken(devices: Any) -> tuple[Filter | None, tuple[Unrecognised, ...], Any]:
    conditions = {"devices": copy.deepcopy(devices)}
    return *take_device_filter(conditions), conditions["devices"]


def test_a_filter_is_taken_whole() -> None:
    found, left, rest = taken({"deviceFilter": {"mode": "exclude", "rule": f" {ONE} "}})
    assert found == Filter(FilterMode.EXCLUDE, f" {ONE} ", COMPLIANT)
    assert (left, rest) == ((), {"deviceFilter": {}})
    assert filter_json(found) == {"mode": "exclude", "rule": f" {ONE} "}


def test_an_odd_spelling_of_the_mode_counts_and_is_kept() -> None:
    found, left, rest = taken({"deviceFilter": {"mode": "Include", "rule": ONE, "@odata.type": "x"}})
    assert found is not None
    assert found.mode is FilterMode.INCLUDE
    assert (left, rest) == ((), {"deviceFilter": {"mode": "Include", "@odata.type": "x"}})


@pytest.mark.parametrize("nothing", [None, {}, [], {"deviceFilter": None}, {"deviceFilter": {"rule": None}}])
def test_no_filter_is_no_condition(nothing: Any) -> None:
    assert taken(nothing) == (None, (), nothing)


@pytest.mark.parametrize(
    ("found", "why"),
    [
        ({"mode": "exclude", "rule": 'device.size -eq "44"'}, "`device.size` is no attribute of a device"),
        ({"mode": "perhaps", "rule": ONE}, "its mode is neither include nor exclude"),
        ({"rule": ONE}, "its mode is neither include nor exclude"),
        ({"mode": "exclude"}, "its rule is no text"),
        ({"mode": "exclude", "rule": ""}, "the rule ends too early"),
        ({"mode": "exclude", "rule": ONE, "but": "x"}, "a filter has a mode and a rule"),
        (ONE, ONE),
    ],
)
def test_a_filter_that_is_not_read_is_named_and_left_where_it_is(found: Any, why: str) -> None:
    read, (what,), rest = taken({"deviceFilter": found})
    assert read is None
    assert what.where == "conditions.devices.deviceFilter"
    assert what.value.endswith(why)
    assert rest == {"deviceFilter": found}


def test_lists_of_devices_and_their_states_are_named() -> None:
    filter = {"mode": "include", "rule": ONE}
    found, left, _ = taken(
        {"deviceFilter": filter, "excludeDevices": ["Compliant"], "includeDeviceStates": []}
    )
    assert found is not None
    assert left == (Unrecognised("conditions.devices.excludeDevices", '["Compliant"]'),)
    assert taken("All")[1] == (Unrecognised("conditions.devices", "All"),)


def test_a_filter_on_applications_is_taken_by_the_same_words() -> None:
    rule = 'CustomSecurityAttribute.A_B -eq "x"'
    part: dict[str, Any] = {"applicationFilter": {"mode": "include", "rule": rule}}
    found = take_filter(part, "applicationFilter", "conditions.applications", SECURITY_ATTRIBUTES)
    assert found == Filter(FilterMode.INCLUDE, rule, Comparison("A_B", O.EQ, ("x",)))
    assert part == {"applicationFilter": {}}
