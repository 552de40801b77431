"""What a policy asks for: grant controls to and from the model, and the session controls that might stop a sign-in.

Source: Graph's conditionalAccessGrantControls and -SessionControls. A control that can't be read is an UnrecognisedControl, which
never counts as MFA. Sign-in frequency and persistent browser shape prompts; app-enforced restrictions, Cloud App Security,
continuous access evaluation and resilience defaults act after a token is issued: none of them stops a sign-in.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from perca.model import (
    BuiltIn,
    Control,
    CustomFactor,
    Grant,
    Operator,
    StrengthControl,
    StrengthId,
    TermsOfUse,
    Unrecognised,
    UnrecognisedControl,
    fold,
)
from perca.wire.kept import Spelling
from perca.wire.members import left_at, left_besides, names, take_entries, take_text, take_word
from perca.wire.values import JsonObject, JsonValue, says_nothing, shown

_BUILT_IN = {fold(control): control for control in BuiltIn}
_OPERATORS = {fold(operator): operator for operator in Operator}
GRANT = names(
    "operator builtInControls termsOfUse customAuthenticationFactors", authenticationStrength=names("id")
)
_AFTER_SIGN_IN = names(
    "signInFrequency persistentBrowser applicationEnforcedRestrictions cloudAppSecurity continuousAccessEvaluation"
)
SESSION = names("disableResilienceDefaults", **_AFTER_SIGN_IN, secureSignInSession=names("isEnabled"))


def take_grant(policy: JsonObject, ids: Spelling) -> Grant | None:
    """The grant controls; None where the policy asks for none."""
    grant = policy.get("grantControls")
    if says_nothing(grant):
        return None
    if not isinstance(grant, dict):
        return Grant(None, (UnrecognisedControl(f"grantControls {shown(grant)}"),))
    controls = tuple(dict.fromkeys(_controls(grant, ids)))
    return Grant(_operator(grant), controls) if controls else None


def _controls(grant: JsonObject, ids: Spelling) -> Iterator[Control]:
    yield from take_entries(grant, "builtInControls", lambda text: _BUILT_IN.get(fold(text)))
    yield from _strength(grant, ids)
    yield from map(TermsOfUse, take_entries(grant, "termsOfUse", ids.read))
    yield from map(CustomFactor, take_entries(grant, "customAuthenticationFactors", ids.read))
    for left in left_at(grant, "builtInControls", ""):
        yield UnrecognisedControl(left.value)
    for name in ("termsOfUse", "customAuthenticationFactors"):
        for left in left_at(grant, name, ""):
            yield UnrecognisedControl(f"{name} {left.value}")
    for left in left_besides(grant, GRANT, ""):
        yield UnrecognisedControl(f"{left.where} {left.value}")


def _strength(grant: JsonObject, ids: Spelling) -> Iterator[Control]:
    strength = grant.get("authenticationStrength")
    if isinstance(strength, dict) and (named := take_text(strength, "id")) is not None:
        yield StrengthControl(StrengthId(ids.read(named) or ""))
    elif not says_nothing(strength):
        yield UnrecognisedControl(f"authenticationStrength {shown(strength)}")


def _operator(grant: JsonObject) -> Operator | Unrecognised | None:
    operator = take_word(grant, "operator", _OPERATORS)
    if operator is not None or says_nothing(grant.get("operator")):
        return operator
    return Unrecognised("grantControls.operator", shown(grant["operator"]))


def grant_json(grant: Grant, ids: Spelling) -> JsonObject:
    """What `take_grant` took."""
    written: JsonObject = {}
    if isinstance(grant.operator, Operator):
        written["operator"] = grant.operator.value
    for control in grant.controls:
        match control:
            case BuiltIn():
                _append(written, "builtInControls", control.value)
            case StrengthControl(strength=strength):
                written["authenticationStrength"] = {"id": ids.write(strength)}
            case TermsOfUse(agreement=agreement):
                _append(written, "termsOfUse", ids.write(agreement))
            case CustomFactor(factor=factor):
                _append(written, "customAuthenticationFactors", ids.write(factor))
            case UnrecognisedControl():
                pass  # it was never taken: it is among the members that were kept
            case _:
                assert_never(control)
    return written


def _append(written: JsonObject, name: str, entry: JsonValue) -> None:
    entries = written.setdefault(name, [])
    assert isinstance(entries, list)
    entries.append(entry)


def session_left(policy: JsonObject) -> tuple[Unrecognised, ...]:
    """The session controls that might stop a sign-in, named; nothing is taken."""
    session, path = policy.get("sessionControls"), "sessionControls"
    if says_nothing(session):
        return ()
    if not isinstance(session, dict):
        return (Unrecognised(path, shown(session)),)
    harmless = {name for name, control in session.items() if _lets_in(name, control)}
    return left_besides(session, harmless, path)


def _lets_in(name: str, control: JsonValue) -> bool:
    if name == "disableResilienceDefaults":
        return isinstance(control, bool)
    if not isinstance(control, dict):
        return False
    enabled = next((value for key, value in control.items() if key.lower() == "isenabled"), None)
    return name in _AFTER_SIGN_IN or enabled is False
