"""Of policies of every shape: one more never weakens, an exclusion never adds, and one that only reports changes nothing.

Thousands of whole tenants, two sign-ins each. The same of smaller tenants, and of all their sign-ins, is in
test_more_rules_are_stronger.py.
"""

from dataclasses import replace

import pytest

from perca.model import (
    ConditionalAccessPolicy,
    FilterMode,
    LocationCondition,
    Platform,
    PlatformCondition,
    PolicyId,
    PolicyState,
    Tenant,
    Unrecognised,
    UserCondition,
)
from perca.policy import Decision, Mfa, No, Outcome, RuleAnswer, Yes, decide
from support import whole_names as names
from support.dice import Dice
from support.many import many
from support.whole_filters import device_filter
from support.whole_policies import policy, resources, scope
from support.whole_sign_ins import random_sign_in
from support.whole_tenants import whole_tenant

BEST_FIRST = (Outcome.GRANTED, Outcome.PROMPT, Outcome.BLOCKED)
pytestmark = pytest.mark.slow


def no_weaker(was: Decision, now: Decision) -> None:
    """Whatever was asked for is asked for still, and whatever ended badly ends no better."""
    assert was.guaranteed <= now.guaranteed
    assert was.possible <= now.possible
    assert set(was.sources) <= set(now.sources)
    assert set(was.blocked_by) <= set(now.blocked_by)
    assert was.mfa is not Mfa.REQUIRED or now.mfa is Mfa.REQUIRED
    assert now.mfa is not Mfa.NOT_REQUIRED or was.mfa is Mfa.NOT_REQUIRED
    if Outcome.NOT_ASSESSED not in (was.outcome, now.outcome):
        assert BEST_FIRST.index(was.outcome) <= BEST_FIRST.index(now.outcome)
    assert was.outcome is not Outcome.BLOCKED or now.outcome is Outcome.BLOCKED
    assert now.outcome is not Outcome.GRANTED or was.outcome is Outcome.GRANTED


@many()
def test_one_more_policy_weakens_nothing(numbers: range) -> None:
    """Of tenants whose Security Defaults are known to be off: a policy that is on shows that, too."""
    for number in numbers:
        dice = Dice(number, unknown=0.1)
        tenant = replace(whole_tenant(dice), security_defaults=False)
        more = replace(tenant, policies=(policy(dice, PolicyId("policy-more")), *tenant.policies))
        for sign_in in (random_sign_in(dice) for _ in range(2)):
            no_weaker(decide(tenant, sign_in), decide(more, sign_in))


@many()
def test_an_exclusion_adds_nothing(numbers: range) -> None:
    for number in numbers:
        dice = Dice(number, unknown=0.1)
        wide = policy(dice, PolicyId("p"))
        narrow = dice.one(
            (without_people, without_resources, without_platforms, without_places, without_devices)
        )
        tenant = replace(whole_tenant(dice), policies=(wide,), security_defaults=False)
        narrower = replace(tenant, policies=(narrow(dice, wide),))
        for sign_in in (random_sign_in(dice) for _ in range(3)):
            was, now = decide(tenant, sign_in), decide(narrower, sign_in)
            no_weaker(now, was)
            narrowed(rule_of(was), rule_of(now))


def rule_of(decision: Decision) -> RuleAnswer | None:
    return next((each for each in decision.rules if each.rule.key == "p"), None)


def narrowed(was: RuleAnswer | None, now: RuleAnswer | None) -> None:
    """What applies after the exclusion applied before; what didn't apply before doesn't after."""
    if was is not None and now is not None:
        assert isinstance(was.answer, Yes) or not isinstance(now.answer, Yes)
        assert isinstance(now.answer, No) or not isinstance(was.answer, No)


def without_people(dice: Dice, wide: ConditionalAccessPolicy) -> ConditionalAccessPolicy:
    if isinstance(wide.users, Unrecognised):
        return wide
    old, more = wide.users.exclude, scope(dice)
    exclude = replace(
        old,
        users=old.users + more.users,
        groups=old.groups + more.groups,
        roles=old.roles + more.roles,
        externals=old.externals + more.externals,
    )
    return replace(wide, users=UserCondition(wide.users.include, exclude))


def without_resources(dice: Dice, wide: ConditionalAccessPolicy) -> ConditionalAccessPolicy:
    what = wide.applications
    if isinstance(what, Unrecognised) or what.is_about_actions or what.is_about_contexts:
        return wide
    old, more = what.exclude, resources(dice)
    exclude = replace(
        old, apps=old.apps + more.apps, groups=old.groups | more.groups, filter=old.filter or more.filter
    )
    return replace(wide, applications=replace(what, exclude=exclude))


def without_platforms(dice: Dice, wide: ConditionalAccessPolicy) -> ConditionalAccessPolicy:
    old = wide.platforms or PlatformCondition(frozenset({Platform.ALL}))
    more = dice.some((Platform.WINDOWS, Platform.IOS, Platform.ANDROID), 2)
    return replace(wide, platforms=replace(old, exclude=old.exclude.union(more)))


def without_places(dice: Dice, wide: ConditionalAccessPolicy) -> ConditionalAccessPolicy:
    if wide.locations is None:
        return wide
    old = wide.locations.exclude
    exclude = replace(
        old,
        locations=old.locations + dice.some(names.PLACES),
        all_trusted=old.all_trusted or dice.maybe(),
    )
    return replace(wide, locations=LocationCondition(wide.locations.include, exclude))


def without_devices(dice: Dice, wide: ConditionalAccessPolicy) -> ConditionalAccessPolicy:
    if wide.device is not None:
        return wide
    return replace(wide, device=replace(device_filter(dice), mode=FilterMode.EXCLUDE))


@many()
def test_a_policy_that_only_reports_changes_nothing_but_its_own_line(numbers: range) -> None:
    for number in numbers:
        dice = Dice(number, unknown=0.1)
        tenant = whole_tenant(dice)
        silent = replace(policy(dice, PolicyId("policy-more")), state=PolicyState.REPORT_ONLY, settled=True)
        more = replace(tenant, policies=(*tenant.policies, silent))
        for sign_in in (random_sign_in(dice) for _ in range(2)):
            was, now = decide(tenant, sign_in), decide(more, sign_in)
            added = [each for each in now.rules if each.rule.key == "policy-more"]
            assert all(each.result.startswith("reportOnly") or each.result == "unknown" for each in added)
            assert len(added) == 1
            left = tuple(each for each in now.rules if each.rule.key != "policy-more")
            assert replace(now, rules=left) == was


@many(1_500)
def test_turning_policies_to_report_only_leaves_what_they_would_do(numbers: range) -> None:
    """A tenant whose policies only report asks for what it would ask for without them."""
    for number in numbers:
        dice = Dice(number, unknown=0.1)
        tenant = replace(whole_tenant(dice), security_defaults=False)
        silent = replace(tenant, policies=tuple(map(reporting, tenant.policies)))
        gone = replace(tenant, policies=())
        for sign_in in (random_sign_in(dice) for _ in range(2)):
            now, without = decide(silent, sign_in), decide(gone, sign_in)
            assert replace(now, rules=()) == replace(without, rules=())


def reporting(one: ConditionalAccessPolicy) -> ConditionalAccessPolicy:
    return replace(one, state=PolicyState.REPORT_ONLY, settled=True)


def test_the_policies_bite() -> None:
    """Where one policy more changes something often enough; the laws would be empty otherwise."""
    changed = 0
    for number in range(300):
        dice = Dice(number)
        tenant: Tenant = replace(whole_tenant(dice), security_defaults=False)
        more = replace(tenant, policies=(policy(dice, PolicyId("policy-more")), *tenant.policies))
        sign_in = random_sign_in(dice)
        changed += decide(tenant, sign_in).guaranteed != decide(more, sign_in).guaranteed
    assert changed >= 20
