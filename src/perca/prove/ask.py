"""Asking: a question, a tenant (or two), some people; and an answer with exact counts and a witness that `decide` confirmed.

A question about nobody is an error. An answer of None is "not assessed": it hangs on data that we don't have, or the budget was
spent; `not_decided` says which.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from operator import is_
from typing import TypeVar

from perca.errors import BadInput
from perca.model import External, NotRead, SignIn, Tenant, User, UserId
from perca.policy import (
    CANNOT_BE,
    Certainty,
    Decision,
    No,
    Rule,
    as_asked,
    as_it_stands,
    covers,
    decide,
    entails,
    is_blocked,
    is_shut_out,
    requires_mfa,
    rulebook,
    shuts_out,
)
from perca.policy.rule import NOT_KNOWN
from perca.prove.budget import Budget, allowing
from perca.prove.inquiry import Disagreement, Inquiry, Witness
from perca.prove.questions import AlwaysMfa, NeverWeaker, bearing, covering, on_side
from perca.prove.walk import BudgetSpent, Verdict, Walk
from perca.space import Column, Side, TooManyDevices, Universe, columns, compared, space, universe_of
from perca.space.roster import roster, share

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Proof:
    """The answer. `holds` is True, False, or None for "not assessed" or not decided.

    `combinations` is the number of sign-ins asked about, `failing` and `unassessed` how many of them aren't fine; `people` how
    many people, `failing_people` and `unassessed_people` who they are.
    """

    question: str
    holds: bool | None
    people: int
    combinations: int
    failing: int
    unassessed: int
    universe: dict[str, int]
    failing_people: tuple[UserId, ...] = ()
    unassessed_people: tuple[UserId, ...] = ()
    witnesses: tuple[Witness, ...] = ()
    assumptions: tuple[str, ...] = ()
    not_decided: str | None = None
    states: int = 0
    strangers: tuple[External, ...] = ()
    """Kinds of people from outside, without an object in the directory, for whom it fails or isn't assessed."""
    externals: int = 0
    """How many of them were asked about; `people` doesn't count them."""
    engine: str = "walk"
    """What answered: `walk`, or `bdd` where the walk's budget was spent."""
    undecided_people: tuple[UserId, ...] = ()
    """Of whom nothing is said, because the budget was spent; what is said of others is exact, and whole."""


WITNESSES = 20
"""At most this many witnesses are given, one for each class of people."""


def always_mfa(
    tenant: Tenant,
    people: Iterable[UserId] | None = None,
    *,
    universe: Universe | None = None,
    budget: Budget | int = 500_000,
) -> Proof:
    """Is MFA (or a block) required at every sign-in of these people, by default of everybody?

    Raises BadInput for a question about nobody or about somebody that the tenant doesn't hold.
    """
    asked = None if people is None else tuple(people)
    try:
        over = universe or universe_of(tenant, people=asked)
    except TooManyDevices as spent:
        return _given_up("always_mfa", tenant.users if asked is None else asked, spent, assumptions(tenant))
    try:
        return answer(about_always_mfa(tenant, over, budget))
    except BudgetSpent as spent:
        return given_up("always_mfa", over, spent, assumptions(tenant, over=over))


def about_always_mfa(tenant: Tenant, over: Universe, budget: Budget | int = 500_000) -> Inquiry[Verdict]:
    """The question behind `always_mfa`; raises BadInput as it does, and BudgetSpent where there was no time to build the classes."""
    check(over, tenant)
    allowed = allowing(budget)
    cut = space(covering(columns(rulebook(tenant))), over, check=allowed.check_time)
    return by_walk(tenant, over, Walk(cut, AlwaysMfa(), allowed))


def by_walk(tenant: Tenant, over: Universe, walk: Walk[Verdict]) -> Inquiry[Verdict]:
    """That question, asked by a walk over a space that is there already."""

    def confirm(sign_in: SignIn, label: Verdict) -> Witness:
        decision, fails = decide(tenant, sign_in), label is Verdict.FAILS
        mays = [
            each.rule
            for each in decision.rules
            if not isinstance(each.answer, No)
            if covers(as_asked(each.rule, sign_in), unknown_as=True)
            or is_shut_out(each.rule, sign_in, unknown_as=True)
        ]
        asked = as_it_stands(decision.guaranteed, sign_in)
        sure = requires_mfa(asked) or is_blocked(asked) or shuts_out(asked, sign_in.client)
        if sure or (fails and mays):
            raise Disagreement(f"walk and decide disagree on {sign_in}")
        return Witness(sign_in, decision, assessed=fails)

    return Inquiry("always_mfa", over, walk, confirm, assumptions(tenant, over=over))


def never_weaker(
    before: Tenant,
    after: Tenant,
    people: Iterable[UserId] | None = None,
    *,
    universe: Universe | None = None,
    budget: Budget | int = 500_000,
) -> Proof:
    """Does `after` ask for everything that `before` asks for, at every sign-in of these people, by default of all in both?

    The two are one tenant at two moments: what could not be read in either is taken to be the same in both (see `policy.reads`).
    Raises BadInput for a question about nobody or about somebody whom one of the tenants doesn't hold.
    """
    shared = (user for user in before.users if user in after.users)
    asked = tuple(people if people is not None else shared)
    try:
        over = universe or universe_of(before, after, people=asked)
    except TooManyDevices as spent:
        return _given_up("never_weaker", asked, spent, assumptions(before, after))
    check(over, before, after)
    sides = bearing(sides_of(before, after, over))
    cut = space(sides, over, only_with=on_side(sides, Side.BEFORE))

    def confirm(sign_in: SignIn, label: Verdict) -> Witness:
        was, now = decide(before, sign_in), decide(after, sign_in)
        hold(label, no_less(now, was), sign_in)
        return Witness(sign_in, now, was, assessed=label is Verdict.FAILS)

    walk = Walk(cut, NeverWeaker(sides), budget)
    return answer(Inquiry("never_weaker", over, walk, confirm, taken(before, after, over)))


def sides_of(
    before: Tenant,
    after: Tenant,
    over: Universe,
    alike: Callable[[Rule, Rule], bool] = lambda rule, twin: True,
) -> tuple[Column, ...]:
    """The rules of both, what they share as one, if they are `alike`; and what is known of people whom both hold is known of both."""
    roster(before, over.people)
    share(after, before)
    return compared(
        rulebook(before), rulebook(after), over.people, strangers=bool(over.strangers), alike=alike
    )


def taken(before: Tenant, after: Tenant, over: Universe) -> tuple[str, ...]:
    """What an answer about two tenants takes for granted."""
    return (
        *assumptions(before, after, over=over),
        "what could not be read is taken to be the same before and after",
    )


def no_less(one: Decision, other: Decision) -> Verdict:
    """Whether the one asks for all that the other asks for, as far as two separate answers can tell."""
    if all(entails(one.guaranteed, clause) for clause in other.possible):
        return Verdict.HOLDS
    at_best = all(entails(one.possible, clause, unknown_as=True) for clause in other.guaranteed)
    return Verdict.UNKNOWN if at_best else Verdict.FAILS


def hold(label: Verdict, told: Verdict, sign_in: SignIn) -> None:
    """Two separate answers don't see what both tenants share: theirs may be UNKNOWN where the walk's holds."""
    if told is not label and (label, told) != (Verdict.HOLDS, Verdict.UNKNOWN):
        raise Disagreement(f"walk and decide disagree on {sign_in}")


def given_up(question: str, over: Universe, why: BudgetSpent, taken: tuple[str, ...]) -> Proof:
    """The answer to a question of which the budget was spent before its classes were built: nothing is known of anybody."""
    return Proof(
        question,
        None,
        len(over.people),
        Walk(space((), over), AlwaysMfa()).rests[0].possible().number,
        0,
        0,
        over.sizes(),
        assumptions=taken,
        not_decided=str(why),
        externals=len(over.strangers),
        undecided_people=over.people,
    )


def _given_up(question: str, people: Iterable[UserId], why: TooManyDevices, taken: tuple[str, ...]) -> Proof:
    """The answer to a question whose sign-ins nobody can list."""
    return Proof(question, None, len(set(people)), 0, 0, 0, {}, not_decided=why.message, assumptions=taken)


def check(universe: Universe, *tenants: Tenant) -> None:
    """Raises BadInput for a question about nobody, about no sign-in, or about somebody whom a tenant doesn't hold."""
    if not universe.people and not universe.strangers:
        raise BadInput("a question about nobody", "name people that the data holds")
    empty = [name for name, size in universe.sizes().items() if not size]
    if empty:
        raise BadInput(
            f"a question about no sign-in at all: no {empty[0]}", "give at least one value of each"
        )
    for users in {id(tenant.users): tenant.users for tenant in tenants}.values():
        if not (_listed(universe.people, users) or all(map(users.__contains__, universe.people))):
            person = next(each for each in universe.people if each not in users)
            raise BadInput(f"person `{person}` is not in the data", "ask about people of the tenant")


def _listed(people: tuple[UserId, ...], users: Mapping[UserId, User]) -> bool:
    """Whether these are a tenant's people as it lists them; False is no answer."""
    return len(people) == len(users) and all(map(is_, people, users))


def assumptions(*tenants: Tenant, over: Universe | None = None) -> tuple[str, ...]:
    """What the answer takes for granted: settings that nobody could read, parts that are missing, rules that aren't Microsoft's word.

    What is the same of several parts or policies is said once, with the names of all of them.
    """
    actions = over is not None and any(target.action is not None for target in over.targets)
    about = "registering security information or a device" if actions else "sign-ins to resources"
    found = [f"existing tokens and sessions are outside the question; it is about {about}"]
    for tenant in tenants:
        settings = tenant.mfa_settings
        if isinstance(settings.trusted_ips, NotRead):
            found.append("the MFA trusted IPs are not known: any place may be one of them")
        if isinstance(settings.trust_federated_intranet, NotRead):
            found.append("whether the federated intranet is trusted is not known")
        if not isinstance(settings.trusted_ips, NotRead):
            found.append("the per-user MFA service settings are the operator's word")
    unread = _together((gap.why, gap.what) for tenant in tenants for gap in tenant.missing)
    found.extend(f"{names} could not be read: {why}" for why, names in unread)
    for each in CANNOT_BE:
        found.append(f"{each.basis.certainty.word}, not Microsoft's word ({each.basis.page}): {each.words}")
    inferred = sorted(each for tenant in tenants for each in _inferred(tenant))
    for (certainty, page), names in _together(inferred):
        found.append(f"{certainty.word}, not Microsoft's word ({page}): {names}")
    return tuple(dict.fromkeys(found))


def _inferred(tenant: Tenant) -> Iterator[tuple[tuple[Certainty, str], str]]:
    """The rules that bear on MFA and rest on less than Microsoft's word: how far and by which page, with the source."""
    for rule in (column.rule for column in covering(columns(rulebook(tenant)))):
        for basis in {rule.basis, *(condition.basis for condition in rule.conditions)} - {NOT_KNOWN}:
            if basis.certainty > Certainty.SCHEMA:
                yield (basis.certainty, basis.page), rule.source.display_name


def _together(named: Iterable[tuple[T, str]]) -> Iterator[tuple[T, str]]:
    """Each thing once, with all of its names."""
    names: dict[T, dict[str, None]] = {}
    for what, name in named:
        names.setdefault(what, {})[name] = None
    for what, each in names.items():
        yield what, ", ".join(f"`{name}`" for name in each)


def answer(asked: Inquiry[Verdict]) -> Proof:
    """The answer to a question of which each sign-in holds, fails or isn't assessed."""
    universe, walk = asked.universe, asked.walk
    sizes = universe.sizes()
    total = asked.combinations
    failing = unassessed = 0
    failing_people: list[UserId] = []
    unassessed_people: list[UserId] = []
    strangers: list[External] = []
    witnesses: list[Witness] = []
    not_decided: str | None = None
    decided = 0
    try:
        for crowd, tally in asked.crowds():
            decided = crowd.position + 1
            failing += crowd.weight * tally.number(Verdict.FAILS)
            unassessed += crowd.weight * tally.number(Verdict.UNKNOWN)
            strangers.extend(crowd.strangers)
            label = Verdict.FAILS if Verdict.FAILS in tally.found else Verdict.UNKNOWN
            (failing_people if label is Verdict.FAILS else unassessed_people).extend(crowd.people)
            if tally.found and len(witnesses) < WITNESSES:
                path = (crowd.position, *tally.found[label].path)
                witnesses.append(asked.witness(path, label))
    except BudgetSpent as spent:
        not_decided = str(spent)
    holds = None if not_decided else False if failing else None if unassessed else True
    witnesses.sort(key=lambda witness: not witness.assessed)
    return Proof(
        asked.question,
        holds,
        len(universe.people),
        total,
        failing,
        unassessed,
        sizes,
        tuple(failing_people),
        tuple(unassessed_people),
        tuple(witnesses),
        asked.assumptions,
        not_decided,
        states=walk.states,
        strangers=tuple(strangers),
        externals=len(universe.strangers),
        engine=asked.engine.name,
        undecided_people=asked.people(decided),
    )
