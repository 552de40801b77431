"""Is MFA always required, whoever somebody is and whatever they join? Or the smallest membership that opens a way in without.

Free are the direct memberships of groups and the roles, one by one; nesting implies what it implies. What a rule makes of
somebody is asked of `policy` for people with one membership, and with two; from this each rule is known as an OR of what takes
somebody in, without an OR of what leaves them out. A gap needs, for some sign-in, memberships by which no rule that covers that
sign-in is about the person: for each rule alive something must be joined that leaves them out. That is searched completely.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from perca.errors import BadInput
from perca.model import GroupId, NotRead, Tenant, UserId
from perca.policy import IMPOSSIBLE, Coordinate, Principal, rulebook
from perca.policy.administrators import ROLES
from perca.prove.ask import Proof, about_always_mfa, answer
from perca.prove.budget import Budget, BudgetSpent, allowing
from perca.prove.hypothetical import Join, Somebody, Sort, groups_of, scopes, with_people
from perca.prove.inquiry import Inquiry
from perca.prove.questions import covering
from perca.prove.walk import Verdict
from perca.space import Space, Universe, columns, masks, space, universe_of

MOST_STEPS = 200_000
"""At most this many memberships are tried; then the question isn't decided."""
MOST_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Opening:
    """Somebody with a membership that is as small as any, for whom `proof` says that MFA isn't always required."""

    who: Somebody
    tenant: Tenant
    """The tenant with nobody but that person."""
    asked: Inquiry[Verdict]
    proof: Proof


@dataclass(frozen=True, slots=True)
class Memberships:
    """The answer: `holds` is True, False, or None for not assessed or not decided."""

    holds: bool | None
    openings: tuple[Opening, ...]
    joins: tuple[Join, ...]
    """What somebody may join that makes a difference."""
    sorts: int
    not_decided: str | None = None
    pinned: tuple[str, ...] = field(default=())


def whatever_membership(
    tenant: Tenant,
    *,
    pinned: Iterable[str] = (),
    over: Callable[[Universe], Universe] = lambda universe: universe,
    budget: Budget | int = 500_000,
) -> Memberships:
    """Answers for people of each kind with any membership; `pinned` are groups, roles and people that aren't asked about.

    `over` makes the sign-ins that are asked about of all to resources. The states of the budget are those of each proof, its time and
    memory those of the whole.

    Raises BadInput for one of them that no policy names.
    """
    allowed = allowing(budget)
    left_out = frozenset(pinned)
    told = tuple(sorted(left_out))
    _check(tenant, left_out)
    people = [
        *(Somebody(sort) for sort in Sort),
        *(Somebody(named=each) for each in sorted(_named(tenant) - left_out)),
    ]
    joins = tuple(each for each in _joins(tenant) if each not in left_out)
    openings: list[Opening] = []
    spent: str | None = None
    sure = False
    try:
        probe = _Probe(tenant, people, joins, over, allowed)
        joins = probe.matter
        steps = _Steps(allowed)
        for certain in (True, False):
            for who in _smallest(probe, certain, steps)[:MOST_SHOWN]:
                openings.append(_opening(tenant, who, over, allowed))
                sure |= certain and openings[-1].proof.holds is False
            if openings:
                break
    except BudgetSpent as reason:
        spent = str(reason)
    spent = spent or next((each.proof.not_decided for each in openings if each.proof.not_decided), None)
    holds = False if sure else None if openings or spent else True
    return Memberships(holds, tuple(openings), joins, len(people), spent, told)


def _check(tenant: Tenant, pinned: frozenset[str]) -> None:
    known = {str(each) for _, scope in scopes(tenant) for each in (*scope.groups, *scope.roles, *scope.users)}
    for each in sorted(pinned - known):
        raise BadInput(
            f"no policy names `{each}`", "give the id of a group, role or person that policies name"
        )


def _named(tenant: Tenant) -> set[UserId]:
    return {user for _, scope in scopes(tenant) for user in scope.users}


def _joins(tenant: Tenant) -> Iterator[Join]:
    """What may make a difference: the groups, for any may be within one that is named; and the roles that rules name."""
    named = {group for _, scope in scopes(tenant) for group in scope.groups}
    inner = {
        member
        for each in tenant.groups.values()
        if not isinstance(each.members, NotRead)
        for member in each.members
    }
    yield from (g for g in groups_of(tenant) if g in named)
    yield from (g for g in groups_of(tenant) if g not in named and str(g) in inner)
    yield from sorted({role for _, scope in scopes(tenant) for role in scope.roles} | set(ROLES))


def _opening(tenant: Tenant, who: Somebody, over: Callable[[Universe], Universe], budget: Budget) -> Opening:
    alone, ids = with_people(tenant, [who])
    asked = about_always_mfa(alone, over(universe_of(alone, people=ids)), budget)
    return Opening(who, alone, asked, answer(asked))


@dataclass(frozen=True, slots=True)
class _Literals:
    """For one kind of person, what each rule makes of them: whether it is about them anyway, and which memberships take in or leave out."""

    anyway: int
    takes_in: tuple[frozenset[Join], ...]
    leaves_out: tuple[frozenset[Join], ...]

    def alive(self, rules: int, joined: frozenset[Join]) -> int | None:
        """One of the rules that is about somebody who joined that; None when none is."""
        while rules:
            position = rules.bit_length() - 1
            rules ^= 1 << position
            taken_in = self.anyway >> position & 1 or self.takes_in[position] & joined
            if taken_in and not self.leaves_out[position] & joined:
                return position
        return None


class _Probe:
    """What the rules make of people with no membership, with one, and with two; and the sign-ins as least sets of rules alive."""

    def __init__(
        self,
        tenant: Tenant,
        people: Sequence[Somebody],
        joins: Sequence[Join],
        over: Callable[[Universe], Universe],
        budget: Budget,
    ) -> None:
        self.people = people
        self._budget = budget
        self.dynamic = frozenset(
            join for join in joins if (held := tenant.groups.get(GroupId(join))) and held.membership_rule
        )
        asked = [who.joining(*more) for who in people for more in ((), *((join,) for join in joins))]
        seen = _Seen(tenant, asked, over, budget)
        pairs = [
            who.joining(first, second)
            for who in people
            for first in dict.fromkeys(_firsts(seen, who, joins))
            for second in joins
        ]
        more = _Seen(tenant, pairs, over, budget) if pairs else None
        self._joins = joins
        self._literals = {
            (who, certain): self._of(seen, more, who, certain) for who in people for certain in (True, False)
        }
        effects = (each for found in self._literals.values() for each in (*found.takes_in, *found.leaves_out))
        matter = frozenset(join for effect in effects for join in effect)
        self.matter = tuple(join for join in joins if join in matter)
        """The memberships that make a difference to some rule."""
        cut = seen.cut
        self._least = {certain: tuple(_least(cut, certain, budget)) for certain in (True, False)}

    def literals(self, who: Somebody, certain: bool) -> _Literals:
        """Of the rules that may apply, to find what certainly opens; else of those that must."""
        return self._literals[who, certain]

    def least(self, certain: bool) -> tuple[int, ...]:
        """The least sets of rules that cover some sign-in, whoever signs in."""
        return self._least[certain]

    def _of(self, seen: _Seen, more: _Seen | None, who: Somebody, certain: bool) -> _Literals:
        none = seen.masks[who][certain]
        one = {join: seen.masks[who.joining(join)][certain] for join in self._joins}
        takes_in: list[frozenset[Join]] = []
        leaves_out: list[frozenset[Join]] = []
        for position in range(len(seen.cut.columns)):
            self._budget.check_time()
            bit = 1 << position
            inside = frozenset(join for join, mask in one.items() if mask & bit and not none & bit)
            if none & bit:
                outside = frozenset(join for join, mask in one.items() if not mask & bit)
            elif inside and more is not None:
                first = next(join for join in self._joins if join in inside)
                both = {join: more.masks[who.joining(first, join)][certain] for join in self._joins}
                outside = frozenset(join for join, mask in both.items() if not mask & bit)
            else:
                outside = frozenset()
            takes_in.append(inside)
            leaves_out.append(outside)
        return _Literals(none, tuple(takes_in), tuple(leaves_out))


def _firsts(seen: _Seen, who: Somebody, joins: Sequence[Join]) -> Iterator[Join]:
    """For each rule that some membership takes the person into, the first such."""
    for certain in (True, False):
        left = (1 << len(seen.cut.columns)) - 1 & ~seen.masks[who][certain]
        for join in joins:
            if new := seen.masks[who.joining(join)][certain] & left:
                left &= ~new
                yield join


class _Seen:
    """People, and of each the rules that may be about them (`True`) and that must be (`False`)."""

    def __init__(
        self,
        tenant: Tenant,
        people: Sequence[Somebody],
        over: Callable[[Universe], Universe],
        budget: Budget,
    ) -> None:
        budget.check_memory()
        made, ids = with_people(tenant, people)
        about = over(universe_of(made, people=ids))
        self.cut = space(covering(columns(rulebook(made))), about, check=budget.check_time)
        self.masks: dict[Somebody, dict[bool, int]] = {}
        for id, who in zip(ids, people, strict=True):
            budget.check_time()
            must, may = masks(self.cut.columns, Coordinate.PRINCIPAL, Principal(id))
            self.masks[who] = {True: may & self.cut.may, False: must & self.cut.must}


def _least(cut: Space, certain: bool, budget: Budget) -> set[int]:
    """The sets of rules alive at some sign-in that can be, whoever signs in; of two, the one within the other alone."""
    states = {IMPOSSIBLE: {cut.may if certain else cut.must}}
    for axis in cut.axes[1:]:
        below: dict[int, set[int]] = {}
        for cannot, some in states.items():
            for each in axis.classes:
                mask = each.may if certain else each.must
                below.setdefault(cannot & each.cannot, set()).update(state & mask for state in some)
        states = {cannot: _minimal(some, budget) for cannot, some in below.items()}
    return states.get(0, set())


def _minimal(states: set[int], budget: Budget) -> set[int]:
    found: list[int] = []
    for state in sorted(states, key=int.bit_count):
        budget.check_time()
        if not any(less & state == less for less in found):
            found.append(state)
    return set(found)


class _Steps:
    def __init__(self, budget: Budget) -> None:
        self._left = MOST_STEPS
        self._budget = budget

    def take(self) -> None:
        """One more; raises BudgetSpent."""
        self._left -= 1
        if not self._left:
            raise BudgetSpent(f"more than {MOST_STEPS:,} memberships")
        self._budget.check_time()


def _smallest(probe: _Probe, certain: bool, steps: _Steps) -> list[Somebody]:
    """Everybody with a membership that opens a way in and is as small as any; empty when none does.

    For certain a dynamic group is never joined: who knows whether its rule can take in such a person.
    """
    barred = probe.dynamic if certain else frozenset()
    waiting: dict[tuple[Somebody, int], set[frozenset[Join]]] = {
        (who, rules): {frozenset()} for who in probe.people for rules in probe.least(certain)
    }
    while waiting:
        found: set[Somebody] = set()
        further: dict[tuple[Somebody, int], set[frozenset[Join]]] = {}
        for (who, rules), tried in waiting.items():
            literals = probe.literals(who, certain)
            for joined in tried:
                steps.take()
                alive = literals.alive(rules, joined)
                if alive is None:
                    found.add(who.joining(*joined))
                    continue
                for join in literals.leaves_out[alive] - joined - barred:
                    further.setdefault((who, rules), set()).add(joined | {join})
        if found:
            places = {who: place for place, who in enumerate(probe.people)}
            return sorted(found, key=lambda each: (places[each.alone], sorted(each.joined)))
        waiting = further
    return []
