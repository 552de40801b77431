"""Identifiers of an embedded tenant: made from its number, so that the same run gives the same ones."""

from __future__ import annotations

import hashlib
import uuid


def made_guid(number: int, what: object) -> str:
    """The GUID that belongs to `what` in the tenant of that number."""
    digest = hashlib.blake2b(f"{number}/{what}".encode(), digest_size=16).digest()
    return str(uuid.UUID(bytes=digest, version=4))
