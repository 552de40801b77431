"""Who is shut out for the client's sake: a legacy client meets no control, so that whatever certainly asks for one lets nobody in with it.

Source: concept-conditional-access-conditions (06/2024), FACTS.md 3.3.6. The word on each control is `standing`'s: a control that isn't
modelled, an app at which the person is sent to Outlook, and one that was to be retired leave it open. `unknown_as` as in `strengths`.
"""

from __future__ import annotations

from functools import lru_cache

from perca.model import ClientApp, Requirement, SignIn
from perca.policy.capability import Capability
from perca.policy.outcome import clause_standing
from perca.policy.rule import Rule
from perca.policy.standing import Standing

_LEGACY = tuple(each for each in ClientApp if each.is_legacy)


@lru_cache(maxsize=4096)
def shuts_out(asked: Requirement, client: ClientApp | None, *, unknown_as: bool = False) -> bool:
    """Whether a person with that client can't get in because it is a legacy client, which can't meet what is asked; False of a modern one."""
    if client is None or client is ClientApp.ALL:
        return unknown_as and any(shuts_out(asked, each, unknown_as=True) for each in _LEGACY)
    if not client.is_legacy:
        return False
    able = Capability(SignIn(None, client=client), ())
    found = {clause_standing(clause, able) for clause in asked}
    return Standing.CANNOT in found or (unknown_as and Standing.UNKNOWN in found)


def is_shut_out(rule: Rule, sign_in: SignIn, *, unknown_as: bool = False) -> bool:
    """Whether the rule, where it applies to the sign-in, shuts it out for its client's sake; what it asks of a workload nobody says."""
    asked = frozenset(rule.clauses)
    return (
        rule.enforced and sign_in.workload is None and shuts_out(asked, sign_in.client, unknown_as=unknown_as)
    )
