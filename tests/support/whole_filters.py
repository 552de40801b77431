"""Random filter rules, device filters and application filters, with the exact complement of each as another rule."""

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
)
from support.dice import Dice

VALUES: dict[DeviceProperty, tuple[str, ...]] = {
    DeviceProperty.IS_COMPLIANT: ("True", "False"),
    DeviceProperty.TRUST_TYPE: ("AzureAD", "ServerAD", "Workplace"),
    DeviceProperty.DEVICE_OWNERSHIP: ("Company", "Personal"),
    DeviceProperty.OPERATING_SYSTEM: ("Windows", "MacMDM"),
    DeviceProperty.OPERATING_SYSTEM_VERSION: ("10.0.1", "10.0.22", "11.2"),
    DeviceProperty.MODEL: ("Alpha Book", "alpha", "Beta"),
    DeviceProperty.DISPLAY_NAME: ("kiosk-1", "Kiosk-2", "desk-1"),
    DeviceProperty.DEVICE_ID: ("d-1", "d-2"),
    DeviceProperty.MDM_APP_ID: ("0000000a-0000-0000-c000-000000000000", "another"),
    DeviceProperty.EXTENSION_1: ("saw", "paw", "sawmill"),
    DeviceProperty.SYSTEM_LABELS: ("AzureResource", "M365Managed"),
}
"""What devices hold, and filters ask for."""
EQUAL = (FilterOperator.EQ, FilterOperator.NE)
LISTED = (FilterOperator.IN, FilterOperator.NOT_IN)
WITHIN = (FilterOperator.CONTAINS, FilterOperator.NOT_CONTAINS)
STARTS = (FilterOperator.STARTS_WITH, FilterOperator.NOT_STARTS_WITH)
ENDS = (FilterOperator.ENDS_WITH, FilterOperator.NOT_ENDS_WITH)
OPPOSITE = {one: other for pair in (EQUAL, LISTED, WITHIN, STARTS, ENDS) for one, other in (pair, pair[::-1])}
OPERATORS: dict[DeviceProperty, tuple[FilterOperator, ...]] = {
    DeviceProperty.IS_COMPLIANT: EQUAL,
    DeviceProperty.TRUST_TYPE: EQUAL,
    DeviceProperty.DEVICE_OWNERSHIP: EQUAL,
    DeviceProperty.DEVICE_ID: (*EQUAL, *LISTED),
    DeviceProperty.MDM_APP_ID: (*EQUAL, *LISTED),
    DeviceProperty.SYSTEM_LABELS: WITHIN,
}
ATTRIBUTES = {"Team_level": ("one", "two"), "Team_parts": ("red", "blue")}
"""Custom security attributes of applications; the second is a collection."""


def device_filter(dice: Dice) -> Filter:
    """A device filter of any shape."""
    return filter_of(dice.one(tuple(FilterMode)), _expression(dice, 2))


def application_filter(dice: Dice) -> Filter:
    """An application filter; it stands on a side of a condition, and its mode says which."""
    name = dice.one(tuple(ATTRIBUTES))
    operators = WITHIN if name == "Team_parts" else (*EQUAL, *LISTED, *STARTS)
    return filter_of(
        FilterMode.INCLUDE, _compared(dice, name, operators, ATTRIBUTES[name]), "CustomSecurityAttribute"
    )


def complement(expression: Expression) -> Expression:
    """The expression that holds exactly where the other doesn't, with each comparison turned round."""
    match expression:
        case Comparison(attribute, operator, values):
            return Comparison(attribute, OPPOSITE[operator], values)
        case Not(of):
            return of
        case AllOf(of):
            return AnyOf(tuple(map(complement, of)))
        case AnyOf(of):
            return AllOf(tuple(map(complement, of)))


def filter_of(mode: FilterMode, expression: Expression, of: str = "device") -> Filter:
    """The filter with its rule written out."""
    return Filter(mode, written(expression, of), expression)


def written(expression: Expression, of: str) -> str:
    """The rule as an administrator writes it."""
    match expression:
        case Comparison(attribute, operator, values):
            texts = [f'"{value}"' for value in values]
            right = f"[{', '.join(texts)}]" if operator in LISTED else texts[0]
            return f"{of}.{attribute} -{operator} {right}"
        case Not(inner):
            return f"not ({written(inner, of)})"
        case AllOf(inner):
            return " and ".join(f"({written(each, of)})" for each in inner)
        case AnyOf(inner):
            return " or ".join(f"({written(each, of)})" for each in inner)


def _expression(dice: Dice, depth: int) -> Expression:
    if depth and dice.maybe(0.5):
        inner = tuple(_expression(dice, depth - 1) for _ in range(2))
        return AllOf(inner) if dice.maybe(0.4) else AnyOf(inner)
    if depth and dice.maybe(0.15):
        return Not(_expression(dice, 0))
    usual = (DeviceProperty.IS_COMPLIANT, DeviceProperty.TRUST_TYPE)
    name = dice.one(usual if dice.maybe(0.5) else tuple(VALUES))
    operators = OPERATORS.get(name, (*EQUAL, *LISTED, *WITHIN, *STARTS, *ENDS))
    return _compared(dice, name, operators, VALUES[name])


def _compared(
    dice: Dice, name: str, operators: tuple[FilterOperator, ...], values: tuple[str, ...]
) -> Comparison:
    operator = dice.one(operators)
    if operator in LISTED:
        return Comparison(name, operator, dice.some(values, 2, 1))
    value = dice.one(values)
    if (
        operator in (*STARTS, *WITHIN, *ENDS)
        and name not in ("Team_parts", DeviceProperty.SYSTEM_LABELS)
        and dice.maybe()
    ):
        value = value[-2:] if operator in ENDS else value[:2]
    return Comparison(name, operator, (value,))
