"""The proof of every intermediate state: at no step, and at no moment while a write is settling, does anybody lose MFA.

The worlds of a list of steps are its states as a model: after each write while it is open, and after each look that settles one. In
each, the tenant must never be weaker than before the migration, and the emergency accounts must provably get in. A proof of an
order that is wrong fails here, before anything is written.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from perca.migrate.change import Change, world
from perca.migrate.guard import locked_out
from perca.migrate.steps import Step, change
from perca.model import Tenant, UserId
from perca.policy import Mfa
from perca.prove import Proof, never_weaker


@dataclass(frozen=True, slots=True)
class World:
    """A state that the tenant may be in: after which step, with which changes, each settled or still open."""

    step: Step
    changes: tuple[tuple[str, Change, bool], ...]

    def of(self, tenant: Tenant) -> Tenant:
        """The tenant in this state."""
        return world(tenant, ((each, settled) for _, each, settled in self.changes))

    @property
    def open(self) -> tuple[str, ...]:
        """The steps whose change is still settling."""
        return tuple(step for step, _, settled in self.changes if not settled)


@dataclass(frozen=True, slots=True)
class StateProof:
    """What was proved of one state."""

    step: str
    open: tuple[str, ...]
    proof: Proof
    locked_out: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """Whether nobody is weaker off, and every emergency account gets in."""
        return self.proof.holds is True and not self.locked_out

    def words(self, tenant: Tenant) -> str:
        """Why it doesn't hold, in one line."""
        after = f"after step `{self.step}`" + (f" (settling: {', '.join(self.open)})" if self.open else "")
        if self.locked_out:
            return f"{after}: {self.locked_out[0]}"
        if self.proof.not_decided:
            return f"{after}: not decided: {self.proof.not_decided}"
        people = self.proof.failing_people or self.proof.unassessed_people
        names = [tenant.users[person].user_principal_name for person in people[:3]]
        more = f" and {len(people) - 3} more" if len(people) > 3 else ""
        may = "would" if self.proof.failing_people else "might"
        return f"{after}: {', '.join(names)}{more} {may} {_what(self.proof)}"


def _what(proof: Proof) -> str:
    """What people would be without, as far as the witnesses show: MFA, or something else that was asked of them."""
    pairs = [(each.before, each.decision) for each in proof.witnesses if each.before is not None]
    mfa = [was for was, now in pairs if was.mfa is not Mfa.NOT_REQUIRED and now.mfa is not Mfa.REQUIRED]
    return "lose MFA" if mfa or not pairs else "need less than before"


def worlds(steps: Iterable[Step], start: Sequence[tuple[str, Change, bool]] = ()) -> Iterator[World]:
    """The states that the steps lead through, in order; `start` are changes made before."""
    changes = list(start)
    for step in steps:
        settled = set(step.settles)
        changes = [(by, each, done or by in settled) for by, each, done in changes]
        made = change(step.action)
        if made is not None:
            changes.append((step.id, made, False))
        yield World(step, tuple(changes))


def check(
    before: Tenant,
    steps: Iterable[Step],
    emergency: Sequence[UserId],
    *,
    start: Sequence[tuple[str, Change, bool]] = (),
    people: Sequence[UserId] | None = None,
) -> Iterator[StateProof]:
    """Proves each state of the steps against the tenant before; yields them all, those that fail too."""
    for state in worlds(steps, start):
        after = state.of(before)
        proof = never_weaker(before, after, people)
        yield StateProof(state.step.id, state.open, proof, locked_out(after, emergency))
