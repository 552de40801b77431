"""The question whether people get in: at how many of the sign-ins of a universe somebody is barred, and whether at any they aren't.

Barred is `policy.outcome`'s "blocked": a rule that applies blocks, or asks for what can't be done, such as any control of a legacy client.
Whether it can be done hangs on who signs in, with what, on which device, at which risk and to what end. So the values of these
coordinates are told apart by what a capability looks at, each such trait as one more column; rules and traits together decide every
sign-in, by the same `clause_standing` as `decide`.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property, reduce
from itertools import product
from operator import or_
from typing import Protocol

from perca.errors import BadInput
from perca.model import Clause, Device, RiskLevel, SignIn, Tenant, UserId
from perca.policy import (
    Answer,
    Basis,
    Channel,
    Coordinate,
    No,
    Outcome,
    Principal,
    Rule,
    Source,
    Target,
    Yes,
    decide,
    rulebook,
    sign_in_of,
)
from perca.policy.capability import Capability, capability_of
from perca.policy.directory import View
from perca.policy.outcome import clause_standing
from perca.policy.requirement import demand
from perca.policy.rule import NOT_KNOWN
from perca.policy.standing import Standing
from perca.prove.inquiry import Disagreement, Witness
from perca.prove.walk import BudgetSpent, Path, Rest, Verdict, Walk
from perca.space import Column, Space, Universe, columns, space


class Judge(Protocol):
    """How a clause stands for a capability: `policy.outcome.clause_standing`, or one that knows more of the person."""

    def __call__(self, clause: Clause, able: Capability, *, at_risk: bool = False) -> Standing:
        """The standing."""
        ...


@dataclass(frozen=True, slots=True)
class Access:
    """Some people alike, and at how many of their sign-ins (each one's) they are barred; of `unknown` ones nobody knows."""

    people: tuple[UserId, ...]
    combinations: int
    barred: int
    unknown: int
    witness: Witness | None = None
    """A sign-in at which they are barred."""
    unclear: Witness | None = None
    """A sign-in of which nobody knows."""
    not_decided: str | None = None
    rules: tuple[str, ...] = ()
    """The ids of the sources whose rules bar them somewhere, or may, as far as one coordinate after the other can tell."""

    @property
    def ever(self) -> bool | None:
        """Whether they get in somewhere; None where nobody knows."""
        if self.not_decided is not None:
            return None
        if self.barred + self.unknown < self.combinations:
            return True
        return None if self.unknown else False

    @property
    def always(self) -> bool | None:
        """Whether they get in everywhere; None where nobody knows."""
        if self.not_decided is not None:
            return None
        if self.barred:
            return False
        return None if self.unknown else True


def access(
    tenant: Tenant,
    over: Universe,
    *,
    rules: Callable[[Rule], bool] = lambda rule: True,
    judge: Judge = clause_standing,
    budget: int = 500_000,
) -> Iterator[Access]:
    """For each class of the people of the universe, whether they get in by the rules for which `rules` is true.

    A witness is believed only where `decide`, which knows all rules, doesn't let the person in. Raises BadInput for a question
    about nobody.
    """
    if not over.people:
        raise BadInput("a question about nobody", "name people that the data holds")
    traits = _traits(tenant, over)
    held = tuple(each for each in columns(rulebook(tenant)) if rules(each.rule))
    asked = GetsIn(tenant, [each.rule for each in held], traits, judge)
    bearing = tuple(each for each, may in zip(held, asked.may_bar, strict=True) if may)
    asked = GetsIn(tenant, [each.rule for each in bearing], traits, judge)
    cut = space((*bearing, *asked.columns()), over)
    walk = Walk(cut, asked, budget)
    each = walk.rests[1].possible().number
    for position, alike in enumerate(cut.axes[0].classes):
        who = tuple(v.user for v in alike.values if isinstance(v, Principal) and v.user is not None)
        if who:
            yield _of_class(tenant, walk, asked, position, Access(who, each, 0, 0), judge)


def _of_class(
    tenant: Tenant, walk: Walk[Verdict], asked: GetsIn, position: int, found: Access, judge: Judge
) -> Access:
    alive = walk.person(position)[1]
    for axis in walk.space.axes[1:]:
        alive &= reduce(or_, (each.may for each in axis.classes))
    found = replace(found, rules=tuple(dict.fromkeys(rule.source.id for rule in asked.barring(alive))))
    try:
        tally = walk.of_class(position)
    except BudgetSpent as spent:
        return replace(found, not_decided=str(spent))
    shown = {
        verdict: _confirmed(tenant, _shown(walk.space, (position, *some.path)), verdict, judge)
        for verdict, some in tally.found.items()
    }
    return replace(
        found,
        barred=tally.number(Verdict.FAILS),
        unknown=tally.number(Verdict.UNKNOWN),
        witness=shown.get(Verdict.FAILS),
        unclear=shown.get(Verdict.UNKNOWN),
    )


def _shown(cut: Space, path: Path) -> SignIn:
    return sign_in_of(
        {axis.coordinate: axis.classes[at].sample for axis, at in zip(cut.axes, path, strict=True)}
    )


def _confirmed(tenant: Tenant, sign_in: SignIn, worst: Verdict, judge: Judge) -> Witness:
    """The witness. By a judge that knows more than `decide`, it must not be one whom `decide` lets in without a question."""
    decision = decide(tenant, sign_in)
    how = decision.outcome
    if judge is clause_standing:
        agreed = how is Outcome.BLOCKED or (worst is Verdict.UNKNOWN and how is Outcome.NOT_ASSESSED)
    else:
        agreed = how is not Outcome.GRANTED
    if not agreed:
        raise Disagreement(f"walk and decide disagree on {sign_in}")
    return Witness(sign_in, decision, assessed=worst is Verdict.FAILS)


@dataclass(frozen=True, slots=True)
class Trait:
    """What a capability looks at of some coordinate: `part` gives it, `kinds` are all that occur, each with a value that has it."""

    coordinate: Coordinate
    part: Callable[[object], Hashable]
    kinds: tuple[tuple[Hashable, object], ...]


@dataclass(frozen=True, slots=True)
class HasTrait:
    """Holds for the values of one kind: a condition of ours, so that the walk tells them apart."""

    trait: Trait
    kind: Hashable

    @property
    def coordinate(self) -> Coordinate:
        """The trait's."""
        return self.trait.coordinate

    @property
    def basis(self) -> Basis:
        """None: it demands nothing."""
        return NOT_KNOWN

    def holds(self, view: View, value: object) -> Answer:
        """Whether the value is of that kind."""
        return Yes() if self.trait.part(value) == self.kind else No()


def _traits(tenant: Tenant, over: Universe) -> tuple[Trait, ...]:
    @cache
    def person(value: object) -> Hashable:
        assert isinstance(value, Principal)
        able = capability_of(tenant, SignIn(value.user, external=value.external))
        row = able.registration
        shown = None if row is None else (row.is_mfa_registered, row.is_mfa_capable)
        return able.homes, shown, able.registered, able.synchronised

    def channel(value: object) -> Hashable:
        assert isinstance(value, Channel)
        return value.client, value.credential, value.flow

    def device(value: object) -> Hashable:
        assert isinstance(value, Device)
        return value.compliant, value.trust_type

    def target(value: object) -> Hashable:
        assert isinstance(value, Target)
        return value.action

    parts: tuple[tuple[Coordinate, Callable[[object], Hashable], Iterable[object]], ...] = (
        (Coordinate.PRINCIPAL, person, over.principals),
        (Coordinate.CHANNEL, channel, over.channels),
        (Coordinate.USER_RISK, lambda value: value is RiskLevel.NONE, over.user_risks),
        (Coordinate.DEVICE, device, over.devices),
        (Coordinate.TARGET, target, over.targets),
    )
    return tuple(Trait(coordinate, part, _kinds(part, values)) for coordinate, part, values in parts)


def _kinds(
    part: Callable[[object], Hashable], values: Iterable[object]
) -> tuple[tuple[Hashable, object], ...]:
    found: dict[Hashable, object] = {}
    for value in values:
        found.setdefault(part(value), value)
    return tuple(found.items())


class GetsIn:
    """Does the sign-in get in? Holds where it does, perhaps after a prompt; fails where it is barred.

    The columns are the rules, and then a column for each kind of each trait that has several.
    """

    fine = Verdict.HOLDS

    def __init__(self, tenant: Tenant, rules: Sequence[Rule], traits: Sequence[Trait], judge: Judge) -> None:
        self._tenant = tenant
        self._held = tuple(rules)
        self._rules = tuple(demand((rule,)) for rule in rules)
        self._traits = tuple(traits)
        self._judge = judge
        self._first = len(self._rules)
        self._of_kinds: dict[int, tuple[int, int]] = {}
        self._of_one: dict[tuple[int, ...], tuple[int, int]] = {}

    def columns(self) -> Iterator[Column]:
        """The columns of the traits, to stand behind those of the rules."""
        book = rulebook(self._tenant)
        for trait in self._traits:
            for kind, _ in trait.kinds if len(trait.kinds) > 1 else ():
                key = f"perca:trait:{trait.coordinate}"
                yield Column(Rule(key, Source("", key, ""), (HasTrait(trait, kind),), ()), book)

    @cached_property
    def may_bar(self) -> tuple[bool, ...]:
        """For each rule, whether it may bar anybody of the universe where it applies."""
        _, may = self._mays(-1)
        return tuple(bool(may >> position & 1) for position in range(self._first))

    def barring(self, may: int) -> Iterator[Rule]:
        """The rules among those that may apply which may bar somebody of the kinds that are left."""
        _, mays = self._mays(may)
        return (rule for position, rule in enumerate(self._held) if may & mays & 1 << position)

    def kept(self, must: int, may: int, rest: Rest) -> tuple[int, int]:
        """The masks without the rules that bar nobody of the kinds that are left."""
        kinds = (may >> self._first) << self._first
        _, mays = self._mays(may)
        return must & mays | kinds, may & mays | kinds

    def settled(self, must: int, may: int, rest: Rest) -> Verdict | None:
        """Fails where a rule that bars whoever is left is sure to apply; holds where none that may bar anybody can."""
        bars, mays = self._mays(may)
        if not may & mays:
            return Verdict.HOLDS
        return Verdict.FAILS if rest.survives(must & bars) else None

    def verdict(self, must: int, may: int) -> Verdict:
        """Fails iff a rule that bars certainly applies; holds iff none that may bar can."""
        bars, mays = self._mays(may)
        if must & bars:
            return Verdict.FAILS
        return Verdict.UNKNOWN if may & mays else Verdict.HOLDS

    def everywhere(self, label: Verdict, least: tuple[int, int], most: tuple[int, int]) -> bool:
        """No answer: traits of different kinds don't go together."""
        return False

    def _mays(self, alive: int) -> tuple[int, int]:
        """The rules that bar all that are left, and those that may bar some of them, by the kinds whose columns are alive."""
        kinds = alive >> self._first
        found = self._of_kinds.get(kinds)
        if found is None:
            bars, mays = -1, 0
            for each in product(*self._left(kinds)):
                certain, possible = self._one(each)
                bars, mays = bars & certain, mays | possible
            found = self._of_kinds[kinds] = (bars, mays)
        return found

    def _left(self, kinds: int) -> Iterator[list[int]]:
        """For each trait the kinds that are left, by position."""
        for trait in self._traits:
            several = len(trait.kinds) > 1
            yield [n for n in range(len(trait.kinds)) if not several or kinds >> n & 1]
            kinds >>= len(trait.kinds) if several else 0

    def _one(self, kinds: tuple[int, ...]) -> tuple[int, int]:
        """The rules that bar a sign-in of these kinds, and those that may."""
        found = self._of_one.get(kinds)
        if found is None:
            able = capability_of(
                self._tenant, _sign_in([t.kinds[n][1] for t, n in zip(self._traits, kinds, strict=True)])
            )
            bars = mays = 0
            for position, asked in enumerate(self._rules):
                how = [self._judge(c, able, at_risk=c in asked.at_risk) for c in asked.clauses]
                worst = max(how, default=Standing.DONE)
                bars |= (worst is Standing.CANNOT) << position
                mays |= (worst >= Standing.UNKNOWN or bool(asked.unread)) << position
            found = self._of_one[kinds] = (bars, mays)
        return found


def _sign_in(values: Iterable[object]) -> SignIn:
    """A fresh sign-in with these values, as far as a capability looks at it."""
    who, how, risk, device, what = values
    assert isinstance(who, Principal)
    assert isinstance(how, Channel)
    assert isinstance(device, Device)
    assert isinstance(what, Target)
    return SignIn(
        who.user,
        external=who.external,
        client=how.client,
        credential=how.credential,
        flow=how.flow,
        user_risk=RiskLevel(str(risk)),
        device=device,
        action=what.action,
    )
