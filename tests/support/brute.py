"""Brute force: every raw sign-in, addresses one by one, judged by `perca.policy` alone.

The partner of the walk. It knows nothing of classes, axes or questions, and imports nothing of `perca.space` or `perca.prove`
(tests/laws/test_space_equals_brute_force.py reads its imports): it has its own universe, its own masks and its own words for the
two questions. What each rule's conditions say of one value is asked once for each value, since a condition looks at one coordinate;
that this is `applies` is checked beside it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import product
from typing import Protocol

from perca.model import (
    BuiltIn,
    Clause,
    ClientApp,
    Flow,
    Requirement,
    SignIn,
    Tenant,
    UnrecognisedControl,
    UserId,
)
from perca.policy import (
    Channel,
    Coordinate,
    No,
    Principal,
    Rule,
    Rulebook,
    Target,
    Yes,
    entails,
    is_blocked,
    requirement,
    requires_mfa,
    rulebook,
    sign_in_of,
)
from perca.policy.answer import every
from perca.policy.reads import SideBySide

COORDINATES = tuple(each for each in Coordinate if each is not Coordinate.NOTHING)


@dataclass(frozen=True)
class Raw:
    """The raw values of each coordinate, each of them once: all of their combinations are asked about."""

    values: Mapping[Coordinate, tuple[Hashable, ...]]

    @property
    def total(self) -> int:
        """How many sign-ins there are."""
        total = 1
        for coordinate in COORDINATES:
            total *= len(self.values[coordinate])
        return total

    @property
    def principals(self) -> tuple[Principal, ...]:
        """Whom it is about."""
        return tuple(each for each in self.values[Coordinate.PRINCIPAL] if isinstance(each, Principal))

    def sign_ins(self) -> Iterator[SignIn]:
        """Every sign-in, person by person."""
        for values in product(*(self.values[coordinate] for coordinate in COORDINATES)):
            yield sign_in_of(dict(zip(COORDINATES, values, strict=True)))


class Verdict(Enum):
    """What is true of one sign-in."""

    HOLDS = 0
    FAILS = 1
    NOT_ASSESSED = 2


@dataclass(frozen=True, slots=True)
class Count:
    """How many sign-ins there are, how many fail or aren't assessed, and whose; nobody is in both sets."""

    total: int
    fails: int
    unassessed: int
    failing: frozenset[Principal]
    unclear: frozenset[Principal]


class Judging(Protocol):
    """What says of one value of a coordinate two things, each a set of `width` bits in one number."""

    width: int

    def both(self, coordinate: Coordinate, value: object) -> int: ...


class Judge:
    """One tenant's rules, and for each value of a coordinate which of them its conditions there leave possible or certain."""

    def __init__(self, tenant: Tenant) -> None:
        self.book: Rulebook = rulebook(tenant)
        self.rules: tuple[Rule, ...] = tuple(rule for rule in self.book.rules if rule.enforced)
        self.width = len(self.rules)

    def answers(self, coordinate: Coordinate, value: object) -> tuple[int, int]:
        """The rules whose conditions on that coordinate certainly hold for the value, and those whose conditions might."""
        must = may = 0
        for position, rule in enumerate(self.rules):
            held = every(c.holds(self.book, value) for c in rule.conditions if c.coordinate is coordinate)
            must |= isinstance(held, Yes) << position
            may |= (not isinstance(held, No)) << position
        return must, may

    def both(self, coordinate: Coordinate, value: object) -> int:
        """The two sets of rules in one number, the possible ones above the certain ones."""
        must, may = self.answers(coordinate, value)
        return must | may << self.width

    def chosen(self, bits: int) -> list[Rule]:
        """The rules of a set."""
        return [rule for position, rule in enumerate(self.rules) if bits >> position & 1]


EXCHANGE = "00000002-0000-0ff1-ce00-000000000000"


class Clients:
    """Which of the two legacy clients it is, a bit each; whether with a device code; and whether to anything but Exchange."""

    width = 2

    def both(self, coordinate: Coordinate, value: object) -> int:
        """All bits that the value says nothing against."""
        found = 0b1111
        if isinstance(value, Channel):
            clients = (value.client is ClientApp.OTHER) | (value.client is ClientApp.ACTIVE_SYNC) << 1
            found &= 0b1000 | clients | (value.flow is Flow.DEVICE_CODE) << 2
        if isinstance(value, Target) and value.app == EXCHANGE:
            found &= 0b0111
        return found


def cannot_be(clients: int) -> bool:
    """Whether it is Exchange ActiveSync to something else than Exchange."""
    return clients & 0b1010 == 0b1010


def with_a_code(asked: Requirement, clients: int) -> Requirement:
    """What is asked for; with a device code nothing that a device would do for, and a block where nothing else would."""
    devices = {BuiltIn.COMPLIANT_DEVICE, BuiltIn.DOMAIN_JOINED_DEVICE}
    if not clients & 0b100:
        return asked
    return frozenset(clause - devices or frozenset({BuiltIn.BLOCK}) for clause in asked)


SENT_TO_OUTLOOK = {BuiltIn.APPROVED_APPLICATION, BuiltIn.COMPLIANT_APPLICATION}


def shut_out(asked: Requirement, clients: int) -> bool:
    """Whether a legacy client certainly doesn't get in: of all that one clause would take it can do nothing."""
    return bool(clients) and any(_is_out_of_reach(clause, active_sync=clients == 0b10) for clause in asked)


def _is_out_of_reach(clause: Clause, *, active_sync: bool) -> bool:
    may_be_retired = clause == {BuiltIn.APPROVED_APPLICATION}
    is_read = not any(isinstance(control, UnrecognisedControl) for control in clause)
    return is_read and not may_be_retired and not (active_sync and clause & SENT_TO_OUTLOOK)


def always_mfa(tenant: Tenant, raw: Raw) -> Count:
    """Counts the sign-ins at which somebody may get in without MFA."""
    return _count(answers(tenant, raw))


def answers(tenant: Tenant, raw: Raw) -> dict[Principal, list[Verdict | None]]:
    """The same of each sign-in, person by person, in the order of `Raw.sign_ins`; None of one that can't be."""
    judge = Judge(tenant)
    known: dict[int, Verdict | None] = {}

    def verdict(key: int) -> Verdict | None:
        if key not in known:
            clients = key >> 2 * judge.width
            certain = with_a_code(requirement(judge.chosen(key)), clients)
            possible = with_a_code(requirement(judge.chosen(key >> judge.width)), clients)
            clients, known[key] = clients & 0b11, None
            if cannot_be(key >> 2 * judge.width):
                pass
            elif requires_mfa(certain) or is_blocked(certain) or shut_out(certain, clients):
                known[key] = Verdict.HOLDS
            elif requires_mfa(possible, unknown_as=True) or is_blocked(possible) or (clients and possible):
                known[key] = Verdict.NOT_ASSESSED
            else:
                known[key] = Verdict.FAILS
        return known[key]

    return {who: [verdict(key) for key in keys] for who, keys in _by_person(raw, [judge, Clients()])}


def never_weaker(before: Tenant, after: Tenant, raw: Raw) -> Count:
    """Counts the sign-ins at which the tenant after asks for less than the tenant before.

    It holds where the most that may be asked for before is entailed by the least that is certain after, and fails where the
    least before isn't entailed by the most after; a rule that is the same unknown in both may apply in both or in neither.
    """
    found = changes(before, after, raw)
    return _count({who: [one and one[0] for one in each] for who, each in found.items()})


Change = tuple[Verdict, Verdict, bool]
"""Whether no less is asked for, and no more; and whether nobody gets in any more for certain, where somebody might before."""


def changes(before: Tenant, after: Tenant, raw: Raw) -> dict[Principal, list[Change | None]]:
    """How the two differ at each sign-in, person by person, in the order of `Raw.sign_ins`; None of one that can't be."""
    one, two = Judge(before), Judge(after)
    same = _same(one, two, raw)
    places = {rule.key: position for position, rule in enumerate(two.rules)}
    known: dict[tuple[int, int], Change] = {}

    def change(key: int, shared: int, theirs: int) -> Change | None:
        if cannot_be(key >> 2 * (one.width + two.width)):
            return None
        found = known.get((key, shared))
        if found is None:
            first, second = _cut(one, key), _cut(two, key >> 2 * one.width)
            found = known[key, shared] = (
                _weaker(one, first, two, second, shared),
                _weaker(two, second, one, first, theirs),
                is_blocked(requirement(two.chosen(second[0])))
                and not is_blocked(requirement(one.chosen(first[1]))),
            )
        return found

    found = {}
    for who, keys in _by_person(raw, [one, two, Clients()]):
        mine = [position for position, people in same.items() if who.user in people]
        shared = sum(1 << position for position in mine)
        theirs = sum(1 << places[one.rules[position].key] for position in mine)
        found[who] = [change(key, shared, theirs) for key in keys]
    return found


def _cut(judge: Judge, key: int) -> tuple[int, int]:
    """A tenant's rules that certainly apply, and those that may."""
    return key & _ones(judge.width), key >> judge.width & _ones(judge.width)


def _weaker(one: Judge, before: tuple[int, int], two: Judge, after: tuple[int, int], shared: int) -> Verdict:
    (must_before, may_before), (must_after, may_after) = before, after
    open_in_both = shared & (may_before & ~must_before)
    most, least = requirement(one.chosen(may_before & ~open_in_both)), requirement(one.chosen(must_before))
    certain, possible = requirement(two.chosen(must_after)), requirement(two.chosen(may_after))
    if all(entails(certain, clause) for clause in most):
        return Verdict.HOLDS
    if all(entails(possible, clause, unknown_as=True) for clause in least):
        return Verdict.NOT_ASSESSED
    return Verdict.FAILS


def _same(one: Judge, two: Judge, raw: Raw) -> dict[int, frozenset[UserId]]:
    """For each rule of the tenant before, by position: for whom the tenant after has the very same rule."""
    people = frozenset(each.user for each in raw.principals if each.user is not None)
    side_by_side = SideBySide(one.book, two.book, people)
    twins = {rule.key: rule for rule in two.rules}
    return {
        position: side_by_side.same(rule, twins[rule.key]) if rule.key in twins else frozenset()
        for position, rule in enumerate(one.rules)
    }


def _by_person(raw: Raw, judges: Sequence[Judging]) -> Iterator[tuple[Principal, list[int]]]:
    """For each person, one number for each of their sign-ins: what all judges say of it, the later ones above."""

    def number(coordinate: Coordinate, value: object) -> int:
        found = shift = 0
        for judge in judges:
            found |= judge.both(coordinate, value) << shift
            shift += 2 * judge.width
        return found

    rest = [number(Coordinate.NOTHING, None)]
    for coordinate in COORDINATES:
        if coordinate is not Coordinate.PRINCIPAL:
            here = [number(coordinate, value) for value in raw.values[coordinate]]
            rest = [so_far & one for so_far in rest for one in here]
    for who in raw.principals:
        mine = number(Coordinate.PRINCIPAL, who)
        yield who, [mine & one for one in rest]


def _count(answers: Mapping[Principal, list[Verdict | None]]) -> Count:
    found = {who: Counter(one for one in each if one is not None) for who, each in answers.items()}
    failing = frozenset(who for who, each in found.items() if each[Verdict.FAILS])
    unclear = frozenset(who for who, each in found.items() if each[Verdict.NOT_ASSESSED]) - failing
    whole = sum(found.values(), Counter[Verdict]())
    return Count(whole.total(), whole[Verdict.FAILS], whole[Verdict.NOT_ASSESSED], failing, unclear)


def _ones(width: int) -> int:
    return (1 << width) - 1
