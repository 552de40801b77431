"""The third of the three functions: how a sign-in ends, given what is asked and what the person and the client can show.

Source: FACTS.md 3.3.2 and 3.3.3. Blocked by a block, or by what can't be done; else not assessed while something that is asked may or
may not be done; else a prompt while something is to do, or while the session is too old; else granted.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum

from perca.model import BuiltIn, Clause, Requirement
from perca.policy.capability import Capability
from perca.policy.requirement import Demand, is_blocked
from perca.policy.session import is_fresh
from perca.policy.standing import Standing, standing
from perca.policy.strengths import RETIRED, guarantees_mfa, is_mfa_grade


class Outcome(StrEnum):
    """How a sign-in ends."""

    GRANTED = "granted"
    PROMPT = "prompt"
    BLOCKED = "blocked"
    NOT_ASSESSED = "notAssessed"


def outcome(asked: Demand, able: Capability) -> Outcome:
    """How the sign-in ends."""
    if is_blocked(asked.clauses):
        return Outcome.BLOCKED
    standings = [clause_standing(clause, able, at_risk=clause in asked.at_risk) for clause in asked.clauses]
    worst = max(standings, default=Standing.DONE)
    if worst is Standing.CANNOT:
        return Outcome.BLOCKED
    fresh = is_fresh(asked.lifetime, able.sign_in.session, able.sign_in.client)
    if worst is Standing.UNKNOWN or asked.unread or fresh is None:
        return Outcome.NOT_ASSESSED
    return Outcome.GRANTED if worst is Standing.DONE and fresh else Outcome.PROMPT


def clause_standing(clause: Clause, able: Capability, *, at_risk: bool = False) -> Standing:
    """How a clause stands: done if an alternative is; unknown if one might be; else the best of what is left.

    An alternative that was to be retired is tried both ways: with it, and as if it weren't selected.
    """
    found = {_best(clause, able, at_risk)}
    if clause & RETIRED:
        left = clause - RETIRED
        found.add(_best(left, able, at_risk) if left else Standing.DONE)
    return found.pop() if len(found) == 1 else Standing.UNKNOWN


def _best(clause: Clause, able: Capability, at_risk: bool) -> Standing:
    standings = {standing(control, able, at_risk=at_risk).how for control in clause}
    for best in (Standing.DONE, Standing.UNKNOWN, Standing.TO_DO):
        if best in standings:
            return best
    return Standing.CANNOT


def unclear(asked: Demand, able: Capability) -> Iterator[str]:
    """The facts without which nobody can say how the sign-in ends."""
    for clause in asked.clauses:
        at_risk = clause in asked.at_risk
        if clause_standing(clause, able, at_risk=at_risk) is Standing.UNKNOWN:
            if clause & RETIRED:
                yield STILL_ASKED
            yield from (
                stand.lacks
                for stand in (standing(each, able, at_risk=at_risk) for each in sorted(clause, key=str))
                if stand.how is Standing.UNKNOWN
            )
    if is_fresh(asked.lifetime, able.sign_in.session, able.sign_in.client) is None:
        yield "how long ago the person signed in, on which a sign-in frequency hangs"


STILL_ASKED = f"whether {BuiltIn.APPROVED_APPLICATION} is still asked for: it was to be retired in March 2026"


def whether_mfa(asked: Requirement) -> Iterator[str]:
    """The facts without which nobody can say whether MFA is asked for."""
    for control in sorted({control for clause in asked for control in clause}, key=str):
        if is_mfa_grade(control, unknown_as=True) and not is_mfa_grade(control):
            yield f"whether {control} can only be met by MFA"
    if any(clause & RETIRED and guarantees_mfa(clause, unknown_as=True) for clause in asked):
        yield STILL_ASKED
