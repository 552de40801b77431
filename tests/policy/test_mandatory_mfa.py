"""Mandatory MFA: by portal and tool, by the day of the data, for everybody."""

import pytest

from perca.model import (
    AppId,
    BuiltIn,
    ClientApp,
    Credential,
    External,
    ExternalKind,
    Tenant,
    UserAction,
    UserCondition,
)
from perca.policy import Certainty, Mfa, No, Outcome, decide
from perca.policy.mandatory_mfa import SECOND, day_of
from support.small import ADA, EVERYONE, FRESH, answer, applies, facts, grant, people, policy, sign_in, tenant

PORTALS, TOOLS = "perca:mandatoryMfa:portals", "perca:mandatoryMfa:tools"
ADMIN_CENTER = "perca:mandatoryMfa:microsoft365"
PORTAL = AppId("c44b4083-3bb0-49c1-b47d-974e53cbdf3c")
MICROSOFT_365 = AppId("618dd325-23f6-4b6f-8380-4df78026e39b")
TOOL_APPS = [
    AppId(app)
    for app in (
        "04b07795-8ddb-461a-bbee-02f9e1bf7b46",
        "1950a258-227b-4e31-a9cf-717495945fc2",
        "0c1307d4-29d6-4389-a11c-5cbe7f65d7fa",
        "797f4846-ba00-4fd7-ba43-dac1f8f63013",
    )
]
TODAY = "2026-11-24T07:44:00Z"


def dated(taken_at: str, *policies: object) -> Tenant:
    return tenant(*policies, taken_at=taken_at)


def keys(taken_at: str) -> set[str]:
    rules = decide(dated(taken_at), FRESH).rules
    return {each.rule.key for each in rules if each.rule.source.provider == "mandatoryMfa"}


def test_the_portal_asks_everybody_by_now() -> None:
    decision = decide(dated(TODAY), sign_in(app=PORTAL))
    assert (decision.mfa, decision.outcome) == (Mfa.REQUIRED, Outcome.PROMPT)
    assert [(source.provider, source.id) for source in decision.sources] == [("mandatoryMfa", PORTALS)]


def test_no_exclusion_helps_not_even_an_emergency_account() -> None:
    excluding = policy(users=UserCondition(EVERYONE, people(ADA)))
    decision = decide(dated(TODAY, excluding), sign_in(app=PORTAL))
    assert [source.id for source in decision.sources] == [PORTALS]
    passkey = decide(dated(TODAY), sign_in(app=PORTAL, credential=Credential.PASSKEY))
    assert (passkey.mfa, passkey.outcome) == (Mfa.REQUIRED, Outcome.GRANTED)


@pytest.mark.parametrize(
    ("day", "applies_at_portal"),
    [
        ("2024-09-30", "no rule"),
        ("2024-10-01", None),
        ("2025-09-30T23:59:59Z", None),
        ("2025-10-01", True),
        ("2026-11-24", True),
        ("", None),
        ("yesterday", None),
    ],
)
def test_the_portal_by_date(day: str, applies_at_portal: object) -> None:
    if applies_at_portal == "no rule":
        assert PORTALS not in keys(day)
        assert decide(dated(day), sign_in(app=PORTAL)).mfa is Mfa.NOT_REQUIRED
    else:
        assert applies(dated(day), sign_in(app=PORTAL), PORTALS) is applies_at_portal
        assert applies(dated(day), FRESH, PORTALS) is False


def test_data_without_a_date_says_that_it_is_the_date_that_lacks() -> None:
    assert "when the data was taken" in facts(decide(dated(""), sign_in(app=PORTAL)))


@pytest.mark.parametrize("app", TOOL_APPS)
@pytest.mark.parametrize("day", ["2025-10-01", "2026-07-01", "2026-07-02", ""])
def test_a_sign_in_to_a_tool_does_not_show_whether_it_will_change_something(app: AppId, day: str) -> None:
    question = sign_in(app=app)
    assert applies(dated(day), question, TOOLS) is None
    decision = decide(dated(day), question)
    assert (decision.mfa, decision.outcome) == (Mfa.NOT_ASSESSED, Outcome.NOT_ASSESSED)
    assert "created, changed or deleted: Microsoft's own mandatory MFA asks for that alone" in facts(decision)
    assert ("could be put off" in facts(decision)) is ("2025-10-01" <= day <= "2026-07-01")
    assert decide(dated(day, policy()), question).mfa is Mfa.REQUIRED


def test_tools_were_free_before_the_second_phase() -> None:
    assert TOOLS not in keys("2025-09-30")
    assert decide(dated("2025-09-30"), sign_in(app=TOOL_APPS[0])).mfa is Mfa.NOT_REQUIRED


def test_which_application_the_microsoft_365_admin_center_is_no_page_says() -> None:
    assert ADMIN_CENTER not in keys("2025-01-31")
    assert applies(dated("2025-02-01"), sign_in(app=MICROSOFT_365), ADMIN_CENTER) is None
    assert applies(dated(TODAY), sign_in(app=MICROSOFT_365), ADMIN_CENTER) is None


def test_it_is_about_nothing_else() -> None:
    assert [applies(dated(TODAY), FRESH, rule) for rule in (PORTALS, TOOLS, ADMIN_CENTER)] == [False] * 3
    joining = sign_in(app=None, action=UserAction.REGISTER_DEVICE)
    assert [applies(dated(TODAY), joining, rule) for rule in (PORTALS, TOOLS)] == [False] * 2


def test_a_resource_that_nobody_told_may_be_any() -> None:
    assert [applies(dated(TODAY), sign_in(app=None), rule) for rule in (PORTALS, TOOLS)] == [None] * 2


def test_a_request_that_needs_the_portal_besides_is_one_to_the_portal() -> None:
    assert applies(dated(TODAY), sign_in(audiences=frozenset({PORTAL})), PORTALS) is True


def test_people_from_outside_are_asked_and_workloads_are_not() -> None:
    guest = sign_in(user=None, external=External(ExternalKind.OTHER), app=PORTAL)
    assert applies(dated(TODAY), guest, PORTALS) is True
    robot = sign_in(user=None, workload=AppId("robot"), app=PORTAL)
    assert answer(dated(TODAY), robot, PORTALS).answer == No(("a workload is no person",), ("users",))
    assert (
        applies(dated(TODAY), sign_in(user=None, workload=AppId("robot"), app=TOOL_APPS[0]), TOOLS) is False
    )


def test_a_legacy_client_cannot_meet_it() -> None:
    assert decide(dated(TODAY), sign_in(app=PORTAL, client=ClientApp.OTHER)).outcome is Outcome.BLOCKED


def test_a_block_still_wins() -> None:
    blocked = decide(dated(TODAY, policy(grant=grant(BuiltIn.BLOCK))), sign_in(app=PORTAL))
    assert blocked.outcome is Outcome.BLOCKED
    assert [source.id for source in blocked.sources] == [PORTALS]


def test_it_is_official() -> None:
    for each in decide(dated(TODAY), FRESH).rules:
        if each.rule.source.provider == "mandatoryMfa":
            assert {c.basis.certainty for c in each.rule.conditions} == {Certainty.OFFICIAL}


def test_days_are_read_from_dates_and_times() -> None:
    assert day_of("2026-11-24") == day_of("2026-11-24T23:59:59.123+02:00")
    assert day_of("24.11.2026") is day_of("") is day_of("2026-13-01") is None


@pytest.mark.parametrize(
    ("before", "after", "lasts"),
    [
        ("2026-01-01", "2026-06-01", True),
        ("2026-06-01", "2026-08-01", True),
        ("2026-08-01", "2026-06-01", False),
        ("", "", True),
        ("", "2026-08-01", False),
        ("2026-08-01", "", False),
        ("2025-01-01", "2026-08-01", False),
    ],
)
def test_a_phase_comes_and_does_not_go(before: str, after: str, lasts: bool) -> None:
    assert SECOND.lasts(before, after) is lasts


@pytest.mark.parametrize("day", ["2024-09-30", "2024-12-24", "2025-03-01", "2025-12-24", "2026-07-02"])
@pytest.mark.parametrize("app", [PORTAL, MICROSOFT_365, *TOOL_APPS, FRESH.app])
@pytest.mark.parametrize("credential", [Credential.PASSWORD, Credential.PASSKEY])
def test_without_its_day_nothing_is_claimed_that_the_day_would_not_bear_out(
    day: str, app: AppId, credential: Credential
) -> None:
    question = sign_in(app=app, credential=credential)
    true, claimed = decide(dated(day), question), decide(dated(""), question)
    assert claimed.mfa in (Mfa.NOT_ASSESSED, true.mfa)
    assert claimed.outcome in (Outcome.NOT_ASSESSED, true.outcome)
    assert claimed.guaranteed <= true.guaranteed
    assert claimed.possible >= true.possible
