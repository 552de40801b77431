"""A device as its record in the directory shows it to a device filter, and to the controls that ask for a device.

Source: concept-condition-filters-for-devices (05/2025), FACTS.md 3.3. A device that isn't registered has no record: all of its
properties are null. A property may also be one that we don't know, which is not null.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from perca.model.unknown import NotRead


class DeviceProperty(StrEnum):
    """The properties that a device filter can name."""

    DEVICE_ID = "deviceId"
    DISPLAY_NAME = "displayName"
    DEVICE_OWNERSHIP = "deviceOwnership"
    ENROLLMENT_PROFILE_NAME = "enrollmentProfileName"
    IS_COMPLIANT = "isCompliant"
    MANUFACTURER = "manufacturer"
    MDM_APP_ID = "mdmAppId"
    MODEL = "model"
    OPERATING_SYSTEM = "operatingSystem"
    OPERATING_SYSTEM_VERSION = "operatingSystemVersion"
    PHYSICAL_IDS = "physicalIds"
    PROFILE_TYPE = "profileType"
    SYSTEM_LABELS = "systemLabels"
    TRUST_TYPE = "trustType"
    EXTENSION_1 = "extensionAttribute1"
    EXTENSION_2 = "extensionAttribute2"
    EXTENSION_3 = "extensionAttribute3"
    EXTENSION_4 = "extensionAttribute4"
    EXTENSION_5 = "extensionAttribute5"
    EXTENSION_6 = "extensionAttribute6"
    EXTENSION_7 = "extensionAttribute7"
    EXTENSION_8 = "extensionAttribute8"
    EXTENSION_9 = "extensionAttribute9"
    EXTENSION_10 = "extensionAttribute10"
    EXTENSION_11 = "extensionAttribute11"
    EXTENSION_12 = "extensionAttribute12"
    EXTENSION_13 = "extensionAttribute13"
    EXTENSION_14 = "extensionAttribute14"
    EXTENSION_15 = "extensionAttribute15"

    @property
    def is_collection(self) -> bool:
        """Whether the property holds several texts: an operator compares whole elements."""
        return self in (DeviceProperty.PHYSICAL_IDS, DeviceProperty.SYSTEM_LABELS)


Value = str | frozenset[str] | None
"""What a property holds: a text, several texts, or null."""

UNREGISTERED = "none"
"""The trust type of a device without a record."""


@dataclass(frozen=True, slots=True)
class Device:
    """What the device can show. `compliant` and `trust_type` are what the controls ask for, too."""

    compliant: bool | None = None
    trust_type: str | None = None
    """`AzureAD`, `ServerAD`, `Workplace`, or `none` for a device that isn't registered."""
    properties: frozenset[tuple[DeviceProperty, str | frozenset[str]]] = frozenset()
    """The other properties that hold something."""
    whole: bool = False
    """Whether a property that `properties` doesn't hold is null, rather than unknown."""

    def read(self, name: DeviceProperty) -> Value | NotRead:
        """What the property holds; NotRead where nobody knows."""
        if self.trust_type == UNREGISTERED:
            return None
        match name:
            case DeviceProperty.IS_COMPLIANT if self.compliant is not None:
                return "True" if self.compliant else "False"
            case DeviceProperty.TRUST_TYPE if self.trust_type is not None:
                return self.trust_type
        for known, value in self.properties:
            if known is name:
                return value
        return None if self.whole else NotRead(f"the device's {name} is not known")
