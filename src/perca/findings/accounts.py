"""Accounts to look at before a policy for everybody is turned on: those that are switched off, and those whose mailbox is no person's.

Source: FACTS.md 13.5 and 13.14. They are listed and no finding by themselves: an account that is switched off can be enforced all the same, and is
left out by many lists.
"""

from __future__ import annotations

from collections.abc import Iterator

from perca.findings.plain import NOBODY_THERE
from perca.model import Tenant, UserId

DISABLED = "disabled"


def listed(tenant: Tenant) -> Iterator[tuple[UserId, str]]:
    """Each such account with what it is: `room`, `shared`, `equipment`, else `disabled`."""
    for user in tenant.users.values():
        mailbox = tenant.mailboxes.get(user.id)
        if mailbox in NOBODY_THERE:
            yield user.id, mailbox
        elif user.account_enabled is False:
            yield user.id, DISABLED
