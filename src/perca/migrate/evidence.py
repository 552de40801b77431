"""What the sign-in log shows of legacy clients, for deciding who is held back."""

from __future__ import annotations

from datetime import timedelta

from perca.errors import NotAssessed, RemoteFailed
from perca.migrate.directory import Directory
from perca.migrate.goal import MODERN_CLIENTS, LegacyUse
from perca.model import NotRead, UserId, fold
from perca.ports import Clock

DAYS = 30
"""How long sign-in logs are kept with P1 or P2 (FACTS.md 13.17)."""


async def legacy_use(directory: Directory, clock: Clock, days: int = DAYS) -> LegacyUse:
    """Rows by legacy clients in the last `days`, by person; a log that can't be read is said to be so, not empty."""
    try:
        rows = await directory.sign_ins(since=clock.now() - timedelta(days=days))
    except (NotAssessed, RemoteFailed) as refused:
        return LegacyUse(why_not=f"the sign-in log could not be read: {refused.message}")
    if isinstance(rows, NotRead):
        return LegacyUse(why_not=f"the sign-in log could not be read: {rows.why}")
    counts: dict[UserId, int] = {}
    for row in rows:
        if fold(row.client) not in MODERN_CLIENTS:
            counts[row.user] = counts.get(row.user, 0) + 1
    return LegacyUse(days, counts)
