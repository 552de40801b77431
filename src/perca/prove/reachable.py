"""Can an attacker get in? The sign-ins that are left to one with certain means, and the rules that stop them there.

An attacker has the password, or an app password, and no second factor and no device that the tenant manages: a demand that can be met
by MFA, or by such a device, alone stops them; one that they may meet in another way (accepting terms, an approved app) doesn't, but with
a legacy client, which meets no control. Whoever was talked into entering the attacker's device code does the MFA as well: what stops that is a
block, or a demand for a device, which no device code can show (Microsoft's security blog on Storm-2372, 02/2025).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from enum import StrEnum

from perca.errors import BadInput
from perca.model import (
    NO_COUNTRY,
    UNKNOWN_COUNTRY,
    BuiltIn,
    Clause,
    Credential,
    Flow,
    Requirement,
    SignIn,
    Tenant,
)
from perca.policy import (
    No,
    Rule,
    as_asked,
    as_it_stands,
    decide,
    is_blocked,
    is_shut_out,
    rulebook,
    shuts_out,
)
from perca.policy.strengths import RETIRED, is_mfa_grade
from perca.prove.ask import assumptions, check
from perca.prove.budget import Budget, allowing
from perca.prove.inquiry import Disagreement, Inquiry, Witness
from perca.prove.questions import AlwaysMfa
from perca.prove.shut_out import keeping_out
from perca.prove.walk import Verdict, Walk
from perca.space import NO_DEVICE, Universe, columns, space


class Attacker(StrEnum):
    """What an attacker comes with, each narrowing the sign-ins; several together are one attacker."""

    PASSWORD = "password"
    """The ordinary password, in a client that can be asked for more."""
    LEGACY_CLIENT = "legacyClient"
    """A client of an old protocol, with the ordinary password or an app password."""
    DEVICE_CODE = "deviceCode"
    """A device code that somebody was talked into entering, who then does the MFA that is asked for."""
    UNKNOWN_COUNTRY = "unknownCountry"
    """An address whose country nobody knows, or that no policy names."""
    UNMANAGED_DEVICE = "unmanagedDevice"
    """A device that isn't registered with the tenant, off its networks."""


def left_to(attacker: Iterable[Attacker], universe: Universe) -> Universe:
    """The sign-ins of the universe that such an attacker can try; raises BadInput when there is none."""
    found = universe
    for means in attacker:
        found = _narrowed(found, means)
    if not (found.channels and found.countries and found.devices):
        raise BadInput("no sign-in is left to such an attacker", "name means that go together")
    return found


def _narrowed(universe: Universe, means: Attacker) -> Universe:
    channels = universe.channels
    match means:
        case Attacker.PASSWORD:
            kept = (
                c
                for c in channels
                if c.credential is Credential.PASSWORD and not (c.client and c.client.is_legacy)
            )
            return replace(universe, channels=tuple(kept))
        case Attacker.LEGACY_CLIENT:
            return replace(universe, channels=tuple(c for c in channels if c.client and c.client.is_legacy))
        case Attacker.DEVICE_CODE:
            return replace(universe, channels=tuple(c for c in channels if c.flow is Flow.DEVICE_CODE))
        case Attacker.UNKNOWN_COUNTRY:
            unknown = tuple(c for c in universe.countries if c in (NO_COUNTRY, UNKNOWN_COUNTRY))
            return replace(universe, countries=unknown, inside_corpnet=(False,), compliant_network=(False,))
        case Attacker.UNMANAGED_DEVICE:
            return replace(
                universe, devices=(NO_DEVICE,), inside_corpnet=(False,), compliant_network=(False,)
            )


_MANAGED = frozenset({BuiltIn.COMPLIANT_DEVICE, BuiltIn.DOMAIN_JOINED_DEVICE})


def _stops(clause: Clause, *, unknown_as: bool = False) -> bool:
    """Whether nothing but MFA or a managed device meets the clause; `unknown_as` as in `policy.strengths`."""
    sides = {
        bool(left) and all(c in _MANAGED or is_mfa_grade(c, unknown_as=unknown_as) for c in left)
        for left in (clause, clause - RETIRED)
    }
    return any(sides) if unknown_as else all(sides)


def stops(rule: Rule, *, helped: bool = False, unknown_as: bool = False) -> bool:
    """Whether the rule, where it applies, keeps the attacker out; `helped` by somebody who does what is asked, only a block does."""
    return rule.enforced and _kept_out(frozenset(rule.clauses), helped=helped, unknown_as=unknown_as)


def _kept_out(asked: Requirement, *, helped: bool, unknown_as: bool = False) -> bool:
    return is_blocked(asked) or (not helped and any(_stops(each, unknown_as=unknown_as) for each in asked))


def about_reach(
    tenant: Tenant, over: Universe, attacker: Iterable[Attacker], budget: Budget | int = 500_000
) -> Inquiry[Verdict]:
    """Whether each sign-in that is left to the attacker is stopped; `over` is narrowed here. Raises BadInput as `always_mfa` does."""
    means = frozenset(attacker)
    left, helped = left_to(means, over), Attacker.DEVICE_CODE in means
    check(left, tenant)
    every = columns(rulebook(tenant))
    stopping = tuple(keeping_out(every, lambda rule, grade: stops(rule, helped=helped, unknown_as=grade)))

    def confirm(sign_in: SignIn, label: Verdict) -> Witness:
        decision, fails = decide(tenant, sign_in), label is Verdict.FAILS
        asked = as_it_stands(decision.guaranteed, sign_in)
        sure = _kept_out(asked, helped=helped) or shuts_out(asked, sign_in.client)
        mays = [
            each.rule
            for each in decision.rules
            if not isinstance(each.answer, No)
            if stops(as_asked(each.rule, sign_in), helped=helped, unknown_as=True)
            or is_shut_out(each.rule, sign_in, unknown_as=True)
        ]
        if sure or (fails and mays):
            raise Disagreement(f"walk and decide disagree on {sign_in}")
        return Witness(sign_in, decision, assessed=fails)

    allowed = allowing(budget)
    walk = Walk(space(stopping, left, check=allowed.check_time), AlwaysMfa(), allowed)
    return Inquiry("reachable", left, walk, confirm, taken(tenant, left))


def taken(tenant: Tenant, left: Universe) -> tuple[str, ...]:
    """What an answer about an attacker takes for granted."""
    by_code = all(each.flow is Flow.DEVICE_CODE for each in left.channels)
    first = (
        "whoever enters the attacker's code does what is asked of them, MFA too; a device can't be shown there"
        if by_code
        else "the attacker has no second factor and no managed device"
    )
    return (first, *assumptions(tenant, over=left))
