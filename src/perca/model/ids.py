"""Identifiers as distinct types, so that two strings can't be swapped.

Entra compares identifiers and keywords without regard to case; `fold` is the one place that says so. Every identifier in
the model is already folded.
"""

from __future__ import annotations

import re
from typing import NewType

TenantId = NewType("TenantId", str)
UserId = NewType("UserId", str)
GroupId = NewType("GroupId", str)
RoleId = NewType("RoleId", str)
"""A role's template id: what Conditional Access policies name and built-in role definitions carry as their id."""
AppId = NewType("AppId", str)
PolicyId = NewType("PolicyId", str)
LocationId = NewType("LocationId", str)
StrengthId = NewType("StrengthId", str)
ContextId = NewType("ContextId", str)
"""An authentication context, `c1` to `c99`."""
ObjectId = NewType("ObjectId", str)
"""Any directory object: a member of a group may be a person, a group, a device."""

MFA_TRUSTED_IPS = LocationId("00000000-0000-0000-0000-000000000000")
"""The location that stands for the trusted IPs of the per-user MFA service settings (FACTS.md section 2)."""

_CONTEXT = re.compile(r"c[1-9][0-9]?")
_GUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


def fold(text: str) -> str:
    """Returns `text` as identifiers and keywords are compared: without case and without surrounding blanks."""
    return text.strip().casefold()


def is_context(text: str) -> bool:
    """Whether the folded `text` is an authentication context: `c1` to `c99`."""
    return _CONTEXT.fullmatch(fold(text)) is not None


def is_guid(text: str) -> bool:
    """Whether the folded `text` is a GUID; a placeholder, a name or an address is not one."""
    return _GUID.fullmatch(fold(text)) is not None
