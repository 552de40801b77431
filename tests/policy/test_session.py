"""How long a session may last: the most restrictive of several controls, whether a session is fresh, and what is weaker."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perca.model import (
    ClientApp,
    Device,
    PolicyState,
    Session,
    SessionControls,
    SignInFrequency,
    Tenant,
    Unrecognised,
)
from perca.policy import Mfa, Outcome, decide
from perca.policy.session import (
    UNLIMITED,
    Lifetime,
    is_fresh,
    lifetime,
    remembering_beside_frequency,
    weaker_session,
    words_of,
)
from support.small import FRESH, NO_SETTINGS, SOMETHING, grant, policy, sign_in, tenant

GRANTED, PROMPT, BLOCKED, OPEN = Outcome.GRANTED, Outcome.PROMPT, Outcome.BLOCKED, Outcome.NOT_ASSESSED
HOURLY = SessionControls(SignInFrequency(60))
DAILY = SessionControls(SignInFrequency(1440), persistent_browser=True)
EVERY_TIME = SessionControls(SignInFrequency(None))
SECOND = SessionControls(SignInFrequency(30, secondary_only=True))
NEVER = SessionControls(persistent_browser=False)


@pytest.mark.parametrize(
    ("controls", "expected"),
    [
        ((), UNLIMITED),
        ((HOURLY, DAILY), Lifetime(60, 60, True)),
        ((HOURLY, EVERY_TIME), Lifetime(5, 5)),
        ((HOURLY, SECOND), Lifetime(60, 30)),
        ((SECOND,), Lifetime(None, 30)),
        ((DAILY, NEVER), Lifetime(1440, 1440, False)),
    ],
)
def test_of_several_the_most_restrictive_counts(
    controls: tuple[SessionControls, ...], expected: Lifetime
) -> None:
    assert lifetime(controls) == expected
    assert lifetime(reversed(controls)) == expected


@pytest.mark.parametrize(
    ("limit", "session", "client", "expected"),
    [
        (UNLIMITED, Session(age=10**6), ClientApp.BROWSER, True),
        (Lifetime(60, 60), Session(), ClientApp.BROWSER, True),
        (Lifetime(60, 60), Session(mfa=True), ClientApp.BROWSER, None),
        (Lifetime(60, 60), Session(remembered=True), ClientApp.BROWSER, None),
        (Lifetime(60, 60), Session(mfa=True, age=59), ClientApp.BROWSER, True),
        (Lifetime(60, 60), Session(mfa=True, age=60), ClientApp.BROWSER, False),
        (Lifetime(60, 60), Session(age=60), ClientApp.OTHER, None),
        (Lifetime(60, 60), Session(age=60), None, None),
        (Lifetime(None, 60), Session(age=60), ClientApp.MODERN, None),
        (Lifetime(5, 5), Session(mfa=True, age=4), ClientApp.MODERN, True),
        (Lifetime(5, 5), Session(mfa=True, age=5), ClientApp.MODERN, False),
    ],
)
def test_a_session_is_fresh_until_its_time_is_over(
    limit: Lifetime, session: Session, client: ClientApp | None, expected: bool | None
) -> None:
    assert is_fresh(limit, session, client) is expected


def with_session(*controls: SessionControls) -> Tenant:
    asking = [policy(f"s{n}", grant=None, session=each) for n, each in enumerate(controls)]
    return tenant(policy("mfa"), *asking)


@pytest.mark.parametrize(
    ("session", "controls", "expected"),
    [
        (Session(), (HOURLY,), PROMPT),
        (Session(mfa=True, age=30), (HOURLY,), GRANTED),
        (Session(mfa=True, age=90), (HOURLY,), PROMPT),
        (Session(mfa=True, age=90), (DAILY,), GRANTED),
        (Session(mfa=True, age=90), (DAILY, HOURLY), PROMPT),
        (Session(mfa=True), (HOURLY,), OPEN),
        (Session(mfa=True), (NEVER,), GRANTED),
        (Session(mfa=True, age=30), (SessionControls(unrecognised=(SOMETHING,)),), OPEN),
    ],
)
def test_an_old_session_is_asked_again_and_nothing_counts_as_mfa(
    session: Session, controls: tuple[SessionControls, ...], expected: Outcome
) -> None:
    decision = decide(with_session(*controls), sign_in(session=session))
    assert (decision.outcome, decision.mfa) == (expected, Mfa.REQUIRED)
    alone = decide(tenant(*(policy(grant=None, session=each) for each in controls)), sign_in(session=session))
    assert alone.mfa is Mfa.NOT_REQUIRED


def test_what_can_not_be_done_blocks_however_old_the_session_is() -> None:
    asked = tenant(policy(session=HOURLY))
    old = Session(age=90)
    assert decide(asked, sign_in(client=ClientApp.OTHER, session=old)).outcome is BLOCKED


def test_the_age_that_is_missing_is_named() -> None:
    decision = decide(with_session(HOURLY), sign_in(session=Session(mfa=True)))
    assert any("how long ago the person signed in" in each for each in decision.missing)


def test_a_decision_tells_the_lifetime_apart() -> None:
    decision = decide(with_session(HOURLY, DAILY), FRESH)
    assert decision.lifetime == Lifetime(60, 60, True)
    reporting = policy(grant=None, session=HOURLY, state=PolicyState.REPORT_ONLY)
    assert decide(tenant(reporting), FRESH).lifetime == UNLIMITED


def test_a_frequency_that_may_apply_may_end_the_session() -> None:
    asked = tenant(policy(grant=None, session=HOURLY, unrecognised=(Unrecognised("conditions.odd", "x"),)))
    decision = decide(asked, sign_in(session=Session(age=90), device=Device(False, "none")))
    assert (decision.outcome, decision.mfa) == (OPEN, Mfa.NOT_REQUIRED)
    assert any("conditions.odd" in each for each in decision.missing)


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        (UNLIMITED, Lifetime(60, 60, False), ()),
        (Lifetime(60, 60), Lifetime(60, 60), ()),
        (Lifetime(60, 60), Lifetime(5, 5), ()),
        (Lifetime(60, 60), UNLIMITED, ("both factors every 60 minutes before, without a limit after",)),
        (Lifetime(5, 5), Lifetime(60, 60), ("both factors every time before, every 60 minutes after",)),
        (
            Lifetime(60, 30),
            Lifetime(60, 60),
            ("the second factor every 30 minutes before, every 60 minutes after",),
        ),
        (
            Lifetime(persistent=False),
            Lifetime(persistent=True),
            ("browser sessions stay never before, always after",),
        ),
        (
            Lifetime(persistent=False),
            UNLIMITED,
            ("browser sessions stay never before, as the person chooses after",),
        ),
        (
            UNLIMITED,
            Lifetime(persistent=True),
            ("browser sessions stay as the person chooses before, always after",),
        ),
    ],
)
def test_what_may_last_longer_is_weaker(before: Lifetime, after: Lifetime, words: tuple[str, ...]) -> None:
    assert weaker_session(before, after) == words


controls = st.builds(
    SessionControls,
    st.none()
    | st.builds(SignInFrequency, st.none() | st.integers(1, 50).map(lambda n: 60 * n), st.booleans()),
    st.none() | st.booleans(),
)


@given(st.lists(controls, max_size=4), controls)
def test_one_control_more_is_never_weaker(some: list[SessionControls], more: SessionControls) -> None:
    longer = weaker_session(lifetime(some), lifetime([*some, more]))
    if more.persistent_browser is not True:
        assert longer == (), (
            "only a browser that always stays signed in lasts longer than a person may choose"
        )
    assert all("browser" in words for words in longer)


@given(st.lists(controls, max_size=4), controls, st.integers(0, 10**4), st.sampled_from(ClientApp))
def test_one_control_more_never_makes_a_session_fresher(
    some: list[SessionControls], more: SessionControls, age: int, client: ClientApp
) -> None:
    session = Session(mfa=True, age=age)
    less, all_of_them = (is_fresh(lifetime(each), session, client) for each in (some, [*some, more]))
    assert less is not False or all_of_them is False
    assert all_of_them is not True or less is True


def test_remembering_devices_beside_a_frequency_is_told() -> None:
    on = policy("on", session=HOURLY)
    off = policy("off", session=HOURLY, state=PolicyState.DISABLED)
    plain = policy("plain", grant=grant())
    settings = {"mfa_settings": NO_SETTINGS}
    assert remembering_beside_frequency(tenant(on, off, plain, **settings)) == ()
    remembering = {"mfa_settings": replace(NO_SETTINGS, remember_mfa_days=14)}
    assert remembering_beside_frequency(tenant(on, off, plain, **remembering)) == ("Policy on",)


def test_a_device_remembers_for_so_many_days() -> None:
    remembering = {"mfa_settings": replace(NO_SETTINGS, remember_mfa_days=14)}
    asked = tenant(policy(), **remembering)
    day = 24 * 60
    assert decide(asked, sign_in(session=Session(remembered=True, age=13 * day))).outcome is GRANTED
    assert decide(asked, sign_in(session=Session(remembered=True, age=14 * day))).outcome is PROMPT
    assert decide(asked, sign_in(session=Session(remembered=True))).outcome is GRANTED


@pytest.mark.parametrize(
    ("limit", "words"),
    [
        (UNLIMITED, "without a limit"),
        (Lifetime(60, 60), "both factors every 60 minutes"),
        (
            Lifetime(60, 30, False),
            "both factors every 60 minutes, the second factor every 30 minutes, a browser stays signed in never",
        ),
        (Lifetime(None, 5, True), "the second factor every time, a browser stays signed in always"),
    ],
)
def test_a_lifetime_is_told_in_words(limit: Lifetime, words: str) -> None:
    assert words_of(limit) == words
