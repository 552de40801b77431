"""What a filter rule says of attributes: null, texts, several texts, and what nobody knows."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perca.model import AllOf, AnyOf, Comparison, Expression, FilterOperator, Not, NotRead, Value
from perca.policy import Answer, No, Unknown, Yes
from perca.policy.filters import POSITIVE, folded, matches

O = FilterOperator  # noqa: E741  # read beside the operators
SAID = {Yes: True, No: False, Unknown: None}
UNREAD = NotRead("nobody told it")
NEGATIVE = {positive: negative for negative, positive in POSITIVE.items()}


def reading(**attributes: Value | NotRead) -> Callable[[str], Value | NotRead]:
    return lambda name: attributes[name]


def asked(expression: Expression, **attributes: Value | NotRead) -> Answer:
    return matches(expression, reading(**attributes), "device")


def said(expression: Expression, **attributes: Value | NotRead) -> bool | None:
    return SAID[type(asked(expression, **attributes))]


def of(operator: FilterOperator, *values: str) -> Comparison:
    return Comparison("model", operator, values)


@pytest.mark.parametrize(
    ("operator", "values", "held", "expected"),
    [
        (O.EQ, ["Surface"], "Surface", True),
        (O.EQ, ["surface"], "SURFACE", True),
        (O.EQ, ["Surface"], "Surface 3", False),
        (O.EQ, ["Surface"], " Surface", False),
        (O.IN, ["Pro", "surface"], "Surface", True),
        (O.IN, ["Pro", "Go"], "Surface", False),
        (O.STARTS_WITH, ["10.0"], "10.0.22", True),
        (O.STARTS_WITH, ["10.0"], "10", False),
        (O.STARTS_WITH, ["10.0"], "6.10.0", False),
        (O.ENDS_WITH, ["-KIOSK"], "desk-kiosk", True),
        (O.ENDS_WITH, ["desk"], "desk-kiosk", False),
        (O.CONTAINS, ["fac"], "SurFACe", True),
        (O.CONTAINS, ["x"], "Surface", False),
        (O.CONTAINS, [""], "Surface", True),
        (O.EQ, [""], "Surface", False),
    ],
)
def test_a_text(operator: FilterOperator, values: list[str], held: str, expected: bool) -> None:
    assert said(of(operator, *values), model=held) is expected
    assert said(of(NEGATIVE[operator], *values), model=held) is not expected


@pytest.mark.parametrize("operator", O)
@pytest.mark.parametrize("value", ["x", ""])
def test_null_matches_no_positive_operator_and_every_negative_one(
    operator: FilterOperator, value: str
) -> None:
    assert said(of(operator, value), model=None) is (operator in POSITIVE)


@pytest.mark.parametrize("operator", O)
def test_several_texts_are_compared_one_by_one_and_whole(operator: FilterOperator) -> None:
    held = frozenset({"AzureResource", "MultiUser"})
    if operator in (O.CONTAINS, O.NOT_CONTAINS):
        expected = operator is O.CONTAINS
        assert said(of(operator, "multiuser"), model=held) is expected
        assert said(of(operator, "Multi"), model=held) is not expected
        assert said(of(operator, "MultiUser"), model=frozenset()) is not expected
    else:
        assert said(of(operator, "MultiUser"), model=held) is None


@pytest.mark.parametrize("operator", O)
def test_what_nobody_told_is_unknown(operator: FilterOperator) -> None:
    assert asked(of(operator, "x"), model=UNREAD) == Unknown(("nobody told it",))


THREE = {True: "yes", False: "no", None: UNREAD}


@pytest.mark.parametrize("one", THREE)
@pytest.mark.parametrize("two", THREE)
def test_and_or_not_in_three_values(one: bool | None, two: bool | None) -> None:
    left, right = (Comparison(name, O.EQ, ("yes",)) for name in ("one", "two"))
    facts = {"one": THREE[one], "two": THREE[two]}
    either = True if True in (one, two) else None if None in (one, two) else False
    both = False if False in (one, two) else None if None in (one, two) else True
    assert said(AnyOf((left, right)), **facts) is either
    assert said(AllOf((left, right)), **facts) is both
    assert said(Not(AnyOf((left, right))), **facts) is (None if either is None else not either)


def test_reasons_are_the_facts_each_once() -> None:
    rule = AnyOf((of(O.EQ, "a"), of(O.EQ, "b"), Comparison("labels", O.CONTAINS, ("c",))))
    answer = asked(rule, model="z", labels=frozenset({"d", "e"}))
    assert answer == No(("device.model is `z`", "device.labels is `d, e`"))
    assert asked(Not(of(O.EQ, "a")), model=None) == Yes(("device.model is null",))


leaves = st.builds(
    lambda name, operator: Comparison(name, operator, ("yes",)),
    st.sampled_from(["one", "two", "three"]),
    st.sampled_from([O.EQ, O.NE]),
)
trees = st.recursive(
    leaves,
    lambda inner: (
        st.builds(Not, inner)
        | st.builds(AllOf, st.lists(inner, min_size=2, max_size=3).map(tuple))
        | st.builds(AnyOf, st.lists(inner, min_size=2, max_size=3).map(tuple))
    ),
    max_leaves=12,
)


def plainly(expression: Expression, facts: dict[str, bool]) -> bool:
    """The meaning, said once more in the shortest way."""
    match expression:
        case Comparison(name, operator):
            return facts[name] is (operator is O.EQ)
        case Not(of):
            return not plainly(of, facts)
        case AllOf(of):
            return all(plainly(each, facts) for each in of)
        case AnyOf(of):
            return any(plainly(each, facts) for each in of)


@given(trees, st.fixed_dictionaries(dict.fromkeys(("one", "two", "three"), st.booleans())))
def test_the_fold_is_the_plain_meaning(expression: Expression, facts: dict[str, bool]) -> None:
    held = {name: THREE[value] for name, value in facts.items()}
    assert said(expression, **held) is plainly(expression, facts)


@given(
    trees, st.fixed_dictionaries(dict.fromkeys(("one", "two", "three"), st.sampled_from([True, False, None])))
)
def test_what_is_known_holds_however_the_unknown_turns_out(
    expression: Expression, facts: dict[str, bool | None]
) -> None:
    found = said(expression, **{name: THREE[value] for name, value in facts.items()})
    outcomes = set()
    for number in range(8):
        guess = {name: bool(number >> n & 1) for n, name in enumerate(facts)}
        outcomes.add(plainly(expression, {n: guess[n] if v is None else v for n, v in facts.items()}))
    assert found is None or outcomes == {found}


def test_a_tree_of_any_depth_is_folded() -> None:
    deep: Expression = of(O.EQ, "x")
    for _ in range(5000):
        deep = Not(AllOf((deep, of(O.EQ, "x"))))
    count = folded(deep, lambda each: 1, lambda inner: inner, sum)
    assert count == 5001
    assert said(deep, model="x") is True
