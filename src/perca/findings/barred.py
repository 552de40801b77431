"""People who get in nowhere: at every plain sign-in a policy blocks them, or asks for what they can't do.

"Nowhere" is exact, over all plain sign-ins (`plain`). Accounts that are no person's are left to their own checks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from perca.findings.finding import Finding, Kind, Severity, finding
from perca.findings.plain import Ground, by_first_factors
from perca.model import PolicyId, UserId
from perca.prove.locked_out import Access


def findings(ground: Ground) -> Iterator[Finding]:
    """One for each set of policies that lets nobody of some people in."""
    found = (
        each
        for factors, who in by_first_factors(ground.tenant, (user.id for user in ground.people)).items()
        for each in ground.access(who, factors)
    )
    yield from told(ground, Kind.NEVER_GETS_IN, Severity.HIGH, found)


def told(ground: Ground, kind: Kind, severity: Severity, found: Iterable[Access]) -> Iterator[Finding]:
    """A finding for each set of rules by which people certainly get in nowhere, and for each by which nobody knows."""
    alike: dict[tuple[bool, tuple[str, ...]], list[Access]] = {}
    for each in found:
        if not each.ever:
            alike.setdefault((each.ever is False, tuple(sorted(each.rules))), []).append(each)
    order = {user: n for n, user in enumerate(ground.tenant.users)}
    for (certain, rules), together in alike.items():
        yield finding(
            kind,
            severity,
            *rules,
            people=tuple(sorted((p for each in together for p in each.people), key=order.__getitem__)),
            witness=together[0].witness if certain else together[0].unclear,
            policies=policies_of(ground, rules),
            missing=() if certain else lacks(*together),
        )


def policies_of(ground: Ground, rules: Iterable[str]) -> tuple[PolicyId, ...]:
    """Those of the sources that are policies of the tenant."""
    named = set(rules)
    return tuple(dict.fromkeys(policy.id for policy in ground.tenant.policies if policy.id in named))


def lacks(*unsure: Access) -> tuple[str, ...]:
    """The facts without which nobody can say whether they get in; never none."""
    return tuple(dict.fromkeys(fact for each in unsure for fact in _lacks(each)))


def _lacks(unsure: Access) -> tuple[str, ...]:
    if unsure.not_decided is not None:
        return (unsure.not_decided,)
    facts = () if unsure.unclear is None else unsure.unclear.decision.missing
    return facts or ("which of the policies that may apply do",)


def held_apart(ground: Ground, people: Iterable[UserId]) -> tuple[UserId, ...]:
    """The people but for accounts that are switched off."""
    return tuple(p for p in people if ground.tenant.users[p].account_enabled is not False)
