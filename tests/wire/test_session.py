"""Session controls: what is read, what is named because it can't be, and what is written back."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perca.model import ConditionalAccessPolicy, PolicyId, PolicyState, SessionControls, SignInFrequency
from perca.wire import emit_policy, parse_policy, unrecognised_parts
from support.small import policy

Json = dict[str, Any]
BOTH, SECOND = "primaryAndSecondaryAuthentication", "secondaryAuthentication"


def read(**controls: Any) -> SessionControls:
    return parse_policy({"displayName": "p", "sessionControls": controls}).session


def frequency(**more: Any) -> SignInFrequency | None:
    return read(signInFrequency={"isEnabled": True, **more}).frequency


@pytest.mark.parametrize(
    ("said", "minutes", "second"),
    [
        ({"value": 1, "type": "hours"}, 60, False),
        ({"value": 24, "type": "Hours"}, 1440, False),
        ({"value": 7, "type": "days", "frequencyInterval": None}, 7 * 1440, False),
        (
            {"value": 4, "type": "hours", "frequencyInterval": "timeBased", "authenticationType": BOTH},
            240,
            False,
        ),
        ({"value": 4, "type": "hours", "authenticationType": SECOND}, 240, True),
        ({"frequencyInterval": "everyTime"}, None, False),
        (
            {"value": None, "type": None, "frequencyInterval": "EVERYTIME", "authenticationType": BOTH},
            None,
            False,
        ),
    ],
)
def test_a_frequency_is_read(said: Json, minutes: int | None, second: bool) -> None:
    assert frequency(**said) == SignInFrequency(minutes, second)


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"value": 0, "type": "hours"},
        {"value": -1, "type": "days"},
        {"value": True, "type": "days"},
        {"value": 1.5, "type": "days"},
        {"value": "1", "type": "days"},
        {"value": 1, "type": "weeks"},
        {"value": 1},
        {"type": "days"},
        {"value": 1, "type": "hours", "frequencyInterval": "everyTime"},
        {"value": 1, "type": "hours", "frequencyInterval": "never"},
        {"value": 1, "type": "hours", "authenticationType": "third"},
        {"value": 1, "type": "hours", "novel": 1},
    ],
)
def test_a_frequency_that_is_not_understood_is_named_whole(said: Json) -> None:
    control = {"isEnabled": True, **said}
    found = parse_policy({"sessionControls": {"signInFrequency": control}})
    assert found.session.frequency is None
    assert [part.where for part in found.session.unrecognised] == ["sessionControls.signInFrequency"]
    assert found.session.unrecognised[0] in unrecognised_parts(found)
    assert emit_policy(found)["sessionControls"] == {"signInFrequency": control}


def test_a_control_that_is_switched_off_says_nothing_and_is_kept() -> None:
    controls = {
        "signInFrequency": {"isEnabled": False, "value": 1, "type": "hours"},
        "persistentBrowser": {"isEnabled": False, "mode": "always"},
    }
    found = parse_policy({"sessionControls": controls})
    assert found.session == SessionControls()
    assert emit_policy(found)["sessionControls"] == controls


@pytest.mark.parametrize(("mode", "always"), [("always", True), ("Never", False)])
def test_a_persistent_browser_is_read(mode: str, always: bool) -> None:
    assert read(persistentBrowser={"isEnabled": True, "mode": mode}).persistent_browser is always


def test_hours_and_days_are_written_as_they_were() -> None:
    for value, unit in ((24, "hours"), (1, "days"), (48, "hours"), (5, "hours")):
        found = parse_policy(
            {"sessionControls": {"signInFrequency": {"isEnabled": True, "value": value, "type": unit}}}
        )
        written = emit_policy(found)["sessionControls"]["signInFrequency"]
        assert (written["value"], written["type"]) == (value, unit)


made = st.builds(
    SessionControls,
    st.none()
    | st.builds(SignInFrequency, st.none() | st.integers(1, 400).map(lambda n: 60 * n), st.booleans()),
    st.none() | st.booleans(),
)


@given(made)
def test_what_is_made_here_is_written_and_read_back(session: SessionControls) -> None:
    ours = policy(session=session)
    assert parse_policy(emit_policy(ours)).session == session


def test_a_policy_without_session_controls_writes_none() -> None:
    plain = ConditionalAccessPolicy(
        PolicyId("p"), "p", PolicyState.ENABLED, policy().users, policy().applications
    )
    assert "sessionControls" not in emit_policy(plain)
