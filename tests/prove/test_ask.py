"""Asking: what can't be asked, what isn't decided, and answers on which nobody has the facts."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from math import prod

import pytest

from perca.errors import BadInput
from perca.model import (
    ApplicationCondition,
    ApplicationScope,
    AuthenticationStrength,
    BuiltIn,
    ClientApp,
    ClientAppCondition,
    Control,
    Credential,
    ExternalKind,
    Flow,
    Missing,
    PerUserState,
    Platform,
    PolicyState,
    StrengthId,
    TermsOfUse,
    UnrecognisedControl,
    UserCondition,
    UserId,
)
from perca.policy import Channel, Outcome, decide
from perca.policy.app_groups import EXCHANGE
from perca.policy.strengths import combinations
from perca.prove import (
    Budget,
    Coverage,
    Proof,
    about_always_mfa,
    always_mfa,
    answer,
    coverage,
    exhaust,
    never_weaker,
)
from perca.prove.membership import whatever_membership
from perca.space import ANY_OTHER_APP, CHANNELS, universe_of
from support.small import (
    ADA,
    BEN,
    CLEO,
    EVERYONE,
    FRESH,
    MAIL,
    MFA_STRENGTH,
    RESISTANT,
    SOMETHING,
    SQUAD,
    grant,
    people,
    person,
    policy,
    strength,
    tenant,
    with_state,
)

OWN, ODD = strength(StrengthId("own")), UnrecognisedControl("odd")
WEAK = strength(StrengthId("weak"))
MODERN = [channel for channel in CHANNELS if not channel.client.is_legacy]
ACTIVE_SYNC = [channel for channel in CHANNELS if channel.client is ClientApp.ACTIVE_SYNC]


PLATFORMS = len(Platform) - 1
"""All but `all`, which no client claims."""


def test_a_question_about_nobody_is_no_question() -> None:
    with pytest.raises(BadInput, match="nobody"):
        always_mfa(tenant(), [])
    with pytest.raises(BadInput, match="nobody"):
        always_mfa(tenant(users={}), universe=replace(universe_of(tenant(users={})), strangers=()))
    with pytest.raises(BadInput, match="nobody"):
        never_weaker(tenant(), tenant(users={UserId("dora"): person(UserId("dora"))}))


def test_a_question_about_somebody_who_is_not_in_the_data_is_no_question() -> None:
    with pytest.raises(BadInput, match="`dora` is not in the data"):
        always_mfa(tenant(), [UserId("dora")])
    with pytest.raises(BadInput, match="`cleo` is not in the data"):
        never_weaker(tenant(), with_state(PerUserState.DISABLED), [CLEO])


@pytest.mark.parametrize(
    "name",
    [
        "addresses",
        "channels",
        "targets",
        "sign_in_risks",
        "user_risks",
        "insider_risks",
        "countries",
        "inside_corpnet",
        "contexts",
        "devices",
    ],
)
def test_a_question_about_no_sign_in_is_no_question(name: str) -> None:
    empty = replace(universe_of(tenant()), **{name: ()})
    with pytest.raises(BadInput, match="no sign-in at all"):
        always_mfa(tenant(), universe=empty)
    with pytest.raises(BadInput, match="no sign-in at all"):
        never_weaker(tenant(), tenant(), universe=empty)


BROWSERS_ONLY = policy(client_apps=ClientAppCondition(frozenset({ClientApp.BROWSER})))


@dataclass
class Reading:
    """A meter that stands still."""

    after: float = 0.0
    held: int = 0

    def seconds(self) -> float:
        return self.after

    def memory(self) -> int:
        return self.held


def test_time_that_is_over_decides_nothing() -> None:
    held, meter = tenant(BROWSERS_ONLY), Reading()
    asked = about_always_mfa(held, universe_of(held), Budget(seconds=1, meter=meter))
    meter.after = 1.5
    proof = answer(asked)
    assert (proof.holds, proof.not_decided, proof.engine) == (None, "more than 1 seconds", "bdd")


@pytest.mark.parametrize(
    ("budget", "why"),
    [
        (Budget(1, memory=10**9, meter=Reading(held=2 * 10**9)), "more than 1 GB of memory"),
        (Budget(1, memory=0), "more memory than is left for diagrams"),
    ],
)
def test_a_budget_that_is_spent_decides_nothing(budget: Budget, why: str) -> None:
    proof = always_mfa(tenant(BROWSERS_ONLY), budget=budget)
    assert (proof.holds, proof.not_decided, proof.engine) == (None, why, "bdd")
    assert len(proof.undecided_people) == proof.people == 3
    assert set(coverage(tenant(BROWSERS_ONLY), budget=budget).values()) == {Coverage.NOT_ASSESSED}


def test_when_the_states_are_spent_diagrams_answer() -> None:
    walked, drawn = (always_mfa(tenant(BROWSERS_ONLY), budget=budget) for budget in (500_000, 1))
    assert (walked.engine, drawn.engine) == ("walk", "bdd")
    assert (drawn.holds, drawn.failing) == (False, walked.failing)
    assert {w.sign_in.user for w in drawn.witnesses} == {w.sign_in.user for w in walked.witnesses}


def test_everybody_is_asked_about_and_every_sign_in_counted() -> None:
    proof = always_mfa(tenant(policy()))
    assert proof.holds is True
    assert proof.people == 3
    assert proof.universe["people"] == 3 + 3, "and three kinds of people from outside, from any tenant"
    assert proof.universe["channels"] == 2 * PLATFORMS * 6 * 3 + 2 * PLATFORMS * 2
    assert proof.universe["networks"] == 2**128 * 2 * 2 * 2
    assert proof.combinations == among(proof, CHANNELS)
    assert (proof.failing, proof.unassessed, proof.witnesses) == (0, 0, ())


def among(proof: Proof, channels: Iterable[Channel]) -> int:
    """How many of the sign-ins asked about are by these channels: ActiveSync reaches one of the targets."""
    targets = proof.universe["targets"]
    each = prod(size for name, size in proof.universe.items() if name not in ("channels", "targets"))
    return each * sum(1 if c.client is ClientApp.ACTIVE_SYNC else targets for c in channels)


def test_a_block_covers_as_well() -> None:
    assert always_mfa(tenant(policy(grant=grant(BuiltIn.BLOCK)))).holds is True


def test_a_witness_is_a_sign_in_that_gets_in_without() -> None:
    modern = ClientAppCondition(frozenset({ClientApp.BROWSER, ClientApp.MODERN}))
    proof = always_mfa(tenant(policy(client_apps=modern)))
    assert proof.holds is False
    witness = proof.witnesses[0]
    assert witness.sign_in.client in (ClientApp.ACTIVE_SYNC, ClientApp.OTHER)
    assert proof.failing == among(proof, [c for c in CHANNELS if c.client and c.client.is_legacy])
    assert set(proof.failing_people) == {ADA, BEN, CLEO}
    assert {each.kind for each in proof.strangers} == {each for each in ExternalKind if not each.has_object}


def test_modern_clients_only_and_disabling_is_weaker_by_exactly_the_ordinary_password_at_legacy_clients() -> (
    None
):
    """The counterexample that shape checks miss."""
    before = with_state(PerUserState.ENFORCED)
    modern = ClientAppCondition(frozenset({ClientApp.BROWSER, ClientApp.MODERN}))
    after = with_state(PerUserState.DISABLED, policies=(policy(client_apps=modern),))
    proof = never_weaker(before, after)
    assert proof.holds is False
    assert proof.failing_people == (ADA,)
    legacy = [c for c in CHANNELS if c.client and c.client.is_legacy]
    by_password = among(proof, [c for c in legacy if c.credential is Credential.PASSWORD])
    assert proof.failing * proof.universe["people"] == by_password
    sign_in = proof.witnesses[0].sign_in
    assert sign_in.client is not None
    assert sign_in.client.is_legacy
    assert sign_in.credential is Credential.PASSWORD
    all_clients = with_state(PerUserState.DISABLED, policies=(policy(),))
    assert never_weaker(before, all_clients).holds is True


@pytest.mark.parametrize(("control", "unclear"), [(OWN, MODERN), (ODD, list(CHANNELS))])
def test_a_control_of_unknown_grade_neither_covers_nor_fails(control: object, unclear: list[Channel]) -> None:
    """But that a legacy client meets no strength, whatever that allows."""
    asked = tenant(policy(grant=grant(control)))
    proof = always_mfa(asked)
    assert (proof.holds, proof.failing) == (None, 0)
    assert proof.unassessed == among(proof, unclear)
    assert set(coverage(asked).values()) == {Coverage.NOT_ASSESSED}
    assert exhaust.always_mfa(asked, [FRESH]).unassessed == 1


@pytest.mark.parametrize("with_mfa", [True, False])
@pytest.mark.parametrize(
    ("control", "unclear"),
    [
        (BuiltIn.COMPLIANT_DEVICE, []),
        (BuiltIn.PASSWORD_CHANGE, []),
        (TermsOfUse("terms"), []),
        (WEAK, []),
        (BuiltIn.COMPLIANT_APPLICATION, ACTIVE_SYNC),
    ],
)
def test_what_a_legacy_client_is_asked_for_blocks_it(
    control: Control, unclear: list[Channel], with_mfa: bool
) -> None:
    """So that it is no gap, though no MFA is asked for there; all modern clients are one, but where no device can be shown."""
    own = AuthenticationStrength(StrengthId("weak"), "", combinations("password; fido2"))
    controls = (BuiltIn.MFA, control) if with_mfa else (control,)
    asked = tenant(policy(grant=grant(*controls)), strengths={own.id: own})
    proof = always_mfa(asked, [ADA])
    assert proof.holds is False
    shown = [c for c in MODERN if control is not BuiltIn.COMPLIANT_DEVICE or c.flow is not Flow.DEVICE_CODE]
    assert proof.failing == among(proof, shown)
    assert proof.unassessed == among(proof, unclear)
    assert not any(each.sign_in.client.is_legacy for each in proof.witnesses)
    assert coverage(asked, [ADA]) == {ADA: Coverage.SOMETIMES}
    legacy = [
        replace(FRESH, client=each, credential=Credential.PASSWORD, app=EXCHANGE)
        for each in (ClientApp.OTHER, ClientApp.ACTIVE_SYNC)
    ]
    ends = [decide(asked, each).outcome for each in legacy]
    assert ends == [Outcome.BLOCKED, Outcome.NOT_ASSESSED if unclear else Outcome.BLOCKED]
    count = exhaust.always_mfa(asked, [FRESH, *legacy])
    assert (count.fails, count.unassessed) == (1, int(bool(unclear)))


def test_what_may_be_retired_shuts_no_legacy_client_out_for_certain() -> None:
    proof = always_mfa(tenant(policy(grant=grant(BuiltIn.APPROVED_APPLICATION))))
    assert proof.failing == among(proof, MODERN)
    assert proof.unassessed == proof.combinations - proof.failing


def test_a_policy_that_only_reports_or_asks_for_nothing_shuts_no_legacy_client_out() -> None:
    reported = policy(grant=grant(BuiltIn.COMPLIANT_DEVICE), state=PolicyState.REPORT_ONLY)
    for each in (reported, policy(grant=None)):
        proof = always_mfa(tenant(each))
        assert proof.failing == proof.combinations


def test_what_a_legacy_client_can_do_is_no_part_of_what_is_asked_for() -> None:
    """A tenant that asks for a device asks for less than one that asks for MFA, at legacy clients, too."""
    device, mfa = tenant(policy(grant=grant(BuiltIn.COMPLIANT_DEVICE))), tenant(policy())
    proof = never_weaker(mfa, device)
    assert proof.failing == proof.combinations


@pytest.mark.parametrize("control", [OWN, ODD])
def test_a_control_of_unknown_grade_may_be_as_strong_as_mfa(control: object) -> None:
    mfa, unclear = tenant(policy()), tenant(policy(grant=grant(control)))
    proof = never_weaker(mfa, unclear)
    assert (proof.holds, proof.failing) == (None, 0)
    assert never_weaker(unclear, unclear).holds is True
    assert never_weaker(unclear, tenant(policy(grant=grant(BuiltIn.BLOCK)))).holds is True


def test_a_strength_that_was_weakened_is_weaker() -> None:
    def allowing(text: str) -> dict[str, object]:
        own = AuthenticationStrength(StrengthId("own"), "", combinations(text))
        return {"strengths": {own.id: own}}

    before = tenant(policy(grant=grant(OWN)), **allowing("fido2"))
    after = tenant(policy(grant=grant(OWN)), **allowing("fido2; password,sms"))
    assert never_weaker(before, after).holds is False
    assert never_weaker(after, before).holds is True


def test_mfa_instead_of_a_strength_is_weaker() -> None:
    def asking(control: object) -> object:
        return tenant(policy(grant=grant(control)))

    assert never_weaker(asking(strength(RESISTANT)), asking(BuiltIn.MFA)).holds is False
    assert never_weaker(asking(strength(RESISTANT)), asking(strength(MFA_STRENGTH))).holds is False
    assert never_weaker(asking(strength(MFA_STRENGTH)), asking(strength(RESISTANT))).holds is True
    assert never_weaker(asking(BuiltIn.MFA), asking(strength(RESISTANT))).holds is True


def test_policies_that_nobody_read_decide_nothing() -> None:
    gap = {"missing": (Missing("identity/conditionalAccess/policies", "403"),)}
    assert always_mfa(tenant(**gap)).holds is None
    assert never_weaker(tenant(**gap), tenant()).holds is None
    assert never_weaker(tenant(**gap), tenant(**gap)).holds is True
    said = "`identity/conditionalAccess/policies` could not be read: 403"
    assert said in always_mfa(tenant(**gap)).assumptions


def test_what_is_taken_for_granted_of_several_is_said_once_with_all_their_names() -> None:
    gaps = [Missing(f"groups/{number}/members", "403") for number in range(9)]
    strong = [policy(f"p{number}", grant=grant(strength(MFA_STRENGTH))) for number in range(9)]
    held = tenant(*strong, missing=(*gaps, Missing("groups/9/members", "500")))
    said = always_mfa(held).assumptions
    named = ", ".join(f"`Policy p{number}`" for number in range(9))
    assert [each for each in said if "Policy p" in each] == [
        f"inferred, not Microsoft's word (authentication-conditional-access): {named}"
    ]
    unread = ", ".join(f"`groups/{number}/members`" for number in range(9))
    assert [each for each in said if "could not be read" in each] == [
        f"{unread} could not be read: 403",
        "`groups/9/members` could not be read: 500",
    ]
    assert never_weaker(held, held).assumptions[:-1] == said


def test_what_is_taken_for_the_same_is_said() -> None:
    said = "what could not be read is taken to be the same before and after"
    assert said in never_weaker(tenant(), tenant()).assumptions


def test_a_policy_that_is_not_understood_is_no_reason_to_doubt_a_move_that_it_cannot_see() -> None:
    """The whole migration in small: a new group, a policy on it, per-user MFA off; beside it, a policy nobody understands."""
    odd = policy("odd", unrecognised=(SOMETHING,), grant=grant(BuiltIn.COMPLIANT_DEVICE))
    before = with_state(PerUserState.ENFORCED, policies=(odd,))
    after = with_state(PerUserState.DISABLED, policies=(odd, policy()))
    assert never_weaker(before, after).holds is True


def test_any_other_app_stands_for_what_nobody_named() -> None:
    named = policy(applications=ApplicationCondition(ApplicationScope(apps=(MAIL,))))
    proof = always_mfa(tenant(named))
    assert proof.holds is False
    assert proof.witnesses[0].sign_in.app != MAIL
    assert ANY_OTHER_APP in {target.app for target in universe_of(tenant(named)).targets}


def test_without_time_to_build_classes_nothing_is_known_of_anybody() -> None:
    held = tenant(policy(users=UserCondition(EVERYONE, people(ADA))))
    proof, whole = always_mfa(held, budget=Budget(seconds=1, meter=Reading(after=3600.0))), always_mfa(held)
    assert (proof.holds, proof.not_decided, proof.states) == (None, "more than 1 seconds", 0)
    assert proof.undecided_people == tuple(held.users)
    assert (proof.failing_people, proof.unassessed_people, proof.witnesses) == ((), (), ())
    assert (proof.combinations, proof.universe) == (whole.combinations, whole.universe)
    assert (proof.people, proof.externals) == (whole.people, whole.externals)


def test_what_nobody_has_time_for_is_no_membership_that_holds() -> None:
    told = whatever_membership(tenant(policy()), budget=Budget(seconds=1, meter=Reading(after=3600.0)))
    assert (told.holds, told.openings, told.not_decided) == (None, (), "more than 1 seconds")
    told = whatever_membership(tenant(policy()), budget=Budget(seconds=4000, meter=Reading(after=3600.0)))
    assert (told.holds, told.not_decided) == (True, None)


def test_a_way_in_that_no_budget_was_left_to_prove_is_not_certain() -> None:
    held = tenant(policy(users=UserCondition(EVERYONE, people(groups=(SQUAD,)))))
    assert whatever_membership(held).holds is False
    told = whatever_membership(held, budget=Budget(0, memory=0))
    assert (told.holds, told.not_decided) == (None, "more memory than is left for diagrams")
    assert [each.proof.holds for each in told.openings] == [None] * 4
