"""Every source of a requirement, in one visible tuple; and `applies`, the first of the three functions that decide."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property

from perca.model import SignIn, Tenant
from perca.policy import conditional_access, mandatory_mfa, per_user, security_defaults
from perca.policy.answer import Answer, No, Unknown, both, every
from perca.policy.basis import Basis, weakest
from perca.policy.coordinates import Coordinate, value_at
from perca.policy.directory import View
from perca.policy.requirement import Demand, demand
from perca.policy.rule import Condition, Rule

SOURCES = (per_user.rules, security_defaults.rules, mandatory_mfa.rules, conditional_access.rules)
MOST_KEPT = 50_000
"""How many answers a rulebook keeps before it starts anew."""
MOST_APART = 100
"""And of how many values, condition by condition: those of a sign-in that is being explained, and of the last few."""
_ALL_BUT_PEOPLE = tuple(each for each in Coordinate if each is not Coordinate.PRINCIPAL)


class Rulebook(View):
    """A view of a tenant with all of its rules; what they say of a person, or of everything else, is worked out once."""

    def __init__(self, tenant: Tenant) -> None:
        super().__init__(tenant)
        self._kept: dict[tuple[Hashable, ...], tuple[Answer, ...]] = {}
        self._apart: dict[tuple[Coordinate, Hashable], tuple[tuple[Answer, ...], ...]] = {}

    @cached_property
    def rules(self) -> tuple[Rule, ...]:
        """All rules, enforced and report-only; no two have the same key."""
        return tuple(_told_apart(rule for source in SOURCES for rule in source(self)))

    @cached_property
    def demands(self) -> tuple[Demand, ...]:
        """What each of the rules asks for alone, in their order."""
        return tuple(demand((rule,)) for rule in self.rules)

    def answers(self, sign_in: SignIn) -> tuple[Answer, ...]:
        """`applies` for each of the rules, in their order."""
        others = tuple([(each, value_at(sign_in, each)) for each in _ALL_BUT_PEOPLE])
        return tuple(
            map(
                both,
                self._one(Coordinate.PRINCIPAL, value_at(sign_in, Coordinate.PRINCIPAL)),
                self._several(others),
            )
        )

    def _several(self, values: tuple[tuple[Coordinate, Hashable], ...]) -> tuple[Answer, ...]:
        found = self._kept.get(values)
        if found is None:
            columns = [self._one(*each) for each in values]
            found = self._keep(values, tuple(map(every, zip(*columns, strict=True))))
        return found

    def _one(self, coordinate: Coordinate, value: Hashable) -> tuple[Answer, ...]:
        """What each rule's conditions on that coordinate say of the value."""
        found = self._kept.get((coordinate, value))
        return found or self._keep((coordinate, value), tuple(map(every, self._each(coordinate, value))))

    def _each(self, coordinate: Coordinate, value: Hashable) -> tuple[tuple[Answer, ...], ...]:
        """What each condition of each rule on that coordinate says of the value."""
        key = (coordinate, value)
        found = self._apart.get(key)
        if found is None:
            if len(self._apart) >= MOST_APART:
                self._apart.clear()
            found = self._apart[key] = tuple(
                tuple([condition.holds(self, value) for condition in conditions])
                for conditions in self._conditions[coordinate]
            )
        return found

    def bases(self, sign_in: SignIn) -> tuple[Basis | None, ...]:
        """For each of the rules, in their order, how sure it is that it applies, or that it doesn't; None where that is unknown.

        A rule that applies is as sure as the least sure of its conditions and of what it asks for; one that doesn't, as the surest of
        the conditions that fail, for each of them decides.
        """
        said = {each: self._each(each, value_at(sign_in, each)) for each in Coordinate}
        return tuple(
            _basis(rule, [said[coordinate][number][place] for coordinate, place in places])
            for number, (rule, places) in enumerate(zip(self.rules, self._places, strict=True))
        )

    @cached_property
    def _places(self) -> tuple[tuple[tuple[Coordinate, int], ...], ...]:
        """For each condition of each rule its coordinate, and the how many-th it is of the rule's there."""
        found = []
        for rule in self.rules:
            so_far: Counter[Coordinate] = Counter()
            places = []
            for condition in rule.conditions:
                places.append((condition.coordinate, so_far[condition.coordinate]))
                so_far[condition.coordinate] += 1
            found.append(tuple(places))
        return tuple(found)

    def _keep(self, key: tuple[Hashable, ...], answers: tuple[Answer, ...]) -> tuple[Answer, ...]:
        if len(self._kept) >= MOST_KEPT:
            self._kept.clear()
        self._kept[key] = answers
        return answers

    @cached_property
    def _conditions(self) -> dict[Coordinate, tuple[tuple[Condition, ...], ...]]:
        return {
            coordinate: tuple(
                tuple(each for each in rule.conditions if each.coordinate is coordinate)
                for rule in self.rules
            )
            for coordinate in Coordinate
        }


def _told_apart(rules: Iterable[Rule]) -> Iterator[Rule]:
    """The rules, those that repeat a key with a new one: two policies of a hand-made file may share an id."""
    seen: Counter[str] = Counter()
    for rule in rules:
        seen[rule.key] += 1
        yield rule if seen[rule.key] == 1 else replace(rule, key=f"{rule.key}#{seen[rule.key]}")


def applies(rule: Rule, view: View, sign_in: SignIn) -> Answer:
    """Whether the rule applies to the sign-in: all conditions hold; one that fails decides, whatever else is unknown."""
    return every(
        condition.holds(view, value_at(sign_in, condition.coordinate)) for condition in rule.conditions
    )


def _basis(rule: Rule, answers: Sequence[Answer]) -> Basis | None:
    failing = [c.basis for c, answer in zip(rule.conditions, answers, strict=True) if isinstance(answer, No)]
    if failing:
        return min(failing, key=lambda basis: basis.certainty)
    if any(isinstance(answer, Unknown) for answer in answers):
        return None
    return weakest(rule.basis, *(condition.basis for condition in rule.conditions))


def rulebook(tenant: Tenant) -> Rulebook:
    """The tenant's rules; the same object for the same tenant. It lives in the tenant, and as long."""
    book: Rulebook | None = vars(tenant).get("_rulebook")
    if book is None:
        book = vars(tenant)["_rulebook"] = Rulebook(tenant)
    return book


def rules(tenant: Tenant) -> tuple[Rule, ...]:
    """All rules of the tenant."""
    return rulebook(tenant).rules
