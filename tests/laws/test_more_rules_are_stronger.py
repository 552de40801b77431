"""Adding a policy never weakens, excluding never adds, and a policy that only reports changes nothing."""

from dataclasses import replace

from hypothesis import assume, given
from hypothesis import strategies as st

from perca.model import PolicyId, PolicyState, Tenant, Unrecognised, UserCondition
from perca.policy import Mfa, No, Outcome, Yes, applies, decide, entails, rulebook
from perca.prove import always_mfa, never_weaker
from support.random_tenants import APPS, GROUPS, PEOPLE, UNIVERSE, Maker, sign_ins

SIGN_INS = list(sign_ins())
BEST_FIRST = (Outcome.GRANTED, Outcome.PROMPT, Outcome.BLOCKED)
numbers = st.integers(0, 2**32)


def with_more(maker: Maker, tenant: Tenant) -> Tenant:
    """The tenant with another policy; one that is on would also tell that Security Defaults are off, so that must be known."""
    assume(tenant.security_defaults is False)
    return replace(tenant, policies=(*tenant.policies, maker.policy(PolicyId("policy-more"))))


@given(numbers)
def test_adding_a_policy_asks_for_no_less_of_a_sign_in(number: int) -> None:
    maker = Maker(number)
    tenant = maker.tenant()
    more = with_more(maker, tenant)
    for sign_in in maker.dice.sample(SIGN_INS, 20):
        was, now = decide(tenant, sign_in), decide(more, sign_in)
        assert was.guaranteed <= now.guaranteed
        assert was.possible <= now.possible
        assert set(was.sources) <= set(now.sources)
        if was.mfa is Mfa.REQUIRED:
            assert now.mfa is Mfa.REQUIRED
        if now.mfa is Mfa.NOT_REQUIRED:
            assert was.mfa is Mfa.NOT_REQUIRED
        if Outcome.NOT_ASSESSED not in (was.outcome, now.outcome):
            assert BEST_FIRST.index(was.outcome) <= BEST_FIRST.index(now.outcome)


@given(numbers)
def test_adding_a_policy_is_never_weaker(number: int) -> None:
    maker = Maker(number, settling=False)
    tenant = maker.tenant()
    more = with_more(maker, tenant)
    assert never_weaker(tenant, more, universe=UNIVERSE).holds is True
    assert always_mfa(more, universe=UNIVERSE).failing <= always_mfa(tenant, universe=UNIVERSE).failing


@given(numbers)
def test_excluding_never_makes_a_policy_apply(number: int) -> None:
    maker = Maker(number)
    tenant = replace(maker.tenant(), policies=(maker.policy(PolicyId("p")),))
    (policy,) = tenant.policies
    assume(not isinstance(policy.users, Unrecognised) and not isinstance(policy.applications, Unrecognised))
    who, what = policy.users, policy.applications
    less_people = replace(
        who.exclude,
        users=(*who.exclude.users, *maker.some(PEOPLE)),
        groups=(*who.exclude.groups, *maker.some(GROUPS)),
    )
    less_apps = replace(what.exclude, apps=(*what.exclude.apps, *maker.some(APPS)))
    less = replace(
        policy,
        users=UserCondition(who.include, less_people),
        applications=replace(what, exclude=less_apps),
    )
    narrower = replace(tenant, policies=(less,))
    for sign_in in maker.dice.sample(SIGN_INS, 20):
        for was, now in zip(rulebook(tenant).rules, rulebook(narrower).rules, strict=True):
            before = applies(was, rulebook(tenant), sign_in)
            after = applies(now, rulebook(narrower), sign_in)
            assert isinstance(before, Yes) or not isinstance(after, Yes)
            assert isinstance(after, No) or not isinstance(before, No)


@given(numbers)
def test_a_policy_that_only_reports_changes_nothing_but_its_own_line(number: int) -> None:
    maker = Maker(number)
    tenant = maker.tenant()
    reporting = replace(maker.policy(PolicyId("policy-more")), state=PolicyState.REPORT_ONLY, settled=True)
    more = replace(tenant, policies=(*tenant.policies, reporting))
    for sign_in in maker.dice.sample(SIGN_INS, 20):
        was, now = decide(tenant, sign_in), decide(more, sign_in)
        assert now.rules[-1].rule.key == "policy-more"
        assert now.rules[-1].result.startswith("reportOnly") or now.rules[-1].result == "unknown"
        assert replace(now, rules=now.rules[:-1]) == was


@given(numbers)
def test_a_policy_that_is_off_changes_nothing(number: int) -> None:
    maker = Maker(number)
    tenant = maker.tenant()
    off = replace(maker.policy(PolicyId("policy-more")), state=PolicyState.DISABLED, settled=True)
    more = replace(tenant, policies=(*tenant.policies, off))
    for sign_in in maker.dice.sample(SIGN_INS, 20):
        assert decide(more, sign_in) == decide(tenant, sign_in)


@given(numbers)
def test_turning_a_policy_off_is_weaker_exactly_where_nothing_else_asks_for_as_much(number: int) -> None:
    """The walk's verdict on one missing policy is `decide`'s, sign-in by sign-in.

    It is open where something that is left may ask for as much, and may not: a strength that may be anything, or per-user MFA at a legacy
    client inside the trusted IPs, of which nobody knows whether the person ever made an app password.
    """
    maker = Maker(number, unknown=0.0)
    tenant = maker.tenant()
    assume(tenant.policies)
    less = replace(tenant, policies=tenant.policies[1:])
    weaker, unclear = [], []
    for sign_in in maker.dice.sample(SIGN_INS, 100):
        asked, left = decide(tenant, sign_in).guaranteed, decide(less, sign_in)
        if not all(entails(left.possible, clause, unknown_as=True) for clause in asked):
            weaker.append(sign_in)
        elif not all(entails(left.guaranteed, clause) for clause in asked):
            unclear.append(sign_in)
    proof = never_weaker(tenant, less, universe=UNIVERSE)
    assert len(weaker) <= proof.failing <= len(SIGN_INS) - 100 + len(weaker)
    assert len(unclear) <= proof.unassessed <= len(SIGN_INS) - 100 + len(unclear)
    assert {sign_in.user for sign_in in weaker} <= set(proof.failing_people)
