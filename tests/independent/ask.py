"""The two questions of a proof, asked of z3: a second opinion, written from FACTS.md, DESIGN.md, docs/semantics.md and the corpus.

Whether a sign-in is lost is a formula over the sign-in and the facts that nobody knows. No sign-in is, whatever those are: the claim
holds. One is, whatever those are: it fails, and z3's sign-in shows it. Else it is not assessed. Whether MFA or a block is always asked for
takes into account that a legacy client meets no demand (FACTS 3.3.6): whatever it is asked for blocks it. Whether a tenant asks for less than
another doesn't: there, what is asked for counts and not what a client can do.

Nothing of the product is imported here (tests/laws/test_z3_agrees.py reads the imports). One table isn't in FACTS.md, which services need
which: it is the product's reading of Microsoft's page.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import z3

from independent.demands import MFA, Demand, demands, is_no_less
from independent.sign_in import Bool, SignIn, Snapshot, both, either, opposite


@dataclass(frozen=True)
class Answer:
    """`holds` is None where it hangs on a fact that nobody knows; the question is a sign-in at which it fails, or may."""

    holds: bool | None
    question: dict[str, Any] | None = None


class Claim:
    """What is claimed of all sign-ins, as the formula of those at which it is lost; each answer is about some of them."""

    def __init__(self, sign_in: SignIn, lost: Bool) -> None:
        self.sign_in = sign_in
        self.lost = lost
        self.solver = z3.Solver()
        self.solver.add(sign_in.possible(), lost)

    def answer(self, who: str | None = None, app: str | None = None) -> Answer:
        """Whether it holds at all sign-ins, or at those of one user, or to one application."""
        self.solver.push()
        if who is not None:
            self.solver.add(self.sign_in.who.is_(who))
        if app is not None:
            self.solver.add(self.sign_in.app.is_(app))
        found = self._answer()
        self.solver.pop()
        return found

    def _answer(self) -> Answer:
        first = None
        while is_satisfiable(self.solver):
            model = self.solver.model()
            question = self.sign_in.question(model)
            first = first or question
            world = self._way_out(model)
            if world is None:
                return Answer(False, question)
            # The sign-in that is looked for must be lost in that world, too.
            self.solver.add(z3.substitute(self.lost, *world))
        return Answer(True) if first is None else Answer(None, first)

    def _way_out(self, model: z3.ModelRef) -> list[tuple[Bool, Bool]] | None:
        """How the unknown facts would have to be for that sign-in not to be lost; None where nothing helps."""
        told = [(each, model.eval(each, model_completion=True)) for each in self.sign_in.coordinates()]
        solver = z3.Solver()
        solver.add(z3.Not(z3.substitute(self.lost, *told)))
        if not is_satisfiable(solver):
            return None
        found = solver.model()
        return [(fact, found.eval(fact, model_completion=True)) for fact in self.sign_in.unknown.values()]


def is_satisfiable(solver: z3.Solver) -> bool:
    """Raises TimeoutError where z3 gives up, which is no answer."""
    found = solver.check()
    if found == z3.unknown:
        raise TimeoutError(solver.reason_unknown())
    return bool(found == z3.sat)


def always_mfa(snapshot: Snapshot) -> Claim:
    """MFA, or a block, is certainly asked for, or something that this client can't do: at every sign-in, of strangers, too."""
    sign_in = SignIn(snapshot, strangers=True)
    covering = (
        each.when
        if is_no_less(each.any_of, frozenset({MFA}))
        else both(
            each.when,
            either([is_out_of_reach(sign_in, each.any_of), is_left_without_device(sign_in, each.any_of)]),
        )
        for each in demands(sign_in, snapshot)
    )
    return Claim(sign_in, opposite(either(covering)))


def is_out_of_reach(sign_in: SignIn, any_of: frozenset[Any]) -> Bool:
    """Whether the client meets nothing of that, being a legacy client; ActiveSync is sent to Outlook where that would do (case M36), and what
    becomes of it there nobody says."""
    if any_of & {"approvedApplication", "compliantApplication"}:
        refused = sign_in.fact("who is sent to Outlook doesn't get in")
        return both(
            sign_in.is_legacy(), either([opposite(sign_in.client.is_("exchangeActiveSync")), refused])
        )
    return sign_in.is_legacy()


def is_left_without_device(sign_in: SignIn, any_of: frozenset[Any]) -> Bool:
    """Whether MFA, or nothing, is left of that, because it began with a device code, to which no device can be shown (case M66)."""
    left = any_of - {"compliantDevice", "domainJoinedDevice"}
    return both(sign_in.flow.is_("deviceCodeFlow"), is_no_less(left, frozenset({MFA})) and left != any_of)


def never_weaker(before: Snapshot, after: Snapshot) -> Claim:
    """All that was asked for before is certainly asked for after: at every sign-in of the tenants' people."""
    sign_in = SignIn(before, after, strangers=False)
    now = demands(sign_in, after)
    lost = (both(was.when, opposite(_is_asked(was.any_of, now))) for was in demands(sign_in, before))
    return Claim(sign_in, either(lost))


def _is_asked(any_of: frozenset[Any], now: Iterable[Demand]) -> Bool:
    """Whether one of the demands asks for no less; a block, which nothing meets, does whatever was asked."""
    return either(each.when for each in now if is_no_less(each.any_of, any_of))
