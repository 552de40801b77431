"""Session controls to and from the model: sign-in frequency and persistent browser; and those that might stop a sign-in.

Source: Graph's signInFrequencySessionControl and persistentBrowserSessionControl (2024), FACTS.md 3.2. A control that is switched off
says nothing and is kept. App-enforced restrictions, Cloud App Security, continuous access evaluation and resilience defaults
act after a token is issued: none of them stops a sign-in. Whatever else is switched on, or can't be read, is named.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from perca.model import SessionControls, SignInFrequency, Unrecognised, fold
from perca.wire.kept import Spelling
from perca.wire.members import left_besides, names, take_word
from perca.wire.values import JsonObject, JsonValue, says_nothing, shown

T = TypeVar("T")

FREQUENCY, BROWSER = "signInFrequency", "persistentBrowser"
_AFTER_SIGN_IN = names("applicationEnforcedRestrictions cloudAppSecurity continuousAccessEvaluation")
SESSION = names(
    "disableResilienceDefaults",
    **_AFTER_SIGN_IN,
    secureSignInSession=names("isEnabled"),
    signInFrequency=names("isEnabled value type frequencyInterval authenticationType"),
    persistentBrowser=names("isEnabled mode"),
)
HOUR, DAY = 60, 24 * 60
_UNITS = {"hours": HOUR, "days": DAY}
_TIME_BASED, _EVERY_TIME = "timeBased", "everyTime"
_EVERY = {fold(_TIME_BASED): False, fold(_EVERY_TIME): True}
_BOTH, _SECOND = "primaryAndSecondaryAuthentication", "secondaryAuthentication"
_SECOND_ONLY = {fold(_BOTH): False, fold(_SECOND): True}
_ALWAYS = {"always": True, "never": False}


def take_session(policy: JsonObject, ids: Spelling) -> SessionControls:
    """The session controls of a policy."""
    session, path = policy.get("sessionControls"), "sessionControls"
    if says_nothing(session):
        return SessionControls()
    if not isinstance(session, dict):
        return SessionControls(unrecognised=(Unrecognised(path, shown(session)),))
    frequency, browser = _take_frequency(session, ids), _take_browser(session)
    harmless = {name for name, control in session.items() if _lets_in(name, control)}
    return SessionControls(frequency, browser, left_besides(session, harmless, path))


def _lets_in(name: str, control: JsonValue) -> bool:
    if name == "disableResilienceDefaults":
        return isinstance(control, bool)
    if not isinstance(control, dict):
        return False
    enabled = next((value for key, value in control.items() if key.lower() == "isenabled"), None)
    return name in _AFTER_SIGN_IN or enabled is False


def _take_frequency(session: JsonObject, ids: Spelling) -> SignInFrequency | None:
    """Takes a sign-in frequency that is switched on if all that it says is understood; else nothing of it."""
    control = _switched_on(session, FREQUENCY)
    if control is None:
        return None
    every_time = _word_or(control, "frequencyInterval", _EVERY, otherwise=False)
    second_only = _word_or(control, "authenticationType", _SECOND_ONLY, otherwise=False)
    minutes = None if every_time else _take_minutes(control, ids)
    if not says_nothing(control) or second_only is None or (minutes is None and not every_time):
        return None
    session[FREQUENCY] = control
    return SignInFrequency(minutes, second_only)


def _take_minutes(control: JsonObject, ids: Spelling) -> int | None:
    number, unit = control.get("value"), take_word(control, "type", _UNITS)
    if not isinstance(number, int) or isinstance(number, bool) or number < 1 or unit is None:
        return None
    del control["value"]
    minutes = number * unit
    if unit != _unit(minutes):  # 24 hours and one day are the same, and each is written back as it was
        ids.note(FREQUENCY, "hours")
    return minutes


def _unit(minutes: int) -> int:
    return HOUR if minutes % DAY else DAY


def _take_browser(session: JsonObject) -> bool | None:
    control = _switched_on(session, BROWSER)
    if control is None:
        return None
    always = take_word(control, "mode", _ALWAYS)
    if always is None or not says_nothing(control):
        return None
    session[BROWSER] = control
    return always


def _switched_on(session: JsonObject, name: str) -> JsonObject | None:
    """A copy of what the control says besides that it is switched on; None unless it is."""
    control = session.get(name)
    if not isinstance(control, dict) or control.get("isEnabled") is not True:
        return None
    return {key: value for key, value in control.items() if key != "isEnabled"}


def _word_or(control: JsonObject, name: str, words: Mapping[str, T], otherwise: T) -> T | None:
    """Takes the word, or what stands where none does; None, taking nothing, for a word that isn't known."""
    if says_nothing(control.get(name)):
        control.pop(name, None)
        return otherwise
    return take_word(control, name, words)


def session_json(session: SessionControls, ids: Spelling) -> JsonObject:
    """What `take_session` took."""
    written: JsonObject = {}
    if session.frequency is not None:
        written[FREQUENCY] = _frequency_json(session.frequency, ids)
    if session.persistent_browser is not None:
        written[BROWSER] = {"isEnabled": True, "mode": "always" if session.persistent_browser else "never"}
    return written


def _frequency_json(frequency: SignInFrequency, ids: Spelling) -> JsonObject:
    written: JsonObject = {
        "isEnabled": True,
        "frequencyInterval": _EVERY_TIME if frequency.minutes is None else _TIME_BASED,
        "authenticationType": _SECOND if frequency.secondary_only else _BOTH,
    }
    if frequency.minutes is not None:
        in_days = ids.noted(FREQUENCY) is None and not frequency.minutes % DAY
        unit, word = (DAY, "days") if in_days else (HOUR, "hours")
        written |= {"value": frequency.minutes // unit, "type": word}
    return written
