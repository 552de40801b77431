"""Any membership: the answer, and the size of the smallest membership that opens a way in, are those of trying all of them."""

from collections import Counter
from dataclasses import replace
from itertools import combinations

import pytest

from perca.model import PolicyId, Tenant, UserCondition, UserScope
from perca.prove import always_mfa
from perca.prove.hypothetical import Join, Somebody, Sort, groups_of, with_people
from perca.prove.membership import whatever_membership
from support.dice import WHAT
from support.random_tenants import GROUPS, ROLES, Maker

NUMBERS = range(60)


def small(number: int) -> Tenant:
    """A random tenant; every other one of policies that ask for MFA everywhere of some people, one in all of everybody."""
    maker = Maker(number, unknown=0.0 if number % 3 else 0.1, settling=False)
    tenant = replace(maker.tenant(), security_defaults=False)
    if number % 2:
        return tenant
    policies = [maker.broad() for _ in range(maker.dice.randint(1, 4))]
    for at, each in enumerate(policies):
        exclude = UserScope(groups=maker.some(GROUPS, 2), roles=maker.some(ROLES[:2], 1))
        include = UserScope(groups=maker.some(GROUPS, 2)) if at % 2 else UserScope(everyone=True)
        users = UserCondition(include, UserScope() if number % 5 == 0 and not at else exclude)
        policies[at] = replace(each, id=PolicyId(f"policy-{at}"), users=users)
    if maker.maybe(0.2):
        policies[0] = replace(policies[0], unrecognised=(WHAT,))
    return replace(tenant, policies=tuple(policies))


def verdicts(tenant: Tenant, joins: list[Join]) -> dict[int, Counter[bool | None]]:
    """By how much was joined, what is true of everybody who joined so much."""
    found: dict[int, Counter[bool | None]] = {}
    named = {
        u
        for p in tenant.policies
        if hasattr(p.users, "include")
        for s in (p.users.include, p.users.exclude)
        for u in s.users
    }
    people = [*(Somebody(sort) for sort in Sort), *(Somebody(named=each) for each in sorted(named))]
    for size in range(len(joins) + 1):
        tried = [who.joining(*some) for who in people for some in combinations(joins, size)]
        made, ids = with_people(tenant, tried)
        proof = always_mfa(made, ids)
        fails, unclear = len(proof.failing_people), len(proof.unassessed_people)
        found[size] = Counter({False: fails, None: unclear, True: len(ids) - fails - unclear})
    return found


@pytest.mark.parametrize("number", NUMBERS)
def test_it_is_as_if_all_were_tried(number: int) -> None:
    tenant = small(number)
    told = whatever_membership(tenant)
    by_size = verdicts(tenant, list(told.joins))
    failing = [size for size, found in by_size.items() if found[False]]
    unclear = [size for size, found in by_size.items() if found[None]]
    assert told.not_decided is None
    assert told.holds is (False if failing else None if unclear else True)
    if told.holds is not True:
        smallest = min(failing or unclear)
        assert {len(each.who.joined) for each in told.openings} == {smallest}
        wanted = False if failing else None
        assert {each.proof.holds for each in told.openings} == {wanted}
        assert len(told.openings) == min(by_size[smallest][wanted], 20)


def test_what_makes_no_difference_is_left_out_and_nothing_else() -> None:
    for number in range(0, 30, 3):
        tenant = small(number)
        told = whatever_membership(tenant)
        others = [each for each in groups_of(tenant) if each not in told.joins]
        for other in others[:2]:
            one, two = (with_people(tenant, [Somebody(joined=frozenset(some))]) for some in ((), (other,)))
            assert always_mfa(*one).failing == always_mfa(*two).failing


def test_the_tenants_are_worth_their_while() -> None:
    found = [whatever_membership(small(number)) for number in NUMBERS]
    assert min(Counter(each.holds for each in found)[word] for word in (True, False, None)) >= 2
    sizes = Counter(len(each.openings[0].who.joined) for each in found if each.openings)
    assert min(sizes[size] for size in (0, 1, 2)) >= 1, sizes
