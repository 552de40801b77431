"""The device filter condition: devices by what their record in the directory says, included or left out.

Source: concept-condition-filters-for-devices (05/2025), FACTS.md 3.3. All properties of a device without a record are null. Extension
attributes are null, too, unless the device is compliant, hybrid joined or managed by Intune. The page says so in a warning, and its table
says less: a negative operator on them, at a device that is none of the three, is our reading.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from perca.model import (
    AllOf,
    AnyOf,
    Comparison,
    Device,
    DeviceProperty,
    Expression,
    Filter,
    FilterMode,
    Not,
    NotRead,
    Value,
)
from perca.policy.answer import Answer, No, Unknown, Yes, either
from perca.policy.basis import Basis, Certainty
from perca.policy.coordinates import Coordinate
from perca.policy.directory import View
from perca.policy.filters import POSITIVE, matches, negated

INTUNE = "0000000a-0000-0000-c000-000000000000"
CO_MANAGED = "54b943f8-d761-4f8d-951e-9cea1846db5a"
"""Configuration Manager beside Intune: such a device is managed by both."""
HYBRID = "ServerAD"
EXTENSIONS = frozenset(each for each in DeviceProperty if each.startswith("extensionAttribute"))
SHOWN_TO = {
    DeviceProperty.IS_COMPLIANT: ("True",),
    DeviceProperty.TRUST_TYPE: (HYBRID,),
    DeviceProperty.MDM_APP_ID: (INTUNE, CO_MANAGED),
}
"""What makes the extension attributes of a device visible: one of these."""
_PAGE = ("concept-condition-filters-for-devices", "05/2025")


@dataclass(frozen=True, slots=True)
class DeviceFilter:
    """Holds for the devices that a policy is about."""

    condition: Filter
    coordinate: Coordinate = Coordinate.DEVICE

    @property
    def basis(self) -> Basis:
        """Official, but for what is denied of an extension attribute."""
        surest = Certainty.INFERRED if _denies_extensions(self.condition.expression) else Certainty.OFFICIAL
        return Basis(surest, *_PAGE)

    def holds(self, view: View, value: object) -> Answer:
        """Whether the policy is about this device."""
        assert isinstance(value, Device)
        answer = matches(self.condition.expression, partial(seen, value), "device")
        if self.condition.mode is FilterMode.EXCLUDE:
            answer = negated(answer)
        return No(answer.because, ("devices",)) if isinstance(answer, No) else answer


def seen(device: Device, name: str) -> Value | NotRead:
    """What a filter sees of the device's property."""
    prop = DeviceProperty(name)
    held = device.read(prop)
    if prop not in EXTENSIONS or held is None:
        return held
    match either(_shown(device), "nothing shows them"):
        case Yes():
            return held
        case No():
            return None
        case Unknown(facts):
            return NotRead(facts[0])


def _shown(device: Device) -> Iterator[Answer]:
    for name in SHOWN_TO:
        held = device.read(name)
        if isinstance(held, NotRead):
            yield Unknown((held.why,))
        elif shows_extensions(name, held):
            yield Yes()


def shows_extensions(name: DeviceProperty, value: Value) -> bool:
    """Whether a device with that value shows its extension attributes."""
    known = (text.casefold() for text in SHOWN_TO.get(name, ()))
    return isinstance(value, str) and value.casefold() in known


def _denies_extensions(expression: Expression) -> bool:
    """Whether the rule has a `not`, or a negative operator, and an extension attribute in the same breath."""
    waiting, denied, named = [expression], False, False
    while waiting:
        match waiting.pop():
            case Comparison(attribute, operator):
                named = named or attribute in EXTENSIONS
                denied = denied or (attribute in EXTENSIONS and operator in POSITIVE)
            case Not(inner):
                denied = True
                waiting.append(inner)
            case AllOf(parts) | AnyOf(parts):
                waiting.extend(parts)
    return denied and named
