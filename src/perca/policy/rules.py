"""Every source of a requirement, in one visible tuple; and `applies`, the first of the three functions that decide."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from operator import attrgetter

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
"""Of how many values a rulebook keeps what its rules say before it starts anew."""
_ALL_BUT_PEOPLE = tuple(each for each in Coordinate if each is not Coordinate.PRINCIPAL)


@dataclass(frozen=True, slots=True)
class _Said:
    """What each of the rules says of a value, or of several: its answer, and the surest page by which it doesn't apply, if it doesn't."""

    answers: tuple[Answer, ...]
    failing: tuple[Basis | None, ...]


class Rulebook(View):
    """A view of a tenant with all of its rules; what they say of a person, or of everything else, is worked out once."""

    def __init__(self, tenant: Tenant) -> None:
        super().__init__(tenant)
        self._kept: dict[tuple[Hashable, ...], _Said] = {}

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
        who, rest = self._said(sign_in)
        return tuple(map(both, who.answers, rest.answers))

    def bases(self, sign_in: SignIn) -> tuple[Basis | None, ...]:
        """For each of the rules, in their order, how sure it is that it applies, or that it doesn't; None where that is unknown.

        A rule that applies is as sure as the least sure of its conditions and of what it asks for; one that doesn't, as the surest of
        the conditions that fail, for each of them decides.
        """
        who, rest = self._said(sign_in)
        return tuple(
            [
                _surest(failing, other)
                if failing or other
                else None
                if isinstance(one, Unknown) or isinstance(two, Unknown)
                else applying
                for applying, failing, other, one, two in zip(
                    self._applying, who.failing, rest.failing, who.answers, rest.answers, strict=True
                )
            ]
        )

    def _said(self, sign_in: SignIn) -> tuple[_Said, _Said]:
        """What they say of the person, and of everything else."""
        others = tuple([(each, value_at(sign_in, each)) for each in _ALL_BUT_PEOPLE])
        return self._one(Coordinate.PRINCIPAL, value_at(sign_in, Coordinate.PRINCIPAL)), self._several(others)

    def _several(self, values: tuple[tuple[Coordinate, Hashable], ...]) -> _Said:
        found = self._kept.get(values)
        if found is None:
            columns = [self._one(*each) for each in values]
            found = self._keep(
                values,
                tuple(map(every, zip(*[each.answers for each in columns], strict=True))),
                tuple(map(_surest, *[each.failing for each in columns])),
            )
        return found

    def _one(self, coordinate: Coordinate, value: Hashable) -> _Said:
        """What each rule's conditions on that coordinate say of the value."""
        found = self._kept.get((coordinate, value))
        if found is None:
            several = self._conditions[coordinate]
            each = [[condition.holds(self, value) for condition in conditions] for conditions in several]
            found = self._keep(
                (coordinate, value), tuple(map(every, each)), tuple(map(_failing, several, each))
            )
        return found

    def _keep(
        self, key: tuple[Hashable, ...], answers: tuple[Answer, ...], failing: tuple[Basis | None, ...]
    ) -> _Said:
        if len(self._kept) >= MOST_KEPT:
            self._kept.clear()
        found = self._kept[key] = _Said(answers, failing)
        return found

    @cached_property
    def _applying(self) -> tuple[Basis, ...]:
        """How sure it is that each of the rules applies, where all its conditions hold."""
        return tuple(
            weakest(rule.basis, *(condition.basis for condition in rule.conditions)) for rule in self.rules
        )

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


def _failing(conditions: Sequence[Condition], answers: Sequence[Answer]) -> Basis | None:
    """The surest basis of the conditions that don't hold."""
    return _surest(
        *[c.basis for c, answer in zip(conditions, answers, strict=True) if isinstance(answer, No)]
    )


def _surest(*bases: Basis | None) -> Basis | None:
    """The surest of them, the first of those that are as sure."""
    return min(filter(None, bases), key=attrgetter("certainty"), default=None)


def rulebook(tenant: Tenant) -> Rulebook:
    """The tenant's rules; the same object for the same tenant. It lives in the tenant, and as long."""
    book: Rulebook | None = vars(tenant).get("_rulebook")
    if book is None:
        book = vars(tenant)["_rulebook"] = Rulebook(tenant)
    return book


def rules(tenant: Tenant) -> tuple[Rule, ...]:
    """All rules of the tenant."""
    return rulebook(tenant).rules
