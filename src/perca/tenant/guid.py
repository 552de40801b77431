"""Identifiers of an embedded tenant: made from its number, so that the same run gives the same ones."""

from __future__ import annotations

import hashlib


def made_guid(number: int, what: object) -> str:
    """The GUID (version 4, in lower case) that belongs to `what` in the tenant of that number."""
    digits = hashlib.blake2b(f"{number}/{what}".encode(), digest_size=16).hexdigest()
    variant = "89ab"[int(digits[16], 16) & 3]
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-{variant}{digits[17:20]}-{digits[20:]}"
