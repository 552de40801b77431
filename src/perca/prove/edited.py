""" "Always MFA" asked again and again, of a tenant whose policies are edited in between: only what an edit touches is made anew.

For whoever keeps a proof: a portal, a watch, a search for the smallest change. LAW: each answer is that of `always_mfa`, and of `coverage`,
from scratch: verdict, counts, people, sign-ins that `decide` confirms. Only `Proof.states` says what this one took. An edit of places
makes their axis anew; one of people, groups, roles or other settings makes everything anew, and costs what the first proof did.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Set
from dataclasses import fields, replace

from perca.model import Tenant, UserId
from perca.policy import Coordinate, rulebook
from perca.prove.ask import Proof, answer, by_walk, check
from perca.prove.budget import Budget, allowing
from perca.prove.coverage import Coverage, covered
from perca.prove.inquiry import Inquiry
from perca.prove.questions import AlwaysMfa, covering
from perca.prove.walk import Verdict, Walk
from perca.space import Universe, columns, universe_of
from perca.space.kept import Kept
from perca.space.roster import share
from perca.space.universe import beside

POLICIES = frozenset({"policies", "strengths", "display_name"})
"""What of a tenant only its rules hang on, and the values that they can tell apart: both are looked at again after each edit."""
PLACES = frozenset({"named_locations", "mfa_settings", "missing"})
"""What of a tenant conditions on the network look at besides, and no others."""


class Edited:
    """A tenant as it was last edited, with its proof. `over` narrows the universe, as `at_user_actions` does.

    Raises BadInput for a question about nobody, and TooManyDevices where nobody can list the sign-ins; what was asked last is then
    still what it was.
    """

    def __init__(
        self,
        tenant: Tenant,
        people: Iterable[UserId] | None = None,
        *,
        over: Callable[[Universe], Universe] = lambda universe: universe,
        budget: Budget | int = 500_000,
    ) -> None:
        self._asked = None if people is None else tuple(dict.fromkeys(people))
        self._over = over
        self._budget = allowing(budget)
        self._begin(tenant)

    def _begin(self, tenant: Tenant) -> None:
        whole = universe_of(tenant, people=self._asked)
        over = self._over(whole)
        check(over, tenant)
        kept = Kept(covering(columns(rulebook(tenant))), over)
        self._set(tenant, whole, kept, by_walk(tenant, over, self._walk(kept)))

    def _set(self, tenant: Tenant, whole: Universe, kept: Kept, inquiry: Inquiry[Verdict]) -> None:
        self.tenant, self._whole, self._kept, self.inquiry = tenant, whole, kept, inquiry
        self._proof: Proof | None = None

    def _walk(self, kept: Kept) -> Walk[Verdict]:
        return Walk(kept.space, AlwaysMfa(), self._budget)

    def to(self, tenant: Tenant) -> Proof:
        """The proof of the tenant as it is now; the next edit is held against this one."""
        tenant = _with_the_same(tenant, self.tenant)
        differs = {each.name for each in fields(Tenant) if not _is_one(tenant, self.tenant, each.name)}
        share(tenant, self.tenant)
        if differs - POLICIES - PLACES:
            self._begin(tenant)
            return self.proof
        whole = beside(self._whole, self.tenant, tenant)
        over = self._over(whole)
        moved = self._kept.move(covering(columns(rulebook(tenant))), over, _remade(differs))
        if moved is None:
            self._begin(tenant)
            return self.proof
        walk = self._walk(self._kept)
        walk.take_over(self.inquiry.walk, moved)
        self._set(tenant, whole, self._kept, by_walk(tenant, over, walk))
        return self.proof

    @property
    def proof(self) -> Proof:
        """The answer for the tenant as it was last edited."""
        if self._proof is None:
            self._proof = answer(self.inquiry)
        return self._proof

    def coverage(self) -> dict[UserId, Coverage]:
        """The coverage of each person of the question."""
        return covered(self.inquiry.engine, self.inquiry.universe.people)


def _remade(differs: Set[str]) -> frozenset[Coordinate]:
    """The coordinates on which conditions that stayed may see other facts."""
    return frozenset({Coordinate.NETWORK}) if differs & PLACES else frozenset()


def _is_one(one: Tenant, two: Tenant, name: str) -> bool:
    return getattr(one, name) is getattr(two, name)


def _with_the_same(tenant: Tenant, kin: Tenant) -> Tenant:
    """The tenant with kin's own value for each that is equal, so that what is known of it is known of both."""
    equal = {
        each.name: getattr(kin, each.name)
        for each in fields(Tenant)
        if not _is_one(tenant, kin, each.name) and getattr(tenant, each.name) == getattr(kin, each.name)
    }
    return replace(tenant, **equal)
