"""Checking a tenant against a plan's promise, on a fresh reading of everything: who always needs MFA, who is weaker off, and whether the
emergency accounts get in.
"""

from __future__ import annotations

from dataclasses import dataclass

from perca.errors import BadInput
from perca.migrate.guard import refused
from perca.migrate.plan import Json, Plan
from perca.model import Tenant, UserId
from perca.prove import Proof, always_mfa, never_weaker


@dataclass(frozen=True, slots=True)
class Verified:
    """The promise, checked: `holds` is None where it hangs on something that could not be read."""

    holds: bool | None
    always: Proof
    weaker: Proof
    differences: tuple[str, ...]
    """In words; those who are no longer there, whom nothing is promised, come last."""

    @property
    def doubted(self) -> tuple[UserId, ...]:
        """Everybody for whom the promise isn't known to be kept."""
        each = (self.always, self.weaker)
        return tuple({p: None for proof in each for p in (*proof.failing_people, *proof.unassessed_people)})


def verify(plan: Plan, before: Tenant, now: Tenant, snapshot: Json | None = None) -> Verified:
    """Whether everybody moved always needs MFA, nobody concerned needs less than before, and the emergency accounts get in.

    Raises BadInput for another tenant.
    """
    if now.id != before.id:
        raise BadInput(f"the tenant is `{now.id}`, and the plan's is `{before.id}`", "name the plan's tenant")
    gone = [person for person in plan.concerned if person not in now.users]
    moved = [person for person in plan.moved if person in now.users]
    concerned = [person for person in plan.concerned if person in now.users and person in before.users]
    always = always_mfa(now, moved)
    weaker = never_weaker(before, now, concerned)
    locked_out = tuple(refused(now, plan.options.emergency).values())
    answers = (always.holds, weaker.holds, *(False if each.certain else None for each in locked_out))
    holds = False if False in answers else None if None in answers else True
    lines = _lines(before, always, "MFA is not always required")
    lines += _lines(before, weaker, "less is required than before")
    lines += [each.words for each in locked_out]
    lines += [_line(before, person, "is no longer in the tenant") for person in gone]
    return Verified(holds, always, weaker, tuple(lines))


def _lines(before: Tenant, proof: Proof, words: str) -> list[str]:
    if proof.not_decided:
        return [f"not decided: {proof.not_decided}"]
    sure = [_line(before, person, words) for person in proof.failing_people]
    return sure + [
        _line(before, person, f"not assessed whether {words}") for person in proof.unassessed_people
    ]


def _line(before: Tenant, person: UserId, words: str) -> str:
    held = before.users.get(person)
    return f"{held.user_principal_name if held else person}: {words}"
