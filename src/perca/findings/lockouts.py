"""Lock-outs: everything by which somebody can't get in, or one day won't.

The tuple of checks is the whole; each is a file about one kind of account. What the data doesn't hold makes a finding that isn't
assessed, and is never taken for fine.
"""

from __future__ import annotations

from collections.abc import Iterable

from perca.errors import BadInput
from perca.findings import administrators, barred, emergency, registration, strengths, unattended
from perca.findings.finding import Finding, Kind
from perca.findings.plain import Ground
from perca.model import Tenant, UserId

CHECKS = (
    emergency.findings,
    administrators.findings,
    barred.findings,
    registration.findings,
    unattended.findings,
    strengths.findings,
)
_ORDER = {kind: n for n, kind in enumerate(Kind)}


def lockouts(
    tenant: Tenant, declared: Iterable[UserId], unattended: Iterable[UserId] = ()
) -> tuple[Finding, ...]:
    """All of them, the certain and the worst first.

    `declared` are the emergency accounts, `unattended` those of services and rooms. Raises BadInput for a tenant without people and
    for an account that it doesn't hold.
    """
    ground = Ground.of(tenant, declared, unattended)
    if not tenant.users:
        raise BadInput(
            "a question about nobody: the data holds no people", "take a snapshot with `perca snapshot take`"
        )
    for kind, accounts in (("emergency account", ground.emergency), ("account", ground.unattended)):
        for each in accounts:
            if each not in tenant.users:
                raise BadInput(f"{kind} `{each}` is not in the data", "give a user principal name or an id")
    found = [each for check in CHECKS for each in check(ground)]
    return tuple(sorted(found, key=lambda f: (not f.assessed, f.severity, _ORDER[f.kind], f.about)))
